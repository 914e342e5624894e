"""Judging texts with this organisation's rulebook and profile. Checks while someone types record nothing, ever."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from primum.people import queries as people
from primum_detect import Content, Engine, Profile, Report
from primum_detect.report import STRICTNESS
from primum_detect.rulebook import Rule, default_rulebook


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a post as it will stand somewhere: the words on a channel, or a picture's alt text."""

    name: str  # "text", "channel:<id>", "alt:<id>"
    text: str = field(repr=False)
    surface: str = "post"
    facility: str = ""
    town: str = ""
    state: str = ""
    thread: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """A part with its report."""

    part: Part
    report: Report


@dataclass(frozen=True, slots=True)
class Judgement:
    """All parts of a post: the strictest verdict counts."""

    parts: tuple[Judged, ...]

    @property
    def verdict(self) -> str:
        return max((judged.report.verdict for judged in self.parts), key=STRICTNESS.__getitem__, default="review")

    @property
    def never(self) -> tuple[Rule, ...]:
        """Rules found that nobody may release."""
        found = {rule for judged in self.parts for rule in judged.report.rules if judged.report.verdict == "block"}
        return tuple(rule for rule in (rulebook_rule(name) for name in sorted(found)) if rule and rule.stop == "never")

    @property
    def error(self) -> str:
        return next((judged.report.error for judged in self.parts if judged.report.error), "") or ""

    @property
    def findings(self) -> list[dict[str, object]]:
        """What is stored: rule, label, place and confidence, no text and no wording."""
        return [
            {"part": judged.part.name, "rule": f.rule, "label": f.label, "start": f.start, "end": f.end, "confidence": round(f.confidence, 3)} for judged in self.parts for f in judged.report.findings
        ]


@lru_cache(maxsize=4)
def _engine(profile_json: str) -> Engine:
    return Engine(profile=Profile.from_mapping(json.loads(profile_json)))


def engine() -> Engine:
    """The engine with the organisation's own names, places, phones and roster as negative evidence."""
    organisation = people.organisation()
    profile: dict[str, object] = dict(organisation.profile) if organisation else {}
    profile["staff"] = sorted({*profile.get("staff", []), *people.roster()})  # type: ignore[misc]
    profile["facilities"] = sorted({*profile.get("facilities", []), *people.facility_names()})  # type: ignore[misc]
    return _engine(json.dumps(profile, sort_keys=True))


def judge(parts: Iterable[Part]) -> Judgement:
    """Judge every part. A failure of the engine is a review with its reason (the engine sees to that)."""
    with_profile = engine()
    return Judgement(tuple(Judged(part, with_profile.screen(Content(part.text, surface=part.surface, facility=part.facility, town=part.town, state=part.state, thread=part.thread))) for part in parts))


def rulebook_version() -> str:
    return engine().rulebook.version


def rulebook_rule(rule_id: str) -> Rule | None:
    return engine().rulebook.rules.get(rule_id) or default_rulebook().rules.get(rule_id)


def is_stricter(now: str, then: str) -> bool:
    return STRICTNESS[now] > STRICTNESS[then]
