"""Where a text stands, who speaks and what it answers: the same words are one thing here and another there."""

from __future__ import annotations

import pytest

from primum_detect import Content, screen
from primum_detect.tagging.features import HEARD, MAX_HEARD, Around, code, features_of
from primum_detect.tagging.tagger import default_tagger

TOKENIZER = default_tagger()._tokenizer  # what the model is given is looked at here as it is given


def test_what_is_answered_follows_the_text_and_has_no_place_in_it() -> None:
    text = "So glad it works!"
    alone, beside = code(TOKENIZER, text), code(TOKENIZER, text, Around("reply", "org", "Love the new parking app"))
    assert alone.features == features_of(text, alone.offsets)
    own = len(alone.ids)
    assert beside.ids[:own] == alone.ids and beside.offsets == alone.offsets
    assert set(beside.features[own:]) == {HEARD} and len(beside.features) == len(beside.ids) > own
    assert beside.features[0] != alone.features[0] and beside.features[own - 1] != alone.features[own - 1]


def test_a_long_thread_is_cut() -> None:
    assert len(code(TOKENIZER, "Thanks!", Around(heard="word " * 5_000)).ids) <= len(code(TOKENIZER, "Thanks!").ids) + MAX_HEARD


def test_somewhere_unknown_is_nowhere() -> None:
    assert code(TOKENIZER, "Thanks!", Around("billboard", "mascot")) == code(TOKENIZER, "Thanks!")


@pytest.mark.parametrize(
    ("content", "is_ours", "is_answer"),
    [
        (Content("x", surface="dm"), False, False),
        (Content("x", surface="dm", author_role="org"), True, True),
        (Content("x", surface="comment", author_role="org"), True, False),
        (Content("x", surface="comment", author_role="org", thread=("Nice",)), True, True),
        (Content("x", surface="dm", author_role="workforce"), False, False),
        (Content("x", surface="dm", author_role="workforce", thread=("Hi, it's me",)), True, True),
        (Content("x", surface="comment", author_role="workforce", thread=("Happy Nurses Week",)), False, False),
        (Content("x", surface="review", author_role="patient_or_family"), False, False),
    ],
)
def test_what_our_own_people_answer_is_ours_wherever_it_stands(content: Content, is_ours: bool, is_answer: bool) -> None:
    assert (content.is_outbound, content.is_answer) == (is_ours, is_answer)


def test_a_colleague_in_danger_is_heard_whoever_wrote_before() -> None:
    cry = Content("I have the pills in my hand and I want to die tonight.", surface="dm", author_role="workforce", thread=("Thanks for writing to us!",))
    report = screen(cry)
    assert "self_harm" in report.intents and report.priority == "minutes" and report.verdict != "allow"


def test_a_profile_line_makes_nobodys_cry_an_answer_of_ours() -> None:
    cry = Content("I want to die tonight.", surface="dm", bio="RN, mom of three", thread=("Thanks for writing to us!",))
    assert "self_harm" in screen(cry).intents


def test_what_matters_may_stand_at_the_end_of_what_is_answered() -> None:
    lobby = "Love the new parking app and the bright lobby, the fountain, the fish tank and the piano. " * 6
    answer = "That makes our day, we're so happy it went well!"
    assert screen(Content(answer, surface="reply", thread=(lobby,))).verdict == "allow"
    assert screen(Content(answer, surface="reply", thread=(lobby + "My daughter's tonsil surgery with you went perfectly.",))).verdict != "allow"


def test_an_answer_in_the_inbox_is_held_back_like_any_other() -> None:
    thread = ("Did you get my test back yet?",)
    answer = Content("Your biopsy came back clear, see you Tuesday at your appointment.", surface="dm", author_role="org", thread=thread)
    report = screen(answer)
    assert report.verdict == "block" and report.suggestion and not report.intents


TWINS = [
    ("So glad it's working out so well for you!", "The new knee is a dream, thank you Dr. Sand", "The new parking app is a dream"),
    ("That makes our day, we're so happy it went well!", "My daughter's tonsil surgery with you went perfectly", "My daughter's lemonade stand at your fair went perfectly"),
    ("Glad it healed so nicely!", "The scar from my C-section is almost gone, thank you", "The scratch on your lobby floor is almost gone"),
    ("Congratulations! You worked so hard for this.", "Six months clean today thanks to your program", "I passed the boards! Your volunteer coordinator wrote my letter"),
]


@pytest.mark.parametrize(("answer", "care", "no_care"), TWINS)
def test_what_is_answered_decides(answer: str, care: str, no_care: str) -> None:
    def verdict(heard: str) -> str:
        return screen(Content(answer, surface="reply", author_role="org", thread=(heard,))).verdict

    assert verdict(care) != "allow" and verdict(no_care) == "allow"


@pytest.mark.parametrize("text", ["7f3k-" * 400, "a1b2 " * 300, "Una señora de Río Escondido preguntó otra vez. " * 40, "Flu shots, walk in. " * 60, ""])
def test_every_window_is_seen_to_its_end(text: str) -> None:
    parts = list(default_tagger()._windows(text))
    assert "".join(part for _, part in parts).strip() == text.strip()
    assert all(text.startswith(part, at) and not TOKENIZER.encode(part).overflowing for at, part in parts)
