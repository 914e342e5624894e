"""Identifiers in short queries as hurried clinicians type them, and harmless ones that tempt: eponyms, drugs, codes, ages below 90."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from primum_detect import Engine

_MARK = re.compile(r"\[([^|\]]+)\|(\w+)\]")
_NO_IDENTIFIER = ("AGE", "ORG", "PROFESSION", "CARD")  # layer 2 names them; 45 CFR 164.514(b)(2) does not


def read_marked(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its marks, and (start, end, label) of each value."""
    text, spans, at = "", [], 0
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        spans.append((len(text), len(text) + len(match[1]), match[2]))
        text, at = text + match[1], match.end()
    return text + line[at:], spans


def clinical(engine: Engine, folder: Path, share: Callable[[int, int], str]) -> tuple[list[str], list[str]]:
    """A value is found where findings cover at least half of it, whatever they are called."""
    found, wanted = Counter[str](), Counter[str]()
    misses = []
    for line in (folder / "clinical.txt").read_text(encoding="utf-8").splitlines():
        text, spans = read_marked(line)
        covered = {at for finding in engine.identify(text) for at in range(finding.start, finding.end)}
        for start, end, label in spans:
            wanted[label] += 1
            if 2 * len(covered & set(range(start, end))) >= end - start:
                found[label] += 1
            else:
                misses.append(f"{label} missed: {text[start:end]} | {text}")
    harmless = (folder / "clinical_harmless.txt").read_text(encoding="utf-8").splitlines()
    flagged = [(line, labels) for line in harmless if (labels := [f.label for f in engine.identify(line) if f.label not in _NO_IDENTIFIER])]
    misses += [f"harmless, {','.join(labels)}: {line}" for line, labels in flagged]
    return [
        f"| identifiers in short clinical queries, found | {share(sum(found.values()), sum(wanted.values()))} |",
        f"| of these names, places, dates, numbers and the rest | {', '.join(f'{label} {found[label]}/{n}' for label, n in wanted.most_common())} |",
        f"| harmless clinical queries flagged | {share(len(flagged), len(harmless))} |",
    ], misses
