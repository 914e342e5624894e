"""The one contract of every platform: publish, find, read, delete, and what it can and cannot do. No Django here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

DuplicateClass = Literal["idempotent", "look_first", "refuses_twins", "weak", "person_decides"]


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
    """One post for one channel. `key` is chosen by us and stable over retries: the platform, or we, recognise a twin by it."""

    key: str
    text: str = field(repr=False)
    pictures: tuple[Picture, ...] = ()
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """A post as the platform shows it."""

    remote_id: str
    permalink: str
    text: str = field(repr=False)
    pictures: tuple[tuple[str, str], ...] = field(repr=False, default=())  # (sha256 or platform id, alt text)
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do and its limits; shown on the channel's page."""

    name: str
    max_characters: int
    max_pictures: int
    max_picture_bytes: int
    duplicates: DuplicateClass
    settle_seconds: int
    can_delete: bool
    is_public: bool


class ConnectorError(Exception):
    """A call failed. `sent` says whether the post may have gone out; `permanent` whether trying again is pointless."""

    def __init__(self, reason: str, *, permanent: bool, sent: Literal["no", "unknown"]) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.sent = reason, permanent, sent


class Connector(Protocol):
    """One platform. Every method may raise ConnectorError; none is called with a transaction open."""

    capabilities: Capabilities

    def publish(self, post: Outgoing) -> Live: ...

    def find(self, key: str) -> Live | None: ...

    def delete(self, remote_id: str) -> None: ...
