"""Compose: write, see at once what is unsafe and why, submit. Checks while someone types record nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.connectors.registry import CAPABILITIES
from primum.evidence.actions import record_view
from primum.inventory import queries as inventory
from primum.inventory.models import Channel
from primum.publishing import actions, drafts, media, queries, remote, rules
from primum.publishing.models import Post
from primum.publishing.queries import PostNotFound
from primum.publishing.rules import Frozen, FrozenPicture
from primum.screening import queries as screening
from primum.web.compose import forms, panel
from primum.web.requests import SignedInRequest
from primum.web.times import BadTime, as_field, read_local

REFUSALS = (actions.NotAllowed, drafts.BadDraft, BadTime)
STALE = "Somebody changed this post after you opened it. Nothing was saved over it: your words are still below. Open it in another tab to see what changed, then bring your words over."


@require_GET
def new(request: SignedInRequest) -> HttpResponse:
    kind = "reply" if request.GET.get("kind") == "reply" else "post"
    return _page(request, None, kind)


@require_POST
def try_text(request: SignedInRequest) -> HttpResponse:
    """Compose with words filled in, from the Tour. Nothing is stored; the words travel in the body, not in the address."""
    kind = "reply" if request.POST.get("kind") == "reply" else "post"
    fields = {"text": request.POST.get("text", "")[: rules.MAX_TEXT], "heard": request.POST.get("heard", "")[: rules.MAX_TEXT]}
    return _page(request, None, kind, fields=fields)


@require_GET
def edit(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    post = _post(request, post_id)
    if post.state in rules.FINAL:
        return redirect("post", post_id)
    return _page(request, post, post.kind)


def _post(request: SignedInRequest, post_id: UUID) -> Post:
    try:
        return queries.get_post(request.actor, post_id)
    except PostNotFound:
        raise Http404 from None


def _named(request: SignedInRequest) -> Post | None:
    """The post that a form names; None for a new one."""
    value = request.POST.get("post", "")
    if not value:
        return None
    post_id = forms.read_uuid(value)
    if post_id is None:
        raise Http404
    return _post(request, post_id)


def _page(request: SignedInRequest, post: Post | None, kind: str, *, fields: dict[str, Any] | None = None, alert: str = "", status: int = 200) -> HttpResponse:
    channels = _choices(request, post)
    if not channels:
        return render(request, "primum/compose_none.html", status=status)
    values = {**forms.initial(post), **(fields or {})}
    if post is None and not values["chosen"]:
        values["chosen"] = {channels[0].id}
    now = timezone.now()
    values.setdefault("window_from", as_field(now))
    values.setdefault("window_until", as_field(now + timedelta(days=14)))
    pictures = queries.pictures(post) if post else []
    rows = [{"channel": c, "limit": inventory.longest_text(c), "can": CAPABILITIES[c.platform], "chosen": c.id in values["chosen"], "own": values["own"].get(c.id)} for c in channels]
    context = {
        "post": post,
        "kind": kind,
        "rows": rows,
        "values": values,
        "pictures": pictures,
        "alert": alert,
        "ready_answers": screening.ready_answers() if kind == "reply" else (),
        "reopens": post is not None and post.state in rules.REOPENS,
        "needs_link": any(row["can"].replies_need_link for row in rows),
        "takes_warning": any(row["can"].takes_warning for row in rows),
        "languages": drafts.LANGUAGES,
        **_panel_context(request, _frozen(request, post, kind, values, channels, pictures), values["text"], post, channels, kind, str(values.get("heard_link", ""))),
    }
    _remember_view(request, post, context["check"])
    return render(request, "primum/compose.html", context, status=status)


def _remember_view(request: SignedInRequest, post: Post | None, check: queries.Check) -> None:
    """Who opened somebody else's flagged draft stays in the record (45 CFR 164.312(b))."""
    if post and request.method == "GET" and check.judgement.verdict != "allow" and not post.editors.filter(person_id=request.member.id).exists():
        record_view(actor=request.actor, item=post.id, what="flagged_draft", now=timezone.now())


def _choices(request: SignedInRequest, post: Post | None) -> list[Channel]:
    channels = inventory.writable_channels(request.actor)
    return [c for c in channels if c.facility_id == post.facility_id] if post else channels


def _frozen(request: SignedInRequest, post: Post | None, kind: str, values: dict[str, Any], channels: list[Channel], pictures: list[Any]) -> Frozen:
    """The form's content as the engine and the lock would see it; nothing is stored."""
    texts = tuple((str(c.id), values["own"].get(c.id) or values["text"]) for c in channels if c.id in values["chosen"])
    alts = values.get("alts", {})
    return Frozen(
        kind,
        str(post.facility_id if post else channels[0].facility_id),
        texts,
        tuple(FrozenPicture(str(p.id), p.sha256, p.mime, alts.get(p.id, p.alt_text)) for p in pictures),
        _earliest(values),
        "2100-01-01T00:00:00+00:00",
        values["heard"],
        warning=values["warning"] if any(CAPABILITIES[c.platform].takes_warning for c in channels if c.id in values["chosen"]) else "",
        language=values["language"],
    )


def _earliest(values: dict[str, Any]) -> str:
    """When the text may go out at the earliest: words that are kept back until a day ask for it. Long ago where the field says nothing."""
    try:
        begins = read_local(str(values.get("window_from", "")))
    except BadTime:
        begins = None
    return begins.isoformat() if begins else "2000-01-01T00:00:00+00:00"


def _panel_context(request: SignedInRequest, frozen: Frozen, base: str, post: Post | None, channels: list[Channel], kind: str, link: str = "") -> dict[str, Any]:
    check = queries.check_frozen(frozen, base_text=base, link=link)
    titles = {"text": "Your answer" if kind == "reply" else "Your text", **{f"channel:{c.id}": f"On {c.name}" for c in channels}}
    titles |= {"warning": "Content warning", panel.TOGETHER: "Warning and words together", **{f"alt:{picture.id}": f"Alt text of image {number}" for number, picture in enumerate(frozen.pictures, 1)}}
    without: frozenset[object] = frozenset({request.member.id, *(post.editors.values_list("person_id", flat=True) if post else ())})
    chosen = next((c for c in channels if str(c.id) in dict(frozen.texts)), None)
    shown = panel.build(request.actor, check, titles=titles, post=post, facility_id=post.facility_id if post else chosen.facility_id if chosen else None, is_reply=kind == "reply", without=without)
    return {"check": check, "panel": shown, "marked": next((part.marked for part in shown.parts if part.name == "text"), "")}


@require_POST
def check(request: SignedInRequest) -> HttpResponse:
    """The panel for what stands in the form. Stores nothing, records nothing."""
    try:
        draft = forms.read_draft(request)
        draft.check()
    except (drafts.BadDraft, BadTime) as error:
        return render(request, "primum/parts/panel_refused.html", {"reason": str(error)})
    post = _named(request)
    channels = _choices(request, post)
    kind = "reply" if request.POST.get("kind") == "reply" else "post"
    values = {"text": drafts.clean(draft.text), "heard": draft.heard, "own": draft.own, "chosen": set(draft.channels), "alts": draft.alt_texts, "window_from": as_field(draft.window_from)}
    values |= {"warning": draft.warning.strip(), "language": draft.language}
    frozen = _frozen(request, post, kind, values, channels, queries.pictures(post) if post else [])
    return render(request, "primum/parts/panel.html", {**_panel_context(request, frozen, str(values["text"]), post, channels, kind, draft.heard_link), "is_update": True, "post": post, "kind": kind})


@require_POST
def save(request: SignedInRequest) -> HttpResponse:
    """Keep a draft: by hand, or by autosave (answered with a small status line). A post past submission is reopened."""
    now, quiet = timezone.now(), request.headers.get("HX-Request") == "true"
    post = _named(request)
    try:
        draft = forms.read_draft(request)
        if post is None:
            channel = next((c for c in inventory.writable_channels(request.actor) if c.id in draft.channels), None)
            if channel is None:
                return _answer(request, post, "Choose a channel first; nothing was saved yet.", quiet, 422)
            kind = "reply" if request.POST.get("kind") == "reply" else "post"
            created = actions.create_post(actor=request.actor, facility_id=channel.facility_id, kind=kind, now=now, draft=draft)
            if request.POST.get("submit"):
                return _submit(request, created.post)
            return redirect("compose_edit", created.post)
        _store(request, post, draft)
    except actions.Stale:
        return _answer(request, post, STALE, quiet, 409)
    except actions.Refused as error:
        return _answer(request, post, " ".join(error.problems), quiet, 409)
    except REFUSALS as error:
        return _answer(request, post, str(error), quiet, 422)
    if not quiet:
        messages.success(request, "Saved.")
        return redirect("compose_edit", post.id)
    fresh = _post(request, post.id)
    return render(request, "primum/parts/saved.html", {"post": fresh, "reopened": post.state in rules.REOPENS and fresh.state == "draft"})


def _store(request: SignedInRequest, post: Post, draft: drafts.Draft) -> None:
    given = request.POST.get("version", "")
    version = int(given) if given.isdecimal() and len(given) < 9 else 0
    now = timezone.now()
    if post.state in rules.REOPENS:
        if _is_same(post, draft):
            return
        actions.reopen_post(actor=request.actor, post_id=post.id, version=version, draft=draft, now=now)
    else:
        actions.save_draft(actor=request.actor, post_id=post.id, version=version, draft=draft, now=now)


def _is_same(post: Post, draft: drafts.Draft) -> bool:
    """A form that was opened and left alone must not cost an approval."""
    before = forms.initial(post)
    window = (as_field(post.window_from), as_field(post.window_until)) == (as_field(draft.window_from or post.window_from), as_field(draft.window_until or post.window_until))
    own = {key: drafts.clean(value) for key, value in draft.own.items() if value.strip()}
    return (
        drafts.clean(draft.text) == before["text"]
        and drafts.clean(draft.heard) == before["heard"]
        and draft.heard_link.strip() == before["heard_link"]
        and drafts.clean(draft.note) == before["note"]
        and draft.warning.strip() == before["warning"]
        and draft.language == before["language"]
        and set(draft.channels) == before["chosen"]
        and own == before["own"]
        and window
        and all(p.alt_text == drafts.clean(draft.alt_texts.get(p.id, p.alt_text)) for p in queries.pictures(post))
    )


def _answer(request: SignedInRequest, post: Post | None, text: str, quiet: bool, status: int) -> HttpResponse:
    if quiet:
        return render(request, "primum/parts/saved.html", {"problem": text, "post": post})
    return _again(request, post, text, status)


def _again(request: SignedInRequest, post: Post | None, text: str, status: int) -> HttpResponse:
    """The page once more with what was typed: nothing is lost."""
    try:
        draft = forms.read_draft(request)
    except BadTime:
        draft = drafts.Draft(text=request.POST.get("text", ""), channels=(), heard=request.POST.get("heard", ""), note=request.POST.get("note", ""))
    fields = {
        "text": draft.text[: rules.MAX_TEXT],
        "heard": draft.heard[: rules.MAX_TEXT],
        "heard_link": draft.heard_link[:500],
        "note": draft.note[: rules.MAX_TEXT],
        "warning": draft.warning[:200],
        "language": draft.language,
        "chosen": set(draft.channels),
        "own": draft.own,
    }
    return _page(request, post, post.kind if post else request.POST.get("kind", "post"), fields=fields, alert=text, status=status)


@require_POST
def submit(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    """Save what stands in the form and freeze it for review."""
    post = _post(request, post_id)
    try:
        _store(request, post, forms.read_draft(request))
    except actions.Stale:
        return _again(request, post, STALE, 409)
    except actions.Refused as error:
        return _again(request, _post(request, post_id), " ".join(error.problems), 422)
    except REFUSALS as error:
        return _again(request, post, str(error), 422)
    return _submit(request, post_id)


def _submit(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    post = fresh = _post(request, post_id)
    try:
        found = remote.resolve(request.actor, post_id)
        actions.submit_revision(actor=request.actor, post_id=post_id, version=fresh.version, now=timezone.now(), release_reason=request.POST.get("release_reason", ""), resolved=found)
    except actions.Stale:
        return _again(request, post, STALE, 409)
    except actions.Refused as error:
        return _again(request, _post(request, post_id), " ".join(error.problems), 422)
    except REFUSALS as error:
        return _again(request, post, str(error), 422)
    messages.success(request, "Submitted. This version is frozen; the reviewers have been told.")
    return redirect("post", post_id)


@require_POST
def add_picture(request: SignedInRequest, post_id: UUID) -> HttpResponse:
    post = _post(request, post_id)
    upload = request.FILES.get("picture")
    try:
        _store(request, post, forms.read_draft(request))
        if upload is None:
            raise media.BadPicture("Choose an image first.")
        if (upload.size or 0) > media.MAX_UPLOAD:
            raise media.BadPicture("The image is larger than 20 MB. Save it smaller and try again.")
        actions.add_picture(actor=request.actor, post_id=post_id, rendition=media.make_rendition(upload.read()), now=timezone.now())
    except actions.Stale:
        return _again(request, post, STALE, 409)
    except actions.Refused as error:
        return _again(request, post, " ".join(error.problems), 409)
    except (media.BadPicture, *REFUSALS) as error:
        return _again(request, _post(request, post_id), str(error), 422)
    messages.success(request, "Image added, without the data that cameras hide in files. Describe it in words below.")
    return redirect("compose_edit", post_id)


@require_POST
def remove_picture(request: SignedInRequest, post_id: UUID, picture_id: UUID) -> HttpResponse:
    post = _post(request, post_id)
    try:
        actions.remove_picture(actor=request.actor, post_id=post_id, picture_id=picture_id, now=timezone.now())
    except (actions.Refused, actions.NotAllowed) as error:
        return _again(request, post, str(error), 409)
    return redirect("compose_edit", post_id)
