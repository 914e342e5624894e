"""Template parts that are the same on every page."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from primum.evidence.queries import Line
from primum.web.sentences import sentence as words

register = template.Library()

STATES = {
    "draft": ("secondary", "pencil"),
    "in_review": ("blue", "eye"),
    "changes": ("orange", "arrow-back-up"),
    "rejected": ("red", "x"),
    "approved": ("teal", "check"),
    "scheduled": ("cyan", "clock"),
    "published": ("green", "circle-check"),
    "attention": ("red", "alert-triangle"),
    "taken_down": ("secondary", "arrow-down-circle"),
    "discarded": ("secondary", "trash"),
    "sending": ("blue", "send"),
    "unclear": ("orange", "help-circle"),
    "by_hand": ("orange", "hand-click"),
    "held": ("red", "alert-triangle"),
    "removing": ("orange", "arrow-down-circle"),
    "removed": ("secondary", "arrow-down-circle"),
    "waiting": ("blue", "eye"),
    "withdrawn": ("secondary", "arrow-back-up"),
    "superseded": ("secondary", "history"),
    "sanctioned": ("green", "circle-check"),
    "paused": ("orange", "player-pause"),
    "retired": ("secondary", "archive"),
}


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', classes, static("vendor/icons.svg"), name)


@register.simple_tag
def state_badge(state: str, title: str) -> SafeString:
    """Colour, icon and words: never colour alone."""
    colour, picture = STATES.get(state, ("secondary", "point"))
    return format_html('<span class="badge state bg-{}-lt">{} {}</span>', colour, icon(picture), title)


@register.filter
def sentence(line: Line) -> str:
    """A recorded entry in plain words."""
    return words(line.action, line.details)


@register.filter
def moment(value: datetime | None) -> str:
    """A time in the reader's zone, with the zone: Tue 1 Dec 2026, 08:00 EST."""
    return f"{timezone.localtime(value):%a %-d %b %Y, %H:%M %Z}" if value else ""


@register.filter
def day(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%a %-d %b %Y}" if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%H:%M}" if value else ""
