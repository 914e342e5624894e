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
