"""Real workers, really killed: a hundred approved posts and some that are not, and nobody repeats or loses one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from primum.publishing import actions, sending
from primum.publishing.models import Attempt, Delivery, PracticePost

POSTS, UNAPPROVED = 100, 10
WORKER = """
import sys, time
import django
django.setup()
from django.utils import timezone
from primum.publishing import remote
while True:
    remote.sweep(now=timezone.now())
    time.sleep(0.02)
"""


def start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.outside
def test_two_workers_killed_again_and_again_publish_each_post_exactly_once(open_world: Any) -> None:
    now = timezone.now()
    posts = [open_world.approved(f"Flu shots, walk in Mon-Fri 8 to 4. Desk {number}.", at=now - timedelta(seconds=5)) for number in range(POSTS)]
    for number in range(UNAPPROVED):
        open_world.submit(open_world.draft(f"Not approved {number}.", at=now), at=now)
    withdrawn = open_world.approved("Approved, then withdrawn.", at=now - timedelta(seconds=5))
    for post in [*posts, withdrawn]:
        sending.schedule_post(actor=open_world.priya.actor, post_id=post, due_at=now, now=now)
    actions.withdraw_approval(actor=open_world.gail.actor, post_id=withdrawn, now=now)

    environment = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].replace("/primum?", f"/{connection.settings_dict['NAME']}?"), "PRIMUM_LEASE_SECONDS": "1"}
    chance = random.Random(7)
    workers = [start(environment), start(environment)]
    kills, end = 0, time.monotonic() + 60
    try:
        while time.monotonic() < end and Delivery.objects.exclude(state="published").exists():
            time.sleep(chance.uniform(0.8, 2.0))
            if kills < 8:
                victim = chance.randrange(2)
                os.kill(workers[victim].pid, signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = start(environment)
                kills += 1
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    shown = list(PracticePost.objects.values_list("text", "times_put"))
    assert kills >= 3
    assert len({text for text, _ in shown}) == len(shown) == POSTS, "lost or double"
    assert {times for _, times in shown} == {1}, "put twice"
    assert not [text for text, _ in shown if "approved" in text.lower()], "unapproved"
    assert Attempt.objects.filter(outcome="published").count() == POSTS
    assert not Attempt.objects.filter(outcome="open").exists()
