"""Names as charts and hand-offs write them: "Pt Kowalski", "name=fatoumata diallo", "DUBOIS, CELESTINE", "J.T., 64M", "Baby Boy Alvarez".

Format   A word of the chart directly before (or an age directly after), because such names stand in lower case, in capitals, or
         as two letters. Some of these words announce other things, too; then a list must know the name.
Source   45 CFR 164.514(b)(2)(i)(A); initials count (HHS guidance 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from primum_detect.identify.names import _REST, _WORD, is_given, is_name_like, is_surname
from primum_detect.identify.shapes import Hit, compiled
from primum_detect.lexicons import expand
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "NAME"
_ANY = r"[A-Za-z][A-Za-z'-]+"
_PATIENT = compiled(rf"\b(?:[Pp]atient|PATIENT)(?: ?:|,| named)? ({_WORD}{_REST})", case_sensitive=True)
_SHORTHAND = compiled(rf"\b(?:Pt|pt|PT)(?:[.:=] ?|, | (?:named |name )?)({_WORD}{_REST})", case_sensitive=True)
_FIELD = compiled(rf"\b(?:(?:patient|pt|full|first|last|subject)[ _]?)?name ?[:=] ?({_ANY}(?:,? {_ANY}){{0,3}}?)(?=\s*(?:[;|,\n(]|\w+ ?[:=]|\d|$))|\bpt ?= ?({_ANY}(?: {_ANY}){{0,2}})")
_TITLE = compiled(r"\b(?:mr|mrs)\.? ([a-z][a-z'-]{2,}(?: [a-z]+-[a-z]+)?)\b", case_sensitive=True)
_KIN = compiled(
    expand(
        rf"\b(?:[Pp]t|[Pp]atient)'?s (?:[a-z]+ )?(?:{{relative}}) (?:named )?({_WORD}{_REST}|(?!is|was|has|who|and|called|says?|states?|reports?|wants?|asks?|in|at|on|with|to|for|phone|will|can|would|had|came|of)[a-z]{{3,}})\b"
    ),
    case_sensitive=True,
)
_OF_PATIENTS = re.compile(
    r"(?:Fund|Award|Awards|Day|Week|Month|Care|Portal|Relations|Safety|Services|Center|Clinic|Advocate|Advocates|Advocacy|Education|Experience|Rights|Panel|Council|Line|Program|Foundation)"
)
_BABY = compiled(rf"\b(?i:baby (?:boy|girl)|twin [ab12]),? ({_WORD})", case_sensitive=True)
_INITIALS = compiled(
    r"(?<![\w.])([A-Z]\.?-?[A-Z]\.?(?:[A-Z]\.?)?)(?:,| is an?| \()? ?(?=\d{1,3} ?(?:yo\b|y/o|y\.o|yr|[MF]\b|[mf]\b|-year))|\b(?i:initials|init)\W{1,3}([A-Z]\.?[A-Z]\.?(?:[A-Z]\.?)?)\b",
    case_sensitive=True,
)
_AFTER_PT = re.compile(
    r"(?:Is|Has|Was|With|Denies|Reports|Seen|Presented|Presents|Name|Id|Dob|Complains|States|Admitted|Came|Here|Care|Education|Portal|Safety|Experience|And|In|On|At|Who|The|Not|No|Will|Had|Needs|Wants|Of|For|From|Now|Also)"
)
_NO_INITIALS = re.compile(r"(?:PT|MR|MS|OR|ED|ER|IV|BP|HR|US|UK|OB|GI|GU|MI|PE|VT|VF|AF|CT|NP|PA|MD|RN|DO|IM|PO)")
_IMAGING = re.compile(r"(?:angiogram|angiography|scan|scans|imaging|brain|spine|venogram|venography|enterography|elastography|spectroscopy|arthrogram|urogram|safe|conditional|and|or|of|with)")

OPENED_BY = opened_by(_PATIENT, _SHORTHAND, _FIELD, _TITLE, _KIN, _BABY, _INITIALS)
EXAMPLES = (
    "Pt Kowalski seen in clinic",
    "name=fatoumata diallo dob=1990",
    "mr okonjo came back",
    "J.T., 64M, drain output",
    "Baby Boy Alvarez",
    "pt's dad bohdan texted",
    "NAME=DUBOIS, CELESTINE;DOB=1949",
)
NOT_THESE = (
    "Patient Hope Fund raised $4000",
    "Resident Maria Lopez, MD, presents",
    "Pt Education Day",
    "patient Portal is down",
    "the patient's wife is here",
    "MR imaging of the brain",
    "Name: ",
    "US 45 north",
    "PT 30 minutes",
)
_WHY = "A name points straight at a person."


def find(text: Normalized) -> Iterator[Hit]:
    for match in _PATIENT.finditer(text):
        words = match.group(1).split()
        if _OF_PATIENTS.fullmatch(words[-1]):
            continue
        if is_given(words[0]) or (is_surname(words[-1]) and len(words) > 1):
            yield Hit(LABEL, *match.span(1), 0.88, _WHY, "aged")
    for match in _SHORTHAND.finditer(text):
        first = match.group(1).split()[0]
        if not _AFTER_PT.fullmatch(first) and (not match.group().startswith("PT") or is_name_like(first)):
            yield Hit(LABEL, *match.span(1), 0.86, _WHY, "aged")
    for match in _FIELD.finditer(text):
        yield Hit(LABEL, *match.span(1 if match.group(1) else 2), 0.87, _WHY, "aged")
    for match in _TITLE.finditer(text):
        if not _IMAGING.fullmatch(match.group(1)):
            yield Hit(LABEL, *match.span(1), 0.86, _WHY, "title")
    for match in _KIN.finditer(text):
        yield Hit(LABEL, *match.span(1), 0.86, _WHY, "relative")
    for match in _BABY.finditer(text):
        if is_surname(match.group(1)) or is_name_like(match.group(1)):
            yield Hit(LABEL, match.start(), match.end(), 0.88, _WHY, "aged")
    for match in _INITIALS.finditer(text):
        group = 1 if match.group(1) else 2
        if not _NO_INITIALS.fullmatch(re.sub(r"\W", "", match.group(group))):
            yield Hit(LABEL, *match.span(group), 0.86, _WHY, "initials")
