"""Evidence of people: ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from primum.evidence.events import Event


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    OBJECT = "organisation"
    organisation: UUID


@dataclass(frozen=True, kw_only=True)
class FacilityAdded(Event):
    OBJECT = "facility"
    facility: UUID


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    OBJECT = "person"
    person: UUID


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    OBJECT = "person"
    person: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationMade(Event):
    OBJECT = "person"
    person: UUID


@dataclass(frozen=True, kw_only=True)
class DemoLinksMade(Event):
    OBJECT = "organisation"
    organisation: UUID
    links: int


@dataclass(frozen=True, kw_only=True)
class LinkUsed(Event):
    OBJECT = "person"
    person: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Event):
    OBJECT = "person"
    person: UUID
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    OBJECT = "person"
    person: UUID
    sessions_ended: int


@dataclass(frozen=True, kw_only=True)
class PersonReturned(Event):
    OBJECT = "person"
    person: UUID


@dataclass(frozen=True, kw_only=True)
class SignInChanged(Event):
    """Something about signing in: signed in, signed out, password or a factor changed, a session ended."""

    OBJECT = "person"
    person: UUID
    what: str


@dataclass(frozen=True, kw_only=True)
class RecoveryOpened(Event):
    OBJECT = "recovery"
    recovery: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class RecoveryVouched(Event):
    OBJECT = "recovery"
    recovery: UUID
    person: UUID
    complete: int


@dataclass(frozen=True, kw_only=True)
class StopChanged(Event):
    """The brake was pulled or released; `where` is a facility's id, or "everywhere"."""

    OBJECT = "where"
    where: str
    stopped: int
