"""Is Primum alive, and does it do its work? One list of checks for `/healthz`, Today and `primum doctor`, so that they never disagree."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from primum.evidence import queries as evidence
from primum.foundation.actor import system
from primum.inventory import queries as inventory
from primum.inventory import rules as inventory_rules
from primum.publishing import queries as publishing
from primum.screening import house_rules

DRIFT = timedelta(seconds=5)
UNSIGNED = timedelta(minutes=15)
UNSENT = timedelta(hours=26)
FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Sign:
    """One check: `problem` is one sentence that says what is wrong and what to do, or empty."""

    name: str
    title: str
    problem: str = ""

    @property
    def is_well(self) -> bool:
        return not self.problem


def look(*, now: datetime) -> list[Sign]:
    """Every check, the most important first. Never raises: a check that cannot be made is a problem."""
    checks: tuple[tuple[str, str, Callable[[datetime], str]], ...] = (
        ("worker", "A worker makes its rounds", _worker),
        ("due", "What is due goes out", _due),
        ("platforms", "Platforms answer", _platforms),
        ("connections", "Channels let us in", _connections),
        ("rules", "Our own rules can be used", _rules),
        ("evidence", "The record is whole, and its heads are signed", _evidence),
        ("clock", "Clocks agree", _clock),
        ("disk", "There is room on the disk", _disk),
    )
    return [Sign(name, title, _asked(check, now)) for name, title, check in checks]


def _asked(check: Callable[[datetime], str], now: datetime) -> str:
    try:
        return check(now)
    except Exception as error:  # noqa: BLE001 - a health page that crashes tells nothing
        return f"This could not be checked ({type(error).__name__}). Run: primum doctor"


def _worker(now: datetime) -> str:
    last = publishing.last_round()
    silent = timedelta(minutes=settings.PRIMUM.worker_silent_minutes)
    if last is None:
        return "No worker has run yet. Start one: primum serve, or primum worker"
    if now - last > silent:
        return f"No worker has finished a round for {int((now - last).total_seconds() // 60)} minutes: nothing goes out. Start one: primum serve, or primum worker"
    return ""


def _due(now: datetime) -> str:
    count = publishing.overdue(now)
    if count:
        return f"{count} posts were due more than two minutes ago and have not been tried. Start more workers: primum worker"
    stuck = publishing.stuck(now)
    return f"{stuck} posts have been going out, or coming down, for more than fifteen minutes. Their pages say why; those coming down stand on Today, to be removed by hand." if stuck else ""


def _platforms(now: datetime) -> str:
    names = [channel.name for channel in inventory.channels_by_id(publishing.failing_channels(now))]
    return f"The last try failed on: {', '.join(sorted(names))}. Each channel's page says why; what is due there waits or is held." if names else ""


def _connections(now: datetime) -> str:
    names = [channel.name for channel in inventory.all_in_use() if inventory_rules.needs_mending(inventory.facts(channel))]
    return f"Not connected: {', '.join(names)}. Posts wait until the owner connects them on the channel's page." if names else ""


def _rules(now: datetime) -> str:
    found = house_rules.problems()
    return f"{found[0]} Until it is mended on the Rules page, a person looks at every text there." if found else ""


def _evidence(now: datetime) -> str:
    if evidence.standing(viewer=system("health")).is_shorter:
        return "The record is shorter than this machine has seen: a restored backup, or deleted rows. See the Evidence page."
    since = evidence.unsigned_since()
    if since and now - since > UNSIGNED:
        return f"Nothing has been signed since {since:%H:%M} UTC. The worker signs every five minutes: is it running?"
    if evidence.head_cannot_leave():
        return "PRIMUM_HEADS_TO names who gets the record's head, but mail is not set up: set PRIMUM_SMTP_HOST."
    left = evidence.head_left_since(now)
    if left and now - left[0] > UNSENT:
        return f"No head of the record has left this machine since {left[0]:%Y-%m-%d %H:%M} UTC. It is mailed each day to PRIMUM_HEADS_TO: does mail work?"
    return ""


def _clock(now: datetime) -> str:
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        row = cursor.fetchone()
        drift = abs(float(row[0]) - (before + time.time()) / 2)
    return f"This machine's clock and the database's differ by {drift:.0f} seconds. Set both by NTP: minutes and deadlines depend on them." if drift > DRIFT.total_seconds() else ""


def _disk(now: datetime) -> str:
    free = shutil.disk_usage(settings.PRIMUM.home.path).free
    return f"Only {free // 1_000_000} MB are free where PRIMUM_HOME lies. Make room before the database stops." if free < FREE_BYTES else ""
