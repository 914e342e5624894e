"""Which posts the model is asked about: all that might have to be stopped, and not every post about the weather."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from primum_detect import Content
from primum_detect.normalize.folding import fold
from primum_detect.tagging import worth_asking

SMALL_TALK = "RT @kirby: new video https://t.example/a"
PADS = (" Awesome day. Much love. Celebrate with the club tomorrow, game time 7pm January 3rd.", " via @wrenfield http://t.example/aB3xQ", " Love it! Happy Friday, enjoy the game!")
TEXTS = Path(__file__).resolve().parents[2] / "evaluation" / "texts" / "outbound.jsonl"


def asked(text: str, surface: str = "post", role: str = "org") -> bool:
    return worth_asking.is_worth_asking(Content(text, surface=surface, author_role=role), fold(text))


def own_posts_to_stop() -> list[str]:
    rows = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    return [row["text"] for row in rows if row["verdict"] != "allow" and row["author_role"] == "org" and row["surface"] == "post"]


def test_nearly_every_post_that_must_be_stopped_is_read() -> None:
    bad = own_posts_to_stop()
    assert len(bad) > 100
    assert sum(map(asked, bad)) / len(bad) >= 0.98


@pytest.mark.parametrize("pad", PADS)
def test_nothing_that_is_added_spares_a_post(pad: str) -> None:
    assert all(asked(text + pad) and asked(pad + " " + text) for text in own_posts_to_stop() if asked(text))


@pytest.mark.parametrize("text", [SMALL_TALK, "watching the game tonight lol http://t.example/b"])
def test_small_talk_is_not(text: str) -> None:
    assert not asked(text)


@pytest.mark.parametrize(
    ("surface", "role"), [("post", "workforce"), ("post", "press"), ("reply", "org"), ("ad", "org"), ("bio", "org"), ("image_caption", "org"), ("alt_text", "org"), ("comment", "public")]
)
def test_what_is_always_read(surface: str, role: str) -> None:
    assert asked(SMALL_TALK, surface, role)


MANY = {f"w{number}": 1.0 for number in range(200)}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[1]",
        '{"words": [], "threshold": 1}',
        '{"words": {}, "threshold": 1}',
        json.dumps({"words": MANY, "threshold": float("nan")}),
        json.dumps({"words": MANY, "threshold": float("inf")}),
        json.dumps({"words": {**MANY, "game": -1.0}, "threshold": 1.0}),
        json.dumps({"words": {**MANY, "game": float("nan")}, "threshold": 1.0}),
    ],
)
def test_without_sound_weights_everything_is_read(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worth_asking, "read_data", lambda name: content)
    worth_asking._weights.cache_clear()
    try:
        assert asked(SMALL_TALK)
    finally:
        worth_asking._weights.cache_clear()
