"""Health plan beneficiary numbers: Medicare's MBI by shape, others by label.

Format   MBI: 11 characters, C A AN N A AN N A A N N, letters without S L O I B Z, dashes optional.
Source   CMS, "Understanding the MBI format"; 45 CFR 164.514(b)(2)(i)(I).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, compiled
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "PLAN"
_L = "[AC-HJKMNP-RT-Y]"
_MBI = compiled(rf"\b[1-9]{_L}[0-9AC-HJKMNP-RT-Y]\d-?{_L}[0-9AC-HJKMNP-RT-Y]\d-?{_L}{_L}\d\d\b", case_sensitive=True)
_LABELLED = compiled(r"\b(?:member|subscriber|beneficiary|policy|medicaid|medicare|insurance|group)\s*(?:id|no|num(?:ber)?|#)\W{0,3}(?:is )?((?=[A-Z0-9-]{0,15}\d{3})[A-Z]{0,4}-?[A-Z0-9-]{5,15})\b")
_WHY = "A plan or member number belongs to one insured person."

OPENED_BY = opened_by(_MBI, _LABELLED)
EXAMPLES = ("1EG4-TE5-MK73", "member ID: XQH884120771", "Medicaid number is 442091873A")
NOT_THESE = ("Medicare Plan B", "the member number 12", "5-star plan of 2026")


def find(text: Normalized) -> Iterator[Hit]:
    for match in _MBI.finditer(text):
        yield Hit(LABEL, *match.span(), 0.95, _WHY)
    for match in _LABELLED.finditer(text):
        yield Hit(LABEL, *match.span(1), 0.9, _WHY)
