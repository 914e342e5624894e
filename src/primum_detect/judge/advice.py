"""Does the text advise one person about their own body?  domain 9.3. General education speaks to nobody and is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from primum_detect.judge import patterns
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized

RULE = "ADV.CLINICAL"
TABLE = "advice.toml"


def judge(text: Normalized, *, addressed: bool, check: Callable[[], None] = lambda: None) -> Iterator[Proposal]:
    for pattern, start, end in patterns.matches(patterns.load(TABLE), text, addressed=addressed, check=check, skip_negated=True):
        yield Proposal(RULE, "ADVICE", *text.span(start, end), 0.9 if pattern.sure else 0.6, pattern.why, pattern.sure, pattern.tone, pattern.language)
