"""Who may come in: a sign-in, a person behind it, and a second factor that cannot be skipped."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from primum.foundation import actor
from primum.people import queries as people
from primum.web.errors import bad_request, not_found

PUBLIC = frozenset(
    (
        "healthz",
        "livez",
        "account_login",
        "account_logout",
        "demo_enter",
        "invitation",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_inactive",
    )
)
# What somebody without a second factor may open: enrolling one, and leaving.
ENROLMENT = frozenset(
    (
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    )
)
NEVER = frozenset(
    (
        "account_signup",
        "account_signup_by_passkey",
        "mfa_signup_webauthn",
        "account_email",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_confirm_email",
        "account_email_verification_sent",
    )
)

Handler = Callable[[HttpRequest], HttpResponse]


class AccessMiddleware:
    """Puts `request.actor` and `request.member` there, or turns the visitor away."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = _url_name(request)
        if name in NEVER:
            return not_found(request)
        if _holds_nul(request, name):
            return bad_request(request)
        organisation = people.organisation()
        zone = organisation.time_zone if organisation else "UTC"
        if request.user.is_authenticated:
            member = people.member_of_user(request.user)
            if member is None:
                logout(request)
                return redirect("account_login")
            request.member = member  # type: ignore[attr-defined]
            request.actor = actor.person(member.id)  # type: ignore[attr-defined]
            zone = people.time_zone_of(member.id) or zone
            if name not in ENROLMENT and name not in PUBLIC and _needs_second_factor(request):
                return redirect("mfa_activate_totp")
        elif name not in PUBLIC:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/", settings.LOGIN_URL)
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return self.get_response(request)


def _url_name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _holds_nul(request: HttpRequest, name: str) -> bool:
    """PostgreSQL takes no NUL. Compose says so in words of its own; everywhere else it is no honest input."""
    values = [value for values in request.GET.lists() for value in values[1]]
    if request.method == "POST" and not name.startswith("compose"):
        values += [value for values in request.POST.lists() for value in values[1]]
    return any("\x00" in value for value in values)


def _needs_second_factor(request: HttpRequest) -> bool:
    if settings.PRIMUM.demo:
        return False
    return not Authenticator.objects.filter(user=request.user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class PrivateResponseMiddleware:
    """Signed-in pages are nobody else's: no cache keeps them, no other site embeds them, and what is not found says nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Cross-Origin-Embedder-Policy"] = "require-corp"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        return response
