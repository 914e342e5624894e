"""Does the text confirm, or deny, that somebody is a patient?  45 CFR 164.502(a); 160.103."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from primum_detect.judge import patterns
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized

RULE = "CTX.RELATIONSHIP"
TABLE = "relationship.toml"


def judge(text: Normalized, *, addressed: bool, check: Callable[[], None] = lambda: None) -> Iterator[Proposal]:
    for pattern, start, end in patterns.matches(patterns.load(TABLE), text, addressed=addressed, check=check):
        begin, stop = text.span(start, end)
        yield Proposal(RULE, "RELATIONSHIP", begin, stop, 0.93 if pattern.sure else 0.6, pattern.why, pattern.sure, pattern.tone, pattern.language)
