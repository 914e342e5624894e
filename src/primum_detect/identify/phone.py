"""Telephone and fax numbers.

Format   North American numbers by shape and numbering plan (phonenumbers, US), seven digits after a cue such as "call",
         international ones with +. A label "fax" makes it a FAX.
Source   45 CFR 164.514(b)(2)(i)(D), (E); ITU-T E.164.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, before, compiled
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "PHONE"

_TEN = compiled(r"(?<![\w-])(?<!\+\d[ .-])(?<!\+\d\d[ .-])(?<!\+\d\d\d[ .-])(?:\+?1[ .-]?)?\(?([2-9]\d{2})\)?[ .-]{0,2}([2-9]\d{2})[ .-]?(\d{4})(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?![\w-])")
_SEVEN = compiled(r"(?<![\w/-])(?:555|[2-9]\d{2})[-.]\d{4}(?![\w-])")
_ABROAD = compiled(r"(?<!\w)\+[2-9]\d{0,2}[ .-]?(?:\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4}(?!\w)")
_FAX = re.compile(r"\bfax\b[^.\n]{0,12}$")
_CUE = re.compile(r"\b(?:phone|cell|call|text|tel|number|fax|reach|dial|mobile)\b[^.\n]{0,20}$")
_HOTLINE = ("800", "833", "844", "855", "866", "877", "888")

OPENED_BY = opened_by(_TEN, _SEVEN, _ABROAD)
EXAMPLES = ("call 305-555-0142", "his cell is (850) 555 0119", "text 555-0177", "fax 305-555-0188", "+44 20 7946 0958")
NOT_THESE = ("call 911 or 988", "93,000 hours", "2026-11-22", "a 10-12 week wait")

_WHY = "A telephone number leads to one person or household."


def find(text: Normalized) -> Iterator[Hit]:
    taken: list[tuple[int, int]] = []
    for pattern, confidence in ((_TEN, 0.92), (_ABROAD, 0.85), (_SEVEN, 0.8)):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            if pattern is _TEN and not _is_plausible(match.group(), text, start):
                continue
            taken.append((start, end))
            label = "FAX" if _FAX.search(before(text, start, 20)) else LABEL
            hotline = pattern is _TEN and match.group(1) in _HOTLINE
            yield Hit(label, start, end, confidence, _WHY, "hotline" if hotline else "")


def _is_plausible(written: str, text: Normalized, start: int) -> bool:
    """Ten bare digits are a phone number only behind a cue, or where the numbering plan knows the area."""
    if not written.strip().isdigit():
        return True
    if _CUE.search(before(text, start, 40)):
        return True
    import phonenumbers  # Imported late: 40 ms that most texts need not pay.

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, "US"))
    except phonenumbers.NumberParseException:
        return False
