"""Deferring work by name, inside the caller's transaction: rolled back with it, run after it.

Rooms below a job's handler name it; `primum.jobs.handlers` is the one table from names to actions. Arguments are ids only.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

_known: set[str] = set()


class UnknownJob(LookupError):
    """No handler has this name: a spelling mistake that the queue itself would accept."""


def know(names: set[str]) -> None:
    """Called once by the composition root with the names that have handlers."""
    _known.update(names)


def defer(name: str, *, at: datetime | None = None, **ids: UUID | str | int) -> None:
    """Enqueue a job. `ids` must be ids: text, names and tokens never travel in job arguments. Raises UnknownJob."""
    if name not in _known:
        raise UnknownJob(f"No handler is called {name!r}. Add it to primum/jobs/handlers.py.")
    from procrastinate.contrib.django import app

    app.configure_task(name, schedule_at=at).defer(**{key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()})
