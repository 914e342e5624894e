"""The tree against the definition of RFC 6962, written as plainly as the RFC writes it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.evidence import tree


def plain_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


def build(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    nodes: dict[tuple[int, int], bytes] = {}
    for index, leaf in enumerate(leaves):
        for level, position, value in tree.nodes_after(index, leaf, lambda level, index: nodes[level, index]):
            nodes[level, position] = value
    return nodes


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_the_rfcs(leaves: list[bytes]) -> None:
    nodes = build(leaves)
    assert tree.root_of(0, len(leaves), lambda level, index: nodes[level, index]) == plain_root(leaves)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 70), st.data())
def test_a_proof_leads_to_the_root_and_no_other_leaf_does(size: int, data: st.DataObject) -> None:
    leaves = [bytes([n]) for n in range(size)]
    nodes = build(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index, size, lambda level, index: nodes[level, index])
    assert tree.root_from_proof(index, size, leaves[index], proof) == plain_root(leaves)
    assert tree.root_from_proof(index, size, b"other", proof) != plain_root(leaves)
    with pytest.raises(ValueError, match="proof is too"):
        tree.root_from_proof(index, size, leaves[index], [*proof, b"x" * 32])
