"""The brake, the pace and the quiet hours: what keeps approved posts in the house for a while."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from world import HOUR, MINUTE, SAFE, SECOND, SETUP, T

from primum.inventory import actions as inventory
from primum.people import actions as people
from primum.publishing import actions
from primum.publishing.models import Delivery


def stop(world: Any, by: Any, *, facility: Any = None, stopped: bool = True) -> None:
    people.set_stop(actor=by.actor, facility_id=facility, stopped=stopped, now=T)


def test_stopped_everywhere_nothing_goes_out_and_every_page_says_so(open_world: Any) -> None:
    post = open_world.scheduled()
    stop(open_world, open_world.adaeze)
    assert "All publishing is stopped" in open_world.browser_of(open_world.priya).get("/").content.decode()
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == []
    assert "All publishing is stopped" in open_world.reason(post)
    stop(open_world, open_world.ken, stopped=False)
    open_world.worker_runs(T + HOUR + MINUTE)
    assert open_world.feed() == [], "what was held stays held until a person schedules it"
    open_world.schedule(post, T + 2 * HOUR, at=T + HOUR)
    open_world.worker_runs(T + 2 * HOUR)
    assert open_world.feed() == [SAFE]


def test_one_facility_stops_alone(open_world: Any) -> None:
    stop(open_world, open_world.adaeze, facility=open_world.elsewhere)
    open_world.scheduled()
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == [SAFE]
    stop(open_world, open_world.adaeze, facility=open_world.hospital)
    other = open_world.scheduled("Story hour is back: Saturdays at 10.", due=T + 2 * HOUR)
    open_world.worker_runs(T + 2 * HOUR)
    assert open_world.reason(other).startswith("Publishing is stopped at Regional.")


@pytest.mark.parametrize("who", ["priya", "gail", "olu", "nobody"])
def test_who_may_not_pull_the_brake(world: Any, who: str) -> None:
    with pytest.raises(people.NotAllowed):
        stop(world, getattr(world, who))


def test_the_pace_lets_so_many_out_and_the_next_waits_its_turn(open_world: Any) -> None:
    inventory.set_channel_pace(actor=SETUP, channel_id=open_world.channel, posts_per_hour=2, quiet_from=None, quiet_until=None)
    for number in range(3):
        open_world.scheduled(f"Flu shots, walk in Mon-Fri 8 to 4, door {number}.")
    open_world.worker_runs(T + HOUR)
    assert len(open_world.feed()) == 2
    waiting = Delivery.objects.get(state="scheduled")
    assert waiting.reason.startswith("The channel has sent as many posts this hour")
    open_world.worker_runs(T + HOUR + 5 * MINUTE)
    assert len(open_world.feed()) == 2
    open_world.worker_runs(T + HOUR + 10 * MINUTE + 2 * SECOND)
    assert Delivery.objects.get(id=waiting.id).state == "held"
    assert len(open_world.feed()) == 2


def test_after_a_short_wait_the_next_one_goes(open_world: Any) -> None:
    inventory.set_channel_pace(actor=SETUP, channel_id=open_world.channel, posts_per_hour=1, quiet_from=None, quiet_until=None)
    open_world.scheduled(due=T + HOUR)
    open_world.scheduled("Story hour is back: Saturdays at 10.", due=T + 2 * HOUR - 5 * MINUTE)
    open_world.worker_runs(T + HOUR)
    Delivery.objects.filter(state="published").first().attempts.update(started_at=T + HOUR)  # type: ignore[union-attr]
    open_world.worker_runs(T + 2 * HOUR - 5 * MINUTE)
    assert len(open_world.feed()) == 1
    open_world.worker_runs(T + 2 * HOUR)
    assert len(open_world.feed()) == 2


def test_no_minute_in_the_quiet_hours(open_world: Any) -> None:
    """T is 15:00 UTC, 10:00 in New York."""
    inventory.set_channel_pace(actor=SETUP, channel_id=open_world.channel, posts_per_hour=None, quiet_from=time(22), quiet_until=time(7))
    post = open_world.approved()
    with pytest.raises(actions.Refused, match="quiet from 22:00 to 07:00"):
        open_world.schedule(post, T + timedelta(hours=13))
    open_world.schedule(post, T + HOUR)
    inventory.set_channel_pace(actor=SETUP, channel_id=open_world.channel, posts_per_hour=None, quiet_from=time(10, 30), quiet_until=time(12))
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == []
    assert "quiet from 10:30 to 12:00" in open_world.reason(post)
    with pytest.raises(inventory.NotAllowed):
        inventory.set_channel_pace(actor=SETUP, channel_id=open_world.channel, posts_per_hour=None, quiet_from=time(10, 30), quiet_until=None)
