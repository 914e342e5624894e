"""Names that the model sees, laid over those that lists and cues found.

The lists know names that training never showed; the model knows sentences. A name that stands alone, with nothing around it that
announces one, needs the model's word; a name that is announced does not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from primum_detect.identify.eponyms import is_eponym
from primum_detect.identify.layer import settle
from primum_detect.identify.names import is_name_like
from primum_detect.identify.places import is_too_wide
from primum_detect.identify.shapes import Hit
from primum_detect.normalize.normalized import Normalized
from primum_detect.tagging.tagger import NOTHING, Tags

FROM = 0.3  # a person, on the model's word alone
PLACE_FROM = 0.6
PLAIN_FROM = 0.9  # written small where names are written large, and on no list
DOUBTED = ("single", "full")
DOUBT_BELOW = 0.35
_ACRONYM = re.compile(r"(?=.{2,6}$)[A-Za-z]*[A-Z][A-Za-z]*[A-Z][A-Za-z]*")  # a drug, a score, a journal as often as an employer
_CAPITALISED = re.compile(r"(?<!\w)[A-Z][a-z]+")
_PRONOUN_FIRST = re.compile(r"(?:Le|Les|Me|Mi|Mis|Nos|Se|Su|Sus|Lo|La|Las|Los|Te|Tu|Yo|El|Ya|No|Si|Que) [a-z]")  # "Le dije": a Spanish sentence begins
_WE_DO = re.compile(r"[A-Z]?[a-z]{2,}[aei]mos(?= (?:lo|los|la|las|el|una?|que|mucho|de|al|por|con|sus?|no|muy|en|a[ul]n|todos?|todas?)\b)")  # "Sentimos lo del ruido"
_AFTER_ARTICLE = re.compile(r"\b(?:del|al|el|los|las|una?) $", re.IGNORECASE)  # what stands after one is a thing, unless it is written or known as a name
_WHY = "A name points straight at a person."
_WHY_PLACE = "A place narrows down who it is."
_WHY_ORGANISATION = "An organisation narrows down who it is."


def _is_plain_word(text: Normalized, start: int, end: int, score: float) -> bool:
    """A word written small ("the mammogram van") in a text that writes names large or after a Spanish article, or the first words of a Spanish sentence."""
    written = text.folded[start:end].strip()
    if _PRONOUN_FIRST.match(written):
        return True
    if score >= PLAIN_FROM or any(map(is_name_like, written.split())):
        return False
    if _WE_DO.match(text.folded, start) or _AFTER_ARTICLE.search(text.folded[max(0, start - 8) : start]):
        return written.islower() or " " not in written
    return written.islower() and len(_CAPITALISED.findall(text.folded)) >= 2


def _in_one_sentence(text: Normalized, start: int, end: int) -> int:
    """Where a name ends at the latest: "Dana. Dr" is one and a half. An initial's full stop ends no name."""
    _, stop = text.sentences_around(start)
    return stop - 1 if start < stop < end and text.folded[stop - 3 : stop - 1].islower() else end


def add(text: Normalized, hits: list[Hit], tags: Tags) -> list[Hit]:
    """The hits with the model's names in them, overlaps settled."""
    if tags is NOTHING:
        return hits
    spans = [(start, _in_one_sentence(text, start, end), kind, score) for start, end, kind, score in tags.spans]
    people = [(start, end) for start, end, kind, score in spans if kind == "PER" and score >= FROM]
    # "from Kazuo Fujimoto": the pattern for towns knows only capitals.
    hits = [hit for hit in hits if hit.kind != "town" or not any(start <= hit.start and hit.end <= end for start, end in people)]
    kept = [hit for hit in hits if hit.label != "NAME" or hit.kind not in DOUBTED or (tags.person_at(hit.start, hit.end) >= DOUBT_BELOW and not is_eponym(text, hit.start, hit.end))]
    names = [hit for hit in kept if hit.label == "NAME"]
    for start, end, kind, score in spans:
        if any(hit.label != "NAME" and hit.start < end and start < hit.end for hit in hits):
            continue  # what a pattern recognised is no name and no place
        if is_eponym(text, start, end) or (kind == "PER" and not text.folded.isupper() and _ACRONYM.fullmatch(text.folded[start:end].strip()) and not is_name_like(text.folded[start:end].strip())):
            continue
        if kind == "PER" and score >= FROM and not _is_plain_word(text, start, end, score):
            beside = next((hit for hit in names if hit.start < end and start < hit.end), None)
            if beside is None:
                kept.append(Hit("NAME", start, end, round(min(score, 0.9), 3), _WHY, "full" if " " in text.folded[start:end].strip() else "model"))
            elif beside.kind in DOUBTED or (end - start > beside.end - beside.start and beside.start >= start and beside.kind != "initials"):
                seen = replace(beside, start=start, end=end)
                kept[kept.index(beside)] = names[names.index(beside)] = seen  # in both: the model may part in two what the lists took for one
        elif kind == "LOC" and score >= PLACE_FROM and not is_too_wide(text.lower[start:end]) and not text.folded.startswith("-", end):  # a Jackson-Pratt drain
            kept.append(Hit("GEO", start, end, 0.5, _WHY_PLACE, "place"))
        elif kind == "ORG" and score >= PLACE_FROM and not _ACRONYM.fullmatch(text.folded[start:end]):
            kept.append(Hit("ORG", start, end, 0.45, _WHY_ORGANISATION))
    return settle(kept)
