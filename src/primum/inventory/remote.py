"""Talking to platforms about a channel itself: connect it, look whether it still lets us in, open it for those who publish."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from primum.connectors.contract import Connector, ConnectorError, Departure, Field, Presence
from primum.connectors.registry import PLATFORMS
from primum.evidence.recording import require_outside
from primum.foundation.actor import Actor, system
from primum.foundation.logs import log
from primum.inventory import actions, queries
from primum.inventory.models import Channel, Credential

CHECKER = system("channel checks")
LOOK_EVERY = timedelta(minutes=10)


class BadCredential(ValueError):
    """What was entered cannot be used; the message is fit for a screen."""


class _Kept:
    """The session of a connected channel, sealed in its row. Keeping a renewed one is no decision, so it is no action."""

    def __init__(self, channel_id: UUID) -> None:
        self._channel_id = channel_id

    def load(self) -> str:
        row = Credential.objects.filter(channel_id=self._channel_id).first()
        return row.session if row else ""

    def save(self, session: str) -> None:
        row = Credential.objects.filter(channel_id=self._channel_id).first()
        if row is not None:
            row.session = session
            row.save(update_fields=["session"])


class _InMemory:
    def __init__(self) -> None:
        self.session = ""

    def load(self) -> str:
        return self.session

    def save(self, session: str) -> None:
        self.session = session


def open_channel(channel: Channel) -> Connector:
    """The channel's connector, ready to be used. Raises ConnectorError where it is not connected."""
    platform = PLATFORMS[channel.platform]
    row = Credential.objects.filter(channel=channel).first()
    if platform.open is None or row is None:
        raise ConnectorError(f"{channel.name} is not connected.", permanent=True, sent="no", is_credential=True)
    return platform.open(json.loads(row.secret), _Kept(channel.id))


def connect(*, actor: Actor, channel_id: UUID, values: Mapping[str, str], now: datetime) -> Presence:
    """Try what was entered on the platform, and keep it only where it opens exactly this channel.

    Raises NotAllowed, ChannelNotFound, BadCredential."""
    channel = queries.channel_by_id(channel_id)
    actions.require_keeper(actor, channel)
    platform = PLATFORMS[channel.platform]
    if platform.open is None:
        raise BadCredential("This channel needs no connection.")
    entered = _entered(platform.fields, values)
    kept = _InMemory()
    require_outside()
    try:
        presence = platform.open(entered, kept).check()
    except ConnectorError as error:
        raise BadCredential(f"{error.reason} Nothing was saved.") from None
    if presence.handle.casefold() != channel.handle.lstrip("@").casefold():
        raise BadCredential(f"This opens @{presence.handle}, but the channel is {channel.handle}. Nothing was saved: check which one you meant.")
    actions.connect_channel(actor=actor, channel_id=channel_id, secret=json.dumps({**values, **entered}), session=kept.session, presence=presence, now=now)
    return presence


def begin_sign_in(*, actor: Actor, channel_id: UUID, values: Mapping[str, str], back_to: str, state: str) -> Departure:
    """Where to go to let us in on the platform itself. Raises NotAllowed, ChannelNotFound, BadCredential."""
    channel = queries.channel_by_id(channel_id)
    actions.require_keeper(actor, channel)
    platform = PLATFORMS[channel.platform]
    if platform.sign_in is None:
        raise BadCredential("This platform is connected with what you enter here.")
    entered = _entered(tuple(field for field in platform.fields if not field.is_secret), values)
    require_outside()
    try:
        return platform.sign_in.begin(entered, back_to, state)
    except ConnectorError as error:
        raise BadCredential(f"{error.reason} Check the server's address.") from None


def finish_sign_in(*, actor: Actor, channel_id: UUID, kept: str, code: str, now: datetime) -> Presence:
    """They came back with a code: what it buys opens the channel, or is not kept. Raises NotAllowed, ChannelNotFound, BadCredential."""
    channel = queries.channel_by_id(channel_id)
    actions.require_keeper(actor, channel)
    sign_in = PLATFORMS[channel.platform].sign_in
    assert sign_in is not None
    require_outside()
    try:
        values = sign_in.finish(kept, code)
    except ConnectorError as error:
        raise BadCredential(f"{error.reason} Nothing was saved.") from None
    return connect(actor=actor, channel_id=channel_id, values=values, now=now)


def _entered(fields: tuple[Field, ...], values: Mapping[str, str]) -> dict[str, str]:
    """Raises BadCredential for what is missing, or no choice."""
    entered = {field.name: values.get(field.name, "").strip() or field.default for field in fields}
    missing = [field.label for field in fields if not entered[field.name] or (field.choices and entered[field.name] not in dict(field.choices))]
    if missing:
        raise BadCredential(f"Fill in: {', '.join(missing)}.")
    _require_safe_address(entered.get("service", ""))
    return entered


def _require_safe_address(address: str) -> None:
    """Passwords travel encrypted; only a server on this very machine may be asked without."""
    if not address:
        return
    try:
        parts = urlsplit(address)
    except ValueError:
        raise BadCredential("The server's address cannot be read. It looks like https://name.example") from None
    if not (parts.scheme == "https" and parts.hostname) and not (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")):
        raise BadCredential("The server's address must begin with https://.")


def check_channel(channel_id: UUID, *, now: datetime) -> None:
    """Does the platform still let us in? A change is recorded; where it cannot be reached, nothing is: that is no answer."""
    row = Credential.objects.select_related("channel").filter(channel_id=channel_id).first()
    if row is None:
        return
    try:
        presence = open_channel(row.channel).check()
    except ConnectorError as error:
        if error.is_credential and row.state != Credential.State.REFUSED:
            refused(channel_id, error, now=now)
        return
    if row.state != Credential.State.WORKING:
        actions.note_connection(actor=CHECKER, channel_id=channel_id, works=True, reason="", now=now)
    Credential.objects.filter(id=row.id).update(checked_at=now, max_characters=presence.max_characters, rules=list(presence.rules))


def refused(channel_id: UUID, error: ConnectorError, *, now: datetime) -> None:
    """A platform has just said that it no longer accepts what we sign in with."""
    if not Credential.objects.filter(channel_id=channel_id).exclude(state=Credential.State.REFUSED).exists():
        return  # known already
    log().warning("channel refused", channel_kind="credential", outcome="refused")
    try:
        actions.note_connection(actor=CHECKER, channel_id=channel_id, works=False, reason=error.reason, now=now)
    except queries.ChannelNotFound:
        return


def check_channels(*, now: datetime) -> None:
    """Every ten minutes, each connected channel that nobody has looked at lately."""
    for channel_id in Credential.objects.filter(checked_at__lte=now - LOOK_EVERY + timedelta(seconds=30)).values_list("channel_id", flat=True):
        try:
            check_channel(channel_id, now=now)
        except Exception as error:  # noqa: BLE001 - the worker's edge: one channel that breaks keeps no other unlooked at
            log().error("channel check failed", fault=type(error).__name__)
