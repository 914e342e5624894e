"""Run every identifier over a text, and settle overlaps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from primum_detect.budget import Budget
from primum_detect.identify.shapes import Hit, Identifier
from primum_detect.matching.gate import EVERYTHING
from primum_detect.normalize.normalized import Normalized


def find_all(text: Normalized, identifiers: Iterable[Identifier], budget: Budget) -> list[Hit]:
    """All hits, in the order of the text; of two that overlap the surer one stays, then the longer one."""
    hits: list[Hit] = []
    possible = text.possible
    for identifier in identifiers:
        if possible & getattr(identifier, "OPENED_BY", EVERYTHING):
            hits += identifier.find(text)
            budget.check()
    return settle(hits) if len(hits) > 1 else hits


def settle(hits: Iterable[Hit]) -> list[Hit]:
    """Keep one hit where several overlap. A date inside an address, a phone inside an account number, and so on."""
    kept: list[Hit] = []  # in the order of the text, and no two overlap: only the neighbours need a look
    for hit in sorted(hits, key=lambda h: (-h.confidence, h.start - h.end, h.start)):
        at = bisect_left(kept, hit.end, key=lambda h: h.start)
        if at == 0 or kept[at - 1].end <= hit.start:
            kept.insert(at, hit)
    return kept
