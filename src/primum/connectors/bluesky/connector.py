"""Bluesky through the network's own SDK, behind our contract. Known since November 2026: atproto 0.0.73, lexicons of @atproto/pds 0.5.

Signing in is limited to 30 in five minutes for an account, so the session is kept and renewed; the app password is used only when it
has ended. Images go first: a failure there is certainly before the post.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
from atproto_client import Client, Session, SessionEvent, models
from atproto_client.exceptions import BadRequestError
from atproto_client.request import Request
from atproto_client.utils.facet_detection import detect_facets, detect_mentions
from atproto_core.exceptions import AtProtocolError

from primum.connectors.bluesky.failures import code_of, lost_session, translate
from primum.connectors.bluesky.platform import CAPABILITIES
from primum.connectors.bluesky.records import COLLECTION, live_of, name_of, place_of, record_key, record_of, reply_of, resolved_of, row_of
from primum.connectors.contract import THREAD_LINE, ConnectorError, Live, Outgoing, Presence, SignedIn, require_parent

TIMEOUT = httpx.Timeout(12, connect=5)
POST_ADDRESS = re.compile(r"(?:https://[^/]+/profile/|at://)([^/]+)/(?:post|app\.bsky\.feed\.post)/([^/?#]+)")
FAULTS = (AtProtocolError, httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError)

Answer = TypeVar("Answer")


class _Steady(Request):  # type: ignore[misc]
    """Follows nobody elsewhere: a redirect would carry the app password to another host."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._client.follow_redirects = False


class BlueskyConnector:
    """One presence on Bluesky."""

    capabilities = CAPABILITIES

    def __init__(self, service: str, identifier: str, password: str, signed_in: SignedIn) -> None:
        self._service, self._identifier, self._password, self._signed_in = service.rstrip("/"), identifier.strip().lstrip("@"), password.strip(), signed_in
        self._client: Client | None = None

    def prepare(self, text: str, answers: str, warning: str = "") -> str:
        facets = [self._facets(part) for part in CAPABILITIES.parts(text)]
        return resolved_of(facets, self._reply_to(answers) if answers.strip() else None)

    def _facets(self, text: str) -> list[list[Any]]:
        facets = [row_of(facet) for facet in detect_facets(text)]
        for mention in detect_mentions(text):
            facets.append([mention.byte_start, mention.byte_end, "mention", self._did_of(mention.handle)])
        return facets

    def as_shown(self, text: str) -> str:
        return THREAD_LINE.join(CAPABILITIES.parts(text))

    def publish(self, post: Outgoing) -> str:
        require_parent(post)
        blobs = [self._upload(picture.data) for picture in post.pictures]
        parts, reply, first = CAPABILITIES.parts(post.text), reply_of(post), ""
        for number, text in enumerate(parts):
            if number and not post.go_on():
                raise ConnectorError("Somebody else looks after this post by now.", permanent=False, sent="unknown")
            made = self._put_part(post, number, record_of(post, number, text, blobs if number == 0 else [], reply))
            strong = {"cid": made.cid, "uri": made.uri}
            reply, first = {"parent": strong, "root": reply["root"] if reply else strong}, first or made.uri
        return name_of(first, len(parts))

    def _put_part(self, post: Outgoing, number: int, record: models.AppBskyFeedPost.Record) -> Any:
        data = {"collection": COLLECTION, "rkey": record_key(post, number), "record": record}
        try:
            return self._call(lambda c: c.com.atproto.repo.put_record(models.ComAtprotoRepoPutRecord.Data(repo=_session(c).did, **data)), writes=True)
        except ConnectorError as error:
            if number == 0:
                raise
            raise self._broken_off(post, number, error) from None

    def _broken_off(self, post: Outgoing, sent: int, error: ConnectorError) -> ConnectorError:
        """Part of a thread stands there. What is refused for good is taken back at once; else whoever looks next takes it back."""
        if error.sent == "no" and error.permanent:
            try:
                for number in reversed(range(sent)):
                    self._delete(record_key(post, number))
                return error
            except ConnectorError:
                return ConnectorError(error.reason, permanent=True, sent="unknown", is_credential=error.is_credential)
        return ConnectorError(error.reason, permanent=False, sent="unknown", retry_after=error.retry_after)

    def _upload(self, data: bytes) -> Any:
        return self._call(lambda c: c.upload_blob(data).blob, writes=False)

    def find(self, post: Outgoing) -> Live | None:
        keys = [record_key(post, number) for number in range(len(CAPABILITIES.parts(post.text)))]
        return self._call(lambda c: self._read(c, _session(c).did, keys), writes=False)

    def read(self, remote_id: str) -> Live | None:
        repo, keys = place_of(remote_id)
        return self._call(lambda c: self._read(c, repo, keys), writes=False)

    def delete(self, remote_id: str) -> None:
        """The last of a thread first, so that no answer ever hangs under nothing."""
        for key in reversed(place_of(remote_id)[1]):
            self._delete(key)

    def _delete(self, key: str) -> None:
        self._call(lambda c: c.com.atproto.repo.delete_record(models.ComAtprotoRepoDeleteRecord.Data(repo=_session(c).did, collection=COLLECTION, rkey=key)), writes=True)

    def check(self) -> Presence:
        found = self._call(lambda c: c.com.atproto.server.get_session(), writes=False)
        return Presence(found.handle, found.did)

    def _read(self, client: Client, repo: str, keys: list[str]) -> Live | None:
        found = [answer.value for key in keys if (answer := self._record(client, repo, key)) is not None]
        return live_of(f"at://{repo}/{COLLECTION}/{keys[0]}", found, len(keys), _session(client).handle) if found else None

    def _record(self, client: Client, repo: str, key: str) -> Any:
        try:
            answer = client.com.atproto.repo.get_record(models.ComAtprotoRepoGetRecord.Params(repo=repo, collection=COLLECTION, rkey=key))
        except BadRequestError as error:
            if code_of(error) == "RecordNotFound":
                return None
            raise
        if not isinstance(answer.value, models.AppBskyFeedPost.Record):
            raise TypeError
        return answer

    def _did_of(self, handle: str) -> str:
        try:
            return str(self._call(lambda c: c.com.atproto.identity.resolve_handle(models.ComAtprotoIdentityResolveHandle.Params(handle=handle)), writes=False).did)
        except ConnectorError as error:
            if error.permanent and not error.is_credential:
                raise ConnectorError(f"Bluesky knows nobody called @{handle}. Correct the name, or take the @ away.", permanent=True, sent="no") from None
            raise

    def _reply_to(self, address: str) -> dict[str, dict[str, str]]:
        """The post at an address, and the first of its thread."""
        match = POST_ADDRESS.fullmatch(address.strip())
        if match is None:
            raise ConnectorError("This is not the address of a Bluesky post. Open the post there and copy its link.", permanent=True, sent="no")
        owner, key = match.groups()
        did = owner if owner.startswith("did:") else self._did_of(owner)
        answer = self._call(lambda c: self._record(c, did, key), writes=False)
        if answer is None:
            raise ConnectorError("The post that you answer is not there any more.", permanent=True, sent="no")
        parent = {"cid": str(answer.cid), "uri": str(answer.uri)}
        above = answer.value.reply
        return {"parent": parent, "root": {"cid": above.root.cid, "uri": above.root.uri} if above else parent}

    def _call(self, ask: Callable[[Client], Answer], *, writes: bool) -> Answer:
        """Once; and once more after signing in anew where only our session had ended. Raises ConnectorError."""
        try:
            client, is_fresh = self._open()
        except FAULTS as error:
            raise translate(error, writes=False) from None
        try:
            return ask(client)
        except FAULTS as error:
            if is_fresh or not lost_session(error):
                raise translate(error, writes=writes) from None
        try:
            client = self._sign_in()
        except FAULTS as error:
            raise translate(error, writes=False) from None
        try:
            return ask(client)
        except FAULTS as error:
            raise translate(error, writes=writes) from None

    def _open(self) -> tuple[Client, bool]:
        """A client with a session, and whether that was made just now."""
        if self._client is not None:
            return self._client, False
        kept = self._signed_in.load()
        if not kept:
            return self._sign_in(), True
        client = self._new()
        try:
            client.login(session_string=kept, fetch_bsky_profile=False)
        except FAULTS:
            return self._sign_in(), True
        self._client = client
        return client, False

    def _sign_in(self) -> Client:
        client = self._new()
        client.login(self._identifier, self._password, fetch_bsky_profile=False)
        self._client = client
        return client

    def _new(self) -> Client:
        client = Client(self._service, request=_Steady(timeout=TIMEOUT))

        def keep(event: SessionEvent, session: Session) -> None:
            if event is not SessionEvent.IMPORT:
                self._signed_in.save(session.export())

        client.on_session_change(keep)
        return client


def _session(client: Client) -> Session:
    session = client._session
    assert session is not None
    return session
