"""Health that tells the truth: each thing that may go wrong turns it red, with a sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from world import SETUP

from primum.evidence.models import Checkpoint
from primum.installation import health
from primum.inventory.models import Credential
from primum.publishing.models import Attempt, Delivery, Pulse


def problems(minutes: float = 0) -> dict[str, str]:
    return {sign.name: sign.problem for sign in health.look(now=timezone.now() + timedelta(minutes=minutes)) if not sign.is_well}


def answer() -> tuple[int, dict[str, Any]]:
    response = Client(headers={"host": "localhost"}).get("/healthz")
    return response.status_code, response.json()


@pytest.fixture
def well(open_world: Any) -> Any:
    from primum.evidence import actions as evidence

    open_world.worker_runs(timezone.now())
    evidence.sign_checkpoint(actor=SETUP, now=timezone.now())
    return open_world


def test_all_is_well_after_a_round(well: Any) -> None:
    assert problems() == {}
    assert answer() == (200, {"status": "ok", "checks": dict.fromkeys(("worker", "due", "platforms", "connections", "rules", "evidence", "clock", "disk"), "ok")})
    assert "Primum is not well" not in well.browser_of(well.priya).get("/").content.decode()


def test_a_silent_worker_turns_it_red_everywhere(well: Any) -> None:
    Pulse.objects.update(at=timezone.now() - timedelta(minutes=10))
    assert problems()["worker"].startswith("No worker has finished a round for 10 minutes")
    assert answer()[0] == 503
    assert "No worker has finished a round" in well.browser_of(well.priya).get("/").content.decode()
    assert Client(headers={"host": "localhost"}).get("/livez").status_code == 200


def test_no_worker_ever(open_world: Any) -> None:
    assert problems()["worker"].startswith("No worker has run yet")


def test_what_is_overdue_is_counted(well: Any) -> None:
    now = timezone.now()
    post = well.approved(at=now)
    well.schedule(post, now + timedelta(seconds=1), at=now)
    assert "due" not in problems()
    assert problems(minutes=4)["due"].startswith("1 posts were due")


def test_a_platform_that_failed_is_named_until_it_works_again(well: Any) -> None:
    now = timezone.now()
    post = well.approved(at=now)
    well.schedule(post, now + timedelta(seconds=1), at=now)
    delivery = Delivery.objects.get()
    Attempt.objects.create(delivery=delivery, fence=1, digest="x", started_at=now, ended_at=now, outcome="not_sent")
    assert problems()["platforms"].startswith("The last try failed on: Regional practice.")
    Attempt.objects.create(delivery=delivery, fence=2, digest="x", started_at=now, ended_at=now + timedelta(seconds=1), outcome="published")
    assert "platforms" not in problems()


def test_a_channel_that_no_longer_lets_us_in(well: Any) -> None:
    now = timezone.now()
    Credential.objects.create(channel_id=well.channel, secret="{}", state="refused", remote_id="", entered_at=now, checked_at=now)
    assert problems()["connections"].startswith("Not connected: Regional practice.")


def test_heads_that_are_not_signed(well: Any) -> None:
    well.draft(at=timezone.now())
    assert "evidence" not in problems()
    assert problems(minutes=20)["evidence"].startswith("Nothing has been signed since")
    assert Checkpoint.objects.exists()


def test_clocks_that_differ(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    real = time.time
    monkeypatch.setattr(health.time, "time", lambda: real() + 60)
    assert "differ by 60 seconds" in problems()["clock"]


def test_a_check_that_breaks_is_a_problem_and_no_crash(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.publishing, "overdue", lambda now: 1 / 0)
    assert "could not be checked (ZeroDivisionError)" in problems()["due"]


def test_a_hanging_platform_keeps_nobody_else_waiting(open_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six posts on a platform that hangs: it is asked once, then left alone; the other channel's post goes out in the same round."""
    from world import HOUR, SAFE, T

    from primum.connectors.contract import ConnectorError
    from primum.connectors.registry import CAPABILITIES
    from primum.inventory import actions as inventory
    from primum.inventory import remote as channels
    from primum.publishing import remote

    calls = []

    class Hanging:
        capabilities = CAPABILITIES["bluesky"]

        def publish(self, post: Any) -> str:
            calls.append(post.key)
            raise ConnectorError("Bluesky did not answer in time.", permanent=False, sent="unknown")

    there = inventory.add_channel(actor=SETUP, platform="bluesky", name="Hanging", handle="@hanging.test", facility_id=open_world.hospital, owner_id=open_world.gail.id).channel
    Credential.objects.create(channel_id=there, secret="{}", remote_id="", entered_at=T, checked_at=T)
    monkeypatch.setattr(channels, "open_channel", lambda _: Hanging())
    monkeypatch.setattr(remote, "resolve", lambda *_: {})
    for number in range(6):
        open_world.scheduled(f"Flu shots, walk in Mon-Fri 8 to 4, door {number}.", channels=(there,))
    open_world.scheduled()
    open_world.worker_runs(T + HOUR)
    assert len(calls) == 1
    assert open_world.feed() == [SAFE]
    assert Delivery.objects.filter(state="scheduled", reason__startswith="The platform could not be reached").count() == 5
