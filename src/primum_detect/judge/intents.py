"""What an inbound text wants or tells, and how soon a person must look.  domain 9.4."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import compiled, read_data
from primum_detect.matching.regex import Regex
from primum_detect.normalize.normalized import Normalized

PRIORITIES = ("minutes", "hour", "day", "none")
FALLBACK = "off_topic"
SAFETY = frozenset(("self_harm", "emergency", "threat", "abuse_report", "adverse_event"))
DANGER = 0.35  # as likely as this the model must find that any of them is there; then the likeliest is put before a person
ALSO = 0.09  # and every other of them that is as likely as this: which one it is, the model knows less well than that there is one


@dataclass(frozen=True)
class Intent:
    """One intent: what says so (`regexes`), what says otherwise in the same sentence (`unless`), and what must stand somewhere
    in the text besides (`needs`). `alone` is how likely the model must find it by its word alone, `together` where a pattern says so, too."""

    id: str
    priority: str
    rule: str
    why: str
    regexes: tuple[Regex, ...]
    unless: tuple[Regex, ...]
    needs: Regex | None
    examples: tuple[str, ...]
    harmless: tuple[str, ...]
    alone: float
    together: float


@dataclass(frozen=True)
class Reading:
    """The intents of a text in the order of the table, the most urgent priority, and what is put before a person."""

    intents: tuple[str, ...]
    priority: str
    proposals: tuple[Proposal, ...]


@cache
def load() -> tuple[Intent, ...]:
    return tuple(
        Intent(
            id=row["id"],
            priority=row["priority"],
            rule=row["rule"],
            why=row["why"],
            regexes=tuple(compiled(regex) for regex in row["regex"]),
            unless=tuple(compiled(regex) for regex in row.get("unless", [])),
            needs=compiled(row["needs"]) if "needs" in row else None,
            examples=tuple(row["examples"]),
            harmless=tuple(row["harmless"]),
            alone=row["likely"][0],
            together=row["likely"][1],
        )
        for row in tomllib.loads(read_data("intents.toml"))["intent"]
    )


def find(intent: Intent, text: Normalized) -> tuple[int, int] | None:
    """Where the text says it first; None where it does not, or where its sentence says something else."""
    if intent.needs is not None and not intent.needs.search(text):
        return None
    for regex in intent.regexes:
        for match in regex.finditer(text):
            start, end = _sentence(text, match.start(), match.end())
            if not any(other.search(text, start, end) for other in intent.unless):
                return match.span()
    return None


def _sentence(text: Normalized, start: int, end: int) -> tuple[int, int]:
    begin, _ = text.sentences_around(start)
    _, stop = text.sentences_around(end)
    return min(begin, start), max(stop, end)


def read(text: Normalized, likely: Mapping[str, float], check: Callable[[], None] = lambda: None) -> Reading:
    """Every intent that the model sees, or a pattern with the model's consent; without a model's word the patterns stand alone. Which
    intents queue a text is the rulebook's business."""
    found: dict[str, tuple[int, int]] = {}
    whole = (0, len(text.folded))  # on the model's word alone no place is known
    in_danger = likely.get("danger", 0.0) >= DANGER
    for intent in load():
        check()
        span, score = find(intent, text), likely.get(intent.id, 0.0) if likely else 1.0
        alone = min(intent.alone, ALSO) if in_danger and intent.id in SAFETY else intent.alone
        if span is None and likely and score >= alone:
            span = whole
        backed = max(score, likely.get("danger", 0.0)) if intent.id in SAFETY else score  # a pattern says which, the model that there is danger
        if span is not None and backed >= intent.together:
            found[intent.id] = span
    if in_danger and not SAFETY & set(found):
        found[max(sorted(SAFETY), key=lambda name: likely.get(name, 0.0))] = whole
    if "emergency" in found and "adverse_event" in found and found["emergency"] == found["adverse_event"] != whole:
        del found["emergency"]
    proposals = tuple(Proposal(intent.rule, "INTENT", *text.span(*found[intent.id]), 0.8, intent.why) for intent in load() if intent.rule and intent.id in found)
    return Reading(tuple(found), most_urgent(found), proposals)


def most_urgent(names: Iterable[str]) -> str:
    """How soon a person must look, by the most urgent of the intents."""
    wanted = set(names)
    return min((intent.priority for intent in load() if intent.id in wanted), key=PRIORITIES.index, default="none")
