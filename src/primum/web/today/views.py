"""Today: what waits for me, and whether Primum is alive."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

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
            "hand_tasks": publishing.hand_tasks(actor)[:8],
            "attention": publishing.list_posts(actor, states=("attention",))[:8],
            "changes": list(publishing.list_posts(actor, states=("changes", "rejected"), mine=True))[:8],
            "upcoming": publishing.calendar_posts(actor, start=now, end=now + timedelta(days=7))[:8],
            "drafts": publishing.list_posts(actor, states=("draft",), mine=True)[:5],
            "channel_concerns": [(channel, found) for channel in inventory.list_channels(actor) if channel.status != "retired" and (found := inventory_rules.concerns(inventory.facts(channel)))],
        },
    )


def healthz(request: HttpRequest) -> HttpResponse:
    """For supervisors: does this process answer, and does its database?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
