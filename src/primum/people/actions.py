"""Writes to people. Each is one transaction and one event."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator

from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.people import events, queries
from primum.people.models import EntryLink, Facility, FactorRecovery, Grant, Organisation, Person, Role, User
from primum.people.rules import STOPPERS


class NotAllowed(PermissionError):
    """The actor may not do this; the message is fit for a screen."""


class LinkRefused(ValueError):
    """The link was used, has expired, or never existed. The same answer for all three."""


def _require_manager(actor: Actor) -> None:
    if actor.kind == "system":
        return
    if not queries.viewer_member(actor).manages_people:
        raise NotAllowed("Only an administrator or IT security may do this.")


@action
def set_organisation(*, actor: Actor, name: str, time_zone: str, profile: dict[str, object], privacy_help: str = "", is_demo: bool = False) -> events.OrganisationChanged:
    _require_manager(actor)
    organisation = Organisation.objects.select_for_update().first() or Organisation()
    organisation.name, organisation.time_zone, organisation.profile, organisation.privacy_help = name, time_zone, profile, privacy_help
    organisation.is_demo = organisation.is_demo or is_demo
    organisation.save()
    return events.OrganisationChanged(organisation=organisation.id)


@action
def add_facility(*, actor: Actor, name: str, town: str = "", state: str = "", is_small: bool = False) -> events.FacilityAdded:
    _require_manager(actor)
    facility = Facility.objects.create(name=name, town=town, state=state, is_small=is_small)
    return events.FacilityAdded(facility=facility.id)


@action
def set_stop(*, actor: Actor, facility_id: UUID | None, stopped: bool, now: datetime) -> events.StopChanged:
    """Pull the brake, or release it: everywhere, or at one facility. From this commit the publish lock of every post says so.

    Raises NotAllowed."""
    member = queries.viewer_member(actor) if actor.kind == "person" else None
    if member is not None and not (member.has_any(STOPPERS, facility_id) if facility_id else member.has_everywhere(STOPPERS)):
        raise NotAllowed("Only the privacy officer, IT security or an administrator may stop publishing, or start it again.")
    rows = Facility.objects.filter(id=facility_id) if facility_id else Organisation.objects.all()
    if not rows.update(stopped_at=now if stopped else None):
        raise NotAllowed("There is no such facility.")
    return events.StopChanged(where=str(facility_id or "everywhere"), stopped=int(stopped))


@action
def add_person(*, actor: Actor, name: str, email: str, title: str = "", roles: frozenset[tuple[str, UUID | None]] = frozenset(), password: str | None = None) -> events.PersonAdded:
    """A new member of the workforce with a sign-in that has no password until they choose one."""
    _require_manager(actor)
    user = User.objects.create_user(email, password)
    person = Person.objects.create(user=user, name=name, title=title)
    Grant.objects.bulk_create([Grant(person=person, role=role, facility_id=facility) for role, facility in roles])
    return events.PersonAdded(person=person.id)


@action
def set_roles(*, actor: Actor, person_id: UUID, roles: frozenset[tuple[str, UUID | None]]) -> events.RolesChanged:
    """Replace a person's roles. Their sessions end, so that the new roles count at once. Nobody changes their own."""
    _require_manager(actor)
    if actor.person_id == person_id:
        raise NotAllowed("Nobody changes their own roles. Ask another administrator.")
    person = _lock(person_id)
    before = _roles_text(person)
    person.grants.all().delete()
    Grant.objects.bulk_create([Grant(person=person, role=role, facility_id=facility) for role, facility in roles])
    _refuse_without_manager()
    if person.user_id:
        queries.end_sessions({person.user_id})
    return events.RolesChanged(person=person.id, before=before, after=_roles_text(person))


def _roles_text(person: Person) -> str:
    return " ".join(sorted(f"{grant.role}@{grant.facility_id or 'all'}" for grant in Grant.objects.filter(person=person)))


def _refuse_without_manager() -> None:
    if not Grant.objects.filter(role=Role.ADMIN, person__left_at__isnull=True).exists():
        raise NotAllowed("One administrator must remain. Make somebody else an administrator first.")


def _lock(person_id: UUID) -> Person:
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None:
        raise queries.PersonNotFound
    return person


@action
def person_left(*, actor: Actor, person_id: UUID, now: datetime) -> events.PersonLeft:
    """From this commit they cannot sign in, and every session they have is dead."""
    _require_manager(actor)
    if actor.person_id == person_id:
        raise NotAllowed("Nobody deactivates themselves. Ask another administrator.")
    person = _lock(person_id)
    person.left_at = now
    person.save(update_fields=["left_at"])
    _refuse_without_manager()
    ended = 0
    if person.user_id:
        User.objects.filter(id=person.user_id).update(is_active=False)
        ended = queries.end_sessions({person.user_id})
    EntryLink.objects.filter(person=person, used_at__isnull=True).delete()
    return events.PersonLeft(person=person.id, sessions_ended=ended)


@action
def person_returned(*, actor: Actor, person_id: UUID) -> events.PersonReturned:
    _require_manager(actor)
    person = _lock(person_id)
    person.left_at = None
    person.save(update_fields=["left_at"])
    if person.user_id:
        User.objects.filter(id=person.user_id).update(is_active=True)
    return events.PersonReturned(person=person.id)


@action
def change_self(*, actor: Actor, name: str, time_zone: str) -> events.PersonChanged:
    person = _lock(actor.person_id or UUID(int=0))
    person.name, person.time_zone = name, time_zone
    person.save(update_fields=["name", "time_zone"])
    return events.PersonChanged(person=person.id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@action
def invite_person(*, actor: Actor, person_id: UUID, token_hash: str, now: datetime) -> events.InvitationMade:
    """Record an invitation whose token the caller made with `new_token` and shows once: a token is never stored or logged."""
    _require_manager(actor)
    _refuse_settled(_lock(person_id))
    EntryLink.objects.filter(person_id=person_id, kind="invite", used_at__isnull=True).delete()
    EntryLink.objects.create(token_hash=token_hash, person_id=person_id, kind="invite", expires_at=now + timedelta(hours=72))
    return events.InvitationMade(person=person_id)


@action
def offer_demo_links(*, actor: Actor, hashes: dict[UUID, str], now: datetime) -> events.DemoLinksMade:
    """Single-use sign-ins for the demonstration's people; the web face refuses them outside demonstration mode. Unused old ones go."""
    organisation = queries.organisation()
    if organisation is None:
        raise NotAllowed("There is no demonstration here.")
    EntryLink.objects.filter(kind="demo", used_at__isnull=True).delete()
    EntryLink.objects.bulk_create([EntryLink(token_hash=token_hash, person_id=person_id, kind="demo", expires_at=now + timedelta(hours=12)) for person_id, token_hash in hashes.items()])
    return events.DemoLinksMade(organisation=organisation.id, links=len(hashes))


def _refuse_settled(person: Person) -> None:
    """An invitation is for somebody who never signed in, or whom two people vouched for: else whoever holds the link could become
    them and decide in their name."""
    user = person.user
    if user is None or user.has_usable_password() or Authenticator.objects.filter(user=user).exists():
        raise NotAllowed("They can sign in already. If they lost their password or second factor, two people must vouch for them first.")


def new_token() -> tuple[str, str]:
    """(token to show once, its hash to keep)."""
    token = secrets.token_urlsafe(24)
    return token, _hash(token)


def peek_link(*, token: str, kind: str, now: datetime) -> Person:
    """Whose link this is. Raises LinkRefused."""
    link = EntryLink.objects.select_related("person__user").filter(token_hash=_hash(token), kind=kind, used_at__isnull=True, expires_at__gt=now, person__left_at__isnull=True).first()
    if link is None:
        raise LinkRefused
    return link.person


@action
def use_link(*, actor: Actor, token: str, kind: str, now: datetime, password: str | None = None) -> events.LinkUsed:
    """Spend a link; an invitation sets the first password. Raises LinkRefused on the second use."""
    link = EntryLink.objects.select_for_update().filter(token_hash=_hash(token), kind=kind, used_at__isnull=True, expires_at__gt=now, person__left_at__isnull=True).first()
    if link is None:
        raise LinkRefused
    link.used_at = now
    link.save(update_fields=["used_at"])
    if kind == "invite":
        _refuse_settled(link.person)
    if password is not None and link.person.user:
        link.person.user.set_password(password)
        link.person.user.save(update_fields=["password"])
    return events.LinkUsed(person=link.person_id, kind=kind)


@action
def record_sign_in_change(*, actor: Actor, person_id: UUID, what: str) -> events.SignInChanged:
    """What allauth wrote, as evidence."""
    return events.SignInChanged(person=person_id, what=what)


@action
def open_recovery(*, actor: Actor, person_id: UUID, now: datetime) -> events.RecoveryOpened:
    """The first of two people vouches that it is really this person who lost their second factor."""
    _require_manager(actor)
    if actor.person_id == person_id:
        raise NotAllowed("Nobody vouches for themselves.")
    recovery = FactorRecovery.objects.create(person_id=person_id, opened_at=now, first_id=actor.person_id)
    return events.RecoveryOpened(recovery=recovery.id, person=person_id)


@action
def vouch_recovery(*, actor: Actor, recovery_id: UUID, now: datetime) -> events.RecoveryVouched:
    """The second of two: password and every second factor of the person are removed and their sessions end; a new invitation lets them in."""
    _require_manager(actor)
    recovery = FactorRecovery.objects.select_for_update().select_related("person").filter(id=recovery_id, closed_at__isnull=True).first()
    if recovery is None:
        raise queries.PersonNotFound
    if actor.person_id in (recovery.first_id, recovery.person_id):
        raise NotAllowed("Two different people must vouch, and neither may be the person themselves.")
    recovery.second_id, recovery.closed_at = actor.person_id, now
    recovery.save(update_fields=["second", "closed_at"])
    if recovery.person.user_id:
        Authenticator.objects.filter(user_id=recovery.person.user_id).delete()
        user = User.objects.select_for_update().get(id=recovery.person.user_id)
        user.set_unusable_password()
        user.save(update_fields=["password"])
        queries.end_sessions({recovery.person.user_id})
    return events.RecoveryVouched(recovery=recovery.id, person=recovery.person_id, complete=1)
