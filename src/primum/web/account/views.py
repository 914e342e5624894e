"""Ways in besides the sign-in form: an invitation, and the demonstration's single-use links."""

from __future__ import annotations

import ipaddress
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from primum.foundation import actor
from primum.people import actions, queries
from primum.people.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _is_this_machine(request: HttpRequest) -> bool:
    """Straight from a browser on this machine: the host it typed, the address it came from, no proxy between."""
    if any(name.startswith("HTTP_X_FORWARDED") or name == "HTTP_FORWARDED" for name in request.META):
        return False
    host = request.get_host().rsplit(":", 1)[0]
    try:
        return host in ("localhost", "127.0.0.1") and ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_GET
def demo_enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as a person of the demonstration. Works once, on this machine, in demonstration mode, and nowhere else."""
    organisation = queries.organisation()
    if not settings.PRIMUM.demo or organisation is None or not organisation.is_demo or not _is_this_machine(request):
        raise Http404
    try:
        person = actions.peek_link(token=token, kind="demo", now=timezone.now())
        actions.use_link(actor=actor.person(person.id), token=token, kind="demo", now=timezone.now())
    except actions.LinkRefused:
        return render(request, "primum/link_used.html", status=410)
    user = User.objects.get(person=person)
    login(request, user, backend=BACKEND)
    return redirect("tour")


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password; the second factor follows at once."""
    try:
        person = actions.peek_link(token=token, kind="invite", now=timezone.now())
    except actions.LinkRefused:
        return render(request, "primum/link_used.html", status=410)
    problems: list[str] = []
    if request.method == "POST":
        password = request.POST.get("password", "")
        try:
            if password != request.POST.get("again", ""):
                raise ValidationError("The two passwords differ. Type them again.")
            validate_password(password, person.user)
            actions.use_link(actor=actor.person(person.id), token=token, kind="invite", now=timezone.now(), password=password)
            login(request, _user(person.id), backend=BACKEND)
            return redirect("today")
        except ValidationError as error:
            problems = list(error.messages)
        except actions.LinkRefused:
            return render(request, "primum/link_used.html", status=410)
    return render(request, "primum/invitation.html", {"person": person, "problems": problems})


def _user(person_id: UUID) -> User:
    return User.objects.get(person__id=person_id)
