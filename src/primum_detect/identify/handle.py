"""Handles: @names of people and organisations.

Format   @ and 2-30 letters, digits, dots or underscores, also user@server handles and Bluesky domains.
Source   45 CFR 164.514(b)(2)(i)(A) when it leads to a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "HANDLE"
_PATTERN = located(r"(?<![\w@./])@[a-z0-9_][\w.-]{1,60}(?<![.-])(?:@[a-z0-9.-]+\.[a-z]{2,})?")

OPENED_BY = opened_by(_PATTERN)
EXAMPLES = ("@silverfox88 hello", "thanks @kirby.bsky.example")
NOT_THESE = ("meet @ noon", "a@b.example")


def find(text: Normalized) -> Iterator[Hit]:
    if "@" not in text.folded:
        return
    for match in _PATTERN.finditer(text):
        yield Hit(LABEL, *match.span(), 0.9, "A handle leads to one person's account.")
