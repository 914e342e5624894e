"""Medical record numbers and their kin: FIN, CSN, encounter and accession numbers.

Format   No national format: 5-12 digits, sometimes with letters before, always institution-specific. A bare number
         proves nothing, so a label must stand directly before it.
Source   45 CFR 164.514(b)(2)(i)(H).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import NUMBER, Hit, compiled
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "MRN"
_SURE = compiled(
    r"\b(?:mrn|mr ?#|med(?:ical)? rec(?:ord)?s?(?: (?:no|num(?:ber)?|id))|(?:patient|pt|chart|medical) ?(?:id(?:entifier)?|no|num(?:ber)?|#))\.?(?: ?(?:no|num(?:ber)?|id|#))?\W{0,3}(?:is |was )?"
    + NUMBER
)
_SPACED = compiled(r"\bmrn\W{0,3}(\d{2,4}(?: \d{2,4}){1,3})\b")
_PATTERN = compiled(
    r"\b(?:med(?:ical)? rec(?:ord)?s?|chart(?: (?:no|num(?:ber)?))?|fin|csn|accession(?: (?:no|num(?:ber)?))?|encounter(?: (?:no|num(?:ber)?))?)\W{0,3}(?:is |was )?([A-Z]{0,3}-?\d{5,12})\b"
)

OPENED_BY = opened_by(_PATTERN, _SURE, _SPACED)
EXAMPLES = ("MRN 0048213", "chart# A102934", "fin: 88120044", "patient ID is 7741203", "MRN#20-449-118", "Pt ID: A-553201", "MRN 4471")
NOT_THESE = (
    "We set a record number: 4500 walkers",
    "our new MR 3000 scanner",
    "case number 20231 of flu",
    "patient number: 555-0170",
    "Hospital number one in 2026",
    "IRB 2026-118",
    "Model MRN-5 monitor",
    "the chart shows 10 tips",
)


def find(text: Normalized) -> Iterator[Hit]:
    for pattern in (_SURE, _SPACED, _PATTERN):
        for match in pattern.finditer(text):
            yield Hit(LABEL, *match.span(1), 0.97, "A record number belongs to one patient.")
