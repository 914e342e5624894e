"""From draft to live and down again, as a person would tell it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from world import DAY, HOUR, MINUTE, MOSAIC, SAFE, SECOND, SETUP, T

from primum.evidence import verify as checking
from primum.evidence.models import Entry
from primum.inventory import actions as inventory
from primum.people import actions as people
from primum.publishing import actions, outside, sending
from primum.publishing.actions import NotAllowed, Refused, Stale
from primum.publishing.drafts import BadDraft
from primum.publishing.models import Attempt, Decision, Delivery, PracticePost
from primum.screening.models import Screening


def test_an_approved_post_appears_once_at_its_minute_and_is_read_back(open_world: Any) -> None:
    post = open_world.scheduled(due=T + HOUR)
    open_world.worker_runs(T + HOUR - SECOND)
    assert open_world.feed() == []
    open_world.worker_runs(T + HOUR)
    open_world.worker_runs(T + HOUR + SECOND)
    assert open_world.feed() == [SAFE]
    delivery = Delivery.objects.get(post_id=post)
    assert (delivery.state, delivery.is_as_approved, delivery.published_text) == ("published", True, SAFE)
    assert PracticePost.objects.get().times_put == 1
    assert open_world.post(post).state == "published"


def test_taken_down_counts_only_when_the_channel_no_longer_shows_it(open_world: Any) -> None:
    post = open_world.scheduled()
    open_world.worker_runs(T + HOUR)
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + DAY)
    assert open_world.post(post).state == "published"
    open_world.worker_runs(T + DAY)
    assert open_world.feed() == []
    assert open_world.post(post).state == "taken_down"
    assert Delivery.objects.get().checked_gone_at is not None


def test_the_author_cannot_approve(world: Any) -> None:
    post = world.draft(by=world.sam)
    world.submit(post, by=world.sam)
    with pytest.raises(NotAllowed, match="somebody else"):
        world.decide(post, by=world.sam)
    assert post not in world.queue_of(world.sam)


def test_whoever_edited_counts_as_author(world: Any) -> None:
    post = world.draft()
    world.edit(post, "Flu shots, walk in Mon-Fri 8 to 5.", by=world.sam)
    world.submit(post)
    with pytest.raises(NotAllowed):
        world.decide(post, by=world.sam)
    world.decide(post, by=world.gail)


def test_the_database_itself_refuses_an_authors_approval(world: Any) -> None:
    post = world.draft()
    world.submit(post)
    revision = world.post(post).revisions.get()
    with pytest.raises(IntegrityError, match="nobody approves"), transaction.atomic():
        Decision.objects.create(revision=revision, person_id=world.priya.id, role="author", outcome="approved", digest=revision.digest, at=T)
    with pytest.raises(IntegrityError, match="bound to the digest"), transaction.atomic():
        Decision.objects.create(revision=revision, person_id=world.gail.id, role="brand_reviewer", outcome="approved", digest="0" * 64, at=T)


@pytest.mark.parametrize("what", ["text", "own", "channel", "window"])
def test_any_edit_after_approval_needs_approval_again(world: Any, what: str) -> None:
    post = world.scheduled()
    changes: dict[str, Any] = {
        "text": {"text": SAFE + " ❤️"},
        "own": {"own": {world.channel: "Flu shots today!"}},
        "channel": {"channels": (world.channel, world.second)},
        "window": {"window_until": T + 3 * DAY},
    }[what]
    world.edit(post, changes.pop("text", SAFE), **changes)
    row = world.post(post)
    assert (row.state, row.due_at) == ("draft", None)
    assert not Delivery.objects.filter(post_id=post).exists()
    with pytest.raises(Refused):
        world.schedule(post)


def test_a_move_inside_the_approved_window_keeps_the_approval(open_world: Any) -> None:
    post = open_world.scheduled(due=T + HOUR)
    open_world.schedule(post, T + 2 * HOUR)
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == []
    open_world.worker_runs(T + 2 * HOUR)
    assert open_world.feed() == [SAFE]


def test_a_move_out_of_the_window_is_refused(world: Any) -> None:
    post = world.approved()
    with pytest.raises(Refused, match="outside the approved window"):
        world.schedule(post, T + 30 * DAY)


def test_an_approval_withdrawn_a_second_before_the_minute_blocks(open_world: Any) -> None:
    post = open_world.scheduled(due=T + HOUR)
    actions.withdraw_approval(actor=open_world.gail.actor, post_id=post, now=T + HOUR - SECOND)
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == []
    assert open_world.post(post).state == "draft"


def test_a_paused_channel_holds_the_post_and_says_why(open_world: Any) -> None:
    post = open_world.scheduled()
    inventory.set_channel_status(actor=open_world.ken.actor, channel_id=open_world.channel, status="paused")
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == []
    assert "paused" in open_world.reason(post)
    assert open_world.post(post).state == "attention"


def test_a_late_post_is_held_never_sent_in_a_burst(open_world: Any) -> None:
    post = open_world.scheduled()
    open_world.worker_runs(T + HOUR + 11 * MINUTE)
    assert open_world.feed() == []
    assert "Its minute passed" in open_world.reason(post)
    open_world.schedule(post, T + 2 * HOUR, at=T + HOUR + 12 * MINUTE)
    open_world.worker_runs(T + 2 * HOUR)
    assert open_world.feed() == [SAFE]


def test_an_approver_who_lost_the_role_no_longer_counts(open_world: Any) -> None:
    post = open_world.scheduled()
    people.set_roles(actor=open_world.ken.actor, person_id=open_world.gail.id, roles=frozenset())
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == []
    assert "no live approval" in open_world.reason(post)


def test_an_author_who_left_no_longer_publishes(open_world: Any) -> None:
    post = open_world.scheduled()
    people.person_left(actor=open_world.ken.actor, person_id=open_world.priya.id, now=T)
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == []
    assert "no longer works here" in open_world.reason(post)


def test_a_stop_needs_the_privacy_officer_and_a_reason(world: Any) -> None:
    post = world.draft(MOSAIC)
    with pytest.raises(Refused, match="would be stopped"):
        world.submit(post)
    world.submit(post, why="The family signed an authorization, number in the binder.")
    assert world.queue_of(world.gail) == [] and world.queue_of(world.adaeze) == [post]
    with pytest.raises(NotAllowed, match="privacy officer"):
        world.decide(post, by=world.gail)
    with pytest.raises(Refused, match="Say why you release"):
        world.decide(post, by=world.adaeze)
    world.decide(post, by=world.adaeze, reason="Authorization checked.")
    assert world.post(post).state == "approved"


def test_a_number_that_nobody_may_release_cannot_be_submitted(world: Any) -> None:
    post = world.draft("Lost wallet found near the lobby, MRN 0048213.")
    with pytest.raises(Refused, match="nobody may release"):
        world.submit(post, why="please")


def test_send_back_and_reject_need_a_reason(world: Any) -> None:
    post = world.draft()
    world.submit(post)
    for outcome in ("changes", "rejected"):
        with pytest.raises(Refused, match="Say why"):
            world.decide(post, outcome=outcome)
    world.decide(post, outcome="changes", reason="Name the building.")
    assert world.post(post).state == "changes"
    world.edit(post, SAFE + " Building A.")
    world.submit(post)
    assert world.post(post).revisions.count() == 2


def test_a_decision_about_an_older_version_decides_nothing(world: Any) -> None:
    post = world.draft()
    world.submit(post)
    old = world.post(post).revisions.get()
    world.edit(post, SAFE + "!")
    with pytest.raises(Stale):
        actions.decide_revision(actor=world.gail.actor, revision_id=old.id, outcome="approved", reason="", digest=old.digest, now=T)


def test_a_second_tab_does_not_save_over_the_first(world: Any) -> None:
    post = world.draft()
    version = world.post(post).version
    world.edit(post, "First tab.")
    with pytest.raises(Stale):
        actions.save_draft(actor=world.priya.actor, post_id=post, version=version, draft=actions.Draft("Second tab.", (world.channel,)), now=T)
    assert world.post(post).text == "First tab."


def test_withdraw_duplicate_discard(world: Any) -> None:
    post = world.draft(alt_texts={}, note="for Tuesday")
    world.submit(post)
    actions.withdraw_submission(actor=world.priya.actor, post_id=post, now=T)
    assert world.post(post).state == "draft" and world.queue_of(world.gail) == []
    copy = actions.duplicate_post(actor=world.priya.actor, post_id=post, now=T).post
    assert (world.post(copy).text, world.post(copy).note) == (SAFE, "for Tuesday")
    actions.discard_post(actor=world.priya.actor, post_id=post, now=T)
    assert world.post(post).state == "discarded"


@pytest.mark.parametrize("text", ["x" * 50_001, "nul \x00 byte", "half \ud83d pair"])
def test_what_no_platform_can_show_is_refused_with_words(world: Any, text: str) -> None:
    with pytest.raises(BadDraft):
        world.draft(text)


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_empty_or_too_long_cannot_be_submitted(world: Any, text: str) -> None:
    post = world.draft(text)
    with pytest.raises(Refused):
        world.submit(post)


def test_two_workers_and_a_zombie_publish_once(open_world: Any) -> None:
    """A worker that was stopped after its claim wakes up when another has settled the post: its late word changes nothing."""
    open_world.scheduled()
    delivery = Delivery.objects.get()
    started = sending.start_attempt(actor=SETUP, delivery_id=delivery.id, now=T + HOUR)
    open_world.worker_runs(T + HOUR + 61 * SECOND)  # the lease is over: looked, not found, tried again
    assert open_world.feed() == [SAFE]
    with pytest.raises(sending.NothingToDo):
        sending.record_unknown(actor=SETUP, delivery_id=delivery.id, fence=started.fence, look_at=T + DAY, now=T + HOUR + 2 * MINUTE)
    assert Attempt.objects.filter(outcome="published").count() == 1
    assert PracticePost.objects.get().times_put == 1


def test_sent_but_not_recorded_is_looked_up_not_repeated(open_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from primum.publishing import remote

    open_world.scheduled()
    monkeypatch.setattr(remote.sending, "record_published", lambda **_: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        open_world.worker_runs(T + HOUR)
    monkeypatch.undo()
    assert Delivery.objects.get().state == "sending"
    open_world.worker_runs(T + HOUR + 61 * SECOND)
    assert Delivery.objects.get().state == "published"
    assert PracticePost.objects.get().times_put == 1


def test_every_step_left_one_entry(open_world: Any) -> None:
    before = Entry.objects.count()
    open_world.scheduled()
    open_world.worker_runs(T + HOUR)
    done = list(Entry.objects.filter(index__gte=before).order_by("index").values_list("action", flat=True))
    assert done == ["create_post", "record_screening", "submit_revision", "decide_revision", "schedule_post", "start_attempt", "record_published"]


def test_a_post_that_a_sleeper_brings_back_is_taken_down_again(open_world: Any) -> None:
    """A worker that was stopped between its claim and its call wakes up after the take-down."""

    post = open_world.scheduled()
    open_world.worker_runs(T + HOUR)
    delivery = Delivery.objects.select_related("revision").get()
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + 2 * HOUR)
    open_world.worker_runs(T + 2 * HOUR)
    removed_at = Delivery.objects.get().removed_at
    assert removed_at is not None
    outside.connector_for(delivery).publish(outside.outgoing_of(delivery))
    assert open_world.feed() == [SAFE]
    open_world.worker_runs(removed_at + MINUTE)
    assert open_world.feed() == []
    assert Entry.objects.filter(action="record_came_back").count() == 1
    assert open_world.post(post).state == "taken_down"


def test_old_drafts_end_and_nothing_else(world: Any) -> None:
    old, kept = world.draft("old", at=T - 31 * DAY), world.scheduled(due=T + HOUR)
    new = world.draft("new")
    revived = world.draft("sent back lately", at=T - 40 * DAY)
    world.submit(revived, at=T - DAY)
    world.decide(revived, outcome="changes", reason="Name the room.", at=T - DAY)
    from primum.publishing import remote

    judged = set(Screening.objects.values_list("digest", flat=True))
    world.submit(old, at=T - 31 * DAY)
    actions.withdraw_submission(actor=world.priya.actor, post_id=old, now=T - 31 * DAY)
    assert Screening.objects.count() == len(judged) + 1
    assert remote.destroy_old_drafts(now=T) == 1
    assert set(Screening.objects.values_list("digest", flat=True)) == judged
    assert not actions.Post.objects.filter(id=old).exists()
    assert actions.Post.objects.filter(id__in=(kept, new, revived)).count() == 3


def test_a_take_down_stops_what_has_not_gone_out_yet(open_world: Any) -> None:
    post = open_world.scheduled(channels=(open_world.channel, open_world.second))
    inventory.set_channel_status(actor=open_world.ken.actor, channel_id=open_world.second, status="paused")
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == [SAFE]
    inventory.set_channel_status(actor=open_world.ken.actor, channel_id=open_world.second, status="sanctioned")
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + HOUR + MINUTE)
    open_world.worker_runs(T + HOUR + 2 * MINUTE)
    assert open_world.feed() == open_world.feed(open_world.second) == []
    assert open_world.post(post).state == "taken_down"


def test_a_post_being_sent_is_taken_down_when_it_arrives(open_world: Any) -> None:

    post = open_world.scheduled()
    delivery = Delivery.objects.get()
    started = sending.start_attempt(actor=SETUP, delivery_id=delivery.id, now=T + HOUR)
    sending.take_down_post(actor=open_world.priya.actor, post_id=post, now=T + HOUR)
    delivery.refresh_from_db()
    connector = outside.connector_for(delivery)
    live = connector.read(connector.publish(outside.outgoing_of(delivery)))
    assert live is not None
    sending.record_published(actor=SETUP, delivery_id=delivery.id, fence=started.fence, live=live, as_approved=True, now=T + HOUR)  # type: ignore[attr-defined]
    open_world.worker_runs(T + HOUR + SECOND)
    assert open_world.feed() == []
    assert open_world.post(post).state == "taken_down"


def test_what_a_sleeper_sends_after_a_cancel_does_not_stay(open_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claimed, stopped, settled by another worker, cancelled by an edit; then it wakes and sends."""
    from primum.publishing import remote

    post = open_world.scheduled()
    delivery = Delivery.objects.get()

    def meanwhile(*_: Any) -> bool:
        remote.settle_delivery(delivery.id, now=T + HOUR + 2 * MINUTE)
        open_world.edit(post, SAFE + " Changed.")
        return True

    monkeypatch.setattr(remote, "_still_ours", meanwhile)
    remote.publish_delivery(delivery.id, now=T + HOUR)
    assert open_world.feed() == []
    assert Entry.objects.filter(action="record_orphan", subject=f"delivery:{delivery.id}").count() == 1


@pytest.mark.parametrize("back", [MINUTE, HOUR, 400 * DAY])
def test_a_clock_set_back_publishes_nothing_early_or_twice(open_world: Any, back: timedelta) -> None:
    """Somebody mends the server's clock while posts are waiting, being sent and live."""
    live, waiting = open_world.scheduled("Already out.", T + MINUTE), open_world.scheduled(due=T + HOUR)
    open_world.worker_runs(T + 2 * MINUTE)
    open_world.worker_runs(T + 2 * MINUTE - back)
    assert open_world.feed() == ["Already out."]
    late = open_world.draft("Written after the change.", at=T + 2 * MINUTE - back)
    open_world.submit(late, at=T + 2 * MINUTE - back)
    open_world.worker_runs(T + HOUR)
    open_world.worker_runs(T + HOUR - back)
    open_world.worker_runs(T + HOUR + MINUTE)
    assert open_world.feed() == ["Already out.", SAFE]
    assert {open_world.post(post).state for post in (live, waiting)} == {"published"}
    assert checking.verify().faults == ()


def test_a_clock_set_back_while_sending_only_waits(open_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The claim's lease then ends later than meant: nobody repeats it meanwhile, and afterwards the platform is asked."""
    from primum.publishing import remote

    post = open_world.scheduled()
    monkeypatch.setattr(remote, "_still_ours", lambda *_: False)  # claimed, and the worker is gone
    open_world.worker_runs(T + HOUR)
    monkeypatch.undo()
    open_world.worker_runs(T)
    assert open_world.feed() == [] and open_world.post(post).state == "scheduled"
    open_world.worker_runs(T + HOUR + 3 * MINUTE)
    assert open_world.feed() == [SAFE] and open_world.post(post).state == "published"


def test_one_post_belongs_to_one_facility(world: Any) -> None:
    other = inventory.add_channel(actor=SETUP, platform="practice", name="Dental practice", handle="@dental", facility_id=world.dental).channel
    people.set_roles(actor=world.ken.actor, person_id=world.priya.id, roles=frozenset({("author", world.hospital), ("author", world.dental)}))
    with pytest.raises(NotAllowed, match="one facility"):
        world.draft(channels=(world.channel, other))


def test_duplicating_does_not_turn_a_writer_into_a_reviewer(world: Any) -> None:
    post = world.draft(by=world.sam)
    copy = actions.duplicate_post(actor=world.priya.actor, post_id=post, now=T).post
    world.submit(copy)
    with pytest.raises(NotAllowed, match="somebody else"):
        world.decide(copy, by=world.sam)


def test_words_are_kept_even_where_no_channel_uses_them_yet(world: Any) -> None:
    post = world.draft("first", own={world.channel: "own words"})
    world.edit(post, "second", own={world.channel: "own words"})
    assert world.post(post).text == "second"


def test_a_lease_from_a_clock_that_stood_an_hour_ahead_ends_when_the_clock_is_right_again(open_world: Any) -> None:
    open_world.scheduled(due=T + 2 * HOUR)
    delivery = Delivery.objects.get()
    sending.start_attempt(actor=SETUP, delivery_id=delivery.id, now=T + 2 * HOUR)  # in truth it is an hour earlier
    open_world.worker_runs(T + HOUR + MINUTE)
    open_world.worker_runs(T + 2 * HOUR)
    assert open_world.feed() == [SAFE]
    assert Delivery.objects.get().state == "published"
