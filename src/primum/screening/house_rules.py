"""Rules of our own: a text for the whole house over the default rules, and one for a facility over that. Stored, so that every machine and
every backup has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from uuid import UUID

from primum.foundation.actor import Actor
from primum.people import queries as people
from primum.people.rules import ADMIN, PRIVACY, Member
from primum.screening.models import HouseRules
from primum_detect.rulebook import Rulebook, default_rulebook, is_milder, lay, parse
from primum_detect.rulebook import RulebookError as RulebookError

Layer = tuple[str, str, bool, bool]  # (what it is called, its text, whether the privacy officer's signature counts, is it a facility's)
LONGEST, LONGEST_VERSION = 200_000, 20


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
    """What counts at a facility (None: in the whole house), the lowest first. A signature under a facility's rules counts until the
    house's change: then a milder one wants a new signature, and until that the stricter one counts."""
    rows = {row.facility_id: row for row in HouseRules.objects.order_by("facility_id", "-id").distinct("facility_id").select_related("facility")}
    house, own = rows.get(None), rows.get(facility_id) if facility_id is not None else None
    found = [("The whole house", house.text, house.is_signed, False)] if house and house.text else []
    if own and own.text and own.facility:
        found.append((own.facility.name, own.text, own.is_signed and (house is None or own.pk > house.pk), True))
    return tuple(found)


@lru_cache(maxsize=32)
def rulebook_of(below: tuple[Layer, ...]) -> Rulebook:
    """Raises RulebookError: what the house set once may no longer fit over newer default rules. At a facility the stricter rule wins."""
    rulebook = default_rulebook()
    for name, text, is_signed, is_facility in below:
        rulebook = lay(text, name, rulebook, is_signed=is_signed, stricter_wins=is_facility)
    return rulebook


def may_set(member: Member, facility_id: UUID | None) -> bool:
    """Privacy officer or administrator of the place."""
    return member.has_everywhere((PRIVACY, ADMIN)) if facility_id is None else member.has_any((PRIVACY, ADMIN), facility_id)


def signs(member: Member, facility_id: UUID | None) -> bool:
    """Whose hand makes a milder rule possible."""
    return member.has_everywhere((PRIVACY,)) if facility_id is None else member.has(PRIVACY, facility_id)


def try_out(facility_id: UUID | None, text: str, *, is_signed: bool) -> Rulebook:
    """The rulebook that a place would have with this text. Raises RulebookError with line and mend: also where it would be milder than
    what counts now, and the privacy officer does not sign."""
    if len(text) > LONGEST:
        raise RulebookError(f"The text is longer than {LONGEST:,} characters. Rules are short: give only those that differ.")
    below = layers(None) if facility_id is not None else ()
    try:
        rulebook = lay(text, "Your rules", rulebook_of(below), is_signed=is_signed) if text.strip() else rulebook_of(below)
        own = parse(text, "Your rules") if text.strip() else None
    except RecursionError:
        raise RulebookError("Your rules:1: brackets within brackets without end. A rulebook is flat.") from None
    for name in own.rules if own else ():
        if name not in default_rulebook().rules:
            close = get_close_matches(name, default_rulebook().rules, 1)
            raise RulebookError(f"Your rules: no check of Primum finds {name}, so a rule for it would do nothing.{f' Did you mean {close[0]}?' if close else ''}")
    if own and len(own.version) > LONGEST_VERSION:
        raise RulebookError(f"Your rules:1: the version is too long: at most {LONGEST_VERSION} characters, such as 2026.1.")
    if not is_signed and not problem(facility_id):
        now = rulebook_of(layers(facility_id))
        milder = [rule.id for rule in now.rules.values() if is_milder(rulebook.rules[rule.id], rule)]
        if milder:
            raise RulebookError(f"Your rules: {', '.join(milder)} would be milder than what counts now. The privacy officer must put these in force.")
    return rulebook


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
