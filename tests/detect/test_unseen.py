"""Where the model sees nothing: what only might point at somebody gives way, what is plainly written does not. Each with its dangerous twin."""

from __future__ import annotations

import pytest

from primum_detect import Content, screen
from primum_detect.judge.likeness import NOTHING_AT_ALL, UNSEEN, doubted
from primum_detect.judge.proposals import Proposal


def proposal(rule: str, *, sure: bool, label: str = "UNIQUE") -> Proposal:
    return Proposal(rule, label, 0, 5, 0.8, "why", sure)


def test_what_was_not_sure_falls_away_and_what_was_is_looked_at() -> None:
    given = [proposal("CTX.UNIT", sure=False), proposal("CTX.MOSAIC", sure=True), proposal("CTX.RELATIONSHIP", sure=True), proposal("ID.NAME", sure=True), proposal("ID.SSN", sure=True)]
    left = {p.rule: p.sure for p in doubted(given, {"stop": NOTHING_AT_ALL / 2})}
    assert left == {"CTX.MOSAIC": False, "CTX.RELATIONSHIP": False, "ID.NAME": False, "ID.SSN": True}


def test_where_it_sees_a_little_nothing_falls_away() -> None:
    given = [proposal("CTX.UNIT", sure=False), proposal("CTX.MOSAIC", sure=True), proposal("ID.NAME", sure=True)]
    left = {p.rule: p.sure for p in doubted(given, {"stop": (NOTHING_AT_ALL + UNSEEN) / 2})}
    assert left == {"CTX.UNIT": False, "CTX.MOSAIC": False, "ID.NAME": True}


@pytest.mark.parametrize("heads", [{}, {"stop": UNSEEN}, {"stop": 0.9}])
def test_a_model_that_was_not_asked_or_sees_something_changes_nothing(heads: dict[str, float]) -> None:
    given = [proposal("CTX.UNIT", sure=False), proposal("CTX.RELATIONSHIP", sure=True)]
    assert doubted(given, heads) == given


def test_the_organisations_own_secrets_stay() -> None:
    given = [proposal("ADV.CLINICAL", sure=True, label="POLICY")]
    assert doubted(given, {"stop": 0.0}) == given


@pytest.mark.parametrize(
    ("text", "twin"),
    [
        (
            "We'd love to have you! Volunteer orientation is the first Tuesday of each month at 5:30 p.m.",
            "We'd love to have you back! Your infusion chair is yours on Tuesday at 5:30 p.m., as always.",
        ),
        (
            "Every concern deserves a real conversation. Administrator Lyle Foss answers his own phone: 555-0109.",
            "Every concern deserves a real conversation. Our case manager can reach her mother at 555-0109.",
        ),
    ],
)
def test_an_answer_about_our_own_affairs_passes_and_its_twin_does_not(text: str, twin: str) -> None:
    assert screen(Content(text, surface="reply", author_role="org")).verdict == "allow"
    assert screen(Content(twin, surface="reply", author_role="org")).verdict != "allow"


def test_a_volunteers_age_is_hers_to_be_proud_of_and_a_patients_is_not() -> None:
    assert screen(Content("Volunteer Harriet Blum, age 91, on her 6,000th hour at the information desk.", surface="image_caption")).verdict == "allow"
    assert screen(Content("A 96-year-old man told Dr. Ortiz the best joke of the night in our ER.")).verdict == "block"
