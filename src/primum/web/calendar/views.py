"""Calendar: what goes out when, as a month or as a list."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from primum.publishing import queries
from primum.publishing.models import Post
from primum.web.requests import SignedInRequest


@require_GET
def month(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    first = _read_month(request.GET.get("month", ""), today)
    weeks = months.Calendar(firstweekday=6).monthdatescalendar(first.year, first.month)
    zone = timezone.get_current_timezone()
    start = datetime.combine(weeks[0][0], time.min, zone)
    end = datetime.combine(weeks[-1][-1] + timedelta(days=1), time.min, zone)
    by_day: dict[date, list[Post]] = {}
    for post in queries.calendar_posts(request.actor, start=start, end=end):
        if post.due_at is not None:
            by_day.setdefault(timezone.localdate(post.due_at), []).append(post)
    view = "list" if request.GET.get("view") == "list" else "month"
    return render(
        request,
        "primum/calendar.html",
        {
            "view": view,
            "first": first,
            "today": today,
            "weeks": [[(day, by_day.get(day, [])) for day in week] for week in weeks],
            "days": sorted(item for item in by_day.items() if item[0].month == first.month),
            "previous": (first - timedelta(days=1)).strftime("%Y-%m"),
            "next": (first + timedelta(days=32)).strftime("%Y-%m"),
        },
    )


def _read_month(value: str, today: date) -> date:
    """The first of the month; this month for anything that is none."""
    try:
        found = datetime.strptime(value, "%Y-%m").date()
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year <= 2200 else today.replace(day=1)
