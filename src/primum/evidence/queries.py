"""Reads of the record. It holds opaque ids only; who may open it is decided by the caller's role."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from primum.evidence import actions, checkpoint, entries, leaving, store, tree
from primum.evidence.models import Checkpoint, Entry, Payload
from primum.foundation import actor
from primum.foundation.actor import Actor
from primum.foundation.encryption import context_of, keyring


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a page shows it; `details` is None where the payload was shredded."""

    index: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, str | int | None] | None


def list_entries(*, viewer: Actor, about: str = "", before: int | None = None, limit: int = 50) -> list[Line]:
    """Newest first; `about` is an object id or an actor id, whole or in part after the colon."""
    rows: QuerySet[Entry] = Entry.objects.order_by("-index")
    if about:
        rows = rows.filter(Q(subject__endswith=about) | Q(actor__endswith=about) | Q(action=about))
    if before is not None:
        rows = rows.filter(index__lt=before)
    found = list(rows[:limit])
    sealed = dict(Payload.objects.filter(entry__in=found).values_list("entry_id", "sealed"))
    return [_line(row, sealed.get(row.index)) for row in found]


def story_of(*, viewer: Actor, ids: set[UUID]) -> list[Line]:
    """Everything recorded about some objects, oldest first."""
    condition = Q()
    for item in ids:
        condition |= Q(subject__endswith=str(item))
    rows = list(Entry.objects.filter(condition).order_by("index")) if ids else []
    sealed = dict(Payload.objects.filter(entry__in=rows).values_list("entry_id", "sealed"))
    return [_line(row, sealed.get(row.index)) for row in rows]


def _line(row: Entry, sealed: bytes | memoryview | None) -> Line:
    details = json.loads(_open(row.index, bytes(sealed))[1]) if sealed is not None else None
    return Line(row.index, row.at, row.actor, row.action, row.subject, details)


def _open(index: int, sealed: bytes) -> tuple[bytes, bytes]:
    opened = keyring("payloads").open(sealed, context_of("evidence_payload", "sealed", index))
    return opened[: entries.SALT_BYTES], opened[entries.SALT_BYTES :]


def prove(*, viewer: Actor, about: str) -> list[dict[str, str | None]]:
    """Packs for the offline verifier: an entry's number, or the id of an object (then every entry about it).

    Each pack: `entry` (base64 of the leaf), `salt`, `payload` (None when shredded), `proof` (C2SP tlog-proof), `key`.
    Raises Entry.DoesNotExist where nothing is recorded about it."""
    rows = list(Entry.objects.filter(index=int(about)) if about.isdigit() else Entry.objects.filter(subject__endswith=about).order_by("index"))
    if not rows:
        raise Entry.DoesNotExist
    actions.sign_checkpoint(actor=actor.system("export"), now=timezone.now())
    head = store.current_head()
    note = checkpoint.sign(head, checkpoint.load_key(_pem()))
    key = checkpoint.verifier_key(store.public_key())
    nodes = store.stored_nodes()
    return [_pack(row, head.size, note, key, nodes) for row in rows]


def _pem() -> str:
    text: str = settings.PRIMUM.home.read_key("checkpoints.pem")
    return text


def _pack(row: Entry, size: int, note: str, key: str, nodes: tree.Lookup) -> dict[str, str | None]:
    stored = Payload.objects.filter(entry=row).first()
    salt, payload = _open(row.index, bytes(stored.sealed)) if stored else (None, None)
    return {
        "entry": base64.b64encode(bytes(row.leaf)).decode(),
        "salt": base64.b64encode(salt).decode() if salt else None,
        "payload": payload.decode() if payload else None,
        "proof": checkpoint.proof_text(row.index, tree.inclusion_proof(row.index, size, nodes), note),
        "key": key,
    }


def restored_since(moment: datetime) -> bool:
    """Whether this record was brought back from a backup after that."""
    return Entry.objects.filter(action="record_restored", at__gt=moment).exists()


def unsigned_since() -> datetime | None:
    """The time of the oldest entry that no signed head covers yet."""
    signed = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    return Entry.objects.filter(index__gte=signed).order_by("index").values_list("at", flat=True).first()


def head_cannot_leave() -> bool:
    """Somebody is named to get it, and there is no mail."""
    return bool(settings.PRIMUM.heads_to) and not leaving.can_send()


def head_left_since(now: datetime) -> tuple[datetime, bool] | None:
    """Since when no head has left this machine, and whether one ever did; None where nobody is named to get it, or nothing is signed."""
    if not settings.PRIMUM.heads_to:
        return None
    sent, first = leaving.last_sent(now=now), Checkpoint.objects.order_by("size").first()
    if sent is not None:
        return sent.at, True
    return (first.at, False) if first is not None else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the record stands, for the Evidence page."""

    size: int
    root: str
    seen: int
    is_immutable: bool
    key: str

    @property
    def is_shorter(self) -> bool:
        return self.seen > self.size


def standing(*, viewer: Actor) -> Standing:
    head = store.current_head()
    kept = store.remembered_head()
    return Standing(head.size, head.root.hex(), kept.size if kept else 0, is_immutable(), checkpoint.verifier_key(store.public_key()))


def is_immutable() -> bool:
    """Does the database itself refuse this role to change or delete entries?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'evidence_entry', 'UPDATE') OR has_table_privilege(current_user, 'evidence_entry', 'DELETE')")
        row = cursor.fetchone()
    return not row[0]
