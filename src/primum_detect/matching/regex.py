"""A regular expression that is only run on texts that hold what it needs, and only compiled when first run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from primum_detect.matching.gate import GATE
from primum_detect.matching.needs import needs

if TYPE_CHECKING:
    from primum_detect.normalize.normalized import Normalized


_CAPITAL_OR_FLAG = re.compile(r"(?<!\\)(?<!\(\?)[^\W\d_a-z]|\(\?-?[a-z]+[:)-]")  # but no class such as \W, and no (?P<name>


class Regex:
    """Like `re.Pattern`, over a `Normalized`: offsets are those of its folded text. `regex` serves plain strings."""

    known: ClassVar[list[Regex]] = []

    def __init__(self, source: str, flags: int = re.IGNORECASE) -> None:
        self.source, self.flags = source, flags
        Regex.known.append(self)
        self.bit = 1 << GATE.add(lambda: needs(source, flags))

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.source, self.flags)

    def may_match(self, text: Normalized) -> bool:
        return bool(text.possible & self.bit)

    def _over(self, text: Normalized) -> tuple[re.Pattern[str], str]:
        """What is run, and over which form of the text."""
        return self.regex, text.folded

    def finditer(self, text: Normalized, start: int = 0, end: int | None = None) -> Iterable[re.Match[str]]:
        if not text.possible & self.bit:
            return ()
        regex, words = self._over(text)
        return regex.finditer(words, start, len(words) if end is None else end)

    def search(self, text: Normalized, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        if not text.possible & self.bit:
            return None
        regex, words = self._over(text)
        return regex.search(words, start, len(words) if end is None else end)


class LowerRegex(Regex):
    """The same for a pattern in lower case whose matches are only asked where they stand: it runs over the text in lower case, which `re`
    does several times as fast as without regard to case. A match's `group` is in lower case, too."""

    @cached_property
    def _lower(self) -> re.Pattern[str]:
        return re.compile(self.source)

    @staticmethod
    def can_read(source: str) -> bool:
        """Only where no letter of the pattern is a capital (or beyond ASCII), and no flag is changed inside."""
        return _CAPITAL_OR_FLAG.search(source) is None

    def _over(self, text: Normalized) -> tuple[re.Pattern[str], str]:
        return (self._lower, text.lower) if text.is_lowered else super()._over(text)


def opened_by(*patterns: Regex) -> int:
    """The bits of several patterns: what has nothing to do in a text where none of them can match."""
    bits = 0
    for pattern in patterns:
        bits |= pattern.bit
    return bits
