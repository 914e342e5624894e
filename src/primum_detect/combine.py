"""Layer 5: from what the judges propose to findings and one verdict, by the organisation's rulebook."""

from __future__ import annotations

from collections.abc import Iterable

from primum_detect.content import Content
from primum_detect.judge.proposals import Proposal
from primum_detect.report import STRICTNESS, Finding, Verdict
from primum_detect.rulebook import Rulebook

# An authorization may cover what points at the person it was signed by; it never covers asking others for details.
_AUTHORIZABLE = ("ID.NAME", "ID.DATE", "ID.GEO", "ID.AGE90", "CTX.MOSAIC", "CTX.UNIT", "CTX.SMALL_CELL")


def merge(proposals: Iterable[Proposal]) -> list[Proposal]:
    """One proposal per rule and place: those that overlap become one, with the surest one's words."""
    merged: list[Proposal] = []
    for proposal in sorted(proposals, key=lambda p: (p.rule, p.start, -p.end)):
        last = merged[-1] if merged else None
        if last and last.rule == proposal.rule and proposal.start < last.end:
            best = max(last, proposal, key=lambda p: (p.sure, p.confidence, p.end - p.start))
            merged[-1] = Proposal(
                best.rule,
                best.label,
                last.start,
                max(last.end, proposal.end),
                best.confidence,
                best.why,
                last.sure or proposal.sure,
                best.tone or last.tone or proposal.tone,
                best.language,
                best.suggestion,
                best.head,
            )
        else:
            merged.append(proposal)
    return sorted(merged, key=lambda p: (p.start, p.end, p.rule))


def split(proposals: list[Proposal], rulebook: Rulebook) -> tuple[list[Proposal], tuple[Finding, ...]]:
    """What acts, and what rules in shadow found: recorded, and nothing more."""
    acting = [proposal for proposal in proposals if rulebook.get(proposal.rule).state == "active"]
    apart = [proposal for proposal in proposals if rulebook.get(proposal.rule).state != "active"]
    return acting, tuple(_finding(proposal, rulebook) for proposal in apart)


def _finding(proposal: Proposal, rulebook: Rulebook) -> Finding:
    rule = rulebook.get(proposal.rule)
    return Finding(rule.id, proposal.label, proposal.start, proposal.end, proposal.confidence, proposal.why, rule.ground, proposal.suggestion)


def decide(content: Content, proposals: list[Proposal], rulebook: Rulebook) -> tuple[Verdict, tuple[Finding, ...]]:
    """The strictest rule wins."""
    findings: list[Finding] = []
    verdict: Verdict = "allow"
    bound = bool(content.consent_id or content.has_authorization)
    authorized = bound or any(proposal.rule == "AUTH.VERIFY" for proposal in proposals)  # or so the text says
    for proposal in proposals:
        rule = rulebook.get(proposal.rule)
        outcome: Verdict = rule.verdict
        if not proposal.sure or (authorized and proposal.rule in _AUTHORIZABLE):
            outcome = "review" if STRICTNESS[outcome] > STRICTNESS["review"] else outcome
        if STRICTNESS[outcome] > STRICTNESS[verdict]:
            verdict = outcome
        findings.append(_finding(proposal, rulebook))
    if bound and any(proposal.rule in _AUTHORIZABLE for proposal in proposals):
        rule = rulebook.get("AUTH.VERIFY")
        first = next(proposal for proposal in proposals if proposal.rule in _AUTHORIZABLE)
        findings.append(Finding(rule.id, "UNIQUE", first.start, first.end, 1.0, rule.why, rule.ground))
    return verdict, tuple(findings)
