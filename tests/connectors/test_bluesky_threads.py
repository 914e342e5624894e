"""A thread is one approval and one delivery: all of it stands there, or nothing."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from bluesky_server import Account, BlueskyServer
from connecting import Nothing, picture
from world import DAY, HOUR, MINUTE, T

from primum.connectors.bluesky.platform import CAPABILITIES, open_bluesky
from primum.connectors.contract import Connector, ConnectorError, Outgoing
from primum.publishing import actions, remote, sending
from primum.publishing.models import Delivery

pytestmark = [pytest.mark.outside, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PUT = "com.atproto.repo.putRecord"
THREAD = "Flu season is here: what helps.\n---\nWash your hands. More: https://wrenfield.example/flu\n---\nGet your flu shot, walk in Mon-Fri 8 to 4. #FluSeason"


@pytest.fixture
def connector(account: Account) -> Connector:
    return open_bluesky(account.credentials(), Nothing())


def outgoing(connector: Connector, text: str = THREAD, **more: Any) -> Outgoing:
    return Outgoing(str(uuid.uuid4()), text, made_at=NOW, at=NOW, resolved=connector.prepare(text, ""), language="en", **more)


def texts(account: Account) -> list[str]:
    rows: Any = account.records()
    return [row["value"]["text"] for row in sorted(rows, key=lambda row: row["value"]["createdAt"])]


def test_it_stands_there_in_order_each_under_the_one_before(connector: Connector, account: Account) -> None:
    post = outgoing(connector, pictures=(picture(),))
    remote_id = connector.publish(post)
    live = connector.read(remote_id)
    assert live is not None
    assert (live.text, live.resolved, live.is_whole, live.language, len(live.pictures)) == (THREAD, post.resolved, True, "en", 1)
    rows: Any = sorted(account.records(), key=lambda row: str(row["value"]["createdAt"]))  # type: ignore[index]
    assert texts(account) == THREAD.split("\n---\n")
    assert [row["value"].get("reply", {}).get("parent", {}).get("uri") for row in rows] == [None, rows[0]["uri"], rows[1]["uri"]]
    assert {row["value"]["reply"]["root"]["uri"] for row in rows[1:]} == {rows[0]["uri"]}
    assert "embed" not in rows[1]["value"]
    assert json.loads(post.resolved)["thread"][0] == []
    assert connector.publish(post) == remote_id
    assert len(account.records()) == 3
    connector.delete(remote_id)
    assert account.records() == []
    assert connector.read(remote_id) is None


@pytest.mark.parametrize("fault", ["500", "cut after", "429"])
def test_broken_off_it_is_not_whole_and_sent_again_it_is(connector: Connector, account: Account, bluesky: BlueskyServer, fault: str) -> None:
    post, seen = outgoing(connector), [0]

    def second(method: str, path: str) -> str | None:
        seen[0] += PUT in path
        return fault if PUT in path and seen[0] == 2 else None

    bluesky.door.fault = second
    with pytest.raises(ConnectorError) as caught:
        connector.publish(post)
    assert (caught.value.sent, caught.value.permanent) == ("unknown", False)
    found = connector.find(post)
    assert found is not None
    assert not found.is_whole
    connector.publish(post)
    found = connector.find(post)
    assert found is not None
    assert found.is_whole
    assert len(account.records()) == 3


def test_refused_for_good_in_the_middle_nothing_of_it_stays(connector: Connector, account: Account, bluesky: BlueskyServer) -> None:
    seen = [0]

    def third(method: str, path: str) -> str | None:
        seen[0] += PUT in path
        return "400" if PUT in path and seen[0] == 3 else None

    bluesky.door.fault = third
    with pytest.raises(ConnectorError) as caught:
        connector.publish(outgoing(connector))
    assert (caught.value.sent, caught.value.permanent) == ("no", True)
    assert account.records() == []


def test_each_post_of_it_has_the_limit_of_a_post() -> None:
    assert CAPABILITIES.why_not("a" * 300 + "\n---\n" + "b" * 300) is None
    assert CAPABILITIES.why_not("a\n---\n" + "b" * 301) == "takes 300 characters; post 2 of the thread has 301. Shorten it, or write a version of its own"
    assert CAPABILITIES.why_not("a\n---\n\n---\nb") == "would get an empty post: post 2 of the thread has no words"
    assert CAPABILITIES.why_not("\n---\n".join("abcdefghijk")) == "takes 10 posts in a thread; this has 11"
    assert CAPABILITIES.parts("a --- b") == ["a --- b"]


def approved(world: Any, channel: UUID) -> UUID:
    return world.reviewed(world.draft(THREAD, channels=(channel,)))  # type: ignore[no-any-return]


def test_through_the_house_up_and_down(open_world: Any, channel: UUID, account: Account) -> None:
    post = approved(open_world, channel)
    open_world.schedule(post)
    open_world.worker_runs(T + HOUR)
    assert (Delivery.objects.get().state, Delivery.objects.get().is_as_approved) == ("published", True)
    assert texts(account) == THREAD.split("\n---\n")
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert (Delivery.objects.get().state, account.records()) == ("removed", [])


@pytest.mark.parametrize("late", [False, True])
def test_half_of_it_is_taken_back_and_then_all_of_it_goes_out_or_nothing(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer, late: bool) -> None:
    open_world.schedule(approved(open_world, channel))
    seen = [0]

    def second(method: str, path: str) -> str | None:
        seen[0] += PUT in path
        return "cut" if PUT in path and seen[0] == 2 else None

    bluesky.door.fault = second
    remote.publish_delivery(Delivery.objects.get().id, now=T + HOUR)
    bluesky.door.well()
    assert (Delivery.objects.get().state, len(account.records())) == ("sending", 1)
    Delivery.objects.update(lease_until=T + HOUR)
    Delivery.objects.get().attempts.update(started_at=T + HOUR)
    at = T + HOUR + (20 * MINUTE if late else 2 * MINUTE)
    remote.settle_delivery(Delivery.objects.get().id, now=at)
    assert (Delivery.objects.get().state, account.records()) == ("scheduled", [])
    open_world.worker_runs(at + MINUTE)
    assert (Delivery.objects.get().state, len(account.records())) == (("held", 0) if late else ("published", 3))


def test_a_channel_without_threads_does_not_show_the_line(open_world: Any, channel: UUID) -> None:
    post = open_world.draft(THREAD, channels=(channel, open_world.channel))
    with pytest.raises(actions.Refused, match="Regional practice has no threads"):
        open_world.submit(post)


def cut_from(bluesky: BlueskyServer, number: int, what: str = "cut") -> None:
    """From the so-manieth post of a thread on, nothing goes right."""
    seen = [0]

    def fault(method: str, path: str) -> str | None:
        seen[0] += PUT in path
        return what if PUT in path and seen[0] >= number else None

    bluesky.door.fault = fault


def test_a_sender_that_outlived_its_lease_leaves_nothing_when_the_brake_was_pulled(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    """While it is under way another worker settles the delivery, and it is held: its late words must not stay, whole or half."""
    post = approved(open_world, channel)
    open_world.schedule(post)

    def meanwhile(method: str, path: str) -> str | None:
        if PUT in path and not meanwhile_done:
            meanwhile_done.append(1)
            Delivery.objects.update(state="held", fence=99, lease_until=None)
        return None

    meanwhile_done: list[int] = []
    bluesky.door.fault = meanwhile
    remote.publish_delivery(Delivery.objects.get().id, now=T + HOUR)
    assert (Delivery.objects.get().state, account.records()) == ("held", [])


def test_half_of_it_on_a_held_delivery_is_found_by_the_sweep(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    open_world.schedule(approved(open_world, channel))
    cut_from(bluesky, 2)
    remote.publish_delivery(Delivery.objects.get().id, now=T + HOUR)
    assert len(account.records()) == 1
    bluesky.door.well()
    Delivery.objects.update(state="held", fence=99, lease_until=None)
    Delivery.objects.get().attempts.update(started_at=T + HOUR, outcome="unknown")
    open_world.worker_runs(T + HOUR + 2 * MINUTE)
    assert account.records() == []


def test_half_of_it_goes_even_after_a_long_outage_and_nobody_can_call_it_published(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    open_world.schedule(approved(open_world, channel))
    cut_from(bluesky, 2)
    remote.publish_delivery(Delivery.objects.get().id, now=T + HOUR)
    Delivery.objects.update(lease_until=T + HOUR)
    Delivery.objects.get().attempts.update(started_at=T + HOUR)
    bluesky.door.always("503", "xrpc")
    open_world.worker_runs(T + HOUR + 17 * MINUTE)
    assert (Delivery.objects.get().state, len(account.records())) == ("unclear", 1)
    bluesky.door.well()
    with pytest.raises(actions.Refused, match="Only a part of the thread stood there"):
        remote.say_what_was_seen(actor=open_world.priya.actor, delivery_id=Delivery.objects.get().id, permalink="https://bsky.app/x", now=T + HOUR)
    assert account.records() == []
    remote.say_what_was_seen(actor=open_world.priya.actor, delivery_id=Delivery.objects.get().id, permalink="", now=T + HOUR)
    assert Delivery.objects.get().state == "held"


def test_the_sweep_takes_half_of_it_back_while_a_person_is_asked(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    open_world.schedule(approved(open_world, channel))
    cut_from(bluesky, 3)
    remote.publish_delivery(Delivery.objects.get().id, now=T + HOUR)
    bluesky.door.well()
    Delivery.objects.update(state="unclear", lease_until=None)
    Delivery.objects.get().attempts.update(started_at=T + HOUR, outcome="unknown")
    assert len(account.records()) == 2
    open_world.worker_runs(T + HOUR + 2 * MINUTE)
    assert account.records() == []


def test_what_stands_there_whole_cannot_be_called_gone(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    open_world.schedule(approved(open_world, channel))
    cut_from(bluesky, 3, "cut after")
    remote.publish_delivery(Delivery.objects.get().id, now=T + HOUR)
    bluesky.door.well()
    Delivery.objects.update(state="unclear", lease_until=None)
    with pytest.raises(actions.Refused, match="It does stand there"):
        remote.say_what_was_seen(actor=open_world.priya.actor, delivery_id=Delivery.objects.get().id, permalink="", now=T + HOUR)
    remote.say_what_was_seen(actor=open_world.priya.actor, delivery_id=Delivery.objects.get().id, permalink="https://bsky.app/x", now=T + HOUR)
    assert (Delivery.objects.get().state, Delivery.objects.get().is_as_approved) == ("published", True)
