"""Posts: the list, one post's whole story, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.evidence.actions import record_view
from primum.people import queries as people
from primum.publishing import actions, drafts, queries, remote, rules, sending
from primum.publishing.models import Delivery, Post, Revision
from primum.publishing.queries import PostNotFound
from primum.web.requests import SignedInRequest
from primum.web.times import BadTime, as_field, read_local


@require_GET
def listing(request: SignedInRequest) -> HttpResponse:
    wanted = request.GET.get("state", "")
    states = (wanted,) if wanted in Post.State.values else ()
    posts = queries.list_posts(request.actor, states=states, mine=request.GET.get("mine") == "1")
    return render(request, "primum/posts.html", {"posts": posts, "states": Post.State.choices, "state": wanted, "mine": request.GET.get("mine") == "1"})


def _post(request: SignedInRequest, post_id: UUID) -> Post:
    try:
        return queries.get_post(request.actor, post_id)
    except PostNotFound:
        raise Http404 from None


@require_GET
def detail(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    post = _post(request, post_id)
    revisions = queries.last_revisions(post)
    latest = revisions[0] if revisions else None
    if latest is not None and latest.verdict != "allow":
        record_view(actor=request.actor, item=post.id, what="flagged_post", now=timezone.now())
    live = next((revision for revision in revisions if revision.state in ("approved", "waiting")), None)
    deliveries = list(post.deliveries.select_related("channel", "revision").prefetch_related("proofs").order_by("channel__name"))
    story = queries.story(request.actor, post)
    names = people.names_of({UUID(line.actor[7:]) for line in story if line.actor.startswith("person:")})
    frozen = queries.frozen_of(live) if live else drafts.freeze(post)
    return render(
        request,
        "primum/post.html",
        {
            "post": post,
            "live": live,
            "revisions": revisions,
            "deliveries": deliveries,
            "frozen": frozen,
            "texts": _texts(frozen, post),
            "pictures": queries.pictures(post, ids=tuple(p.id for p in frozen.pictures)),
            "gates": _gates(live, deliveries),
            "story": [(line, names.get(UUID(line.actor[7:])) if line.actor.startswith("person:") else line.actor.partition(":")[2]) for line in story],
            "hand_ids": {task.id for task in queries.hand_tasks(request.actor)},
            "can": _can(request, post, live, deliveries),
            "due": as_field(post.due_at or timezone.now()),
            "window_from": as_field(post.window_from),
            "window_until": as_field(post.window_until),
            "approvers": queries.who_can_approve(post, verdict=live.verdict, without=queries.writers_of(live)) if live and live.state == "waiting" else [],
        },
    )


def _texts(frozen: rules.Frozen, post: Post) -> list[tuple[str, str]]:
    """Words per channel; channels that say the same stand together."""
    names = {str(row.channel_id): row.channel.name for row in post.texts.select_related("channel")}
    together: dict[str, list[str]] = {}
    for channel, text in frozen.texts:
        together.setdefault(text, []).append(names.get(channel, "a channel"))
    return [(", ".join(channels), text) for text, channels in together.items()]


def _gates(live: Revision | None, deliveries: list[Delivery]) -> list[tuple[Delivery, tuple[rules.Gate, ...]]]:
    """The publish lock of each delivery that has not gone out, as it stands now."""
    now = timezone.now()
    return [(d, rules.publish_lock(queries.lock_facts(d, now=max(now, d.due_at) if d.state == "scheduled" else now))) for d in deliveries if d.state in ("scheduled", "held")] if live else []


UNDER_WAY = frozenset(("published", "sending", "unclear", "removing"))


def _can(request: SignedInRequest, post: Post, live: Revision | None, deliveries: list[Delivery]) -> dict[str, bool]:
    member = request.member
    author = rules.may_edit(member, post.facility_id)
    reviewer = member.has_any(("brand_reviewer", "clinical_reviewer", "privacy_officer"), post.facility_id)
    hand = author or reviewer
    states = {d.state for d in deliveries}
    return {
        "edit": author and post.state not in rules.FINAL and not states & UNDER_WAY,
        "withdraw": author and post.state == "in_review",
        "schedule": hand and live is not None and live.state == "approved" and post.state in ("approved", "scheduled", "attention") and (not states or bool(states & {"scheduled", "held"})),
        "unschedule": hand and bool(states & {"scheduled", "held"}) and "by_hand" not in states and not states & {*UNDER_WAY, "removed"},
        "withdraw_approval": not post.is_native and (reviewer or post.facility.is_small) and live is not None and live.state == "approved" and not states & UNDER_WAY,
        "take_down": hand and "published" in states,
        "duplicate": author,
        "say_seen": hand,
        "discard": author and post.state not in rules.FINAL and not states & UNDER_WAY,
        "review": live is not None and live.state == "waiting" and queries.why_not_decide(member, live) is None,
    }


ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "withdraw": (actions.withdraw_submission, "Withdrawn. It is a draft again."),
    "unschedule": (sending.unschedule_post, "Not scheduled any more. The approval stays."),
    "withdraw-approval": (actions.withdraw_approval, "Approval withdrawn. Nothing of this version will go out."),
    "take-down": (sending.take_down_post, "Being taken down. It counts as down when the channel no longer shows it."),
    "duplicate": (actions.duplicate_post, "A copy, as a new draft."),
    "discard": (actions.discard_post, "Discarded."),
}


@require_POST
def act(request: SignedInRequest, post_id: UUID, what: str) -> HttpResponse:
    _post(request, post_id)
    if what not in ACTS:
        raise Http404
    function, done = ACTS[what]
    try:
        event = function(actor=request.actor, post_id=post_id, now=timezone.now())
    except (actions.Refused, actions.NotAllowed) as error:
        messages.error(request, " ".join(getattr(error, "problems", (str(error),))))
        return redirect("post", post_id)
    messages.success(request, done)
    if what == "duplicate":
        return redirect("compose_edit", event.post)
    return redirect("posts" if what == "discard" else "post", *([] if what == "discard" else [post_id]))


@require_POST
def schedule(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    _post(request, post_id)
    now = timezone.now()
    try:
        due_at = now if request.POST.get("at_once") else read_local(request.POST.get("due_at", ""), "time")
        if due_at is None:
            raise BadTime("Choose when it should go out.")
        sending.schedule_post(actor=request.actor, post_id=post_id, due_at=due_at, now=now)
        messages.success(request, "Going out now." if request.POST.get("at_once") else "Scheduled. Every gate is asked again at its minute.")
    except (actions.Refused, actions.NotAllowed, BadTime) as error:
        messages.error(request, " ".join(getattr(error, "problems", (str(error),))))
    return redirect("post", post_id)


@require_POST
def seen(request: SignedInRequest, post_id: UUID, delivery_id: UUID) -> HttpResponse:
    """After an unclear answer: the person says whether it stands on the channel, and where."""
    post = _post(request, post_id)
    if not post.deliveries.filter(id=delivery_id).exists():
        raise Http404
    link = request.POST.get("link", "").strip()
    if request.POST.get("there") and not link.startswith("https://"):
        messages.error(request, "Paste the address of the post, beginning with https://.")
        return redirect("post", post_id)
    try:
        remote.say_what_was_seen(actor=request.actor, delivery_id=delivery_id, permalink=link if request.POST.get("there") else "", now=timezone.now())
        messages.success(request, "Recorded: it is there." if request.POST.get("there") else "Recorded: it is not there. It can be scheduled again.")
    except (actions.Refused, actions.NotAllowed, sending.NothingToDo) as error:
        messages.error(request, " ".join(getattr(error, "problems", (str(error),))))
    return redirect("post", post_id)


@require_GET
def picture(request: SignedInRequest, picture_id: UUID) -> HttpResponse:
    try:
        row = queries.get_picture(request.actor, picture_id)
    except PostNotFound:
        raise Http404 from None
    return picture_response(bytes(row.data), row.mime)


def picture_response(data: bytes, mime: str) -> HttpResponse:
    """Our own re-encoded bytes; a browser that opens them alone runs nothing."""
    response = HttpResponse(data, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    # Opened alone, a browser lays the image out with a style of its own.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
