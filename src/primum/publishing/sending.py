"""Writes from schedule to live and down again. Kept apart from actions.py: here the minute, leases and fences rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from primum.connectors.contract import Live
from primum.connectors.registry import PLATFORMS
from primum.evidence.events import Event
from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.foundation.jobs import defer
from primum.people import queries as people
from primum.people.rules import REVIEWERS
from primum.publishing import events, queries, rules
from primum.publishing.actions import Refused, cancel_deliveries, lock_post, require_author
from primum.publishing.models import Attempt, Delivery, Post


class NothingToDo(Exception):
    """The delivery is not due, or another process has it: nothing was changed."""


@action
def schedule_post(*, actor: Actor, post_id: UUID, due_at: datetime, now: datetime) -> events.PostScheduled:
    """Give an approved post its minute, or move it inside the approved window (the approval stays). Raises Refused."""
    post = lock_post(actor, post_id)
    require_hand(actor, post)
    revision = post.revisions.filter(state="approved").first()
    if revision is None or post.state not in ("approved", "scheduled", "attention"):
        raise Refused("Only an approved post can be scheduled.")
    frozen = queries.frozen_of(revision)
    problem = rules.why_not_schedule(due_at=due_at, window_from=datetime.fromisoformat(frozen.window_from), window_until=datetime.fromisoformat(frozen.window_until), now=now)
    if problem:
        raise Refused(problem)
    made = 0
    for channel_id, _ in frozen.texts:
        if quiet := queries.why_quiet_at(UUID(channel_id), due_at):
            raise Refused(quiet)
        delivery, created = Delivery.objects.select_for_update().get_or_create(post=post, channel_id=UUID(channel_id), defaults={"revision": revision, "due_at": due_at})
        if delivery.state == "held" and delivery.lease_until and delivery.lease_until > timezone.now():
            raise Refused("Primum is looking whether something of it stands there. Schedule it in a minute.")
        if not created and delivery.state in ("scheduled", "held"):
            delivery.state, delivery.due_at, delivery.reason, delivery.revision, delivery.not_before = "scheduled", due_at, "", revision, None
            delivery.save(update_fields=["state", "due_at", "reason", "revision", "not_before"])
        elif not created:
            continue
        made += 1
        defer("publishing.publish_delivery", at=due_at, delivery_id=delivery.id)
    if not made:
        raise Refused("This post has gone out already.")
    post.state, post.due_at = "scheduled", due_at
    post.save(update_fields=["state", "due_at"])
    return events.PostScheduled(post=post.id, due_at=due_at, digest=revision.digest, deliveries=made)


def require_hand(actor: Actor, post: Post) -> UUID:
    """Authors and reviewers of the facility may schedule and stop; the lock asks about approvals, not about who scheduled. Gives the
    person. Raises NotAllowed."""
    member = people.viewer_member(actor)
    if not member.has_any(REVIEWERS, post.facility_id):
        require_author(actor, post.facility_id)
    return member.id


@action
def unschedule_post(*, actor: Actor, post_id: UUID, now: datetime) -> events.PostUnscheduled:
    """Take the minute away; the approval stays."""
    post = lock_post(actor, post_id)
    require_hand(actor, post)
    if Delivery.objects.filter(post=post, state="by_hand").exists():
        raise Refused("Somebody has been asked to post it by hand. Say on that task whether it was posted.")
    waiting = Delivery.objects.select_for_update().filter(post=post, state__in=("scheduled", "held"))
    if post.state not in ("scheduled", "attention") or not waiting.exists():
        raise Refused("There is nothing scheduled: it has gone out already, or is going out now.")
    was = post.due_at
    waiting.delete()
    if Delivery.objects.filter(post=post).exists():
        raise Refused("Parts of this post are live. Take it down instead.")
    post.state, post.due_at = "approved", None
    post.save(update_fields=["state", "due_at"])
    return events.PostUnscheduled(post=post.id, was_due_at=was)


def lock_delivery(delivery_id: UUID) -> Delivery:
    """Post first, then delivery: the order every action keeps, so that none wait in a circle."""
    row = Delivery.objects.filter(id=delivery_id).values_list("post_id", flat=True).first()
    if row is None:
        raise NothingToDo
    post = Post.objects.select_for_update(of=("self",)).select_related("facility").get(id=row)
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("revision", "channel").filter(id=delivery_id).first()
    if delivery is None:
        raise NothingToDo
    delivery.post = post
    return delivery


@action
def start_attempt(*, actor: Actor, delivery_id: UUID, now: datetime) -> Event:
    """Claim a due delivery: ask every gate again, and commit an attempt before the first byte leaves, or before a person is asked to
    post by hand. A closed gate holds the delivery with its reason. Raises NothingToDo when it is not due or not ours."""
    delivery = lock_delivery(delivery_id)
    if delivery.state != "scheduled" or max(delivery.due_at, delivery.not_before or delivery.due_at) > now:
        raise NothingToDo
    closed = rules.first_closed(rules.publish_lock(queries.lock_facts(delivery, now=now)))
    if closed is not None:
        return _hold(delivery, closed.name, closed.reason)
    if PLATFORMS[delivery.channel.platform].by_hand:
        return _hand_over(delivery, now=now)
    delivery.state, delivery.fence = "sending", delivery.fence + 1
    delivery.lease_until = now + timedelta(seconds=settings.PRIMUM.lease_seconds)
    delivery.save(update_fields=["state", "fence", "lease_until"])
    Attempt.objects.create(delivery=delivery, fence=delivery.fence, digest=delivery.revision.digest, started_at=now)
    return events.AttemptStarted(delivery=delivery.id, post=delivery.post_id, fence=delivery.fence, digest=delivery.revision.digest)


def _hand_over(delivery: Delivery, *, now: datetime) -> events.HandedOver:
    """Every gate is open, it is time, and a person must do it."""
    delivery.state, delivery.fence, delivery.reason = "by_hand", delivery.fence + 1, "Somebody must post it by hand now."
    delivery.save(update_fields=["state", "fence", "reason"])
    Attempt.objects.create(delivery=delivery, fence=delivery.fence, digest=delivery.revision.digest, started_at=now)
    defer("publishing.tell_hands", delivery_id=delivery.id)
    return events.HandedOver(delivery=delivery.id, post=delivery.post_id, fence=delivery.fence, digest=delivery.revision.digest)


def _hold(delivery: Delivery, gate: str, reason: str) -> events.DeliveryHeld:
    delivery.state, delivery.reason, delivery.lease_until = "held", reason[:300], None
    delivery.save(update_fields=["state", "reason", "lease_until"])
    delivery.post.state = "attention"
    delivery.post.save(update_fields=["state"])
    return events.DeliveryHeld(delivery=delivery.id, post=delivery.post_id, gate=gate)


def _open_attempt(delivery: Delivery, fence: int) -> Attempt:
    """The attempt that a writer with this fence holds; a later claim has a later fence, and the old writer is refused."""
    attempt = delivery.attempts.select_for_update().filter(outcome="open", fence=fence).first()
    if delivery.fence != fence or attempt is None:
        raise NothingToDo
    return attempt


@action
def record_published(*, actor: Actor, delivery_id: UUID, fence: int, live: Live, as_approved: bool, now: datetime, found_later: bool = False) -> events.DeliveryPublished:
    """It is live: where, and whether what the platform shows is what was approved."""
    delivery = lock_delivery(delivery_id)
    attempt = _open_attempt(delivery, fence)
    attempt.outcome, attempt.ended_at = "published", now
    attempt.save(update_fields=["outcome", "ended_at"])
    delivery.state, delivery.lease_until, delivery.remote_id, delivery.permalink = "published", None, live.remote_id, live.permalink
    delivery.published_text, delivery.published_at, delivery.is_as_approved = live.text, live.published_at or now, as_approved
    delivery.reason = "" if as_approved else "The platform shows something else than was approved. Compare, and take it down if it is wrong."
    if delivery.post.take_down_asked_at is not None:
        delivery.state = "removing"
        defer("publishing.remove_delivery", delivery_id=delivery.id)
    delivery.save()
    settle_post(delivery.post)
    return events.DeliveryPublished(delivery=delivery.id, post=delivery.post_id, fence=fence, digest=attempt.digest, as_approved=int(as_approved), found_later=int(found_later))


@action
def record_not_sent(*, actor: Actor, delivery_id: UUID, fence: int, reason: str, try_again: bool, now: datetime, pause: timedelta | None = None) -> events.AttemptFailed:
    """The platform certainly does not have it: try again while it is on time (after `pause`, where the platform asked for one), else
    hold it with the reason."""
    delivery = lock_delivery(delivery_id)
    attempt = _open_attempt(delivery, fence)
    attempt.outcome, attempt.ended_at = "not_sent", now
    attempt.save(update_fields=["outcome", "ended_at"])
    if try_again and delivery.post.take_down_asked_at is None:
        delivery.state, delivery.lease_until, delivery.reason = "scheduled", None, reason[:300]
        late_at = delivery.due_at + timedelta(minutes=settings.PRIMUM.late_minutes, seconds=1)  # then the lock says that it is too late
        delivery.not_before = min(now + pause, late_at) if pause else None
        delivery.save(update_fields=["state", "lease_until", "reason", "not_before"])
    else:
        _hold(delivery, "platform", reason)
    return events.AttemptFailed(delivery=delivery.id, post=delivery.post_id, fence=fence, outcome="not_sent")


@action
def record_unknown(*, actor: Actor, delivery_id: UUID, fence: int, look_at: datetime, now: datetime) -> events.AttemptFailed:
    """It may have gone out. Nobody repeats it; from `look_at`, when the platform must show what it has, the sweep looks there."""
    delivery = lock_delivery(delivery_id)
    _open_attempt(delivery, fence)
    delivery.reason = "May have gone out: checking."
    delivery.lease_until = look_at
    delivery.save(update_fields=["reason", "lease_until"])
    return events.AttemptFailed(delivery=delivery.id, post=delivery.post_id, fence=fence, outcome="unknown")


@action
def record_unclear(*, actor: Actor, delivery_id: UUID, fence: int, now: datetime) -> events.AttemptFailed:
    """Looked, and did not find it; but this platform would not refuse a second one. A person looks and decides."""
    delivery = lock_delivery(delivery_id)
    attempt = _open_attempt(delivery, fence)
    attempt.outcome, attempt.ended_at = "unknown", now
    attempt.save(update_fields=["outcome", "ended_at"])
    delivery.state, delivery.lease_until = "unclear", None
    delivery.reason = "May have gone out: look at the channel, then say what you saw."
    delivery.save(update_fields=["state", "lease_until", "reason"])
    settle_post(delivery.post)
    return events.AttemptFailed(delivery=delivery.id, post=delivery.post_id, fence=fence, outcome="unclear")


@action
def say_what_was_seen(*, actor: Actor, delivery_id: UUID, live: Live | None, permalink: str, as_approved: bool | None, now: datetime) -> events.DeliverySeen:
    """A person looked at the channel: it is there (`permalink`; `live` where we could read it), or it is not and may be scheduled again.

    Raises Refused, NotAllowed, NothingToDo."""
    delivery = lock_delivery(delivery_id)
    require_hand(actor, delivery.post)
    if delivery.state != "unclear":
        raise Refused("Somebody has said already what they saw.")
    if not permalink:
        _hold(delivery, "platform", "Somebody looked: it is not there. Schedule it again, or leave it.")
        return events.DeliverySeen(delivery=delivery.id, post=delivery.post_id, is_there=0)
    delivery.state, delivery.permalink, delivery.is_as_approved, delivery.published_at = "published", permalink[:500], as_approved, live.published_at if live else now
    delivery.remote_id = live.remote_id if live else ""
    delivery.published_text = live.text if live else queries.frozen_of(delivery.revision).text_for(delivery.channel_id)
    delivery.reason = "" if as_approved else "A person said that it is there. Compare it with what was approved."
    if delivery.post.take_down_asked_at is not None:
        delivery.state = "removing"
        _ask_for_removal(delivery)
    delivery.save()
    settle_post(delivery.post)
    return events.DeliverySeen(delivery=delivery.id, post=delivery.post_id, is_there=1)


def settle_post(post: Post) -> None:
    """The post's state follows its deliveries."""
    states = set(Delivery.objects.filter(post=post).values_list("state", flat=True))
    if states & {"held", "unclear"}:
        post.state = "attention"
    elif states <= {"removed"}:
        post.state = "taken_down"
    elif states <= {"published", "removed", "removing"}:
        post.state = "published"
    else:
        post.state = "scheduled"
    post.save(update_fields=["state"])


def _ask_for_removal(delivery: Delivery) -> None:
    """A program where one can; a person where only a person can post, or only a person has seen it."""
    by_hand = PLATFORMS[delivery.channel.platform].by_hand or not delivery.remote_id
    defer("publishing.tell_hands" if by_hand else "publishing.remove_delivery", delivery_id=delivery.id)


@action
def take_down_post(*, actor: Actor, post_id: UUID, now: datetime) -> events.TakeDownAsked:
    """Remove every live copy. It counts as down only when the platform has been asked and no longer shows it."""
    post = lock_post(actor, post_id)
    require_hand(actor, post)
    if Delivery.objects.filter(post=post, state="unclear").exists():
        raise Refused("Somebody must first look whether it went out, and say so below.")
    if not Delivery.objects.filter(post=post, state__in=("published", "sending")).exists():
        raise Refused("Nothing of this post is live.")
    return events.TakeDownAsked(post=post.id, deliveries=begin_take_down(post, now=now))


def begin_take_down(post: Post, *, now: datetime) -> int:
    """For a post whose row is locked. What has not gone out yet must not follow; what is on its way is taken down when it arrives.
    Gives how many are live."""
    cancel_deliveries(post, now=now)
    post.take_down_asked_at = now
    post.save(update_fields=["take_down_asked_at"])
    live = list(Delivery.objects.select_for_update(of=("self",)).select_related("channel").filter(post=post, state="published"))
    for delivery in live:
        delivery.state = "removing"
        delivery.save(update_fields=["state"])
        _ask_for_removal(delivery)
    return len(live)


@action
def hold_after_restore(*, actor: Actor, delivery_id: UUID, now: datetime) -> events.DeliveryHeld:
    """The database is a backup's: what was on its way then may have gone out since. A person looks, and decides."""
    delivery = lock_delivery(delivery_id)
    if delivery.state not in ("scheduled", "sending", "by_hand"):
        raise NothingToDo
    delivery.attempts.filter(outcome="open").update(outcome="unknown", ended_at=now)
    if delivery.state == "sending":
        delivery.state, delivery.lease_until, delivery.reason = "unclear", None, "Restored from a backup: it may have gone out. Look at the channel, then say what you saw."
        delivery.save(update_fields=["state", "lease_until", "reason"])
        settle_post(delivery.post)
        return events.DeliveryHeld(delivery=delivery.id, post=delivery.post_id, gate="restored")
    return _hold(delivery, "restored", "Restored from a backup: it may have gone out since, or its approval may have been withdrawn. Look, before you schedule it again.")


@action
def record_removed(*, actor: Actor, delivery_id: UUID, now: datetime) -> events.DeliveryRemoved:
    """Asked, and seen to be gone."""
    delivery = lock_delivery(delivery_id)
    if delivery.state != "removing":
        raise NothingToDo
    delivery.state, delivery.removed_at, delivery.checked_gone_at = "removed", now, now
    delivery.save(update_fields=["state", "removed_at", "checked_gone_at"])
    settle_post(delivery.post)
    return events.DeliveryRemoved(delivery=delivery.id, post=delivery.post_id)


@action
def record_orphan(*, actor: Actor, delivery_id: UUID, is_gone: bool, now: datetime) -> events.OrphanRemoved:
    """What a late worker sent, though its delivery was cancelled or held meanwhile, was deleted on the platform."""
    return events.OrphanRemoved(delivery=delivery_id, is_gone=int(is_gone))


@action
def record_came_back(*, actor: Actor, delivery_id: UUID, now: datetime) -> events.DeliveryCameBack:
    """Looked again after a take-down, and it is live: take it down once more."""
    delivery = lock_delivery(delivery_id)
    if delivery.state != "removed":
        raise NothingToDo
    was, delivery.state = delivery.removed_at, "removing"
    delivery.save(update_fields=["state"])
    settle_post(delivery.post)
    return events.DeliveryCameBack(delivery=delivery.id, post=delivery.post_id, removed_at=was)
