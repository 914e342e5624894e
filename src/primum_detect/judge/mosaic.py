"""Could somebody recognise the person from what is told, together with what the channel gives away?

45 CFR 164.514(a), (b)(2)(ii); as a stop it is house policy informed by the law: two or more things that narrow it down.
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.content import Content
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import compiled
from primum_detect.normalize.normalized import Normalized
from primum_detect.situate.story import Story, is_general

RULE = "CTX.MOSAIC"
SURE_FROM = 2.5
LIKELY_FROM = 1.75
PLAIN_STORY = 0.9  # in an answer, or in general talk, only what is likelier than this is one patient's story
SHORTEST_STORY = 5  # words: in fewer, nobody can be recognised unless a pattern says who
_READS = "This reads like a story about one patient. Someone who was there, or who knows the family, could recognise the person."

_PLAIN = {
    "sex": "who it was",
    "age": "an age",
    "place": "a place",
    "time": "a time",
    "mechanism": "what happened",
    "condition": "a condition",
    "procedure": "a treatment",
    "occupation": "an occupation",
    "mark": "a visible mark",
    "rarity": "something rare",
    "outcome": "how it ended",
    "unit": "the unit",
    "room": "the room",
    "name": "a name",
}
_COUNT = compiled(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|[1-9]|10)\s+(?:\w+ ){0,2}(?:cases?|patients?|deaths?|people|children)\b[^.!?\n]{0,30}\b{condition}\b|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|[1-9]|10)\s+(?:\w+ ){0,2}\b{condition} (?:cases?|patients?|deaths?)\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|[1-9]|10)\s+(?:\w+ ){0,2}(?:people|patients|children|kids|students|residents|men|women|siblings|boys|girls|teens|babies)\b[^.!?\n]{0,40}\b(?:came to (?:us|our)|were (?:treated|seen|admitted|diagnosed)|tested positive|diagnosed with|positive for|in our (?:er|ed|icu|care)|with us\b)"
)


def judge(content: Content, text: Normalized, story: Story | None, reads_like: tuple[float, bool] = (0.0, False)) -> Iterator[Proposal]:
    """`reads_like` is the model's word on a story about one patient: how likely (0 to 1), and whether nearly surely."""
    ours = content.role in ("org", "workforce")
    likely, surely = reads_like
    counts = [match.span() for match in _COUNT.finditer(text)]
    if story is None or story.score < LIKELY_FROM:
        least = PLAIN_STORY if content.is_answer or is_general(text) else 0.0
        if ours and likely > least and len(text.folded.split()) >= SHORTEST_STORY:
            yield Proposal(RULE, "UNIQUE", 0, len(text.original), min(0.9, likely), _READS, surely and not counts, head="patient_story")  # a few people are no single one: their number is looked at
    else:
        sure = ours and ((story.score >= SURE_FROM and story.speaks_of_care) or surely)
        yield Proposal(RULE, "UNIQUE", *text.span(story.start, story.end), min(0.97, 0.5 + story.score / 10), explain(story), sure)
    for start, end in counts:
        yield Proposal("CTX.SMALL_CELL", "UNIQUE", *text.span(start, end), 0.6, "A count below eleven, with a place or a month, can point at single people.", False)


def explain(story: Story) -> str:
    kinds = list(dict.fromkeys(_PLAIN[kind] for kind, _, _ in sorted(story.terms, key=lambda term: term[1]) if kind in _PLAIN))
    if "channel" in story.implicit:
        kinds.append("the town of your channel")
    if "news" in story.implicit:
        kinds.append("what the press told")
    listed = ", ".join(kinds[:-1]) + f" and {kinds[-1]}" if len(kinds) > 1 else kinds[0]
    return f"Could be recognised: {listed}, told together, are enough for someone who was there or knows the family."
