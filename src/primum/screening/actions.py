"""Writes of screening."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.people import queries as people
from primum.screening import events, house_rules
from primum.screening.models import Disagreement, HouseRules, Screening
from primum.screening.queries import Judgement, is_rule
from primum_detect.report import LABELS, STRICTNESS


class NotAllowed(PermissionError):
    """The actor may not do this; the message is fit for a screen."""


class UnknownRule(ValueError):
    """There is no such rule, label or verdict."""


def forget(digests: Iterable[str]) -> None:
    """The judgements go with the texts they were about. Part of the caller's action."""
    Screening.objects.filter(digest__in=list(digests)).delete()


@action
def record_screening(*, actor: Actor, digest: str, judgement: Judgement, now: datetime) -> events.ScreeningRecorded:
    """Keep the judgement of a frozen text: rules and places, no text."""
    version = judgement.book.version
    Screening.objects.create(digest=digest, rulebook=version, verdict=judgement.verdict, findings=judgement.findings, error=judgement.error[:200], at=now)
    return events.ScreeningRecorded(digest=digest, verdict=judgement.verdict, rulebook=version, findings=len(judgement.findings))


@action
def set_house_rules(*, actor: Actor, facility_id: UUID | None, text: str, now: datetime) -> events.HouseRulesSet:
    """Put rules of our own in force, for the whole house or one facility; an empty text takes them back. What waits for its minute is
    asked again by them. Raises NotAllowed, RulebookError."""
    member = people.viewer_member(actor)
    if not house_rules.may_set(member, facility_id):
        raise NotAllowed("Only the privacy officer or an administrator sets rules.")
    is_signed, text = house_rules.signs(member, facility_id), text.replace("\r\n", "\n").strip()
    rulebook = house_rules.try_out(facility_id, text, is_signed=is_signed)
    HouseRules.objects.create(facility_id=facility_id, text=text, is_signed=is_signed, by_id=member.id, at=now)
    return events.HouseRulesSet(facility=str(facility_id or ""), version=rulebook.version, sha256=hashlib.sha256(text.encode()).hexdigest(), is_signed=int(is_signed))


@action
def note_disagreement(*, actor: Actor, rule: str, label: str, verdict: str, now: datetime) -> events.DisagreementNoted:
    """A finding is wrong, somebody says. The actor is the machine: nobody is counted for disagreeing. Raises UnknownRule."""
    if not is_rule(rule) or label not in LABELS or verdict not in STRICTNESS:
        raise UnknownRule
    Disagreement.objects.create(rule=rule, label=label, verdict=verdict, day=now.date())
    return events.DisagreementNoted(rule=rule, label=label, verdict=verdict)
