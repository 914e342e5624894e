"""Rooms, beds and bays where care happens.

Format   "room 412", "rm 5B", "bed 3", "bay 7", "OR 2". `kind` is "meeting" for conference rooms and the like, which
         are no one's bed.
Source   45 CFR 164.514(b)(2)(i)(R): a unique characteristic on the day of care.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, before, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "ROOM"

_PATTERN = located(r"\b(?:(?:room|rm\.?|bed|bay|cubicle|pod|suite|habitacion|cuarto|cama)\s?#?\s?(?:\d{1,4}-?[a-z]?\d?|[a-z]\d{1,3})\b|\d{3,4}[ab]?[- ]bed[- ](?:\d|[ab])\b)")
_BED = located(r"\b(?:room|rm\.?)\s?#?\s?\d{1,4}[a-z]?,? (?:bed|-) ?(?:[a-d]|\d{1,2})\b")
_OF_SOMEBODY = located(  # "Mrs. Okafor in 312", "the lady in 14B"
    r"\b(?:(?:mrs?|ms|miss|sra?|don|dona)\.? [a-z][a-z'-]+|(?:the|my|our|that|this|poor|sweet|little) (?:\w+ )?(?:man|woman|lady|guy|gentleman|girl|boy|kid|grandma|grandpa|patient|pt|fella|dude|couple|mom|dad|senora?|abuelit[oa])) (?:in|en la|de la) (\d{3}-?[a-d]?|\d{1,2}-?[a-d]|\d{1,2}(?=[,.!?]?$|[.!?,] |,? (?:is|was|has|had|just|finally|still|keeps?|asks?|asked|wants?|thinks?|again|who|with|needs?|got|lost|proposed|smiled|died|coded|se|ya)\b))(?![\w%-])(?! (?:minutes?|hours?|days?|people|miles|steps|degrees|feet))"
)
_WARD = located(r"\b\d{1,2}\s?(?:west|east|north|south|tower)\b|\b[2-9]\s?[wens]\b(?= (?:patient|tonight|bed))")
_MEETING = re.compile(r"(?:conference|meeting|class|board|break|education|activity|craft|music|dining|multipurpose|community|seminar|ball|court|lecture|waiting|training|suite|hall)\s?$")
_NOT_CARE = re.compile(
    r"^ of (?:our )?\d+\b|^ of (?:the|our) (?:old|former|historic)\b|^\W{0,3}(?:at|in|of)? ?(?:the )?(?:community|civic|education|conference|learning|library|hotel|school|campus|\d{2,5} [a-z]+ (?:st|street|ave|avenue|road|rd|blvd|drive|dr)\b)"
)

OPENED_BY = opened_by(_PATTERN, _BED, _OF_SOMEBODY, _WARD)
EXAMPLES = ("the guy in room 412", "bed 3 is a fighter", "rm 5B coded", "moved to bay 7", "Rm 412 bed B again", "Mrs. Okafor in 312 smiled")
NOT_THESE = ("room for 20 more", "a 300-bed hospital", "bedtime at 8", "room to grow", "the guy in 20 minutes", "Mr. Lee in 2019")


def find(text: Normalized) -> Iterator[Hit]:
    for match in _PATTERN.finditer(text):
        start, end = match.span()
        lead = before(text, start, 16)
        is_meeting = bool(_MEETING.search(lead)) or text.lower.startswith("suite", start) or bool(_NOT_CARE.match(text.lower[end : end + 40]))
        yield Hit(LABEL, start, end, 0.85, "A room or a bed, on the day of the post, is one person.", "meeting" if is_meeting else "")
    for match in _BED.finditer(text):
        yield Hit(LABEL, *match.span(), 0.9, "A bed, on the day of the post, is one person.", "bed")
    for match in _OF_SOMEBODY.finditer(text):
        yield Hit(LABEL, *match.span(1), 0.8, "A room or a bed, on the day of the post, is one person.")
    for match in _WARD.finditer(text):
        yield Hit(LABEL, *match.span(), 0.6, "A unit, on the day of the post, holds few people.", "unit")
