"""Health plan beneficiary numbers: Medicare's MBI by shape, others by label.

Format   MBI: 11 characters, C A AN N A AN N A A N N, letters without S L O I B Z, dashes optional.
Source   CMS, "Understanding the MBI format"; 45 CFR 164.514(b)(2)(i)(I).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import LONG_NUMBER, NUMBER, Hit, compiled, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "PLAN"
_L = "[AC-HJKMNP-RT-Y]"
_MBI = compiled(rf"\b[1-9]{_L}[0-9AC-HJKMNP-RT-Y]\d-?{_L}[0-9AC-HJKMNP-RT-Y]\d-?{_L}{_L}\d\d\b", case_sensitive=True)
_LABELLED = located(
    r"\b(?:(?:(?:health )?plan|member(?:ship)?|subscriber|beneficiary|policy(?:holder)?|medicaid|medicare|insurance|ins|group|hicn|hpbn)\s?(?:id|no|num(?:ber)?|beneficiary (?:id|no|number)|policy|#)\.?|mbi|hicn)\s?#?\W{0,3}(?:is )?"
    + NUMBER
)
_SHORT = located(r"\b(?:member|subscriber|ins(?:urance)?|beneficiary|medicaid|medicare|group/member|va card|insurance card)\W{1,3}(?:[a-z]{3} )?" + LONG_NUMBER)
_WHY = "A plan or member number belongs to one insured person."

OPENED_BY = opened_by(_MBI, _LABELLED, _SHORT)
EXAMPLES = ("1EG4-TE5-MK73", "member ID: XQH884120771", "Medicaid number is 442091873A", "health plan # HP-77120-4", "member ID W2201 88745")
NOT_THESE = (
    "Our Strategic Plan 2026-2030 is here",
    "Read the policy 100.20.3000",
    "Insurance: 555-0160",
    "Plan 2026-27",
    "our Group 12 meets",
    "insurance number 212-555-0160",
    "Medicare Plan B",
    "the member number 12",
    "5-star plan of 2026",
)


def find(text: Normalized) -> Iterator[Hit]:
    for match in _MBI.finditer(text):
        yield Hit(LABEL, *match.span(), 0.95, _WHY)
    for pattern in (_LABELLED, _SHORT):
        for match in pattern.finditer(text):
            yield Hit(LABEL, *match.span(1), 0.9, _WHY)
