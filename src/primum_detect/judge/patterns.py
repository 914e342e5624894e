"""Sentence patterns as data: four tables of regular expressions with their reasons and their test tables.

relationship   Does the text confirm, or deny, that somebody is a patient?  45 CFR 164.502(a); 160.103.
solicitation   Does it ask somebody to put health details where they are not safe?  45 CFR 164.530(c), 164.312(e).
advice         Does it advise one person about their own body?  domain 9.3; general education speaks to nobody and is left alone.
policy         What may not be said for other reasons: our own secrets, advertising law, writing that stands in a picture.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import compiled, read_data
from primum_detect.matching.regex import Regex
from primum_detect.normalize.normalized import Normalized

SURE, LIKELY = 0.9, 0.6
_NEGATED = re.compile(r"\b(?:never|not|don'?t|shouldn'?t|mustn'?t|avoid|instead of|nunca|no)\b[^.!?,;:\n]{0,24}$", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """One data file. `rule` holds for all of it, unless its patterns name their own."""

    file: str
    label: str
    rule: str = ""
    skip_negated: bool = False


TABLES = (
    Table("relationship.toml", "RELATIONSHIP", "CTX.RELATIONSHIP"),
    Table("solicitation.toml", "SOLICIT", "CTX.SOLICIT", skip_negated=True),
    Table("advice.toml", "ADVICE", "ADV.CLINICAL", skip_negated=True),
    Table("policy.toml", "POLICY"),
)


@dataclass(frozen=True)
class Pattern:
    """One way to say it. `needs_addressee` and `sure` come from the table's words."""

    id: str
    rule: str
    regexes: tuple[Regex, ...]
    why: str
    tone: str
    language: str
    needs_addressee: bool
    sure: bool
    examples: tuple[str, ...]
    harmless: tuple[str, ...]
    unless: Regex | None


@cache
def load(table: Table) -> tuple[Pattern, ...]:
    """The patterns of one data file."""
    return tuple(
        Pattern(
            id=row["id"],
            rule=row.get("rule", table.rule),
            regexes=tuple(compiled(regex) for regex in row["regex"]),
            why=row["why"],
            tone=row["tone"],
            language=row.get("language", "en"),
            needs_addressee=row["addressee"] == "one person",
            sure=row["strength"] == "sure",
            examples=tuple(row["examples"]),
            harmless=tuple(row["harmless"]),
            unless=compiled(row["unless"]) if "unless" in row else None,
        )
        for row in tomllib.loads(read_data(table.file))["pattern"]
    )


def judge(text: Normalized, *, addressed: bool, check: Callable[[], None] = lambda: None) -> list[Proposal]:
    """What the tables say about one text; `check` is called before each pattern that can match, and may raise."""
    return [
        Proposal(pattern.rule, table.label, *text.span(start, end), SURE if pattern.sure else LIKELY, pattern.why, pattern.sure, pattern.tone, pattern.language)
        for table in TABLES
        for pattern, start, end in matches(table, text, addressed=addressed, check=check)
    ]


def matches(table: Table, text: Normalized, *, addressed: bool, check: Callable[[], None] = lambda: None) -> Iterator[tuple[Pattern, int, int]]:
    """Where the patterns of a table stand in the folded text."""
    for pattern in load(table):
        if pattern.needs_addressee and not addressed:
            continue
        for regex in pattern.regexes:
            if not regex.may_match(text):
                continue
            check()
            for match in regex.finditer(text):
                if pattern.unless is not None and pattern.unless.search(text, *text.sentences_around(match.start(), 1)):
                    continue
                if not (table.skip_negated and _NEGATED.search(text.folded[max(0, match.start() - 40) : match.start()])):
                    yield pattern, *match.span()
