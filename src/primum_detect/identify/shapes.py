"""What identifier files share: compiling a pattern, and the shape of a hit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from primum_detect.matching.regex import LowerRegex, Regex
from primum_detect.normalize.normalized import Normalized


@dataclass(frozen=True, slots=True)
class Hit:
    """An identifier in a folded text. `start`/`end` are folded offsets; `kind` refines the label for the judges
    ("relative", "event", "vocative"), and `why` is one sentence that never quotes."""

    label: str
    start: int
    end: int
    confidence: float
    why: str
    kind: str = ""


# What a label announces is no telephone, no year and no day of ours.
_OTHERWISE = r"(?!(?:\+?1[-. ])?\(?\d{3}\)?[-. ]?\d{3}[-. ]\d{4}\b|\d{3}[-. ]\d{4}\b|(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?\b(?!-\d)|\d{1,2}/\d{1,2}\b)"
# A number that a label announces: letters and digits in groups, with four digits at the least; its second group may follow a blank.
NUMBER = _OTHERWISE + r"((?=(?:[a-z./-]{0,6}\d){4})[a-z0-9]{1,20}(?:[-./][a-z0-9]{1,12}){0,4}(?: \d{4,8}){0,2})\b"
# The same where the label alone could stand for anything: six digits.
LONG_NUMBER = r"(?=(?:[a-z./-]{0,6} ?\d){6})" + NUMBER


class Identifier(Protocol):
    """One identifier's file: what it is called, what it looks like, what it must not be confused with. Where `OPENED_BY` holds the bits
    of all the patterns that its hits come from, it is asked only where one of them can match; without it, always."""

    @property
    def LABEL(self) -> str: ...

    @property
    def EXAMPLES(self) -> tuple[str, ...]: ...

    @property
    def NOT_THESE(self) -> tuple[str, ...]: ...

    def find(self, text: Normalized) -> Iterator[Hit]: ...


def compiled(pattern: str, *, case_sensitive: bool = False) -> Regex:
    return Regex(pattern, 0 if case_sensitive else re.IGNORECASE)


def located(pattern: str) -> Regex:
    """A pattern in lower case whose matches are asked only where they stand: several times as fast, but what they hold comes in lower case."""
    if not LowerRegex.can_read(pattern):
        raise ValueError("A located pattern is written in lower case, and changes no flags.")
    return LowerRegex(pattern)


def before(text: Normalized, position: int, length: int) -> str:
    """The lower-case text that stands before a place."""
    return text.lower[max(0, position - length) : position]


def near(text: Normalized, start: int, end: int, words: Regex, reach: int = 40) -> bool:
    """Does one of the words stand within `reach` characters before or after a place?"""
    return bool(words.search(text, max(0, start - reach), start) or words.search(text, end, end + reach))


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 check digit."""
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char)
        if index % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0
