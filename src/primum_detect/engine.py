"""The engine: a text and its circumstances in, a report out. Whatever fails is held for a person; nothing fails open."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

from primum_detect import budget as limits
from primum_detect import combine
from primum_detect.content import OUTBOUND, Content
from primum_detect.identify import names_by_model
from primum_detect.identify.dates import is_only_relative
from primum_detect.identify.layer import find_all
from primum_detect.identify.registry import IDENTIFIERS
from primum_detect.identify.shapes import Hit
from primum_detect.judge import echo, identifiers, inbound, intents, likeness, mosaic, patterns, placing, terms
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import trigger_words
from primum_detect.mend import wording
from primum_detect.normalize.folding import fold
from primum_detect.normalize.normalized import Normalized
from primum_detect.normalize.unmasking import unmask
from primum_detect.profile import Profile
from primum_detect.report import Finding, Report, held
from primum_detect.rulebook import Rulebook, default_rulebook
from primum_detect.situate import addressee, permission, pretend, speaker
from primum_detect.situate.story import Story, find_story
from primum_detect.tagging.features import Around
from primum_detect.tagging.tagger import NOTHING, ModelUnavailable, Tagger, Tags, default_tagger
from primum_detect.tagging.worth_asking import is_worth_asking

_AT_ONCE = 64  # texts that another process is handed in one go
_HEARD = 2_000  # characters of what is answered that are looked through for danger, and as many at its end for what it is about


@dataclass(frozen=True, slots=True)
class Reading:
    """One form of a text with what the model says about it."""

    text: Normalized
    tags: Tags


class Engine:
    """Judges texts with one rulebook and one profile. Safe to share between threads: it keeps no state per text."""

    def __init__(self, rulebook: Rulebook | None = None, profile: Profile | None = None, *, seconds_per_text: float = limits.DEFAULT_SECONDS, tagger: Callable[[], Tagger] = default_tagger) -> None:
        self.rulebook = rulebook or default_rulebook()
        self.profile = profile or Profile()
        self._own_words = wording.own_words(self.profile)
        self._seconds = seconds_per_text
        self._tagger = tagger

    def identify(self, text: str) -> list[Finding]:
        """Every identifier in a text, whoever's it is (layer 2). Raises OverBudget for a text past the limits."""
        limits.refuse_oversize(text)
        budget = limits.Budget(self._seconds)
        folded = fold(text)
        hits = names_by_model.add(folded, find_all(folded, IDENTIFIERS, budget), self._tagger().read(folded.folded, budget.check))
        return [Finding(f"ID.{hit.label}", hit.label, *folded.span(hit.start, hit.end), hit.confidence, hit.why) for hit in hits if not is_only_relative(folded, hit)]

    def screen(self, content: Content | str) -> Report:
        """Judge one text. Never raises for what stands in a text: a failure is a review with its reason."""
        if isinstance(content, str):
            content = Content(content)
        try:
            limits.refuse_oversize(content.text)
            return self._screen(content, limits.Budget(self._seconds))
        except (limits.OverBudget, ModelUnavailable) as error:
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
            waiting: list[Future[list[Report]]] = []
            while True:
                some = list(islice(source, _AT_ONCE))
                if some:
                    waiting.append(pool.submit(_screen_some, some))
                if not some and not waiting:
                    return
                if len(waiting) >= processes * 3 or not some:
                    yield from waiting.pop(0).result()

    def _open(self, content: Content, text: Normalized, budget: limits.Budget) -> Reading:
        budget.check()
        tagger = self._tagger()  # also where it is not asked: an engine without its model judges nothing
        is_ours = content.is_outbound and wording.without_tags(text.original) in self._own_words
        return Reading(text, tagger.read(text.folded, budget.check, _around(content)) if not is_ours and is_worth_asking(content, text) else NOTHING)

    def _screen(self, content: Content, budget: limits.Budget) -> Report:
        is_ours = content.is_outbound  # whoever turns out to work here, what they wrote to us stays theirs
        content = speaker.known(content if is_ours else replace(content, thread=()), self.profile)
        text = fold(content.text)
        if _is_unreadable(text):
            return self._unreadable(content)
        read = self._open(content, text, budget)
        if not is_ours:
            return self._screen_inbound(content, read, budget)
        proposals, story, spans = self._judge(content, read, budget)
        asked = self._asked_of_us(content, read, budget)
        proposals, shadow = combine.split(self._placed(content, text, proposals + list(asked.proposals), budget), self.rulebook)
        verdict, findings = combine.decide(content, proposals, self.rulebook)
        terms = spans if story and any(f.rule == "CTX.MOSAIC" for f in findings) else ()
        suggestion = self._suggest(content, text, proposals, budget) if verdict != "allow" else None
        return Report(verdict, findings, terms, asked.intents, asked.priority, suggestion, id=content.id, shadow=shadow)

    def _asked_of_us(self, content: Content, read: Reading, budget: limits.Budget) -> intents.Reading:
        """A colleague's words in an inbox are judged as an answer, and yet they may be a cry for help to us."""
        if content.surface in OUTBOUND or content.role != "workforce":
            return intents.Reading((), "none", ())
        alone = self._open(replace(content, thread=()), read.text, budget)
        return inbound.judge(content, read.text, self._hits(alone, budget), (), alone.tags.heads, budget.check)

    def _screen_inbound(self, content: Content, read: Reading, budget: limits.Budget) -> Report:
        """Nothing is hidden by a machine, and there is no wording to suggest: these are other people's words."""
        told: list[Proposal] = []
        if content.role == "workforce":  # what one of ours tells anywhere is judged as if it were posted
            posted = replace(content, surface="post")
            told = self._judge(posted, self._open(posted, read.text, budget), budget)[0]
        reading = inbound.judge(content, read.text, self._hits(read, budget), told, read.tags.heads, budget.check)
        budget.check()
        proposals, shadow = combine.split(list(reading.proposals), self.rulebook)
        verdict, findings = combine.decide(content, proposals, self.rulebook)
        return Report(verdict, findings, intents=reading.intents, priority=reading.priority, id=content.id, shadow=shadow)

    def _judge(self, content: Content, read: Reading, budget: limits.Budget) -> tuple[list[Proposal], Story | None, tuple]:  # type: ignore[type-arg]
        text = read.text
        proposals, story = self._read(content, read, budget)
        spans = story.as_terms(text) if story else ()
        unmasked = unmask(text, self._is_word)
        if unmasked is not None:
            more, hidden_story = self._read(content, self._open(content, unmasked, budget), budget)
            proposals += more
            if story is None and hidden_story is not None:
                story, spans = hidden_story, hidden_story.as_terms(unmasked)
        return combine.merge(proposals), story, spans

    def _read(self, content: Content, read: Reading, budget: limits.Budget) -> tuple[list[Proposal], Story | None]:
        """One reading: layers 2 to 4 on one form of the text."""
        text, kept = read.text, self._hits(read, budget)
        addressed = addressee.is_addressed(content, text, kept)
        proposals = likeness.without_business(content, text, patterns.judge(text, addressed=addressed, check=budget.check), read.tags.heads)
        proposals += terms.judge(content, text, self.profile)
        proposals += echo.judge(content, text, budget.check)
        proposals += permission.judge(content, text, read.tags.heads)
        proposals += likeness.judge(content, text, read.tags.heads, proposals, addressed=addressed)
        confirms = any(proposal.sure for proposal in proposals if proposal.rule == "CTX.RELATIONSHIP")
        story = find_story(content, text, kept, self.profile.news, budget.check)
        proposals += mosaic.judge(content, text, story, likeness.of_story(read.tags.heads))
        proposals += identifiers.judge(content, text, kept, identifiers.Scene(addressed, story, confirms, likeness.is_business(content, text)), budget.check)
        proposals += likeness.hinted(content, text, read.tags.heads, lambda: self._again(content, text, budget), combine.split(proposals, self.rulebook)[0])
        budget.check()
        return pretend.lowered(likeness.doubted(proposals, read.tags.heads), text), story

    def _again(self, content: Content, text: Normalized, budget: limits.Budget) -> dict[str, float]:
        """What the model says of the text where it is told only what is answered."""
        return self._tagger().read(text.folded, budget.check, replace(_around(content), surface="", role="")).heads

    def _placed(self, content: Content, text: Normalized, proposals: list[Proposal], budget: limits.Budget) -> list[Proposal]:
        """What the model says of the whole, at the sentences that it means; as it was where there is no time left to look."""
        around = _around(content)
        try:
            return list(placing.place(proposals, text, lambda words: self._tagger().read(words, budget.check, around).heads))
        except limits.OverBudget:
            return proposals

    def _hits(self, read: Reading, budget: limits.Budget) -> list[Hit]:
        found = names_by_model.add(read.text, find_all(read.text, IDENTIFIERS, budget), read.tags)
        hits = [self._own(hit, read.text) for hit in found]
        return [hit for hit in hits if hit is not None]

    def _is_word(self, word: str) -> bool:
        return word in trigger_words() or self._tagger().knows(word)

    def _own(self, hit: Hit, text: Normalized) -> Hit | None:
        """Drop what belongs to the organisation; turn a roster name into a staff name."""
        written = text.folded[hit.start : hit.end]
        if hit.label == "NAME":
            return replace(hit, kind="staff") if hit.kind not in ("aged", "relative", "initials") and self.profile.is_staff(written) else hit
        return None if self.profile.owns(hit.label, written) else hit

    def _suggest(self, content: Content, text: Normalized, proposals: list[Proposal], budget: limits.Budget) -> str | None:
        """The first wording that passes this very engine; None where no wording does, or no time is left to look for one."""
        try:
            return self._first_that_passes(content, text, proposals, budget)
        except limits.OverBudget:
            return None

    def _first_that_passes(self, content: Content, text: Normalized, proposals: list[Proposal], budget: limits.Budget) -> str | None:
        for candidate in wording.candidates(content, text, proposals, self.profile, in_danger=self._answers_danger(content)):
            trial = replace(content, text=candidate, consent_id=None, has_authorization=False)
            folded = fold(candidate)
            again, _, _ = self._judge(trial, self._open(trial, folded, budget), budget)
            if combine.decide(trial, combine.split(again, self.rulebook)[0], self.rulebook)[0] == "allow":
                return candidate
        return None

    def _answers_danger(self, content: Content) -> bool:
        """Did who is answered write of danger? Then no other wording than the crisis line will do (domain 9.4)."""
        if not content.is_answer or not content.thread:
            return False
        heard = fold(content.thread[-1][:_HEARD])
        reading = intents.read(heard, self._tagger().read(heard.folded).heads)
        return bool({"self_harm", "emergency", "abuse_report"} & set(reading.intents))

    def _unreadable(self, content: Content) -> Report:
        rule = self.rulebook.get("LANG.UNREADABLE")
        finding = Finding(rule.id, "UNIQUE", 0, len(content.text), 1.0, "Primum cannot read this language, so somebody who can must look at it.", rule.ground)
        return Report("review", (finding,), id=content.id)


def _around(content: Content) -> Around:
    """Where the text stands, for the model, and what it answers. What our own channel says where others write is a reply."""
    surface = "reply" if content.role == "org" and content.surface in ("comment", "review", "mention") else content.surface
    if not content.is_answer or not content.thread:
        return Around(surface, content.role)
    heard = content.thread[-1]
    return Around(surface, content.role, fold(heard if len(heard) <= 2 * _HEARD else f"{heard[:_HEARD]} {heard[-_HEARD:]}").folded)


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


def _screen_some(contents: list[Content]) -> list[Report]:
    assert _worker is not None
    return list(map(_worker.screen, contents))
