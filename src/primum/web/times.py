"""Times as people type and read them: in the organisation's zone, with the zone shown."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone


class BadTime(ValueError):
    """A time that cannot be; the message is fit for a screen."""


def read_local(value: str, what: str = "time") -> datetime | None:
    """The value of a datetime-local field in the current zone; None for an empty one. Raises BadTime, also for the hour that a
    clock change skips."""
    if not value.strip():
        return None
    try:
        naive = datetime.fromisoformat(value.strip())
    except ValueError:
        raise BadTime(f"The {what} cannot be read. Use the picker, or type it like 2026-12-01T08:00.") from None
    if not 2000 <= naive.year <= 2200:
        raise BadTime(f"The {what} must lie between the years 2000 and 2200.")
    if naive.tzinfo is not None:
        return naive.astimezone(UTC)
    local = naive.replace(tzinfo=timezone.get_current_timezone())
    back = local.astimezone(UTC).astimezone(timezone.get_current_timezone()).replace(tzinfo=None)
    if back != naive:
        raise BadTime(f"The {what} does not exist: clocks go forward then. Choose an hour earlier or later.")
    return local.astimezone(UTC)


def as_field(value: datetime | None) -> str:
    """For a datetime-local field."""
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M") if value else ""
