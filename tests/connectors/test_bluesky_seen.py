"""What a reader sees: a post on the whole of Bluesky's own code, up in the AppView and gone from it after the take-down."""

from __future__ import annotations

import urllib.error
import uuid
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from bluesky_network import BlueskyNetwork
from bluesky_server import Account
from connecting import jpeg
from world import DAY, HOUR, T

from primum.publishing import actions, media, sending
from primum.publishing.models import Delivery

pytestmark = [pytest.mark.outside, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def network() -> Iterator[BlueskyNetwork]:
    running = BlueskyNetwork()
    yield running
    running.stop()


@pytest.fixture
def account(network: BlueskyNetwork) -> Account:
    """In place of the fast server's: `channel` connects this one."""
    return network.account(f"w{uuid.uuid4().hex[:10]}.test")


def goes_out(world: Any, post: UUID) -> Delivery:
    world.schedule(world.reviewed(post))
    world.worker_runs(T + HOUR)
    delivery = Delivery.objects.get(post=post)
    assert (delivery.state, delivery.is_as_approved, delivery.reason) == ("published", True, "")
    return delivery


def test_readers_see_what_was_approved_and_after_the_take_down_nothing(open_world: Any, channel: UUID, account: Account, network: BlueskyNetwork) -> None:
    friend = network.account(f"f{channel.hex[:10]}.test")
    text = f"Flu shots with @{friend.handle}, walk in Mon-Fri 8 to 4: https://wrenfield.example/flu #FluSeason"
    post = open_world.draft(text, channels=(channel,))
    picture = actions.add_picture(actor=open_world.priya.actor, post_id=post, rendition=media.make_rendition(jpeg((800, 600))), now=T)
    open_world.edit(post, text, channels=(channel,), alt_texts={picture.id: "A teal poster about flu shots."})
    goes_out(open_world, post)

    shown = network.shown(account.did)[0]["post"]
    assert shown["record"]["text"] == text
    assert shown["embed"]["images"][0]["alt"] == "A teal poster about flu shots."
    assert shown["embed"]["images"][0]["aspectRatio"].items() >= {"width": 800, "height": 600}.items()
    features = {row["features"][0]["$type"].rpartition("#")[2]: row["features"][0] for row in shown["record"]["facets"]}
    assert features["mention"]["did"] == friend.did
    assert (features["link"]["uri"], features["tag"]["tag"]) == ("https://wrenfield.example/flu", "FluSeason")

    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert Delivery.objects.get(post=post).state == "removed"
    assert network.shown(account.did) == []
    with pytest.raises(urllib.error.HTTPError):
        network.thread(shown["uri"])


def test_readers_see_an_answer_under_what_it_answers(open_world: Any, channel: UUID, account: Account, network: BlueskyNetwork) -> None:
    visitor = network.account(f"v{channel.hex[:10]}.test")
    address = visitor.post("When is the flu clinic open?")
    network.shown(visitor.did)
    post = open_world.draft("Mon-Fri 8 to 4.", channels=(channel,), kind="reply", heard="When is the flu clinic open?", heard_link=address)
    goes_out(open_world, post)
    above = network.shown(visitor.did)[0]["post"]
    replies = network.thread(above["uri"])["replies"]
    assert [(row["post"]["author"]["did"], row["post"]["record"]["text"]) for row in replies] == [(account.did, "Mon-Fri 8 to 4.")]


def test_readers_see_a_thread_in_its_order(open_world: Any, channel: UUID, account: Account, network: BlueskyNetwork) -> None:
    goes_out(open_world, open_world.draft("What helps in flu season.\n---\nWash your hands.\n---\nGet your flu shot, Mon-Fri 8 to 4.", channels=(channel,)))
    above, seen = network.thread(Delivery.objects.get().remote_id.partition("#")[0]), []
    while above:
        seen.append(above["post"]["record"]["text"])
        above = next(iter(above.get("replies", [])), None)
    assert seen == ["What helps in flu season.", "Wash your hands.", "Get your flu shot, Mon-Fri 8 to 4."]
