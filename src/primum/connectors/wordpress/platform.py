"""What a WordPress site can do, and what it asks for: the hospital's own news page is a channel too.

Signing in   application passwords (WordPress 5.6 and later; developer.wordpress.org, REST API handbook, authentication)
Repeats      WordPress takes the same post twice, so an unclear one is looked for by its slug, and a person decides where it is not found
"""

from __future__ import annotations

from collections.abc import Mapping

from primum.connectors.contract import Capabilities, Connector, Field, Platform, SignedIn

CAPABILITIES = Capabilities(
    name="WordPress",
    max_characters=50_000,
    max_pictures=10,
    max_picture_bytes=8_000_000,
    duplicates="look_first",
    settle_seconds=10,
    can_delete=True,
    is_public=True,
)
FIELDS = (
    Field("service", "Address of the site", "For example https://news.wrenfield.example. The channel's handle is its host name."),
    Field("identifier", "User name", "A user of its own for Primum, with the role Author: it may publish, and nothing else."),
    Field("password", "Application password", "Made in WordPress on the user's profile page, under Application Passwords.", is_secret=True),
)


def open_wordpress(credentials: Mapping[str, str], signed_in: SignedIn) -> Connector:
    from primum.connectors.wordpress.connector import WordPressConnector

    return WordPressConnector(credentials["service"], credentials["identifier"], credentials["password"])


PLATFORM = Platform("wordpress", CAPABILITIES, FIELDS, open_wordpress)
