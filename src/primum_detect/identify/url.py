"""Web addresses, typed by what they lead to.

Format   http(s), ftp or www addresses, or a name under a known top domain. `kind` says: "portal" (an id or a token in the query or path), "personal"
         (fundraisers, obituaries, care diaries), or "" for the rest.
Source   45 CFR 164.514(b)(2)(i)(N).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, before, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "URL"
_PATTERN = located(r"\b(?:https?://|s?ftps?://|www\.)[^\s<>\"')\]]{3,400}")
_BARE = located(
    r"(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}(?:com|org|net|edu|gov|mil|io|co|us|uk|ca|de|fr|info|biz|site|health|care|app|dev|me|tv|ly|example|online|shop|clinic|hospital|ai|eu|mx|br|au|nz|jp|nl|ch|gg|fm|link|page|news|blog|store|xyz|cloud|(?:be|it|in|es|at|gl)(?=/\w))(?::\d{2,5})?(?:/[^\s<>\"')\]]{0,400})?(?![\w@-])"
)
_DOTTED = re.compile(r"\.(?<=\w\.)(?<!://[a-z]\.)[a-z]{2}")  # a full stop between a word and two letters; "://t.co" is found by its scheme
_PERSONAL = re.compile(
    r"gofundme|caringbridge|legacy\.com|obituar|givesendgo|mealtrain|findagrave|memorial|/people/|/profile|\bfund[a-z-]*\.[a-z]+/|/(?:baby|help|save|pray|prayers|in-memory|for|team)-[a-z]",
    re.IGNORECASE,
)
_PORTAL = re.compile(r"(?:mychart|portal|patient|result|appointment|pay|bill)[^\s]*(?:[?&][a-z_]*(?:id|token|key|mrn|pt|sid|auth)[a-z_]*=|/[0-9a-f-]{16,}|/\d{5,})", re.IGNORECASE)

OPENED_BY = opened_by(_PATTERN, _BARE)
EXAMPLES = ("https://portal.wren.example/results?id=88120", "www.gofundme.example/f/help-theo", "https://wrenfield.example/flu", "ftp://files.wren.example/a", "see youtu.be/abc123")
NOT_THESE = ("and/or", "http is a protocol", "Come in.It is warm", "we are done.is/was it")


def find(text: Normalized) -> Iterator[Hit]:
    yield from _bare(text)
    if "://" not in text.folded and "www." not in text.lower:
        return
    for match in _PATTERN.finditer(text):
        if _PORTAL.search(match.group()):
            yield Hit(LABEL, *match.span(), 0.95, "This link opens one person's page in the portal.", "portal")
        elif _PERSONAL.search(match.group()):
            yield Hit(LABEL, *match.span(), 0.85, "This link leads to one person's own page.", "personal")
        else:
            yield Hit(LABEL, *match.span(), 0.6, "A web address.")


def _bare(text: Normalized) -> Iterator[Hit]:
    """`wrenfield.example/flu`: an address without its scheme."""
    if not _DOTTED.search(text.lower):
        return
    for match in _BARE.finditer(text):
        if before(text, match.start(), 3) != "://" and not before(text, match.start(), 4).endswith("www."):
            kind = "portal" if _PORTAL.search(match.group()) else "personal" if _PERSONAL.search(match.group()) else ""
            yield Hit(LABEL, match.start(), match.start() + len(match.group().rstrip(".,;:!?")), 0.65 if kind else 0.55, "A web address.", kind)
