"""Writes of the record about itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.evidence import checkpoint, store
from primum.evidence.entries import new_entry
from primum.evidence.events import BackupMade, KeysRotated, PackExported, PayloadShredded, Restored, ShorterLogFound, Viewed
from primum.evidence.models import Checkpoint, Payload
from primum.evidence.recording import action
from primum.foundation.actor import Actor


def sign_checkpoint(*, actor: Actor, now: datetime) -> Checkpoint | None:
    """Sign the head as it stands; None for an empty record or one already signed. Not an action: a signature is no change of
    what is recorded, and an entry for each would never let the head come to rest."""
    head: checkpoint.Head = store.current_head()
    if head.size == 0 or Checkpoint.objects.filter(size=head.size).exists():
        return None
    store.remember_head(head)
    return store.save_checkpoint(head, new_entry(at=now, actor=str(actor), action="sign_checkpoint", subject="", details={}))


@action
def record_shorter_log(*, actor: Actor, seen: int, found: int, now: datetime) -> ShorterLogFound:
    """Boot found fewer entries than this machine has seen: a restored backup, or deleted rows. It stays in the record for ever."""
    return ShorterLogFound(seen=seen, found=found)


@action
def record_backup(*, actor: Actor, entries: int, now: datetime) -> BackupMade:
    """Somebody saves everything."""
    return BackupMade(entries=entries)


@action
def record_keys_rotated(*, actor: Actor, resealed: int, now: datetime) -> KeysRotated:
    """Which key seals is nobody's secret; that it changed stays known."""
    return KeysRotated(resealed=resealed)


@action
def record_restored(*, actor: Actor, entries: int, made_at: datetime, now: datetime) -> Restored:
    """Said in the record itself, for ever: from here on it continues a backup."""
    return Restored(entries=entries, made_at=made_at.isoformat())


@action
def record_view(*, actor: Actor, item: UUID, what: str, now: datetime) -> Viewed:
    """Somebody opened something sensitive (45 CFR 164.312(b))."""
    return Viewed(item=item, what=what)


@action
def shred_payload(*, actor: Actor, entry: int, now: datetime) -> PayloadShredded:
    """Destroy what stands behind an entry; the entry and its proof stay valid."""
    Payload.objects.filter(entry_id=entry).delete()
    return PayloadShredded(entry=entry)


@action
def record_export(*, actor: Actor, about: str, entries: int, now: datetime) -> PackExported:
    """Evidence left the system as a file."""
    return PackExported(about=about, entries=entries)
