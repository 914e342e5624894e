"""allauth's own writes reach the record through here, each by an action. The only signal receivers in the house."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from primum.foundation import actor
from primum.people.actions import record_sign_in_change
from primum.people.models import Person


def _record(user: Any, what: str) -> None:
    person = Person.objects.filter(user=user).first() if user is not None and user.pk else None
    if person is not None:
        record_sign_in_change(actor=actor.person(person.id), person_id=person.id, what=what)


@receiver(user_logged_in)
def signed_in(sender: Any, user: Any, **_: Any) -> None:
    _record(user, "signed_in")


@receiver(user_logged_out)
def signed_out(sender: Any, user: Any, **_: Any) -> None:
    _record(user, "signed_out")


@receiver(account.password_changed)
def password_changed(sender: Any, user: Any, **_: Any) -> None:
    _record(user, "password_changed")


@receiver(mfa.authenticator_added)
def factor_added(sender: Any, user: Any, **_: Any) -> None:
    _record(user, "factor_added")


@receiver(mfa.authenticator_removed)
def factor_removed(sender: Any, user: Any, **_: Any) -> None:
    _record(user, "factor_removed")


@receiver(mfa.authenticator_reset)
def factor_reset(sender: Any, user: Any, **_: Any) -> None:
    _record(user, "factor_reset")
