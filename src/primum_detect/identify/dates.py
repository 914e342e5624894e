"""Dates: every element except the year, and words that resolve to one ("last Tuesday", "tonight").

Format   Month names, numeric US and ISO forms, weekdays, holidays, relative days. `kind` is "relative" where the day
         follows from the posting time, "clinical" for POD3 or "33 weeks", else "calendar".
Source   45 CFR 164.514(b)(2)(i)(C); a month and a day count, a year alone does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "DATE"

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_BY_NAME = located(
    rf"\b(?:{_DAY},? )?{_MONTH}\.? \d{{1,2}}(?!/\d{{1,2}}/)(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d)?\b"
    rf"|(?<![\w/.-])\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\.?(?:,? (?:19|20)\d\d)?\b"
    rf"|\b{_MONTH} (?:19|20)\d\d\b"
    r"|(?<![\w/.-])\d{1,2} de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)(?: (?:de|del) (?:19|20)\d\d)?\b"
    rf"|(?<![\d/.-])\d{{1,2}}[-/.]{_MONTH}[-/.](?:19|20)?\d\d(?![\d/-])|\b{_MONTH}[-/](?:\d{{1,2}}[-/])?(?:19|20)\d\d\b|(?<![\d/.-])\d{{1,2}}-{_MONTH}\b(?!-)"
)
_BY_NUMBER = located(
    r"(?<=[=:])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\b"
    r"|(?<![\d/.-])(?:0?[1-9]|1[0-2])([/.-])(?:0?[1-9]|[12]\d|3[01])(?:\1(?:19|20)?\d\d)(?![\d/-])"
    r"|(?<![\d/.-])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\d/%-])|(?<![\d/.$-])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?![\d/-])"
    r"|(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\2(?:19|20)\d\d(?![\d/-])"
    r"|(?<![\d/.-])(?:19|20)\d\d([/.])(?:0?[1-9]|1[0-2])\3(?:0?[1-9]|[12]\d|3[01])(?![\d/.-])"
    r"|(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[t](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_RELATIVE = located(
    rf"\b(?:(?:last|this past|this|on) {_DAY}(?: (?:morning|afternoon|evening|night))?"
    r"|last (?:night|week|weekend|month)|yesterday(?: (?:morning|afternoon|evening))?|tonight|today"
    r"|this (?:morning|afternoon|evening|week|weekend)|the other (?:day|night)|an hour ago|(?:two|three|\d{1,2}) (?:hours|days|weeks) ago"
    r"|on (?:christmas(?: (?:eve|day))?|thanksgiving|easter|halloween|new year'?s(?: eve| day)?|mother'?s day|father'?s day)"
    rf"|(?:el )?(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo) pasado|ayer|anoche|hoy|esta (?:noche|manana|tarde))\b"
)
_WEEKDAY = located(rf"\b{_DAY}s?\b")
_CLINICAL = located(r"\b(?:pod ?#?\d{1,2}|post[- ]?op day \d{1,2}|day \d{1,3} post|\d{2} weeks (?:today|pregnant|along|gestation)|dob\W{0,2}(?P<born>\d{1,2}/\d{1,2}/\d{2,4}))\b")

OPENED_BY = opened_by(_BY_NAME, _BY_NUMBER, _RELATIVE, _WEEKDAY, _CLINICAL)
EXAMPLES = (
    "born 03/14/1961",
    "seen last Tuesday",
    "on December 1st",
    "POD3 and walking",
    "2026-11-18",
    "5-MAY-2021",
    "21.5.2021",
    "el martes pasado",
    "rough shift tonight",
    "2026-11-18T09:30:00Z",
    "MAY-5-2021",
    "since 6/2021",
)
NOT_THESE = ("founded in 1926", "24/7 care", "1/2 cup of sugar and 3.5 stars", "May we help?", "flu shots for ages 5-11")

_WHY = "A day that belongs to one person's care counts as an identifier."


def is_only_relative(text: Normalized, hit: Hit) -> bool:
    """A day counted from an operation or a conception ("POD3") dates nothing by itself; in a story about one person it does."""
    return hit.kind == "clinical" and "/" not in text.folded[hit.start : hit.end]


def find(text: Normalized) -> Iterator[Hit]:
    taken: list[tuple[int, int]] = []
    for pattern, kind, confidence in ((_CLINICAL, "clinical", 0.85), (_BY_NAME, "calendar", 0.9), (_BY_NUMBER, "calendar", 0.9), (_RELATIVE, "relative", 0.85), (_WEEKDAY, "weekday", 0.6)):
        for match in pattern.finditer(text):
            start, end = match.span("born") if kind == "clinical" and match["born"] else match.span()
            if any(start < stop and begin < end for begin, stop in taken) or match.group() == "1/2":
                continue
            taken.append((start, end))
            yield Hit(LABEL, start, end, confidence, _WHY, kind)
