"""A stateful stand-in for a Mastodon server, because the real one cannot run here. Each request and each answer is checked against the
published description of the API (PRIMUM_MASTODON_OPENAPI names the file): what the description does not know is a failed test.

It keeps what Mastodon keeps: statuses, media, idempotency keys for an hour, links of a fixed length, mentions of people it knows.
"""

from __future__ import annotations

import html
import io
import json
import os
import re
import threading
import urllib.parse
import uuid
from datetime import UTC, datetime
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from faulty import FaultyDoor
from needs import skip_or_fail

LIMIT = 500
POSTS = "/api/v1/statuses"
_MENTION = re.compile(r"(?<![\w/@.])@(\w+)")


def contract() -> Any:
    path = os.environ.get("PRIMUM_MASTODON_OPENAPI", "")
    if not os.path.exists(path):
        skip_or_fail("mastodon", "the published description of Mastodon's API is not here. Set PRIMUM_MASTODON_OPENAPI to its OpenAPI file")
    from openapi_core import Config, OpenAPI

    return OpenAPI.from_file_path(path, config=Config(spec_validator_cls=None))  # one default in it is no value of its own type


class MastodonFake:
    """`url` is the door through which the product talks."""

    def __init__(self) -> None:
        self.contract = contract()
        self.breaches: list[str] = []
        self.token = uuid.uuid4().hex
        self.statuses: dict[str, dict[str, Any]] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.apps: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.limit = LIMIT
        self.number = 1000
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self) -> None:
                fake._serve(self)

            do_GET = do_POST = do_PUT = do_DELETE = do

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.door = FaultyDoor()
        self.door.upstream = self.server.server_address[1]
        self.url, self.domain = f"http://localhost:{self.door.port}", f"localhost:{self.door.port}"

    def stop(self) -> None:
        self.door.close()
        self.server.shutdown()
        self.server.server_close()

    def credentials(self) -> dict[str, str]:
        return {"service": self.url, "password": self.token}

    def texts(self) -> list[str]:
        return [row["text"] for row in self.statuses.values() if row["account"]["id"] == "1"]

    def someone_wrote(self, text: str) -> str:
        """A stranger's post; its address."""
        return str(self._new_status(text, "2", [], None)["url"])

    def _account(self, id: str) -> dict[str, Any]:
        name = {"1": "wrenfield", "2": "visitor", "3": "bakery"}[id]
        picture = f"{self.url}/none.png"
        plain = {"id": id, "username": name, "acct": name, "display_name": name, "note": "", "url": f"{self.url}/@{name}", "uri": f"{self.url}/users/{name}", "created_at": "2026-01-01T00:00:00.000Z"}
        counts = {"followers_count": 0, "following_count": 0, "statuses_count": 0, "emojis": [], "fields": []}
        flags = {"bot": False, "group": False, "locked": False, "indexable": False, "discoverable": True, "noindex": False}
        return {**plain, **counts, **flags, "avatar": picture, "avatar_static": picture, "header": picture, "header_static": picture, "last_status_at": None, "hide_collections": False}

    def _new_status(self, text: str, by: str, media: list[str], reply: str | None, form: dict[str, Any] | None = None) -> dict[str, Any]:
        form = form or {}
        self.number += 1
        id = str(self.number)
        names = {"visitor": "2", "bakery": "3", "wrenfield": "1"}
        mentions = [self._account(names[name]) for name in dict.fromkeys(_MENTION.findall(text)) if name in names]
        row = {
            "id": id,
            "uri": f"{self.url}/users/x/statuses/{id}",
            "url": f"{self.url}/@x/{id}",
            "created_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "account": self._account(by),
            "content": f"<p>{html.escape(text)}</p>",
            "text": text,
            "visibility": form.get("visibility", "public"),
            "sensitive": bool(form.get("spoiler_text")),
            "spoiler_text": form.get("spoiler_text", ""),
            "language": form.get("language"),
            "media_attachments": [self.media[m] for m in media],
            "mentions": [{key: account[key] for key in ("id", "username", "acct", "url")} for account in mentions],
            "tags": [],
            "emojis": [],
            "in_reply_to_id": reply,
            "in_reply_to_account_id": None,
            "reblogs_count": 0,
            "favourites_count": 0,
            "replies_count": 0,
        }
        self.statuses[id] = row
        return row

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        path, _, query = handler.path.partition("?")
        path = path.rstrip("/")  # as Rails does
        asked = dict(urllib.parse.parse_qsl(query))
        if path == "/oauth/authorize":
            self._ask_the_person(handler, asked)
            return
        form, upload = _read_body(handler, body)
        status, answer = self._answer(handler, path, asked, form, upload)
        self._check(handler, path, query, form, upload, status, answer)
        data = json.dumps(answer).encode()
        handler.send_response_only(status)
        handler.send_header("content-type", "application/json; charset=utf-8")
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def _ask_the_person(self, handler: Any, asked: dict[str, str]) -> None:
        """Whoever comes here is signed in already, and says yes."""
        app = self.apps.get(asked.get("client_id", ""))
        if app is None or asked["redirect_uri"] not in app["redirect_uris"] or asked["response_type"] != "code":
            handler.send_response_only(400)
            handler.send_header("content-length", "0")
            handler.end_headers()
            return
        self.codes[code := uuid.uuid4().hex] = asked
        back = urllib.parse.urlencode({"code": code, "state": asked["state"]})
        handler.send_response_only(302)
        handler.send_header("location", f"{asked['redirect_uri']}?{back}")
        handler.send_header("content-length", "0")
        handler.end_headers()

    def _register(self, form: dict[str, Any]) -> tuple[int, Any]:
        app = {"id": str(len(self.apps) + 1), "name": form["client_name"], "website": None, "redirect_uri": form["redirect_uris"][0], "redirect_uris": form["redirect_uris"]}
        app |= {"scopes": form["scopes"].split(), "client_id": uuid.uuid4().hex, "client_secret": uuid.uuid4().hex, "client_secret_expires_at": 0, "vapid_key": "x"}
        self.apps[app["client_id"]] = app
        return 200, app

    def _token(self, form: dict[str, Any]) -> tuple[int, Any]:
        asked, app = self.codes.pop(form.get("code", ""), None), self.apps.get(form.get("client_id", ""))
        if asked is None or app is None or form["client_secret"] != app["client_secret"] or form["redirect_uri"] != asked["redirect_uri"] or form["grant_type"] != "authorization_code":
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": self.token, "token_type": "Bearer", "scope": asked["scope"], "created_at": 1}

    def _answer_to_anybody(self, verb: str, path: str, form: dict[str, Any]) -> tuple[int, Any] | None:
        """What needs no token."""
        match verb, path:
            case "GET", "/api/v2/instance":
                return 200, self._instance()
            case "POST", "/api/v1/apps":
                return self._register(form)
            case "POST", "/oauth/token":
                return self._token(form)
            case "GET", "/.well-known/oauth-authorization-server":
                return 404, {"error": "Record not found"}  # as servers before 4.3
        return None

    def _answer(self, handler: Any, path: str, asked: dict[str, str], form: dict[str, Any], upload: bytes | None) -> tuple[int, Any]:
        if (answer := self._answer_to_anybody(handler.command, path, form)) is not None:
            return answer
        if handler.headers.get("authorization") != f"Bearer {self.token}":
            return 401, {"error": "The access token is invalid"}
        missing = (404, {"error": "Record not found"})
        match handler.command, path.split("/")[2:]:
            case "GET", ["v1", "accounts", "verify_credentials"]:
                source = {
                    "privacy": "public",
                    "sensitive": False,
                    "language": None,
                    "note": "",
                    "fields": [],
                    "follow_requests_count": 0,
                    "hide_collections": False,
                    "discoverable": True,
                    "indexable": False,
                }
                source |= {"attribution_domains": [], "quote_policy": "public"}
                role = {"id": "-99", "name": "", "permissions": "0", "color": "", "highlighted": False}
                return 200, {**self._account("1"), "source": source, "role": role}
            case "GET", ["v1", "accounts", "lookup"]:
                name = asked["acct"].partition("@")[0]
                known = {"visitor": "2", "bakery": "3", "wrenfield": "1"}
                return (200, self._account(known[name])) if name in known else missing
            case "GET", ["v1", "accounts", id, "statuses"]:
                return 200, [self._shown(row) for row in reversed(self.statuses.values()) if row["account"]["id"] == id][: int(asked.get("limit", 20))]
            case "GET", ["v2", "search"]:
                return 200, {"accounts": [], "hashtags": [], "statuses": [self._shown(row) for row in self.statuses.values() if row["url"] == asked["q"]]}
            case "POST", ["v2", "media"]:
                self.number += 1
                id = str(self.number)
                assert upload is not None
                self.media[id] = {
                    "id": id,
                    "type": "image",
                    "url": f"{self.url}/m/{id}.png",
                    "preview_url": f"{self.url}/m/{id}.png",
                    "remote_url": None,
                    "description": form.get("description"),
                    "blurhash": None,
                    "meta": {},
                }
                return 200, self.media[id]
            case "GET", ["v1", "media", id]:
                return (200, self.media[id]) if id in self.media else missing
            case "POST", ["v1", "statuses"]:
                return self._post(handler, form)
            case "GET", ["v1", "statuses", id]:
                return (200, self._shown(self.statuses[id])) if id in self.statuses else missing
            case "GET", ["v1", "statuses", id, "source"]:
                return (200, {"id": id, "text": self.statuses[id]["text"], "spoiler_text": self.statuses[id]["spoiler_text"]}) if id in self.statuses else missing
            case "DELETE", ["v1", "statuses", id]:
                row = self.statuses.pop(id, None)
                return (200, self._shown(row)) if row else missing
        if path != "/api/v1/instance":  # the old address, which the library tries at times and does without
            self.breaches.append(f"not played: {handler.command} {path}")
        return missing

    def _post(self, handler: Any, form: dict[str, Any]) -> tuple[int, Any]:
        key = handler.headers.get("idempotency-key", "")
        if key and self.keys.get(key) in self.statuses:
            return 200, self._shown(self.statuses[self.keys[key]])
        text, media = form.get("status", ""), form.get("media_ids", [])
        if len(re.sub(r"https?://\S+", "x" * 23, text)) + len(form.get("spoiler_text", "")) > self.limit or any(id not in self.media for id in media):
            return 422, {"error": "Validation failed: Text character limit of 500 exceeded"}
        row = self._new_status(text, "1", media, form.get("in_reply_to_id"), form)
        if key:
            self.keys[key] = row["id"]
        return 200, self._shown(row)

    @staticmethod
    def _shown(row: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in row.items() if key != "text"}

    def _instance(self) -> dict[str, Any]:
        limits = {"statuses": {"max_characters": self.limit, "max_media_attachments": 4, "characters_reserved_per_url": 23}}
        return json.loads(INSTANCE) | {"domain": self.domain, "configuration": json.loads(INSTANCE)["configuration"] | limits}  # type: ignore[no-any-return]

    def _check(self, handler: Any, path: str, query: str, form: dict[str, Any], upload: bytes | None, status: int, answer: Any) -> None:
        """Against the published description. A form is checked as the JSON it stands for: Mastodon takes both, the description names one.
        Text with images fits two of its "exactly one" alternatives at once, so it is checked as each of them."""
        forms = [form]
        if path == POSTS and form.get("media_ids") and form.get("status"):
            forms = [{key: value for key, value in form.items() if key != left_out} for left_out in ("media_ids", "status")]
        for each in forms:
            self._check_one(handler, path, query, each, upload, status, answer)

    def _check_one(self, handler: Any, path: str, query: str, form: dict[str, Any], upload: bytes | None, status: int, answer: Any) -> None:
        from openapi_core.testing import MockRequest, MockResponse

        content = "multipart/form-data; boundary=x" if upload is not None else "application/json"
        data = None if handler.command == "GET" or upload is not None else json.dumps(form).encode()
        parameters = {key: values[0] for key, values in urllib.parse.parse_qs(query).items()}
        request = MockRequest("https://mastodon.example", handler.command.lower(), path, args=parameters, data=data, content_type=content, headers=dict(handler.headers.items()))
        try:
            if upload is None:
                self.contract.validate_request(request)
            self.contract.validate_response(request, MockResponse(json.dumps(answer).encode(), status_code=status, content_type="application/json"))
        except Exception as error:
            cause = error.__cause__ or error
            details = "; ".join(f"{'/'.join(map(str, item.path))}: {item.message[:120]}" for item in getattr(cause, "schema_errors", [])[:4])
            self.breaches.append(f"{handler.command} {path}: {type(error).__name__} {str(cause)[:160]} {details}")


def _read_body(handler: Any, body: bytes) -> tuple[dict[str, Any], bytes | None]:
    kind = handler.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        message = BytesParser().parsebytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + body)
        parts = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in message.get_payload()}  # type: ignore[union-attr]
        return {name: value.decode() for name, value in parts.items() if name != "file"}, parts.get("file")  # type: ignore[union-attr, misc, return-value]
    if kind.startswith("application/json"):
        return json.loads(body or b"{}"), None
    form: dict[str, Any] = {}
    for key, value in urllib.parse.parse_qsl(body.decode()):
        if key == "redirect_uris":
            form[key] = value.split()
            continue
        if key.endswith("[]"):
            form.setdefault(key[:-2], []).append(value)
        else:
            form[key] = {"True": True, "False": False, "true": True, "false": False, "0": False}.get(value, value) if key == "sensitive" else value
    return form, None


INSTANCE = io.StringIO(
    """{"domain": "", "title": "Test", "version": "4.5.0", "source_url": "https://mastodon.example/source", "description": "",
"usage": {"users": {"active_month": 1}}, "thumbnail": {"url": "https://mastodon.example/t.png", "blurhash": null, "description": null, "versions": {}}, "icon": [], "languages": ["en"],
"configuration": {"urls": {"streaming": "wss://mastodon.example", "status": null, "about": null, "privacy_policy": null, "terms_of_service": null}, "vapid": {"public_key": "x"},
"accounts": {"max_display_name_length": 30, "max_note_length": 500, "max_avatar_description_length": 150, "max_header_description_length": 150, "avatar_size_limit": 2097152, "header_size_limit": 2097152, "max_featured_tags": 10, "max_pinned_statuses": 5, "max_profile_fields": 4, "profile_field_name_limit": 255, "profile_field_value_limit": 255},
"statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
"media_attachments": {"supported_mime_types": ["image/jpeg", "image/png"], "description_limit": 1500, "image_size_limit": 16777216, "image_matrix_limit": 33177600, "video_size_limit": 103809024, "video_frame_rate_limit": 120, "video_matrix_limit": 8294400},
"polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
"translation": {"enabled": false}, "limited_federation": false, "timelines_access": {"live_feeds": {"local": "public", "remote": "public"}, "hashtag_feeds": {"local": "public", "remote": "public"}, "trending_link_feeds": {"local": "public", "remote": "public"}}},
"registrations": {"enabled": false, "approval_required": false, "reason_required": false, "message": null, "min_age": null, "url": null},
"api_versions": {"mastodon": 7}, "contact": {"email": "a@mastodon.example", "account": null}, "rules": [{"id": "1", "text": "Be kind.", "hint": ""}]}"""
).getvalue()
