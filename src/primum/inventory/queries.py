"""Reads of channels. Everyone inside may know which channels are ours; writing for one is another matter."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from primum.connectors.registry import CAPABILITIES, PLATFORMS
from primum.foundation.actor import Actor
from primum.inventory import rules
from primum.inventory.models import Channel
from primum.inventory.rules import ChannelFacts
from primum.people.queries import viewer_member


class ChannelNotFound(LookupError):
    """There is no such channel, or you may not use it."""


def _rows() -> list[Channel]:
    return list(Channel.objects.select_related("facility", "owner", "backup_owner", "credential").order_by("facility__name", "name"))


def facts(channel: Channel) -> ChannelFacts:
    return ChannelFacts(
        channel.id,
        channel.name,
        channel.platform,
        channel.facility_id,
        channel.status,
        bool(channel.owner and channel.owner.is_here),
        bool(channel.backup_owner and channel.backup_owner.is_here),
        bool(PLATFORMS[channel.platform].fields),
        channel.credential.state if hasattr(channel, "credential") else "",
        channel.posts_per_hour,
        channel.quiet_from,
        channel.quiet_until,
    )


def list_channels(viewer: Actor) -> list[Channel]:
    viewer_member(viewer)
    return _rows()


def get_channel(viewer: Actor, channel_id: UUID) -> Channel:
    viewer_member(viewer)
    return channel_by_id(channel_id)


def channel_by_id(channel_id: UUID) -> Channel:
    """For rooms above, which have decided already who is looking. Raises ChannelNotFound."""
    channel = Channel.objects.select_related("facility", "owner", "backup_owner", "credential").filter(id=channel_id).first()
    if channel is None:
        raise ChannelNotFound
    return channel


def writable_channels(viewer: Actor) -> list[Channel]:
    """The channels this person may write for and that are in use."""
    member = viewer_member(viewer)
    return [channel for channel in _rows() if channel.status == Channel.Status.SANCTIONED and rules.may_write(member, facts(channel))]


def longest_text(channel: Channel) -> int:
    """What this very channel takes, as its server last said; else as its platform does."""
    credential = getattr(channel, "credential", None)
    return (credential and credential.max_characters) or CAPABILITIES[channel.platform].max_characters


def is_connected(channel_id: UUID) -> bool:
    """For rooms above: whether there is anything to talk to."""
    return Channel.objects.filter(id=channel_id, credential__state="working").exists()


def connected_names() -> list[str]:
    """The channels through which something really leaves the house."""
    return list(Channel.objects.filter(credential__isnull=False).order_by("name").values_list("name", flat=True))


def all_in_use() -> list[Channel]:
    """For rooms above: every channel on which something may go out."""
    return [channel for channel in _rows() if channel.status == Channel.Status.SANCTIONED]


def facts_of(ids: Iterable[UUID]) -> dict[UUID, ChannelFacts]:
    rows = Channel.objects.select_related("owner", "backup_owner", "credential").filter(id__in=list(ids))
    return {row.id: facts(row) for row in rows}


def channels_by_id(ids: Iterable[UUID]) -> list[Channel]:
    """For rooms above, which have decided already who is looking."""
    return list(Channel.objects.select_related("facility").filter(id__in=list(ids)))
