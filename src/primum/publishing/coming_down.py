"""Coming down: what somebody asked to remove, and what must not stand there though nobody asked: a copy that was sent too late, half a
thread."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from primum.connectors.contract import Connector, ConnectorError, Live, Outgoing
from primum.evidence import queries as evidence
from primum.foundation.actor import system
from primum.foundation.logs import log
from primum.inventory import queries as inventory
from primum.inventory import remote as channels
from primum.publishing import sending
from primum.publishing.models import Delivery
from primum.publishing.outside import connector_for, found_there, let_rest, outgoing_of, rests

REMOVER = system("publisher")
CLAIM = timedelta(seconds=60)


def remove_orphan(connector: Connector, outgoing: Outgoing, delivery: Delivery) -> None:
    """Our word came too late. Where the delivery was taken away or held meanwhile, what we sent must not stay. Raises ConnectorError."""
    if not _claim(delivery.id):
        return
    try:
        _remove_what_stands(connector, outgoing, delivery)
    finally:
        Delivery.objects.filter(id=delivery.id, state="held").update(lease_until=None)


def _remove_what_stands(connector: Connector, outgoing: Outgoing, delivery: Delivery) -> None:
    begun = time.monotonic()
    live = found_there(connector, outgoing, delivery.channel_id)
    if live is not None and time.monotonic() - begun < CLAIM.total_seconds() / 3:
        connector.delete(live.remote_id)
        is_gone = connector.read(live.remote_id) is None
        sending.record_orphan(actor=REMOVER, delivery_id=delivery.id, is_gone=is_gone, now=timezone.now())
        log().warning("orphan removed", delivery=str(delivery.id), is_gone=is_gone)


def _claim(delivery_id: UUID) -> bool:
    """A held delivery is ours for a minute: nobody schedules it meanwhile, or we would remove what was just sent. One that is gone
    needs no claim; one in any other state is none of our business. That decides nothing, so it is no action."""
    if not Delivery.objects.filter(id=delivery_id).exists():
        return True
    now = timezone.now()
    return bool(Delivery.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), id=delivery_id, state="held").update(lease_until=now + CLAIM))


def tidy(delivery_id: UUID, *, now: datetime) -> None:
    """A delivery that is held, or that a person must look at, while something of it may stand there: half a thread is taken back, and so
    is what was sent after it was held. Only where the platform knows the post by our key."""
    delivery = Delivery.objects.select_related("revision", "channel").filter(id=delivery_id, state__in=("held", "unclear")).first()
    if delivery is None or rests(delivery.channel_id, now) or not _lets_us_in(delivery):
        return
    tried = delivery.attempts.aggregate(last=Max("started_at"))["last"]
    if tried is None or evidence.restored_since(tried):
        return  # the database is a backup's: it does not know what was sent since, so a person looks
    try:
        connector, outgoing = connector_for(delivery), outgoing_of(delivery)
        if connector.capabilities.duplicates != "idempotent":
            return
        if delivery.state == "held":
            remove_orphan(connector, outgoing, delivery)
        elif len(connector.capabilities.parts(outgoing.text)) > 1:
            take_back_half(connector, outgoing, delivery.channel_id)
    except ConnectorError as error:
        let_rest(delivery, error, now)  # the next sweep looks again
        if error.is_credential:
            channels.refused(delivery.channel_id, error, now=now)


def _lets_us_in(delivery: Delivery) -> bool:
    return delivery.channel.platform == "practice" or inventory.is_connected(delivery.channel_id)


def take_back_half(connector: Connector, outgoing: Outgoing, channel_id: UUID) -> Live | None:
    """What stands there, after half a thread was removed: all of it, or (while a late part arrives) still a half. Raises ConnectorError."""
    live = found_there(connector, outgoing, channel_id)
    if live is not None and not live.is_whole:
        connector.delete(live.remote_id)
        live = found_there(connector, outgoing, channel_id)
    return live


def remove_delivery(delivery_id: UUID, *, now: datetime) -> None:
    """Delete on the platform, look, and record only what was seen."""
    delivery = Delivery.objects.select_related("revision", "channel").filter(id=delivery_id, state="removing", post__is_native=False).first()
    if delivery is None or rests(delivery.channel_id, now) or not _lets_us_in(delivery):
        return
    try:
        connector, outgoing = connector_for(delivery), outgoing_of(delivery)
        shown = found_there(connector, outgoing, delivery.channel_id)  # a worker that woke up too late may have sent it again, under another id
        remote_id = shown.remote_id if shown else delivery.remote_id
        if not remote_id:
            return  # only a person has seen it: a person removes it, too (the task stands on Today)
        connector.delete(remote_id)
        still_there = found_there(connector, outgoing, delivery.channel_id) or connector.read(remote_id)
    except ConnectorError as error:
        let_rest(delivery, error, now)
        if error.is_credential:
            channels.refused(delivery.channel_id, error, now=now)
        return  # the sweep tries again
    if still_there is None:
        try:
            sending.record_removed(actor=REMOVER, delivery_id=delivery_id, now=timezone.now())
        except sending.NothingToDo:
            return


def look_again(delivery_id: UUID, *, now: datetime) -> None:
    """After a take-down: still gone?"""
    delivery = Delivery.objects.select_related("revision", "channel").filter(id=delivery_id, state="removed", post__is_native=False).first()
    if delivery is None:
        return
    try:
        live = found_there(connector_for(delivery), outgoing_of(delivery), delivery.channel_id)
        if live is not None:
            sending.record_came_back(actor=REMOVER, delivery_id=delivery_id, now=now)
            remove_delivery(delivery_id, now=now)
    except (ConnectorError, sending.NothingToDo):
        return  # the next sweep looks again
