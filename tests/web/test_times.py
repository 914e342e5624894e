"""Times as people type them: the hour that does not exist, the hour that exists twice, and what is no time at all."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from primum.web.times import BadTime, as_field, read_local

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("2026-12-01T08:00", datetime(2026, 12, 1, 13, 0, tzinfo=UTC)),
        ("2026-07-01T08:00", datetime(2026, 7, 1, 12, 0, tzinfo=UTC)),
        ("2026-11-01T00:59", datetime(2026, 11, 1, 4, 59, tzinfo=UTC)),
        ("2026-11-01T01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # exists twice: the first one, before clocks go back
        ("2026-11-01T02:00", datetime(2026, 11, 1, 7, 0, tzinfo=UTC)),
        ("2026-03-08T03:00", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
    ],
)
def test_a_typed_time_is_read_in_the_organisations_zone(typed: str, means: datetime) -> None:
    with timezone.override(NEW_YORK):
        assert read_local(typed) == means
        assert as_field(means) == typed


@pytest.mark.parametrize("typed", ["2026-03-08T02:00", "2026-03-08T02:59"])
def test_the_hour_that_a_change_of_clocks_skips_is_refused(typed: str) -> None:
    with timezone.override(NEW_YORK), pytest.raises(BadTime, match="does not exist: clocks go forward"):
        read_local(typed)


@pytest.mark.parametrize("typed", ["tomorrow", "2026-13-01T08:00", "1999-01-01T08:00", "2026-12-01T25:00", "\x00", "2026-12-01T08:00 "[:-1] + "x"])
def test_what_is_no_time_is_refused_with_words(typed: str) -> None:
    with timezone.override(NEW_YORK), pytest.raises(BadTime):
        read_local(typed)


def test_an_empty_field_is_no_time() -> None:
    assert read_local("  ") is None
