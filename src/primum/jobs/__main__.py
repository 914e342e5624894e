"""`python -m primum.jobs`: a worker on our database. `primum worker` starts it."""

from __future__ import annotations

import asyncio
import contextlib
import os

import django
from django.utils import timezone

POLL_SECONDS = 1.0


def run_worker(*, concurrency: int) -> None:
    """Work until a signal says stop. Whatever a killed predecessor left is swept first. It may return after a database outage:
    the supervisor starts it again."""
    from primum.publishing import remote

    remote.sweep(now=timezone.now())
    asyncio.run(_work(concurrency))
    _sign_head()


def _sign_head() -> None:
    """At shutdown the head is signed once more: what was recorded since the last checkpoint is then vouched for."""
    from django.db import DatabaseError, close_old_connections

    from primum.evidence import actions
    from primum.foundation.actor import system

    close_old_connections()
    with contextlib.suppress(DatabaseError):  # the database may be what is shutting down
        actions.sign_checkpoint(actor=system("shutdown"), now=timezone.now())


async def _work(concurrency: int) -> None:
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        async with working.open_async():
            await working.run_worker_async(concurrency=concurrency, fetch_job_polling_interval=POLL_SECONDS, shutdown_graceful_timeout=8, delete_jobs="successful")


if __name__ == "__main__":
    from primum.foundation.logs import configure

    configure("WARNING")
    django.setup()
    run_worker(concurrency=int(os.environ.get("PRIMUM_WORKER_CONCURRENCY", "4")))
