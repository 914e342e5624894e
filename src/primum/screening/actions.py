"""Writes of screening."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.screening import events
from primum.screening.models import Disagreement, Screening
from primum.screening.queries import Judgement, rulebook_rule, rulebook_version
from primum_detect.report import LABELS, STRICTNESS


class UnknownRule(ValueError):
    """There is no such rule, label or verdict."""


def forget(digests: Iterable[str]) -> None:
    """The judgements go with the texts they were about. Part of the caller's action."""
    Screening.objects.filter(digest__in=list(digests)).delete()


@action
def record_screening(*, actor: Actor, digest: str, judgement: Judgement, now: datetime) -> events.ScreeningRecorded:
    """Keep the judgement of a frozen text: rules and places, no text."""
    version = rulebook_version()
    Screening.objects.create(digest=digest, rulebook=version, verdict=judgement.verdict, findings=judgement.findings, error=judgement.error[:200], at=now)
    return events.ScreeningRecorded(digest=digest, verdict=judgement.verdict, rulebook=version, findings=len(judgement.findings))


@action
def note_disagreement(*, actor: Actor, rule: str, label: str, verdict: str, now: datetime) -> events.DisagreementNoted:
    """A finding is wrong, somebody says. The actor is the machine: nobody is counted for disagreeing. Raises UnknownRule."""
    if rulebook_rule(rule) is None or label not in LABELS or verdict not in STRICTNESS:
        raise UnknownRule
    Disagreement.objects.create(rule=rule, label=label, verdict=verdict, day=now.date())
    return events.DisagreementNoted(rule=rule, label=label, verdict=verdict)
