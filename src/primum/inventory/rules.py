"""Who may write for a channel, and what is missing from it: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from primum.people.rules import AUTHOR, Member


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """A channel as the rules see it."""

    id: UUID
    name: str
    platform: str
    facility: UUID
    status: str
    owner_is_here: bool
    backup_is_here: bool
    needs_credential: bool = False
    connection: str = ""  # "" never connected, "working", "refused"
    posts_per_hour: int | None = None
    quiet_from: time | None = None  # in the organisation's time zone
    quiet_until: time | None = None


def may_write(member: Member, channel: ChannelFacts) -> bool:
    return member.is_here and member.has(AUTHOR, channel.facility)


def why_closed(channel: ChannelFacts) -> str | None:
    """Why nothing may go out on this channel, or None."""
    if channel.status == "paused":
        return f"{channel.name} is paused. Its owner can resume it on the channel's page."
    if channel.status == "retired":
        return f"{channel.name} is retired. Choose another channel."
    if channel.needs_credential and not channel.connection:
        return f"{channel.name} is not connected yet. Its owner can connect it on the channel's page."
    if channel.connection == "refused":
        return f"The platform no longer lets us in to {channel.name}. Its owner can connect it again on the channel's page; posts wait until then."
    return None


def why_quiet(channel: ChannelFacts, local: datetime) -> str | None:
    """Why nothing may go out at this local time, or None. Quiet hours may pass midnight."""
    start, end = channel.quiet_from, channel.quiet_until
    if start is None or end is None:
        return None
    minute = local.time()
    is_quiet = start <= minute < end if start < end else minute >= start or minute < end
    return f"{channel.name} is quiet from {start:%H:%M} to {end:%H:%M}. Choose another minute." if is_quiet else None


def wait_until(channel: ChannelFacts, lately: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next post may go out, where `lately` (the last hour's tries) have used up the channel's pace."""
    pace = channel.posts_per_hour
    if pace is None or len(lately) < pace:
        return None
    return sorted(lately)[-pace] + timedelta(hours=1) if pace else now + timedelta(hours=1)


def needs_mending(channel: ChannelFacts) -> bool:
    """A channel that was connected, and no longer is let in."""
    return channel.connection == "refused"


def concerns(channel: ChannelFacts) -> list[str]:
    """What the owner of the inventory should mend."""
    found = []
    if not channel.owner_is_here:
        found.append("No owner who still works here.")
    if not channel.backup_is_here:
        found.append("No back-up owner.")
    if channel.needs_credential and not channel.connection:
        found.append("Not connected yet: nothing can go out.")
    if channel.connection == "refused":
        found.append("The platform no longer lets us in: posts wait until it is connected again.")
    return found
