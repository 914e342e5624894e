"""Limits on one text, and the only clocks in the library: two timers that only ever run forward."""

from __future__ import annotations

import re
import time

MAX_CHARACTERS = 50_000
MAX_TOKEN_BYTES = 4_096
DEFAULT_SECONDS = 2.0

_HALF = re.compile("[\ud800-\udfff]")  # a lone surrogate: no character, and no two programs show the same
_LONG_TOKEN = re.compile(r"\S{1025,}")


class OverBudget(Exception):
    """A text is too large or took too long. The message is fit for a screen and never quotes the text."""


class Budget:
    """Time for one text; layers ask `check()` between steps, so that a slow text is held, not waited for. What counts is this thread's
    work: on a machine that is busy with something else a harmless text must not be held. Five times as long by the wall is too long, too."""

    def __init__(self, seconds: float = DEFAULT_SECONDS) -> None:
        now = time.monotonic()
        self._work, self._soonest, self._wall = time.thread_time() + seconds, now + seconds, now + 5 * seconds

    def check(self) -> None:
        now = time.monotonic()
        if now <= self._soonest:
            return  # a thread works no longer than the wall says, and asking for its work takes fifty times as long
        if time.thread_time() > self._work or now > self._wall:
            raise OverBudget("Checking took too long, so a person must look at this text.")


def refuse_oversize(text: str) -> None:
    """Raise OverBudget for a text past the limits, or one that is no valid Unicode."""
    if len(text) > MAX_CHARACTERS:
        raise OverBudget(f"The text is longer than {MAX_CHARACTERS:,} characters. Shorten it, or split it into several posts.")
    if _HALF.search(text):
        raise OverBudget("The text holds half of a character, which cannot be read. Type it again, or paste it from another place.")
    for match in _LONG_TOKEN.finditer(text):
        if len(match.group().encode("utf-8", "surrogatepass")) > MAX_TOKEN_BYTES:
            raise OverBudget("The text holds one unbroken word of more than 4 KB, which cannot be read. Remove it.")
