"""One look through a text tells which of all the patterns can match there: most texts hold what a handful of them need."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Lock

from ahocorasick_rs import AhoCorasick

from primum_detect.matching.literals import Words

_DIGITS = str.maketrans("123456789", "0" * 9)
_LOWER_AND_DIGITS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", b"abcdefghijklmnopqrstuvwxyz" + b"0" * 9)
EVERYTHING = -1  # as bits: every pattern may match
# Letters and digits of other scripts may match `\d`, or an `i` in either case; punctuation, symbols and emoji are only themselves.
_MORE_THAN_ITSELF = re.compile("[^\\x00-\\x7f\\xa1-\\xa9\\xab-\\xb1\\xbb\\xbf\\xd7\\xf7\u2010-\u2069\u20a0-\u20bf\u2190-\u2bff\U0001f000-\U0001faff]")


class Gate:
    """Numbers patterns, and answers for a text with one bit per number. A pattern that nothing is known of is always possible, and so is
    every pattern where letters of other scripts stand in the text (lower case and digits mean more there)."""

    def __init__(self) -> None:
        self._needs: list[Callable[[], Words | None]] = []
        self._known: list[Words | None] = []
        self._ready: tuple[AhoCorasick, list[int], int] | None = None
        self._lock = Lock()

    def add(self, needs: Callable[[], Words | None]) -> int:
        """The number of a new pattern. `needs` is asked when the next text comes."""
        with self._lock:
            self._needs.append(needs)
            self._ready = None
            return len(self._needs) - 1

    def possible(self, text: str) -> int:
        """Bits of the patterns that may match somewhere in a folded text."""
        if text.isascii():
            plain = text.encode().translate(_LOWER_AND_DIGITS).decode()  # the same as below, several times as fast
        elif _MORE_THAN_ITSELF.search(text):
            return EVERYTHING
        else:
            plain = text.lower().translate(_DIGITS)
        words, bits, found = self._ready or self._prepare()
        for index, _, _ in words.find_matches_as_indexes(plain, overlapping=True):
            found |= bits[index]
        return found

    def _prepare(self) -> tuple[AhoCorasick, list[int], int]:
        with self._lock:
            table: dict[str, int] = {}
            always = EVERYTHING << len(self._needs)  # patterns that come later
            self._known += [needs() for needs in self._needs[len(self._known) :]]
            for number, words in enumerate(self._known):
                for word in words or ():
                    table[word] = table.get(word, 0) | 1 << number
                if words is None:
                    always |= 1 << number
            self._ready = AhoCorasick(list(table)), list(table.values()), always
            return self._ready


GATE = Gate()
