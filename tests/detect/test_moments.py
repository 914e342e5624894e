"""The moments that must win people over, word for word."""

from __future__ import annotations

import pytest

from primum_detect import Content, Engine, Profile

WRENFIELD = Engine(profile=Profile(names=("Wrenfield Health", "Wrenfield"), towns=("Marlow Bay",), phones=("555-0142",), patient_relations="555-0170", nurse_line="555-0142"))
MOMENT_1 = "Rough one in the ED tonight. Dad in his 40s, chainsaw vs. thigh, out on Route 9. Our trauma team did NOT quit on him. #NightShift"
MOMENT_2 = "So sorry about your long wait last Tuesday, Dana. Dr. Osei did everything right for your son. DM us his date of birth."
GREEN = (
    "What to bring to your visit: photo ID, insurance card, your medicines.",
    "Nurse of the Month: Tonya Wells, RN, 4 West.",
    "Blood drive Tuesday, Dec 1, 8 to 4, Conference Room 210, 455 Elm Street.",
    "Our volunteers gave 93,000 hours.",
    "Thank you for choosing Wrenfield as Marlow Bay's best place to work!",
    "Welcome Dr. Elena Marchetti to cardiology: 555-0142.",
    "We have a nurse line at 555-0142.",
)


def test_no_name_still_a_patient() -> None:
    report = WRENFIELD.screen(Content(MOMENT_1, town="Marlow Bay"))
    assert report.verdict == "block" and report.rules == ("CTX.MOSAIC",)
    words = {MOMENT_1[term.start : term.end] for term in report.terms if term.start is not None}
    assert {"Dad", "in his 40s", "chainsaw", "Route 9", "tonight"} <= words
    assert any(term.kind == "channel" and term.start is None for term in report.terms)
    assert report.suggestion == "Our trauma team trains for the hardest nights, so they are ready for yours. #NightShift"
    assert WRENFIELD.screen(report.suggestion).verdict == "allow"


@pytest.mark.parametrize("text", GREEN)
@pytest.mark.parametrize("engine", [WRENFIELD, Engine()], ids=["own profile", "no profile"])
def test_then_silence(text: str, engine: Engine) -> None:
    report = engine.screen(Content(text, town="Marlow Bay"))
    assert (report.verdict, report.findings) == ("allow", ())


def test_the_review_has_five_marks() -> None:
    report = WRENFIELD.screen(Content(MOMENT_2, surface="reply", thread=("Six hours in your ER with my kid's broken arm.",)))
    marked = [(finding.rule, MOMENT_2[finding.start : finding.end]) for finding in report.findings]
    assert report.verdict == "block"
    assert [rule for rule, _ in marked] == ["CTX.RELATIONSHIP", "ID.DATE", "ID.NAME", "CTX.RELATIONSHIP", "CTX.SOLICIT"]
    assert [words for _, words in marked][1:3] == ["last Tuesday", "Dana"]
    assert report.suggestion is not None and report.suggestion.startswith("Federal and state privacy laws") and "555-0170" in report.suggestion


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("So glad your new knee is doing well, thank you for trusting us!", "Thank you for the kind words"),
        ("We have no record of you as a patient.", "Federal and state privacy laws"),
        ("Gracias por confiarnos el cuidado de su mamá.", "Gracias por las amables palabras"),
    ],
)
def test_the_surprises(text: str, starts: str) -> None:
    report = WRENFIELD.screen(Content(text, surface="reply"))
    assert report.verdict == "block"
    assert report.suggestion is not None and report.suggestion.startswith(starts)
    assert WRENFIELD.screen(Content(report.suggestion, surface="reply")).verdict == "allow"
