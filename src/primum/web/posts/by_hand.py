"""The task page: exactly what was approved, to copy; a short checklist; the address and a picture of it as proof."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.publishing import actions, by_hand, media, queries
from primum.publishing.models import Delivery
from primum.publishing.queries import PostNotFound
from primum.web.posts.views import picture_response
from primum.web.requests import SignedInRequest


def _task(request: SignedInRequest, delivery_id: UUID) -> Delivery:
    try:
        return queries.get_hand_task(request.actor, delivery_id)
    except PostNotFound:
        raise Http404 from None


@require_GET
def task(request: SignedInRequest, delivery_id: UUID) -> HttpResponse:
    return _page(request, _task(request, delivery_id))


def _page(request: SignedInRequest, delivery: Delivery, *, alert: str = "", link: str = "", status: int = 200) -> HttpResponse:
    if delivery.state not in ("by_hand", "removing"):
        return redirect("post", delivery.post_id)
    frozen = queries.frozen_of(delivery.revision)
    return render(
        request,
        "primum/by_hand.html",
        {
            "delivery": delivery,
            "text": frozen.text_for(delivery.channel_id),
            "pictures": queries.pictures(delivery.post, ids=tuple(p.id for p in frozen.pictures)),
            "refusal": by_hand.why_not_now(delivery, now=timezone.now()) if delivery.state == "by_hand" else None,
            "alert": alert,
            "link": link,
        },
        status=status,
    )


def read_shot(request: SignedInRequest) -> media.Rendition:
    """The picture that proves it. Raises BadPicture."""
    upload = request.FILES.get("proof")
    if upload is None:
        raise media.BadPicture("Add a picture of the page: a screenshot is enough.")
    if (upload.size or 0) > media.MAX_UPLOAD:
        raise media.BadPicture("The picture is larger than 20 MB. Save it smaller and try again.")
    return media.make_rendition(upload.read())


@require_POST
def done(request: SignedInRequest, delivery_id: UUID) -> HttpResponse:
    delivery = _task(request, delivery_id)
    if request.POST.get("give_back"):
        return _give_back(request, delivery)
    link = request.POST.get("link", "").strip()
    try:
        if delivery.state == "by_hand" and not (link.startswith("https://") and len(link) <= 500):
            raise media.BadPicture("Paste the address of the post, beginning with https://.")
        shot = read_shot(request)
        if delivery.state == "by_hand":
            by_hand.record_posted_by_hand(actor=request.actor, delivery_id=delivery_id, permalink=link, proof=shot, now=timezone.now())
        else:
            by_hand.record_removed_by_hand(actor=request.actor, delivery_id=delivery_id, proof=shot, now=timezone.now())
    except media.BadPicture as error:
        return _page(request, delivery, alert=str(error), link=link, status=422)
    except (actions.Refused, actions.NotAllowed) as error:
        messages.error(request, " ".join(getattr(error, "problems", (str(error),))))
        return redirect("post", delivery.post_id)
    messages.success(request, "Recorded, with its proof. Thank you.")
    return redirect("post", delivery.post_id)


def _give_back(request: SignedInRequest, delivery: Delivery) -> HttpResponse:
    try:
        by_hand.give_back(actor=request.actor, delivery_id=delivery.id, now=timezone.now())
        messages.success(request, "Given back: it was not posted. It can be scheduled again.")
    except (actions.Refused, actions.NotAllowed) as error:
        messages.error(request, " ".join(getattr(error, "problems", (str(error),))))
    return redirect("post", delivery.post_id)


@require_GET
def proof(request: SignedInRequest, proof_id: UUID) -> HttpResponse:
    try:
        row = queries.get_proof(request.actor, proof_id)
    except PostNotFound:
        raise Http404 from None
    return picture_response(bytes(row.data), row.mime)
