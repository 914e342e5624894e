"""The cast of every test: Priya writes, Gail approves, Tomás knows patients, Adaeze guards, Ken keeps the doors, Drew has left,
Olu works elsewhere and must see nothing."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.test import Client

from primum.evidence import store
from primum.evidence.checkpoint import Head
from primum.evidence.recording import together
from primum.foundation import actor
from primum.foundation.actor import Actor, system
from primum.inventory import actions as inventory
from primum.people import actions as people
from primum.people.models import User
from primum.publishing import actions, queries, remote, sending
from primum.publishing.drafts import Draft
from primum.publishing.models import Post, PracticePost

T = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SETUP = system("setup")
SAFE = "Flu shots, walk in Mon-Fri 8 to 4."
MOSAIC = "Rough one in the ED tonight. Dad in his 40s, chainsaw vs. thigh, out on Route 9. Our trauma team did NOT quit on him. #NightShift"
PASSWORD = "a long quiet harbour 42"


@dataclass(frozen=True)
class Someone:
    id: UUID
    actor: Actor
    email: str

    @property
    def user(self) -> User:
        return User.objects.get(email=self.email)


def fresh_world() -> World:
    """A world as if it had just been built. Only the first of a run is; later ones get its rows, and the record's head outside the database."""
    global _first
    if _first is None:
        _first = World(), _rows()
        return _first[0]
    world, rows = _first
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(";".join(f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", %s)' for table in rows), list(rows.values()))
        size = store.current_size()
        head = Head(size, store.root_at(size))
        transaction.on_commit(lambda: store.remember_head(head))
    return copy(world)


def _rows() -> dict[str, str]:
    """What stands in each table that holds something."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table not in KEPT]
        rows = {table: cursor.execute(f'SELECT json_agg(t)::text FROM "{table}" t').fetchone()[0] for table in tables}
    return {table: found for table, found in rows.items() if found}


KEPT = ("django_migrations", "django_content_type", "auth_permission", "procrastinate_version")  # tables that no test fills or empties
_first: tuple[World, dict[str, str]] | None = None


class World:
    def __init__(self) -> None:
        with together():
            self._build()

    def _build(self) -> None:
        people.set_organisation(
            actor=SETUP, name="Wrenfield Health", time_zone="America/New_York", profile={"names": ["Wrenfield"], "towns": ["Marlow Bay"], "phones": ["555-0142"], "patient_relations": "555-0170"}
        )
        self.hospital = people.add_facility(actor=SETUP, name="Regional", town="Marlow Bay", state="FL").facility
        self.elsewhere = people.add_facility(actor=SETUP, name="Sabine", town="Dunmore Flats", state="TX").facility
        self.dental = people.add_facility(actor=SETUP, name="Juniper Lane", town="Marlow Bay", is_small=True).facility
        self.priya = self.someone("Priya Nand", ("author", self.hospital))
        self.sam = self.someone("Sam Oyelaran", ("author", self.hospital), ("brand_reviewer", self.hospital))
        self.gail = self.someone("Gail Whitcombe", ("brand_reviewer", None))
        self.tomas = self.someone("Tomas Orrin", ("clinical_reviewer", None))
        self.adaeze = self.someone("Adaeze Obi", ("privacy_officer", None))
        self.ken = self.someone("Ken Sato", ("administrator", None), ("it_security", None))
        self.helen = self.someone("Helen Strand", ("administrator", None))
        self.ruth = self.someone("Ruth Halvorsen", ("auditor", None))
        self.olu = self.someone("Olu Brandt", ("author", self.elsewhere))
        self.nobody = self.someone("Nils Grau")
        self.channel = inventory.add_channel(
            actor=SETUP, platform="practice", name="Regional practice", handle="@regional", facility_id=self.hospital, owner_id=self.gail.id, backup_owner_id=self.priya.id
        ).channel
        self.second = inventory.add_channel(
            actor=SETUP, platform="practice", name="Second practice", handle="@second", facility_id=self.hospital, owner_id=self.gail.id, backup_owner_id=self.priya.id
        ).channel

    def someone(self, name: str, *roles: tuple[str, UUID | None]) -> Someone:
        email = f"{name.split()[0].lower()}@wrenfield.example"
        made = people.add_person(actor=SETUP, name=name, email=email, roles=frozenset(roles), password=None).person
        return Someone(made, actor.person(made), email)

    def draft(self, text: str = SAFE, *, by: Someone | None = None, channels: tuple[UUID, ...] | None = None, at: datetime = T, kind: str = "post", **more: Any) -> UUID:
        by = by or self.priya
        return actions.create_post(actor=by.actor, facility_id=self.hospital, kind=kind, now=at, draft=Draft(text, channels or (self.channel,), **more)).post

    def post(self, post: UUID) -> Post:
        return Post.objects.get(id=post)

    def edit(self, post: UUID, text: str, *, by: Someone | None = None, channels: tuple[UUID, ...] | None = None, at: datetime = T, **more: Any) -> None:
        row, by = self.post(post), by or self.priya
        draft = Draft(text, channels or (self.channel,), **more)
        function = actions.save_draft if row.state in ("draft", "changes", "rejected") else actions.reopen_post
        function(actor=by.actor, post_id=post, version=row.version, draft=draft, now=at)

    def submit(self, post: UUID, *, by: Someone | None = None, at: datetime = T, why: str = "") -> Any:
        return actions.submit_revision(actor=(by or self.priya).actor, post_id=post, version=self.post(post).version, now=at, release_reason=why)

    def decide(self, post: UUID, *, by: Someone | None = None, outcome: str = "approved", reason: str = "", at: datetime = T) -> Any:
        revision = self.post(post).revisions.get(state="waiting")
        return actions.decide_revision(actor=(by or self.gail).actor, revision_id=revision.id, outcome=outcome, reason=reason, digest=revision.digest, now=at)

    def approved(self, text: str = SAFE, **more: Any) -> UUID:
        post = self.draft(text, **more)
        self.submit(post)
        self.decide(post)
        return post

    def reviewed(self, post: UUID) -> UUID:
        """Submitted as the page does it, with what the platforms say about names and links, and approved."""
        actions.submit_revision(actor=self.priya.actor, post_id=post, version=self.post(post).version, now=T, resolved=remote.resolve(self.priya.actor, post))
        self.decide(post)
        return post

    def schedule(self, post: UUID, due: datetime = T + HOUR, *, by: Someone | None = None, at: datetime = T) -> Any:
        return sending.schedule_post(actor=(by or self.priya).actor, post_id=post, due_at=due, now=at)

    def scheduled(self, text: str = SAFE, due: datetime = T + HOUR, **more: Any) -> UUID:
        post = self.approved(text, **more)
        self.schedule(post, due)
        return post

    def worker_runs(self, at: datetime) -> None:
        remote.sweep(now=at)

    def feed(self, channel: UUID | None = None) -> list[str]:
        return list(PracticePost.objects.filter(channel_id=channel or self.channel).order_by("published_at").values_list("text", flat=True))

    def reason(self, post: UUID) -> str:
        return self.post(post).deliveries.get().reason

    def browser_of(self, someone: Someone | None) -> Client:
        """A signed-in client with its second factor done."""
        from allauth.mfa.models import Authenticator

        client = Client(headers={"host": "localhost"})
        if someone is not None:
            client.force_login(someone.user, backend="allauth.account.auth_backends.AuthenticationBackend")
            Authenticator.objects.get_or_create(user=someone.user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}})
        return client

    def queue_of(self, someone: Someone) -> list[UUID]:
        return [row.post_id for row in queries.review_queue(someone.actor)]
