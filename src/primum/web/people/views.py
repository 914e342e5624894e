"""People: roles, invitations, leaving, and a lost second factor recovered by two people."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.people import actions, queries
from primum.people.models import Person, Role
from primum.people.queries import PersonNotFound
from primum.web.requests import SignedInRequest


@require_GET
def listing(request: SignedInRequest) -> HttpResponse:
    return render(
        request,
        "primum/people.html",
        {
            "people": queries.list_people(request.actor),
            "facilities": queries.list_facilities(request.actor),
            "roles": Role.choices,
            "recoveries": queries.open_recoveries(request.actor),
        },
    )


def _person(request: SignedInRequest, person_id: UUID) -> Person:
    try:
        return queries.get_person(request.actor, person_id)
    except PersonNotFound:
        raise Http404 from None


@require_GET
def detail(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    return _detail(request, _person(request, person_id))


def _detail(request: SignedInRequest, person: Person, *, invitation: str = "") -> HttpResponse:
    facilities = queries.list_facilities(request.actor)
    have = {(grant.role, grant.facility_id) for grant in person.grants.all()}
    return render(
        request,
        "primum/person.html",
        {
            "person": person,
            "invitation": invitation,
            "recovery": person.recoveries.filter(closed_at__isnull=True).select_related("first").first(),
            "matrix": [(role, title, (role, None) in have, [(facility, (role, facility.id) in have) for facility in facilities]) for role, title in Role.choices],
            "facilities": facilities,
            "is_me": person.id == request.member.id,
        },
    )


def _read_roles(request: SignedInRequest) -> frozenset[tuple[str, UUID | None]]:
    """Boxes named `role@facility` or `role@all`."""
    known = {str(facility.id): facility.id for facility in queries.list_facilities(request.actor)}
    found: set[tuple[str, UUID | None]] = set()
    for value in request.POST.getlist("grant"):
        role, _, place = value.partition("@")
        if role in Role.values and (place == "all" or place in known):
            found.add((role, None if place == "all" else known[place]))
    return frozenset(found)


@require_POST
def add(request: SignedInRequest) -> HttpResponse:
    name, email = request.POST.get("name", "").strip(), request.POST.get("email", "").strip()
    try:
        validate_email(email)
        if not name:
            raise actions.NotAllowed("Give the person's name.")
        event = actions.add_person(actor=request.actor, name=name[:120], email=email, title=request.POST.get("title", "")[:120], roles=_read_roles(request))
    except ValidationError:
        messages.error(request, "That is not an e-mail address. Nobody was added.")
        return redirect("people")
    except IntegrityError:
        messages.error(request, "Somebody with that e-mail address is here already.")
        return redirect("people")
    except actions.NotAllowed as error:
        messages.error(request, str(error))
        return redirect("people")
    return _invite(request, event.person)  # a new person: never refused


def _invite(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Show the link once. It is handed over by the administrator: mail would put a key into a mailbox."""
    token, token_hash = actions.new_token()
    actions.invite_person(actor=request.actor, person_id=person_id, token_hash=token_hash, now=timezone.now())
    return _detail(request, _person(request, person_id), invitation=f"{settings.PUBLIC_URL}/invitation/{token}/")


@require_POST
def roles(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    _person(request, person_id)
    try:
        actions.set_roles(actor=request.actor, person_id=person_id, roles=_read_roles(request))
        messages.success(request, "Roles changed. They sign in again, so that the new roles count at once.")
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    return redirect("person", person_id)


@require_POST
def act(request: SignedInRequest, person_id: UUID, what: str) -> HttpResponse:
    person = _person(request, person_id)
    actor, now = request.actor, timezone.now()
    try:
        if what == "invite":
            return _invite(request, person_id)
        if what == "left":
            event = actions.person_left(actor=actor, person_id=person_id, now=now)
            messages.success(request, f"Signed out everywhere ({event.sessions_ended} sessions). They cannot sign in any more.")
        elif what == "returned":
            actions.person_returned(actor=actor, person_id=person_id)
            messages.success(request, "They may sign in again.")
        elif what == "recover":
            actions.open_recovery(actor=actor, person_id=person_id, now=now)
            messages.success(request, "Noted. A second administrator or IT security must vouch too; until then nothing changes.")
        elif what == "vouch":
            recovery = person.recoveries.filter(closed_at__isnull=True).first()
            if recovery is None:
                raise Http404
            actions.vouch_recovery(actor=actor, recovery_id=recovery.id, now=now)
            messages.success(request, "Two people vouched. Make a new invitation link and hand it over: they choose a new password and set up a new second factor.")
        else:
            raise Http404
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    except IntegrityError:
        messages.error(request, "Somebody has opened this already.")
    return redirect("person", person_id)
