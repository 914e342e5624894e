"""What others write to us or about us: intents, and numbers that lead to one person. Their writers are not bound by HIPAA; a member of
our workforce is, wherever they write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from primum_detect.content import Content
from primum_detect.identify.shapes import Hit
from primum_detect.judge import intents
from primum_detect.judge.intents import Reading
from primum_detect.judge.proposals import Proposal
from primum_detect.matching.regex import Regex
from primum_detect.normalize.normalized import Normalized

_STRUCTURED = ("SSN", "MRN", "PLAN", "ACCOUNT", "CARD", "URL")
_OURS = Regex(
    r"\b(?:hospitals?|clinics?|er|ed|icu|nurses?|doctors?|dr|staff|patients?|care|health|medical|medicines?|surger\w+|appointments?|visits?|bills?|parking|vaccin\w*|pharmacy|dent\w+|lobby|"
    r"waiting room|ward|hospice|therap\w+|lab|insurance|emergency|you guys|y'?all|you|your|team|page|post)\b"
)
_LEAKS = ("CTX.MOSAIC", "CTX.UNIT", "ID.NAME", "ID.MRN", "ID.SSN", "ID.DATE")


def judge(content: Content, text: Normalized, hits: Iterable[Hit], told: Iterable[Proposal], likely: Mapping[str, float], check: Callable[[], None] = lambda: None) -> Reading:
    """`told` is what the text would be stopped for if we had written it: it counts where one of ours did. `likely` holds the model's
    word on each intent, 0 to 1."""
    reading = intents.read(text, likely, check)
    found = list(reading.intents)
    proposals = list(reading.proposals)
    proposals += [
        Proposal("MOD.THIRDPARTY_PHI", hit.label, *text.span(hit.start, hit.end), hit.confidence, hit.why) for hit in hits if hit.label in _STRUCTURED and (hit.label != "URL" or hit.kind == "portal")
    ]
    leaks = [proposal for proposal in told if proposal.rule in _LEAKS] if content.role == "workforce" else []
    if leaks and "staff_leak" not in found:
        found.append("staff_leak")
    proposals += leaks
    if content.role == "press" and "press" not in found:
        found.append("press")
    if not found and not _OURS.search(text):
        found.append(intents.FALLBACK)
    return replace(reading, intents=tuple(found), priority=intents.most_urgent(found), proposals=tuple(proposals))
