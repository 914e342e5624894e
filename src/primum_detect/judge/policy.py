"""What may not be said for reasons other than a patient: our own secrets, advertising law, writing that stands in a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from primum_detect.judge import patterns
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized

TABLE = "policy.toml"


def judge(text: Normalized, *, addressed: bool, check: Callable[[], None] = lambda: None) -> Iterator[Proposal]:
    for pattern, start, end in patterns.matches(patterns.load(TABLE), text, addressed=addressed, check=check):
        yield Proposal(pattern.rule, "POLICY", *text.span(start, end), 0.85, pattern.why, pattern.sure, pattern.tone, pattern.language)
