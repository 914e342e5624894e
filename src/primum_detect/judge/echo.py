"""What somebody told of their health comes back in our answer: saying it again says that we believe it, and that they may be ours.

Only what a person tells of themselves or theirs counts, never what they ask ("Do you have flu shots?"), and only where the answer speaks
of it as theirs, not where it offers a service to everybody ("Our diabetes class meets on Tuesdays").  domain 9.1; house policy informed
by 45 CFR 164.502(a): that somebody posted a thing themselves releases nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from primum_detect.content import Content
from primum_detect.identify.shapes import compiled
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import expand
from primum_detect.matching.regex import Regex
from primum_detect.normalize.folding import fold
from primum_detect.normalize.normalized import Normalized

RULE = "CTX.ECHO"
WHY = "This repeats what the person told of their health. Answer without it, so that nothing is confirmed."
_MOST, _LONGEST = 20, 5_000  # earlier texts that are looked at, the latest ones, and how many characters of each

_MORE = (
    r"insulin|crohn'?s|parkinson'?s|colitis|fibromyalgia|appendix|antibiotics?|morphine|opioids?|methadone|suboxone|epidural|migraines?|asthma|anxiety|panic attacks?|ptsd|adhd|eating disorder|scars?|allerg(?:y|ies|ic)|tumou?rs?|blood clots?|stents?|pacemaker|ivf|"
    r"root canal|vasectomy|circumcision|rehab|detox|hospice|icu psychosis|sobriety|relapsed?|suicid(?:al|e)|cicatri(?:z|ces)|cesarea|embaraz(?:o|ada)|aborto|piedras? en (?:el|los) rinon(?:es)?|convulsion(?:es)?|quemaduras?|fractura"
)
_CARE = compiled(expand(rf"\b(?:{{condition}}|{{procedure}}|{_MORE})s?\b"))
_BODY = compiled(expand(r"(?<![\w-])(?:{body_part})(?![\w-])"))
_FIGURATIVE = frozenset(("back", "hand", "hands", "head", "heart", "smile", "face", "eyes", "eye", "ears", "ear", "hearing", "nose", "foot", "feet", "neck", "bump", "skin", "arms", "brain", "vision"))
_OF_THEMSELVES = compiled(
    expand(
        r"\b(?:i|i'?m|i'?ve|i'?d|me|my|mine|we|our|us|she|he|his|her|him|mi|mis|yo|nos|nuestr[oa]s?|su|{relative})\b|(?:^|(?<=[.!?\n])|(?<=[.!?\n] ))\W{0,3}(?:left|came|got|went|was|had|lost|waited|spent|told|diagnosed|sent|fui|sali|estuve|tuve|perdi)\b|\b(?:me|le|nos) (?:dej|hic|opera|dier)\w+"
    )
)
_OFFERED = compiled(
    r"\b(?:classes|class|support groups?|groups? (?:meets?|is)|programs?|clinics?|5k|screenings?|vans?|offer(?:s|ed)?|sign(?:-| )?ups?|register|learn more|open to|walk-?ins?|apply|clases?|grupos?|programas?)\b"
    r"|https?:|\w\.(?:org|com|example)\b"
)
# "The lot by the cancer center", "our infection rates": the name of a place, a team or a number, not somebody's illness.
_NAMES_A_PLACE = re.compile(r" (?:cent(?:er|re)s?|institute|clinics?|unit|floor|wing|tower|building|pavilion|department|surgeons?|numbers|rates?|control|research|conference)\b")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_ASKS = re.compile(r"^\W*(?:do|does|did|is|are|can|could|where|when|what|how|who|which|will|would|any|hay|tienen|donde|cuando|cuanto|que|como|a que)\b")
_NO_DETAIL = frozenset(("the", "with", "new", "and", "for", "here", "broke", "deliv", "born", "code", "broug", "rushe", "flown"))


def judge(content: Content, text: Normalized, check: Callable[[], None] = lambda: None) -> Iterator[Proposal]:
    """The first place of an answer that says again what an earlier text of the thread told."""
    if not content.thread or not content.is_answer:
        return
    here = list(_said(text))
    if not here:
        return
    told: set[str] = set()
    for earlier in content.thread[-_MOST:]:
        check()
        told.update(_told(fold(earlier[:_LONGEST])))
    for stems, (start, end) in here:
        if stems & told:
            yield Proposal(RULE, "RELATIONSHIP", *text.span(start, end), 0.8, WHY, tone="complaint")
            return


def _told(text: Normalized) -> Iterator[str]:
    """The stems of what others tell of health, in sentences that ask nothing; a part of the body counts only where they speak of theirs."""
    for begin, stop in _sentences(text):
        if not _ASKS.match(text.lower[begin:stop]):
            for stems, _ in _details(text, begin, stop, (_CARE, _BODY) if _OF_THEMSELVES.search(text, begin, stop) else (_CARE,)):
                yield from stems


def _said(text: Normalized) -> Iterator[tuple[frozenset[str], tuple[int, int]]]:
    """What we say of health, as stems and place, but for sentences that offer something to all."""
    for begin, stop in _sentences(text):
        if not _OFFERED.search(text, begin, stop):
            yield from _details(text, begin, stop, (_CARE, _BODY))


def _sentences(text: Normalized) -> Iterator[tuple[int, int]]:
    if _CARE.search(text) or _BODY.search(text):
        yield from (sentence.span() for sentence in _SENTENCE.finditer(text.lower))


def _details(text: Normalized, begin: int, stop: int, patterns: tuple[Regex, ...]) -> Iterator[tuple[frozenset[str], tuple[int, int]]]:
    for pattern in patterns:
        for match in pattern.finditer(text, begin, stop):
            words = match.group().lower()
            if (pattern is not _BODY or words not in _FIGURATIVE) and not _NAMES_A_PLACE.match(text.lower, match.end()):
                yield frozenset(stem for part in re.findall(r"\w{3,}", words) if (stem := part[:5].rstrip("s")) not in _NO_DETAIL), match.span()
