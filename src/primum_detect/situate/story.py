"""Is this a story about one patient, and what in it would help somebody to recognise the person?

A story needs a single person, a sign of care, and something that happened. General talk ("a man over 50 should get
screened", "patients told us") is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from primum_detect.content import Content
from primum_detect.identify.shapes import Hit
from primum_detect.lexicons import compiled
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized
from primum_detect.report import Term

_WHO = r"(?:patient|pt|man|woman|guy|gal|lady|gentleman|dude|girl|boy|kid|kiddo|child|baby|infant|newborn|preemie|toddler|teen(?:ager)?|mom|mother|dad|father|grandma|grandmother|grandpa|grandfather|husband|wife|son|daughter|veteran|resident|victim|driver|passenger|biker|hiker|swimmer|student|teacher|farmer|inmate|prisoner|couple|person|someone|mama|momma|kiddo|fella|old man|old lady|paciente|hombre|mujer|nino|nina|senor|senora|bebe)"
_PERSON = compiled(
    rf"\b(?:an?|one|this|that|another|some|my|our|the|his|her|lil'?|little|poor|sweet|brave|un|una|nuestro|nuestra|mi|el|la)\s+(?:[\w']+[ -]){{0,7}}?{_WHO}\b"
    rf"|\b(?:\d{{1,3}}|[a-z]+(?:-[a-z]+)?)[- ]?(?:year|yr|month|week|day)s?[- ]?old\b(?: {_WHO})?|\b\d{{1,2}} ?(?:yo|y/o)\b ?[mf]?\b"
    rf"|\b{_WHO}(?: |, )(?:in (?:his|her|their) |(?:aged? )?\d{{1,3}}\b|who |with |came |brought |that )"
    rf"|\b(?:pt|patient)\b(?= (?:came|was|is|had|has|who|with|in|just|tonight|today|from|coded|died|said))"
    r"|\b(?:an?|the|our|my|this|that|certain)\s+(?:[\w']+[ -]){0,6}?{occupation}\b|\b(?:frequent flyer|triplets|quadruplets|quintuplets|conjoined twins)\b"
    rf"|(?:^|[.!?\n] *){_WHO}\b(?=[ ,])"
)
_GENERIC = compiled(
    r"\b(?:should|can|could|may|might|would|often|usually|typically|commonly|if|when (?:a|your)|every|each|any|whether|all|most|many|did you know|ask your|talk to|call your|learn|tips?|"
    r"your child|how to|explained|signs? of|symptoms of|screening|risk of|affects?|percent|%|million|thousands?|annual|study|research|register|sign up|join us|donat(?:e|ion)|"
    r"deberian?|pueden?|suelen?|a menudo|cada|todos los|todas las|la mayoria|muchas personas|pregunte|hable con|llame a su|aprenda|consejos|como (?:prevenir|cuidar|evitar)|inscrib\w+|unase|acompanenos|cuentenos|favorit[oa]s?|senales de|sintomas de|riesgo de|"
    r"imagine|suppose|simulat\w+|drill|mannequin|manikin|actor|mock|fictional|training exercise)\b"
)
_PAST = compiled(r"\b(?:was|were|came|had|got|went|said|told|died|lost|brought|flown|rushed|saved|delivered|removed|walked|collapsed)\b")
_PRONOUN = compiled(r"\b(?:he|she|him|his|her|hers|he's|she's)\b")
_COLLEAGUE = compiled(
    r"\b(?:dr|doctor|nurse|rn|md|physician|surgeon|pharmacist|technician|tech|staff|colleague|coworker|employee|volunteer|team member|retir\w*|years of service|joins?|joined|hired|promoted|"
    r"award|chief|director|ceo|president|intern|chaplain|author|speaker|instructor|professor|artist|donor|founder|coach of|welcome|dra|doctora|enfermer[oa]s?|directora?|jef[ae] de|companer[oa]s?|residente de|voluntari[oa]s?|se jubila|se graduo|se recibio|bienvenid[oa]s?|felicidades)\b"
)
_STORY = compiled(
    r"\b(?:was|were|came|went|got|had|did|didn't|brought|saw|seen|treated|cared|lost|saved|helped|delivered|met|rang|beat|coded|died|survived|told|said|asked|fell|hit|shot|arrived|"
    r"walked|rolled|left|made|gave|took|held|cried|screamed|presented|complained|spent|fought|won|received|underwent|admitted|discharged|just|finally|still|tonight|today|yesterday|"
    r"last (?:night|week)|this (?:morning|afternoon|evening|shift|week)|on shift|has been|is (?:now|going|home|in|on|our|fighting|recovering)|vs\.?|[a-z]{3,}ed|salio|fallecio|llego|tuvo|murio|fue|vino|trajeron|atendimos)\b"
)
_CARE = {"condition": "condition", "procedure": "procedure", "mechanism": "mechanism", "outcome": "outcome", "patient_word": "patient"}
_LEXICON = {name: compiled(rf"(?<![\w-]){{{name}}}(?![\w-])") for name in ("condition", "procedure", "mechanism", "outcome", "occupation", "body_mark", "rarity", "patient_word", "body_part")}
_UNIT = compiled("{unit}", 0)
_OF_CARE = opened_by(_UNIT, *(_LEXICON[name] for name in _CARE))
_ROLE = compiled(r"\b(?:man|woman|guy|lady|gentleman|girl|boy|mom|mother|dad|father|grandma|grandpa|husband|wife|son|daughter|he|she|him|her|his|hombre|mujer|nino|nina)\b")
_TEAM = compiled(
    r"\b(?:our|the|my) (?:trauma |night |whole |entire |er |ed |icu |amazing )*(?:team|crew|nurses?|doctors?|staff)\b|\bwe\b|\bmy patient|\bnurse life\b|#(?:nurse|nightshift|erlife|icu|medtwitter)\w*"
)

_WORD = re.compile(r"[a-z]{3,}|\d+")

# What narrows down who it is. Sex, the ward and the team narrow little; they are shown but count for less.
WEIGHTS = {
    "age": 1.0,
    "place": 1.0,
    "time": 0.75,
    "mechanism": 1.0,
    "condition": 0.75,
    "procedure": 0.5,
    "occupation": 1.0,
    "mark": 1.5,
    "rarity": 2.0,
    "outcome": 0.5,
    "unit": 0.5,
    "sex": 0.25,
    "name": 2.0,
    "room": 1.0,
    "channel": 0.5,
    "posted": 0.25,
    "news": 1.5,
}


@dataclass(frozen=True, slots=True)
class Story:
    """One person's story: its span in folded offsets, and the folded spans of what narrows it down."""

    start: int
    end: int
    terms: tuple[tuple[str, int, int], ...]
    implicit: tuple[str, ...]
    speaks_of_care: bool

    @property
    def score(self) -> float:
        kinds = {kind for kind, _, _ in self.terms} | set(self.implicit)
        return sum(WEIGHTS.get(kind, 0.0) for kind in kinds)

    def as_terms(self, text: Normalized) -> tuple[Term, ...]:
        written = tuple(Term(kind, *text.span(start, end)) for kind, start, end in self.terms)
        return written + tuple(Term(kind, None, None) for kind in self.implicit)


def find_story(content: Content, text: Normalized, hits: list[Hit], news: Iterable[str] = (), check: Callable[[], None] = lambda: None) -> Story | None:
    """The first single-patient story of the text, or None."""
    if not (text.possible & _OF_CARE or any(hit.label == "ROOM" for hit in hits)) or not _STORY.search(text):
        return None  # looking for a person is dear, and without care or anything that happened there is no story
    person = _find_person(text, hits, check)
    if person is None:
        return None
    start, end = _reach(text, person)
    # "Dad" narrows like a sex: it says who, roughly. It must not count when the age beside it is the person's only trait.
    terms = tuple(_terms(text, hits, start, end))
    kinds = {kind for kind, _, _ in terms}
    cared_for = kinds & {"condition", "procedure", "mechanism", "outcome", "unit", "patient", "room"}
    if cared_for == {"unit"} and "occupation" in kinds:
        return None  # "The mayor toured our emergency department today": a visitor
    if not cared_for or not _STORY.search(text, start, end):
        return None
    implicit = tuple(_implicit(content, text, start, end, kinds, news))
    return Story(start, end, terms, implicit, bool(kinds & {"patient", "unit", "procedure", "room"} or _TEAM.search(text)))


def is_general(text: Normalized) -> bool:
    """Does it say how things are, and tell nothing that happened? "Bell's palsy often gets better by itself." """
    return _STORY.search(text) is None and _GENERIC.search(text) is not None


def _implicit(content: Content, text: Normalized, start: int, end: int, kinds: set[str], news: Iterable[str]) -> Iterator[str]:
    """What narrows it down without a word of the text: where the channel speaks from, when it was posted, what the press told."""
    if content.town or content.facility or content.role in ("org", "workforce"):
        yield "channel"
    if content.posted_at and "time" in kinds:
        yield "posted"  # "tonight" is a date, once the post has one
    told = {word[:6] for word in _WORD.findall(text.lower[start:end])}
    if any(len(words & told) >= 2 for words in ({word[:6] for word in _WORD.findall(item.lower())} for item in news)):
        yield "news"


def _find_person(text: Normalized, hits: list[Hit], check: Callable[[], None]) -> tuple[int, int] | None:
    for match in _PERSON.finditer(text):
        check()
        start, end = text.sentences_around(match.start())
        if not _GENERIC.search(text, start, end) or _PAST.search(text, start, end):
            return match.span()
    for hit in hits:
        if hit.label == "ROOM" and hit.kind == "":
            return hit.start, hit.end
    # "Big Red got his new kidney": only a pronoun, where nobody who works here is spoken of.
    pronoun = _PRONOUN.search(text)
    if pronoun and not _COLLEAGUE.search(text) and not any(hit.kind == "staff" for hit in hits):
        return pronoun.span()
    return None


def _reach(text: Normalized, person: tuple[int, int]) -> tuple[int, int]:
    """The sentence of the person with up to two sentences on each side: stories run over full stops."""
    return text.sentences_around(person[0], 2)


def _terms(text: Normalized, hits: list[Hit], start: int, end: int) -> Iterator[tuple[str, int, int]]:
    seen: set[tuple[str, str]] = set()

    def fresh(kind: str, begin: int, stop: int) -> bool:
        key = (kind, text.lower[begin:stop])
        if key in seen:
            return False
        seen.add(key)
        return True

    for kind, begin, stop in _raw_terms(text, hits, start, end):
        if fresh(kind, begin, stop):
            yield kind, begin, stop


def _raw_terms(text: Normalized, hits: list[Hit], start: int, end: int) -> Iterator[tuple[str, int, int]]:
    labels = {"AGE": "age", "AGE90": "age", "DATE": "time", "GEO": "place", "ROOM": "room", "NAME": "name"}
    for hit in hits:
        if start <= hit.start < end and hit.label in labels and hit.kind not in ("staff", "meeting", "unit", "facility"):
            if hit.label == "NAME" and hit.kind == "single":
                continue
            yield labels[hit.label], hit.start, hit.end
    for match in _ROLE.finditer(text, start, end):
        yield "sex", *match.span()
        break
    for name, kind in {**_CARE, "occupation": "occupation", "body_mark": "mark", "rarity": "rarity"}.items():
        for match in _LEXICON[name].finditer(text, start, end):
            if match.group():
                yield kind, *match.span()
    for match in _UNIT.finditer(text, start, end):
        yield "unit", *match.span()
