"""What somebody told of their health comes back in our answer: saying it again says that we believe it, and that they may be ours.

Only what a person tells of themselves or theirs counts, never what they ask ("Do you have flu shots?"), and only where the answer speaks
of it as theirs, not where it offers a service to everybody ("Our diabetes class meets on Tuesdays").  domain 9.1; house policy informed
by 45 CFR 164.502(a): that somebody posted a thing themselves releases nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from primum_detect.content import Content
from primum_detect.identify.shapes import compiled
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import expand
from primum_detect.matching.regex import Regex
from primum_detect.normalize.folding import fold
from primum_detect.normalize.normalized import Normalized

RULE = "CTX.ECHO"
WHY = "This repeats what the person told of their health. Answer without it, so that nothing is confirmed."
_MOST = 20  # earlier texts that are looked at, the latest ones

_MORE = (
    r"insulin|antibiotics?|morphine|opioids?|methadone|suboxone|epidural|migraines?|asthma|anxiety|panic attacks?|ptsd|adhd|eating disorder|scars?|allerg(?:y|ies|ic)|tumou?rs?|blood clots?|hip|knee|stents?|pacemaker|ivf|"
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
    r"\b(?:classes|class|groups?|programs?|clinics?|walk|5k|week|month|awareness|screenings?|vans?|events?|services?|offer(?:s|ed)?|available|sign(?:-| )?ups?|register|learn more|open to|everyone|everybody|anyone|walk-?ins?|apply|"
    r"volunteers?|jobs?|most people|people with|adults|clases?|grupos?|programas?|disponibles?|gratis|todos)\b|https?:|\w\.(?:org|com|example)\b"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_NO_DETAIL = frozenset(("the", "with", "new", "and", "for", "here", "brok", "deliv", "born", "code", "brough", "rushe", "flown"))


def judge(content: Content, text: Normalized) -> Iterator[Proposal]:
    """The first place of an answer that says again what an earlier text of the thread told."""
    if not content.thread or content.surface not in ("reply", "dm"):
        return
    here = list(_details(text, _OFFERED, wanted=False))
    if not here:
        return
    told = {stem for earlier in content.thread[-_MOST:] for stems, _ in _details(fold(earlier), _TOLD, wanted=True) for stem in stems}
    for stems, (start, end) in here:
        if stems & told:
            yield Proposal(RULE, "RELATIONSHIP", *text.span(start, end), 0.8, WHY, tone="complaint")
            return


def _details(text: Normalized, word: Regex, *, wanted: bool) -> Iterator[tuple[frozenset[str], tuple[int, int]]]:
    """What is said of health in sentences that hold one of the words (or hold none of them), each as stems and place. Of what others
    wrote, questions tell nothing."""
    if not _CARE.search(text) and not _BODY.search(text):
        return
    for sentence in _SENTENCE.finditer(text.lower):
        begin, stop = sentence.span()
        if bool(word.search(text, begin, stop)) != wanted or (wanted and sentence.group().rstrip().endswith("?")):
            continue
        for pattern in (_CARE, _BODY):
            for match in pattern.finditer(text, begin, stop):
                if pattern is _BODY and match.group().lower() in _FIGURATIVE:
                    continue
                yield frozenset(stem for part in re.findall(r"\w{3,}", match.group().lower()) if (stem := part[:5].rstrip("s")) not in _NO_DETAIL), match.span()
