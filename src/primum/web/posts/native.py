"""I posted it there already: the words, the place and a picture of it, to be looked at by somebody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from primum.connectors.registry import CAPABILITIES
from primum.inventory import queries as inventory
from primum.publishing import actions, drafts, media, native, rules
from primum.web.compose.forms import read_uuid
from primum.web.posts.by_hand import read_shot
from primum.web.requests import SignedInRequest
from primum.web.times import BadTime, as_field, read_local


@require_http_methods(["GET", "POST"])
def record(request: SignedInRequest) -> HttpResponse:
    channels = [channel for channel in inventory.writable_channels(request.actor) if CAPABILITIES[channel.platform].is_public]
    values: dict[str, Any] = {"text": "", "link": "", "at": as_field(timezone.now()), "channel": None}
    if request.method == "GET":
        return render(request, "primum/native.html", {"channels": channels, "values": values})
    values = {
        "text": request.POST.get("text", "")[: rules.MAX_TEXT + 1],
        "link": request.POST.get("link", "").strip(),
        "at": request.POST.get("at", ""),
        "channel": read_uuid(request.POST.get("channel", "")),
    }
    try:
        event = _record(request, values)
    except (actions.Refused, actions.NotAllowed, drafts.BadDraft, media.BadPicture, BadTime) as error:
        context = {"channels": channels, "values": values, "alert": " ".join(getattr(error, "problems", (str(error),)))}
        return render(request, "primum/native.html", context, status=422)
    if event.verdict == "block":
        messages.error(request, "Recorded. This could tell people who a patient is: take it down now, below. The privacy officer has been told.")
    else:
        messages.success(request, "Recorded. Somebody else looks at it now.")
    return redirect("post", event.post)


def _record(request: SignedInRequest, values: dict[str, Any]) -> Any:
    if values["channel"] is None:
        raise actions.Refused("Choose the channel.")
    if not (values["link"].startswith("https://") and len(values["link"]) <= 500):
        raise actions.Refused("Paste the address of the post, beginning with https://.")
    at = read_local(values["at"], "time")
    if at is None:
        raise BadTime("Say when it was posted.")
    return native.record_native(actor=request.actor, channel_id=values["channel"], text=values["text"], permalink=values["link"], at=at, proof=read_shot(request), now=timezone.now())
