"""E-mail addresses.

Format   RFC 5321 mailbox, the everyday part of it.
Source   45 CFR 164.514(b)(2)(i)(F).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "EMAIL"
_PATTERN = located(r"(?<![\w.+-])(?:[\w.+-]|(?<=\w)'(?=\w)){1,64}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,18}\b")

OPENED_BY = opened_by(_PATTERN)
EXAMPLES = ("dana.w@mail.example", "write to kim+er@post.example today", "siobhan.o'dea@mail.example")
NOT_THESE = ("@wrenfield", "meet @ noon")


def find(text: Normalized) -> Iterator[Hit]:
    if "@" not in text.folded:
        return
    for match in _PATTERN.finditer(text):
        yield Hit(LABEL, *match.span(), 0.97, "An e-mail address belongs to one person.")
