"""The engine: a text and its circumstances in, a report out. Whatever fails is held for a person; nothing fails open."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice

from primum_detect import budget as limits
from primum_detect import combine
from primum_detect.content import Content
from primum_detect.identify.layer import find_all
from primum_detect.identify.registry import IDENTIFIERS
from primum_detect.identify.shapes import Hit
from primum_detect.judge import identifiers, mosaic, relationship, solicitation
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import trigger_words
from primum_detect.mend import wording
from primum_detect.normalize.folding import fold
from primum_detect.normalize.normalized import Normalized
from primum_detect.normalize.unmasking import unmask
from primum_detect.profile import Profile
from primum_detect.report import Finding, Report, held
from primum_detect.rulebook import Rulebook, default_rulebook
from primum_detect.situate import addressee
from primum_detect.situate.story import Story, find_story

_STRUCTURED = ("SSN", "MRN", "PLAN", "ACCOUNT", "CARD", "URL")
_BATCH = 64


class Engine:
    """Judges texts with one rulebook and one profile. Safe to share between threads: it keeps no state per text."""

    def __init__(self, rulebook: Rulebook | None = None, profile: Profile | None = None, *, seconds_per_text: float = limits.DEFAULT_SECONDS) -> None:
        self.rulebook = rulebook or default_rulebook()
        self.profile = profile or Profile()
        self._seconds = seconds_per_text

    def identify(self, text: str) -> list[Finding]:
        """Every identifier in a text, whoever's it is (layer 2). Raises OverBudget for a text past the limits."""
        limits.refuse_oversize(text)
        budget = limits.Budget(self._seconds)
        folded = fold(text)
        hits = find_all(folded, IDENTIFIERS, budget)
        return [Finding(f"ID.{hit.label}", hit.label, *folded.span(hit.start, hit.end), hit.confidence, hit.why) for hit in hits]

    def screen(self, content: Content | str) -> Report:
        """Judge one text. Never raises for what stands in a text: a failure is a review with its reason."""
        if isinstance(content, str):
            content = Content(content)
        try:
            limits.refuse_oversize(content.text)
            return self._screen(content, limits.Budget(self._seconds))
        except limits.OverBudget as error:
            return held(str(error), id=content.id)
        except Exception as error:  # noqa: BLE001 - the engine's edge: any fault holds the text. The type only: messages may quote.
            return held(f"The check failed ({type(error).__name__}), so a person must look at this text.", id=content.id)

    def screen_many(self, contents: Iterable[Content], *, processes: int | None = None) -> Iterator[Report]:
        """Judge many texts, in order; with `processes` > 1, on that many cores."""
        if not processes or processes == 1:
            yield from map(self.screen, contents)
            return
        source = iter(contents)
        with ProcessPoolExecutor(processes, initializer=_start_worker, initargs=(self.rulebook, self.profile, self._seconds)) as pool:
            waiting: list[object] = []
            while True:
                batch = list(islice(source, _BATCH))
                if batch:
                    waiting.append(pool.submit(_screen_batch, batch))
                if not batch and not waiting:
                    return
                if len(waiting) >= processes * 3 or not batch:
                    yield from waiting.pop(0).result()  # type: ignore[attr-defined]

    def _screen(self, content: Content, budget: limits.Budget) -> Report:
        text = fold(content.text)
        if _is_unreadable(text):
            return self._unreadable(content)
        proposals, story, spans = self._judge(content, text, budget)
        verdict, findings = combine.decide(content, proposals, self.rulebook)
        report = Report(verdict, findings, spans if story and any(f.rule == "CTX.MOSAIC" for f in findings) else (), id=content.id)
        if verdict == "allow" or not content.is_outbound:
            return report
        return replace(report, suggestion=self._suggest(content, text, proposals, budget))

    def _judge(self, content: Content, text: Normalized, budget: limits.Budget) -> tuple[list[Proposal], Story | None, tuple]:  # type: ignore[type-arg]
        proposals, story = self._read(content, text, budget)
        spans = story.as_terms(text) if story else ()
        unmasked = unmask(text, trigger_words().__contains__)
        if unmasked is not None:
            more, hidden_story = self._read(content, unmasked, budget)
            proposals += more
            if story is None and hidden_story is not None:
                story, spans = hidden_story, hidden_story.as_terms(unmasked)
        return combine.merge(proposals), story, spans

    def _read(self, content: Content, text: Normalized, budget: limits.Budget) -> tuple[list[Proposal], Story | None]:
        """One reading: layers 2 to 4 on one form of the text."""
        hits = [self._own(hit, text) for hit in find_all(text, IDENTIFIERS, budget)]
        kept = [hit for hit in hits if hit is not None]
        if not content.is_outbound:
            return self._inbound(content, text, kept), None
        addressed = addressee.is_addressed(content, text, kept)
        proposals = list(relationship.judge(text, addressed=addressed))
        budget.check()
        confirms = any(proposal.sure for proposal in proposals)
        proposals += solicitation.judge(text, addressed=addressed)
        story = find_story(content, text, kept)
        budget.check()
        proposals += mosaic.judge(content, text, story)
        proposals += identifiers.judge(content, text, kept, identifiers.Scene(addressed, story, confirms))
        budget.check()
        return proposals, story

    def _own(self, hit: Hit, text: Normalized) -> Hit | None:
        """Drop what belongs to the organisation; turn a roster name into a staff name."""
        written = text.folded[hit.start : hit.end]
        if hit.label == "NAME":
            return replace(hit, kind="staff") if hit.kind not in ("aged", "relative", "initials") and self.profile.is_staff(written) else hit
        return None if self.profile.owns(hit.label, written) else hit

    def _inbound(self, content: Content, text: Normalized, hits: list[Hit]) -> list[Proposal]:
        """What others wrote: only numbers that lead to one person are put before a moderator."""
        return [
            Proposal("MOD.THIRDPARTY_PHI", hit.label, *text.span(hit.start, hit.end), hit.confidence, hit.why)
            for hit in hits
            if hit.label in _STRUCTURED and (hit.label != "URL" or hit.kind == "portal")
        ]

    def _suggest(self, content: Content, text: Normalized, proposals: list[Proposal], budget: limits.Budget) -> str | None:
        """The first wording that passes this very engine; None where no wording does."""
        for candidate in wording.candidates(content, text, proposals, self.profile):
            trial = replace(content, text=candidate, consent_id=None, has_authorization=False)
            folded = fold(candidate)
            again, _, _ = self._judge(trial, folded, budget)
            if combine.decide(trial, again, self.rulebook)[0] == "allow":
                return candidate
        return None

    def _unreadable(self, content: Content) -> Report:
        rule = self.rulebook.get("LANG.UNREADABLE")
        finding = Finding(rule.id, "UNIQUE", 0, len(content.text), 1.0, "Primum cannot read this language, so somebody who can must look at it.", rule.ground)
        return Report("review", (finding,), id=content.id)


def _is_unreadable(text: Normalized) -> bool:
    """Mostly letters of a script that the patterns do not know. A text written wholly in look-alikes of Latin letters is none:
    it folds to plain ASCII and is read."""
    if text.folded.isascii():
        return False
    letters = [char for char in text.original if char.isalpha()]
    foreign = sum(1 for char in letters if not char.isascii() and "LATIN" not in unicodedata.name(char, ""))
    return len(letters) >= 4 and foreign * 2 > len(letters)


_worker: Engine | None = None


def _start_worker(rulebook: Rulebook, profile: Profile, seconds: float) -> None:
    global _worker
    _worker = Engine(rulebook, profile, seconds_per_text=seconds)


def _screen_batch(batch: list[Content]) -> list[Report]:
    assert _worker is not None
    return [_worker.screen(content) for content in batch]
