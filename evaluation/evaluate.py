"""`make eval`: the engine's figures on labelled texts, with 95 % intervals (Wilson) and the worst misses. Writes docs/reference/evaluation.md.

    python evaluation/evaluate.py [--data FOLDER] [--misses]

Texts: `texts/` beside this file (written for Primum by people who had not seen the engine; what is known about each set stands in its
README). With --data, also the parts of public sets that training keeps apart.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from clinical import clinical
from origins import origins
from slices import alarms, by_rule, sliced

from primum_detect import Content, Engine
from primum_detect.judge import patterns
from primum_detect.judge.intents import SAFETY
from primum_detect.normalize.folding import fold
from primum_detect.report import Report
from primum_detect.tagging.tagger import default_tagger

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "reference" / "evaluation.md"
VERDICTS = ("allow", "review", "block")
SURFACES = {"reply: ": "reply", "caption: ": "image_caption"}


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (HERE / "texts" / name).read_text(encoding="utf-8").splitlines()]


def share(hits: int, of: int) -> str:
    """A proportion with its Wilson interval at 95 %."""
    if not of:
        return "no texts"
    z, p = 1.96, hits / of
    middle, half = (p + z * z / (2 * of)) / (1 + z * z / of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{p:.3f} [{max(0.0, middle - half):.3f}, {min(1.0, middle + half):.3f}] ({hits}/{of})"


def content_of(row: dict) -> Content:
    return Content(row["text"], surface=row["surface"], author_role=row.get("author_role", ""), thread=tuple(row.get("thread", ())))


def outbound(data: list[dict], reports: list[Report]) -> tuple[list[str], list[str]]:
    table: Counter[tuple[str, str]] = Counter()
    misses: list[str] = []
    for row, report in zip(data, reports, strict=True):
        table[row["verdict"], report.verdict] += 1
        if row["verdict"] != report.verdict and "allow" in (row["verdict"], report.verdict):
            misses.append(f"{','.join(report.rules) or '-'}: {row['verdict']} -> {report.verdict}: {row['text']}")
    must, harmless = sum(n for (w, _), n in table.items() if w == "block"), sum(n for (w, _), n in table.items() if w == "allow")
    out = [
        f"| right verdict | {share(sum(n for (w, g), n in table.items() if w == g), len(data))} |",
        f"| must be blocked, but let through | {share(table['block', 'allow'], must)} |",
        f"| must be blocked, only sent to review | {share(table['block', 'review'], must)} |",
        f"| harmless, but blocked | {share(table['allow', 'block'], harmless)} |",
        f"| harmless, but sent to review | {share(table['allow', 'review'], harmless)} |",
    ]
    out += ["| labelled, and what became of it | " + "; ".join(f"{w} -> {g} {table[w, g]}" for w in VERDICTS for g in VERDICTS) + " |"]
    return out, misses


def inbound(data: list[dict], reports: list[Report]) -> tuple[list[str], list[str]]:
    hit, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    alarms = calm = 0
    misses: list[str] = []
    for row, report in zip(data, reports, strict=True):
        got, gold = set(report.intents), set(row["intents"])
        hit.update(got & gold)
        found.update(got)
        wanted.update(gold)
        if not gold & SAFETY:
            calm += 1
            alarms += bool(got & SAFETY)
        misses += [f"{intent} missed: {row['text']}" for intent in sorted((gold - got) & SAFETY)]
    scores = {name: 2 * hit[name] / (found[name] + wanted[name]) for name in wanted}
    out = [f"| macro F1 of {len(scores)} intents | {sum(scores.values()) / len(scores):.3f} |"]
    out.append(f"| safety signals found | {share(sum(hit[name] for name in SAFETY), sum(wanted[name] for name in SAFETY))} |")
    out.append(f"| safety alarms on texts without one | {share(alarms, calm)} |")
    out += [f"| {name} F1 (texts) | {score:.2f} ({wanted[name]}) |" for name, score in sorted(scores.items())]
    return out, misses


def quiet(engine: Engine) -> tuple[list[str], list[str]]:
    texts: list[Content] = []
    for line in (HERE / "texts" / "quiet.txt").read_text(encoding="utf-8").splitlines():
        lead = next((lead for lead in SURFACES if line.startswith(lead)), "")
        texts.append(Content(line[len(lead) :], surface=SURFACES.get(lead, "post"), town="Marlow Bay"))
    own = len(texts)
    texts += [Content(text) for table in patterns.TABLES for pattern in patterns.load(table) for text in pattern.harmless]
    verdicts: Counter[tuple[bool, str]] = Counter()
    misses = []
    for number, (content, report) in enumerate(zip(texts, engine.screen_many(texts), strict=True)):
        verdicts[number < own, report.verdict] += 1
        if report.verdict != "allow":
            misses.append(f"{report.verdict} {','.join(report.rules)}: {content.text}")
    others = len(texts) - own
    stopped = sum(n for (is_own, verdict), n in verdicts.items() if not is_own and verdict != "allow")
    return [
        f"| ordinary posts, captions and answers (quiet.txt) blocked | {share(verdicts[True, 'block'], own)} |",
        f"| ordinary posts, captions and answers sent to review | {share(verdicts[True, 'review'], own)} |",
        f"| the patterns' harmless neighbours (the model learns from them, too), not allowed | {share(stopped, others)} |",
    ], misses


def is_handle(text: str, start: int, end: int) -> bool:
    """Some of the corpus is written in tokens: "@ name" is a handle, too."""
    return text[:start].rstrip().endswith("@") or "@" in text[start:end]


def names(engine: Engine, posts: Iterable[dict]) -> str:
    """Span for span; handles are addresses, not names, and count on neither side."""
    hit = found = wanted = 0
    for row in posts:
        text = row["text"]
        gold = {(start + (text[start] == "#"), end) for start, end, kind in row["spans"] if kind in ("PER", "person") and not is_handle(text, start, end)}
        got = {(f.start, f.end) for f in engine.identify(text) if f.label == "NAME" and not is_handle(text, f.start, f.end)}
        hit, found, wanted = hit + len(gold & got), found + len(got), wanted + len(gold)
    return f"F1 {2 * hit / max(1, found + wanted):.3f}, recall {share(hit, wanted)}, precision {share(hit, found)}"


def public_sets(engine: Engine, data: Path) -> list[str]:
    def read(name: str) -> list[dict]:
        return [json.loads(line) for line in (data / name).read_text(encoding="utf-8").splitlines()]

    out = [
        f"| names, Broad Twitter (every 12th post, kept apart) | {names(engine, read('btc/train.jsonl')[::12])} |",
        f"| names, WNUT17 dev (kept apart) | {names(engine, read('wnut17/dev.jsonl'))} |",
    ]
    ill = read("illness_tweets/train.jsonl")[::12]
    scored = sorted(zip((default_tagger().read(fold(row["text"]).folded).heads["ill_person"] for row in ill), (row["positive"] for row in ill), strict=True))
    yes = sum(positive for _, positive in scored)
    area = (sum(rank for rank, (_, positive) in enumerate(scored, 1) if positive) - yes * (yes + 1) / 2) / (yes * (len(scored) - yes))
    out.append(f"| a person with an illness, not the topic: AUROC on texts kept apart ({len(ill)}; same three illnesses) | {area:.3f} |")
    posts = [Content(row["text"]) for row in read("btc/train.jsonl")]
    verdicts = [report.verdict for report in engine.screen_many(posts, processes=2)]
    apart = [verdict for number, verdict in enumerate(verdicts) if number % 2 or number % 12 == 0]  # the others taught that chatter is harmless
    for what, some in (("real posts judged as a hospital's own", verdicts), ("of these that never taught that chatter is harmless", apart)):
        out += [f"| {len(some)} {what}: blocked | {share(some.count('block'), len(some))} |", f"| the same: sent to review | {share(some.count('review'), len(some))} |"]
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--misses", action="store_true", help="print every miss, by rule")
    options = parser.parse_args()
    engine = Engine()
    page = ["# How well the engine judges", "", f"Written by `make eval` on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}, rulebook {engine.rulebook.version}. Intervals: Wilson, 95 %.", ""]
    page += [*(HERE / "README.md").read_text(encoding="utf-8").split("\n\n", 1)[1].strip().splitlines(), "", "| what | figure |", "|---|---|"]
    ours, theirs = rows("outbound.jsonl"), rows("inbound.jsonl")
    judged, heard = list(engine.screen_many(map(content_of, ours))), list(engine.screen_many(map(content_of, theirs)))
    for lines, misses in (outbound(ours, judged), inbound(theirs, heard), quiet(engine), clinical(engine, HERE / "texts", share)):
        page += lines
        if options.misses:
            print(*sorted(misses), sep="\n")
    page += origins(engine, share)
    if options.data:
        page += public_sets(engine, options.data)
    page += [*sliced(ours, judged, share), *alarms(theirs, heard, share), *by_rule(ours, judged, share)]
    PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")
    print("\n".join(page))


if __name__ == "__main__":
    main()
