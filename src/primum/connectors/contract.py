"""The one contract of every platform: prepare, publish, find, read, delete, and what it can and cannot do. No Django here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

import regex

LINK = re.compile(r"https?://\S+")
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
    warning: str = field(repr=False, default="")
    language: str = ""  # ISO 639-1; empty where nobody said
    go_on: Callable[[], bool] = field(repr=False, compare=False, default=lambda: True)  # asked before each further part of a thread


@dataclass(frozen=True, slots=True)
class Live:
    """A post as the platform shows it. `resolved` in the form in which it was sent, so that both can be compared; `warning` and
    `language` are None where the platform keeps none. `is_whole` is False for a thread of which only a part stands there."""

    remote_id: str
    permalink: str
    text: str = field(repr=False)
    pictures: tuple[tuple[str, str], ...] = field(repr=False, default=())  # (sha256 of the bytes, alt text)
    published_at: datetime | None = None
    resolved: str = field(repr=False, default="")
    warning: str | None = field(repr=False, default=None)
    language: str | None = None
    is_whole: bool = True


# A line of its own that parts a text into the posts of a thread, where the platform has threads (compose.js counts by the same).
THREAD_LINE = "\n---\n"
THREAD_BREAK = re.compile(r"\n[ \t]*---[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do and its limits; shown on the channel's page.

    `rest_seconds`: how long a channel is left alone after it could not be reached, so that a dead platform delays no other.
    `settle_seconds`: how long after a call its result may still be invisible. `counts`: what a "character" of its limit is.
    `link_length`: what a link counts as, whatever its length (0: what it is). `max_parts`: how many posts a thread may have; 1: none.
    `keeps_picture_bytes`: whether an image comes back as it was sent, or in a format of the platform's own, so that only its
    description can be compared. `takes_warning`: whether a content warning can stand before the text."""

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
    takes_warning: bool = False
    link_length: int = 0
    max_parts: int = 1
    limits_note: str = ""

    def parts(self, text: str) -> list[str]:
        """The posts that this text becomes: one, or those of a thread."""
        return [part.strip("\n") for part in THREAD_BREAK.split(text)] if self.max_parts > 1 else [text]

    def length(self, text: str) -> int:
        """How long the platform finds this text."""
        if self.link_length:
            text = LINK.sub("x" * self.link_length, text)
        return len(regex.findall(r"\X", text)) if self.counts == "graphemes" else len(text)

    def why_not(self, text: str) -> str | None:
        """Why the platform would not take it: fit for a screen after the channel's name, or None."""
        parts = self.parts(text)
        if len(parts) > self.max_parts:
            return f"takes {self.max_parts} posts in a thread; this has {len(parts)}"
        for number, part in enumerate(parts, 1):
            which = f"post {number} of the thread" if len(parts) > 1 else "this"
            if len(parts) > 1 and not part.strip():
                return f"would get an empty post: {which} has no words"
            if self.length(part) > self.max_characters:
                thread = f", or part it into a thread by a line with only ---, up to {self.max_parts} posts" if self.max_parts > 1 and len(parts) == 1 else ""
                return f"takes {self.max_characters:,} characters; {which} has {self.length(part):,}. Shorten it, or write a version of its own{thread}"
            if self.max_bytes and len(part.encode()) > self.max_bytes:
                return f"takes {self.max_bytes:,} bytes; {which} has {len(part.encode()):,}. Shorten it"
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
    """Whose credential it is, as the platform says; and what its server says about itself: how long a post may be there (None: as
    always), and its rules."""

    handle: str
    remote_id: str
    max_characters: int | None = None
    rules: tuple[str, ...] = ()


class Connector(Protocol):
    """One platform. Every method may raise ConnectorError; none is called with a transaction open."""

    capabilities: Capabilities

    def prepare(self, text: str, answers: str, warning: str = "") -> str:
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
    choices: tuple[tuple[str, str], ...] = ()  # (value, words)


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody leaves to sign in on the platform: where to, and what we need when they come back (secret)."""

    address: str
    kept: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signing in on the platform itself, which then gives us a token (OAuth 2.0, RFC 6749 section 4.1). Both may raise ConnectorError.

    `begin`: from what was entered, our own address to come back to, and a state that nobody can guess, to a Departure. `finish`: from
    what it kept and the code that came back, to the values of the platform's fields."""

    begin: Callable[[Mapping[str, str], str, str], Departure]
    finish: Callable[[str, str], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform as the registry knows it. `open` is None for the practice feed and where a person posts (`by_hand`)."""

    id: str
    capabilities: Capabilities
    fields: tuple[Field, ...] = ()
    open: Callable[[Mapping[str, str], SignedIn], Connector] | None = None
    sign_in: SignIn | None = None
    by_hand: bool = False
