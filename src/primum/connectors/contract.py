"""The one contract of every platform: prepare, publish, find, read, delete, and what it can and cannot do. No Django here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

import regex

DuplicateClass = Literal["idempotent", "look_first", "refuses_twins", "weak", "person_decides"]
DUPLICATES: dict[str, str] = {
    "idempotent": "A repeated send cannot make a second post",
    "look_first": "After an unclear answer we look first, and a person decides where nothing is found",
    "refuses_twins": "The platform refuses the same text twice",
    "weak": "The platform refuses only a repeat of its last post: we look, then a person decides",
    "person_decides": "After an unclear answer a person looks and decides",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One image as it will be sent: bytes of the approved rendition."""

    sha256: str
    mime: str
    width: int
    height: int
    alt_text: str = field(repr=False)
    data: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One post for one channel. `key` and `made_at` are ours and stable over retries: the platform, or we, recognise a twin by them.
    `at` is its minute; `resolved` is what `prepare` found when the post was submitted (mentions, the post that it answers), as JSON."""

    key: str
    text: str = field(repr=False)
    pictures: tuple[Picture, ...] = ()
    made_at: datetime | None = None
    at: datetime | None = None
    reply_to: str | None = field(repr=False, default=None)
    resolved: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Live:
    """A post as the platform shows it. `resolved` in the form in which it was sent, so that both can be compared."""

    remote_id: str
    permalink: str
    text: str = field(repr=False)
    pictures: tuple[tuple[str, str], ...] = field(repr=False, default=())  # (sha256 of the bytes, alt text)
    published_at: datetime | None = None
    resolved: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do and its limits; shown on the channel's page.

    `rest_seconds`: how long a channel is left alone after it could not be reached, so that a dead platform delays no other.
    `settle_seconds`: how long after a call its result may still be invisible. `counts`: what a "character" of its limit is. `keeps_picture_bytes`: whether an image
    comes back as it was sent, or in a format of the platform's own, so that only its description can be compared."""

    name: str
    max_characters: int
    max_pictures: int
    max_picture_bytes: int
    duplicates: DuplicateClass
    settle_seconds: int
    can_delete: bool
    is_public: bool
    counts: Literal["characters", "graphemes"] = "characters"
    max_bytes: int = 0
    max_alt_characters: int = 1500
    replies_need_link: bool = False
    rest_seconds: int = 60
    keeps_picture_bytes: bool = True
    limits_note: str = ""

    def length(self, text: str) -> int:
        """How long the platform finds this text."""
        return len(regex.findall(r"\X", text)) if self.counts == "graphemes" else len(text)

    def why_too_long(self, text: str) -> str | None:
        """Fit for a screen, or None."""
        size = self.length(text)
        if size > self.max_characters:
            return f"takes {self.max_characters:,} characters; this has {size:,}"
        if self.max_bytes and len(text.encode()) > self.max_bytes:
            return f"takes {self.max_bytes:,} bytes; this has {len(text.encode()):,}"
        return None


class ConnectorError(Exception):
    """A call failed. `reason` is fit for a screen and holds nothing of the post. `sent` says whether the post may have gone out;
    `permanent` whether trying again is pointless; `retry_after` how long the platform wants to be left alone; `is_credential` that it
    no longer accepts what we sign in with."""

    def __init__(self, reason: str, *, permanent: bool, sent: Literal["no", "unknown"], retry_after: timedelta | None = None, is_credential: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.sent = reason, permanent, sent
        self.retry_after, self.is_credential = retry_after, is_credential


# A platform that answers so may have taken the post all the same; its other refusals (4xx) mean that it has not.
MAY_HAVE_ARRIVED = frozenset((408, 409, 425))


def require_parent(post: Outgoing) -> None:
    """An answer whose post was never looked up would stand alone for everybody to see. Raises ConnectorError."""
    if post.reply_to and "reply" not in (json.loads(post.resolved) if post.resolved else {}):
        raise ConnectorError("It is not known which post this answers, so it would stand alone. Submit it again.", permanent=True, sent="no")


@dataclass(frozen=True, slots=True)
class Presence:
    """Whose credential it is, as the platform says."""

    handle: str
    remote_id: str


class Connector(Protocol):
    """One platform. Every method may raise ConnectorError; none is called with a transaction open."""

    capabilities: Capabilities

    def prepare(self, text: str, answers: str) -> str:
        """Look up what the text names (mentions, links, the post at address `answers`) and give it as JSON, to be frozen and approved
        with the text."""

    def as_shown(self, text: str) -> str:
        """How the platform keeps this text: where it sets a title apart, or tidies empty lines, this says so."""

    def publish(self, post: Outgoing) -> str:
        """Send it; its id there. Raises ConnectorError with `sent`."""

    def find(self, post: Outgoing) -> Live | None:
        """Whether this post arrived, by its key or its content. None: looked, and it is not there."""

    def read(self, remote_id: str) -> Live | None:
        """What stands there under this id now; None where nothing does."""

    def delete(self, remote_id: str) -> None:
        """Remove it; one that is gone already is no error."""

    def check(self) -> Presence:
        """Sign in, and say as whom."""


class SignedIn(Protocol):
    """Where a connector keeps what a platform gave it after signing in, so that not each call signs in anew."""

    def load(self) -> str: ...

    def save(self, session: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked once, when a channel is connected."""

    name: str
    label: str
    help: str
    is_secret: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform as the registry knows it. `open` is None for the practice feed and where a person posts (`by_hand`)."""

    id: str
    capabilities: Capabilities
    fields: tuple[Field, ...] = ()
    open: Callable[[Mapping[str, str], SignedIn], Connector] | None = None
    by_hand: bool = False
