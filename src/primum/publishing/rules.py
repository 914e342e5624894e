"""The publish lock, and who may do what with a post: pure decisions on plain values; time comes in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from primum.connectors.contract import THREAD_BREAK
from primum.people.rules import AUTHOR, Member, required_roles

MAX_TEXT = 50_000
EDITABLE = frozenset(("draft", "changes", "rejected"))
REOPENS = frozenset(("in_review", "approved", "scheduled", "attention"))
FINAL = frozenset(("published", "taken_down", "discarded"))


@dataclass(frozen=True, slots=True)
class FrozenPicture:
    id: str
    sha256: str
    mime: str
    alt: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """Exactly what is approved: text per channel, pictures with alt text, window, consents."""

    kind: str
    facility: str
    texts: tuple[tuple[str, str], ...]  # (channel id, text), sorted by channel id
    pictures: tuple[FrozenPicture, ...]
    window_from: str
    window_until: str
    heard: str
    consents: tuple[str, ...] = ()
    resolved: tuple[tuple[str, str], ...] = ()  # (channel id, what was looked up for its text), only where there is something
    warning: str = ""  # stands before the text where a channel can show one
    language: str = ""

    def to_json(self) -> str:
        """Canonical: the same content always gives the same bytes. What came to the format later stands there only where it says
        something, so that older digests hold."""
        later: dict[str, object] = {"resolved": [list(pair) for pair in self.resolved], "warning": self.warning, "language": self.language}
        return json.dumps(
            {
                **{name: value for name, value in later.items() if value},
                "v": 1,
                "kind": self.kind,
                "facility": self.facility,
                "texts": [list(pair) for pair in self.texts],
                "pictures": [[p.id, p.sha256, p.mime, p.alt] for p in self.pictures],
                "window": [self.window_from, self.window_until],
                "heard": self.heard,
                "consents": list(self.consents),
            },
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Frozen:
        data = json.loads(text)
        return cls(
            data["kind"],
            data["facility"],
            tuple((channel, words) for channel, words in data["texts"]),
            tuple(FrozenPicture(*row) for row in data["pictures"]),
            data["window"][0],
            data["window"][1],
            data["heard"],
            tuple(data["consents"]),
            tuple((channel, found) for channel, found in data.get("resolved", [])),
            data.get("warning", ""),
            data.get("language", ""),
        )

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.to_json().encode("utf-8", "surrogatepass")).hexdigest()

    def text_for(self, channel: UUID) -> str:
        return dict(self.texts)[str(channel)]

    def resolved_for(self, channel: UUID) -> str:
        return dict(self.resolved).get(str(channel), "")


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition of the publish lock: open, or why not and who can help."""

    name: str
    title: str
    is_open: bool
    reason: str = ""
    helper: str = ""


@dataclass(frozen=True, slots=True)
class LockFacts:
    """What the publish lock asks about one delivery, gathered by queries under row locks."""

    digest: str
    recomputed: str
    approved_digest: str | None
    approver_is_writer: bool
    approver_may: bool
    verdict_then: str
    verdict_now: str
    stricter_now: bool
    screening_error: str
    channel_problem: str | None
    writers_here: bool
    due_at: datetime
    window_from: datetime
    window_until: datetime
    now: datetime
    late_after: timedelta
    take_down_asked: bool = False
    stopped: str | None = None
    quiet: str | None = None


def publish_lock(facts: LockFacts) -> tuple[Gate, ...]:
    """Every gate for one digest, asked again at the minute of publishing."""
    late = facts.now - facts.due_at > facts.late_after
    return (
        Gate("digest", "Exactly what was approved", facts.recomputed == facts.digest, "The post is no longer what was approved. Submit it again."),
        Gate(
            "approval",
            "Approved by another person",
            facts.approved_digest == facts.digest and not facts.approver_is_writer and facts.approver_may,
            "There is no live approval by another person for this version.",
            "A reviewer",
        ),
        Gate(
            "screening",
            "Passes today's check",
            not facts.stricter_now and not facts.screening_error,
            facts.screening_error or "Today's rules find more than the reviewer saw. Somebody must look again.",
            "A reviewer",
        ),
        Gate("channel", "The channel is in use", facts.channel_problem is None, facts.channel_problem or "", "The channel's owner"),
        Gate("stop", "Nobody pulled the brake", facts.stopped is None, facts.stopped or ""),
        Gate("quiet", "Outside the channel's quiet hours", facts.quiet is None, facts.quiet or ""),
        Gate("author", "The author works here", facts.writers_here, "The person who submitted this no longer works here. Somebody else must take it over.", "An administrator"),
        Gate("window", "Inside the approved window", facts.window_from <= facts.now <= facts.window_until, "The approved window has passed. Submit it again with a new one."),
        Gate("take_down", "Nobody asked to take it down", not facts.take_down_asked, "This post is being taken down, so nothing more of it goes out."),
        Gate("time", "On time", not late, "Its minute passed while nothing could be sent. Late posts are held, never sent in a burst: schedule it again."),
    )


def first_closed(gates: tuple[Gate, ...]) -> Gate | None:
    return next((gate for gate in gates if not gate.is_open), None)


def may_edit(member: Member, facility: UUID) -> bool:
    return member.has(AUTHOR, facility)


def why_not_decide(member: Member, *, facility: UUID, is_small: bool, verdict: str, writers: frozenset[UUID]) -> str | None:
    """Why this person may not approve this revision, or None."""
    if member.id in writers:
        return "You wrote or edited this post, so somebody else must approve it."
    if not member.has_any(required_roles(verdict, is_small=is_small), facility):
        if verdict == "block":
            return "Only the privacy officer may release this one."
        if verdict == "review":
            return "A clinical reviewer or the privacy officer must look at this one."
        return "You are not a reviewer for this facility."
    return None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one channel takes. `why_not` counts as the platform counts; `threads`: whether a text may be parted into several posts."""

    name: str
    pictures: int
    picture_bytes: int
    alt_characters: int
    needs_link: bool
    why_not: Callable[[str], str | None]
    threads: bool = False


def why_not_submit(frozen: Frozen, *, verdict: str, never: tuple[str, ...], release_reason: str, limits: dict[str, Limits], sizes: dict[str, int], has_link: bool) -> list[str]:
    """What must be mended before a draft can be submitted. `limits`: by channel id; `sizes`: bytes by picture id."""
    problems: list[str] = []
    if not frozen.texts:
        problems.append("Choose at least one channel.")
    for channel, text in frozen.texts:
        limit = limits[channel]
        if not text.strip():
            problems.append(f"Write something for {limit.name}.")
        if refused := limit.why_not(text):
            problems.append(f"{limit.name} {refused}.")
        if not limit.threads and THREAD_BREAK.search(text) and any(limits[other].threads for other, words in frozen.texts if words == text):
            problems.append(f"{limit.name} has no threads: the line --- would stand there as it is. Write a version of its own for it.")
        if len(frozen.pictures) > limit.pictures:
            problems.append(f"{limit.name} takes {limit.pictures} images. Remove {len(frozen.pictures) - limit.pictures}.")
        problems += [f"Image {n} is too large for {limit.name}. Add it again: it is then saved smaller." for n, p in enumerate(frozen.pictures, 1) if sizes.get(p.id, 0) > limit.picture_bytes]
        problems += [f"The description of image {n} is too long for {limit.name}." for n, p in enumerate(frozen.pictures, 1) if len(p.alt) > limit.alt_characters]
        if frozen.kind == "reply" and limit.needs_link and not has_link:
            problems.append(f"{limit.name} needs the link of the post that you answer, or the answer would stand alone for everybody to see.")
    problems += [f"Describe image {n} in words (alt text)." for n, picture in enumerate(frozen.pictures, 1) if not picture.alt.strip()]
    if datetime.fromisoformat(frozen.window_until) <= datetime.fromisoformat(frozen.window_from):
        problems.append("The end of the window must be after its start.")
    if never:
        problems.append("This holds a number that nobody may release. Take it out, or use the safer wording.")
    elif verdict == "block" and not release_reason.strip():
        problems.append("This would be stopped. Use the safer wording, or say why the privacy officer should release it.")
    return problems


def why_not_schedule(*, due_at: datetime, window_from: datetime, window_until: datetime, now: datetime) -> str | None:
    if due_at < now - timedelta(minutes=1):
        return "That time has passed. Choose one from now on."
    if not window_from <= due_at <= window_until:
        return "That time is outside the approved window. Choose one inside, or edit the window (then it needs approval again)."
    return None
