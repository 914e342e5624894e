"""Who is spoken of was never ill: a manikin, an actor in a drill, a drawing, a ghost, or somebody of a century ago.

In the sentence that says so and its neighbours, the identifiers and the mosaic are less sure: a person looks. They are never taken back,
because a real patient may stand beside the make-believe one. Privacy ends fifty years after death: 45 CFR 160.103, "protected health
information" (2)(iv).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from primum_detect.identify.shapes import compiled
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized

LOWERED = ("CTX.MOSAIC", "CTX.UNIT", "ID.NAME", "ID.DATE", "MEDIA.SCREEN")
_PRETEND = compiled(
    r"\b(?:manikins?|mannequins?|sim(?:ulation)? (?:lab|center|centre|week|day|suite|man)|simulations?|simulated|moulage|training (?:torso|doll|dummy)|(?:practice|crash|cpr) dumm(?:y|ies)|drama club|volunteers? in makeup|"
    r"stock (?:photo|art|image|illustration)|clip ?art|(?:delivery|linen|cleaning) robots?|sample name|your name here|ghosts?|haunted)\b"
)
_LONG_AGO = compiled(r"(?<!born )\b(?:in|of) (?:the )?(?:1[6-8]\d\d|19[0-4]\d)(?:s|'s)?\b(?! ?(?:h|hrs|hours)\b|[/:-])")
_OLD_YEAR = compiled(r"\b(?:1[6-8]\d\d|19[0-4]\d)\b(?! ?(?:h|hrs|hours)\b|[/:-])")


def lowered(proposals: Iterable[Proposal], text: Normalized) -> list[Proposal]:
    """The proposals, those beside a make-believe person less sure."""
    near = list(_near(text))
    return [replace(proposal, sure=False) if proposal.rule in LOWERED and any(proposal.start < stop and start < proposal.end for start, stop in near) else proposal for proposal in proposals]


def is_make_believe(text: Normalized) -> bool:
    """Does it speak of a manikin, a drill, or of somebody long ago? ("Haunted by it" is no ghost.)"""
    return any(match.group()[:5] not in ("ghost", "haunt") for match in _PRETEND.finditer(text)) or _OLD_YEAR.search(text) is not None


def _near(text: Normalized) -> Iterator[tuple[int, int]]:
    for pattern in (_PRETEND, _LONG_AGO):
        for match in pattern.finditer(text):
            yield text.span(*text.sentences_around(match.start(), 1))
