"""The organisation's rules as data: which stop a text, on what ground, and who may release it.

A rulebook is a TOML file (see data/rulebook.toml). Errors name the file, the line and the mend.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from primum_detect.lexicons import read_data
from primum_detect.report import STRICTNESS, Verdict

STOPS = ("never", "privacy_officer", "social_lead", "reviewer", "advice")
HARDNESS = {"never": 3, "privacy_officer": 2, "social_lead": 1, "reviewer": 1, "advice": 0}  # how hard a stop is to release
BASES = ("law", "policy", "advice")
STATES = ("active", "shadow")
_TOP = {"version", "rule", "inherits", "signed_by_privacy_officer"}
_FIELDS = {"id", "title", "verdict", "stop", "basis", "cite", "why", "examples", "harmless", "state"}


class RulebookError(ValueError):
    """A rulebook cannot be used. The message names file, line and mend."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `verdict` is what a sure finding does; `stop` says who may release it. One in the state "shadow" is tried out: what it
    finds is reported apart, and stops nothing."""

    id: str
    title: str
    verdict: Verdict
    stop: str
    basis: str
    cite: str
    why: str
    examples: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    state: str = "active"

    @property
    def strictness(self) -> int:
        return STRICTNESS[self.verdict] if self.state == "active" else -1

    @property
    def ground(self) -> str:
        """The words shown beside a finding."""
        return {"law": "Law: ", "policy": "", "advice": "Advice: "}[self.basis] + self.cite


@dataclass(frozen=True)
class Rulebook:
    """All rules, by id, with the version that approvals record."""

    version: str
    rules: dict[str, Rule]

    def get(self, rule_id: str) -> Rule:
        return self.rules[rule_id]


@cache
def default_rulebook() -> Rulebook:
    return parse(read_data("rulebook.toml"), "rulebook.toml")


def load(path: str | Path) -> Rulebook:
    """The rules of a file, laid over the default ones, or over those of the file that `inherits` names (a department's over its hospital's): a rule of
    the same id replaces, others are added. Raises RulebookError.

    A file may only be stricter than what it inherits, and may not try out in shadow what acts there, unless it says
    `signed_by_privacy_officer = "name"`.
    """
    return _load(Path(path), ())


def _load(path: Path, below: tuple[Path, ...]) -> Rulebook:
    if path.resolve() in below:
        raise RulebookError(f"{path}:1: inherits from itself. Remove one `inherits` line.")
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RulebookError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None
    parse(text, str(path))
    data = tomllib.loads(text)
    parent, signed = data.get("inherits"), bool(data.get("signed_by_privacy_officer"))
    base = _load(path.parent / parent, (*below, path.resolve())) if isinstance(parent, str) else default_rulebook()
    return lay(text, str(path), base, is_signed=signed)


def is_milder(rule: Rule, before: Rule) -> bool:
    """It does less, or what it stops is easier to release."""
    return rule.strictness < before.strictness or HARDNESS[rule.stop] < HARDNESS[before.stop]


def lay(text: str, source: str, base: Rulebook, *, is_signed: bool, stricter_wins: bool = False) -> Rulebook:
    """The rules of a text over others: one of the same id replaces, others are added. Only a signed text may make a rule milder; with
    `stricter_wins` one that would is passed over. Raises RulebookError."""
    own = parse(text, source)
    taken: dict[str, Rule] = {}
    for rule in own.rules.values():
        before = base.rules.get(rule.id)
        if before and not is_signed and is_milder(rule, before):
            if stricter_wins:
                continue
            raise RulebookError(
                f"{source}:{_line_of(text, rule.id)}: rule {rule.id} is milder than the one below it ({before.verdict}, {before.stop}). "
                f'Make it verdict = "{before.verdict}" and stop = "{before.stop}", or have the privacy officer sign (in a file: signed_by_privacy_officer = "their name" at the top).'
            )
        taken[rule.id] = rule
    return Rulebook(f"{base.version}+{own.version}", {**base.rules, **taken})


def parse(text: str, source: str) -> Rulebook:
    """Read and validate a rulebook. Raises RulebookError with file, line and mend."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise RulebookError(f"{source}:{found.group(1) if found else 1}: not valid TOML. Mend: check quotes and brackets ({error}).") from None
    if unknown := set(data) - _TOP:
        raise RulebookError(f"{source}:1: unknown word {sorted(unknown)[0]!r} at the top. Known: {', '.join(sorted(_TOP))}; each rule begins with [[rule]].")
    rows = data.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RulebookError(f"{source}:1: a rule begins with [[rule]], in two pairs of brackets.")
    version = data.get("version")
    if not isinstance(version, str) or not version:
        raise RulebookError(f'{source}:1: no version. Add a line such as version = "2026.1".')
    rules: dict[str, Rule] = {}
    for index, row in enumerate(rows):
        rule = _read_rule(row, text, source, index)
        if rule.id in rules:
            raise RulebookError(f"{source}:{_line_of(text, rule.id)}: rule {rule.id} stands twice. Remove one.")
        rules[rule.id] = rule
    if not rules:
        raise RulebookError(f"{source}:1: no [[rule]] in it. Add at least one.")
    return Rulebook(version, rules)


def _read_rule(row: dict[str, object], text: str, source: str, index: int) -> Rule:
    rule_id = row.get("id")
    line = _line_of(text, rule_id) if isinstance(rule_id, str) else _nth_rule_line(text, index)

    def fail(what: str) -> RulebookError:
        return RulebookError(f"{source}:{line}: rule {rule_id or index + 1}: {what}")

    if not isinstance(rule_id, str) or not re.fullmatch(r"[A-Z][A-Z0-9]*(?:\.[A-Z0-9_]+)+", rule_id):
        raise fail('id must look like "CTX.MOSAIC": capitals, a full stop, capitals.')
    unknown = set(row) - _FIELDS
    if unknown:
        raise fail(f"unknown field {sorted(unknown)[0]!r}. Known: {', '.join(sorted(_FIELDS))}.")
    for name in ("title", "cite", "why"):
        if not isinstance(row.get(name), str) or not row[name]:
            raise fail(f"{name} is missing. Add one plain sentence.")
    if row.get("verdict") not in ("block", "review", "allow"):
        raise fail('verdict must be "block", "review" or "allow".')
    if row.get("stop") not in STOPS:
        raise fail(f"stop must be one of: {', '.join(STOPS)}.")
    if row["stop"] == "never" and row["verdict"] != "block":
        raise fail('stop = "never" needs verdict = "block": what passes or is approved by anybody can be released.')
    if row.get("basis") not in BASES:
        raise fail(f"basis must be one of: {', '.join(BASES)}.")
    if row.get("state", "active") not in STATES:
        raise fail(f"state must be one of: {', '.join(STATES)}.")
    for name in ("examples", "harmless"):
        value = row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise fail(f"{name} must be a list of texts.")
    values = {**row, "examples": tuple(row.get("examples", ())), "harmless": tuple(row.get("harmless", ()))}  # type: ignore[arg-type]
    return Rule(**values)  # type: ignore[arg-type]


def _line_of(text: str, rule_id: str) -> int:
    found = re.search(rf"^id\s*=\s*[\"']{re.escape(rule_id)}[\"']", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _nth_rule_line(text: str, index: int) -> int:
    starts = [match.start() for match in re.finditer(r"^\[\[rule\]\]", text, re.MULTILINE)]
    return text.count("\n", 0, starts[index]) + 1 if index < len(starts) else 1
