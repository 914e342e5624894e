"""Mastodon's connector against a real server that is no Mastodon: through the whole house, up and down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from connecting import jpeg
from snac_server import SnacServer
from world import DAY, HOUR, SETUP, T

from primum.inventory import actions as inventory
from primum.inventory.models import Credential
from primum.publishing import actions, media, sending
from primum.publishing.models import Delivery

pytestmark = [pytest.mark.outside, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def snac() -> Iterator[SnacServer]:
    server = SnacServer()
    yield server
    server.stop()


@pytest.fixture
def channel(open_world: Any, snac: SnacServer) -> UUID:
    """Connected as Gail would: by signing in there."""
    made = inventory.add_channel(
        actor=SETUP, platform="mastodon", name="Regional there", handle=f"@wrenfield@{snac.domain}", facility_id=open_world.hospital, owner_id=open_world.gail.id, backup_owner_id=open_world.priya.id
    ).channel
    browser = open_world.browser_of(open_world.gail)
    page = browser.post(f"/channels/{made}/sign-in/", {"service": snac.url, "visibility": "public"}).content.decode()
    there = re.search(r'href="(http[^"]+/oauth/authorize[^"]+)"', page)
    assert there, page
    back = snac.consent(there.group(1).replace("&amp;", "&"))
    answer = browser.get(back.partition("localhost:8000")[2], follow=True)
    assert "Connected as" in answer.content.decode(), answer.content.decode()
    return made  # type: ignore[no-any-return]


def goes_out(world: Any, post: UUID) -> Delivery:
    world.schedule(world.reviewed(post))
    world.worker_runs(T + HOUR)
    return Delivery.objects.get(post=post)


def test_an_image_with_its_description_goes_up_reads_back_and_comes_down(open_world: Any, channel: UUID, snac: SnacServer) -> None:
    text = "Flu shots, walk in Mon-Fri 8 to 4: https://wrenfield.example/flu"
    post = open_world.draft(text, channels=(channel,), warning="Needles")
    picture = actions.add_picture(actor=open_world.priya.actor, post_id=post, rendition=media.make_rendition(jpeg()), now=T)
    open_world.edit(post, text, channels=(channel,), alt_texts={picture.id: "A teal poster about flu shots."}, warning="Needles")
    delivery = goes_out(open_world, post)
    assert (delivery.state, delivery.reason, delivery.is_as_approved) == ("published", "", True)
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert Delivery.objects.get().state == "removed"


def test_a_token_that_it_no_longer_takes_turns_the_channel_red(open_world: Any, channel: UUID) -> None:
    from primum.inventory import remote as channels

    row = Credential.objects.get()
    row.secret = row.secret.replace('"password": "', '"password": "x')
    row.save()
    channels.check_channel(channel, now=T + HOUR)
    assert (Credential.objects.get().state, Credential.objects.get().reason) == ("refused", "Mastodon no longer accepts this access token.")
