"""Review: a queue, oldest first; one version at a time, with what changed and what was found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.evidence.actions import record_view
from primum.inventory import queries as inventory
from primum.publishing import actions, drafts, native, queries
from primum.publishing.models import Revision
from primum.publishing.queries import PostNotFound
from primum.web.compose import panel
from primum.web.requests import SignedInRequest
from primum.web.review.diff import changed_characters, marked_diff

DONE = {"approved": "Approved: exactly this version.", "changes": "Sent back with your note.", "rejected": "Rejected with your reason."}
DONE_AFTERWARDS = {"approved": "Recorded: it stays.", "rejected": "It comes down: whoever keeps the channel has been asked."}


@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    return render(request, "primum/review.html", {"revisions": queries.review_queue(request.actor), "now": timezone.now()})


@require_GET
def item(request: SignedInRequest, revision_id: UUID) -> HttpResponse:
    try:
        revision = actions.take_up(actor=request.actor, revision_id=revision_id, now=timezone.now())
    except PostNotFound:
        raise Http404 from None
    return _page(request, revision)


def _page(request: SignedInRequest, revision: Revision, *, alert: str = "", reason: str = "", status: int = 200) -> HttpResponse:
    if revision.state != "waiting":
        return redirect("post", revision.post_id)
    if revision.verdict != "allow":
        record_view(actor=request.actor, item=revision.post_id, what="flagged_post", now=timezone.now())
    frozen, before = queries.frozen_of(revision), queries.previous_frozen(revision)
    channels = {str(row.id): row for row in inventory.channels_by_id([UUID(channel) for channel, _ in frozen.texts])}
    titles = {f"channel:{channel_id}": f"On {row.name}" for channel_id, row in channels.items()}
    titles |= {"warning": "Content warning", panel.TOGETHER: "Warning and words together"} | {f"alt:{picture.id}": f"Alt text of image {number}" for number, picture in enumerate(frozen.pictures, 1)}
    shown = panel.build(
        request.actor,
        queries.check_frozen(frozen),
        titles=titles,
        post=revision.post,
        facility_id=revision.post.facility_id,
        is_reply=frozen.kind == "reply",
        without=frozenset(queries.writers_of(revision)),
    )
    waiting = queries.review_queue(request.actor)
    ids = [row.id for row in waiting]
    at = ids.index(revision.id) if revision.id in ids else -1
    return render(
        request,
        "primum/review_item.html",
        {
            "revision": revision,
            "post": revision.post,
            "frozen": frozen,
            "panel": shown,
            "texts": _texts(frozen, before, channels),
            "lives": queries.live_of(revision.post) if revision.post.is_native else None,
            "pictures": queries.pictures(revision.post, ids=tuple(p.id for p in frozen.pictures)),
            "alts": [p.alt for p in frozen.pictures],
            "refusal": queries.why_not_decide(request.member, revision),
            "alert": alert,
            "reason": reason,
            "next": ids[at + 1] if -1 < at < len(ids) - 1 else None,
            "previous": ids[at - 1] if at > 0 else None,
            "place": at + 1,
            "of": len(ids),
            "writers": ", ".join(row.person.name for row in revision.editors.select_related("person")),
            "changes": before is not None,
            "new_warning": before is not None and before.warning != frozen.warning,
            "new_language": before is not None and before.language != frozen.language,
            "language": drafts.LANGUAGES.get(frozen.language, ""),
            "someone_else": revision.held_by if revision.held_by_id not in (None, request.member.id) and revision.held_until and revision.held_until > timezone.now() else None,
        },
        status=status,
    )


def _texts(frozen: Any, before: Any, channels: dict[str, Any]) -> list[dict[str, Any]]:
    old = dict(before.texts) if before else {}
    rows = []
    for channel, text in frozen.texts:
        changed = channel in old and old[channel] != text
        rows.append(
            {
                "channel": channels[channel].name,
                "text": text,
                "is_new": before is not None and channel not in old,
                "diff": marked_diff(old[channel], text) if changed else None,
                "count": changed_characters(old[channel], text) if changed else 0,
            }
        )
    return rows


@require_POST
def decide(request: SignedInRequest, revision_id: UUID) -> HttpResponse:
    outcome, reason = request.POST.get("outcome", ""), request.POST.get("reason", "")
    try:
        revision = queries.get_revision(request.actor, revision_id)
        function = native.decide_native if revision.post.is_native else actions.decide_revision
        function(actor=request.actor, revision_id=revision_id, outcome=outcome, reason=reason, digest=request.POST.get("digest", ""), now=timezone.now())
    except PostNotFound:
        raise Http404 from None
    except actions.Stale:
        messages.error(request, "Someone edited this post, or decided about it, after you opened it. Nothing was decided by you. See what changed.")
        return redirect("post", revision.post_id)
    except actions.NotAllowed as error:
        return _page(request, revision, alert=str(error), reason=reason, status=403)
    except actions.Refused as error:
        return _page(request, revision, alert=" ".join(error.problems), reason=reason, status=422)
    messages.success(request, (DONE_AFTERWARDS if revision.post.is_native else DONE)[outcome])
    waiting = queries.review_queue(request.actor)
    return redirect("review_item", waiting[0].id) if waiting and request.POST.get("next") else redirect("post", revision.post_id)
