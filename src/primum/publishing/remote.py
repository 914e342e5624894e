"""Talking to the outside: claim by an action, call with no transaction open, record by an action. Never the other way round."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from primum.connectors.contract import Connector, ConnectorError, Live
from primum.evidence.recording import require_outside
from primum.foundation.actor import Actor, system
from primum.foundation.logs import log
from primum.inventory import queries as inventory
from primum.inventory import remote as channels
from primum.publishing import actions, events, queries, sending
from primum.publishing.coming_down import look_again, remove_delivery, remove_orphan, take_back_half, tidy
from primum.publishing.models import Attempt, Delivery, Pulse, Revision
from primum.publishing.outside import connector_for, connector_of, found_there, is_as_approved, let_rest, outgoing_of, rests, settle_time

PUBLISHER = system("publisher")
LOOK_FOR = timedelta(minutes=15)  # then a person looks


def resolve(viewer: Actor, post_id: UUID) -> dict[UUID, str]:
    """Before a post is submitted: what each platform says about the names and links in its text, so that it is frozen and approved
    with it. Raises PostNotFound, Refused."""
    post = queries.get_post(viewer, post_id)
    found: dict[UUID, str] = {}
    for row in post.texts.select_related("channel"):
        if row.channel.platform in ("practice", *queries.BY_HAND):
            continue
        if not inventory.is_connected(row.channel_id):
            raise actions.Refused(f"{row.channel.name} is not connected, so names and links in the text cannot be looked up. Its owner can connect it on the channel's page.")
        require_outside()
        try:
            found[row.channel_id] = connector_of(row.channel_id).prepare(row.text if row.text is not None else post.text, (post.heard_link or "") if post.kind == "reply" else "", post.warning or "")
        except ConnectorError as error:
            raise actions.Refused(f"{row.channel.name}: {error.reason}") from None
    return found


def publish_delivery(delivery_id: UUID, *, now: datetime) -> None:
    """Send one delivery whose minute has come. Safe to call any number of times, by any number of workers."""
    begun = time.monotonic()
    if _waits_its_turn(delivery_id, now):
        return
    try:
        event = sending.start_attempt(actor=PUBLISHER, delivery_id=delivery_id, now=now)
    except sending.NothingToDo:
        return
    if not isinstance(event, events.AttemptStarted):
        log().info("delivery held, or handed to a person", delivery=str(delivery_id))
        return
    delivery = Delivery.objects.select_related("revision", "channel").get(id=delivery_id)
    require_outside()
    try:
        connector, outgoing = connector_for(delivery), outgoing_of(delivery)
        if not _still_ours(delivery_id, event.fence, begun):
            return  # stopped for too long since the claim: another worker looks after it
        remote_id = connector.publish(replace(outgoing, go_on=lambda: _renew(delivery_id, event.fence)))
    except ConnectorError as error:
        let_rest(delivery, error, now + timedelta(seconds=time.monotonic() - begun))
        try:
            _record_failure(delivery, event.fence, error)
        except sending.NothingToDo:
            _came_too_late(delivery)
        return
    live = _read_back(connector, remote_id)
    try:
        if live is None:
            _record_unknown(delivery, event.fence)
            return
        sending.record_published(actor=PUBLISHER, delivery_id=delivery_id, fence=event.fence, live=live, as_approved=is_as_approved(connector, outgoing, live), now=timezone.now())
    except sending.NothingToDo:
        _came_too_late(delivery)
        return
    log().info("published", delivery=str(delivery_id))


def _waits_its_turn(delivery_id: UUID, now: datetime) -> bool:
    """The channel has sent as much in this hour as it may: this one waits, and is held by the lock when it becomes late. Waiting
    decides nothing, so it is no action."""
    delivery = Delivery.objects.filter(id=delivery_id, state="scheduled", due_at__lte=now).first()
    if delivery is None:
        return False
    late_at = delivery.due_at + timedelta(minutes=settings.PRIMUM.late_minutes)
    until, reason = queries.pace_allows_from(delivery, now), "The channel has sent as many posts this hour as it may; this one waits."
    if rests(delivery.channel_id, now):
        until, reason = now + timedelta(seconds=30), "The platform could not be reached; this one waits a little."
    if until is None or now > late_at:
        return False
    until = min(until, late_at + timedelta(seconds=1))  # then the lock says that it is too late
    return bool(Delivery.objects.filter(id=delivery_id, state="scheduled").update(not_before=until, reason=reason))


def _still_ours(delivery_id: UUID, fence: int, begun: float) -> bool:
    """Right before the first byte leaves: the claim is young, and nobody has settled it since."""
    young = time.monotonic() - begun < settings.PRIMUM.lease_seconds / 2
    return young and Delivery.objects.filter(id=delivery_id, fence=fence, state="sending").exists()


def _renew(delivery_id: UUID, fence: int) -> bool:
    """Before each further part of a thread: nobody has settled it since, and it stays ours for another while. That decides nothing, so it
    is no action."""
    until = timezone.now() + timedelta(seconds=settings.PRIMUM.lease_seconds)
    return bool(Delivery.objects.filter(id=delivery_id, fence=fence, state="sending").update(lease_until=until))


def _came_too_late(delivery: Delivery) -> None:
    """Somebody settled it while we were under way. Where that was no publication, nothing of ours may stay; the sweep looks, too."""
    with suppress(ConnectorError):
        remove_orphan(connector_for(delivery), outgoing_of(delivery), delivery)


def _read_back(connector: Connector, remote_id: str) -> Live | None:
    """What the platform shows now. It has taken the post: a failure here is no failure to publish, only one to look."""
    try:
        live = connector.read(remote_id)
    except ConnectorError:
        return None
    return live if live is not None and live.is_whole else None


def _record_failure(delivery: Delivery, fence: int, error: ConnectorError) -> None:
    now = timezone.now()
    log().warning("publish failed", delivery=str(delivery.id), outcome=error.sent)
    if error.is_credential:
        channels.refused(delivery.channel_id, error, now=now)
    if error.sent == "no":
        sending.record_not_sent(actor=PUBLISHER, delivery_id=delivery.id, fence=fence, reason=error.reason, try_again=not error.permanent, pause=error.retry_after, now=now)
    else:
        _record_unknown(delivery, fence)


def _record_unknown(delivery: Delivery, fence: int) -> None:
    now = timezone.now()
    sending.record_unknown(actor=PUBLISHER, delivery_id=delivery.id, fence=fence, look_at=now + settle_time(delivery), now=now)


def settle_delivery(delivery_id: UUID, *, now: datetime) -> None:
    """The lease ran out and nobody knows: look on the platform. Found is recorded; not found may be tried again only where a
    second try cannot make a second post."""
    delivery = Delivery.objects.select_related("revision", "channel").filter(queries.lease_is_over(now), id=delivery_id, state="sending").first()
    if delivery is None or rests(delivery.channel_id, now):
        return
    if Attempt.objects.filter(delivery=delivery, outcome="open", started_at__gt=now - settle_time(delivery), started_at__lte=now).exists():
        return  # too early: the platform may not show it yet
    try:
        connector, outgoing = connector_for(delivery), outgoing_of(delivery)
        live = take_back_half(connector, outgoing, delivery.channel_id)  # it must not stand there, whatever comes next
        if live is not None and not live.is_whole:
            return  # a part has just arrived: the next sweep looks again
    except ConnectorError as error:
        let_rest(delivery, error, now)
        if error.is_credential:
            channels.refused(delivery.channel_id, error, now=now)
        if error.permanent or delivery.attempts.filter(outcome="open", started_at__lt=now - LOOK_FOR).exists():
            with suppress(sending.NothingToDo):
                sending.record_unclear(actor=PUBLISHER, delivery_id=delivery_id, fence=delivery.fence, now=now)
        return  # looked in vain: the next sweep looks again, for a while
    try:
        if live is not None:
            sending.record_published(
                actor=PUBLISHER,
                delivery_id=delivery_id,
                fence=delivery.fence,
                live=live,
                as_approved=is_as_approved(connector, outgoing, live),
                now=now,
                found_later=True,
            )
        elif connector.capabilities.duplicates == "idempotent":
            sending.record_not_sent(actor=PUBLISHER, delivery_id=delivery_id, fence=delivery.fence, reason="An earlier try did not arrive.", try_again=True, now=now)
        else:
            sending.record_unclear(actor=PUBLISHER, delivery_id=delivery_id, fence=delivery.fence, now=now)
    except sending.NothingToDo:
        return


def say_what_was_seen(*, actor: Actor, delivery_id: UUID, permalink: str, now: datetime) -> None:
    """A person looked. Where they saw it, we read it once more ourselves, if the platform lets us. Raises Refused, NotAllowed."""
    delivery = Delivery.objects.select_related("revision").filter(id=delivery_id, state="unclear").first()
    if delivery is None:
        raise actions.Refused("Somebody has said already what they saw.")
    require_outside()
    live, before, as_approved, outgoing = None, None, None, outgoing_of(delivery)
    try:
        connector = connector_for(delivery)
        live = before = found_there(connector, outgoing, delivery.channel_id)
        live = before if before is None or before.is_whole else take_back_half(connector, outgoing, delivery.channel_id)
        as_approved = is_as_approved(connector, outgoing, live) if live else None
    except ConnectorError:
        pass  # we cannot look ourselves: what the person saw counts, unless we have just seen half of it
    _require_agreement(permalink, before, live)
    sending.say_what_was_seen(actor=actor, delivery_id=delivery_id, live=live, permalink=live.permalink if live else permalink, as_approved=as_approved, now=now)


def _require_agreement(permalink: str, before: Live | None, live: Live | None) -> None:
    """What they say must fit what we see there ourselves. Raises Refused."""
    if live is not None and not live.is_whole:
        raise actions.Refused("Parts of the thread still stand there. Primum takes them back: try again in a minute.")
    if before is not None and not before.is_whole and permalink:
        raise actions.Refused("Only a part of the thread stood there, and it was taken back just now. Say that it is not there.")
    if live is not None and not permalink:
        raise actions.Refused("It does stand there. Open the channel once more, and say that it is there.")


def destroy_old_drafts(*, now: datetime) -> int:
    """The retention schedule's daily round. Returns how many ended."""
    ended = 0
    for post_id in queries.old_drafts(now - actions.KEEP_DRAFTS):
        try:
            actions.destroy_draft(actor=system("retention"), post_id=post_id, now=now)
            ended += 1
        except (actions.Refused, queries.PostNotFound):
            continue  # somebody took it up again in between
    return ended


def sweep(*, now: datetime) -> None:
    """Every minute, and when a worker starts: whatever a lost job or a killed process left behind. Take-downs first. Each item gets
    its own time, and one that fails does not keep the others waiting."""
    begun = time.monotonic()

    def each(ids: list[UUID], function: Callable[..., None]) -> None:
        for delivery_id in ids:
            try:
                function(delivery_id, now=now + timedelta(seconds=time.monotonic() - begun))
            except Exception as error:  # noqa: BLE001 - the worker's edge: one item that breaks keeps no other waiting
                log().error("sweep item failed", delivery=str(delivery_id), fault=type(error).__name__)

    each(queries.unfinished_removals(), remove_delivery)
    each(queries.expired_leases(now), settle_delivery)
    each(queries.due_deliveries(now), publish_delivery)
    each(queries.unfinished_removals(), remove_delivery)
    each(queries.recently_removed(now), look_again)
    each(queries.may_have_left_something(now), tidy)
    Pulse.objects.update_or_create(name="sweep", defaults={"at": now})


def tell_reviewers(revision_id: UUID) -> int:
    """Mail to those who may decide: that something waits, and where; never what. Returns how many were told."""
    revision = Revision.objects.select_related("post__facility").filter(id=revision_id, state="waiting").first()
    if revision is None:
        return 0
    people = queries.who_can_approve(revision.post, verdict=revision.verdict, without=queries.writers_of(revision))
    return _mail([person.user.email for person in people if person.user], "A post is waiting for your review", f"review/{revision.id}/")


def tell_author(revision_id: UUID) -> int:
    revision = Revision.objects.select_related("submitted_by__user").filter(id=revision_id).first()
    if revision is None or revision.submitted_by.user is None:
        return 0
    return _mail([revision.submitted_by.user.email], "A reviewer has decided about your post", f"posts/{revision.post_id}/")


def tell_hands(delivery_id: UUID) -> int:
    """Mail to the channel's owners: something is to be posted, or taken down, by hand; never what."""
    delivery = Delivery.objects.filter(Q(state="by_hand") | Q(state="removing"), id=delivery_id).first()
    if delivery is None:
        return 0
    channel = inventory.channel_by_id(delivery.channel_id)
    owners = [person.user.email for person in (channel.owner, channel.backup_owner) if person and person.is_here and person.user]
    return _mail(list(dict.fromkeys(owners)), "Something waits to be done by hand on one of your channels", f"by-hand/{delivery.id}/")


def _mail(addresses: list[str], subject: str, path: str) -> int:
    told = 0
    for address in addresses:
        body = f"{subject} in Primum.\n\nOpen it here: {settings.PUBLIC_URL}/{path}\n\nThis message holds no content on purpose: e-mail is not a safe place for it.\n"
        told += EmailMessage(subject, body, to=[address]).send(fail_silently=False)
    return told
