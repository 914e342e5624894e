"""What must stand in a text for a pattern to match there, read off the pattern itself.

A match of `last (?:night|week)` holds "last night" or "last week": a text that holds neither cannot match. Digits count as one
letter, "0", so that the shape of a number is a literal, too. Where nothing can be said the answer is None: the pattern always runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

try:  # The standard library's own parser has no public name; where it has moved, every pattern simply runs.
    from re import _constants as ops  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover - a later Python
    parser = None

Words = frozenset[str]

_MOST = 1_200  # alternatives; a longer list says too little for its price
_MANY = 150  # from here on a list is worth cutting
_LONGEST = 24  # letters of one literal
_ENOUGH, _PLENTY = 0.9, 3.0  # what a set must be worth; beyond the second, a shorter list is the better one
_NOTHING: Words = frozenset(("",))


def required(pattern: str, flags: int) -> Words | None:
    """Lower-case words, digits as "0", one of which stands in every match; None where there is no such set. Raises re.error."""
    if parser is None:
        return None
    try:
        return _best(list(parser.parse(pattern, flags)))
    except (_UnknownPart, RecursionError):
        return None


class _UnknownPart(Exception):
    """A part of a pattern that this file does not know."""


def _worth(words: Words | None) -> float:
    """How much a set tells: its weakest member. Blanks and single letters stand in nearly every text."""
    if not words:
        return 0.0
    return min(sum(0.1 if char == " " else 0.9 if char == "0" else 1.5 if not char.isalnum() else 0.5 if len(word) == 1 else 1.0 for char in word) for word in words)


def _better(one: Words | None, other: Words | None) -> Words | None:
    if one is None or other is None:
        return one if other is None else other
    return max(one, other, key=lambda words: (min(_worth(words), _PLENTY), -len(words)))


def _best(parts: list[Any]) -> Words | None:
    """The most telling set among the runs of a sequence."""
    best: Words | None = None
    run: Words = _NOTHING
    for part in parts:
        if part[0] is ops.ASSERT:
            best = _better(best, _best(list(part[1][1])))
        exact = _exact(part)
        if exact is not None and len(run) * len(exact) <= _MOST:
            joined = frozenset(a + b for a, b in product(run, exact))
            if all(len(word) <= _LONGEST for word in joined):
                run = joined
                continue
        best, run = _better(best, run), _NOTHING
        if exact is not None:
            if all(len(word) <= _LONGEST for word in exact):
                run = exact
            else:
                best = _better(best, frozenset(word[:_LONGEST] for word in exact))
            continue
        best = _better(best, _loose(part))
    best = _better(best, run)
    return _shortened(best) if best is not None and _worth(best) >= _ENOUGH else None


def _shortened(words: Words) -> Words:
    """The same with fewer words: where "may 0" must be found, "on may 0" says nothing more. A long list is cut to beginnings."""
    for length in (_LONGEST, 8, 6, 5):
        words = frozenset(word[:length] for word in words)
        words = frozenset(word for word in words if not any(part in words for part in _parts(word)))
        if len(words) <= _MANY:
            break
    return words


def _parts(word: str) -> Iterator[str]:
    """Every shorter piece of a word."""
    return (word[at : at + length] for length in range(1, len(word)) for at in range(len(word) - length + 1))


def _exact(part: Any) -> Words | None:
    """Everything the part can match, where that is a short list."""
    name, value = part
    if name is ops.LITERAL:
        return frozenset((_letter(chr(value)),))
    if name is ops.AT or name in (ops.ASSERT, ops.ASSERT_NOT):
        return _NOTHING
    if name is ops.IN:
        return _letters_of(value)
    if name is ops.SUBPATTERN:
        return _sequence(list(value[3]))
    if name is ops.BRANCH:
        words = _union(value[1], _sequence)
        return words if words is not None and len(words) <= _MOST else None
    if name in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, most, inner = value
        words = _sequence(list(inner))
        if words is None or most > 8:
            return None
        found: set[str] = set()
        for count in range(least, int(most) + 1):
            if len(words) ** count > _MOST:
                return None
            found |= {"".join(choice) for choice in product(words, repeat=count)}
        return frozenset(found) if len(found) <= _MOST else None
    return None


def _union(branches: Iterable[Any], read: Callable[[list[Any]], Words | None]) -> Words | None:
    """The words of every branch together; None where one of them tells nothing."""
    found = [read(list(branch)) for branch in branches]
    return frozenset().union(*(words for words in found if words is not None)) if None not in found else None


def _sequence(parts: list[Any]) -> Words | None:
    run = _NOTHING
    for part in parts:
        words = _exact(part)
        if words is None or len(run) * len(words) > _MOST:
            return None
        run = frozenset(a + b for a, b in product(run, words))
    return run


def _loose(part: Any) -> Words | None:
    """What must stand in a part that matches more than a short list."""
    name, value = part
    if name in (ops.ANY, ops.NOT_LITERAL, ops.IN, ops.GROUPREF, ops.GROUPREF_EXISTS, ops.CATEGORY):
        return None
    if name is ops.SUBPATTERN:
        return _best(list(value[3]))
    if name is ops.BRANCH:
        words = _union(value[1], _best)
        return None if words is None else _shortened(words)
    if name in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, _, inner = value
        if not least:
            return None
        words = _sequence(list(inner) * min(least, 12))
        return _better(_best(list(inner)), words if words is None else frozenset(word[:_LONGEST] for word in words))
    raise _UnknownPart


def _letter(char: str) -> str:
    return "0" if char.isdigit() else char.lower()


def _letters_of(items: list[Any]) -> Words | None:
    found: set[str] = set()
    for name, value in items:
        if name is ops.LITERAL:
            found.add(_letter(chr(value)))
        elif (name, value) == (ops.CATEGORY, ops.CATEGORY_DIGIT) or (name is ops.RANGE and all(chr(end).isdigit() for end in value)):
            found.add("0")
        else:
            return None
    return frozenset(found) if len(found) <= 8 else None
