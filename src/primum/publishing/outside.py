"""What stands between a delivery and its platform: the connector of its channel, the post as it is sent, and whether what is shown is what
was approved."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from primum.connectors.contract import Connector, ConnectorError, Live, Outgoing
from primum.connectors.contract import Picture as OutgoingPicture
from primum.connectors.practice.connector import FeedUnavailable, PracticeConnector
from primum.connectors.registry import CAPABILITIES
from primum.inventory import queries as inventory
from primum.inventory import remote as channels
from primum.publishing import queries
from primum.publishing.models import Delivery, Picture, PracticePost


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
    return connector_of(delivery.channel_id)


def connector_of(channel_id: UUID) -> Connector:
    channel = inventory.channel_by_id(channel_id)
    return PracticeConnector(DatabaseFeed(channel.id)) if channel.platform == "practice" else channels.open_channel(channel)


def outgoing_of(delivery: Delivery) -> Outgoing:
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


def found_there(connector: Connector, outgoing: Outgoing, channel_id: UUID) -> Live | None:
    """This very post, if it stands there. Where a platform knows a post only by its words, one that is another delivery's is not ours."""
    live = connector.find(outgoing)
    if live is not None and Delivery.objects.filter(channel_id=channel_id, remote_id=live.remote_id).exclude(id=outgoing.key).exists():
        return None
    return live


def is_as_approved(connector: Connector, sent: Outgoing, live: Live) -> bool:
    keeps = connector.capabilities.keeps_picture_bytes
    pictures = tuple((p.sha256 if keeps else "", p.alt_text) for p in sent.pictures)
    said = live.language in (None, sent.language) or not sent.language
    return said and live.text == connector.as_shown(sent.text) and (live.warning or "") == sent.warning and live.resolved == sent.resolved and live.pictures == pictures


def let_rest(delivery: Delivery, error: ConnectorError, now: datetime) -> None:
    """A platform that hangs or is down is left alone for a while: each further try would keep a worker from the other channels."""
    seconds = error.retry_after.total_seconds() if error.retry_after else CAPABILITIES[delivery.channel.platform].rest_seconds
    if seconds and not error.permanent:
        cache.set(f"rest:{delivery.channel_id}", now + timedelta(seconds=min(seconds, 900)), timeout=900)


def rests(channel_id: UUID, now: datetime) -> bool:
    until: datetime | None = cache.get(f"rest:{channel_id}")
    return until is not None and now < until


def settle_time(delivery: Delivery) -> timedelta:
    return timedelta(seconds=CAPABILITIES[inventory.channel_by_id(delivery.channel_id).platform].settle_seconds)
