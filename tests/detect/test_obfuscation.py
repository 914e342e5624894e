"""A hundred texts that stop, written around the filter in seven ways: at most one in twenty gets through, and spans still fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from primum_detect import Content, screen
from primum_detect.judge import patterns

LEET = str.maketrans("aeiost", "4310$7")
LOOK_ALIKES = str.maketrans("aeopcyx", "аеорсух")


def one_word_spaced(text: str) -> str:
    words = text.split()
    longest = max((word for word in words if word.isalpha()), key=len)
    words[words.index(longest)] = " ".join(longest)
    return " ".join(words)


WAYS: dict[str, Callable[[str], str]] = {
    "leet": lambda text: text.translate(LEET),
    "look-alikes": lambda text: text.translate(LOOK_ALIKES),
    "zero width": "\u200b".join,
    "spaced": one_word_spaced,
    "emoji": lambda text: text.replace(" ", " 🙏 ", 2) + " ❤️",
    "mixed case": lambda text: "".join(char.upper() if at % 2 else char.lower() for at, char in enumerate(text)),
    "hashtag": lambda text: text + " #ThankYou #Wrenfield",
}


@pytest.fixture(scope="module")
def positives() -> list[str]:
    texts = [text for table in patterns.TABLES if table.rule for pattern in patterns.load(table) if pattern.sure for text in pattern.examples if text.isascii()]
    found = [text for text in texts if screen(Content(text, surface="reply")).verdict == "block"][:100]
    assert len(found) == 100
    return found


@pytest.mark.parametrize("way", WAYS)
def test_written_around_the_filter_it_still_stops(positives: list[str], way: str) -> None:
    lost = []
    for text in positives:
        written = WAYS[way](text)
        report = screen(Content(written, surface="reply"))
        assert all(0 <= finding.start < finding.end <= len(written) for finding in report.findings)
        if report.verdict != "block":
            lost.append(written)
    assert len(lost) <= 5, lost
