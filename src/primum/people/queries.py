"""Reads of people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import F

from primum.foundation.actor import Actor
from primum.people.models import Facility, FactorRecovery, Organisation, Person, User
from primum.people.rules import Member


class PersonNotFound(LookupError):
    """There is no such person, or you may not see them."""


def member(person: Person) -> Member:
    """The rules' view of a person."""
    grants = frozenset((grant.role, grant.facility_id) for grant in person.grants.all())
    return Member(person.id, person.name, person.is_here, grants)


def member_by_id(person_id: UUID) -> Member:
    """Raises PersonNotFound."""
    person = Person.objects.prefetch_related("grants").filter(id=person_id).first()
    if person is None:
        raise PersonNotFound
    return member(person)


def viewer_member(viewer: Actor) -> Member:
    """The member behind an actor; a machine has none and raises PersonNotFound."""
    if viewer.person_id is None:
        raise PersonNotFound
    return member_by_id(viewer.person_id)


def member_of_user(user: User) -> Member | None:
    person = Person.objects.prefetch_related("grants").filter(user=user).first()
    return member(person) if person and person.is_here and user.is_active else None


def organisation() -> Organisation | None:
    return Organisation.objects.first()


def get_person(viewer: Actor, person_id: UUID) -> Person:
    """Colleagues are visible to each other: names and roles are no secret inside. Raises PersonNotFound."""
    viewer_member(viewer)
    person = Person.objects.select_related("user").prefetch_related("grants__facility").filter(id=person_id).first()
    if person is None:
        raise PersonNotFound
    return person


def list_people(viewer: Actor) -> list[Person]:
    viewer_member(viewer)
    return list(Person.objects.select_related("user").prefetch_related("grants__facility").order_by(F("left_at").asc(nulls_first=True), "name"))


def why_stopped(facility_id: UUID) -> str | None:
    """Whether somebody pulled the brake there, or everywhere; fit for a screen."""
    if Organisation.objects.filter(stopped_at__isnull=False).exists():
        return "All publishing is stopped. The privacy officer, IT security or an administrator starts it again under Settings."
    row = Facility.objects.filter(id=facility_id, stopped_at__isnull=False).first()
    return f"Publishing is stopped at {row.name}. The privacy officer, IT security or an administrator starts it again under Settings." if row else None


def list_facilities(viewer: Actor) -> list[Facility]:
    return list(Facility.objects.order_by("name"))


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    return dict(Person.objects.filter(id__in=ids).values_list("id", "name"))


def reviewers_for(facility: UUID, roles: frozenset[str], *, without: frozenset[UUID]) -> list[Person]:
    """Who may approve here, except those who wrote it."""
    people = Person.objects.filter(left_at__isnull=True).exclude(id__in=without).prefetch_related("grants").select_related("user").order_by("name")
    return [person for person in people if member(person).has_any(roles, facility)]


def open_recoveries(viewer: Actor) -> list[FactorRecovery]:
    if not viewer_member(viewer).manages_people:
        return []
    return list(FactorRecovery.objects.select_related("person", "first").filter(closed_at__isnull=True))


def end_sessions(user_ids: set[UUID]) -> int:
    """Delete every session of these users, at once. (Called inside actions only.)"""
    ended = 0
    wanted = {str(user_id) for user_id in user_ids}
    for session in Session.objects.iterator():
        data: dict[str, Any] = session.get_decoded()
        if data.get("_auth_user_id") in wanted:
            session.delete()
            ended += 1
    return ended


def roster() -> list[str]:
    """Names of those who work here: negative evidence for screening."""
    return list(Person.objects.filter(left_at__isnull=True).values_list("name", flat=True))


def facility_names() -> list[str]:
    return list(Facility.objects.values_list("name", flat=True))


def time_zone_of(person_id: UUID) -> str:
    """The zone a person chose for themselves; empty where they did not."""
    return Person.objects.values_list("time_zone", flat=True).get(id=person_id)


def demo_people() -> list[Person]:
    """Those of the demonstration who can sign in, in the order in which a tour meets them."""
    return list(Person.objects.filter(left_at__isnull=True, user__email__endswith="@wrenfield.example").order_by("user__date_joined", "name"))
