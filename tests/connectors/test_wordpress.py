"""The WordPress connector against a real WordPress, through a door that can misbehave; then a post through the whole house."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from connecting import Nothing, picture
from wordpress_server import WordPressServer
from world import DAY, HOUR, MINUTE, SECOND, SETUP, T

from primum.connectors.contract import Connector, ConnectorError, Outgoing
from primum.connectors.wordpress.page import as_shown, body_of, content_of, joined, split
from primum.connectors.wordpress.platform import open_wordpress

pytestmark = pytest.mark.outside
POSTS = "%2Fwp%2Fv2%2Fposts"
TEXT = "Flu clinic opens on Monday\n\nWalk in Mon-Fri 8 to 4 & bring <nothing>.\nNo appointment.\n\nFree for children."


@pytest.fixture(scope="module")
def running() -> Iterator[WordPressServer]:
    server = WordPressServer()
    yield server
    server.stop()


@pytest.fixture
def site(running: WordPressServer) -> WordPressServer:
    running.door.well()
    return running


@pytest.fixture
def connector(site: WordPressServer) -> Connector:
    return open_wordpress(site.credentials(), Nothing())


def outgoing(text: str = TEXT, **more: Any) -> Outgoing:
    return Outgoing(str(uuid.uuid4()), text, made_at=datetime.now(UTC), **more)


@pytest.mark.parametrize("text", [TEXT, "One line.", "Title\nbody right under it", "A\n\n\n\nB\n", "word " * 60, "Ünïcödé 👋🏽\n\n<script>alert(1)</script> &amp; more"])
def test_a_text_becomes_a_page_and_comes_back(text: str) -> None:
    title, body = split(text)
    content = content_of(body, [(7, "https://x.example/a.jpg?a=1&b=2", 'say "hi"')])
    assert joined(title, body_of(content)) == as_shown(text) == as_shown(as_shown(text))
    assert "<script>" not in content


def test_what_was_approved_stands_there_and_reads_back_equal(connector: Connector, site: WordPressServer) -> None:
    post = outgoing(pictures=(picture(), picture("navy")))
    live = connector.read(connector.publish(post))
    assert live is not None
    assert live.text == connector.as_shown(post.text)
    assert live.pictures == tuple((p.sha256, p.alt_text) for p in post.pictures)
    shown: Any = next(row for row in site.posts() if str(row["id"]) == live.remote_id)
    assert shown["title"]["rendered"] == "Flu clinic opens on Monday"
    assert "bring &lt;nothing&gt;" in shown["content"]["rendered"]
    assert connector.find(post) is not None


def test_deleted_is_gone_with_its_images(connector: Connector, site: WordPressServer) -> None:
    import httpx

    post = outgoing(pictures=(picture("olive"),))
    remote_id = connector.publish(post)
    shown: Any = next(row for row in site.posts() if str(row["id"]) == remote_id)
    address = shown["content"]["rendered"].partition('src="')[2].partition('"')[0]
    assert httpx.get(address).status_code == 200
    connector.delete(remote_id)
    assert connector.read(remote_id) is None
    assert connector.find(post) is None
    assert httpx.get(address).status_code == 404
    connector.delete(remote_id)


def test_an_image_of_two_posts_stays_with_the_one_that_stays(connector: Connector, site: WordPressServer) -> None:
    stays, goes = outgoing(pictures=(picture("gray"),)), outgoing(pictures=(picture("gray"),))
    kept, gone = connector.publish(stays), connector.publish(goes)
    connector.delete(gone)
    live = connector.read(kept)
    assert live is not None
    assert live.pictures == ((stays.pictures[0].sha256, stays.pictures[0].alt_text),)


def test_a_second_try_sends_its_images_once(connector: Connector, site: WordPressServer) -> None:
    post = outgoing(pictures=(picture("plum"),))
    site.door.fault = lambda method, path: "500" if method == "POST" and POSTS in path else None
    with pytest.raises(ConnectorError):
        connector.publish(post)
    site.door.well()
    connector.publish(post)
    assert sum(call.startswith("POST") for call in site.door.calls) == 1


def test_an_image_that_cannot_be_removed_keeps_the_post_until_it_can(connector: Connector, site: WordPressServer) -> None:
    remote_id = connector.publish(outgoing(pictures=(picture("brown"),)))
    site.door.fault = lambda method, path: "502" if method == "DELETE" and "media" in path else None
    with pytest.raises(ConnectorError):
        connector.delete(remote_id)
    site.door.well()
    assert connector.read(remote_id) is not None
    connector.delete(remote_id)
    assert connector.read(remote_id) is None


def test_an_image_that_somebody_removed_there_does_not_stop_the_take_down(connector: Connector, site: WordPressServer) -> None:
    post = outgoing(pictures=(picture("tan"),))
    remote_id = connector.publish(post)
    site.door.fault = lambda method, path: "404" if method == "GET" and "media" in path else None
    live = connector.find(post)
    assert live is not None
    assert live.pictures == (("", ""),)
    connector.delete(remote_id)
    site.door.well()
    assert connector.read(remote_id) is None


@pytest.mark.parametrize("answer", [b"[]", b'{"id": "x"}', b"null", b'[{"id": 1}]'])
def test_an_answer_of_another_shape_is_no_crash(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    odd = open_wordpress({"service": "https://news.example", "identifier": "a", "password": "b"}, Nothing())
    monkeypatch.setattr(odd, "_client", httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=answer))))
    for call in (lambda: odd.publish(outgoing()), lambda: odd.check(), lambda: odd.read("1")):
        with suppress(ConnectorError):
            call()


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
        ("401", "no", True, 0),
    ],
)
def test_a_failure_says_whether_it_may_have_gone_out(connector: Connector, site: WordPressServer, fault: str, sent: str, permanent: bool, stands: int) -> None:
    site.door.fault = lambda method, path: fault if method == "POST" and POSTS in path else None
    post = outgoing()
    with pytest.raises(ConnectorError) as caught:
        connector.publish(post)
    assert (caught.value.sent, caught.value.permanent) == (sent, permanent)
    assert "Flu" not in str(caught.value)
    site.door.well()
    assert (connector.find(post) is not None) == bool(stands)


def test_a_failed_image_is_before_the_post(connector: Connector, site: WordPressServer) -> None:
    site.door.fault = lambda method, path: "500" if method == "POST" and "media" in path else None
    with pytest.raises(ConnectorError) as caught:
        connector.publish(outgoing(pictures=(picture("maroon"),)))
    assert caught.value.sent == "no"


def test_who_may_not_publish_is_not_connected(site: WordPressServer) -> None:
    with pytest.raises(ConnectorError, match="lacks: publish_posts, upload_files"):
        open_wordpress({**site.credentials(), "identifier": "reader", "password": site.weak}, Nothing()).check()
    with pytest.raises(ConnectorError) as caught:
        open_wordpress({**site.credentials(), "password": "wrong"}, Nothing()).check()
    assert caught.value.is_credential


@pytest.fixture
def channel(open_world: Any, site: WordPressServer) -> UUID:
    from primum.inventory import actions as inventory
    from primum.inventory import remote as channels

    made = inventory.add_channel(actor=SETUP, platform="wordpress", name="News", handle=f"@{site.host}", facility_id=open_world.hospital, owner_id=open_world.gail.id).channel
    channels.connect(actor=open_world.gail.actor, channel_id=made, values=site.credentials(), now=T)
    return made  # type: ignore[no-any-return]


def test_a_post_through_the_whole_house_and_down_again(open_world: Any, channel: UUID, site: WordPressServer) -> None:
    from primum.publishing import sending
    from primum.publishing.models import Delivery

    before = len(site.posts())
    post = open_world.scheduled(TEXT, channels=(channel,))
    open_world.worker_runs(T + HOUR)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.is_as_approved) == ("published", True)
    assert len(site.posts()) == before + 1
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert Delivery.objects.get().state == "removed"
    assert len(site.posts()) == before


@pytest.mark.parametrize(("fault", "found"), [("502 after", True), ("500", False)])
def test_an_unclear_answer_is_looked_up_and_else_a_person_decides(open_world: Any, channel: UUID, site: WordPressServer, fault: str, found: bool) -> None:
    from primum.publishing import remote
    from primum.publishing.models import Delivery

    before = len(site.posts())
    post = open_world.scheduled(TEXT, channels=(channel,))
    site.door.fault = lambda method, path: fault if method == "POST" and POSTS in path else None
    remote.publish_delivery(Delivery.objects.get().id, now=T + HOUR)
    site.door.well()
    Delivery.objects.get().attempts.update(started_at=T + HOUR)
    Delivery.objects.update(lease_until=T + HOUR)
    open_world.worker_runs(T + HOUR + 2 * MINUTE)
    delivery = Delivery.objects.get()
    if found:
        assert (delivery.state, delivery.is_as_approved) == ("published", True)
    else:
        assert delivery.state == "unclear"
        page = open_world.browser_of(open_world.priya)
        shown = page.get(f"/posts/{post}/").content.decode()
        assert "May have gone out" in shown
        assert "It is not there" in shown
        open_world.worker_runs(T + HOUR + 3 * MINUTE)
        assert len(site.posts()) == before, "never repeated by itself"
        page.post(f"/posts/{post}/seen/{delivery.id}/", {})
        assert Delivery.objects.get().state == "held"
        open_world.schedule(post, T + 2 * HOUR, at=T + HOUR + 5 * MINUTE)
        open_world.worker_runs(T + 2 * HOUR + SECOND)
        assert Delivery.objects.get().state == "published"
    assert len(site.posts()) == before + 1
