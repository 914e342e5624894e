"""What the model makes of a whole text that we ourselves would write: it reads like something that must not go out.

The patterns know how things are said; the model has seen many other ways to say them. What it is nearly sure of stops a text, what it
finds likely goes to a person. It names no place in the text: the whole text is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from primum_detect.content import Content
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized

LIKELY, SURE = 0.6, 0.95
BACKED = 0.5  # the model's word that a text must not go out, whatever for: without it no other head counts


@dataclass(frozen=True)
class Likeness:
    """One head of the model, and what it says in the rulebook's terms."""

    head: str
    rule: str
    label: str
    why: str
    to_one_person: bool = False
    surest: bool = True  # may it stop a text on its own, or only ask for a look?


KINDS = (
    Likeness("relationship", "CTX.RELATIONSHIP", "RELATIONSHIP", "This reads as if it told the public that somebody is, or is not, a patient.", to_one_person=True),
    Likeness("solicit", "CTX.SOLICIT", "SOLICIT", "This reads like asking people for details of their health where others can see them."),
    Likeness("advice", "ADV.CLINICAL", "ADVICE", "This reads like medical advice for one person.", to_one_person=True),
    Likeness("confidential", "POL.CONFIDENTIAL", "POLICY", "This reads like something that is not public yet."),
    Likeness("marketing", "MKT.CLAIM", "POLICY", "This reads like a promise of success or a reward, which advertising law limits.", surest=False),
)


def judge(content: Content, text: Normalized, heads: Mapping[str, float], found: Iterable[Proposal], *, addressed: bool) -> Iterator[Proposal]:
    """`found` is what the patterns say: where they are sure, the model need not speak."""
    known = {proposal.rule for proposal in found if proposal.sure}
    if content.role not in ("org", "workforce") or heads.get("stop", 0.0) < BACKED:
        return
    for kind in KINDS:
        score = heads.get(kind.head, 0.0)
        if score < LIKELY or kind.rule in known or (kind.to_one_person and not addressed):
            continue
        yield Proposal(kind.rule, kind.label, 0, len(text.original), min(0.9, score), kind.why, kind.surest and score >= SURE, "complaint")
