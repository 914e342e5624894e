"""Connecting a channel: with what is entered here, or by signing in on the platform itself and coming back with its consent."""

from __future__ import annotations

import secrets
import time
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.connectors.registry import PLATFORMS
from primum.foundation.encryption import CannotOpen, keyring
from primum.inventory import actions, remote
from primum.web.channels.views import find_channel
from primum.web.requests import SignedInRequest

AWAY = "signing_in_there"
LONGEST_AWAY = 900  # seconds
REFUSALS = (actions.NotAllowed, remote.BadCredential)


@require_POST
def connect(request: SignedInRequest, channel_id: UUID) -> HttpResponse:
    """Try what was entered, keep it only where the platform opens this very channel, and never show it again."""
    channel = find_channel(request, channel_id)
    values = {field.name: request.POST.get(field.name, "") for field in PLATFORMS[channel.platform].fields}
    try:
        presence = remote.connect(actor=request.actor, channel_id=channel_id, values=values, now=timezone.now())
        messages.success(request, f"Connected as @{presence.handle}.")
    except REFUSALS as error:
        messages.error(request, str(error))
    return redirect("channel", channel_id)


@require_POST
def leave(request: SignedInRequest, channel_id: UUID) -> HttpResponse:
    """A page with the way to the platform's own sign-in. What we need when they come back waits, sealed, in this session."""
    channel = find_channel(request, channel_id)
    values = {field.name: request.POST.get(field.name, "") for field in PLATFORMS[channel.platform].fields if not field.is_secret}
    state = secrets.token_urlsafe(32)
    try:
        departure = remote.begin_sign_in(actor=request.actor, channel_id=channel_id, values=values, back_to=settings.PUBLIC_URL + reverse("channel_back"), state=state)
    except REFUSALS as error:
        messages.error(request, str(error))
        return redirect("channel", channel_id)
    sealed = keyring("fields").seal(departure.kept.encode(), _context(channel_id, state))
    request.session[AWAY] = {"state": state, "channel": str(channel_id), "kept": sealed.hex(), "at": int(time.time())}
    return render(request, "primum/leaving.html", {"channel": channel, "address": departure.address, "host": urlsplit(departure.address).netloc})


@require_GET
def come_back(request: SignedInRequest) -> HttpResponse:
    """Back from the platform, with a code or without. It is used once, by whoever left, for the channel that they left from."""
    away = request.session.pop(AWAY, None)
    given = request.GET.get("state", "")
    if not away or not secrets.compare_digest(away["state"].encode(), given.encode()) or time.time() - away["at"] > LONGEST_AWAY:
        messages.error(request, "This way back has been used, or is too old. Begin again on the channel's page.")
        return redirect("channels")
    channel_id = UUID(away["channel"])
    find_channel(request, channel_id)
    code = request.GET.get("code", "")
    if not code:
        messages.error(request, "You did not let Primum in. Nothing was changed.")
        return redirect("channel", channel_id)
    try:
        kept = keyring("fields").open(bytes.fromhex(away["kept"]), _context(channel_id, away["state"])).decode()
        presence = remote.finish_sign_in(actor=request.actor, channel_id=channel_id, kept=kept, code=code, now=timezone.now())
        messages.success(request, f"Connected as @{presence.handle}.")
    except CannotOpen:
        messages.error(request, "This way back is too old. Begin again on the channel's page.")
    except REFUSALS as error:
        messages.error(request, str(error))
    return redirect("channel", channel_id)


def _context(channel_id: UUID, state: str) -> str:
    return f"signing in\u2016{channel_id}\u2016{state}"


@require_POST
def disconnect(request: SignedInRequest, channel_id: UUID) -> HttpResponse:
    find_channel(request, channel_id)
    try:
        actions.disconnect_channel(actor=request.actor, channel_id=channel_id)
        messages.success(request, "Disconnected. What it signed in with is destroyed here; remove it on the platform, too.")
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    return redirect("channel", channel_id)
