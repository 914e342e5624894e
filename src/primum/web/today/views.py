"""Today: what waits for me, and whether Primum is alive."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from primum.installation import health
from primum.inventory import queries as inventory
from primum.inventory import rules as inventory_rules
from primum.publishing import queries as publishing
from primum.web.requests import SignedInRequest


def today(request: SignedInRequest) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    return render(
        request,
        "primum/today.html",
        {
            "reviews": publishing.review_queue(actor)[:8],
            "problems": [sign for sign in health.look(now=now) if not sign.is_well],
            "hand_tasks": publishing.hand_tasks(actor)[:8],
            "attention": publishing.list_posts(actor, states=("attention",))[:8],
            "changes": list(publishing.list_posts(actor, states=("changes", "rejected"), mine=True))[:8],
            "upcoming": publishing.calendar_posts(actor, start=now, end=now + timedelta(days=7))[:8],
            "drafts": publishing.list_posts(actor, states=("draft",), mine=True)[:5],
            "channel_concerns": [(channel, found) for channel in inventory.list_channels(actor) if channel.status != "retired" and (found := inventory_rules.concerns(inventory.facts(channel)))],
        },
    )


def healthz(request: HttpRequest) -> HttpResponse:
    """The whole truth, without details: 200 when all is well, 503 when something is not. `primum doctor` says more."""
    signs = health.look(now=timezone.now())
    is_well = all(sign.is_well for sign in signs)
    return JsonResponse({"status": "ok" if is_well else "red", "checks": {sign.name: "ok" if sign.is_well else "red" for sign in signs}}, status=200 if is_well else 503)


def livez(request: HttpRequest) -> HttpResponse:
    """For supervisors, who would restart this very process: does it answer, and does its database?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
