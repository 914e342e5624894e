"""Posting by hand: the same lock at the same minute, a person, and proof."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from world import DAY, HOUR, SAFE, SETUP, T

from primum.evidence.models import Entry
from primum.inventory import actions as inventory
from primum.publishing import actions, queries, sending
from primum.publishing.models import Delivery, Proof

LINK = "https://www.facebook.example/wrenfield/posts/1"


@pytest.fixture
def facebook(open_world: Any) -> UUID:
    return inventory.add_channel(actor=SETUP, platform="facebook", name="Regional on Facebook", handle="@wrenfield", facility_id=open_world.hospital, owner_id=open_world.gail.id).channel  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages look at the clock themselves: it is the post's hour."""
    from types import SimpleNamespace

    from primum.web.posts import by_hand

    monkeypatch.setattr(by_hand, "timezone", SimpleNamespace(now=lambda: T + HOUR))


def screenshot() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(out, "PNG")
    return SimpleUploadedFile("shot.png", out.getvalue(), "image/png")


def test_a_person_posts_it_at_its_minute_and_shows_it(open_world: Any, facebook: UUID, mailoutbox: list[Any]) -> None:
    post = open_world.scheduled(channels=(facebook,))
    page = open_world.browser_of(open_world.priya)
    assert "To do by hand" not in page.get("/").content.decode()
    open_world.worker_runs(T + HOUR)
    delivery = Delivery.objects.get()
    assert (delivery.state, open_world.post(post).state) == ("by_hand", "scheduled")
    assert "To do by hand" in page.get("/").content.decode()
    shown = page.get(f"/by-hand/{delivery.id}/").content.decode()
    assert SAFE in shown
    assert "Copy the text" in shown

    refused = page.post(f"/by-hand/{delivery.id}/done/", {"link": LINK})
    assert refused.status_code == 422
    assert "Add a picture of the page" in refused.content.decode()
    assert page.post(f"/by-hand/{delivery.id}/done/", {"link": "nonsense", "proof": screenshot()}).status_code == 422
    assert page.post(f"/by-hand/{delivery.id}/done/", {"link": LINK, "proof": screenshot()}).status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, delivery.permalink, delivery.published_text, delivery.is_as_approved) == ("published", LINK, SAFE, None)
    proof = Proof.objects.get()
    assert page.get(f"/proof/{proof.id}/")["Content-Type"] == "image/png"
    assert open_world.browser_of(open_world.olu).get(f"/proof/{proof.id}/").status_code == 404
    assert open_world.post(post).state == "published"
    assert Entry.objects.filter(action="record_posted_by_hand").count() == 1
    again = page.post(f"/by-hand/{delivery.id}/done/", {"link": LINK, "proof": screenshot()}, follow=True)
    assert "done already" in again.content.decode()
    assert Proof.objects.count() == 1


def test_the_owners_are_told_and_never_what(open_world: Any, facebook: UUID, mailoutbox: list[Any]) -> None:
    from primum.publishing import remote

    open_world.scheduled(channels=(facebook,))
    open_world.worker_runs(T + HOUR)
    delivery = Delivery.objects.get()
    assert remote.tell_hands(delivery.id) == 1
    assert mailoutbox[0].to == ["gail@wrenfield.example"]
    assert f"/by-hand/{delivery.id}/" in mailoutbox[0].body
    assert SAFE not in mailoutbox[0].body


def test_a_gate_that_closes_before_they_post_says_do_not(open_world: Any, facebook: UUID) -> None:
    open_world.scheduled(channels=(facebook,))
    open_world.worker_runs(T + HOUR)
    inventory.set_channel_status(actor=SETUP, channel_id=facebook, status="paused")
    page = open_world.browser_of(open_world.priya).get(f"/by-hand/{Delivery.objects.get().id}/").content.decode()
    assert "Do not post it. Regional on Facebook is paused." in page
    assert "Copy the text" not in page


def test_a_closed_gate_at_the_minute_hands_nothing_over(open_world: Any, facebook: UUID) -> None:
    post = open_world.scheduled(channels=(facebook,))
    inventory.set_channel_status(actor=SETUP, channel_id=facebook, status="paused")
    open_world.worker_runs(T + HOUR)
    assert Delivery.objects.get().state == "held"
    assert open_world.post(post).state == "attention"


def test_a_withdrawn_approval_takes_the_task_away_and_asks_whether_it_was_done(open_world: Any, facebook: UUID) -> None:
    post = open_world.scheduled(channels=(facebook,))
    open_world.worker_runs(T + HOUR)
    delivery = Delivery.objects.get()
    actions.withdraw_approval(actor=open_world.gail.actor, post_id=post, now=T + HOUR)
    assert open_world.browser_of(open_world.priya).get(f"/by-hand/{delivery.id}/").status_code == 302
    assert Delivery.objects.get().state == "unclear"
    assert queries.hand_tasks(open_world.priya.actor) == []


def test_taking_down_is_a_task_too_and_counts_only_with_proof(open_world: Any, facebook: UUID) -> None:
    post = open_world.scheduled(channels=(facebook,))
    open_world.worker_runs(T + HOUR)
    delivery = Delivery.objects.get()
    page = open_world.browser_of(open_world.priya)
    page.post(f"/by-hand/{delivery.id}/done/", {"link": LINK, "proof": screenshot()})
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert Delivery.objects.get().state == "removing"
    assert "Take it down from Regional on Facebook" in page.get(f"/by-hand/{delivery.id}/").content.decode()
    assert page.post(f"/by-hand/{delivery.id}/done/", {}).status_code == 422
    page.post(f"/by-hand/{delivery.id}/done/", {"proof": screenshot()})
    assert (Delivery.objects.get().state, open_world.post(post).state) == ("removed", "taken_down")


def test_it_is_handed_over_once_however_often_the_worker_looks(open_world: Any, facebook: UUID) -> None:
    open_world.scheduled(channels=(facebook,))
    for hour in range(1, 4):
        open_world.worker_runs(T + hour * HOUR)
    assert Delivery.objects.get().attempts.count() == 1
    assert Delivery.objects.get().state == "by_hand"


def test_given_back_it_is_held_and_can_be_scheduled_again(open_world: Any, facebook: UUID) -> None:
    post = open_world.scheduled(channels=(facebook,))
    open_world.worker_runs(T + HOUR)
    delivery = Delivery.objects.get()
    page = open_world.browser_of(open_world.priya)
    page.post(f"/by-hand/{delivery.id}/done/", {"give_back": "1"})
    assert Delivery.objects.get().state == "held"
    open_world.schedule(post, T + 2 * HOUR, at=T + HOUR)
    open_world.worker_runs(T + 2 * HOUR)
    assert Delivery.objects.get().state == "by_hand"


@pytest.mark.parametrize("how", ["edit", "withdraw", "take down"])
def test_taken_back_while_somebody_posts_it_they_say_first_whether_they_did(open_world: Any, facebook: UUID, how: str) -> None:
    """Ann has posted it, and Ben takes it back before her proof is there: nothing is forgotten, and it is not posted twice."""
    post = open_world.scheduled(channels=(facebook,))
    open_world.worker_runs(T + HOUR)
    if how == "edit":
        open_world.edit(post, SAFE + " Changed.", channels=(facebook,))
    elif how == "withdraw":
        actions.withdraw_approval(actor=open_world.gail.actor, post_id=post, now=T + HOUR)
    else:
        with pytest.raises(actions.Refused):
            sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + HOUR)
        return
    delivery = Delivery.objects.get()
    assert delivery.state == "unclear"
    page = open_world.browser_of(open_world.priya)
    assert "look whether they did" in page.get(f"/posts/{post}/").content.decode()
    page.post(f"/posts/{post}/seen/{delivery.id}/", {"there": "1", "link": LINK})
    assert (Delivery.objects.get().state, Delivery.objects.get().permalink) == ("published", LINK)


def test_what_only_a_person_has_seen_is_taken_down_by_a_person(open_world: Any) -> None:
    """A take-down never ends in a program that does not know where the post stands."""
    post = open_world.scheduled()
    open_world.worker_runs(T + HOUR)
    Delivery.objects.update(state="published", remote_id="", permalink=LINK)
    from primum.publishing.models import PracticePost

    PracticePost.objects.all().delete()
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    open_world.worker_runs(T + DAY)
    assert Delivery.objects.get().state == "removing"
    assert [task.state for task in queries.hand_tasks(open_world.priya.actor)] == ["removing"]


def test_one_item_that_breaks_keeps_no_other_waiting(open_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from primum.publishing import remote

    first = open_world.scheduled()
    open_world.scheduled("Story hour is back: Saturdays at 10.")
    broken = open_world.post(first).deliveries.get().id
    real = remote.publish_delivery
    monkeypatch.setattr(remote, "publish_delivery", lambda delivery_id, *, now: 1 / 0 if delivery_id == broken else real(delivery_id, now=now))
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == ["Story hour is back: Saturdays at 10."]
