"""What a test needs and may not find here: a named skip, or a failure where PRIMUM_REQUIRE names it."""

from __future__ import annotations

import os

import pytest

REQUIRED = frozenset(filter(None, os.environ.get("PRIMUM_REQUIRE", "").split(",")))


def skip_or_fail(name: str, why: str) -> None:
    """A named skip; PRIMUM_REQUIRE=name turns it into a failure."""
    if name in REQUIRED:
        pytest.fail(f"{name} is required here, but {why}")
    pytest.skip(f"[{name}] {why}")
