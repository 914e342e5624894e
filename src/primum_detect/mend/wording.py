"""A whole text that passes: a ready answer, a sentence about the team, or the author's own text without what points at someone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from primum_detect.content import Content
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import read_data
from primum_detect.normalize.folding import fold
from primum_detect.normalize.normalized import Normalized
from primum_detect.profile import Profile

_HASHTAG = re.compile(r"#\w+")
_WORD = re.compile(r"[^\W\d_]+")
_SHARE = 0.25  # of the words; fewer stand in Spanglish that reads as English
_GAPS = re.compile(r"[ \t]{2,}")
# What may be cut out of a text without turning the rest into nonsense.
_REMOVABLE = frozenset(("SSN", "MRN", "PLAN", "ACCOUNT", "CARD", "LICENSE", "VEHICLE", "DEVICE", "PHONE", "FAX", "EMAIL", "URL", "IP"))
_COUNT = re.compile(r"(?<![\w.,-])(?!(?:one|1)\b)\w+")  # of one person no other number says the same
_BEGINS = re.compile(r"(?:^|[.!?\n])\W*$")
_LABEL_WORDS = re.compile(r"\b(?:mrn|ssn|dob|chart|fin|member id|account(?: number| no\.?)?|phone|cell|serial(?: number)?)\W*$", re.IGNORECASE)


@cache
def wordings() -> dict[str, Any]:
    return tomllib.loads(read_data("wordings.toml"))


def candidates(content: Content, text: Normalized, proposals: list[Proposal], profile: Profile, *, in_danger: bool = False) -> Iterator[str]:
    """Wordings to try, best first; to somebody in danger none but the crisis line. The engine screens each and keeps the first that passes."""
    if in_danger:
        yield ready("crisis", _language_of((), content.thread[-1] if content.thread else content.text), profile)
        return
    rules = {proposal.rule for proposal in proposals}
    if rules <= {"CTX.HINT", "AUTH.VERIFY"}:
        return  # a look is asked for, not another wording
    if content.is_answer and rules and all(rule.startswith(("POL.", "MKT.")) for rule in rules):
        yield from without_sentences(content.text, text, proposals)
        return
    if content.is_answer or rules in ({"CTX.RELATIONSHIP"}, {"ADV.CLINICAL"}):
        if not content.is_answer:
            yield from without_sentences(content.text, text, proposals)
        yield reply(proposals, content.text, profile)
        return
    if rules and all(proposal.label in _REMOVABLE for proposal in proposals):
        yield from without(content.text, proposals)
    if "CTX.SMALL_CELL" in rules:
        yield without_small_counts(content.text, proposals)
    if all(proposal.head for proposal in proposals):  # the sentences that the model means are known: the others may stay
        yield from without_sentences(content.text, text, proposals)
    if any(rule.startswith(("ID.", "CTX.")) for rule in rules - {"CTX.SOLICIT"}):
        yield from about_the_team(content.text, _language_of(proposals, content.text))
    rest = list(without_sentences(content.text, text, proposals))
    if "CTX.SOLICIT" in rules:
        asks = invitation(_language_of(proposals, content.text), profile)
        yield from (f"{words} {asks}" for words in rest)
        yield asks
    yield from rest


def reply(proposals: list[Proposal], text: str, profile: Profile) -> str:
    """The ready answer for the tone of what was found. A complaint outweighs praise; the strictest tone is the safest."""
    tones = [proposal.tone for proposal in proposals if proposal.tone and proposal.sure] or [proposal.tone for proposal in proposals if proposal.tone]
    tone = next((tone for tone in ("complaint", "question", "praise") if tone in tones), "complaint")
    return ready(tone, _language_of(proposals, text), profile)


def _language_of(proposals: Iterable[Proposal], text: str) -> str:
    words = _WORD.findall(fold(text).lower)
    spanish = wordings()["spanish"].split()
    is_spanish = len(words) > 1 and sum(word in spanish for word in words) >= _SHARE * len(words)
    return "es" if is_spanish or any(proposal.language == "es" for proposal in proposals) else "en"


def invitation(language: str, profile: Profile) -> str:
    """To everybody: tell us, but not the details of your health, and not here."""
    words: str = wordings()["invitation"][language]
    return words.replace("{contact}", _contact(language, profile))


def _contact(language: str, profile: Profile) -> str:
    phone: str = wordings()["contact" if profile.patient_relations else "contact_unknown"][language].format(phone=profile.patient_relations)
    return phone


def ready(tone: str, language: str, profile: Profile) -> str:
    """One relationship-silent answer: `tone` names an entry of `replies` in the data, in `en` or `es`."""
    table = wordings()
    nurse = table["nurse_line"][language].format(phone=profile.nurse_line) if profile.nurse_line else ""
    filled: str = table["replies"][tone][language].replace("{contact}", _contact(language, profile)).replace("{nurse_line}", nurse)
    return filled


def ready_answers(profile: Profile) -> list[tuple[str, str, str]]:
    """All of them, for somebody who looks for one: (what it answers, language, words)."""
    return [(table["title"], language, ready(tone, language, profile)) for tone, table in wordings()["replies"].items() for language in ("en", "es")]


def own_words(profile: Profile) -> frozenset[str]:
    """Everything that we ourselves offer, as it stands: known before, it needs no model's word (approved library text, requirement 35)."""
    themes = (theme["text"][language] for theme in wordings()["theme"] for language in ("en", "es"))
    return frozenset((*themes, *(invitation(language, profile) for language in ("en", "es")), *(words for _, _, words in ready_answers(profile))))


def without_tags(text: str) -> str:
    return _HASHTAG.sub("", text).strip()


def about_the_team(text: str, language: str) -> Iterator[str]:
    """What the author wanted to say, about the team instead of the patient; the author's hashtags stay when they pass."""
    tags = " ".join(dict.fromkeys(_HASHTAG.findall(text)))
    low = fold(text).lower
    for theme in wordings()["theme"]:
        if re.search(theme["words"][language], low, re.DOTALL):
            if tags:
                yield f"{theme['text'][language]} {tags}"
            yield theme["text"][language]


def without(text: str, proposals: list[Proposal]) -> Iterator[str]:
    """The text with single identifiers taken out, together with the word that announces them."""
    out = text
    for proposal in sorted(proposals, key=lambda p: -p.start):
        lead = out[: proposal.start]
        label = _LABEL_WORDS.search(lead)
        out = (lead[: label.start()] if label else lead) + out[proposal.end :]
    out = _GAPS.sub(" ", re.sub(r"\s+([.,!?;:)])", r"\1", re.sub(r"\(\s*\)", "", out))).strip(" ,;:-")
    if len(out.split()) >= 3 and not (out[0].islower() and not text.lstrip()[0].islower()):  # what lost its beginning is no sentence
        yield out


def without_small_counts(text: str, proposals: list[Proposal]) -> str:
    """A small count put as those who publish tables put it, so that the text still says what it said. CMS cell-size practice."""
    out = text
    for proposal in sorted(proposals, key=lambda p: -p.start):
        number = _COUNT.match(out, proposal.start) if proposal.rule == "CTX.SMALL_CELL" else None
        if number is not None:
            lead = out[: number.start()]
            out = f"{lead}{'F' if _BEGINS.search(lead) else 'f'}ewer than 11{out[number.end() :]}"
    return out


def without_sentences(original: str, text: Normalized, proposals: list[Proposal]) -> Iterator[str]:
    """The text without the sentences that hold a finding, where enough is left to say something."""
    kept: list[str] = []
    for start, end in text.sentences:
        begin, stop = text.span(start, end)
        if not any(proposal.start < stop and begin < proposal.end for proposal in proposals):
            kept.append(original[begin:stop].strip())
    if len(" ".join(kept).split()) >= 4:
        yield " ".join(kept)
