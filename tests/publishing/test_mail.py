"""Mail through a real SMTP server."""

from __future__ import annotations

from typing import Any

from mail_server import mailbox

from primum.publishing import remote


def test_review_waiting_goes_out_by_smtp_without_content(open_world: Any, settings: Any) -> None:
    with mailbox(settings) as box:
        event = open_world.submit(open_world.draft("Story hour with Zebulon Quickfoot."))
        assert remote.tell_reviewers(event.revision) == 4
    assert {address for to, _ in box.seen for address in to} >= {open_world.gail.email, open_world.adaeze.email}
    assert all("Zebulon" not in content and "review" in content for _, content in box.seen)
