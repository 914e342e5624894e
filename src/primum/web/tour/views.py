"""The Tour: a page of cards that show what Primum is for. Demonstration only."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from primum.publishing import queries
from primum.web.requests import SignedInRequest

MOMENT_1 = "Rough one in the ED tonight. Dad in his 40s, chainsaw vs. thigh, out on Route 9. Our trauma team did NOT quit on him. #NightShift"
QUIET = (
    "What to bring to your visit: photo ID, insurance card, your medicines.",
    "Nurse of the Month: Tonya Wells, RN, 4 West.",
    "Blood drive Tuesday, Dec 1, 8 to 4, Conference Room 210, 455 Elm Street.",
    "Our volunteers gave 93,000 hours.",
    "Thank you for choosing Wrenfield as Marlow Bay's best place to work!",
    "Welcome Dr. Elena Marchetti to cardiology: 555-0142.",
)
REVIEW = "Six hours in your ER with my kid's broken arm."
MOMENT_2 = "So sorry about your long wait last Tuesday, Dana. Dr. Osei did everything right for your son. DM us his date of birth."
SURPRISES = ("So glad your new knee is doing well, thank you for trusting us!", "We have no record of you as a patient.", "Gracias por confiarnos el cuidado de su mamá.")


@require_GET
def tour(request: SignedInRequest) -> HttpResponse:
    if not settings.PRIMUM.demo:
        raise Http404
    approved = [post for post in queries.list_posts(request.actor, states=("scheduled", "approved")) if post.kind == "post"]
    return render(
        request,
        "primum/tour.html",
        {
            "moment_1": MOMENT_1,
            "quiet": QUIET,
            "review": REVIEW,
            "moment_2": MOMENT_2,
            "surprises": SURPRISES,
            "approved": approved[:1],
            "waiting": queries.review_queue(request.actor)[:1],
        },
    )
