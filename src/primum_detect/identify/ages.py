"""Ages, and ages over 89, which are an identifier by themselves.

Format   "93-year-old", "aged 95", "turns 100", "47 yo", "seven-year-old". AGE90 from 90 up; other ages carry the label
         AGE, a quasi-identifier.
Source   45 CFR 164.514(b)(2)(i)(C): ages over 89 may only be aggregated as "90 or older".
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "AGE90"

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = dict(zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True))
_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[:9])}))?|{'|'.join(_UNITS)}|(?:a |one )?hundred(?: and (?:{'|'.join(_UNITS[:9])}))?)"
_NUMBER = rf"(\d{{1,3}}|{_WORD})"
_TURNING = located(
    rf"\b(?:aged?|age of|turn(?:s|ed|ing)|celebrat(?:es|ed|ing) (?:his|her|their)|(?:he|she) (?:is|was)|he's|she's|happy)[: ]\s?{_NUMBER}(?:st|nd|rd|th)?\b(?!\s?(?:%|percent|hours?|minutes?|days?|weeks?|months?|miles?|and (?:over|older|up)|or older|lbs?|pounds?|beds?|dollars|-))"
)
_SHAPES = (
    located(rf"\b{_NUMBER}[- ]?(?:(?:years?|yrs?)[- ]?(?:old|young|of age)|y/?o\b|y\.o\.|yr[- ]?old)"),
    _TURNING,
    located(rf"\b(?:(?:man|woman|male|female|pt|patient|guy|lady|dad|mom|grandma|grandpa|boy|girl)[, (]+){_NUMBER}[,)]"),
    located(r"\bde (\d{1,3}) anos\b"),
    located(r"(?<!of )(?<!to )(?<!temp )(?<!fever )(?<!at )(?<!t )(?<!tmax )\b(9\d|1[01]\d)(?:[mf]|yo[mf]|y/?o ?[mf])\b(?! ?(?:/|per|tall|long|away))|\bage ?[:=] ?(\d{1,3})\b"),
    located(r"(?<=[a-z]), ?(9\d|10\d)(?=,(?! ?\d))"),
    located(r"\bin (?:his|her|their) (?:late |early |mid[- ]?)?(\d0)'?s\b"),
    located(r"\b(?:in (?:his|her|their) (?:late |early |mid[- ]?)?|late |early |mid[- ]?)((?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies|(?:2|3|4|5|6|7|8|9)0-?something)\b"),
)
_BABY = located(r"\b(\d{1,3})\s?[-/]?\s?(?:month|week|day)s?[- ]old\b")
_CENTENARIAN = located(r"\b(?:super)?centenarian|nonagenarian\b")

OPENED_BY = opened_by(*_SHAPES, _BABY, _CENTENARIAN)
EXAMPLES = ("our 93-year-old neighbor", "she turned 101", "aged 95", "a centenarian", "ninety-four years young")
NOT_THESE = ("A fever of 102 F in a child", "temp 101F since noon", "93,000 hours", "a 10-year anniversary", "ages 90 and older", "turn 90 degrees left", "open 24 hours", "music of the Nineties")


def value_of(written: str) -> int | None:
    """The number that an age's words say; None where they say none."""
    plain = written.lower().replace("-", " ")
    if plain.isdigit():
        return int(plain)
    if plain.endswith("something"):
        return int(plain[:2])
    if plain.endswith(("ties", "nties")):
        return next((value for word, value in _TENS.items() if word[:4] == plain[:4]), None)
    if "hundred" in plain:
        return 100
    total = 0
    for word in plain.split():
        total += _TENS.get(word, 0) or (_UNITS.index(word) + 1 if word in _UNITS else 0)
    return total or None


def find(text: Normalized) -> Iterator[Hit]:
    taken: list[tuple[int, int]] = []
    for pattern in (*_SHAPES, _BABY):
        for match in pattern.finditer(text):
            start, end = match.span()
            age = value_of(next(group for group in match.groups() if group))
            if age is None or age > 122 or any(start < stop and begin < end for begin, stop in taken):
                continue
            if pattern is _TURNING and text.lower[start:end].startswith(("turn", "happy")) and "degree" in text.lower[end : end + 10]:
                continue
            taken.append((start, end))
            if age >= 90 and pattern is not _BABY:
                yield Hit(LABEL, start, end, 0.9, "An age over 89 is an identifier: so few people reach it.")
            else:
                yield Hit("AGE", start, end, 0.85, "An age narrows down who this is.")
    for match in _CENTENARIAN.finditer(text):
        yield Hit(LABEL, *match.span(), 0.9, "An age over 89 is an identifier: so few people reach it.")
