"""Writes to channels."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from primum.connectors.contract import Presence
from primum.connectors.registry import CAPABILITIES
from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.inventory import events
from primum.inventory.models import Channel, Credential
from primum.inventory.queries import ChannelNotFound
from primum.people.queries import viewer_member
from primum.people.rules import ADMIN, PRIVACY, SECURITY

PUBLIC_PACE = 20  # posts an hour: more would be a mistake, or somebody else at our keyboard


class NotAllowed(PermissionError):
    """The actor may not do this; the message is fit for a screen."""


class HandleTaken(ValueError):
    """One presence is one channel."""


def require_keeper(actor: Actor, channel: Channel | None = None) -> None:
    """Raises NotAllowed."""
    if actor.kind == "system":
        return
    member = viewer_member(actor)
    owns = channel is not None and member.id in (channel.owner_id, channel.backup_owner_id)
    keeps = member.has_any((ADMIN, SECURITY, PRIVACY), channel.facility_id) if channel else member.has_everywhere((ADMIN, SECURITY))
    if not (keeps or owns):
        raise NotAllowed("Only the channel's owners, IT security, the privacy officer or an administrator may do this.")


def _lock(channel_id: UUID) -> Channel:
    channel = Channel.objects.select_for_update().filter(id=channel_id).first()
    if channel is None:
        raise ChannelNotFound
    return channel


@action
def add_channel(*, actor: Actor, platform: str, name: str, handle: str, facility_id: UUID, purpose: str = "", owner_id: UUID | None = None, backup_owner_id: UUID | None = None) -> events.ChannelAdded:
    """A new sanctioned channel with its owners. Raises NotAllowed, HandleTaken."""
    require_keeper(actor)
    if Channel.objects.filter(platform=platform, handle__iexact=handle).exists():
        raise HandleTaken("There is a channel with this handle already.")
    channel = Channel.objects.create(
        platform=platform,
        name=name,
        handle=handle,
        facility_id=facility_id,
        purpose=purpose,
        owner_id=owner_id,
        backup_owner_id=backup_owner_id,
        posts_per_hour=PUBLIC_PACE if CAPABILITIES[platform].is_public else None,
    )
    return events.ChannelAdded(channel=channel.id)


@action
def set_channel_status(*, actor: Actor, channel_id: UUID, status: str) -> events.ChannelStatusChanged:
    """Pause, resume or retire. From this commit the publish lock of every post on it says so."""
    channel = _lock(channel_id)
    require_keeper(actor, channel)
    before, channel.status = channel.status, Channel.Status(status)
    channel.save(update_fields=["status"])
    if status == Channel.Status.RETIRED:
        Credential.objects.filter(channel=channel).delete()
    return events.ChannelStatusChanged(channel=channel.id, before=before, after=channel.status)


@action
def set_channel_owners(*, actor: Actor, channel_id: UUID, owner_id: UUID | None, backup_owner_id: UUID | None) -> events.ChannelOwnersChanged:
    channel = _lock(channel_id)
    if actor.kind == "person" and not viewer_member(actor).has_any((ADMIN, SECURITY, PRIVACY), channel.facility_id):
        raise NotAllowed("Only IT security, the privacy officer or an administrator may change owners.")
    channel.owner_id, channel.backup_owner_id = owner_id, backup_owner_id
    channel.save(update_fields=["owner", "backup_owner"])
    return events.ChannelOwnersChanged(channel=channel.id, owner=owner_id, backup_owner=backup_owner_id)


@action
def set_channel_pace(*, actor: Actor, channel_id: UUID, posts_per_hour: int | None, quiet_from: time | None, quiet_until: time | None) -> events.ChannelPaceChanged:
    """How many posts an hour may go out, and when none may. Raises NotAllowed."""
    channel = _lock(channel_id)
    require_keeper(actor, channel)
    if (quiet_from is None) != (quiet_until is None) or (quiet_from is not None and quiet_from == quiet_until):
        raise NotAllowed("Quiet hours need a beginning and an end.")
    channel.posts_per_hour, channel.quiet_from, channel.quiet_until = posts_per_hour, quiet_from, quiet_until
    channel.save(update_fields=["posts_per_hour", "quiet_from", "quiet_until"])
    return events.ChannelPaceChanged(channel=channel.id, posts_per_hour=posts_per_hour, quiet_from=str(quiet_from or ""), quiet_until=str(quiet_until or ""))


@action
def connect_channel(*, actor: Actor, channel_id: UUID, secret: str, session: str, presence: Presence, now: datetime) -> events.ChannelConnected:
    """Keep what the platform has just accepted; what was kept before is destroyed."""
    channel = _lock(channel_id)
    require_keeper(actor, channel)
    if channel.status == Channel.Status.RETIRED:
        raise NotAllowed("A retired channel is not connected. Use it again first.")
    Credential.objects.filter(channel=channel).delete()
    told = {"remote_id": presence.remote_id, "max_characters": presence.max_characters, "rules": list(presence.rules)}
    Credential.objects.create(channel=channel, secret=secret, session=session, **told, entered_by_id=actor.person_id, entered_at=now, checked_at=now)
    return events.ChannelConnected(channel=channel.id)


@action
def disconnect_channel(*, actor: Actor, channel_id: UUID) -> events.ChannelDisconnected:
    """Destroy what the channel signs in with. Nothing goes out on it until it is connected again."""
    channel = _lock(channel_id)
    require_keeper(actor, channel)
    Credential.objects.filter(channel=channel).delete()
    return events.ChannelDisconnected(channel=channel.id)


@action
def note_connection(*, actor: Actor, channel_id: UUID, works: bool, reason: str, now: datetime) -> events.ConnectionChanged:
    """The platform let us in, or no longer does. From this commit the publish lock of every post on the channel says so."""
    credential = Credential.objects.select_for_update().filter(channel_id=channel_id).first()
    if credential is None:
        raise ChannelNotFound
    before = credential.state
    credential.state, credential.reason, credential.checked_at = (Credential.State.WORKING, "", now) if works else (Credential.State.REFUSED, reason[:300], now)
    credential.save(update_fields=["state", "reason", "checked_at"])
    return events.ConnectionChanged(channel=channel_id, before=before, after=credential.state)
