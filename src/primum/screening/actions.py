"""Writes of screening."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.screening import events
from primum.screening.models import Screening
from primum.screening.queries import Judgement, rulebook_version


def forget(digests: Iterable[str]) -> None:
    """The judgements go with the texts they were about. Part of the caller's action."""
    Screening.objects.filter(digest__in=list(digests)).delete()


@action
def record_screening(*, actor: Actor, digest: str, judgement: Judgement, now: datetime) -> events.ScreeningRecorded:
    """Keep the judgement of a frozen text: rules and places, no text."""
    version = rulebook_version()
    Screening.objects.create(digest=digest, rulebook=version, verdict=judgement.verdict, findings=judgement.findings, error=judgement.error[:200], at=now)
    return events.ScreeningRecorded(digest=digest, verdict=judgement.verdict, rulebook=version, findings=len(judgement.findings))
