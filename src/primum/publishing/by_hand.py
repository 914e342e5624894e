"""Posting by hand, where a platform has no door for programs yet: the same lock at the same minute, then a person, then proof."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.publishing import events, queries, rules
from primum.publishing.actions import Refused
from primum.publishing.media import Rendition
from primum.publishing.models import Delivery, Proof
from primum.publishing.sending import lock_delivery, require_hand, settle_post


def why_not_now(delivery: Delivery, *, now: datetime) -> str | None:
    """Whether it may still be posted: every gate asked once more, but for lateness, which a person at a keyboard cannot help."""
    gates = rules.publish_lock(queries.lock_facts(delivery, now=now))
    closed = rules.first_closed(tuple(gate for gate in gates if gate.name != "time"))
    return closed.reason if closed else None


@action
def record_posted_by_hand(*, actor: Actor, delivery_id: UUID, permalink: str, proof: Rendition, now: datetime) -> events.PostedByHand:
    """Somebody posted exactly what was approved, and shows it. Raises Refused, NotAllowed."""
    delivery = lock_delivery(delivery_id)
    person = require_hand(actor, delivery.post)
    attempt = delivery.attempts.select_for_update().filter(outcome="open", fence=delivery.fence).first()
    if delivery.state != "by_hand" or attempt is None:
        raise Refused("This task is done already, or was withdrawn. If you have just posted it, open the post's page and see what to do.")
    attempt.outcome, attempt.ended_at = "published", now
    attempt.save(update_fields=["outcome", "ended_at"])
    Proof.objects.create(delivery=delivery, shows="posted", data=proof.data, sha256=proof.sha256, mime=proof.mime, by_id=person, at=now)
    delivery.state, delivery.remote_id, delivery.permalink, delivery.published_at = "published", permalink[:300], permalink[:500], now
    delivery.published_text = queries.frozen_of(delivery.revision).text_for(delivery.channel_id)
    delivery.is_as_approved, delivery.reason = None, "Posted by hand, and compared by the person who posted it."
    delivery.save()
    settle_post(delivery.post)
    return events.PostedByHand(delivery=delivery.id, post=delivery.post_id, digest=delivery.revision.digest, proof=proof.sha256)


@action
def give_back(*, actor: Actor, delivery_id: UUID, now: datetime) -> events.GivenBack:
    """Nobody posted it, and nobody will: it is held, and may be scheduled again, edited or left. Raises Refused, NotAllowed."""
    delivery = lock_delivery(delivery_id)
    require_hand(actor, delivery.post)
    if delivery.state != "by_hand":
        raise Refused("This task is done already, or was withdrawn.")
    delivery.attempts.filter(outcome="open").update(outcome="not_sent", ended_at=now)
    delivery.state, delivery.reason = "held", "Given back: nobody posted it."
    delivery.save(update_fields=["state", "reason"])
    settle_post(delivery.post)
    return events.GivenBack(delivery=delivery.id, post=delivery.post_id)


@action
def record_removed_by_hand(*, actor: Actor, delivery_id: UUID, proof: Rendition, now: datetime) -> events.RemovedByHand:
    """Somebody removed it there, looked again, and shows that it is gone. Raises Refused, NotAllowed."""
    delivery = lock_delivery(delivery_id)
    person = require_hand(actor, delivery.post)
    if delivery.state != "removing":
        raise Refused("This task is done already.")
    Proof.objects.create(delivery=delivery, shows="removed", data=proof.data, sha256=proof.sha256, mime=proof.mime, by_id=person, at=now)
    delivery.state, delivery.removed_at, delivery.checked_gone_at = "removed", now, now
    delivery.save(update_fields=["state", "removed_at", "checked_gone_at"])
    settle_post(delivery.post)
    return events.RemovedByHand(delivery=delivery.id, post=delivery.post_id, proof=proof.sha256)
