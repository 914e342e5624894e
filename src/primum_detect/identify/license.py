"""Certificate and licence numbers: driver's licences, passports, DEA and NPI numbers.

Format   By label before or after, because states differ. NPI: 10 digits, Luhn with the prefix 80840; DEA: two letters and seven
         digits with a check digit (both are *staff* numbers).
Source   45 CFR 164.514(b)(2)(i)(K); CMS NPI check digit.
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import LONG_NUMBER, NUMBER, Hit, compiled, located, near
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "LICENSE"
_LABELLED = located(r"\b(?:driver'?s? licen[sc]e|licen[sc]e|lic|d\.?l\.?|passport|cert(?:ificat(?:e|ion))?)\s?(?:id|no|num(?:ber)?|#)\.?\W{0,3}(?:is )?" + NUMBER)
_SHORT = located(r"\b(?:(?:driver'?s?|pharmacy|nursing|medical|state|pilot)'? lic(?:en[sc]e)?|lic|cdl|dl|passport)\.?\W{1,3}" + LONG_NUMBER)
_STAFF = located(r"\b(?:npi|dea)\W{0,3}(?:no\.?|number|#)?\W{0,2}([a-z]{2}\d{7}|\d{10})\b")

_DRIVER = located(r"(?<![\w-])(?=[\w*]*\d)(?:[a-z]{1,3}\d{3,14}[a-z\d]*|\d{7,14}|[a-z]\d{3}-\d{4}-\d{4}(?:-\d{2})?|[a-z]{2}\d[a-z]\d\*\*\d[a-z0-9]{4})(?![\w*-])")
_DRIVER_WORDS = located(r"\b(?:driver'?s?'? ?(?:licen[sc]e|permit|id)|licen[sc]e (?:no|number|#)|lic#|\bdls?\b|cdls?|licen[sc]e)\b")
_PASSPORT = located(r"(?<![\w-])[a-z]?\d{8,9}(?![\w-])")
_PASSPORT_WORDS = located(r"\b(?:passports?|travel document)\b")
_DEA = compiled(r"(?<!\w)[A-HJ-MPRSTUX][A-Z9]\d{7}(?!\w)", case_sensitive=True)
_WHY = "A licence or passport number belongs to one person."

OPENED_BY = opened_by(_LABELLED, _SHORT, _STAFF, _DRIVER, _PASSPORT, _DEA)
EXAMPLES = ("cdl k88-420-117", "driver lic F614-2290-7713", "driver's license number D1234567", "passport no. 533401882", "NPI 1234567893", "H12234567 is my driver license", "passport Z12803456")
NOT_THESE = ("license number 555-0142", "licensed since 2012", "license plates 2026", "DEA take-back day 2026")


def _is_dea(value: str) -> bool:
    """DEA registration number: the last digit checks the six before it (21 CFR 1301; the DEA's own formula)."""
    digits = [int(char) for char in value[2:]]
    return (digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])) % 10 == digits[6]


def find(text: Normalized) -> Iterator[Hit]:
    for pattern in (_LABELLED, _SHORT):
        for match in pattern.finditer(text):
            yield Hit(LABEL, *match.span(1), 0.9, _WHY)
    for words, pattern in ((_DRIVER_WORDS, _DRIVER), (_PASSPORT_WORDS, _PASSPORT)):
        if words.search(text):
            for match in pattern.finditer(text):
                if near(text, *match.span(), words, 30):
                    yield Hit(LABEL, *match.span(), 0.8, _WHY)
    for match in _DEA.finditer(text):
        if _is_dea(match.group()):
            yield Hit(LABEL, *match.span(), 0.85, "A practitioner's number, public by its nature.", "staff")
    for match in _STAFF.finditer(text):
        yield Hit(LABEL, *match.span(1), 0.85, "A practitioner's number, public by its nature.", "staff")
