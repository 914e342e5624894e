"""Evidence of channels."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from primum.evidence.events import Event


@dataclass(frozen=True, kw_only=True)
class ChannelAdded(Event):
    OBJECT = "channel"
    channel: UUID


@dataclass(frozen=True, kw_only=True)
class ChannelStatusChanged(Event):
    OBJECT = "channel"
    channel: UUID
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ChannelOwnersChanged(Event):
    OBJECT = "channel"
    channel: UUID
    owner: UUID | None
    backup_owner: UUID | None


@dataclass(frozen=True, kw_only=True)
class ChannelConnected(Event):
    """The platform accepted what was entered. Never what it was."""

    OBJECT = "channel"
    channel: UUID


@dataclass(frozen=True, kw_only=True)
class ChannelDisconnected(Event):
    OBJECT = "channel"
    channel: UUID


@dataclass(frozen=True, kw_only=True)
class ConnectionChanged(Event):
    OBJECT = "channel"
    channel: UUID
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ChannelPaceChanged(Event):
    OBJECT = "channel"
    channel: UUID
    posts_per_hour: int | None
    quiet_from: str
    quiet_until: str
