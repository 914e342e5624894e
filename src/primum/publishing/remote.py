"""Talking to the outside: claim by an action, call with no transaction open, record by an action. Never the other way round."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import DatabaseError
from django.db.models import F, Q
from django.utils import timezone

from primum.connectors.contract import Connector, ConnectorError, Live, Outgoing
from primum.connectors.contract import Picture as OutgoingPicture
from primum.connectors.practice.connector import FeedUnavailable, PracticeConnector
from primum.connectors.registry import CAPABILITIES
from primum.evidence.recording import require_outside
from primum.foundation.actor import Actor, system
from primum.foundation.logs import log
from primum.inventory import queries as inventory
from primum.inventory import remote as channels
from primum.publishing import actions, events, queries, sending
from primum.publishing.models import Attempt, Delivery, Picture, PracticePost, Pulse, Revision

PUBLISHER = system("publisher")
LOOK_FOR = timedelta(minutes=15)  # then a person looks


class DatabaseFeed:
    """The practice platform's storage, behind the connector's port."""

    def __init__(self, channel_id: UUID) -> None:
        self.channel_id = channel_id

    def put(self, post: Outgoing) -> str:
        try:
            row, created = PracticePost.objects.get_or_create(
                key=post.key,
                defaults={
                    "channel_id": self.channel_id,
                    "text": post.text,
                    "reply_to": post.reply_to or "",
                    "published_at": timezone.now(),
                    "pictures": [{"sha256": p.sha256, "alt": p.alt_text, "mime": p.mime} for p in post.pictures],
                },
            )
            if not created:
                PracticePost.objects.filter(id=row.id).update(times_put=F("times_put") + 1)
        except DatabaseError:
            raise FeedUnavailable from None
        return str(row.id)

    def find(self, key: str) -> Live | None:
        try:
            row = PracticePost.objects.filter(key=key).first()
        except DatabaseError:
            raise FeedUnavailable from None
        return _live(row) if row else None

    def read(self, remote_id: str) -> Live | None:
        try:
            row = PracticePost.objects.filter(id=remote_id).first()
        except DatabaseError:
            raise FeedUnavailable from None
        return _live(row) if row else None

    def remove(self, remote_id: str) -> None:
        try:
            PracticePost.objects.filter(id=remote_id).delete()
        except DatabaseError:
            raise FeedUnavailable from None


def _live(row: PracticePost) -> Live:
    return Live(str(row.id), f"/practice/{row.channel_id}/#post-{row.id}", row.text, tuple((p["sha256"], p["alt"]) for p in row.pictures), row.published_at)


def connector_for(delivery: Delivery) -> Connector:
    """Raises ConnectorError where the channel is not connected."""
    return _connector_of(delivery.channel_id)


def _connector_of(channel_id: UUID) -> Connector:
    channel = inventory.channel_by_id(channel_id)
    return PracticeConnector(DatabaseFeed(channel.id)) if channel.platform == "practice" else channels.open_channel(channel)


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
            found[row.channel_id] = _connector_of(row.channel_id).prepare(row.text if row.text is not None else post.text, (post.heard_link or "") if post.kind == "reply" else "", post.warning or "")
        except ConnectorError as error:
            raise actions.Refused(f"{row.channel.name}: {error.reason}") from None
    return found


def _outgoing(delivery: Delivery) -> Outgoing:
    frozen = queries.frozen_of(delivery.revision)
    rows = {str(row.id): row for row in Picture.objects.filter(id__in=[p.id for p in frozen.pictures])}
    pictures = tuple(OutgoingPicture(p.sha256, p.mime, rows[p.id].width, rows[p.id].height, p.alt, bytes(rows[p.id].data)) for p in frozen.pictures)
    return Outgoing(
        str(delivery.id),
        frozen.text_for(delivery.channel_id),
        pictures,
        made_at=delivery.made_at,
        at=delivery.due_at,
        reply_to=frozen.heard or None,
        resolved=frozen.resolved_for(delivery.channel_id),
        warning=frozen.warning if CAPABILITIES[delivery.channel.platform].takes_warning else "",
        language=frozen.language,
    )


def _is_as_approved(connector: Connector, sent: Outgoing, live: Live) -> bool:
    keeps = connector.capabilities.keeps_picture_bytes
    pictures = tuple((p.sha256 if keeps else "", p.alt_text) for p in sent.pictures)
    said = live.language in (None, sent.language) or not sent.language
    return said and live.text == connector.as_shown(sent.text) and (live.warning or "") == sent.warning and live.resolved == sent.resolved and live.pictures == pictures


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
        connector, outgoing = connector_for(delivery), _outgoing(delivery)
        if not _still_ours(delivery_id, event.fence, begun):
            return  # stopped for too long since the claim: another worker looks after it
        remote_id = connector.publish(outgoing)
    except ConnectorError as error:
        _let_rest(delivery, error, now + timedelta(seconds=time.monotonic() - begun))
        _record_failure(delivery, event.fence, error)
        return
    live = _read_back(connector, remote_id)
    try:
        if live is None:
            _record_unknown(delivery, event.fence)
            return
        sending.record_published(actor=PUBLISHER, delivery_id=delivery_id, fence=event.fence, live=live, as_approved=_is_as_approved(connector, outgoing, live), now=timezone.now())
    except sending.NothingToDo:
        _remove_orphan(connector, outgoing, delivery_id)
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
    if _rests(delivery.channel_id, now):
        until, reason = now + timedelta(seconds=30), "The platform could not be reached; this one waits a little."
    if until is None or now > late_at:
        return False
    until = min(until, late_at + timedelta(seconds=1))  # then the lock says that it is too late
    return bool(Delivery.objects.filter(id=delivery_id, state="scheduled").update(not_before=until, reason=reason))


def _let_rest(delivery: Delivery, error: ConnectorError, now: datetime) -> None:
    """A platform that hangs or is down is left alone for a while: each further try would keep a worker from the other channels."""
    seconds = error.retry_after.total_seconds() if error.retry_after else CAPABILITIES[delivery.channel.platform].rest_seconds
    if seconds and not error.permanent:
        cache.set(f"rest:{delivery.channel_id}", now + timedelta(seconds=min(seconds, 900)), timeout=900)


def _rests(channel_id: UUID, now: datetime) -> bool:
    until: datetime | None = cache.get(f"rest:{channel_id}")
    return until is not None and now < until


def _still_ours(delivery_id: UUID, fence: int, begun: float) -> bool:
    """Right before the first byte leaves: the claim is young, and nobody has settled it since."""
    young = time.monotonic() - begun < settings.PRIMUM.lease_seconds / 2
    return young and Delivery.objects.filter(id=delivery_id, fence=fence, state="sending").exists()


def _read_back(connector: Connector, remote_id: str) -> Live | None:
    """What the platform shows now. It has taken the post: a failure here is no failure to publish, only one to look."""
    try:
        live = connector.read(remote_id)
    except ConnectorError:
        return None
    return live if live is not None and live.is_whole else None


def _remove_orphan(connector: Connector, outgoing: Outgoing, delivery_id: UUID) -> None:
    """Our word came too late. Where the delivery was taken away or held meanwhile, what we sent must not stay."""
    if Delivery.objects.filter(id=delivery_id).exclude(state="held").exists():
        return
    live = connector.find(outgoing)
    if live is not None:
        connector.delete(live.remote_id)
        is_gone = connector.read(live.remote_id) is None
        sending.record_orphan(actor=PUBLISHER, delivery_id=delivery_id, is_gone=is_gone, now=timezone.now())
        log().warning("orphan removed", delivery=str(delivery_id), is_gone=is_gone)


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
    sending.record_unknown(actor=PUBLISHER, delivery_id=delivery.id, fence=fence, look_at=now + _settle_time(delivery), now=now)


def _settle_time(delivery: Delivery) -> timedelta:
    return timedelta(seconds=CAPABILITIES[inventory.channel_by_id(delivery.channel_id).platform].settle_seconds)


def settle_delivery(delivery_id: UUID, *, now: datetime) -> None:
    """The lease ran out and nobody knows: look on the platform. Found is recorded; not found may be tried again only where a
    second try cannot make a second post."""
    delivery = Delivery.objects.select_related("revision", "channel").filter(queries.lease_is_over(now), id=delivery_id, state="sending").first()
    if delivery is None or _rests(delivery.channel_id, now):
        return
    if Attempt.objects.filter(delivery=delivery, outcome="open", started_at__gt=now - _settle_time(delivery), started_at__lte=now).exists():
        return  # too early: the platform may not show it yet
    try:
        connector, outgoing = connector_for(delivery), _outgoing(delivery)
        live = connector.find(outgoing)
        if live is not None and not live.is_whole:
            connector.delete(live.remote_id)  # half a thread must not stand there, whatever comes next
            live = connector.find(outgoing)
    except ConnectorError as error:
        _let_rest(delivery, error, now)
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
                as_approved=_is_as_approved(connector, outgoing, live),
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
    live, as_approved, outgoing = None, None, _outgoing(delivery)
    if permalink:
        require_outside()
        with suppress(ConnectorError):
            connector = connector_for(delivery)
            live = connector.find(outgoing)
            as_approved = _is_as_approved(connector, outgoing, live) if live else None
    sending.say_what_was_seen(actor=actor, delivery_id=delivery_id, live=live, permalink=live.permalink if live else permalink, as_approved=as_approved, now=now)


def remove_delivery(delivery_id: UUID, *, now: datetime) -> None:
    """Delete on the platform, look, and record only what was seen."""
    delivery = Delivery.objects.select_related("revision", "channel").filter(id=delivery_id, state="removing").first()
    if delivery is None or _rests(delivery.channel_id, now):
        return
    try:
        connector, outgoing = connector_for(delivery), _outgoing(delivery)
        shown = connector.find(outgoing)  # a worker that woke up too late may have sent it again, under another id
        remote_id = shown.remote_id if shown else delivery.remote_id
        if not remote_id:
            return  # only a person has seen it: a person removes it, too (the task stands on Today)
        connector.delete(remote_id)
        still_there = connector.find(outgoing) or connector.read(remote_id)
    except ConnectorError as error:
        _let_rest(delivery, error, now)
        if error.is_credential:
            channels.refused(delivery.channel_id, error, now=now)
        return  # the sweep tries again
    if still_there is None:
        try:
            sending.record_removed(actor=PUBLISHER, delivery_id=delivery_id, now=timezone.now())
        except sending.NothingToDo:
            return


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


def look_again(delivery_id: UUID, *, now: datetime) -> None:
    """After a take-down: still gone?"""
    delivery = Delivery.objects.select_related("revision").filter(id=delivery_id, state="removed").first()
    if delivery is None:
        return
    try:
        live = connector_for(delivery).find(_outgoing(delivery))
        if live is not None:
            sending.record_came_back(actor=PUBLISHER, delivery_id=delivery_id, now=now)
            remove_delivery(delivery_id, now=now)
    except (ConnectorError, sending.NothingToDo):
        return  # the next sweep looks again


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
