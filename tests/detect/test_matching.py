"""The gate before the patterns may save time, and must never cost a finding."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from primum_detect.identify.registry import IDENTIFIERS
from primum_detect.identify.shapes import located
from primum_detect.judge import intents, patterns
from primum_detect.matching.gate import EVERYTHING, Gate
from primum_detect.matching.literals import required
from primum_detect.matching.regex import LowerRegex
from primum_detect.normalize.folding import fold

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from write_needs import every_pattern  # noqa: E402


def real_texts() -> Iterator[str]:
    for name in ("outbound", "inbound"):
        for line in (ROOT / "evaluation" / "texts" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]
    for table in patterns.TABLES:
        for pattern in patterns.load(table):
            yield from pattern.examples
    for intent in intents.load():
        yield from intent.examples


def test_a_pattern_that_is_not_run_would_not_have_matched() -> None:
    everything, skipped = every_pattern(), 0
    of_lower = [(pattern, pattern._lower.search) for pattern in everything if isinstance(pattern, LowerRegex)]
    others = [(pattern, pattern.regex.search) for pattern in everything if not isinstance(pattern, LowerRegex)]
    forms = [fold(form) for text in real_texts() for form in (text, text.upper())]
    for by, patterns_of in ((lambda text: text.lower, of_lower), (lambda text: text.folded, others)):
        for words, text in {by(text): text for text in forms}.items():  # most fold alike, and are one text to a pattern
            for pattern, search in patterns_of:
                if not pattern.may_match(text):
                    skipped += 1
                    assert search(words) is None, pattern.source[:120]
    assert skipped > 100_000


def test_in_lower_case_a_pattern_finds_what_it_finds_in_any() -> None:
    compared = 0
    for text in map(fold, islice(real_texts(), 0, None, 8)):
        for pattern in every_pattern():
            if isinstance(pattern, LowerRegex) and pattern.may_match(text):
                compared += 1
                assert [match.span() for match in pattern.finditer(text)] == [match.span() for match in pattern.regex.finditer(text.folded)], pattern.source[:120]
    assert compared > 1_000


@pytest.mark.parametrize("words", ["Straße 7 to the ER", "ﬁrst aid in the ER", "3ᵗʰ floor", "Kelvin ER İstanbul", "ıt bled in the er", "日本 ER 12"])
def test_other_scripts_are_read_as_well(words: str) -> None:
    text = fold(words)
    for pattern in every_pattern():
        assert bool(pattern.search(text)) == bool(pattern.regex.search(text.folded)), pattern.source[:120]


def test_what_patterns_need_was_worked_out_from_todays_patterns() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "tools" / "write_needs.py"), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\blast (?:night|week)\b", {"last night", "last week"}),
        (r"(?:a|your) visits?", {"a visit", "your visit"}),
        (r"\d{3}-\d{2}", {"000-00"}),
        (r"(\w+) told \1", {" told "}),
        (r"x*(?:never|nunca)?", None),
        (r"[a-z]+", None),
        (r"(?:room|\w+) \d+", {"0"}),
        (r"(?!no)(?<=a)bed +four", {"bed "}),
        (r"(?:ab|cd){3,}", {"ab", "cd"}),
        (r"(?>abc)d", None),
    ],
)
def test_what_must_stand_in_a_text(pattern: str, words: set[str] | None) -> None:
    found = required(pattern, re.IGNORECASE)
    if words is None:
        assert found is None
    else:
        assert found is not None and all(any(word in need for word in words) or any(need in word for word in words) for need in found)


def test_a_gate_opens_for_what_stands_there_and_for_what_it_cannot_judge() -> None:
    gate = Gate()
    first = gate.add(lambda: frozenset({"room 0"}))
    unknown = gate.add(lambda: None)
    assert gate.possible("in ROOM 7") == gate.possible("room 4") and gate.possible("room 4") >> first & 1
    assert not gate.possible("the lobby") >> first & 1 and gate.possible("the lobby") >> unknown & 1
    assert gate.possible("la habitación") == EVERYTHING
    seen = gate.possible("the lobby")
    late = gate.add(lambda: frozenset({"bed"}))
    assert seen >> late & 1, "a text read before a pattern was known keeps every door to it open"
    assert not gate.possible("the lobby") >> late & 1


def test_an_identifier_that_is_not_asked_would_have_found_nothing() -> None:
    not_asked = 0
    for text in map(fold, real_texts()):
        for identifier in IDENTIFIERS:
            if not text.possible & getattr(identifier, "OPENED_BY", EVERYTHING):
                not_asked += 1
                assert not list(identifier.find(text))
    assert not_asked > 1_000


@pytest.mark.parametrize("pattern", [r"\bRoom \d", r"(?i:room)", r"(?-i:room)", r"é?\d", r"(?P<no>\d) [A-F]"])
def test_only_a_pattern_in_lower_case_is_run_over_lower_case(pattern: str) -> None:
    with pytest.raises(ValueError, match="lower case"):
        located(pattern)
