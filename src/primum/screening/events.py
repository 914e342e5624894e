"""Evidence of screening."""

from __future__ import annotations

from dataclasses import dataclass

from primum.evidence.events import Event


@dataclass(frozen=True, kw_only=True)
class ScreeningRecorded(Event):
    OBJECT = "digest"
    digest: str
    verdict: str
    rulebook: str
    findings: int


@dataclass(frozen=True, kw_only=True)
class HouseRulesSet(Event):
    """Other rules count from now on. `facility` is empty for the whole house; `sha256` of their text, `version` as approvals record it."""

    OBJECT = "facility"
    facility: str
    version: str
    sha256: str
    is_signed: int


@dataclass(frozen=True, kw_only=True)
class DisagreementNoted(Event):
    """Recorded without the person: people must be able to disagree with a rule without being counted."""

    OBJECT = "rule"
    rule: str
    label: str
    verdict: str
