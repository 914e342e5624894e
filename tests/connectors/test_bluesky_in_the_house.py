"""A post on its way to the real Bluesky code and down again, through the whole house."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from bluesky_server import Account, BlueskyServer
from connecting import Nothing, jpeg
from django.utils import timezone
from world import DAY, HOUR, MINUTE, SAFE, SECOND, SETUP, T

from primum.evidence.models import Entry
from primum.inventory import actions as inventory
from primum.inventory import remote as channels
from primum.inventory.models import Credential
from primum.publishing import actions, media, queries, remote, sending
from primum.publishing.models import Delivery

PUT = "com.atproto.repo.putRecord"
pytestmark = [pytest.mark.outside, pytest.mark.django_db(transaction=True)]


def approved(world: Any, channel: UUID, text: str = SAFE, **more: Any) -> UUID:
    return world.reviewed(world.draft(text, channels=(channel,), **more))  # type: ignore[no-any-return]


def only() -> Delivery:
    return Delivery.objects.get()


def test_text_image_link_mention_and_tag_stand_there_as_approved_and_come_down(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    friend = bluesky.account(f"f{channel.hex[:10]}.test")
    post = open_world.draft(f"Flu shots with @{friend.handle}, walk in Mon-Fri 8 to 4: https://wrenfield.example/flu #FluSeason", channels=(channel,))
    picture = actions.add_picture(actor=open_world.priya.actor, post_id=post, rendition=media.make_rendition(jpeg((800, 600))), now=T)
    open_world.edit(post, open_world.post(post).text, channels=(channel,), alt_texts={picture.id: "A teal poster about flu shots."})
    open_world.reviewed(post)
    open_world.schedule(post)
    open_world.worker_runs(T + HOUR)

    delivery = only()
    assert (delivery.state, delivery.is_as_approved, delivery.reason) == ("published", True, "")
    assert delivery.permalink.startswith(f"https://bsky.app/profile/{account.handle}/post/")
    raw: Any = account.records()[0]["value"]
    assert raw["createdAt"] == "2026-11-23T16:00:00.000Z"
    assert raw["embed"]["images"][0]["alt"] == "A teal poster about flu shots."
    assert {row["features"][0]["$type"].rpartition("#")[2] for row in raw["facets"]} == {"link", "mention", "tag"}

    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert account.records() == []
    assert (only().state, open_world.post(post).state) == ("removed", "taken_down")


def test_an_answer_needs_the_link_and_stands_under_what_it_answers(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    visitor = bluesky.account(f"v{channel.hex[:10]}.test")
    address = visitor.post("When is the flu clinic open?")
    post = open_world.draft("Mon-Fri 8 to 4.", channels=(channel,), kind="reply", heard="When is the flu clinic open?")
    with pytest.raises(actions.Refused, match="needs the link"):
        open_world.submit(post)
    row = open_world.post(post)
    from primum.publishing.drafts import Draft

    actions.save_draft(actor=open_world.priya.actor, post_id=post, version=row.version, draft=Draft("Mon-Fri 8 to 4.", (channel,), heard="When is the flu clinic open?", heard_link=address), now=T)
    open_world.reviewed(post)
    open_world.schedule(post)
    open_world.worker_runs(T + HOUR)
    raw: Any = account.records()[0]["value"]
    assert raw["reply"]["parent"]["uri"].startswith(f"at://{visitor.did}/")
    assert only().is_as_approved is True


@pytest.mark.parametrize("fault", ["500", "502 after", "cut", "cut after", "garbage after", "408"])
def test_an_unclear_answer_is_looked_up_and_there_is_one_post(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer, fault: str) -> None:
    open_world.schedule(approved(open_world, channel))
    bluesky.door.once(fault, PUT)
    remote.publish_delivery(only().id, now=T + HOUR)
    assert (only().state, only().reason) == ("sending", "May have gone out: checking.")
    Delivery.objects.update(lease_until=T + HOUR)
    only().attempts.update(started_at=T + HOUR)
    open_world.worker_runs(T + HOUR + 30 * SECOND)
    open_world.worker_runs(T + HOUR + 90 * SECOND)
    assert (only().state, only().is_as_approved) == ("published", True)
    assert len(account.records()) == 1


def test_too_early_nobody_looks(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    open_world.schedule(approved(open_world, channel))
    bluesky.door.once("cut", PUT)
    remote.publish_delivery(only().id, now=T + HOUR)
    only().attempts.update(started_at=T + HOUR)
    Delivery.objects.update(lease_until=T + HOUR)
    bluesky.door.calls.clear()
    remote.settle_delivery(only().id, now=T + HOUR + 3 * SECOND)
    assert not bluesky.door.calls
    assert only().state == "sending"


def test_a_pause_that_the_platform_asks_for_is_kept(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    due = timezone.now()  # an attempt ends by the clock on the wall
    open_world.schedule(approved(open_world, channel), due)
    bluesky.door.headers = {"retry-after": "120"}
    bluesky.door.once("429", PUT)
    remote.publish_delivery(only().id, now=due)
    delivery = only()
    assert (delivery.state, delivery.reason) == ("scheduled", "Bluesky wants fewer calls for a while.")
    assert delivery.not_before is not None
    ended = delivery.attempts.get().ended_at
    assert ended is not None
    assert (delivery.not_before - ended).total_seconds() == 120
    Delivery.objects.update(not_before=due + 2 * MINUTE)
    open_world.worker_runs(due + MINUTE)
    assert account.records() == []
    open_world.worker_runs(due + 3 * MINUTE)
    assert len(account.records()) == 1


def test_what_the_platform_refuses_is_held_with_its_reason(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    post = approved(open_world, channel)
    open_world.schedule(post)
    bluesky.door.once("400", PUT)
    remote.publish_delivery(only().id, now=T + HOUR)
    assert (only().state, only().reason, open_world.post(post).state) == ("held", "Bluesky refused it (400 Trouble).", "attention")


def test_a_revoked_app_password_turns_the_channel_red_and_a_new_one_lets_the_post_out(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    post = approved(open_world, channel)
    open_world.schedule(post)
    account.revoke()
    row = Credential.objects.get()
    row.session = ""
    row.save(update_fields=["session"])
    channels.check_channel(channel, now=T + MINUTE)
    assert (Credential.objects.get().state, Credential.objects.get().reason) == ("refused", "Bluesky no longer accepts this app password.")
    open_world.worker_runs(T + HOUR)
    assert "no longer lets us in" in only().reason
    assert account.records() == []

    fresh = bluesky.ask("com.atproto.server.createAppPassword", {"name": "again"}, account.token)["password"]
    channels.connect(actor=open_world.gail.actor, channel_id=channel, values={**account.credentials(), "password": fresh}, now=T + 2 * HOUR)
    open_world.schedule(post, T + 3 * HOUR, at=T + 2 * HOUR)
    open_world.worker_runs(T + 3 * HOUR)
    assert only().state == "published"


def test_only_the_password_of_this_very_channel_is_kept(open_world: Any, account: Account, bluesky: BlueskyServer) -> None:
    made = inventory.add_channel(actor=SETUP, platform="bluesky", name="Ours", handle="@other.test", facility_id=open_world.hospital, owner_id=open_world.gail.id).channel
    with pytest.raises(channels.BadCredential, match="but the channel is @other"):
        channels.connect(actor=open_world.gail.actor, channel_id=made, values=account.credentials(), now=T)
    with pytest.raises(channels.BadCredential, match="no longer accepts this app password"):
        channels.connect(actor=open_world.gail.actor, channel_id=made, values={**account.credentials(), "password": "wrong"}, now=T)
    with pytest.raises(channels.BadCredential, match="must begin with https"):
        channels.connect(actor=open_world.gail.actor, channel_id=made, values={**account.credentials(), "service": "http://pds.example"}, now=T)
    with pytest.raises(inventory.NotAllowed):
        channels.connect(actor=open_world.olu.actor, channel_id=made, values=account.credentials(), now=T)
    assert not Credential.objects.exists()


def test_a_name_that_changes_hands_after_the_approval_is_not_mentioned(open_world: Any, channel: UUID, account: Account, bluesky: BlueskyServer) -> None:
    friend = bluesky.account(f"f{channel.hex[:10]}.test")
    post = approved(open_world, channel, f"Thanks to @{friend.handle} for the flu poster.")
    frozen_text = queries.frozen_of(open_world.post(post).revisions.get()).resolved_for(channel)
    assert friend.did in frozen_text
    bluesky.ask("com.atproto.identity.updateHandle", {"handle": f"g{channel.hex[:10]}.test"}, friend.token)
    bluesky.account(friend.handle)
    open_world.schedule(post)
    open_world.worker_runs(T + HOUR)
    raw: Any = account.records()[0]["value"]
    assert raw["facets"][0]["features"][0]["did"] == friend.did


def test_no_secret_leaves_its_field(open_world: Any, channel: UUID, account: Account, capfd: pytest.CaptureFixture[str]) -> None:
    page = open_world.browser_of(open_world.gail).get(f"/channels/{channel}/").content.decode()
    bare = bytes(Credential.objects.values_list("secret", flat=True).get())
    row = Credential.objects.get()
    for place in (page, repr(row), str(row), bare.decode("latin-1"), capfd.readouterr().out, str(list(Entry.objects.values()))):
        assert account.app_password not in place
    assert "Signs in" in page


def test_for_an_unconnected_channel_nothing_is_submitted(open_world: Any, account: Account) -> None:
    """What its names and links mean could not be looked up, and would be approved unseen."""
    made = inventory.add_channel(actor=SETUP, platform="bluesky", name="Ours", handle=f"@{account.handle}", facility_id=open_world.hospital, owner_id=open_world.gail.id).channel
    with pytest.raises(actions.Refused, match="Ours is not connected"):
        approved(open_world, made)


def test_disconnected_after_the_approval_it_is_held_and_says_so(open_world: Any, channel: UUID) -> None:
    open_world.schedule(approved(open_world, channel))
    inventory.disconnect_channel(actor=open_world.gail.actor, channel_id=channel)
    open_world.worker_runs(T + HOUR)
    assert only().reason == "Regional on Bluesky is not connected yet. Its owner can connect it on the channel's page."


def test_disconnected_while_its_outcome_is_unclear_a_person_looks(open_world: Any, channel: UUID, bluesky: BlueskyServer) -> None:
    open_world.schedule(approved(open_world, channel))
    bluesky.door.once("cut", PUT)
    remote.publish_delivery(only().id, now=T + HOUR)
    inventory.disconnect_channel(actor=open_world.gail.actor, channel_id=channel)
    only().attempts.update(started_at=T + HOUR)
    Delivery.objects.update(lease_until=T + HOUR)
    open_world.worker_runs(T + HOUR + 2 * MINUTE)
    assert only().state == "unclear"


def test_an_answer_whose_post_was_never_looked_up_is_not_sent(open_world: Any, channel: UUID, account: Account) -> None:
    post = open_world.draft("Mon-Fri 8 to 4.", channels=(channel,), kind="reply", heard="When are you open?", heard_link="https://bsky.app/profile/a.test/post/3kabc")
    open_world.submit(post)
    open_world.decide(post)
    open_world.schedule(post)
    open_world.worker_runs(T + HOUR)
    assert "would stand alone" in only().reason
    assert account.records() == []


def test_an_app_password_follows_no_redirect(account: Account, bluesky: BlueskyServer) -> None:
    other = bluesky.account(f"r{account.did[-10:]}.test")
    bluesky.door.headers = {"location": f"{bluesky.url}/elsewhere"}
    bluesky.door.always("307", "createSession")
    from primum.connectors.bluesky.platform import open_bluesky
    from primum.connectors.contract import ConnectorError

    with pytest.raises(ConnectorError):
        open_bluesky(other.credentials(), Nothing()).check()
    assert not any("elsewhere" in call for call in bluesky.door.calls)


def test_disconnecting_destroys_what_was_kept(open_world: Any, channel: UUID) -> None:
    inventory.disconnect_channel(actor=open_world.gail.actor, channel_id=channel)
    assert not Credential.objects.exists()
