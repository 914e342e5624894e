"""Who may write for a channel, and what is missing from it: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
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
