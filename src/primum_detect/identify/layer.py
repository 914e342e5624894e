"""Run every identifier over a text, and settle overlaps."""

from __future__ import annotations

from collections.abc import Iterable

from primum_detect.budget import Budget
from primum_detect.identify.shapes import Hit, Identifier
from primum_detect.normalize.normalized import Normalized


def find_all(text: Normalized, identifiers: Iterable[Identifier], budget: Budget) -> list[Hit]:
    """All hits, in the order of the text; of two that overlap the surer one stays, then the longer one."""
    hits: list[Hit] = []
    for identifier in identifiers:
        hits.extend(identifier.find(text))
        budget.check()
    return settle(hits)


def settle(hits: Iterable[Hit]) -> list[Hit]:
    """Keep one hit where several overlap. A date inside an address, a phone inside an account number, and so on."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (-h.confidence, h.start - h.end, h.start)):
        if not any(hit.start < other.end and other.start < hit.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.start, h.end))
