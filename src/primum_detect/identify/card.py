"""Payment card numbers.

Format   13-19 digits, first digit 3-6, groups by space or dash, Luhn check.
Source   ISO/IEC 7812-1; an account number under 45 CFR 164.514(b)(2)(i)(J).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, compiled, luhn
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "CARD"
_PATTERN = compiled(r"(?<![\d-])[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\d-])|(?<![\d-])3[47]\d{2}[ -]?\d{6}[ -]?\d{5}(?![\d-])")

OPENED_BY = opened_by(_PATTERN)
EXAMPLES = ("4111 1111 1111 1111", "3782 822463 10005")
NOT_THESE = ("4111 1111 1111 1112", "2026 2027 2028 2029")


def find(text: Normalized) -> Iterator[Hit]:
    for match in _PATTERN.finditer(text):
        digits = "".join(filter(str.isdigit, match.group()))
        if 13 <= len(digits) <= 19 and luhn(digits):
            yield Hit(LABEL, *match.span(), 0.97, "A payment card number belongs to one person.")
