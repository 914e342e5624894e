"""Sentence patterns as data: one table of regular expressions with their reasons and their test tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from primum_detect.lexicons import compiled, read_data
from primum_detect.normalize.normalized import Normalized

_NEGATED = re.compile(r"\b(?:never|not|n't|avoid|instead of|nunca|no)\b[^.!?\n]{0,24}$", re.IGNORECASE)


@dataclass(frozen=True)
class Pattern:
    """One way to say it. `needs_addressee` and `sure` come from the table's words."""

    id: str
    regexes: tuple[re.Pattern[str], ...]
    why: str
    tone: str
    language: str
    needs_addressee: bool
    sure: bool
    examples: tuple[str, ...]
    harmless: tuple[str, ...]
    rule: str = ""


@cache
def load(name: str) -> tuple[Pattern, ...]:
    """The patterns of one data file, compiled."""
    return tuple(
        Pattern(
            id=row["id"],
            regexes=tuple(compiled(regex) for regex in row["regex"]),
            why=row["why"],
            tone=row["tone"],
            language=row.get("language", "en"),
            needs_addressee=row["addressee"] == "one person",
            sure=row["strength"] == "sure",
            examples=tuple(row["examples"]),
            harmless=tuple(row["harmless"]),
            rule=row.get("rule", ""),
        )
        for row in tomllib.loads(read_data(name))["pattern"]
    )


def matches(patterns: tuple[Pattern, ...], text: Normalized, *, addressed: bool, skip_negated: bool = False, check: Callable[[], None] = lambda: None) -> Iterator[tuple[Pattern, int, int]]:
    """Where a pattern stands in the folded text, one hit per sentence and pattern."""
    for pattern in patterns:
        check()
        if pattern.needs_addressee and not addressed:
            continue
        for regex in pattern.regexes:
            for match in regex.finditer(text.folded):
                if skip_negated and _NEGATED.search(text.folded[max(0, match.start() - 40) : match.start()]):
                    continue
                yield pattern, *match.span()
