"""The Merkle tree of RFC 6962, section 2: pure functions on bytes.

Only complete subtrees are stored, as (level, index) -> hash, where level 0 holds the leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

Lookup = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def nodes_after(index: int, leaf: bytes, lookup: Lookup) -> list[tuple[int, int, bytes]]:
    """The nodes that become complete when the leaf number `index` (from 0) is appended, leaf first."""
    value = leaf_hash(leaf)
    made = [(0, index, value)]
    level, position = 0, index
    while position % 2 == 1:
        value = node_hash(lookup(level, position - 1), value)
        level, position = level + 1, position // 2
        made.append((level, position, value))
    return made


def peaks(start: int, size: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees, as (level, index), that cover `size` leaves from `start`; start is a multiple of the largest."""
    at, left = start, size
    while left:
        level = left.bit_length() - 1
        yield level, at >> level
        at += 1 << level
        left -= 1 << level


def root_of(start: int, size: int, lookup: Lookup) -> bytes:
    """The hash of `size` leaves from `start`; of nothing, the hash of the empty string."""
    if size == 0:
        return hashlib.sha256(b"").digest()
    tops = [lookup(level, index) for level, index in peaks(start, size)]
    value = tops[-1]
    for peak in reversed(tops[:-1]):
        value = node_hash(peak, value)
    return value


def inclusion_proof(index: int, size: int, lookup: Lookup) -> list[bytes]:
    """The audit path of leaf `index` in a tree of `size` leaves, from the leaf upwards (RFC 6962, 2.1.1)."""

    def path(start: int, count: int) -> list[bytes]:
        if count == 1:
            return []
        split = 1 << ((count - 1).bit_length() - 1)
        if index < start + split:
            return [*path(start, split), root_of(start + split, count - split, lookup)]
        return [*path(start + split, count - split), root_of(start, split, lookup)]

    return path(0, size)


def root_from_proof(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    """The root that a proof leads to (RFC 9162, 2.1.3.2). Raises ValueError where the proof has the wrong length."""
    if index >= size:
        raise ValueError("The entry lies outside the tree.")
    first, last, value = index, size - 1, leaf_hash(leaf)
    for sibling in proof:
        if last == 0:
            raise ValueError("The proof is too long.")
        if first % 2 == 1 or first == last:
            value = node_hash(sibling, value)
            while first % 2 == 0 and first:
                first, last = first >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        first, last = first >> 1, last >> 1
    if last:
        raise ValueError("The proof is too short.")
    return value
