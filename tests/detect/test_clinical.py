"""Medicine's own names and codes are nobody; the same names beside a title or a first name are somebody."""

from __future__ import annotations

import pytest

from primum_detect import identify
from primum_detect.identify.names_by_model import add
from primum_detect.identify.shapes import Hit
from primum_detect.normalize.folding import fold
from primum_detect.tagging.tagger import Tags


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.label, text[finding.start : finding.end]) for finding in identify(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Best first line for Hashimoto thyroiditis?",
        "Does the Wells score work in pregnancy?",
        "When to place a Foley after surgery?",
        "Explain Kussmaul breathing to a student.",
        "Mallory-Weiss vs Boerhaave",
        "Jackson-Pratt drain on the third day, Whipple done.",
        "Norepinephrine vs vasopressin in septic shock",
        "What does the Ottawa ankle rule say?",
        "Is Lyme disease endemic in Texas?",
        "Foley out POD1, retention. Replace?",
        "Rinne neg on L, Weber to L. Conductive?",
        "Pt allergic to PCN, needs cefazolin. Safe?",
        "Z79.4 vs Z79.84 when on both insulin and glipizide?",
        "Write a handout on Kegel exercises, sixth grade level.",
        "small town ER in the Midwest, no cath lab",
    ],
)
def test_medicines_own_names_point_at_nobody(text: str) -> None:
    assert [hit for hit in found(text) if hit[0] in ("NAME", "GEO", "DATE")] == []


@pytest.mark.parametrize(
    ("text", "somebody"),
    [
        ("Mrs. Crohn was admitted today", "Crohn"),
        ("Robert Foley needs a ride home from the clinic", "Robert Foley"),
        ("Pt Wells seen in clinic, cough for a week", "Wells"),
        ("has anyone heard from Kazuo Fujimoto since the storm?", "Kazuo Fujimoto"),
        ("mr okonjo came back with the same leg swelling", "okonjo"),
        ("name=fatoumata diallo-keane dob=1990-07-21", "fatoumata diallo-keane"),
        ("pt's dad bohdan texted me", "bohdan"),
        ("J.T., 64M bed 12, drain output bilious", "J.T."),
        ("Thomas Jackson, Crohn's flare, called twice", "Thomas Jackson"),
        ("Weber came to the clinic with Corinne, coughing", "Weber"),
        ("Pt Weber tests positive again, seen in clinic", "Weber"),
    ],
)
def test_the_same_names_beside_a_person_are_somebody(text: str, somebody: str) -> None:
    assert any(label == "NAME" and somebody in words for label, words in found(text))


def test_a_telephone_behind_a_word_of_billing_is_ours_to_give() -> None:
    for text in ("Insurance questions? The billing number is 555-0160.", "Insurance: 555-0160", "Our claim number for the 5K is 12"):
        assert not [hit for hit in found(text) if hit[0] in ("PLAN", "ACCOUNT", "MRN")], text


def test_the_model_may_part_in_two_what_the_lists_took_for_one() -> None:
    text = fold("Call Maria Theo Lindqvist today")
    listed = Hit("NAME", 5, 25, 0.75, "", "full")
    tags = Tags(((5, 10, "PER", 0.9), (11, 25, "PER", 0.9)), {})
    assert [(hit.start, hit.end) for hit in add(text, [listed], tags)] == [(5, 10), (11, 25)]
