"""What Bluesky can do, and what it asks for. Light on purpose: the network's SDK takes more than a second to import, so it is
imported when a channel is really used.

Limits    300 graphemes and 3,000 bytes (lexicon app.bsky.feed.post); 4 images of 2,000,000 bytes (app.bsky.embed.images)
Threads   up to ten posts (our own limit), each answering the one before
Repeats   the record's key is chosen by us, and writing the same key again leaves one post (com.atproto.repo.putRecord)
"""

from __future__ import annotations

from collections.abc import Mapping

from primum.connectors.contract import Capabilities, Connector, Field, Platform, SignedIn

CAPABILITIES = Capabilities(
    name="Bluesky",
    max_characters=300,
    max_pictures=4,
    max_picture_bytes=2_000_000,
    duplicates="idempotent",
    settle_seconds=5,
    can_delete=True,
    is_public=True,
    counts="graphemes",
    max_bytes=3000,
    max_alt_characters=2000,
    replies_need_link=True,
    max_parts=10,
)
FIELDS = (
    Field("identifier", "Handle", "For example wrenfield.example, without the @."),
    Field("password", "App password", "Made in Bluesky under Settings, Privacy and security, App passwords. Never the password of the account itself.", is_secret=True),
    Field("service", "Server", "Change it only if your organisation runs its own personal data server.", default="https://bsky.social"),
)


def open_bluesky(credentials: Mapping[str, str], signed_in: SignedIn) -> Connector:
    from primum.connectors.bluesky.connector import BlueskyConnector

    return BlueskyConnector(credentials["service"], credentials["identifier"], credentials["password"], signed_in)


PLATFORM = Platform("bluesky", CAPABILITIES, FIELDS, open_bluesky)
