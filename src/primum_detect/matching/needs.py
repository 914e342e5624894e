"""What each of the library's own patterns needs, worked out beforehand: a start in a third of the time. `make needs` writes the file anew.

A pattern that the file does not know (a new one, one of an organisation's own) is worked out when it is first asked for.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib import resources

from primum_detect.matching.literals import Words, required

FILE = resources.files("primum_detect").joinpath("data", "needs.json")


def needs(source: str, flags: int) -> Words | None:
    """`literals.required`, from the file where it stands there."""
    known = _known()
    key = key_of(source, flags)
    if key not in known:
        return required(source, flags)
    words = known[key]
    return None if words is None else frozenset(words)


def key_of(source: str, flags: int) -> str:
    return sha256(f"{flags} {source}".encode()).hexdigest()[:16]


@cache
def _known() -> dict[str, list[str] | None]:
    try:
        found: dict[str, list[str] | None] = json.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # worked out then, a little later
        return {}
    return found
