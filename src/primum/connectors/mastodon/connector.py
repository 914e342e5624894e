"""Mastodon through Mastodon.py, behind our contract (API 4.x, docs.joinmastodon.org).

The server takes images in its own format, so what comes back is compared by its descriptions. What a mention means is looked up when
the post is submitted, and compared when it is read back.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import regex
import requests
from mastodon import Mastodon
from mastodon.errors import MastodonError, MastodonNotFoundError
from requests.adapters import HTTPAdapter

from primum.connectors.contract import ConnectorError, Live, Outgoing, Picture, Presence, require_parent
from primum.connectors.mastodon.failures import pause_of, translate
from primum.connectors.mastodon.platform import CAPABILITIES

SECONDS = 15
_TOKEN = re.compile(r"[A-Za-z0-9._~+=-]{8,512}")
SHORTEST, LONGEST, USUAL = 50, 100_000, 500  # characters that a server may say it takes; what it takes where it does not say
LINK_LENGTH = 23
_MENTION = re.compile(r"(?<![\w/@.])@([a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)(?:@([\w.:-]+[\w]))?", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+")
FAULTS = (MastodonError, requests.RequestException, ValueError, KeyError, TypeError, AttributeError)

Answer = TypeVar("Answer")


class _Fresh(HTTPAdapter):
    """A connection for each call: one kept from before may be closed by now, and then nobody knows whether a post arrived."""

    pause: timedelta | None = None  # what a server that wants fewer calls asked for; the library does not pass it on

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        self.poolmanager.clear()
        response = super().send(*args, **kwargs)
        self.pause = pause_of(response.headers) if response.status_code == 429 else None
        return response


def api(service: str, *, token: str = "", client_id: str = "", client_secret: str = "") -> Mastodon:
    """The library's client for one server; it follows nobody elsewhere. Raises ConnectorError for what is no token.

    Tokens and names are set, never given to the library: given one, it first looks for a file of that name, and would send its
    first line away."""
    for secret in filter(None, (token, client_id, client_secret)):
        if not _TOKEN.fullmatch(secret):
            raise ConnectorError("This is no access token. Copy it once more from the server.", permanent=True, sent="no", is_credential=True)
    session = requests.Session()
    session.max_redirects = 0  # a redirect would carry the post elsewhere
    session.headers["Connection"] = "close"
    fresh = _Fresh()
    for scheme in ("https://", "http://"):
        session.mount(scheme, fresh)
    made = Mastodon(
        api_base_url=service.rstrip("/"),
        ratelimit_method="throw",
        request_timeout=SECONDS,
        version_check_mode="none",
        mastodon_version="4.4.0",
        user_agent="primum",
        session=session,
    )
    made.access_token, made.client_id, made.client_secret = token or None, client_id or None, client_secret or None
    # Told, not asked: the library would otherwise ask the server before each image, or use the old address for it.
    made.mastodon_major, made.mastodon_minor, made.mastodon_patch = 4, 4, 0
    return made


class MastodonConnector:
    """One presence on one server."""

    capabilities = CAPABILITIES

    def __init__(self, service: str, token: str, visibility: str = "public") -> None:
        self._api, self._visibility = api(service, token=token.strip()), visibility
        self._adapter = self._api.session.get_adapter("https://")

    def prepare(self, text: str, answers: str, warning: str = "") -> str:
        """Also whether this very server takes so much: each has limits of its own, and a warning counts."""
        longest, link = self._call(lambda: _limits(self._server()), writes=False)
        size = length(text, link) + length(warning)
        if size > longest:
            raise ConnectorError(f"This server takes {longest:,} characters; this has {size:,}. Shorten it.", permanent=True, sent="no")
        found: dict[str, Any] = {} if self._visibility == "public" else {"visibility": self._visibility}
        if mentions := sorted({self._id_of(match.group(0)) for match in _MENTION.finditer(text)}):
            found["mentions"] = mentions
        if answers.strip():
            found["reply"] = self._post_at(answers.strip())
        return json.dumps(found, sort_keys=True, separators=(",", ":")) if found else ""

    def as_shown(self, text: str) -> str:
        return text.strip()

    def publish(self, post: Outgoing) -> str:
        require_parent(post)
        media = [self._upload(picture) for picture in post.pictures]
        looked_up = json.loads(post.resolved) if post.resolved else {}
        details = {
            "in_reply_to_id": looked_up.get("reply"),
            "media_ids": media or None,
            "visibility": looked_up.get("visibility", "public"),
            "spoiler_text": post.warning or None,
            "language": post.language or None,
        }
        return str(self._call(lambda: self._api.status_post(post.text, **details, idempotency_key=post.key)["id"], writes=True))

    def find(self, post: Outgoing) -> Live | None:
        """In our own timeline, by its content: only what is younger than the post's minute, with the same words and descriptions."""
        me = self._call(lambda: self._api.account_verify_credentials()["id"], writes=False)
        rows = self._call(lambda: self._api.account_statuses(me, exclude_reblogs=True, limit=40), writes=False)
        for row in rows:
            if post.made_at is not None and row["created_at"] < post.made_at:
                continue
            live = self._live(row)
            wanted = (self.as_shown(post.text), post.warning, post.resolved, tuple(("", p.alt_text) for p in post.pictures))
            if live is not None and (live.text, live.warning, live.resolved, live.pictures) == wanted:
                return live
        return None

    def read(self, remote_id: str) -> Live | None:
        row = self._call(lambda: self._or_none(lambda: self._api.status(remote_id)), writes=False)
        return self._live(row) if row is not None else None

    def delete(self, remote_id: str) -> None:
        self._call(lambda: self._or_none(lambda: self._api.status_delete(remote_id)), writes=True)

    def check(self) -> Presence:
        try:
            me = self._call(lambda: self._api.account_verify_credentials(), writes=False)
        except ConnectorError as error:
            if not error.permanent or error.is_credential:
                raise
            raise ConnectorError("Mastodon no longer accepts this access token.", permanent=True, sent="no", is_credential=True) from None  # some servers say 422
        return self._call(lambda: _presence(me, self._server()), writes=False)

    def _server(self) -> Any:
        """What it says about itself; relatives of Mastodon, and old ones, know only the older address."""
        found = self._call(lambda: self._or_none(self._api.instance_v2), writes=False)
        return found if found is not None else self._call(self._api.instance_v1, writes=False)

    def _live(self, row: Any) -> Live | None:
        source = self._call(lambda: self._or_none(lambda: self._api.status_source(row["id"])), writes=False)
        if source is None:
            return None
        found: dict[str, Any] = {}
        if mentions := sorted({str(mention["id"]) for mention in row["mentions"]}):
            found["mentions"] = mentions
        if row.get("in_reply_to_id"):
            found["reply"] = str(row["in_reply_to_id"])
        if row["visibility"] != "public":
            found["visibility"] = str(row["visibility"])
        return Live(
            remote_id=str(row["id"]),
            permalink=str(row.get("url") or row["uri"]),
            text=str(source["text"]),
            pictures=tuple(("", str(media.get("description") or "")) for media in row["media_attachments"]),
            published_at=row["created_at"],
            resolved=json.dumps(found, sort_keys=True, separators=(",", ":")) if found else "",
            warning=str(source.get("spoiler_text") or ""),
            language=row.get("language"),
        )

    def _upload(self, picture: Picture) -> str:
        """A failure here is before the post."""
        made = self._call(
            lambda: self._api.media_post(io.BytesIO(picture.data), mime_type=picture.mime, description=picture.alt_text, file_name=f"{picture.sha256[:16]}", synchronous=True)["id"], writes=False
        )
        return str(made)

    def _id_of(self, mention: str) -> str:
        try:
            return str(self._call(lambda: self._api.account_lookup(mention.lstrip("@"))["id"], writes=False))
        except ConnectorError as error:
            if error.permanent and not error.is_credential:
                raise ConnectorError(f"Mastodon knows nobody called {mention}. Correct the name, or take the @ away.", permanent=True, sent="no") from None
            raise

    def _post_at(self, address: str) -> str:
        rows = self._call(lambda: self._api.search_v2(address, resolve=True, result_type="statuses")["statuses"], writes=False)
        if not rows:
            raise ConnectorError("The server finds no post at this address. Open the post there and copy its link.", permanent=True, sent="no")
        return str(rows[0]["id"])

    @staticmethod
    def _or_none(ask: Callable[[], Answer]) -> Answer | None:
        try:
            return ask()
        except MastodonNotFoundError:
            return None

    def _call(self, ask: Callable[[], Answer], *, writes: bool) -> Answer:
        """Raises ConnectorError."""
        try:
            return ask()
        except FAULTS as error:
            raise translate(error, writes=writes, pause=getattr(self._adapter, "pause", None)) from None


def _limits(server: Any) -> tuple[int, int]:
    """How long a post may be there, and what a link counts as: as Mastodon has it where a server does not say."""
    said = (server.get("configuration") or {}).get("statuses") or {}
    longest = int(said.get("max_characters") or server.get("max_toot_chars") or USUAL)
    return min(max(longest, SHORTEST), LONGEST), int(said.get("characters_reserved_per_url") or LINK_LENGTH)


def _presence(me: Any, server: Any) -> Presence:
    rules = tuple(str(rule["text"])[:500] for rule in server.get("rules") or ())[:30]
    domain = urlsplit(str(server["uri"])).netloc or str(server["uri"]) if "uri" in server else str(server["domain"])
    return Presence(f"{me['username']}@{domain}", str(me["id"]), _limits(server)[0], rules)


def length(text: str, link_length: int = LINK_LENGTH) -> int:
    """As Mastodon counts: graphemes, a link with a fixed length, a mention without its server."""
    text = _LINK.sub("x" * link_length, text)
    text = _MENTION.sub(lambda match: "@" + match.group(1), text)
    return len(regex.findall(r"\X", text))
