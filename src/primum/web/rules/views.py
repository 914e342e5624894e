"""Rules: what stops a text, on what ground, who may release it, and how often people say that it is wrong."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from primum.foundation.actor import system
from primum.screening import actions, queries
from primum.web.compose.panel import STOPS
from primum.web.requests import SignedInRequest

GROUPS = (
    ("What points at a patient", ("ID.",)),
    ("What a text tells or asks", ("CTX.", "ADV.", "AUTH.", "LANG.", "MEDIA.")),
    ("Our own matters, and advertising", ("POL.", "MKT.")),
    ("What others write to us", ("ESC.", "MOD.")),
)
VERDICTS = {"block": "stops", "review": "asks for a person", "allow": "passes"}


@require_GET
def listing(request: SignedInRequest) -> HttpResponse:
    standings = queries.standings(request.actor, now=timezone.now())
    groups = [(title, [(row, VERDICTS[row.rule.verdict], STOPS[row.rule.stop]) for row in standings if row.rule.id.startswith(leads)]) for title, leads in GROUPS]
    return render(request, "primum/rules.html", {"groups": groups, "version": queries.rulebook_version()})


@require_POST
def disagree(request: SignedInRequest) -> HttpResponse:
    """Recorded without text and without the person."""
    try:
        actions.note_disagreement(actor=system("disagreement"), rule=request.POST.get("rule", ""), label=request.POST.get("label", ""), verdict=request.POST.get("verdict", ""), now=timezone.now())
    except actions.UnknownRule:
        return HttpResponseBadRequest("There is no such rule. Load the page again.")
    return render(request, "primum/parts/disagreed.html")
