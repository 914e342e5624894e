"""What a text says of a permission is matched by a person: it is never believed, and it is never worth nothing."""

from __future__ import annotations

import pytest

from primum_detect import Content, screen

STORY = "Seven-year-old Theo rang the bell today after three heart surgeries, in his cape."
CLAIMS = (
    "Shared with his parents' written permission.",
    "Photo and story with the family's consent.",
    "His mom signed a release for this post.",
    "The signed authorization is on file, and so is this picture.",
    "His parents asked us to share it.",
    "Con el permiso de sus papás compartimos su historia.",
    "Sus papás nos autorizaron por escrito a contar su historia.",
)
NO_CLAIMS = (
    "Shared without his parents' permission.",
    "Remember that a permission form is needed for photos.",
    "We never got permission but the photo is too good.",
    "Nobody signed a release, we post it anyway.",
    "We don't have his parents' consent to share this.",
    "Consent is everything.",
    "Thank you for your consent.",
)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_story_that_says_it_was_permitted_waits_for_a_person(claim: str) -> None:
    report = screen(f"{STORY} {claim}")
    assert report.verdict == "review" and "AUTH.VERIFY" in report.rules


@pytest.mark.parametrize("claim", NO_CLAIMS)
def test_what_claims_nothing_changes_nothing(claim: str) -> None:
    report = screen(f"{STORY} {claim}")
    assert report.verdict == "block" and "AUTH.VERIFY" not in report.rules


def test_no_claim_covers_an_answer_that_confirms_or_a_number() -> None:
    assert screen(Content("Thank you for choosing us for your surgery, Dana! Shared with her permission.", surface="reply")).verdict == "block"
    assert screen(f"{STORY} Shared with permission. MRN 0048213").verdict == "block"


def test_others_may_say_what_they_like() -> None:
    assert "AUTH.VERIFY" not in screen(Content("She gave us permission to share her story.", surface="comment", author_role="public")).rules


@pytest.mark.parametrize("text", ["Sheriff Nolan Pratt said Sunday that two people died in the barn fire.", "Mayor Lila Dean cut the ribbon on the new infusion garden."])
def test_an_official_who_speaks_is_quoted(text: str) -> None:
    assert screen(text).verdict == "allow"


@pytest.mark.parametrize(
    "text",
    [
        "Sheriff Nolan Pratt is in our ICU after last night's wreck and his boots are under bed 4.",
        "Governor Dale Hooper told the nurse he has cancer.",
        "Mayor Dale Hooper said he has leukemia and is treated on 5 West.",
    ],
)
def test_an_official_in_a_bed_is_a_patient(text: str) -> None:
    assert screen(text).verdict == "block"


def test_a_letter_of_another_alphabet_hides_nothing() -> None:
    assert screen("Mrs. Quill has d\u0131abetes and a b\u0131opsy here.").verdict == "block"


@pytest.mark.parametrize(
    "text",
    [
        "Five stars gets you $10 off your next copay!",
        "¡Déjanos cinco estrellas y te rebajamos 25 dólares!",
        "It reverses neuropathy for good.",
        "Never mind the whiteboard behind us.",
        "If the reader dies, the code for the newborn unit is 7714 then star.",
    ],
)
def test_rewards_promises_boards_and_codes_stop(text: str) -> None:
    assert screen(text).verdict == "block"
