"""Planted patients: their names and numbers appear where they were written, and nowhere else."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.db import connection
from django.test import Client
from django.utils import timezone
from world import HOUR

from primum.foundation import logs
from primum.publishing import drafts, queries, remote
from primum.publishing.models import Post, Revision
from primum_detect import Content, screen

CANARIES = ("Zebulon Quickfoot", "Quickfoot", "0048213", "219-09-9999", "Xanthippe")
TEXT = "Zebulon Quickfoot, 47, was admitted last Tuesday after a chainsaw accident on Route 9. MRN 0048213, SSN 219-09-9999. Thank you, Xanthippe."
ANSWER = "So sorry about your wait last Tuesday, Xanthippe Quickfoot."


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Our handler writes to a captured stream that closes with the test."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def test_no_canary_in_logs_mails_jobs_errors_addresses_or_reprs(
    open_world: Any, mailoutbox: list[Any], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = open_world
    logs.configure("DEBUG")
    caplog.set_level(logging.DEBUG)
    client = world.browser_of(world.priya)
    seen: list[str] = []
    values = {"kind": "reply", "post": "", "version": "0", "text": ANSWER, "heard": TEXT, "channel": [str(world.channel)], "release_reason": "Zebulon Quickfoot signed."}
    seen += [client.post("/compose/check/", values).request["PATH_INFO"]]
    saved = client.post("/compose/save/", {**values, "submit": "1"}, follow=True)
    seen += [address for address, _ in saved.redirect_chain]
    post = Post.objects.get()
    assert post.state == "in_review" and TEXT in post.heard
    revision = post.revisions.get()
    remote.tell_reviewers(revision.id)
    reviewer = world.browser_of(world.adaeze)
    reviewer.post(f"/review/{revision.id}/decide/", {"outcome": "approved", "reason": "Xanthippe agreed.", "digest": revision.digest})
    now = timezone.now()  # pages go by the clock on the wall, and so does the window that they open
    world.schedule(post.id, now + HOUR, at=now)
    world.worker_runs(now + HOUR)

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args::text FROM procrastinate_jobs")
        jobs = json.dumps(cursor.fetchall())
        cursor.execute("SELECT string_agg(encode(leaf, 'escape'), ' ') FROM evidence_entry")
        evidence = str(cursor.fetchone())
        cursor.execute("SELECT string_agg(findings::text || error, ' ') FROM screening_screening")
        findings = str(cursor.fetchone())
        cursor.execute("SELECT string_agg(encode(text, 'escape') || encode(heard, 'escape'), ' ') FROM publishing_post")
        stored = str(cursor.fetchone())
        cursor.execute("SELECT string_agg(encode(frozen, 'escape') || encode(release_reason, 'escape'), ' ') FROM publishing_revision")
        stored += str(cursor.fetchone())
    mails = "".join(message.subject + message.body for message in mailoutbox)
    opened = queries.frozen_of(Revision.objects.get())
    printed = repr(post) + repr(drafts.Draft(TEXT, ())) + repr(screen(Content(TEXT))) + repr(queries.check_frozen(opened))
    out = capfd.readouterr()
    assert jobs.count("publishing.") >= 2 and mails and evidence
    for place, text in {
        "jobs": jobs,
        "evidence": evidence,
        "findings": findings,
        "tables": stored,
        "mails": mails,
        "logs": caplog.text + out.out + out.err,
        "reprs": printed,
        "addresses": " ".join(seen),
    }.items():
        assert leaks(text) == [], place


def test_an_error_page_and_its_log_show_no_data(world: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    from primum.web.compose import views

    logs.configure("DEBUG")
    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    world.browser_of(world.priya)
    client.force_login(world.priya.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    monkeypatch.setattr(views, "_panel_context", lambda *_: (_ for _ in ()).throw(ValueError(TEXT)))
    response = client.post("/compose/check/", {"text": TEXT, "channel": [str(world.channel)], "kind": "post"})
    assert response.status_code == 500 and b"Something broke here" in response.content
    out = capfd.readouterr()
    assert leaks(response.content.decode()) == [] and leaks(out.err + out.out) == []
    assert "ValueError" in out.err


def test_a_log_key_that_is_not_allowed_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.log().info("saved", text="Zebulon Quickfoot", post_id=7, delivery="d1")
    line = json.loads(capfd.readouterr().err.strip().splitlines()[-1])
    assert line["delivery"] == "d1" and "text" not in line and line["count"] == 2


def test_a_sealed_value_does_not_open_in_another_row_or_column(world: Any) -> None:
    from primum.foundation.encryption import CannotOpen

    one, two = world.draft("first"), world.draft("second")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE publishing_post SET text = (SELECT text FROM publishing_post WHERE id = %s) WHERE id = %s", [one, two])
    with pytest.raises(CannotOpen):
        _ = world.post(two).text
