"""Channels: our presences, who owns them, what they can do; and the practice feed."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from primum.connectors.contract import DUPLICATES
from primum.connectors.registry import CAPABILITIES, PLATFORMS
from primum.inventory import actions, queries, rules
from primum.inventory.models import Channel
from primum.inventory.queries import ChannelNotFound
from primum.people import queries as people
from primum.people.rules import ADMIN, PRIVACY, SECURITY
from primum.publishing import queries as publishing
from primum.publishing.queries import PostNotFound
from primum.web.posts.views import picture_response
from primum.web.requests import SignedInRequest


@require_GET
def listing(request: SignedInRequest) -> HttpResponse:
    channels = queries.list_channels(request.actor)
    return render(
        request,
        "primum/channels.html",
        {
            "rows": [(channel, CAPABILITIES[channel.platform], rules.concerns(queries.facts(channel))) for channel in channels],
            "adds": request.member.has_everywhere((ADMIN, SECURITY)),
            "platforms": list(PLATFORMS.values()),
            "facilities": people.list_facilities(request.actor),
            "people": [p for p in people.list_people(request.actor) if p.is_here],
        },
    )


@require_POST
def add(request: SignedInRequest) -> HttpResponse:
    """A new channel; it is connected on its own page."""
    facilities = {str(facility.id): facility.id for facility in people.list_facilities(request.actor)}
    known = {str(person.id): person.id for person in people.list_people(request.actor) if person.is_here}
    name, handle, platform = (request.POST.get(field, "").strip() for field in ("name", "handle", "platform"))
    facility = facilities.get(request.POST.get("facility", ""))
    if not name or not handle or len(name) > 120 or len(handle) > 120 or platform not in PLATFORMS or facility is None:
        messages.error(request, "Give the channel a platform, a name, a handle and a facility. Nothing was added.")
        return redirect("channels")
    try:
        event = actions.add_channel(
            actor=request.actor,
            platform=platform,
            name=name,
            handle="@" + handle.lstrip("@"),
            facility_id=facility,
            purpose=request.POST.get("purpose", "").strip()[:300],
            owner_id=known.get(request.POST.get("owner", "")),
            backup_owner_id=known.get(request.POST.get("backup_owner", "")),
        )
    except (actions.NotAllowed, actions.HandleTaken) as error:
        messages.error(request, str(error))
        return redirect("channels")
    messages.success(request, "Added." if not PLATFORMS[platform].fields else "Added. Connect it below; until then nothing can go out on it.")
    return redirect("channel", event.channel)


def find_channel(request: SignedInRequest, channel_id: UUID) -> Channel:
    """Raises Http404."""
    try:
        return queries.get_channel(request.actor, channel_id)
    except ChannelNotFound:
        raise Http404 from None


def _keeps(request: SignedInRequest, channel: Channel) -> bool:
    member = request.member
    return bool(member.has_any((ADMIN, SECURITY, PRIVACY), channel.facility_id) or member.id in (channel.owner_id, channel.backup_owner_id))


@require_GET
def detail(request: SignedInRequest, channel_id: UUID) -> HttpResponse:
    channel = find_channel(request, channel_id)
    return render(
        request,
        "primum/channel.html",
        {
            "channel": channel,
            "can": CAPABILITIES[channel.platform],
            "repeats": DUPLICATES[CAPABILITIES[channel.platform].duplicates],
            "fields": PLATFORMS[channel.platform].fields,
            "signs_in_there": PLATFORMS[channel.platform].sign_in is not None,
            "server": f"https://{channel.handle.rpartition('@')[2]}" if "@" in channel.handle.lstrip("@") else "",
            "credential": getattr(channel, "credential", None),
            "record": publishing.channel_record(request.actor, channel_id),
            "concerns": rules.concerns(queries.facts(channel)),
            "keeps": _keeps(request, channel),
            "sets_owners": request.member.has_any((ADMIN, SECURITY, PRIVACY), channel.facility_id),
            "people": [p for p in people.list_people(request.actor) if p.is_here],
        },
    )


@require_POST
def set_status(request: SignedInRequest, channel_id: UUID) -> HttpResponse:
    find_channel(request, channel_id)
    status = request.POST.get("status", "")
    if status not in Channel.Status.values:
        raise Http404
    try:
        actions.set_channel_status(actor=request.actor, channel_id=channel_id, status=status)
        messages.success(request, {"paused": "Paused: nothing goes out here until it is resumed.", "sanctioned": "In use again.", "retired": "Retired."}[status])
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    return redirect("channel", channel_id)


@require_POST
def set_pace(request: SignedInRequest, channel_id: UUID) -> HttpResponse:
    find_channel(request, channel_id)
    pace = request.POST.get("posts_per_hour", "").strip()
    try:
        if pace and not (pace.isdecimal() and len(pace) < 5):
            raise actions.NotAllowed("Give the number of posts an hour, or leave it empty for no limit.")
        actions.set_channel_pace(
            actor=request.actor, channel_id=channel_id, posts_per_hour=int(pace) if pace else None, quiet_from=_clock(request, "quiet_from"), quiet_until=_clock(request, "quiet_until")
        )
        messages.success(request, "Saved. It counts from the next minute on.")
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    return redirect("channel", channel_id)


def _clock(request: SignedInRequest, name: str) -> time | None:
    value = request.POST.get(name, "").strip()
    try:
        return time.fromisoformat(value) if value else None
    except ValueError:
        raise actions.NotAllowed("Write times like 22:00.") from None


@require_POST
def set_owners(request: SignedInRequest, channel_id: UUID) -> HttpResponse:
    find_channel(request, channel_id)
    known = {str(person.id): person.id for person in people.list_people(request.actor) if person.is_here}
    try:
        actions.set_channel_owners(
            actor=request.actor,
            channel_id=channel_id,
            owner_id=known.get(request.POST.get("owner", "")),
            backup_owner_id=known.get(request.POST.get("backup_owner", "")),
        )
        messages.success(request, "Owners changed.")
    except actions.NotAllowed as error:
        messages.error(request, str(error))
    return redirect("channel", channel_id)


@require_GET
def feed(request: SignedInRequest, channel_id: UUID) -> HttpResponse:
    """Looks like a feed, and is none: never public, clearly marked."""
    channel = find_channel(request, channel_id)
    if channel.platform != "practice":
        raise Http404
    return render(request, "primum/feed.html", {"channel": channel, "posts": publishing.feed(request.actor, channel_id)})


@require_GET
def feed_picture(request: SignedInRequest, sha256: str) -> HttpResponse:
    try:
        row = publishing.feed_picture(request.actor, sha256)
    except PostNotFound:
        raise Http404 from None
    return picture_response(bytes(row.data), row.mime)
