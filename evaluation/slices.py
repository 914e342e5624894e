"""The same figures by part: where it stands, who speaks, which language, how it is written; by rule; and by what must be stopped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from primum_detect.judge.intents import SAFETY
from primum_detect.report import Report

Share = Callable[[int, int], str]
Row = dict

_SPANISH = re.compile(r"\b(?:el|la|los|las|del?|que|y|en|por|para|con|una?|sus?|nos|lo|al|se|les?|es|muy|ya)\b", re.IGNORECASE)  # of which English text rarely holds three


def is_spanish(row: Row) -> bool:
    return len({word.lower() for word in _SPANISH.findall(row["text"])}) >= 3


SLICES: dict[str, Callable[[Row], bool]] = {
    "posts": lambda row: row["surface"] == "post",
    "answers, with what they answer": lambda row: row["surface"] in ("reply", "dm") and bool(row.get("thread")),
    "answers alone": lambda row: row["surface"] in ("reply", "dm") and not row.get("thread"),
    "captions and alternative texts": lambda row: row["surface"] in ("image_caption", "alt_text"),
    "adverts and profiles": lambda row: row["surface"] in ("ad", "bio"),
    "the organisation speaks": lambda row: row.get("author_role") == "org",
    "staff speak for themselves": lambda row: row.get("author_role") == "workforce",
    "written without capitals": lambda row: row["text"] == row["text"].lower(),
    "up to 60 characters": lambda row: len(row["text"]) <= 60,
    "English": lambda row: not is_spanish(row),
    "Spanish": is_spanish,
}


def sliced(data: Sequence[Row], reports: Sequence[Report], share: Share) -> Iterator[str]:
    """A table of verdicts by part of the outbound texts."""
    yield from ("", "| outbound, by part | right verdict | must be blocked, but let through | harmless, but blocked | harmless, but sent to review |", "|---|---|---|---|---|")
    for name, belongs in SLICES.items():
        table = Counter((row["verdict"], report.verdict) for row, report in zip(data, reports, strict=True) if belongs(row))
        must, harmless = (sum(n for (wanted, _), n in table.items() if wanted == verdict) for verdict in ("block", "allow"))
        right = sum(n for (wanted, got), n in table.items() if wanted == got)
        yield f"| {name} | {share(right, table.total())} | {share(table['block', 'allow'], must)} | {share(table['allow', 'block'], harmless)} | {share(table['allow', 'review'], harmless)} |"


def by_rule(data: Sequence[Row], reports: Sequence[Report], share: Share) -> Iterator[str]:
    """Which rules cry wolf, and which kinds of harm slip by."""
    fired, wrongly = Counter[str](), Counter[str]()
    kinds, through, looked_at = Counter[str](), Counter[str](), Counter[str]()
    for row, report in zip(data, reports, strict=True):
        rules = set(report.rules)
        fired.update(rules)
        wrongly.update(rules if row["verdict"] == "allow" else ())
        if row["verdict"] == "block":
            kind = row["kinds"][0]
            kinds[kind] += 1
            through[kind] += report.verdict == "allow"
            looked_at[kind] += report.verdict == "review"
    yield from ("", "| rule | texts it speaks of | of these harmless |", "|---|---|---|")
    for rule, n in fired.most_common():
        yield f"| {rule} | {n} | {share(wrongly[rule], n)} |"
    yield from ("", "| must be blocked for | let through | only sent to review |", "|---|---|---|")
    for kind, n in kinds.most_common():
        yield f"| {kind} | {share(through[kind], n)} | {share(looked_at[kind], n)} |"


def alarms(data: Sequence[Row], reports: Sequence[Report], share: Share) -> Iterator[str]:
    """Safety signals by language and by how it is written."""
    yield from ("", "| inbound, by part | safety signals found | safety alarms on texts without one |", "|---|---|---|")
    for name in ("written without capitals", "up to 60 characters", "English", "Spanish"):
        some = [(set(row["intents"]) & SAFETY, set(report.intents) & SAFETY) for row, report in zip(data, reports, strict=True) if SLICES[name](row)]
        calm = [got for gold, got in some if not gold]
        yield f"| {name} | {share(sum(len(gold & got) for gold, got in some), sum(len(gold) for gold, _ in some))} | {share(sum(map(bool, calm)), len(calm))} |"
