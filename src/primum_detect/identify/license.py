"""Certificate and licence numbers: driver's licences, passports, DEA and NPI numbers.

Format   By label only; states differ. NPI: 10 digits, Luhn with the prefix 80840 (a *staff* number).
Source   45 CFR 164.514(b)(2)(i)(K); CMS NPI check digit.
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, compiled
from primum_detect.normalize.normalized import Normalized

LABEL = "LICENSE"
_LABELLED = compiled(r"\b(?:driver'?s? licen[sc]e|licen[sc]e|d\.?l\.?|passport)\s*(?:id|no\.?|num(?:ber)?|#)\W{0,3}(?:is )?([A-Z]{0,2}-?\d[\dA-Z-]{5,14})\b")
_STAFF = compiled(r"\b(?:npi|dea)\W{0,3}(?:no\.?|number|#)?\W{0,2}([A-Z]{2}\d{7}|\d{10})\b")

EXAMPLES = ("driver's license number D1234567", "passport no. 533401882", "NPI 1234567893")
NOT_THESE = ("licensed since 2012", "license plates 2026", "DEA take-back day 2026")


def find(text: Normalized) -> Iterator[Hit]:
    for match in _LABELLED.finditer(text.folded):
        yield Hit(LABEL, *match.span(1), 0.9, "A licence or passport number belongs to one person.")
    for match in _STAFF.finditer(text.folded):
        yield Hit(LABEL, *match.span(1), 0.85, "A practitioner's number, public by its nature.", "staff")
