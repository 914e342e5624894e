"""WordPress through its REST API. Addresses of the form /?rest_route= work with every permalink setting.

A post's slug is our key, so that it can be found again. Images go first; their slugs name the post and the bytes, so that a second try
finds them, and a take-down removes exactly ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

import httpx

from primum.connectors.contract import MAY_HAVE_ARRIVED, ConnectorError, Live, Outgoing, Picture, Presence
from primum.connectors.wordpress.page import as_shown, body_of, content_of, images_of, joined, split
from primum.connectors.wordpress.platform import CAPABILITIES

TIMEOUT = httpx.Timeout(15, connect=5)
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
GONE = (404, 410)


Method = TypeVar("Method", bound=Callable[..., Any])


def readable(*, writes: bool) -> Callable[[Method], Method]:
    """An answer of an unexpected shape is an answer that cannot be read, not a crash. A failure before the post is sent says so itself."""

    def around(method: Method) -> Method:
        @wraps(method)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except (KeyError, IndexError, TypeError, ValueError, AttributeError):
                raise ConnectorError("The WordPress site answered with something that cannot be read.", permanent=False, sent="unknown" if writes else "no") from None

        return cast(Method, wrapped)

    return around


class WordPressConnector:
    """One site."""

    capabilities = CAPABILITIES

    def __init__(self, site: str, user: str, password: str) -> None:
        self._site = site.rstrip("/")
        self._client = httpx.Client(auth=(user.strip(), password.strip()), timeout=TIMEOUT, headers={"user-agent": "Primum"})

    def prepare(self, text: str, answers: str, warning: str = "") -> str:
        return ""

    def as_shown(self, text: str) -> str:
        return as_shown(text)

    @readable(writes=True)
    def publish(self, post: Outgoing) -> str:
        images = [self._upload(post, picture) for picture in post.pictures]
        title, body = split(post.text)
        data = {"title": title, "content": content_of(body, images), "status": "publish", "slug": _slug(post)}
        made = self._ask("POST", "/wp/v2/posts", writes=True, json=data)
        if made["status"] != "publish":
            self._remove(made)
            raise ConnectorError("The site keeps new posts back for an editor of its own. Give Primum's user the right to publish at once.", permanent=True, sent="no")
        return str(_number(made))

    @readable(writes=False)
    def find(self, post: Outgoing) -> Live | None:
        rows = self._ask("GET", "/wp/v2/posts", slug=_slug(post), status="publish", context="edit")
        return self._live(rows[0]) if rows else None

    @readable(writes=False)
    def read(self, remote_id: str) -> Live | None:
        row = self._ask("GET", f"/wp/v2/posts/{int(remote_id)}", context="edit", gone_is_none=True)
        return self._live(row) if row and row.get("status") == "publish" else None

    @readable(writes=True)
    def delete(self, remote_id: str) -> None:
        """The post and its images: what was taken down must not stay behind an address of its own."""
        row = self._ask("GET", f"/wp/v2/posts/{int(remote_id)}", context="edit", gone_is_none=True)
        if row is not None:
            self._remove(row)

    def _remove(self, row: dict[str, Any]) -> None:
        """Images first: while the post stands, a failure is met again by the next try. Only images that we sent for this very post."""
        for id in images_of(row["content"]["raw"]):
            media = self._ask("GET", f"/wp/v2/media/{id}", context="edit", gone_is_none=True)
            if media is not None and str(media["slug"]).startswith(f"{row['slug']}-"):
                self._ask("DELETE", f"/wp/v2/media/{id}", writes=True, force="true", gone_is_none=True)
        self._ask("DELETE", f"/wp/v2/posts/{_number(row)}", writes=True, force="true", gone_is_none=True)

    @readable(writes=False)
    def check(self) -> Presence:
        me = self._ask("GET", "/wp/v2/users/me", context="edit")
        may = me.get("capabilities", {})
        missing = [name for name in ("publish_posts", "upload_files", "delete_published_posts") if not may.get(name)]
        if missing:
            raise ConnectorError(f"This WordPress user lacks: {', '.join(missing)}. Give it the role Author.", permanent=True, sent="no")
        return Presence(urlsplit(self._site).netloc, str(me["id"]))

    def _upload(self, post: Outgoing, picture: Picture) -> tuple[int, str, str]:
        """(media id, address, alt text); for one post the same bytes are sent once. A failure here is before the post."""
        name = f"{_slug(post)}-{picture.sha256[:16]}"
        rows = self._ask("GET", "/wp/v2/media", slug=name, context="edit")
        row = rows[0] if rows else None
        if row is None:
            headers = {"content-type": picture.mime, "content-disposition": f'attachment; filename="{name}.{ENDINGS.get(picture.mime, "jpg")}"'}
            row = self._ask("POST", "/wp/v2/media", content=picture.data, headers=headers)
        if row.get("alt_text") != picture.alt_text:
            row = self._ask("POST", f"/wp/v2/media/{_number(row)}", json={"alt_text": picture.alt_text})
        return _number(row), str(row["source_url"]), picture.alt_text

    def _live(self, row: dict[str, Any]) -> Live:
        raw = row["content"]["raw"]
        pictures = []
        for id in images_of(raw):
            media = self._ask("GET", f"/wp/v2/media/{id}", context="edit", gone_is_none=True)
            pictures.append((self._digest(str(media["source_url"])), str(media["alt_text"])) if media else ("", ""))
        return Live(remote_id=str(row["id"]), permalink=str(row["link"]), text=joined(row["title"]["raw"], body_of(raw)), pictures=tuple(pictures))

    def _digest(self, address: str) -> str:
        """Of the bytes that visitors get; fetched as a visitor, without our password. Empty where there are none: then the post is not as
        approved, which a person is told."""
        try:
            answer = httpx.get(address, timeout=TIMEOUT, headers={"user-agent": "Primum"})
        except (httpx.HTTPError, httpx.InvalidURL):
            return ""
        return hashlib.sha256(answer.content).hexdigest() if answer.status_code == 200 else ""

    def _ask(
        self,
        method: str,
        route: str,
        *,
        writes: bool = False,
        json: Any = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        gone_is_none: bool = False,
        **parameters: str,
    ) -> Any:
        """One call; what it answered, as JSON. `writes`: it makes or removes the post itself. Raises ConnectorError."""
        sent: Literal["no", "unknown"] = "unknown" if writes else "no"
        try:
            answer = self._client.request(method, f"{self._site}/", params={"rest_route": route, **parameters}, json=json, content=content, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise ConnectorError("The WordPress site could not be reached.", permanent=False, sent="no") from None
        except httpx.HTTPError:
            raise ConnectorError("The WordPress site did not answer, or the connection broke.", permanent=False, sent=sent) from None
        if answer.status_code in GONE and gone_is_none:
            return None
        _require_success(answer, sent)
        try:
            return answer.json()
        except ValueError:
            raise ConnectorError("The WordPress site answered with something that cannot be read.", permanent=False, sent=sent) from None


def _require_success(answer: httpx.Response, sent: Literal["no", "unknown"]) -> None:
    status = answer.status_code
    if status == 401:
        raise ConnectorError("WordPress no longer accepts this application password.", permanent=True, sent="no", is_credential=True)
    if status == 429:
        raise ConnectorError("The WordPress site wants fewer calls for a while.", permanent=False, sent="no")
    if status >= 500 or status in MAY_HAVE_ARRIVED:
        raise ConnectorError(f"The WordPress site answered with an error ({status}).", permanent=False, sent=sent)
    if status >= 400:
        raise ConnectorError(f"WordPress refused it ({status}).", permanent=True, sent="no")
    if status >= 300:
        raise ConnectorError("The WordPress site sends us elsewhere. Enter the address that it sends to.", permanent=True, sent="no")


def _number(row: Any) -> int:
    try:
        return int(row["id"])
    except (KeyError, TypeError, ValueError):
        raise ConnectorError("The WordPress site answered with something that cannot be read.", permanent=False, sent="unknown") from None


def _slug(post: Outgoing) -> str:
    return f"primum-{post.key}"
