"""Real cases that teach why a rule exists: settlements and penalties as published by OCR. Shown beside a finding, once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One case: who, when, what it cost, and the lesson in one sentence."""

    who: str
    year: int
    cost: str
    lesson: str


_NEW_VISION = Case("New Vision Dental, California", 2022, "$23,000", "Answers to reviews named people behind aliases, their visits and their insurance.")
_MANASA = Case("Manasa Health Center, New Jersey", 2023, "$30,000", "An answer to a review argued with diagnosis and treatment.")
_COMPLETE_PT = Case("Complete P.T., California", 2016, "$25,000", "Testimonials with names and faces went online without a signed authorization.")
_THRAN = Case("An emergency physician, Rhode Island", 2011, "$500 and lost privileges", "A story about an injury identified the patient. No name was in it.")

BY_RULE = {"CTX.RELATIONSHIP": _NEW_VISION, "CTX.MOSAIC": _THRAN, "CTX.UNIT": _THRAN, "ID.NAME": _COMPLETE_PT, "CTX.SOLICIT": _MANASA}


def case_for(rules: tuple[str, ...], *, is_reply: bool) -> Case | None:
    """The case that fits best, or None."""
    if is_reply and "ID.NAME" in rules and "CTX.RELATIONSHIP" in rules:
        return _NEW_VISION
    return next((BY_RULE[rule] for rule in ("CTX.RELATIONSHIP", "CTX.MOSAIC", "ID.NAME", "CTX.UNIT", "CTX.SOLICIT") if rule in rules), None)
