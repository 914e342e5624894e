"""What a Mastodon server can do, and what it asks for.

Limits    500 characters and 4 images unless the server says otherwise: its own limits are read when a post is submitted. A link counts as
          23 characters, a mention without its server (docs.joinmastodon.org, user/posting)
Repeats   Idempotency-Key, kept about an hour; after it we look in our own timeline, then a person decides
"""

from __future__ import annotations

from collections.abc import Mapping

from primum.connectors.contract import Capabilities, Connector, Departure, Field, Platform, SignedIn, SignIn

CAPABILITIES = Capabilities(
    name="Mastodon",
    max_characters=5_000,
    max_pictures=4,
    max_picture_bytes=8_000_000,
    duplicates="look_first",
    settle_seconds=10,
    can_delete=True,
    is_public=True,
    counts="graphemes",
    replies_need_link=True,
    keeps_picture_bytes=False,
    takes_warning=True,
    link_length=23,
    limits_note="The server's own limits count (500 characters on most); they are asked for when a post is submitted",
)
RIGHTS = ("read:accounts", "read:statuses", "read:search", "write:media", "write:statuses")
VISIBILITIES = (("public", "Public: in every timeline"), ("unlisted", "Quiet public: for everybody, but in no public timeline"), ("private", "Followers only"))
FIELDS = (
    Field("service", "Server", "For example https://mastodon.example. The channel's handle is @name@server."),
    Field("visibility", "Who sees posts", "It is frozen with each post when that is submitted.", default="public", choices=VISIBILITIES),
    Field("password", "Access token", f"On the server under Preferences, Development, New application, with the rights {', '.join(RIGHTS)}.", is_secret=True),
)


def open_mastodon(credentials: Mapping[str, str], signed_in: SignedIn) -> Connector:
    from primum.connectors.mastodon.connector import MastodonConnector

    return MastodonConnector(credentials["service"], credentials["password"], credentials.get("visibility", "public"))


def begin(values: Mapping[str, str], back_to: str, state: str) -> Departure:
    from primum.connectors.mastodon import sign_in

    return sign_in.begin(values, back_to, state)


def finish(kept: str, code: str) -> dict[str, str]:
    from primum.connectors.mastodon import sign_in

    return sign_in.finish(kept, code)


PLATFORM = Platform("mastodon", CAPABILITIES, FIELDS, open_mastodon, SignIn(begin, finish))
