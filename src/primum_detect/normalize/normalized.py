"""A folded text with a map back: every folded character knows which original code points it came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload

from primum_detect.matching.gate import GATE

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[^\s])|\n+")
# "Dr. Osei", "St. Mary's", "8 a.m. Monday": a full stop that ends no sentence.
_NO_END = re.compile(r"\b(?:dr|mr|mrs|ms|st|sr|jr|prof|rev|no|vs|dra|srta|sra|ave|blvd|rm|dept|a\.m|p\.m)\.$", re.I)


T = TypeVar("T")


class lazy(Generic[T]):
    """An attribute that is worked out when first asked for: `functools.cached_property` without its lock, which until Python 3.12 costs more than
    most of what it guards here. Worked out twice by two threads it is the same."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make, self.__doc__ = make, make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object, owner: type) -> lazy[T] | T:
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.make(instance)
        return value


@dataclass(frozen=True)
class Normalized:
    """`folded` is what patterns read. `starts[i]`/`ends[i]` are the original offsets of `folded[i]`;
    None means that nothing moved."""

    original: str = field(repr=False)
    folded: str = field(repr=False)
    starts: Sequence[int] | None = field(default=None, repr=False)
    ends: Sequence[int] | None = field(default=None, repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Folded offsets to original offsets."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], self.ends[end - 1]

    @lazy
    def possible(self) -> int:
        """Which patterns may match, as `matching.gate` counts them."""
        return GATE.possible(self.folded)

    @lazy
    def lower(self) -> str:
        """The folded text in lower case, or as it is where a letter would grow by it (`is_lowered`)."""
        lowered = self.folded.lower()
        return lowered if len(lowered) == len(self.folded) else self.folded

    @lazy
    def is_lowered(self) -> bool:
        return self.folded.isascii() or len(self.folded.lower()) == len(self.folded)

    @lazy
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Folded (start, end) of each sentence."""
        spans: list[tuple[int, int]] = []
        begin = 0
        for match in _SENTENCE_END.finditer(self.folded):
            if _NO_END.search(self.folded, max(begin, match.start() - 8), match.start()):
                continue
            if self.folded[begin : match.start()].strip():
                spans.append((begin, match.start()))
            begin = match.end()
        if self.folded[begin:].strip():
            spans.append((begin, len(self.folded)))
        return tuple(spans)

    @lazy
    def _starts_of_sentences(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def sentences_around(self, position: int, reach: int = 0) -> tuple[int, int]:
        """The sentence that holds a folded offset, with `reach` neighbours on each side; the whole text where none holds it."""
        here = bisect_right(self._starts_of_sentences, position) - 1
        if here < 0 or self.sentences[here][1] < position:
            return 0, len(self.folded)
        return self.sentences[max(0, here - reach)][0], self.sentences[min(len(self.sentences) - 1, here + reach)][1]
