"""Any other code that stands for one person: study subjects, specimens, prescriptions, files.

Format   By label; six digits or letters and digits in groups, because no format is common to them. A UUID (RFC 9562) needs none.
Source   45 CFR 164.514(b)(2)(i)(R).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import NUMBER, Hit, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "UNIQUE"
_LABELLED = located(
    r"\b(?:(?:(?:trial|study|research) )?(?:subject|participant|enrollee)|specimen|sample|biobank|donor|recipient|prescription|script|rx|biometric|voiceprint|voice file|fingerprint|barcode|dicom|accession|referral)"
    r"(?: (?:id|no|num(?:ber)?|file|code|rx))?\.?\W{0,3}(?:is )?(?!\d{1,4}(?:-\d{1,4})? ?(?:mg|ml|mcg|units?|tablets?|pills?)\b)(?=[a-z0-9./-]*\d[a-z0-9./-]*\d)(?=[a-z]*\d{6}|[a-z0-9]+[-/.])" + NUMBER
)
_BARE = located(r"(?<!tax )(?<!zoom )(?<!meeting )(?<!webinar )\b(?:id|uid)\W{0,2}(?=[a-z]{1,5}[\d-])(?=[a-z0-9./-]{6})(?=[a-z]*\d{6}|[a-z0-9]+[-/.])" + NUMBER)
_UUID = located(r"(?<![\w/=-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])")
_WHY = "A code that is given to one person leads to them."

OPENED_BY = opened_by(_LABELLED, _BARE, _UUID)
EXAMPLES = ("Trial subject ONC-117-0432", "Rx 6620197-03", "specimen no. S24-10881", "id KP-00-88213-Z", "123e4567-e89b-12d3-a456-426614174000")
NOT_THESE = ("Tax ID 12-3456789", "Zoom ID: 88412345678", "Your prescription: 100-200 mg?", "order by 10/12", "order 000-12-3456", "Rx for joy", "the sample of 400 people", "referral by 10/12")


def find(text: Normalized) -> Iterator[Hit]:
    for pattern in (_LABELLED, _BARE):
        for match in pattern.finditer(text):
            yield Hit(LABEL, *match.span(1), 0.7, _WHY)
    for match in _UUID.finditer(text):
        yield Hit(LABEL, *match.span(), 0.7, _WHY)
