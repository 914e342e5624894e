"""After a restore the sweep deletes nothing: the database does not know what was sent since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from world import SETUP

from primum.evidence import actions as evidence
from primum.publishing import outside, remote, sending
from primum.publishing.actions import Refused
from primum.publishing.models import Delivery, Post

pytestmark = pytest.mark.django_db(transaction=True)


def sent_and_held(world: Any) -> Delivery:
    """It stands there, and our database says that it is held."""
    now = timezone.now()
    post = world.approved(at=now)
    world.schedule(post, now + timedelta(seconds=1), at=now)
    world.worker_runs(now + timedelta(seconds=2))
    assert len(world.feed()) == 1
    Delivery.objects.update(state="held", fence=99)
    Post.objects.update(state="attention")
    return Delivery.objects.get()


def test_without_a_restore_what_was_sent_after_the_hold_does_not_stay(open_world: Any) -> None:
    sent_and_held(open_world)
    remote.sweep(now=timezone.now())
    assert open_world.feed() == []


def test_after_a_restore_it_stays_and_a_person_looks(open_world: Any) -> None:
    sent_and_held(open_world)
    evidence.record_restored(actor=SETUP, entries=1, made_at=timezone.now(), now=timezone.now() + timedelta(seconds=5))
    remote.sweep(now=timezone.now())
    assert len(open_world.feed()) == 1


def test_while_it_is_looked_at_nobody_schedules_it(open_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what was just sent would be removed by who had looked before."""
    delivery = sent_and_held(open_world)
    real, refused = outside.DatabaseFeed.find, []

    def meanwhile(feed: Any, key: str) -> Any:
        if not refused:
            try:
                sending.schedule_post(actor=open_world.priya.actor, post_id=delivery.post_id, due_at=timezone.now(), now=timezone.now())
            except Refused as error:
                refused.append(str(error))
        return real(feed, key)

    monkeypatch.setattr(outside.DatabaseFeed, "find", meanwhile)
    remote.sweep(now=timezone.now())
    assert refused == ["Primum is looking whether something of it stands there. Schedule it in a minute."]
    assert open_world.feed() == []


def test_after_the_look_it_can_be_scheduled_again_at_once(open_world: Any) -> None:
    delivery = sent_and_held(open_world)
    remote.sweep(now=timezone.now())
    assert open_world.feed() == []
    assert Delivery.objects.get().lease_until is None
    sending.schedule_post(actor=open_world.priya.actor, post_id=delivery.post_id, due_at=timezone.now(), now=timezone.now())
    remote.sweep(now=timezone.now() + timedelta(seconds=1))
    assert len(open_world.feed()) == 1
