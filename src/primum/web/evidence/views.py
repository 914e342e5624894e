"""Evidence: the record, one item's whole story, verification, and packs that a stranger can check."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from importlib import resources
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.evidence import actions, leaving, queries
from primum.evidence import verify as checking
from primum.evidence.models import Entry
from primum.people import queries as people
from primum.web.requests import SignedInRequest


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only those whose work it is; others find nothing here."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.member.reads_evidence:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@for_readers
def listing(request: SignedInRequest) -> HttpResponse:
    return _page(request)


def _page(request: SignedInRequest, result: checking.Result | None = None) -> HttpResponse:
    about = request.GET.get("about", "").strip()[:80]
    before = request.GET.get("before", "")
    lines = queries.list_entries(viewer=request.actor, about=about, before=int(before) if before.isdecimal() and len(before) < 15 else None)
    names = people.names_of({UUID(line.actor[7:]) for line in lines if line.actor.startswith("person:")})
    rows = [(line, names.get(UUID(line.actor[7:]), line.actor) if line.actor.startswith("person:") else line.actor.partition(":")[2], line.subject.partition(":")) for line in lines]
    return render(
        request,
        "primum/evidence.html",
        {
            "rows": rows,
            "about": about,
            "standing": queries.standing(viewer=request.actor),
            "heads_to": settings.PRIMUM.heads_to,
            "sent": leaving.last_sent(now=timezone.now()),
            "result": result,
            "older": lines[-1].index if len(lines) == 50 else None,
        },
    )


@require_POST
@for_readers
def verify(request: SignedInRequest) -> HttpResponse:
    return _page(request, checking.verify())


@require_GET
@for_readers
def pack(request: SignedInRequest, about: str) -> HttpResponse:
    """One item's entries with their proofs, as a file. Taking it out is recorded."""
    if not re.fullmatch(r"\d{1,15}|[0-9a-f-]{36}|[0-9a-f]{64}", about):
        raise Http404
    try:
        packs = queries.prove(viewer=request.actor, about=about)
    except Entry.DoesNotExist:
        raise Http404 from None
    actions.record_export(actor=request.actor, about=about, entries=len(packs), now=timezone.now())
    response = HttpResponse(json.dumps(packs, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="evidence-{about}.json"'
    return response


@require_GET
@for_readers
def verifier(request: SignedInRequest) -> HttpResponse:
    text = resources.files("primum.evidence").joinpath("offline_verifier.py").read_text(encoding="utf-8")
    response = HttpResponse(text, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_evidence.py"'
    return response
