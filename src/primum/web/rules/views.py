"""Rules: what stops a text, on what ground, who may release it, and how often people say that it is wrong; and rules of our own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from primum.foundation.actor import system
from primum.people import queries as people
from primum.publishing import queries as publishing
from primum.screening import actions, house_rules, queries
from primum.screening.house_rules import RulebookError
from primum.web.compose.panel import who_releases
from primum.web.requests import SignedInRequest

GROUPS = (
    ("What points at a patient", ("ID.",)),
    ("What a text tells or asks", ("CTX.", "ADV.", "AUTH.", "LANG.", "MEDIA.")),
    ("Our own matters, and advertising", ("POL.", "MKT.")),
    ("What others write to us", ("ESC.", "MOD.")),
)
VERDICTS = {"block": "stops", "review": "asks for a person", "allow": "passes"}
TRIED_ON = 200  # stored posts: some seconds


@require_GET
def listing(request: SignedInRequest) -> HttpResponse:
    facilities = {str(facility.id): facility for facility in people.list_facilities(request.actor)}
    chosen = facilities.get(request.GET.get("where", ""))
    facility_id = chosen.id if chosen else None
    standings = queries.standings(request.actor, now=timezone.now(), facility_id=facility_id)
    known = tuple(lead for _, leads in GROUPS for lead in leads)
    groups = [(title, [_row(row) for row in standings if row.rule.id.startswith(leads)]) for title, leads in GROUPS]
    groups.append(("More of our own", [_row(row) for row in standings if not row.rule.id.startswith(known)]))
    context = {
        "groups": groups,
        "version": queries.rulebook_of(facility_id).version,
        "facilities": facilities.values(),
        "chosen": chosen,
        "problem": house_rules.problem(facility_id),
        "may_set": bool(house_rules.places(request.actor)),
    }
    return render(request, "primum/rules.html", context)


def _row(row: queries.Standing) -> tuple[queries.Standing, str, str]:
    return row, VERDICTS[row.rule.verdict], who_releases(row.rule, row.rule.verdict)


@require_POST
def disagree(request: SignedInRequest) -> HttpResponse:
    """Recorded without text and without the person."""
    try:
        actions.note_disagreement(actor=system("disagreement"), rule=request.POST.get("rule", ""), label=request.POST.get("label", ""), verdict=request.POST.get("verdict", ""), now=timezone.now())
    except actions.UnknownRule:
        return HttpResponseBadRequest("There is no such rule. Load the page again.")
    return render(request, "primum/parts/disagreed.html")


@require_http_methods(["GET", "POST"])
def own(request: SignedInRequest) -> HttpResponse:
    """Rules of our own: read, tried on stored posts, put in force."""
    places = house_rules.places(request.actor)
    if not places:
        raise Http404
    where = (request.POST if request.method == "POST" else request.GET).get("where", "")
    place = next((place for place in places if str(place.facility or "") == where), places[0])
    if request.method == "GET":
        return _own_page(request, places, place, place.text)
    text = request.POST.get("text", "").replace("\r\n", "\n")[: house_rules.LONGEST + 1]
    try:
        if request.POST.get("try"):
            return _own_page(request, places, place, text, tried=_tried(request, place.facility, text))
        actions.set_house_rules(actor=request.actor, facility_id=place.facility, text=text, now=timezone.now())
    except (RulebookError, actions.NotAllowed) as error:
        return _own_page(request, places, place, text, alert=str(error), status=422)
    messages.success(request, f"In force for {place.name}. What waits for its minute is asked again by these rules." if text.strip() else f"Taken back for {place.name}.")
    return redirect("rules")


def _tried(request: SignedInRequest, facility_id: UUID | None, text: str) -> dict[str, Any]:
    """What the rules would have done to the newest stored posts that this person may see. Stores nothing."""
    rulebook = house_rules.try_out(facility_id, text, is_signed=house_rules.signs(request.member, facility_id))
    result = queries.backtest(publishing.stored_texts(request.actor, facility_id=facility_id, limit=TRIED_ON), rulebook, facility_id=facility_id)
    changed = [(VERDICTS[before], VERDICTS[after], posts) for (before, after), posts in sorted(result.changed.items())]
    return {"posts": result.posts, "changed": changed, "rules": [row for row in result.rules if row[1] != row[2] or row[3]], "version": rulebook.version}


def _own_page(request: SignedInRequest, places: list[house_rules.Place], place: house_rules.Place, text: str, *, tried: Any = None, alert: str = "", status: int = 200) -> HttpResponse:
    context = {"scopes": places, "place": place, "text": text, "tried": tried, "alert": alert, "signs": house_rules.signs(request.member, place.facility), "tried_on": TRIED_ON}
    return render(request, "primum/rules_own.html", context, status=status)
