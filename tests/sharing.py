"""How two test processes share the suite: the long ones first, and files whose tests share a browser or a running server stay whole.

(pytest-xdist's own groups rest on a private name that pytest 9.2 no longer has: marked tests were spread all the same, silently.)
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadScopeScheduling

WHOLE = (
    "tests/commands/test_serve.py",
    "tests/commands/test_backup.py",
    "tests/commands/test_keys.py",
    "tests/detect/test_command_line.py",
    "tests/browser/",
    "tests/connectors/test_bluesky_seen",
    "tests/connectors/test_bluesky",
    "tests/connectors/test_wordpress",
)


class LongFirst(LoadScopeScheduling):
    """Every test is a piece of work of its own, but for files that stay whole."""

    def _split_scope(self, nodeid: str) -> str:
        return next((whole for whole in WHOLE if nodeid.startswith(whole)), nodeid)


def long_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """What starts programs of its own comes first, so that the short ones fill the gaps at the end."""

    def rank(item: pytest.Item) -> int:
        return 0 if item.get_closest_marker("browser") else 1 if item.get_closest_marker("outside") else 2

    return sorted(items, key=rank)
