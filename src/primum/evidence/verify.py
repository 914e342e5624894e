"""Check the whole record: every row against its leaf, every node against its children, every signature, and the head outside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from primum.evidence import checkpoint, entries, store, tree
from primum.evidence.models import Checkpoint, Entry, Node, Payload
from primum.foundation.encryption import CannotOpen, context_of, keyring


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold: where, and what."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Result:
    size: int
    root: bytes
    shredded: int
    faults: tuple[Fault, ...]


def verify(progress: Callable[[int, int], None] = lambda done, size: None) -> Result:
    """Read the record from first to last. `progress(done, of)` is called now and then. Never raises for what it finds."""
    with transaction.atomic():
        store.hold_still()
        return _verify(progress)


def _verify(progress: Callable[[int, int], None]) -> Result:
    size = store.current_size()
    faults: list[Fault] = []
    nodes = {(level, index): bytes(value) for level, index, value in Node.objects.values_list("level", "index", "hash").iterator()}
    expected: dict[tuple[int, int], bytes] = {}
    shredded = 0
    next_index = 0
    payloads = {entry_id: bytes(sealed) for entry_id, sealed in Payload.objects.values_list("entry_id", "sealed").iterator()}
    for row in Entry.objects.order_by("index").iterator():
        if row.index != next_index:
            faults.append(Fault(f"entry {next_index}", f"missing (the next one found is {row.index})"))
            break
        leaf = bytes(row.leaf)
        faults += _check_row(row, leaf)
        for level, position, value in tree.nodes_after(row.index, leaf, lambda level, index: expected[level, index]):
            expected[level, position] = value
        if row.index in payloads:
            faults += _check_payload(row, payloads.pop(row.index))
        else:
            shredded += 1
        next_index += 1
        if next_index % 1000 == 0:
            progress(next_index, size)
    faults += [Fault(f"payload {index}", "belongs to no entry") for index in payloads]
    faults += _check_nodes(nodes, expected)
    root = tree.root_of(0, next_index, lambda level, index: expected[level, index])
    faults += _check_checkpoints(next_index, expected)
    faults += _check_outside(next_index, expected)
    progress(next_index, size)
    return Result(next_index, root, shredded, tuple(faults))


def _check_row(row: Entry, leaf: bytes) -> Iterator[Fault]:
    place = f"entry {row.index}"
    try:
        data = json.loads(leaf)
        at = row.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        found = {"action": row.action, "actor": row.actor, "at": at, "commit": row.commit, "index": row.index, "object": row.subject, "v": 1}
    except (ValueError, UnicodeDecodeError):
        yield Fault(place, "its bytes were changed: they can no longer be read")
        return
    for name, value in found.items():
        if data.get(name) != value:
            yield Fault(place, f"its column {name!r} says something else than its sealed bytes")
    if entries.canonical(data) != leaf:
        yield Fault(place, "its bytes were changed: they are not in canonical form")


def _check_payload(row: Entry, sealed: bytes) -> Iterator[Fault]:
    try:
        opened = keyring("payloads").open(sealed, context_of("evidence_payload", "sealed", row.index))
    except CannotOpen:
        yield Fault(f"payload {row.index}", "does not open: its bytes were changed")
        return
    if entries.commitment(opened[: entries.SALT_BYTES], opened[entries.SALT_BYTES :]) != row.commit:
        yield Fault(f"payload {row.index}", "is not the one that was committed to")


def _check_nodes(nodes: dict[tuple[int, int], bytes], expected: dict[tuple[int, int], bytes]) -> Iterator[Fault]:
    for place in sorted(set(nodes) | set(expected), key=lambda place: (place[0], place[1])):
        if nodes.get(place) != expected.get(place):
            level, index = place
            first, last = index << level, ((index + 1) << level) - 1
            covered = f"entry {first}" if level == 0 else f"entries {first} to {last}"
            yield Fault(f"tree over {covered}", "missing" if place not in nodes else "does not match the entries: an entry or the tree was changed")


def _check_checkpoints(size: int, expected: dict[tuple[int, int], bytes]) -> Iterator[Fault]:
    public = store.public_key()
    longest = Checkpoint.objects.aggregate(Max("size"))["size__max"] or 0
    if longest > size:
        yield Fault(f"entries {size} to {longest - 1}", f"missing: a signed checkpoint saw {longest} entries, {size} are here")
    for row in Checkpoint.objects.order_by("size").iterator():
        try:
            head = checkpoint.read(row.note, public)
        except checkpoint.BadCheckpoint as error:
            yield Fault(f"checkpoint {row.size}", str(error))
            continue
        if head.size != row.size:
            yield Fault(f"checkpoint {row.size}", f"was signed for {head.size} entries")
        elif head.size <= size and head.root != tree.root_of(0, head.size, lambda level, index: expected[level, index]):
            yield Fault(f"checkpoint {row.size}", "does not match the entries: something before it was changed")


def _check_outside(size: int, expected: dict[tuple[int, int], bytes]) -> Iterator[Fault]:
    """The head that this machine remembers outside the database."""
    try:
        kept = store.remembered_head()
    except (ValueError, KeyError, TypeError):
        yield Fault("head outside the database", "cannot be read")
        return
    if kept is None:
        if size:
            yield Fault("head outside the database", "missing: without it a shortened record cannot be noticed on this machine")
    elif kept.size > size:
        yield Fault(f"entries {size} to {kept.size - 1}", f"missing: this machine has seen {kept.size} entries, {size} are here (a restored backup, or deleted rows)")
    elif kept.root != tree.root_of(0, kept.size, lambda level, index: expected[level, index]):
        yield Fault("head outside the database", f"does not match the first {kept.size} entries: the record was rewritten")
