"""Who is spoken of was never ill: a manikin, an actor in a drill, a drawing, a ghost, or somebody of a century ago.

Such words lower what the identifiers and the mosaic say, because a real patient may stand in the same text; where the model, too, sees
nothing that must not go out, they say nothing. Privacy of the dead ends fifty years after death: 45 CFR 160.103, "protected health information".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from primum_detect.identify.shapes import compiled
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized

LOWERED = ("CTX.MOSAIC", "CTX.UNIT", "ID.NAME", "ID.DATE", "MEDIA.SCREEN")
UNSEEN = 0.3  # the model's "must not go out" below this: nothing real is told
_PRETEND = compiled(
    r"\b(?:manikins?|mannequins?|sim(?:ulation)? (?:lab|center|centre|week|day|suite|man)|simulations?|simulated|moulage|training (?:torso|doll|dummy)|(?:practice|crash|cpr) dumm(?:y|ies)|drama club|volunteers? in makeup|"
    r"stock (?:photo|art|image|illustration)|cartoon|clip ?art|(?:delivery|linen|cleaning) robots?|sample name|your name here|ghosts?|haunted|skeletons?)\b"
)
_LONG_AGO = compiled(r"(?<!born )\b(?:in|since|of|from|circa|around) (?:the )?(?:1[6-8]\d\d|19[0-4]\d)(?:s|'s)?\b(?![/-])")


def lowered(proposals: Iterable[Proposal], text: Normalized, heads: Mapping[str, float]) -> list[Proposal]:
    """The proposals, those about a make-believe person less sure, or gone where the model sees nothing either."""
    if not _PRETEND.search(text) and not _LONG_AGO.search(text):
        return list(proposals)
    is_seen = heads.get("stop", 1.0) >= UNSEEN
    return [replace(proposal, sure=False) if proposal.rule in LOWERED else proposal for proposal in proposals if is_seen or proposal.rule not in LOWERED]
