"""allauth's two adapters: nobody signs up by themselves, and second factors' secrets are encrypted."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from primum.foundation.encryption import keyring

_CONTEXT = "mfa‖secret"


def _sealed_before(data: dict[str, object]) -> dict[str, str]:
    """What an older key sealed."""
    lead = keyring("fields").lead.hex()
    return {name: value for name, value in data.items() if isinstance(value, str) and value.startswith(b"v1".hex()) and not value.startswith(lead)}


def factors_left() -> int:
    """How many values of second factors an older key sealed."""
    return sum(len(_sealed_before(data)) for data in Authenticator.objects.values_list("data", flat=True))


def reseal_factors() -> int:
    """Seal second factors anew that an older key sealed. Gives how many."""
    ring, done = keyring("fields"), 0
    for id in Authenticator.objects.values_list("id", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(id=id).first()
            old = _sealed_before(row.data) if row else {}
            if row and old:
                row.data |= {name: ring.seal(ring.open(bytes.fromhex(value), _CONTEXT), _CONTEXT).hex() for name, value in old.items()}
                row.save(update_fields=["data"])
                done += len(old)
    return done


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from invitations only; mail is sent only where mail is set up, and never with PHI."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery seeds rest encrypted: allauth's default keeps them in plain text."""

    def encrypt(self, text: str) -> str:
        return keyring("fields").seal(text.encode(), _CONTEXT).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring("fields").open(bytes.fromhex(encrypted_text), _CONTEXT).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays, except in the demonstration: it could not be skipped on the way in either."""
        if settings.PRIMUM.demo:
            return True
        factors = Authenticator.objects.filter(user=authenticator.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return bool(authenticator.type == Authenticator.Type.RECOVERY_CODES) or factors.exclude(pk=authenticator.pk).exists()
