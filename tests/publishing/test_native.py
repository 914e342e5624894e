"""What somebody posted on the platform itself: captured, judged, looked at afterwards by somebody else."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from connecting import jpeg
from django.core.files.uploadedfile import SimpleUploadedFile
from world import DAY, HOUR, MINUTE, MOSAIC, SAFE, SETUP, T

from primum.evidence.models import Entry
from primum.inventory import actions as inventory
from primum.publishing import actions, by_hand, media, native, queries, sending
from primum.publishing.models import Delivery, Post, Revision

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = "https://facebook.example/wrenfield/posts/1"


@pytest.fixture
def page(open_world: Any) -> UUID:
    return inventory.add_channel(  # type: ignore[no-any-return]
        actor=SETUP, platform="facebook", name="Regional on Facebook", handle="@wrenfield", facility_id=open_world.hospital, owner_id=open_world.gail.id, backup_owner_id=open_world.priya.id
    ).channel


def recorded(world: Any, channel: UUID, text: str = SAFE, **more: Any) -> Post:
    values = {"actor": world.priya.actor, "permalink": PLACE, "at": T - HOUR, "now": T, **more}
    event = native.record_native(channel_id=channel, text=text, proof=media.make_rendition(jpeg()), **values)
    return Post.objects.get(id=event.post)


def decide(world: Any, post: Post, who: Any, outcome: str, reason: str = "") -> Any:
    revision = post.revisions.get()
    return native.decide_native(actor=who.actor, revision_id=revision.id, outcome=outcome, reason=reason, digest=revision.digest, now=T)


def test_it_waits_for_those_who_would_have_approved_it_and_for_nobody_else(open_world: Any, page: UUID) -> None:
    post = recorded(open_world, page)
    assert post.state == "published"
    assert open_world.queue_of(open_world.gail) == [post.id]
    assert open_world.queue_of(open_world.priya) == []
    with pytest.raises(actions.NotAllowed, match="somebody else must approve it"):
        decide(open_world, post, open_world.priya, "approved")
    decide(open_world, post, open_world.gail, "approved")
    assert (Post.objects.get().state, Revision.objects.get().state) == ("published", "approved")
    assert {"record_native", "decide_native"} <= set(Entry.objects.values_list("action", flat=True))


def test_one_that_shows_a_patient_goes_to_the_privacy_officer_and_comes_down_with_proof(open_world: Any, page: UUID) -> None:
    post = recorded(open_world, page, MOSAIC)
    assert Revision.objects.get().verdict == "block"
    assert open_world.queue_of(open_world.gail) == []
    assert open_world.queue_of(open_world.adaeze) == [post.id]
    with pytest.raises(actions.Refused, match="Say why"):
        decide(open_world, post, open_world.adaeze, "approved")
    decide(open_world, post, open_world.adaeze, "rejected", "Anybody who was there knows him.")
    assert [row.id for row in queries.hand_tasks(open_world.gail.actor)] == [Delivery.objects.get().id]
    by_hand.record_removed_by_hand(actor=open_world.gail.actor, delivery_id=Delivery.objects.get().id, proof=media.make_rendition(jpeg()), now=T + MINUTE)
    assert (Delivery.objects.get().state, Post.objects.get().state) == ("removed", "taken_down")


def test_its_author_may_take_it_down_at_once_and_it_is_still_looked_at(open_world: Any, page: UUID) -> None:
    post = recorded(open_world, page, MOSAIC)
    sending.take_down_post(actor=open_world.priya.actor, post_id=post.id, now=T)
    assert Delivery.objects.get().state == "removing"
    assert open_world.queue_of(open_world.adaeze) == [post.id]
    decide(open_world, post, open_world.adaeze, "approved", "Seen; it is coming down.")
    assert Delivery.objects.get().state == "removing"


def test_nothing_of_it_ever_goes_out_from_here(open_world: Any, page: UUID) -> None:
    post = recorded(open_world, page)
    with pytest.raises(actions.Refused, match="stays, or it comes down"):
        open_world.decide(post.id)
    decide(open_world, post, open_world.gail, "approved")
    with pytest.raises(actions.Refused, match="Only an approved post can be scheduled"):
        open_world.schedule(post.id)
    with pytest.raises(actions.Refused):
        open_world.edit(post.id, "Other words.", channels=(page,))
    open_world.worker_runs(T + DAY)
    assert Delivery.objects.get().attempts.count() == 0


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"at": T + MINUTE}, "not in the future"),
        ({"at": T - 31 * DAY}, "within the last thirty days"),
        ({"text": "   "}, "Paste the words"),
    ],
)
def test_bad_input_says_what_to_do(open_world: Any, page: UUID, more: dict[str, Any], why: str) -> None:
    with pytest.raises(actions.Refused, match=why):
        recorded(open_world, page, **more)
    assert not Post.objects.exists()


def test_the_same_post_is_recorded_once_and_only_where_one_may_write(open_world: Any, page: UUID) -> None:
    recorded(open_world, page)
    with pytest.raises(actions.Refused, match="recorded already"):
        recorded(open_world, page)
    with pytest.raises(actions.NotAllowed):
        recorded(open_world, page, actor=open_world.olu.actor)
    with pytest.raises(actions.NotAllowed, match="may not write"):
        recorded(open_world, open_world.channel)


def test_the_page_keeps_what_was_typed_and_leads_on(open_world: Any, page: UUID) -> None:
    browser = open_world.browser_of(open_world.priya)
    offered = re.search(r'type="datetime-local" required value="([^"]+)"', browser.get("/posts/there/").content.decode())
    assert offered
    typed = {"channel": str(page), "text": MOSAIC, "link": PLACE, "at": offered.group(1)}
    answer = browser.post("/posts/there/", typed)
    assert answer.status_code == 422
    assert "a screenshot is enough" in answer.content.decode()
    assert "chainsaw" in answer.content.decode()
    answer = browser.post("/posts/there/", {**typed, "proof": SimpleUploadedFile("shot.jpg", jpeg(), "image/jpeg")}, follow=True)
    assert "take it down now" in answer.content.decode()
    assert "before anybody here saw it" in answer.content.decode()
    revision = Revision.objects.get()
    review = open_world.browser_of(open_world.adaeze).get(f"/review/{revision.id}/").content.decode()
    assert "It is live now." in review
    assert "Take it down" in review
    assert 'value="changes"' not in review
    decided = open_world.browser_of(open_world.adaeze).post(f"/review/{revision.id}/decide/", {"outcome": "rejected", "reason": "He is known.", "digest": revision.digest}, follow=True)
    assert "whoever keeps the channel has been asked" in decided.content.decode()


def test_what_came_down_does_not_become_a_draft_again(open_world: Any, page: UUID) -> None:
    post = recorded(open_world, page)
    decide(open_world, post, open_world.gail, "approved")
    sending.take_down_post(actor=open_world.priya.actor, post_id=post.id, now=T)
    by_hand.record_removed_by_hand(actor=open_world.gail.actor, delivery_id=Delivery.objects.get().id, proof=media.make_rendition(jpeg()), now=T + MINUTE)
    with pytest.raises(actions.Refused, match="no approval to withdraw"):
        actions.withdraw_approval(actor=open_world.gail.actor, post_id=post.id, now=T + MINUTE)
    assert "Withdraw approval" not in open_world.browser_of(open_world.gail).get(f"/posts/{post.id}/").content.decode()
    assert Delivery.objects.get().published_text == ""
