"""Web addresses, typed by what they lead to.

Format   http(s) or www addresses. `kind` says: "portal" (an id or a token in the query or path), "personal"
         (fundraisers, obituaries, care diaries), or "" for the rest.
Source   45 CFR 164.514(b)(2)(i)(N).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, compiled
from primum_detect.normalize.normalized import Normalized

LABEL = "URL"
_PATTERN = compiled(r"\b(?:https?://|www\.)[^\s<>\"')\]]{3,400}")
_PERSONAL = compiled(r"gofundme|caringbridge|legacy\.com|obituar|givesendgo|mealtrain|findagrave|memorial|/people/|/profile")
_PORTAL = compiled(r"(?:mychart|portal|patient|result|appointment|pay|bill)[^\s]*(?:[?&][a-z_]*(?:id|token|key|mrn|pt|sid|auth)[a-z_]*=|/[0-9a-f-]{16,}|/\d{5,})")

EXAMPLES = ("https://portal.wren.example/results?id=88120", "www.gofundme.example/f/help-theo", "https://wrenfield.example/flu")
NOT_THESE = ("and/or", "http is a protocol")


def find(text: Normalized) -> Iterator[Hit]:
    if "://" not in text.folded and "www." not in text.lower:
        return
    for match in _PATTERN.finditer(text.folded):
        if _PORTAL.search(match.group()):
            yield Hit(LABEL, *match.span(), 0.95, "This link opens one person's page in the portal.", "portal")
        elif _PERSONAL.search(match.group()):
            yield Hit(LABEL, *match.span(), 0.85, "This link leads to one person's own page.", "personal")
        else:
            yield Hit(LABEL, *match.span(), 0.6, "A web address.")
