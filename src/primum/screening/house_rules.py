"""Rules of our own: a text for the whole house over the default rules, and one for a facility over that. Stored, so that every machine and
every backup has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from primum.foundation.actor import Actor
from primum.people import queries as people
from primum.people.rules import ADMIN, PRIVACY, Member
from primum.screening.models import HouseRules
from primum_detect.rulebook import Rulebook, default_rulebook, lay
from primum_detect.rulebook import RulebookError as RulebookError

Layer = tuple[str, str, bool]  # (what it is called, its text, whether the privacy officer signed)
LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where rules of our own may count, and what counts there now."""

    facility: UUID | None
    name: str
    text: str
    at: datetime | None
    by: str
    problem: str = ""


def layers(facility_id: UUID | None) -> tuple[Layer, ...]:
    """What counts at a facility (None: in the whole house), the lowest first."""
    newest = HouseRules.objects.order_by("facility_id", "-id").distinct("facility_id").select_related("facility")
    rows = {row.facility_id: row for row in newest}
    wanted = [None] if facility_id is None else [None, facility_id]
    return tuple((_name(rows[place].facility), rows[place].text, rows[place].is_signed) for place in wanted if place in rows and rows[place].text)


def _name(facility: object) -> str:
    return str(getattr(facility, "name", "")) or "The whole house"


@lru_cache(maxsize=32)
def rulebook_of(below: tuple[Layer, ...]) -> Rulebook:
    """Raises RulebookError: what counted once may no longer fit over newer default rules."""
    rulebook = default_rulebook()
    for name, text, is_signed in below:
        rulebook = lay(text, name, rulebook, is_signed=is_signed)
    return rulebook


def may_set(member: Member, facility_id: UUID | None) -> bool:
    """Privacy officer or administrator of the place."""
    return member.has_everywhere((PRIVACY, ADMIN)) if facility_id is None else member.has_any((PRIVACY, ADMIN), facility_id)


def signs(member: Member, facility_id: UUID | None) -> bool:
    """Whose hand makes a milder rule possible."""
    return member.has_everywhere((PRIVACY,)) if facility_id is None else member.has(PRIVACY, facility_id)


def try_out(facility_id: UUID | None, text: str, *, is_signed: bool) -> Rulebook:
    """The rulebook that a place would have with this text. Raises RulebookError with line and mend."""
    if len(text) > LONGEST:
        raise RulebookError(f"The text is longer than {LONGEST:,} characters. Rules are short: give only those that differ.")
    below = layers(None) if facility_id is not None else ()
    rulebook = lay(text, "Your rules", rulebook_of(below), is_signed=is_signed) if text.strip() else rulebook_of(below)
    if len(rulebook.version) > 64:
        raise RulebookError("Your rules:1: the version is too long. Use something like 2026.1.")
    return rulebook


def who_breaks(facility_id: UUID | None, text: str, *, is_signed: bool) -> str:
    """Which facility's own rules would no longer fit over a new text for the whole house; empty where none."""
    if facility_id is not None:
        return ""
    ours: tuple[Layer, ...] = (("The whole house", text, is_signed),) if text.strip() else ()
    for row in HouseRules.objects.filter(facility__isnull=False).order_by("facility_id", "-id").distinct("facility_id").select_related("facility"):
        if row.text:
            try:
                rulebook_of((*ours, (_name(row.facility), row.text, row.is_signed)))
            except RulebookError as error:
                return str(error)
    return ""


def places(viewer: Actor) -> list[Place]:
    """Where this person may set rules, with what counts there."""
    member = people.viewer_member(viewer)
    rows = {row.facility_id: row for row in HouseRules.objects.order_by("facility_id", "-id").distinct("facility_id").select_related("by")}
    found = []
    for facility_id, name in [(None, "the whole house"), *((facility.id, facility.name) for facility in people.list_facilities(viewer))]:
        if may_set(member, facility_id):
            row = rows.get(facility_id)
            found.append(Place(facility_id, name, row.text if row else "", row.at if row else None, row.by.name if row else "", problem(facility_id)))
    return found


def texts() -> list[str]:
    return list(HouseRules.objects.exclude(text="").values_list("text", flat=True))


def problem(facility_id: UUID | None) -> str:
    """Why the rules of a place cannot be used; empty where they can."""
    try:
        rulebook_of(layers(facility_id))
    except RulebookError as error:
        return str(error)
    return ""


def problems() -> list[str]:
    """Of every place that has rules of its own."""
    ids = HouseRules.objects.values_list("facility_id", flat=True).distinct()
    return [found for facility_id in ids if (found := problem(facility_id))]
