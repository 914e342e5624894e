"""Settings: myself, how I sign in, and (for administrators) the organisation."""

from __future__ import annotations

import zoneinfo

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.people import actions, queries
from primum.people.rules import STOPPERS
from primum.screening import queries as screening
from primum.web.requests import SignedInRequest

LISTS = (
    ("names", "Our names"),
    ("towns", "Our towns"),
    ("addresses", "Our addresses"),
    ("phones", "Our telephone numbers"),
    ("emails", "Our e-mail addresses"),
    ("sites", "Our web sites"),
    ("handles", "Our handles"),
    ("terms", "Words we keep back, such as Project Heron until 2027-01-15"),
    ("news", "What the local press told of late, a few words each"),
)


@require_GET
def settings_page(request: SignedInRequest) -> HttpResponse:
    person = queries.get_person(request.actor, request.member.id)
    organisation = queries.organisation()
    profile = organisation.profile if organisation else {}
    return render(
        request,
        "primum/settings.html",
        {
            "person": person,
            "zones": sorted(zone for zone in zoneinfo.available_timezones() if zone.startswith(("America/", "US/", "Pacific/")) or zone == "UTC"),
            "factors": Authenticator.objects.filter(user=request.user).order_by("type"),
            "sessions": UserSession.objects.filter(user=request.user).count(),
            "lists": [(name, title, "\n".join(profile.get(name, []))) for name, title in LISTS],
            "profile": profile,
            "now": timezone.now(),
            "stops": _stops(request),
        },
    )


def _stops(request: SignedInRequest) -> list[tuple[str, str, bool]]:
    """What this person may stop: (id, name, is stopped), the whole organisation first."""
    organisation = queries.organisation()
    everywhere = [("", "Everything, everywhere", bool(organisation and organisation.stopped_at))] if request.member.has_everywhere(STOPPERS) else []
    return everywhere + [(str(f.id), f.name, f.stopped_at is not None) for f in queries.list_facilities(request.actor) if request.member.has_any(STOPPERS, f.id)]


@require_POST
def stop(request: SignedInRequest) -> HttpResponse:
    facilities = {str(f.id): f.id for f in queries.list_facilities(request.actor)}
    where = request.POST.get("where", "")
    stopped = request.POST.get("stopped") == "1"
    try:
        if where and where not in facilities:
            raise actions.NotAllowed("There is no such facility.")
        actions.set_stop(actor=request.actor, facility_id=facilities.get(where), stopped=stopped, now=timezone.now())
        messages.success(
            request, "Stopped. Nothing goes out until somebody starts it again; posts that come due are held." if stopped else "Started again. Held posts stay held until somebody schedules them."
        )
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    return redirect("settings")


@require_POST
def change_me(request: SignedInRequest) -> HttpResponse:
    name, zone = request.POST.get("name", "").strip()[:120], request.POST.get("time_zone", "")
    if not name or (zone and zone not in zoneinfo.available_timezones()):
        messages.error(request, "Give a name, and choose a time zone from the list.")
    else:
        actions.change_self(actor=request.actor, name=name, time_zone=zone)
        messages.success(request, "Saved.")
    return redirect("settings")


@require_POST
def change_organisation(request: SignedInRequest) -> HttpResponse:
    organisation = queries.organisation()
    profile: dict[str, object] = dict(organisation.profile) if organisation else {}
    for name, _ in LISTS:
        profile[name] = [line.strip() for line in request.POST.get(name, "").splitlines() if line.strip()][:500]
    for name in ("patient_relations", "nurse_line"):
        profile[name] = request.POST.get(name, "").strip()[:120]
    zone = request.POST.get("time_zone", "")
    title = request.POST.get("name", "").strip()[:120]
    try:
        if not title or zone not in zoneinfo.available_timezones():
            raise actions.NotAllowed("Give a name, and choose a time zone from the list.")
        if wrong := screening.why_not_profile(profile):
            raise actions.NotAllowed(wrong)
        actions.set_organisation(actor=request.actor, name=title, time_zone=zone, profile=profile)
        messages.success(request, "Saved. Checks use it from now on.")
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    return redirect("settings")
