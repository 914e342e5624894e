"""Random texts, mangled real ones and hostile repetition: no exception, no text over its time. `PRIMUM_FUZZ_SECONDS=600` runs it long."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator

import pytest

from primum_detect import Content, Engine, OverBudget
from primum_detect.budget import Budget
from primum_detect.identify.layer import find_all
from primum_detect.identify.registry import IDENTIFIERS
from primum_detect.judge import intents, patterns
from primum_detect.normalize.folding import fold
from primum_detect.normalize.unmasking import unmask

SECONDS = float(os.environ.get("PRIMUM_FUZZ_SECONDS", "1"))
SLOWEST = 2.0  # seconds of this process, not of the clock: a busy machine makes no text slow. The engine stops itself after as many.
PIECES = (
    *"abc XYZ 019 ,.;:!?'\"()[]{}<>|/\\@#$%&*-_=+~^`\n\t",
    *("é", "ñ", "ß", "İ", "ﬁ", "\u200b", "\u202e", "\ufeff", "\x00", "𝔸", "🙏", "👩‍⚕️", "א", "中", "\u0301"),
    *(
        "patient ",
        "sorry ",
        "your ",
        "visit ",
        "555-0142 ",
        "MRN ",
        "Dr. ",
        "Maria ",
        "room 12 ",
        "last Tuesday ",
        "took ",
        "my mom ",
        "year-old ",
        "http://",
        "a@b.example ",
        "#Strong",
        "9" * 40,
        " " * 60,
        "-" * 60,
        "you ",
    ),
)


def texts(seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    while True:
        if chance.random() < 0.25:
            yield (chance.choice(PIECES) + chance.choice(PIECES)) * chance.randrange(1, 900)
        else:
            yield "".join(chance.choice(PIECES) for _ in range(chance.randrange(0, 160)))


def identify(text: str) -> object:
    return find_all(fold(text), IDENTIFIERS, Budget(SLOWEST))


def read_intents(text: str) -> object:
    return intents.read(fold(text), {})


def match(text: str) -> object:
    folded = fold(text)
    return patterns.judge(folded, addressed=True)


LAYERS: dict[str, Callable[[str], object]] = {
    "normalise": fold,
    "unmask": lambda text: unmask(fold(text), lambda word: len(word) > 3),
    "identify": identify,
    "patterns": match,
    "intents": read_intents,
}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_neither_raises_nor_hangs(layer: str) -> None:
    end = time.monotonic() + SECONDS
    for text in texts(len(layer)):
        if time.monotonic() > end:
            return
        begun = time.process_time()
        try:
            LAYERS[layer](text)
        except OverBudget:
            pytest.fail(f"over budget: {len(text)} characters")
        assert time.process_time() - begun < SLOWEST, f"{len(text)} characters"


def test_the_whole_engine_answers_and_its_spans_lie_in_the_text() -> None:
    engine, end = Engine(), time.monotonic() + SECONDS
    for number, text in enumerate(texts(5)):
        if time.monotonic() > end:
            return
        begun = time.process_time()
        report = engine.screen(Content(text, surface="reply" if number % 2 else "comment"))
        assert time.process_time() - begun < SLOWEST + 1
        assert report.error is None or report.verdict == "review"
        assert all(0 <= finding.start <= finding.end <= len(text) for finding in report.findings)


@pytest.mark.parametrize("text", ["@ana your " + "9" * 44 + " x", "@ana your " + "9 " * 400, "your " + "12:30" * 300, "sorry " * 3000, "an " + "-" * 60 + " é", "#A" * 3000, "1$ " * 4000])
def test_texts_that_once_took_for_ever(text: str) -> None:
    begun = time.process_time()
    report = Engine().screen(Content(text, surface="reply"))
    assert time.process_time() - begun < SLOWEST + 1 and (report.error is None or report.verdict == "review")
