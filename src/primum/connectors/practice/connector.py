"""Publishing to the practice feed through a port, so that this connector knows no database and no Django."""

from __future__ import annotations

from typing import Protocol

from primum.connectors.contract import Capabilities, ConnectorError, Live, Outgoing, Platform, Presence


class Feed(Protocol):
    """Where practice posts live. `put` with a key that is there already changes nothing."""

    def put(self, post: Outgoing) -> str: ...

    def find(self, key: str) -> Live | None: ...

    def read(self, remote_id: str) -> Live | None: ...

    def remove(self, remote_id: str) -> None: ...


class FeedUnavailable(Exception):
    """The feed did not answer."""


CAPABILITIES = Capabilities(
    name="Practice",
    max_characters=500,
    max_pictures=4,
    max_picture_bytes=2_000_000,
    duplicates="idempotent",
    settle_seconds=0,
    can_delete=True,
    is_public=False,
    rest_seconds=0,
)
PLATFORM = Platform("practice", CAPABILITIES)
SILENT = "The practice feed did not answer."


class PracticeConnector:
    """The practice platform behind the contract of all platforms."""

    capabilities = CAPABILITIES

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def prepare(self, text: str, answers: str, warning: str = "") -> str:
        return ""

    def as_shown(self, text: str) -> str:
        return text

    def publish(self, post: Outgoing) -> str:
        if len(post.text) > self.capabilities.max_characters:
            raise ConnectorError(f"The text is longer than {self.capabilities.max_characters} characters.", permanent=True, sent="no")
        try:
            return self._feed.put(post)
        except FeedUnavailable:
            raise ConnectorError(SILENT, permanent=False, sent="unknown") from None

    def find(self, post: Outgoing) -> Live | None:
        try:
            return self._feed.find(post.key)
        except FeedUnavailable:
            raise ConnectorError(SILENT, permanent=False, sent="no") from None

    def read(self, remote_id: str) -> Live | None:
        try:
            return self._feed.read(remote_id)
        except FeedUnavailable:
            raise ConnectorError(SILENT, permanent=False, sent="no") from None

    def delete(self, remote_id: str) -> None:
        try:
            self._feed.remove(remote_id)
        except FeedUnavailable:
            raise ConnectorError(SILENT, permanent=False, sent="unknown") from None

    def check(self) -> Presence:
        return Presence("", "")
