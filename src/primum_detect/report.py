"""What comes out: marked places with a reason, and one verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["allow", "review", "block"]
STRICTNESS: dict[str, int] = {"allow": 0, "review": 1, "block": 2}
# What a finding may be called: the identifiers of 45 CFR 164.514(b)(2), and what the judges found.
LABELS = frozenset("NAME GEO DATE AGE90 PHONE FAX EMAIL SSN MRN PLAN ACCOUNT LICENSE VEHICLE DEVICE URL IP BIO FACE UNIQUE HANDLE ROOM CARD RELATIONSHIP SOLICIT ADVICE POLICY INTENT".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Finding:
    """One marked place.

    `start` and `end` count code points of the original text. `why` is one plain sentence that never quotes
    the text. `suggestion` replaces the span. `confidence` runs from 0 to 1.
    """

    rule: str
    label: str
    start: int
    end: int
    confidence: float
    why: str
    basis: str = ""
    suggestion: str | None = field(default=None, repr=False)

    def as_dict(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "label": self.label,
            "start": self.start,
            "end": self.end,
            "confidence": round(self.confidence, 3),
            "why": self.why,
            "basis": self.basis,
            "suggestion": self.suggestion,
        }


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that helps to recognise a person: a kind ("age", "place") and where it stands.

    `start` is None when the circumstances give it away, not the text: the channel's own town.
    """

    kind: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one text, with everything that led to it."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    terms: tuple[Term, ...] = ()
    intents: tuple[str, ...] = ()
    priority: str = "none"
    suggestion: str | None = field(default=None, repr=False)
    error: str | None = None
    id: str | int | None = None
    shadow: tuple[Finding, ...] = ()  # what rules that are only tried out found

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))

    def as_dict(self) -> dict[str, object]:
        """The line that `primum scan` writes."""
        return {
            "id": self.id,
            "verdict": self.verdict,
            "rules": list(self.rules),
            "intents": list(self.intents),
            "priority": self.priority,
            "suggestion": self.suggestion,
            "findings": [finding.as_dict() for finding in self.findings],
            "error": self.error,
        }


def held(reason: str, *, id: str | int | None = None) -> Report:
    """A text that could not be judged: a person looks at it. Nothing fails open."""
    return Report(verdict="review", error=reason, id=id)
