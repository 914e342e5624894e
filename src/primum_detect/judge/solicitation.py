"""Does the text ask somebody to put health details where they are not safe?  45 CFR 164.530(c), 164.312(e)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from primum_detect.judge import patterns
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized

RULE = "CTX.SOLICIT"
TABLE = "solicitation.toml"


def judge(text: Normalized, *, addressed: bool, check: Callable[[], None] = lambda: None) -> Iterator[Proposal]:
    for pattern, start, end in patterns.matches(patterns.load(TABLE), text, addressed=addressed, check=check, skip_negated=True):
        begin, stop = text.span(start, end)
        yield Proposal(RULE, "SOLICIT", begin, stop, 0.92 if pattern.sure else 0.6, pattern.why, pattern.sure, pattern.tone, pattern.language)
