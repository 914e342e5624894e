"""What runs in a worker of the rig: the product's own sweep, on a platform that lies and lags, with failpoints that kill.

`install` changes nothing in the product: it wraps functions of this one process. Failpoints have names, and each death is written down
before it happens.
"""

from __future__ import annotations

import os
import random
import signal
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

BEFORE, AFTER, LAG = 0.05, 0.08, timedelta(seconds=1)


def install(folder: Path, *, idempotent: bool, naive: bool, deaths: float, faults: bool) -> None:
    from django.utils import timezone

    from primum.connectors import registry
    from primum.connectors.practice.connector import PracticeConnector
    from primum.publishing import outside, remote, sending

    chance = random.Random(os.getpid())
    real_now = timezone.now
    clock = folder / "clock"
    timezone.now = lambda: real_now() + timedelta(seconds=float(clock.read_text() or 0) if clock.exists() else 0)  # type: ignore[assignment]
    capabilities = replace(registry.CAPABILITIES["practice"], duplicates="idempotent" if idempotent else "look_first", settle_seconds=2)
    registry.CAPABILITIES["practice"] = PracticeConnector.capabilities = capabilities
    if faults:
        outside.DatabaseFeed = lying_feed(chance, idempotent, real_now)  # type: ignore[misc,assignment]

    def may_die(name: str) -> None:
        if chance.random() < deaths:
            with (folder / "deaths").open("a") as log:
                log.write(name + "\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def around(owner: Any, name: str) -> None:
        function: Callable[..., Any] = getattr(owner, name)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            may_die(f"before {name}")
            result = function(*args, **kwargs)
            may_die(f"after {name}")
            return result

        setattr(owner, name, wrapped)

    for name in ("start_attempt", "record_published", "record_not_sent", "record_unknown", "record_unclear"):
        around(sending, name)
    around(remote, "outgoing_of")
    around(remote, "_read_back")
    around(PracticeConnector, "publish")
    if naive:
        repeat_blindly(remote, sending)


def lying_feed(chance: random.Random, idempotent: bool, real_now: Callable[[], Any]) -> type:
    """Answers with an error before or after it took the post, and shows what it has only after a while. Without `idempotent` it takes
    the same post twice, as most platforms do."""
    from primum.connectors.practice.connector import FeedUnavailable
    from primum.publishing import outside
    from primum.publishing.models import PracticePost

    class LyingFeed(outside.DatabaseFeed):
        def put(self, post: Any) -> str:
            luck = chance.random()
            time.sleep(chance.uniform(0, 0.02))
            if luck < BEFORE:
                raise FeedUnavailable
            known = PracticePost.objects.filter(key__startswith=post.key).first() if idempotent else None
            row = known or PracticePost.objects.create(
                key=f"{post.key}#{uuid.uuid4().hex[:8]}", channel_id=self.channel_id, text=post.text, published_at=real_now(), pictures=[{"sha256": p.sha256, "alt": p.alt_text} for p in post.pictures]
            )
            if luck < BEFORE + AFTER:
                raise FeedUnavailable
            return str(row.id)

        def find(self, key: str) -> Any:
            row = PracticePost.objects.filter(key__startswith=key, published_at__lt=real_now() - LAG).first()
            return outside._live(row) if row else None

    return LyingFeed


def repeat_blindly(remote: Any, sending: Any) -> None:
    """How it must not be done: one flag, no attempt, whatever failed is sent again. Shows that the rig can fail."""
    remote._record_unknown = lambda delivery, fence: sending.record_not_sent(actor=remote.PUBLISHER, delivery_id=delivery.id, fence=fence, reason="Again.", try_again=True, now=remote.timezone.now())

    def settle(delivery_id: Any, *, now: Any) -> None:
        delivery = remote.Delivery.objects.filter(id=delivery_id, state="sending", lease_until__lt=now).first()
        if delivery is not None:
            sending.record_not_sent(actor=remote.PUBLISHER, delivery_id=delivery.id, fence=delivery.fence, reason="Again.", try_again=True, now=now)

    remote.settle_delivery = settle


def work(parent: int) -> None:
    """The product's round, again and again. A database that goes away is met as the supervisor meets it: come back."""
    from django.db import Error, close_old_connections, connection
    from django.utils import timezone

    from primum.publishing import remote

    while os.getppid() == parent:
        try:
            remote.sweep(now=timezone.now())
        except Error:
            connection.close()
        close_old_connections()
        time.sleep(0.02)
    os._exit(0)
