"""Whatever fails inside the engine, the text is held for a person with a reason; nothing fails open, and nothing is quoted."""

from __future__ import annotations

import random
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from primum_detect import Content, Engine, combine
from primum_detect import engine as engine_module
from primum_detect.judge import identifiers, inbound, mosaic, patterns
from primum_detect.report import Report
from primum_detect.tagging.tagger import ModelUnavailable, Tagger

TEXTS = ("Flu shots, walk in Mon-Fri 8 to 4.", "So sorry about your wait, Zebulon.", "Our lobby is open.", "Dad in his 40s, chainsaw, out on Route 9 tonight.")
LAYERS = (
    (engine_module, "fold"),
    (engine_module, "find_all"),
    (engine_module, "unmask"),
    (engine_module, "find_story"),
    (engine_module.names_by_model, "add"),
    (engine_module.addressee, "is_addressed"),
    (patterns, "judge"),
    (patterns, "matches"),
    (mosaic, "judge"),
    (identifiers, "judge"),
    (combine, "decide"),
    (combine, "merge"),
)
ERRORS = (ValueError, KeyError, IndexError, RecursionError, MemoryError, UnicodeError, ZeroDivisionError, AttributeError, OSError)


def fails(error: type[BaseException]) -> Callable[..., Any]:
    def function(*_: Any, **__: Any) -> Any:
        raise error("Zebulon")

    return function


def assert_held(report: Report) -> None:
    assert report.verdict == "review" and report.error and "Zebulon" not in report.error and report.suggestion is None


def test_a_thousand_faults_in_any_layer_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, engine, held = random.Random(11), Engine(), 0
    for _ in range(880):
        place, name = chance.choice(LAYERS)
        surface = "post"
        with monkeypatch.context() as patch:
            patch.setattr(place, name, fails(chance.choice(ERRORS)))
            assert_held(engine.screen(Content(chance.choice(TEXTS), surface=surface)))
        held += 1
    for _ in range(120):
        with monkeypatch.context() as patch:
            patch.setattr(inbound, "judge", fails(chance.choice(ERRORS)))
            assert_held(engine.screen(Content(chance.choice(TEXTS), surface="comment")))
        held += 1
    assert held == 1000


def test_a_fault_in_a_batch_holds_that_text_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    real = engine_module.find_story

    def picky(content: Content, *rest: Any) -> Any:
        if content.id == 1:
            raise ValueError("Zebulon")
        return real(content, *rest)

    monkeypatch.setattr(engine_module, "find_story", picky)
    reports = list(Engine().screen_many([Content(text, id=number) for number, text in enumerate(TEXTS)]))
    assert [bool(report.error) for report in reports] == [False, True, False, False]
    assert_held(reports[1])


@pytest.mark.parametrize("content", [b"", b"not a model", None])
def test_a_model_that_is_missing_or_broken_holds_every_text(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "tagger.onnx").write_bytes(content)
        (tmp_path / "tokenizer.json").write_bytes(content)
    engine = Engine(tagger=lambda: Tagger(tmp_path))
    with pytest.raises(ModelUnavailable, match="a person must look"):
        Tagger(tmp_path)
    for text in TEXTS:
        assert_held(engine.screen(text))
    assert all(report.error for report in engine.screen_many([Content(text) for text in TEXTS]))


def test_the_model_tells_nothing_of_the_machine_that_made_it() -> None:
    written = Path(str(resources.files("primum_detect").joinpath("data", "model", "tagger.onnx"))).read_bytes()
    assert len(written) < 25_000_000 and b"site-packages" not in written and b".py" not in written


def test_a_text_that_takes_too_long_is_held() -> None:
    for text in TEXTS:
        assert_held(Engine(seconds_per_text=0.0).screen(text))


@pytest.mark.parametrize("text", ["x" * 50_001, "a" * 5_000, "half \ud800 a character", "\udfff", "one \udc80 two " * 40])
def test_what_is_too_large_or_no_unicode_is_held(text: str) -> None:
    assert_held(Engine().screen(text))
