"""Safer wordings say what the author wanted to say, in the author's language."""

from __future__ import annotations

import pytest

from primum_detect import Content, Profile, screen
from primum_detect.judge.proposals import Proposal
from primum_detect.mend import wording


def small(text: str) -> str:
    start = next(at for at, char in enumerate(text) if text[at:].startswith(("3", "Three", "three", "21", "1-3", "one ")))
    return wording.without_small_counts(text, [Proposal("CTX.SMALL_CELL", "UNIQUE", start, len(text), 0.6, "")])


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Three cases of measles this month.", "Fewer than 11 cases of measles this month."),
        ("We saw 3 cases of measles.", "We saw fewer than 11 cases of measles."),
        ("A quiet month. 3 cases of flu.", "A quiet month. Fewer than 11 cases of flu."),
        ("There was one patient with leukemia.", "There was one patient with leukemia."),
    ],
)
def test_a_small_count_becomes_fewer_than_eleven(text: str, mended: str) -> None:
    assert small(text) == mended


def test_the_count_in_the_middle_of_a_number_is_left_alone() -> None:
    proposal = Proposal("CTX.SMALL_CELL", "UNIQUE", 2, 12, 0.6, "")
    assert wording.without_small_counts("1-3 patients", [proposal]) == "1-3 patients"


@pytest.mark.parametrize(
    ("text", "is_spanish"),
    [
        ("Anoche en urgencias llegó un joven con un balazo.", True),
        ("Nuestro paciente don Eusebio salió hoy.", True),
        ("2 yo drowned tonight, hug your babies", False),
        ("Love ya! Ha ha, see ya", False),
        ("La Dra. Gomez is in a talk on a heart", False),
    ],
)
def test_a_wording_speaks_the_authors_language(text: str, is_spanish: bool) -> None:
    words = list(wording.about_the_team(text, wording._language_of((), text)))
    assert words[-1].startswith("Estamos orgullosos" if is_spanish else "We are proud")


def test_a_spanish_post_is_mended_in_spanish() -> None:
    report = screen(Content("Anoche en urgencias llegó un joven de 19 con un balazo, lo trajeron de la Ruta 9. #Enfermería", town="Marlow Bay"))
    assert report.verdict == "block" and report.suggestion and report.suggestion.startswith("Nuestro equipo") and report.suggestion.endswith("#Enfermería")


def test_who_is_in_danger_is_answered_in_their_language() -> None:
    cry = "Ya no puedo más, hoy mismo acabo con todo, tengo las pastillas en la mano"
    report = screen(Content("We are so sorry to hear this, your visit to our clinic on Monday must have been hard for you and we hope you come back.", surface="reply", thread=(cry,)))
    assert report.suggestion == wording.ready("crisis", "es", Profile())
