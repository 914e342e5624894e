"""Appending to the tree, and reading it back. The only writer is `append`, called by `@action` at the end of a transaction."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from primum.evidence import checkpoint, tree
from primum.evidence.entries import NewEntry
from primum.evidence.models import Checkpoint, Entry, Node, Payload
from primum.foundation import home
from primum.foundation.encryption import context_of, keyring
from primum.foundation.logs import log

_SEQUENCER = 0x5052494D  # "PRIM": the advisory lock that gives entries their order


def append(entries: Iterable[NewEntry]) -> None:
    """Number the entries, extend the tree, seal the payloads; every 256 entries sign a checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEQUENCER])
    size = current_size()
    known, nodes = _tops(size), {}
    rows: list[tuple[NewEntry, int, bytes]] = []
    for index, entry in enumerate(entries, start=size):
        leaf = entry.leaf(index)
        for level, position, value in tree.nodes_after(index, leaf, _lookup(known)):
            nodes[level, position] = known[level, position] = value
        rows.append((entry, index, leaf))
    if not rows:
        return
    Entry.objects.bulk_create([_entry_row(*row) for row in rows])
    Node.objects.bulk_create([Node(level=level, index=index, hash=value) for (level, index), value in nodes.items()])
    ring = keyring("payloads")
    Payload.objects.bulk_create([Payload(entry_id=index, sealed=ring.seal(entry.salt + entry.payload, context_of("evidence_payload", "sealed", index))) for entry, index, _ in rows])
    new_size = size + len(rows)
    head = checkpoint.Head(new_size, tree.root_of(0, new_size, _lookup(known)))
    every = settings.PRIMUM.checkpoint_every
    if size // every != new_size // every:
        save_checkpoint(head, rows[-1][0])
    transaction.on_commit(lambda: remember_head(head))


def _entry_row(entry: NewEntry, index: int, leaf: bytes) -> Entry:
    data = json.loads(leaf)
    return Entry(index=index, leaf=leaf, at=entry.at, actor=entry.actor, action=entry.action, subject=entry.subject, commit=data["commit"])


def _tops(size: int) -> dict[tuple[int, int], bytes]:
    """The complete subtrees that cover `size` entries, in one query: all that appending and the root ask for."""
    if not size:
        return {}
    wanted = reduce(or_, (Q(level=level, index=index) for level, index in tree.peaks(0, size)))
    return {(row.level, row.index): bytes(row.hash) for row in Node.objects.filter(wanted)}


def root_at(size: int) -> bytes:
    """The root over the first `size` entries, from the stored nodes."""
    return tree.root_of(0, size, _lookup(_tops(size)))


def _lookup(fresh: dict[tuple[int, int], bytes]) -> tree.Lookup:
    def find(level: int, index: int) -> bytes:
        if (level, index) not in fresh:
            return bytes(Node.objects.values_list("hash", flat=True).get(level=level, index=index))
        return fresh[level, index]

    return find


def stored_nodes() -> tree.Lookup:
    return _lookup({})


def hold_still() -> None:
    """Until the end of the transaction nothing is appended: what is read is one moment of the record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_SEQUENCER])


def current_size() -> int:
    last = Entry.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def current_head() -> checkpoint.Head:
    size = current_size()
    return checkpoint.Head(size, root_at(size))


def public_key() -> bytes:
    return checkpoint.public_bytes(checkpoint.load_key(settings.PRIMUM.home.read_key("checkpoints.pem")))


def save_checkpoint(head: checkpoint.Head, entry: NewEntry) -> Checkpoint:
    key = checkpoint.load_key(settings.PRIMUM.home.read_key("checkpoints.pem"))
    row, _ = Checkpoint.objects.get_or_create(size=head.size, defaults={"note": checkpoint.sign(head, key), "at": entry.at})
    return row


def remember_head(head: checkpoint.Head) -> None:
    """Keep the newest head outside the database: else a deleted last row, or yesterday's dump, could not be found.

    Only a longer log *that continues the kept one* replaces it: over a rewritten record the old head stays, and accuses. A fault here
    must not undo what is committed, so it is logged and the next append tries again."""
    path = settings.PRIMUM.home.evidence_head
    try:
        with open(path.with_suffix(".lock"), "a") as lock:  # one process at a time: read, compare, replace
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = remembered_head()
            if kept is None or (kept.size <= head.size and kept.root == root_at(kept.size)):
                home.replace_text(path, json.dumps({"size": head.size, "root": head.root.hex()}))
            elif kept.size <= head.size:
                log().error("evidence head does not continue the kept one")
    except (OSError, ValueError, KeyError) as error:
        log().error("evidence head not kept", fault=type(error).__name__)


def remembered_head() -> checkpoint.Head | None:
    """The head that this machine has seen; None on a machine that has seen none. Raises ValueError for a broken file."""
    path = settings.PRIMUM.home.evidence_head
    if not path.exists():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    return checkpoint.Head(int(data["size"]), bytes.fromhex(data["root"]))
