"""The Mastodon connector against a stand-in that is held to the published description of the API."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from connecting import Nothing, picture
from mastodon_fake import LIMIT, MastodonFake
from world import DAY, HOUR, MINUTE, SETUP, T

from primum.connectors.contract import Connector, ConnectorError, Outgoing
from primum.connectors.mastodon.platform import open_mastodon

POST = "/api/v1/statuses"


@pytest.fixture(scope="module")
def running() -> Iterator[MastodonFake]:
    fake = MastodonFake()
    yield fake
    fake.stop()


@pytest.fixture
def fake(running: MastodonFake) -> Iterator[MastodonFake]:
    running.door.well()
    running.statuses.clear()
    running.keys.clear()
    running.limit = LIMIT
    running.breaches.clear()
    yield running
    assert "\n".join(running.breaches) == ""


@pytest.fixture
def connector(fake: MastodonFake) -> Connector:
    return open_mastodon(fake.credentials(), Nothing())


def outgoing(text: str = "Flu shots, walk in Mon-Fri 8 to 4.", **more: Any) -> Outgoing:
    return Outgoing(str(uuid.uuid4()), text, made_at=datetime.now(UTC) - timedelta(minutes=1), at=datetime.now(UTC), **more)


def test_what_was_approved_stands_there_and_reads_back_equal(connector: Connector, fake: MastodonFake) -> None:
    text = "Flu shots with @bakery, see https://wrenfield.example/flu #FluSeason"
    post = outgoing(text, pictures=(picture(),), resolved=connector.prepare(text, ""))
    live = connector.read(connector.publish(post))
    assert live is not None
    assert (live.text, live.resolved, live.pictures) == (text, post.resolved, (("", picture().alt_text),))
    assert json.loads(post.resolved) == {"mentions": ["3"]}


def test_warning_language_and_who_sees_it_travel_along(fake: MastodonFake) -> None:
    connector = open_mastodon({**fake.credentials(), "visibility": "unlisted"}, Nothing())
    post = outgoing("Vacunas contra la gripe.", warning="Agujas", language="es", resolved=connector.prepare("Vacunas contra la gripe.", "", "Agujas"))
    live = connector.read(connector.publish(post))
    assert live is not None
    assert (live.warning, live.language, live.resolved) == ("Agujas", "es", '{"visibility":"unlisted"}')
    row = next(iter(fake.statuses.values()))
    assert (row["spoiler_text"], row["language"], row["visibility"]) == ("Agujas", "es", "unlisted")
    found = connector.find(post)
    assert found is not None
    assert connector.find(replace(post, warning="")) is None, "the same words under another warning are another post"


def test_a_warning_counts_for_the_limit(connector: Connector, fake: MastodonFake) -> None:
    connector.prepare("a" * 495, "", "b" * 5)
    with pytest.raises(ConnectorError, match="takes 500 characters; this has 501"):
        connector.prepare("a" * 495, "", "b" * 6)


def test_the_same_key_is_one_post(connector: Connector, fake: MastodonFake) -> None:
    post = outgoing()
    assert connector.publish(post) == connector.publish(post)
    assert len(fake.texts()) == 1


def test_it_is_found_by_its_content_and_not_mistaken(connector: Connector, fake: MastodonFake) -> None:
    post = outgoing()
    assert connector.find(post) is None
    connector.publish(outgoing("Flu shots, walk in Mon-Fri 8 to 5."))
    assert connector.find(post) is None
    remote_id = connector.publish(post)
    found = connector.find(post)
    assert found is not None
    assert found.remote_id == remote_id
    assert connector.find(Outgoing(post.key, post.text, made_at=datetime.now(UTC) + timedelta(minutes=1))) is None, "an older post with the same words is another post"


def test_an_answer_hangs_under_what_it_answers(connector: Connector, fake: MastodonFake) -> None:
    address = fake.someone_wrote("When is the clinic open?")
    post = outgoing("Mon-Fri 8 to 4.", resolved=connector.prepare("Mon-Fri 8 to 4.", address))
    live = connector.read(connector.publish(post))
    assert live is not None
    assert json.loads(live.resolved)["reply"] == address.rpartition("/")[2]
    with pytest.raises(ConnectorError, match="finds no post at this address"):
        connector.prepare("Yes.", "https://mastodon.example/@x/1")


def test_deleted_is_gone_and_deleting_again_is_no_error(connector: Connector, fake: MastodonFake) -> None:
    remote_id = connector.publish(outgoing())
    connector.delete(remote_id)
    assert connector.read(remote_id) is None
    connector.delete(remote_id)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a" * 500, ""),
        ("a" * 470 + " https://wrenfield.example/a/very/long/address/that/counts/as/little", ""),
        ("a" * 501, "takes 500 characters; this has 501"),
        ("Thanks @nobody!", "knows nobody called @nobody"),
    ],
)
def test_the_servers_own_limits_count(connector: Connector, fake: MastodonFake, text: str, problem: str) -> None:
    if not problem:
        connector.publish(outgoing(text, resolved=connector.prepare(text, "")))
        return
    with pytest.raises(ConnectorError, match=problem):
        connector.prepare(text, "")


@pytest.mark.parametrize(
    ("fault", "sent", "permanent", "stands"),
    [
        ("500", "unknown", False, 0),
        ("502 after", "unknown", False, 1),
        ("cut", "unknown", False, 0),
        ("cut after", "unknown", False, 1),
        ("garbage after", "unknown", False, 1),
        ("429", "no", False, 0),
        ("422", "no", True, 0),
        ("408", "unknown", False, 0),
    ],
)
def test_a_failure_says_whether_it_may_have_gone_out(connector: Connector, fake: MastodonFake, fault: str, sent: str, permanent: bool, stands: int) -> None:
    fake.door.fault = lambda method, path: fault if method == "POST" and path == POST else None
    with pytest.raises(ConnectorError) as caught:
        connector.publish(outgoing())
    assert (caught.value.sent, caught.value.permanent) == (sent, permanent)
    assert len(fake.texts()) == stands


def test_a_server_that_is_not_there_has_nothing() -> None:
    with pytest.raises(ConnectorError) as caught:
        open_mastodon({"service": "http://localhost:9", "password": "x" * 20}, Nothing()).publish(outgoing())
    assert (caught.value.sent, caught.value.permanent) == ("no", False)


def test_a_revoked_token_says_so(fake: MastodonFake) -> None:
    with pytest.raises(ConnectorError) as caught:
        open_mastodon({**fake.credentials(), "password": "revoked-long-ago"}, Nothing()).check()
    assert (caught.value.is_credential, caught.value.reason) == (True, "Mastodon no longer accepts this access token.")


@pytest.fixture
def channel(open_world: Any, fake: MastodonFake) -> UUID:
    from primum.inventory import actions as inventory
    from primum.inventory import remote as channels

    made = inventory.add_channel(
        actor=SETUP, platform="mastodon", name="Regional on Mastodon", handle=f"@wrenfield@{fake.domain}", facility_id=open_world.hospital, owner_id=open_world.gail.id
    ).channel
    channels.connect(actor=open_world.gail.actor, channel_id=made, values=fake.credentials(), now=T)
    return made  # type: ignore[no-any-return]


def test_a_post_through_the_whole_house_and_down_again(open_world: Any, channel: UUID, fake: MastodonFake) -> None:
    from primum.publishing import sending
    from primum.publishing.models import Delivery

    post = open_world.draft("Flu shots with @bakery, walk in Mon-Fri 8 to 4.", channels=(channel,))
    open_world.schedule(open_world.reviewed(post))
    open_world.worker_runs(T + HOUR)
    assert (Delivery.objects.get().state, Delivery.objects.get().is_as_approved) == ("published", True)
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert (Delivery.objects.get().state, fake.texts()) == ("removed", [])


@pytest.mark.parametrize(("fault", "state"), [("cut after", "published"), ("cut", "unclear")])
def test_an_unclear_answer_is_looked_up_and_else_a_person_decides(open_world: Any, channel: UUID, fake: MastodonFake, fault: str, state: str) -> None:
    from primum.publishing import remote
    from primum.publishing.models import Delivery

    open_world.scheduled(channels=(channel,))
    Delivery.objects.update(made_at=datetime.now(UTC) - timedelta(minutes=1))
    fake.door.fault = lambda method, path: fault if method == "POST" and path == POST else None
    remote.publish_delivery(Delivery.objects.get().id, now=T + HOUR)
    fake.door.well()
    Delivery.objects.get().attempts.update(started_at=T + HOUR)
    Delivery.objects.update(lease_until=T + HOUR)
    open_world.worker_runs(T + HOUR + 2 * MINUTE)
    assert Delivery.objects.get().state == state
    assert len(fake.texts()) == (state == "published")


def test_what_the_server_says_about_itself_is_shown_and_asked_again(open_world: Any, channel: UUID, fake: MastodonFake) -> None:
    from primum.inventory import remote as channels
    from primum.inventory.models import Credential

    page = open_world.browser_of(open_world.gail).get(f"/channels/{channel}/").content.decode()
    assert "500 characters" in page
    assert "Be kind." in page
    fake.limit = 300
    channels.check_channel(channel, now=T + HOUR)
    assert Credential.objects.get().max_characters == 300
    composing = open_world.browser_of(open_world.priya).get("/compose/").content.decode()
    assert 'data-limit="300"' in composing


def test_a_limit_that_shrinks_after_the_approval_holds_the_post_with_its_reason(open_world: Any, channel: UUID, fake: MastodonFake) -> None:
    from primum.publishing.models import Delivery

    open_world.scheduled(channels=(channel,))
    fake.limit = 10
    open_world.worker_runs(T + HOUR)
    assert (Delivery.objects.get().state, Delivery.objects.get().reason) == ("held", "Mastodon refused it (422).")
    assert fake.texts() == []


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def consent(address: str) -> str:
    """Somebody opens the server's page and says yes: the way back, without the host."""
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay).open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["location"]).partition("localhost:8000")[2]
    raise AssertionError


@pytest.fixture
def unconnected(open_world: Any, fake: MastodonFake) -> UUID:
    from primum.inventory import actions as inventory

    return inventory.add_channel(  # type: ignore[no-any-return]
        actor=SETUP, platform="mastodon", name="Regional", handle=f"@wrenfield@{fake.domain}", facility_id=open_world.hospital, owner_id=open_world.gail.id
    ).channel


def way_there(browser: Any, channel: UUID, fake: MastodonFake) -> str:
    page = browser.post(f"/channels/{channel}/sign-in/", {"service": fake.url, "visibility": "unlisted"}).content.decode()
    found = re.search(r'href="(http[^"]+/oauth/authorize[^"]+)"', page)
    assert found, page
    return found.group(1).replace("&amp;", "&")


def test_signing_in_there_connects_the_channel(open_world: Any, unconnected: UUID, fake: MastodonFake) -> None:
    from primum.inventory.models import Credential

    browser = open_world.browser_of(open_world.gail)
    back = consent(way_there(browser, unconnected, fake))
    assert browser.get(back, follow=True).redirect_chain[-1][0] == f"/channels/{unconnected}/"
    row = Credential.objects.get()
    kept = json.loads(row.secret)
    assert (kept["password"], kept["visibility"], row.state) == (fake.token, "unlisted", "working")
    assert next(iter(fake.apps.values()))["scopes"] == ["read:accounts", "read:statuses", "read:search", "write:media", "write:statuses"]
    again = browser.get(back, follow=True).content.decode()
    assert "has been used, or is too old" in again


def test_a_way_back_that_is_not_ours_connects_nothing(open_world: Any, unconnected: UUID, fake: MastodonFake) -> None:
    from primum.inventory.models import Credential

    browser = open_world.browser_of(open_world.gail)
    back = consent(way_there(browser, unconnected, fake))
    assert "has been used" in open_world.browser_of(open_world.ken).get(back, follow=True).content.decode(), "somebody else's session"
    assert "has been used" in browser.get(re.sub(r"state=[^&]+", "state=forged", back), follow=True).content.decode()
    state = re.search(r"state=([^&]+)", way_there(browser, unconnected, fake))
    assert state
    assert "did not let Primum in" in browser.get(f"/channels/signed-in/?error=access_denied&state={state.group(1)}", follow=True).content.decode()
    back = consent(way_there(browser, unconnected, fake))
    assert "gave us no token" in browser.get(re.sub(r"code=[^&]+", "code=forged", back), follow=True).content.decode()
    assert not Credential.objects.exists()
    assert "does not answer as a Mastodon server does" in browser.post(f"/channels/{unconnected}/sign-in/", {"service": "http://localhost:9", "visibility": "public"}, follow=True).content.decode()
    assert browser.post(f"/channels/{unconnected}/sign-in/", {"service": "http://mastodon.example", "visibility": "public"}, follow=True).content.decode().count("must begin with https") == 1


def test_another_account_that_signs_in_there_is_not_kept(open_world: Any, fake: MastodonFake) -> None:
    from primum.inventory import actions as inventory
    from primum.inventory.models import Credential

    made = inventory.add_channel(actor=SETUP, platform="mastodon", name="Other", handle=f"@other@{fake.domain}", facility_id=open_world.hospital, owner_id=open_world.gail.id).channel
    browser = open_world.browser_of(open_world.gail)
    assert "Nothing was saved" in browser.get(consent(way_there(browser, made, fake)), follow=True).content.decode()
    assert not Credential.objects.exists()


@pytest.mark.parametrize("path", ["/etc/hostname", "relative.txt"])
def test_what_is_a_file_is_no_token(fake: MastodonFake, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """The library reads a file of that name and sends its first line away."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "relative.txt").write_text(fake.token)
    with pytest.raises(ConnectorError):
        open_mastodon({**fake.credentials(), "password": path}, Nothing()).check()


def test_a_server_that_names_a_file_as_our_client_id_learns_nothing(open_world: Any, unconnected: UUID, fake: MastodonFake, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "fields.json"
    secret.write_text("the-keys-of-the-house")
    real = fake._register
    for name in (str(secret), "fields.json"):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(fake, "_register", lambda form, name=name: (200, {**real(form)[1], "client_id": name}))
        page = open_world.browser_of(open_world.gail).post(f"/channels/{unconnected}/sign-in/", {"service": fake.url, "visibility": "public"}, follow=True).content.decode()
        assert "the-keys-of-the-house" not in page
    monkeypatch.setattr(fake, "_register", real)


@pytest.mark.parametrize(("configuration", "limit"), [({}, 500), ({"statuses": {"max_characters": 10**12}}, 100_000), ({"statuses": {"max_characters": 0}}, 500)])
def test_a_server_that_says_nothing_sensible_about_itself_is_met_as_usual(fake: MastodonFake, monkeypatch: pytest.MonkeyPatch, configuration: dict[str, Any], limit: int) -> None:
    real = fake._instance()
    monkeypatch.setattr(fake, "_instance", lambda: {**real, "configuration": configuration})
    assert open_mastodon(fake.credentials(), Nothing()).check().max_characters == limit
    fake.breaches.clear()  # such a server does not keep to the description either


def test_one_channel_that_breaks_keeps_no_other_unlooked_at(open_world: Any, channel: UUID, fake: MastodonFake, monkeypatch: pytest.MonkeyPatch) -> None:
    from primum.inventory import remote as channels

    seen: list[UUID] = []
    monkeypatch.setattr(channels, "check_channel", lambda channel_id, *, now: seen.append(channel_id) or 1 / 0)
    channels.check_channels(now=T + DAY)
    assert seen == [channel]


def test_taking_down_what_was_posted_there_touches_no_other_post_with_its_words(open_world: Any, channel: UUID, fake: MastodonFake) -> None:
    """An approved post says the same: it must stay, and the other must not be called gone."""
    from connecting import jpeg

    from primum.publishing import media, native, sending
    from primum.publishing.models import Delivery

    text = "Flu shots, walk in Mon-Fri 8 to 4."
    there = native.record_native(actor=open_world.priya.actor, channel_id=channel, text=text, permalink="https://mastodon.example/@x/1", at=T - HOUR, proof=media.make_rendition(jpeg()), now=T).post
    open_world.scheduled(text, channels=(channel,))
    Delivery.objects.filter(state="scheduled").update(made_at=datetime.now(UTC) - timedelta(minutes=1))
    open_world.worker_runs(T + HOUR)
    assert len(fake.texts()) == 1
    sending.take_down_post(actor=open_world.priya.actor, post_id=there, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert len(fake.texts()) == 1
    assert Delivery.objects.get(post=there).state == "removing"


WARNING, WORDS = "John Smith", "Fighting cancer together: our walk is on Sunday."


def test_a_warning_and_the_words_after_it_are_judged_as_one(open_world: Any, channel: UUID) -> None:
    post = open_world.draft(WORDS, channels=(channel,), warning=WARNING)
    alone = open_world.draft(WORDS, channels=(channel,))
    from primum.publishing import drafts, queries

    assert queries.check_frozen(drafts.freeze(open_world.post(alone))).judgement.verdict == "allow"
    assert queries.check_frozen(drafts.freeze(open_world.post(post))).judgement.verdict == "block"
    page = open_world.browser_of(open_world.priya).get(f"/compose/{post}/").content.decode()
    assert "Warning and words together" in page


def test_a_reviewer_is_told_that_only_the_warning_changed(open_world: Any, channel: UUID) -> None:
    post = open_world.draft(channels=(channel,), warning="Needles")
    open_world.submit(post)
    open_world.decide(post, outcome="changes", reason="Say it otherwise.")
    open_world.edit(post, "Flu shots, walk in Mon-Fri 8 to 4.", channels=(channel,), warning="Injections")
    open_world.submit(post)
    revision = open_world.post(post).revisions.get(state="waiting")
    page = open_world.browser_of(open_world.gail).get(f"/review/{revision.id}/").content.decode()
    assert "changed since the version before" in page


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"retry-after": "120"}, 120, 120),
        ({"x-ratelimit-reset": "in nine minutes"}, 500, 540),
        ({"x-ratelimit-reset": "soon"}, 300, 300),
        ({"retry-after": "999999999999"}, 86400, 86400),
        ({}, 300, 300),
    ],
)
def test_a_pause_that_the_server_asks_for_is_kept(connector: Connector, fake: MastodonFake, headers: dict[str, str], least: int, most: int) -> None:
    # Worked out here, not in the list above: pytest reads that when it collects, and a suite lasts minutes.
    nine_minutes = (datetime.now(UTC) + timedelta(minutes=9)).isoformat()
    fake.door.headers = {name: nine_minutes if value == "in nine minutes" else value for name, value in headers.items()}
    fake.door.fault = lambda method, path: "429" if method == "POST" and path == POST else None
    with pytest.raises(ConnectorError) as caught:
        connector.publish(outgoing())
    assert caught.value.retry_after is not None
    assert least <= caught.value.retry_after.total_seconds() <= most
    assert (caught.value.sent, fake.texts()) == ("no", [])
