"""A real mail server on loopback that keeps what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from serving import free_port


class Box:
    def __init__(self) -> None:
        self.seen: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.seen.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 kept"


@contextmanager
def mailbox(settings: Any) -> Iterator[Box]:
    """Django's settings name it while it runs."""
    controller_of = pytest.importorskip("aiosmtpd.controller").Controller
    box = Box()
    controller = controller_of(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, False
        yield box
    finally:
        controller.stop()
