"""The one table from job names to what they do. Each handler takes ids and makes one domain call."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from asgiref.sync import async_to_sync
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from primum.evidence import actions as evidence
from primum.evidence import leaving
from primum.foundation.actor import system
from primum.inventory import remote as channels
from primum.publishing import coming_down, remote

MAIL_RETRY = RetryStrategy(max_attempts=6, exponential_wait=10)


@app.task(name="publishing.publish_delivery", queue="publish")
def publish_delivery(delivery_id: str) -> None:
    """At its minute. Never retried by the queue: the attempt row decides, and the sweep comes back."""
    remote.publish_delivery(UUID(delivery_id), now=timezone.now())


@app.task(name="publishing.remove_delivery", queue="publish")
def remove_delivery(delivery_id: str) -> None:
    coming_down.remove_delivery(UUID(delivery_id), now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="publishing.sweep", queue="publish", queueing_lock="publishing.sweep")
def sweep(timestamp: int) -> None:
    remote.sweep(now=timezone.now())


@app.task(name="publishing.tell_reviewers", queue="mail", retry=MAIL_RETRY)
def tell_reviewers(revision_id: str) -> None:
    remote.tell_reviewers(UUID(revision_id))


@app.task(name="publishing.tell_author", queue="mail", retry=MAIL_RETRY)
def tell_author(revision_id: str) -> None:
    remote.tell_author(UUID(revision_id))


@app.task(name="publishing.tell_hands", queue="mail", retry=MAIL_RETRY)
def tell_hands(delivery_id: str) -> None:
    remote.tell_hands(UUID(delivery_id))


@app.periodic(cron="17 3 * * *")
@app.task(name="publishing.destroy_old_drafts", queue="evidence", queueing_lock="publishing.destroy_old_drafts")
def destroy_old_drafts(timestamp: int) -> None:
    remote.destroy_old_drafts(now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="inventory.check_channels", queue="evidence", queueing_lock="inventory.check_channels")
def check_channels(timestamp: int) -> None:
    channels.check_channels(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="evidence.sign_checkpoint", queue="evidence", queueing_lock="evidence.sign_checkpoint")
def sign_checkpoint(timestamp: int) -> None:
    evidence.sign_checkpoint(actor=system("checkpoints"), now=timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(name="evidence.send_head", queue="mail", queueing_lock="evidence.send_head", retry=MAIL_RETRY)
def send_head(timestamp: int) -> None:
    """Asked every hour, so that a machine that was off at night sends it, too; it goes once a day."""
    leaving.send_head(now=timezone.now())


@app.periodic(cron="*/2 * * * *")
@app.task(name="jobs.release_stalled", queue="evidence", queueing_lock="jobs.release_stalled")
def release_stalled(timestamp: int) -> None:
    """Jobs of a worker that was killed: closed, never repeated. What they were about is found again by the sweep."""
    async_to_sync(_release)()


async def _release() -> None:
    from procrastinate.jobs import Status

    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=timedelta(seconds=60).total_seconds()):
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
