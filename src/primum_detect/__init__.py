"""Judges whether a text could point at a patient: who can be recognised, and what saying it confirms.

    >>> from primum_detect import Content, screen
    >>> screen(Content("So sorry about your wait in our ER, Maria.", surface="reply")).verdict
    'block'

No network, no clock, no files but its own data. `Engine(rulebook, profile)` takes an organisation's rules and its own
names, places and phones; the bare functions use the defaults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from primum_detect.budget import OverBudget
from primum_detect.content import BadContent, Content
from primum_detect.engine import Engine
from primum_detect.profile import Profile, ProfileError
from primum_detect.report import Finding, Report
from primum_detect.rulebook import Rulebook, RulebookError

__all__ = [
    "BadContent",
    "Content",
    "Engine",
    "Finding",
    "OverBudget",
    "Profile",
    "ProfileError",
    "Report",
    "Rulebook",
    "RulebookError",
    "identify",
    "screen",
    "screen_many",
]


@cache
def _default() -> Engine:
    return Engine()


def identify(text: str) -> list[Finding]:
    """Every identifier in a text, with the default engine."""
    return _default().identify(text)


def screen(content: Content | str) -> Report:
    """Judge one text with the default engine."""
    return _default().screen(content)


def screen_many(contents: Iterable[Content], *, processes: int | None = None) -> Iterator[Report]:
    """Judge many texts with the default engine, in order."""
    return _default().screen_many(contents, processes=processes)
