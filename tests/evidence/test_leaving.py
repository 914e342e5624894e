"""The signed head leaves the machine, once a day; whoever keeps the mails can prove a rewritten record."""

from __future__ import annotations

import quopri
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from mail_server import mailbox
from world import SETUP

from primum.evidence import actions, checkpoint, leaving, store
from primum.evidence.models import Checkpoint, HeadSent
from primum.installation import health

NOW = timezone.now()


def heads_to(settings: Any, *addresses: str) -> None:
    settings.PRIMUM = replace(settings.PRIMUM, heads_to=addresses)


def problem(hours: float) -> str:
    return next(sign.problem for sign in health.look(now=timezone.now() + timedelta(hours=hours)) if sign.name == "evidence")


def test_it_goes_once_a_day_and_its_signature_holds(open_world: Any, settings: Any) -> None:
    heads_to(settings, "compliance@wrenfield.example", "counsel@wrenfield.example")
    actions.sign_checkpoint(actor=SETUP, now=NOW)
    with mailbox(settings) as box:
        assert leaving.send_head(now=NOW)
        assert not leaving.send_head(now=NOW + timedelta(hours=2))
        assert leaving.send_head(now=NOW + timedelta(hours=24))
    assert [len(to) for to, _ in box.seen] == [2, 2]
    body = box.seen[0][1].partition("\r\n\r\n")[2].replace("\r\n", "\n")
    body = quopri.decodestring(body).decode() if "=E2" in body else body
    note = "primum.evidence/v1" + body.partition("primum.evidence/v1")[2].partition("Public key")[0].rstrip("\n") + "\n"
    assert checkpoint.read(note, store.public_key()).root == store.root_at(Checkpoint.objects.get().size)
    assert checkpoint.verifier_key(store.public_key()) in body
    assert "The signed head left this machine" in open_world.browser_of(open_world.adaeze).get("/evidence/").content.decode()


def test_without_mail_nothing_counts_as_sent(open_world: Any, settings: Any) -> None:
    heads_to(settings, "compliance@wrenfield.example")
    actions.sign_checkpoint(actor=SETUP, now=NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert not leaving.send_head(now=NOW)
    assert not HeadSent.objects.exists()
    assert "mail is not set up" in problem(0)


def test_a_clock_that_was_ahead_silences_nobody(open_world: Any, settings: Any) -> None:
    heads_to(settings, "compliance@wrenfield.example")
    actions.sign_checkpoint(actor=SETUP, now=NOW)
    HeadSent.objects.create(size=1, at=NOW + timedelta(days=400))
    assert "No head of the record has left" in problem(27)
    with mailbox(settings):
        assert leaving.send_head(now=NOW)


def test_when_it_stops_leaving_health_turns_red(open_world: Any, settings: Any) -> None:
    actions.sign_checkpoint(actor=SETUP, now=NOW)
    assert problem(30) == ""
    heads_to(settings, "compliance@wrenfield.example")
    assert problem(0) == ""
    assert "No head of the record has left this machine since" in problem(27)
    HeadSent.objects.create(size=1, at=NOW + timedelta(hours=20))
    assert problem(30) == ""
    assert "does mail work" in problem(60)


def test_mail_that_fails_leaves_no_mark(open_world: Any, settings: Any) -> None:
    heads_to(settings, "compliance@wrenfield.example")
    actions.sign_checkpoint(actor=SETUP, now=NOW)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 9
    with pytest.raises(OSError, match="refused"):
        leaving.send_head(now=NOW)
    assert not HeadSent.objects.exists()


def test_nobody_is_named_so_nothing_goes_and_the_page_says_so(open_world: Any) -> None:
    actions.sign_checkpoint(actor=SETUP, now=NOW)
    assert not leaving.send_head(now=NOW)
    assert "No head leaves this machine" in open_world.browser_of(open_world.adaeze).get("/evidence/").content.decode()


def test_the_mark_cannot_be_taken_back(world: Any) -> None:
    HeadSent.objects.create(size=1, at=NOW)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_headsent")
