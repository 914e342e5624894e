"""Real workers, really killed: approved posts and some that are not, and nobody repeats or loses one."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from warm import WarmWorkers

from primum.publishing import actions, sending
from primum.publishing.models import Attempt, Delivery, PracticePost

POSTS, UNAPPROVED, KILLS = 30, 5, 15  # `make rig` does it a thousand times, on a platform that lies


@pytest.mark.outside
def test_two_workers_killed_again_and_again_publish_each_post_exactly_once(open_world: Any) -> None:
    now = timezone.now()
    both = (open_world.channel, open_world.second)
    posts = [open_world.approved(f"Flu shots, walk in Mon-Fri 8 to 4. Desk {number}.", at=now - timedelta(seconds=5), channels=both) for number in range(POSTS // len(both))]
    for number in range(UNAPPROVED):
        open_world.submit(open_world.draft(f"Not approved {number}.", at=now), at=now)
    withdrawn = open_world.approved("Approved, then withdrawn.", at=now - timedelta(seconds=5))
    for post in [*posts, withdrawn]:
        sending.schedule_post(actor=open_world.priya.actor, post_id=post, due_at=now, now=now)
    actions.withdraw_approval(actor=open_world.gail.actor, post_id=withdrawn, now=now)

    environment = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].replace("/primum?", f"/{connection.settings_dict['NAME']}?"), "PRIMUM_LEASE_SECONDS": "2"}
    chance = random.Random(7)
    kills, end = 0, time.monotonic() + 150
    with WarmWorkers(environment) as workers:
        workers.start()
        workers.start()
        while time.monotonic() < end and Delivery.objects.exclude(state="published").exists():
            time.sleep(chance.uniform(0, 0.3))
            if kills < KILLS:
                workers.kill(chance.choice(workers.alive))
                workers.start()
                kills += 1
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"published": POSTS}, "not all done in time"
    shown = list(PracticePost.objects.values_list("channel_id", "text", "times_put"))
    assert kills >= 10
    assert len({(channel, text) for channel, text, _ in shown}) == len(shown) == POSTS, "lost or double"
    assert {times for _, _, times in shown} == {1}, "put twice"
    assert not [text for _, text, _ in shown if "approved" in text.lower()], "unapproved"
    assert Attempt.objects.filter(outcome="published").count() == POSTS
    assert not Attempt.objects.filter(outcome="open").exists()
