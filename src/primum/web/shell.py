"""What every page shows around its content: navigation with counts, the person, the demonstration's banner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from primum.inventory import queries as inventory
from primum.people import queries as people
from primum.publishing import queries as publishing


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the sidebar."""

    title: str
    url: str
    icon: str
    count: int = 0

    def is_here(self, path: str) -> bool:
        return path == self.url if self.url == "/" else path.startswith(self.url)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. Pages that a signed-out visitor sees get the organisation's name and nothing else."""
    organisation = people.organisation()
    context: dict[str, Any] = {
        "organisation": organisation,
        "is_demo": settings.PRIMUM.demo,
        "public_channels": inventory.connected_names() if settings.PRIMUM.demo else [],
        "zone_name": timezone.get_current_timezone_name(),
        "mail_is_set_up": bool(settings.EMAIL_HOST),
    }
    member = getattr(request, "member", None)
    if member is None or request.headers.get("HX-Request") == "true":
        return context
    counts = publishing.counts(request.actor)  # type: ignore[attr-defined]
    places = [
        Place("Today", "/", "home"),
        Place("Compose", "/compose/", "pencil"),
        Place("Posts", "/posts/", "layout-kanban", counts["attention"]),
        Place("Calendar", "/calendar/", "calendar"),
        Place("Review", "/review/", "checks", counts["review"]),
        Place("Channels", "/channels/", "antenna"),
        Place("People", "/people/", "users"),
        Place("Rules", "/rules/", "gavel"),
    ]
    if member.reads_evidence:
        places.append(Place("Evidence", "/evidence/", "shield-check"))
    places.append(Place("Settings", "/settings/", "settings"))
    if settings.PRIMUM.demo:
        places.append(Place("Tour", "/tour/", "map"))
    here = next((place for place in reversed(places) if place.is_here(request.path)), None)
    return {**context, "member": member, "places": places, "here": here, "counts": counts}
