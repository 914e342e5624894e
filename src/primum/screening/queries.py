"""Judging texts with this organisation's rulebook and profile. Checks while someone types record nothing, ever."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from primum.foundation.actor import Actor
from primum.people import queries as people
from primum.screening import house_rules
from primum.screening.models import Disagreement, Screening
from primum_detect import Content, Engine, Profile, ProfileError, Report
from primum_detect.mend import wording
from primum_detect.report import STRICTNESS, held
from primum_detect.rulebook import Rule as Rule
from primum_detect.rulebook import Rulebook as Rulebook
from primum_detect.rulebook import RulebookError, default_rulebook

WEEK = timedelta(days=7)
UNUSABLE = "The rules of this house cannot be used as they stand, so a person must look at every text. The privacy officer mends them on the Rules page."


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
    posted_at: datetime | None = None  # the earliest that it may go out


@dataclass(frozen=True, slots=True)
class Judged:
    """A part with its report."""

    part: Part
    report: Report


@dataclass(frozen=True, slots=True)
class Judgement:
    """All parts of a post: the strictest verdict counts."""

    parts: tuple[Judged, ...]
    book: Rulebook = field(default_factory=default_rulebook, repr=False)  # the rules that judged

    @property
    def verdict(self) -> str:
        return max((judged.report.verdict for judged in self.parts), key=STRICTNESS.__getitem__, default="review")

    @property
    def never(self) -> tuple[Rule, ...]:
        """Rules found that nobody may release."""
        found = {rule for judged in self.parts for rule in judged.report.rules if judged.report.verdict == "block"}
        return tuple(rule for rule in (self.book.rules.get(name) for name in sorted(found)) if rule and rule.stop == "never")

    @property
    def error(self) -> str:
        return next((judged.report.error for judged in self.parts if judged.report.error), "") or ""

    @property
    def findings(self) -> list[dict[str, object]]:
        """What is stored: rule, label, place and confidence, no text and no wording. What a rule in shadow found is marked."""
        return [
            {"part": judged.part.name, "rule": f.rule, "label": f.label, "start": f.start, "end": f.end, "confidence": round(f.confidence, 3), **mark}
            for judged in self.parts
            for mark, found in (({}, judged.report.findings), ({"shadow": True}, judged.report.shadow))
            for f in found
        ]


@lru_cache(maxsize=16)
def _engine(profile_json: str, below: tuple[house_rules.Layer, ...]) -> Engine:
    return Engine(house_rules.rulebook_of(below), Profile.from_mapping(json.loads(profile_json)))


def engine(facility_id: UUID | None = None) -> Engine:
    """The engine with the organisation's own names, places, phones and roster as negative evidence, and with the rules that count at a
    facility (None: in the whole house). Raises RulebookError where they cannot be used."""
    return _engine(_profile_json(), house_rules.layers(facility_id))


def _profile() -> Profile:
    return Profile.from_mapping(json.loads(_profile_json()))


def _profile_json() -> str:
    organisation = people.organisation()
    profile: dict[str, object] = dict(organisation.profile) if organisation else {}
    profile["staff"] = sorted({*profile.get("staff", []), *people.roster()})  # type: ignore[misc]
    profile["facilities"] = sorted({*profile.get("facilities", []), *people.facility_names()})  # type: ignore[misc]
    return json.dumps(profile, sort_keys=True)


def why_not_profile(profile: dict[str, object]) -> str:
    """What is wrong with a profile that somebody wants to store; empty where nothing is."""
    try:
        Profile.from_mapping(profile, "The organisation")
    except ProfileError as error:
        return str(error)
    return ""


def ready_answers() -> list[tuple[str, str, str]]:
    """Answers that are silent about whether somebody is a patient: (what it answers, language, words)."""
    return wording.ready_answers(_profile())


def judge(parts: Iterable[Part], by: Engine | None = None, *, facility_id: UUID | None = None) -> Judgement:
    """Judge every part, by today's rules at a facility or another engine's. A failure of the engine is a review with its reason (the
    engine sees to that); so are rules that cannot be used."""
    try:
        using = by or engine(facility_id)
    except RulebookError:
        return Judgement(tuple(Judged(part, held(UNUSABLE)) for part in parts))
    return Judgement(
        tuple(
            Judged(part, using.screen(Content(part.text, surface=part.surface, facility=part.facility, town=part.town, state=part.state, thread=part.thread, posted_at=part.posted_at)))
            for part in parts
        ),
        using.rulebook,
    )


@dataclass(frozen=True, slots=True)
class Backtest:
    """What other rules would have done: per rule how many posts hold a finding today, by the tried rules, and by those in shadow; and the
    posts whose verdict changes, by (before, after)."""

    posts: int
    rules: tuple[tuple[str, int, int, int], ...]
    changed: dict[tuple[str, str], list[UUID]]

    def as_dict(self) -> dict[str, object]:
        return {
            "posts": self.posts,
            "rules": [{"rule": rule, "today": today, "tried": then, "shadow": apart} for rule, today, then, apart in self.rules],
            "changed": [{"before": before, "after": after, "posts": [str(post) for post in posts]} for (before, after), posts in sorted(self.changed.items())],
        }


def backtest(texts: Iterable[tuple[UUID, list[Part]]], rulebook: Rulebook, *, facility_id: UUID | None = None) -> Backtest:
    """Judge stored posts by today's rules and by others. Stores nothing."""
    profile = _profile()
    today, tried = Engine(rulebook_of(facility_id), profile), Engine(rulebook, profile)
    found, then, apart = Counter[str](), Counter[str](), Counter[str]()
    changed: dict[tuple[str, str], list[UUID]] = {}
    posts = 0
    for post, parts in texts:
        posts += 1
        before, after = judge(parts, today), judge(parts, tried)
        found.update({rule for judged in before.parts for rule in judged.report.rules})
        then.update({rule for judged in after.parts for rule in judged.report.rules})
        apart.update({finding.rule for judged in after.parts for finding in judged.report.shadow})
        if before.verdict != after.verdict:
            changed.setdefault((before.verdict, after.verdict), []).append(post)
    rules = tuple((rule, found[rule], then[rule], apart[rule]) for rule in rulebook.rules if found[rule] or then[rule] or apart[rule])
    return Backtest(posts, rules, changed)


def rulebook_of(facility_id: UUID | None = None) -> Rulebook:
    """What counts there; the default rules where ours cannot be used (then nothing passes without a person, whatever they say)."""
    try:
        return house_rules.rulebook_of(house_rules.layers(facility_id))
    except RulebookError:
        return default_rulebook()


def is_rule(rule_id: str) -> bool:
    """One that a check can find."""
    return rule_id in default_rulebook().rules


def is_stricter(now: str, then: str) -> bool:
    return STRICTNESS[now] > STRICTNESS[then]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule does: how many frozen texts it stopped or held in the last seven days and in all, and how often somebody said "wrong"."""

    rule: Rule
    this_week: int
    found: int
    wrong: int
    shadow: int = 0

    @property
    def wrong_share(self) -> int | None:
        """Per cent of what it found; None before it found anything."""
        return min(100, round(100 * self.wrong / self.found)) if self.found else None


def standings(viewer: Actor, *, now: datetime, facility_id: UUID | None = None) -> list[Standing]:
    """Every rule of the book, in its order, with its figures. Counts are of submitted texts; checks while typing leave nothing behind."""
    people.viewer_member(viewer)
    found, week, shadow = Counter[str](), Counter[str](), Counter[str]()
    for at, verdict, findings in Screening.objects.exclude(findings=[]).values_list("at", "verdict", "findings"):
        shadow.update({str(finding["rule"]) for finding in findings if finding.get("shadow")})
        rules = {str(finding["rule"]) for finding in findings if not finding.get("shadow")} if verdict != "allow" else set()
        found.update(rules)
        if at > now - WEEK:
            week.update(rules)
    wrong = Counter(Disagreement.objects.values_list("rule", flat=True))
    return [Standing(rule, week[rule.id], found[rule.id], wrong[rule.id], shadow[rule.id]) for rule in rulebook_of(facility_id).rules.values()]
