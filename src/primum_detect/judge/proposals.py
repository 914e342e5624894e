"""What a judge hands on: a rule id, where, how sure, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proposal:
    """`sure` takes the rule's verdict; otherwise at most review. Offsets are of the *original* text. `head` is the model's, where it alone says so."""

    rule: str
    label: str
    start: int
    end: int
    confidence: float
    why: str
    sure: bool = True
    tone: str = ""
    language: str = "en"
    suggestion: str | None = None
    head: str = ""
