"""The Privacy panel: a judgement in words and marks. Text appears here and nowhere else: the engine's reasons never quote it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from primum.foundation.actor import Actor
from primum.people.models import Person
from primum.publishing import queries as publishing
from primum.publishing.models import Post
from primum.publishing.queries import Check
from primum.screening import cases
from primum.screening.queries import Judged, Rule, Rulebook

HEADLINES = {
    "allow": ("All clear", "Nothing here points at a patient."),
    "review": ("Somebody should look", "It may be fine. A person who knows patients looks before it goes out."),
    "block": ("This would be stopped", "It could tell people who a patient is."),
}
# Where nothing but one kind of rule speaks, the panel says what it is about.
SUBLINES = (
    ("ADV.", "It advises one person about their own body."),
    ("POL.", "It tells what isn't public."),
    ("MKT.", "Advertising law has a say in it."),
)
TOGETHER = "with its warning"
STOPS = {"never": "Nobody may release this", "privacy_officer": "The privacy officer may release it", "reviewer": "A reviewer may release it", "social_lead": "A moderator decides", "advice": "Advice"}
LOOKED_AT = "A clinical reviewer or the privacy officer decides"
INBOUND = ("ESC.", "MOD.")


def who_releases(rule: Rule, verdict: str) -> str:
    """In words. What is only to be looked at may be decided by whoever may look (`people.rules.required_roles`), whoever may release the rule's stop."""
    looked_at = verdict == "review" and rule.stop == "privacy_officer" and not rule.id.startswith(INBOUND)
    return LOOKED_AT if looked_at else STOPS.get(rule.stop, "")


@dataclass(frozen=True, slots=True)
class Line:
    """One finding as a person reads it."""

    title: str
    words: str = field(repr=False)
    why: str = field(repr=False)
    ground: str
    stop: str
    sureness: str
    rule: str
    label: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of the post: its name, the marked text, its findings and a wording that passes."""

    name: str
    title: str
    verdict: str
    marked: SafeString = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)
    suggestion: str | None = field(repr=False)
    error: str | None


@dataclass(frozen=True, slots=True)
class Panel:
    verdict: str
    headline: str
    subline: str
    parts: tuple[PartView, ...]
    problems: tuple[str, ...]
    approvers: tuple[Person, ...]
    case: cases.Case | None
    never: bool
    is_empty: bool

    @property
    def needs_release(self) -> bool:
        return self.verdict == "block" and not self.never


def build(viewer: Actor, check: Check, *, titles: dict[str, str], post: Post | None, facility_id: object, is_reply: bool, without: frozenset[object]) -> Panel:
    """From a check to what is shown. `titles`: part name -> words such as "On Regional Practice"."""
    judgement = check.judgement
    parts = tuple(_part(judged, titles, judgement.book) for judged in _told_once(judgement.parts))
    is_empty = not any(judged.part.text.strip() for judged in judgement.parts)
    verdict = "allow" if is_empty else judgement.verdict
    headline, subline = HEADLINES[verdict]
    rules = tuple(rule for judged in judgement.parts for rule in judged.report.rules)
    subline = next((words for lead, words in SUBLINES if verdict != "allow" and rules and all(rule.startswith(lead) for rule in rules)), subline)
    probe = post or Post(facility_id=facility_id)  # type: ignore[misc]
    approvers = tuple(publishing.who_can_approve(probe, verdict=verdict, without=without)) if facility_id and not is_empty else ()  # type: ignore[arg-type]
    return Panel(verdict, headline, subline, parts, check.problems, approvers, cases.case_for(rules, is_reply=is_reply) if verdict == "block" else None, bool(judgement.never), is_empty)


def _told_once(parts: tuple[Judged, ...]) -> list[Judged]:
    """Warning and words together are shown only where they tell more than each alone."""
    alone = [judged for judged in parts if judged.part.name != TOGETHER]
    shown = {(rule, judged.report.verdict) for judged in alone if not judged.part.name.startswith("alt:") for rule in judged.report.rules}
    return alone + [judged for judged in parts if judged.part.name == TOGETHER and {(rule, judged.report.verdict) for rule in judged.report.rules} - shown]


def _part(judged: Judged, titles: dict[str, str], book: Rulebook) -> PartView:
    text, report = judged.part.text, judged.report
    lines = []
    for finding in report.findings:
        rule = book.rules.get(finding.rule)
        why = _recognised(judged) if finding.rule == "CTX.MOSAIC" and judged.report.terms else finding.why
        lines.append(
            Line(
                rule.title if rule else finding.rule,
                _shorten(text[finding.start : finding.end]),
                why,
                finding.basis,
                who_releases(rule, report.verdict) if rule else "",
                "sure" if finding.confidence >= 0.85 else "quite sure" if finding.confidence >= 0.7 else "not sure",
                finding.rule,
                finding.label,
            )
        )
    return PartView(judged.part.name, titles.get(judged.part.name, "Text"), report.verdict, marks(judged), tuple(lines), report.suggestion, report.error)


def _shorten(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= 60 else flat[:57].rsplit(" ", 1)[0] + " …"


def _recognised(judged: Judged) -> str:
    """ "Could be recognised: dad, in his 40s, chainsaw, Route 9, tonight, Marlow Bay (your page)." in the words of the text."""
    text = judged.part.text
    shown: dict[str, None] = {}
    order = ("sex", "age", "mark", "rarity", "occupation", "name", "mechanism", "condition", "procedure", "room", "place", "time")
    for term in sorted((t for t in judged.report.terms if t.start is not None and t.kind in order), key=lambda t: order.index(t.kind)):
        shown[" ".join(text[term.start : term.end].split())] = None
    if judged.part.town and any(term.kind == "channel" for term in judged.report.terms):
        shown[f"{judged.part.town} (your page)"] = None
    return f"Could be recognised: {', '.join(shown)}. Whoever was there, or drove past, knows."


def _holds(span: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return span[:2] != other[:2] and span[0] <= other[0] and other[1] <= span[1]


def marks(judged: Judged) -> SafeString:
    """The text with every finding marked; for a mosaic, the single things that narrow it down."""
    spans: list[tuple[int, int, str]] = []
    for finding in judged.report.findings:
        if finding.rule == "CTX.MOSAIC" and judged.report.terms:
            spans += [(t.start, t.end, "term") for t in judged.report.terms if t.start is not None and t.end is not None and t.kind not in ("outcome", "unit", "patient")]
        else:
            spans.append((finding.start, finding.end, "finding"))
    text = judged.part.text
    spans = [span for span in spans if not any(_holds(span, other) for other in spans)]  # what means a sentence must not hide what means a word
    pieces: list[tuple[SafeString | str]] = []
    at = 0
    for start, end, kind in sorted(spans):
        if start < at:
            continue
        pieces.append((escape(text[at:start]),))
        pieces.append((format_html('<mark class="{} {}">{}</mark>', kind, judged.report.verdict, text[start:end]),))
        at = end
    pieces.append((escape(text[at:]),))
    return format_html_join("", "{}", pieces) if pieces else mark_safe("")
