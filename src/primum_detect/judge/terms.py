"""Words that the organisation keeps to itself for now: project names, names of partners, each perhaps until a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from primum_detect.content import Content
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized
from primum_detect.profile import Profile

RULE = "POL.CONFIDENTIAL"


def judge(content: Content, text: Normalized, profile: Profile) -> Iterator[Proposal]:
    """Where a term stands. One with a day is free from that day on; a text without a time of its own counts as today's, so as too early."""
    for term, until in profile.kept_back:
        if until and content.posted_at and content.posted_at.date() >= until:
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(term)}(?!\w)", text.folded, re.IGNORECASE):
            yield Proposal(RULE, "POLICY", *text.span(*match.span()), 0.95, _why(until))


def _why(until: date | None) -> str:
    return f"Your organisation keeps this word to itself until {until:%B} {until.day}, {until.year}." if until else "Your organisation keeps this word to itself."
