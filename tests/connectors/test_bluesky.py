"""The Bluesky connector against Bluesky's own server, through a door that can misbehave."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from bluesky_server import Account, BlueskyServer
from connecting import picture

from primum.connectors.bluesky.platform import open_bluesky
from primum.connectors.contract import Connector, ConnectorError, Outgoing

pytestmark = pytest.mark.outside
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PUT, SESSION = "com.atproto.repo.putRecord", "com.atproto.server.createSession"


class Kept:
    def __init__(self) -> None:
        self.session, self.saved = "", 0

    def load(self) -> str:
        return self.session

    def save(self, session: str) -> None:
        self.session, self.saved = session, self.saved + 1


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def connector(account: Account, kept: Kept) -> Connector:
    return open_bluesky(account.credentials(), kept)


def outgoing(text: str = "Flu shots, walk in Mon-Fri 8 to 4.", **more: Any) -> Outgoing:
    return Outgoing(str(uuid.uuid4()), text, made_at=NOW, at=NOW, **more)


def test_what_was_approved_stands_there_and_reads_back_equal(connector: Connector, account: Account, bluesky: BlueskyServer) -> None:
    other = bluesky.account(f"n{uuid.uuid4().hex[:10]}.test")
    text = f"Héllo 👋🏽 @{other.handle}: flu shots, see https://wrenfield.example/flu #FluSeason"
    post = outgoing(text, pictures=(picture(),), resolved=connector.prepare(text, ""))
    live = connector.read(connector.publish(post))
    assert live is not None
    assert (live.text, live.resolved, live.pictures) == (post.text, post.resolved, ((post.pictures[0].sha256, picture().alt_text),))
    kinds = [row[2] for row in json.loads(post.resolved)["facets"]]
    assert kinds == ["mention", "link", "tag"]
    raw: Any = account.records()[0]["value"]
    mention = raw["facets"][0]
    assert mention["features"][0]["did"] == other.did
    assert text.encode()[mention["index"]["byteStart"] : mention["index"]["byteEnd"]].decode() == f"@{other.handle}"
    assert raw["embed"]["images"][0]["aspectRatio"].items() >= {"width": 640, "height": 480}.items()
    assert live.permalink.startswith(f"https://bsky.app/profile/{account.handle}/post/")


def test_the_same_post_sent_again_is_one_post(connector: Connector, account: Account) -> None:
    post = outgoing()
    first, second = connector.publish(post), connector.publish(post)
    assert first == second
    assert len(account.records()) == 1


def test_an_answer_hangs_under_what_it_answers(connector: Connector, account: Account, bluesky: BlueskyServer) -> None:
    visitor = bluesky.account(f"v{uuid.uuid4().hex[:10]}.test")
    address = visitor.post("When is the clinic open?")
    live = connector.read(connector.publish(outgoing("Mon-Fri 8 to 4.", resolved=connector.prepare("Mon-Fri 8 to 4.", address))))
    assert live is not None
    again = json.loads(connector.prepare("Yes.", live.permalink))["reply"]
    assert again["root"]["uri"].startswith(f"at://{visitor.did}/")
    assert again["parent"]["uri"] == live.remote_id
    raw: Any = account.records()[0]["value"]
    assert raw["reply"]["parent"]["uri"].endswith(address.rpartition("/")[2])


def test_deleted_is_gone_and_deleting_again_is_no_error(connector: Connector, account: Account) -> None:
    post = outgoing()
    remote_id = connector.publish(post)
    connector.delete(remote_id)
    assert connector.read(remote_id) is None
    assert connector.find(post) is None
    connector.delete(remote_id)
    assert account.records() == []


def test_one_sign_in_serves_many_calls_and_many_processes(connector: Connector, account: Account, kept: Kept, bluesky: BlueskyServer) -> None:
    connector.publish(outgoing())
    open_bluesky(account.credentials(), kept).publish(outgoing())
    assert sum(SESSION in call for call in bluesky.door.calls) == 1


@pytest.mark.parametrize("spoiled", ["nonsense", "lost"])
def test_a_session_that_ended_is_made_anew(connector: Connector, account: Account, kept: Kept, bluesky: BlueskyServer, spoiled: str) -> None:
    connector.publish(outgoing())
    if spoiled == "nonsense":
        kept.session = "not a session"
    else:
        bluesky.door.once("401", PUT)
    open_bluesky(account.credentials(), kept).publish(outgoing())
    assert len(account.records()) == 2


def test_a_revoked_app_password_says_so(account: Account, kept: Kept) -> None:
    account.revoke()
    with pytest.raises(ConnectorError) as caught:
        open_bluesky(account.credentials(), kept).check()
    assert (caught.value.is_credential, caught.value.permanent, caught.value.sent) == (True, True, "no")
    assert caught.value.reason == "Bluesky no longer accepts this app password."


@pytest.mark.parametrize(
    ("fault", "sent", "permanent", "stands"),
    [
        ("500", "unknown", False, 0),
        ("502 after", "unknown", False, 1),
        ("cut", "unknown", False, 0),
        ("cut after", "unknown", False, 1),
        ("garbage after", "unknown", False, 1),
        ("429", "no", False, 0),
        ("403", "no", True, 0),
        ("400", "no", True, 0),
        ("408", "unknown", False, 0),
    ],
)
def test_a_failure_says_whether_it_may_have_gone_out(connector: Connector, account: Account, bluesky: BlueskyServer, fault: str, sent: str, permanent: bool, stands: int) -> None:
    connector.check()
    bluesky.door.always(fault, PUT)
    post = outgoing()
    with pytest.raises(ConnectorError) as caught:
        connector.publish(post)
    assert (caught.value.sent, caught.value.permanent) == (sent, permanent)
    assert post.text not in str(caught.value)
    bluesky.door.well()
    assert (connector.find(post) is not None) == bool(stands)
    assert len(account.records()) == stands


def test_a_hanging_platform_is_given_up(connector: Connector, bluesky: BlueskyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    from primum.connectors.bluesky import connector as module

    monkeypatch.setattr(module, "TIMEOUT", httpx.Timeout(0.5))
    bluesky.door.always("hang", PUT)
    with pytest.raises(ConnectorError) as caught:
        connector.publish(outgoing())
    assert (caught.value.sent, caught.value.reason) == ("unknown", "Bluesky did not answer in time.")


def test_a_platform_that_is_not_there_has_nothing(kept: Kept) -> None:
    with pytest.raises(ConnectorError) as caught:
        open_bluesky({"identifier": "a.test", "password": "x", "service": "http://localhost:9"}, kept).publish(outgoing())
    assert (caught.value.sent, caught.value.permanent) == ("no", False)


def test_the_pause_that_it_asks_for_is_kept(connector: Connector, bluesky: BlueskyServer) -> None:
    connector.check()
    bluesky.door.headers = {"retry-after": "90"}
    bluesky.door.always("429", PUT)
    with pytest.raises(ConnectorError) as caught:
        connector.publish(outgoing())
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 90


def test_a_failed_image_is_before_the_post(connector: Connector, account: Account, bluesky: BlueskyServer) -> None:
    connector.check()
    bluesky.door.always("500", "uploadBlob")
    with pytest.raises(ConnectorError) as caught:
        connector.publish(outgoing(pictures=(picture(),)))
    assert caught.value.sent == "no"
    assert account.records() == []


def test_names_that_nobody_has_are_said(connector: Connector) -> None:
    with pytest.raises(ConnectorError, match="knows nobody called @nobody-here"):
        connector.prepare("Thanks to @nobody-here.test!", "")


@pytest.mark.parametrize("address", ["https://example.org/x", "hello", "https://bsky.app/profile/nobody-here.test/post/3kabc"])
def test_an_address_that_is_no_post_is_said(connector: Connector, address: str) -> None:
    with pytest.raises(ConnectorError):
        connector.prepare("Yes.", address)


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("👨‍👩‍👧‍👦", 1), ("👋🏽", 1), ("é", 1), ("🇺🇸🇲🇽", 2), ("한국어", 3)])
def test_it_counts_as_the_platform_counts(connector: Connector, text: str, length: int) -> None:
    assert connector.capabilities.length(text) == length


def test_the_longest_text_is_taken_and_one_more_is_not(connector: Connector, account: Account) -> None:
    longest = "👨‍👩‍👧‍👦" * 100 + "a" * 200
    assert connector.capabilities.why_not(longest) is None
    connector.publish(outgoing(longest))
    assert account.records()[0]["value"]["text"] == longest  # type: ignore[index]
    too_long = "a" * 301
    assert connector.capabilities.why_not(too_long) == "takes 300 characters; this has 301. Shorten it, or write a version of its own, or part it into a thread by a line with only ---, up to 10 posts"
    with pytest.raises(ConnectorError) as caught:
        connector.publish(outgoing(too_long))
    assert (caught.value.sent, caught.value.permanent) == ("no", True)
