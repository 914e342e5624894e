"""Writes to channels."""

from __future__ import annotations

from uuid import UUID

from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.inventory import events
from primum.inventory.models import Channel
from primum.inventory.queries import ChannelNotFound
from primum.people.queries import viewer_member
from primum.people.rules import ADMIN, PRIVACY, SECURITY


class NotAllowed(PermissionError):
    """The actor may not do this; the message is fit for a screen."""


def _require_keeper(actor: Actor, channel: Channel | None = None) -> None:
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
    """A new sanctioned channel with its owners."""
    _require_keeper(actor)
    channel = Channel.objects.create(
        platform=platform,
        name=name,
        handle=handle,
        facility_id=facility_id,
        purpose=purpose,
        owner_id=owner_id,
        backup_owner_id=backup_owner_id,
    )
    return events.ChannelAdded(channel=channel.id)


@action
def set_channel_status(*, actor: Actor, channel_id: UUID, status: str) -> events.ChannelStatusChanged:
    """Pause, resume or retire. From this commit the publish lock of every post on it says so."""
    channel = _lock(channel_id)
    _require_keeper(actor, channel)
    before, channel.status = channel.status, Channel.Status(status)
    channel.save(update_fields=["status"])
    return events.ChannelStatusChanged(channel=channel.id, before=before, after=channel.status)


@action
def set_channel_owners(*, actor: Actor, channel_id: UUID, owner_id: UUID | None, backup_owner_id: UUID | None) -> events.ChannelOwnersChanged:
    channel = _lock(channel_id)
    if actor.kind == "person" and not viewer_member(actor).has_any((ADMIN, SECURITY, PRIVACY), channel.facility_id):
        raise NotAllowed("Only IT security, the privacy officer or an administrator may change owners.")
    channel.owner_id, channel.backup_owner_id = owner_id, backup_owner_id
    channel.save(update_fields=["owner", "backup_owner"])
    return events.ChannelOwnersChanged(channel=channel.id, owner=owner_id, backup_owner=backup_owner_id)
