"""Mail through a real SMTP server."""

from __future__ import annotations

from typing import Any

import pytest

from primum.publishing import remote

pytest.importorskip("aiosmtpd")


def test_review_waiting_goes_out_by_smtp_without_content(open_world: Any, settings: Any) -> None:
    from aiosmtpd.controller import Controller

    class Box:
        def __init__(self) -> None:
            self.seen: list[tuple[list[str], str]] = []

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            self.seen.append((envelope.rcpt_tos, envelope.content.decode()))
            return "250 kept"

    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, False
        event = open_world.submit(open_world.draft("Story hour with Zebulon Quickfoot."))
        assert remote.tell_reviewers(event.revision) == 4
    finally:
        controller.stop()
    assert {address for to, _ in box.seen for address in to} >= {open_world.gail.email, open_world.adaeze.email}
    assert all("Zebulon" not in content and "review" in content for _, content in box.seen)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
