"""Social security numbers, whole or their last four digits, and taxpayer numbers (ITIN).

Format   AAA-GG-SSSS; area not 000, 666 or 900-999, group not 00, serial not 0000. Without separators, or as last four,
         only beside a label, because nine digits alone prove nothing. ITIN: 9NN-GG-SSSS, group 50-65, 70-88, 90-92, 94-99.
Source   SSA, "The SSN numbering scheme"; IRS, ITIN format; 45 CFR 164.514(b)(2)(i)(G); parts count (HHS guidance 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, before, compiled, located, near
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "SSN"
_LABELLED = located(r"\b(?:ssn|social security(?: (?:no|num(?:ber)?|#))?|soc(?:ial)? sec)\b\W{0,3}(?:is |no |number )?(\d{3}[- .]?\d{2}[- .]?\d{4})\b")
_WRITTEN = compiled(r"(?<![\d-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])")
_LAST_FOUR = located(
    r"\b(?:(?:ssn|social(?: security(?: number)?)?) (?:last (?:4|four)|l4)|last (?:4|four)(?: digits)?(?: of)?(?: (?:his|her|my|your|their|the))? (?:ssn|social(?: security(?: number)?)?)|(?:ssn|social)[^.\n]{0,12}(?:ending|ends)(?: in)?)\W{0,3}(?:is |are |were |was )?(\d{4})\b"
)
_ITIN = compiled(r"(?<![\d-])9\d\d([- ])(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\1\d{4}(?![\d-])")
_NINE = compiled(r"(?<![\d-])(?!000|666)\d{3}[- .]?\d[- .]?\d[- .]?\d[- .]?\d{3}(?![\d-])")
_CONTEXT = located(r"\b(?:ssns?|ssid|social security|soc sec|itin|tax ?payer|tax id|individual tax)\b")
_OF_A_THING = re.compile(r"\b(?:part|order|item|model|sku|lot|form|catalogu?e?|purchase order|p\.?o\.?)(?: ?(?:no\.?|number|#))?\W{0,3}$")
_WHY = "A social security number belongs to one person, and even its last four digits count."

OPENED_BY = opened_by(_LABELLED, _WRITTEN, _LAST_FOUR, _ITIN, _NINE)
EXAMPLES = ("SSN 219-09-9999", "his social security number is 219099999", "last four of her SSN: 4471", "0780-51120 is the ssn", "ITIN 911-70-1234")
NOT_THESE = ("order 000-12-3456", "part no. 100-22-4500", "part 555 12 34", "our 2026-11-18 update")


def find(text: Normalized) -> Iterator[Hit]:
    for pattern in (_LABELLED, _LAST_FOUR):
        for match in pattern.finditer(text):
            yield Hit(LABEL, *match.span(1), 0.98, _WHY)
    if _CONTEXT.search(text):
        for match in _NINE.finditer(text):
            if near(text, *match.span(), _CONTEXT) and len(set(match.group()) & set("0123456789")) > 1:
                yield Hit(LABEL, *match.span(), 0.95, _WHY)
    for match in _ITIN.finditer(text):
        yield Hit(LABEL, *match.span(), 0.8, "A taxpayer number belongs to one person.")
    for match in _WRITTEN.finditer(text):
        if _OF_A_THING.search(before(text, match.start(), 24)):
            continue
        yield Hit(LABEL, *match.span(), 0.9, _WHY)
