"""Where in a text is it that the model means? The model speaks of the whole; read sentence by sentence, it mostly turns out to mean one.

A mark on that sentence tells an author more than a mark on everything, and the rest may be kept as a safer wording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.normalized import Normalized

MOST_SENTENCES = 8  # in more, the whole text stays meant
LONGEST = 2_000  # characters; so it does in a longer one
TELLING = 0.5  # a sentence that by itself is as likely as this is meant


def place(proposals: Iterable[Proposal], text: Normalized, read: Callable[[str], Mapping[str, float]]) -> Iterator[Proposal]:
    """The proposals, those on the model's word alone narrowed to the sentences that it means. `read` gives the model's heads for some words."""
    sentences = [(start, end) for start, end in text.sentences if len(text.folded[start:end].split()) > 1]
    heads: list[Mapping[str, float]] = []
    for proposal in proposals:
        if not proposal.head or not 1 < len(sentences) <= MOST_SENTENCES or len(text.folded) > LONGEST:
            yield proposal
            continue
        heads = heads or [read(text.folded[start:end]) for start, end in sentences]
        meant = [span for span, scored in zip(sentences, heads, strict=True) if scored.get(proposal.head, 0.0) >= TELLING]
        if meant:
            start, end = text.span(meant[0][0], meant[-1][1])
            proposal = replace(proposal, start=start, end=end)
        yield proposal
