"""Names of people, by lists and by what stands around them.

Format   `kind` says why we think so: "title" (Mrs Whitaker), "relative" (her son Mateo), "aged" (seven-year-old Theo),
         "vocative" (Thanks, Maria!), "called" (named Theo), "full" (two names in a row), "hashtag" (#PrayForDana),
         "initials" (Mrs W.), "single". `staff` stands in the kind of names that carry a profession or credentials.
Source   45 CFR 164.514(b)(2)(i)(A); initials count (HHS guidance 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from primum_detect.identify.shapes import Hit, before, compiled
from primum_detect.lexicons import expand, word_list
from primum_detect.normalize.normalized import Normalized

LABEL = "NAME"

_WORD = r"[A-Z][a-z]+(?:['-][A-Z]?[a-z]+)*"
_PARTICLE = r"(?:(?:van|von|de|del|de la|da|di|bin|al|el|st\.?|o'|mac) ?){0,2}"
_REST = rf"(?:[ ](?:[A-Z]\.?[ ])?{_PARTICLE}{_WORD}){{0,2}}"
_TITLE = compiled(rf"\b((?i:mrs?|ms|miss|mx|sr|sra|srta|senor|senora|don|dona))\.? ({_WORD}{_REST}|[A-Z]\.?(?=\W|$))", case_sensitive=True)
_STAFF_TITLE = compiled(
    rf"\b(?i:dra?|doctora?|nurse|enfermer[oa]|lic|licenciad[oa]|promotora|terapeuta|prof|professor|profesora?|rev|chaplain|capellan|chief|ceo|president|coach|captain|officer|sgt)\.? ({_WORD}{_REST})",
    case_sensitive=True,
)
# "Our practice manager, Osvaldo": whose work is named beside them.
_WORK = r"(?:manager|advocate|recruiter|coordinator|director|navigator|liaison|educator|librarian|supervisor|editor|ombudsman|spokes(?:person|woman|man)|defensora?|coordinadora?|gerente|encargad[oa]|portavoz)"
_OF_OURS = compiled(rf"\b(?i:our|the|nuestr[oa]|la|el) (?:[a-z]+ ){{0,2}}(?i:{_WORK})(?: (?i:de|del) [a-z]+)?,? ({_WORD}{_REST})", case_sensitive=True)
_WORKS_AS = re.compile(rf"^, (?:(?:our|the|nuestr[oa]|la|el) )?(?:[a-z]+ ){{0,2}}{_WORK}\b")
# Who speaks for the public is quoted as an official; not where the sentence turns to themselves ("said she has cancer").
_OFFICIAL = compiled(
    rf"\b(?i:sheriff|mayor|governor|senator|sen|representative|congress(?:wo)?man|commissioner|superintendent|principal|trooper|lt|lieutenant|fire chief|police chief|auctioneer|pastor|bishop|judge|author|singer|comedian|mc|emcee|host)\.? ({_WORD}{_REST})(?= (?i:said|says|report(?:s|ed)|asks|asked (?:everyone|residents|people|drivers)|reads|sold|hosts|hosted|emceed|will (?:read|host|emcee)|cut the ribbon|tour(?:s|ed))\b(?![^.!?\n]*\b(?i:he|she|him|her|his|they|their|himself|herself|i|my|me)\b))",
    case_sensitive=True,
)
_CREDENTIAL = re.compile(r"^,? ?\(?(?:RN|MD|DO|PA-?C?|NP|FNP|APRN|CRNA|LPN|CNA|PharmD|DPT|PT|OT|SLP|DDS|DMD|PhD|MSN|BSN|MPH|MBA|FACP|FACS|RT|EMT|LCSW|RDN?|CNM|DNP|CEO|CFO|COO|CNO|Esq)\b")
_RELATIVE = compiled(
    expand(
        rf"\b(?i:his|her|my|your|their|our patient'?s?|the|little|baby|lil'?|brave|sweet|patient|resident|su|mi|tu) ?(?i:{{relative}}|hijo|hija|mama|papa|esposo|esposa|abuel[oa])?,? ({_WORD}{_REST}|[A-HJ-Z](?=[ ,.]))"
    ),
    case_sensitive=True,
)
_KIN = expand(r"\b(?:{relative}|baby|lil'?|patient|resident|hijo|hija|mama|papa|esposo|esposa|abuel[oa])")
_SOME_KIN = compiled(_KIN)
_HAS_RELATIVE = re.compile(_KIN + ",?$", re.IGNORECASE)
_AGED = compiled(rf"(?i:years?|yrs?|month|week|day)s?[- ](?i:old|young),? ({_WORD}{_REST})|\b({_WORD}{_REST}),? (?:\(?\d{{1,3}}\)?,|(?:is|was) \d{{1,3}}\b|aged? \d)", case_sensitive=True)
_CALLED = compiled(
    rf"\b(?i:named|name is|name was|nicknamed|goes by|this is|meet|se llama|llamad[oa]|say hi to|say hello to|pray(?:ers|ing)? for|rip|remember(?:ing)?|congrat(?:s|ulations),?(?: to)?) ({_WORD}{_REST})",
    case_sensitive=True,
)
_VOCATIVE_FRONT = compiled(
    rf"(?:^|[.!?\n]\s*)(?i:(?:hi|hello|hey|dear|hola|estimad[oa]|thanks?(?: you)?(?: so much)?|gracias|sorry|congrats|good (?:morning|afternoon|evening)|@[\w.]+),?) ({_WORD})(?=[ ]?[,.!:;\n-]|$)",
    case_sensitive=True,
)
_VOCATIVE_END = compiled(rf", ({_WORD})(?=[.!?,;]|\s*$)", case_sensitive=True)
_VOCATIVE_START = compiled(rf"(?:^|[.!?\n]\s*)({_WORD}), (?=[a-z])", case_sensitive=True)
_FULL = compiled(rf"\b({_WORD})((?: [A-Z]\.?)? {_PARTICLE}{_WORD})\b", case_sensitive=True)
_SINGLE = compiled(rf"(?<![.#@\w])({_WORD})\b", case_sensitive=True)
_CAPITAL = re.compile(r"[A-Z][a-z]+")
_HASHTAG = compiled(r"#(?:[Pp]ray(?:ers)?[Ff]or|[Ss]trong[Ff]or|[Jj]ustice[Ff]or|[Rr][Ii][Pp]|[Tt]eam)([A-Z][a-z]+)|#([A-Z][a-z]+)Strong\b", case_sensitive=True)
_STREET = re.compile(
    r"^ (?:st|street|ave|avenue|road|rd|hall|center|centre|building|hospital|clinic|park|house|tower|wing|foundation|way|day|week|month|disease|syndrome|fund|award|school|university|county|beach|bay|springs|lane|elementary|high|church|memorial|medical|health|children'?s|university)\b"
)

EXAMPLES = ("Mrs. Whitaker came in", "her son Mateo", "seven-year-old Theo", "Thanks, Maria!", "#PrayForDana", "Theo Lindqvist", "a boy named Kofi")
NOT_THESE = ("May is here", "Grace under pressure", "Will you join us?", "Elm Street", "Happy New Year", "Alzheimer's walk")

_WHY = "A name points straight at a person."


def is_given(word: str) -> bool:
    return word.lower() in word_list("given_names.txt")


def is_name_like(word: str) -> bool:
    low = word.lower()
    return low in word_list("given_names.txt") or low in word_list("given_names_ambiguous.txt")


@cache
def _beginnings() -> frozenset[str]:
    """How each known given name begins, up to its first hyphen ("Anne-Marie")."""
    return frozenset(re.split("[-']", word)[0] for name in ("given_names.txt", "given_names_ambiguous.txt") for word in word_list(name))


def _holds_a_given_name(text: Normalized) -> bool:
    """May a listed name stand somewhere? One look instead of six patterns' looks at every capital."""
    return not _beginnings().isdisjoint(map(str.lower, _CAPITAL.findall(text.folded)))


def is_surname(word: str) -> bool:
    return word.lower() in word_list("surnames.txt")


def _looks_like_place_or_thing(text: Normalized, end: int) -> bool:
    return bool(_STREET.match(text.lower[end : end + 20]))


def _is_staff(text: Normalized, start: int, end: int) -> bool:
    if _WORKS_AS.match(text.lower[end : end + 60]):
        return True
    return bool(_CREDENTIAL.match(text.folded[end : end + 12])) or bool(re.search(r"\b(?:dra?|doctora?|nurse|enfermer[oa]|lic|licenciad[oa]|prof|chaplain|chief)\.? $", before(text, start, 13)))


def find(text: Normalized) -> Iterator[Hit]:
    taken: list[tuple[int, int]] = []
    for start, end, confidence, kind in _candidates(text):
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        taken.append((start, end))
        if kind != "staff" and _is_staff(text, start, end):
            kind = "staff"
        if text.lower.endswith("'s", start, end):
            end -= 2
        yield Hit(LABEL, start, end, confidence, _WHY, kind)


def _candidates(text: Normalized) -> Iterator[tuple[int, int, float, str]]:
    for pattern in (_STAFF_TITLE, _OF_OURS, _OFFICIAL):
        for match in pattern.finditer(text):
            yield *match.span(1), 0.9, "staff"
    for match in _TITLE.finditer(text):
        yield *match.span(2), 0.93, "initials" if len(match.group(2)) <= 2 else "title"
    listed = _holds_a_given_name(text)
    for match in _HASHTAG.finditer(text) if listed else ():
        group = 1 if match.group(1) else 2
        if is_name_like(match.group(group)):
            yield *match.span(group), 0.85, "hashtag"
    yield from _of_somebody(text)
    if listed:
        yield from _spoken_of(text)
        yield from _bare(text)


def _of_somebody(text: Normalized) -> Iterator[tuple[int, int, float, str]]:
    """Names that an age or a relative announces."""
    folded = text.folded
    for match in _AGED.finditer(text):
        group = 1 if match.group(1) else 2
        if group == 1 or is_name_like(match.group(2).split()[0]):
            yield *match.span(group), 0.9, "aged"
    for match in _RELATIVE.finditer(text) if _SOME_KIN.may_match(text) else ():
        name = match.group(1)
        if _HAS_RELATIVE.search(folded[match.start() : match.start(1)].strip()) and (len(name) == 1 or is_name_like(name.split()[0])):
            yield *match.span(1), 0.88, "relative"


def _spoken_of(text: Normalized) -> Iterator[tuple[int, int, float, str]]:
    """Names that somebody is called or addressed by."""
    for match in _CALLED.finditer(text):
        if is_name_like(match.group(1).split()[0]):
            yield *match.span(1), 0.85, "called"
    for pattern in (_VOCATIVE_FRONT, _VOCATIVE_END, _VOCATIVE_START):
        for match in pattern.finditer(text):
            if is_given(match.group(1)) or (pattern is _VOCATIVE_FRONT and is_name_like(match.group(1))):
                yield *match.span(1), 0.86, "vocative"


def _bare(text: Normalized) -> Iterator[tuple[int, int, float, str]]:
    """Names that stand on their own: two in a row, or one that is seldom anything else."""
    for match in _FULL.finditer(text):
        given, rest = match.group(1), match.group(2).split()[-1]
        if _looks_like_place_or_thing(text, match.end()):
            continue
        if is_given(given) and not _looks_like_place_or_thing(text, match.start() + len(given)):
            yield *match.span(), 0.85 if is_surname(rest) else 0.75, "full"
        elif is_name_like(given) and is_surname(rest):
            yield *match.span(), 0.7, "full"
    given_names = word_list("given_names.txt")
    for match in _SINGLE.finditer(text):
        if match.group(1).lower() in given_names and len(match.group(1)) > 2 and not _looks_like_place_or_thing(text, match.end()):
            yield *match.span(1), 0.55, "single"
