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
    r"insulin|crohn'?s|parkinson'?s|colitis|fibromyalgia|appendix|antibiotics?|morphine|opioids?|methadone|suboxone|epidural|migraines?|asthma|anxiety|panic attacks?|ptsd|adhd|eating disorder|scars?|allerg(?:y|ies|ic)|tumou?rs?|blood clots?|hip|knee|stents?|pacemaker|ivf|"
    r"mastectomy|root canal|vasectomy|circumcision|rehab|detox|hospice|icu psychosis|sobriety|relapsed?|suicid(?:al|e)|cicatri(?:z|ces)|cesarea|embaraz(?:o|ada)|aborto|piedras? en (?:el|los) rinon(?:es)?|convulsion(?:es)?|quemaduras?|fractura"
)
_CARE = compiled(expand(rf"\b(?:{{condition}}|{{procedure}}|{_MORE})s?\b"))
_BODY = compiled(expand(r"\b(?:{body_part})\b"))
_FIGURATIVE = frozenset(("back", "hand", "hands", "head", "heart", "smile", "face", "eyes", "eye", "ears", "ear", "hearing", "nose", "foot", "feet", "neck", "bump", "skin", "arms", "brain", "vision"))
_TOLD = compiled(
    expand(
        r"\b(?:i|i'?m|i'?ve|i'?d|me|my|mine|we|our|us|she|he|his|her|him|mi|mis|yo|nos|nuestr[oa]s?|su|{relative})\b|(?:^|(?<=[.!?\n])|(?<=[.!?\n] ))\W{0,3}(?:left|came|got|went|was|had|lost|waited|spent|told|diagnosed|sent|fui|sali|estuve|tuve|perdi)\b|\b(?:me|le|nos) (?:dej|hic|opera|dier)\w+"
    )
)
_OFFERED = compiled(
    r"\b(?:classes|class|support groups?|groups? (?:meets?|is)|programs?|clinics?|5k|screenings?|vans?|offer(?:s|ed)?|sign(?:-| )?ups?|register|learn more|open to|walk-?ins?|apply|clases?|grupos?|programas?)\b"
    r"|https?:|\w\.(?:org|com|example)\b"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_ASKS = re.compile(r"^\W*(?:do|does|did|is|are|can|could|where|when|what|how|who|which|will|would|any|hay|tienen|donde|cuando|cuanto|que|como|a que)\b")
_NO_DETAIL = frozenset(("the", "with", "new", "and", "for", "here", "broke", "deliv", "born", "code", "broug", "rushe", "flown"))


def judge(content: Content, text: Normalized, check: Callable[[], None] = lambda: None) -> Iterator[Proposal]:
    """The first place of an answer that says again what an earlier text of the thread told."""
    if not content.thread or content.surface != "reply":
        return
    here = list(_details(text, _OFFERED, wanted=False))
    if not here:
        return
    told: set[str] = set()
    for earlier in content.thread[-_MOST:]:
        check()
        told.update(stem for stems, _ in _details(fold(earlier[:_LONGEST]), _TOLD, wanted=True) for stem in stems)
    for stems, (start, end) in here:
        if stems & told:
            yield Proposal(RULE, "RELATIONSHIP", *text.span(start, end), 0.8, WHY, tone="complaint")
            return


def _details(text: Normalized, word: Regex, *, wanted: bool) -> Iterator[tuple[frozenset[str], tuple[int, int]]]:
    """What is said of health, as stems and place: in the sentences of others that ask nothing (a part of the body only where they speak of
    themselves or theirs, `word`), and in ours that offer nothing to all (`word`)."""
    if not _CARE.search(text) and not _BODY.search(text):
        return
    for sentence in _SENTENCE.finditer(text.lower):
        begin, stop = sentence.span()
        holds = bool(word.search(text, begin, stop))
        if holds if not wanted else _ASKS.match(sentence.group()):
            continue
        for pattern in (_CARE, _BODY) if holds or not wanted else (_CARE,):
            for match in pattern.finditer(text, begin, stop):
                if pattern is _BODY and match.group().lower() in _FIGURATIVE:
                    continue
                yield frozenset(stem for part in re.findall(r"\w{3,}", match.group().lower()) if (stem := part[:5].rstrip("s")) not in _NO_DETAIL), match.span()
