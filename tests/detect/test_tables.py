"""The tables beside the identifiers, the patterns and the rules are the tests."""

from __future__ import annotations

import pytest

from primum_detect import Content, screen
from primum_detect.budget import Budget
from primum_detect.identify.layer import find_all
from primum_detect.identify.registry import IDENTIFIERS
from primum_detect.judge import intents, patterns
from primum_detect.normalize.folding import fold
from primum_detect.rulebook import default_rulebook

PATTERNS = [pattern for table in patterns.TABLES for pattern in patterns.load(table)]
RULES = list(default_rulebook().rules.values())


@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_an_identifier_finds_its_examples_and_not_its_look_alikes(identifier: object) -> None:
    assert len(identifier.EXAMPLES) >= 2 and len(identifier.NOT_THESE) >= 2  # type: ignore[attr-defined]
    for text in identifier.EXAMPLES:  # type: ignore[attr-defined]
        assert list(identifier.find(fold(text))), text  # type: ignore[attr-defined]
    for text in identifier.NOT_THESE:  # type: ignore[attr-defined]
        assert not [hit for hit in identifier.find(fold(text)) if hit.label == identifier.LABEL], text  # type: ignore[attr-defined]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.id)
def test_a_pattern_stops_its_examples_with_a_wording_that_passes(pattern: patterns.Pattern) -> None:
    assert len(pattern.examples) >= 5
    for text in pattern.examples:
        report = screen(Content(text, surface="reply"))
        wanted = default_rulebook().get(pattern.rule).verdict if pattern.rule else "block"
        assert report.verdict in (wanted, "block") or (not pattern.sure and report.verdict == "review"), text
        if pattern.rule:  # our own secrets and advertising law: often there is nothing to say instead
            assert pattern.rule in report.rules, text
        else:
            assert report.suggestion, text
        assert not report.suggestion or screen(Content(report.suggestion, surface="reply")).verdict == "allow", text


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.id)
@pytest.mark.parametrize("surface", ["post", "reply"])
def test_a_patterns_harmless_neighbours_pass(pattern: patterns.Pattern, surface: str) -> None:
    assert len(pattern.harmless) >= 10
    for text in pattern.harmless:
        assert screen(Content(text, surface=surface)).verdict == "allow", text


@pytest.mark.parametrize("intent", intents.load(), ids=lambda intent: intent.id)
def test_an_intent_is_read_in_its_examples_and_not_in_its_neighbours(intent: intents.Intent) -> None:
    assert len(intent.examples) >= 5 and len(intent.harmless) >= 5
    for text in intent.examples:
        assert intents.find(intent, fold(text)), text
    for text in intent.harmless:
        assert not intents.find(intent, fold(text)), text


ANSWERED = {"CTX.ECHO": ("I had kidney stones and nobody came.",)}  # what a rule's example answers, where it takes two


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rules_examples_fire_and_its_neighbours_do_not(rule: object) -> None:
    for text in rule.examples:  # type: ignore[attr-defined]
        reports = [screen(Content(text, surface=surface, thread=ANSWERED.get(rule.id, ()))) for surface in ("post", "reply")]  # type: ignore[attr-defined]
        assert any(rule.id in report.rules and report.verdict != "allow" for report in reports), text  # type: ignore[attr-defined]
    for text in rule.harmless:  # type: ignore[attr-defined]
        assert screen(Content(text)).verdict == "allow", text


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on 10/12 May 7, 2026", ["10/12", "May 7, 2026"]),
        ("Clinic: 12/25 December 26", ["12/25", "December 26"]),
        ("seen 3/14 May 2019", ["3/14", "May 2019"]),
        ("closed 10/12 Oct 14 and 11/3 Nov 4", ["10/12", "Oct 14", "11/3", "Nov 4"]),
        ("Rx 6620197-03 May 7", ["May 7"]),
        ("el 14 de mayo, the 1st of June, 2 JULY 2026", ["14 de mayo", "1st of June", "2 JULY 2026"]),
    ],
)
def test_a_date_takes_nothing_from_its_neighbour(text: str, dates: list[str]) -> None:
    assert [text[hit.start : hit.end] for hit in find_all(fold(text), IDENTIFIERS, Budget(5)) if hit.label == "DATE"] == dates
