"""`@action`: one transaction, one event, one actor. The outermost transaction appends to the record as its very last statement.

Taken earlier, the sequencer's lock deadlocks under load (four writers: 8 commits/s and 5 deadlocks in 5 s; as the last
statement 1,811/s and none).
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from primum.evidence import store
from primum.evidence.entries import NewEntry, new_entry
from primum.evidence.events import Event
from primum.foundation.actor import Actor

P = ParamSpec("P")
E = TypeVar("E", bound=Event)

_pending = threading.local()
ACTIONS: dict[str, Callable[..., Event]] = {}


class NotAnAction(TypeError):
    """The function's signature or result is not what an action must have."""


def action(function: Callable[P, E]) -> Callable[P, E]:
    """Make a function an action. It must take keyword-only arguments, `actor` among them, and return its one event."""
    parameters = inspect.signature(function).parameters
    if "actor" not in parameters or any(p.kind is not inspect.Parameter.KEYWORD_ONLY for p in parameters.values()):
        raise NotAnAction(f"{function.__name__} must take keyword-only arguments and an actor.")

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> E:
        actor = kwargs.get("actor")
        if not isinstance(actor, Actor):
            raise NotAnAction(f"{function.__name__} needs an actor: a person, or a named machine.")
        entries: list[NewEntry] | None = getattr(_pending, "entries", None)
        if entries is None:
            with together() as entries:
                return _recorded(function, entries, actor, args, kwargs)
        # A nested action that fails must take its own entries with it: a savepoint for the rows, a cut for the list.
        before = len(entries)
        try:
            with transaction.atomic():
                return _recorded(function, entries, actor, args, kwargs)
        except BaseException:
            del entries[before:]
            raise

    ACTIONS[f"{function.__module__}.{function.__name__}"] = run
    return run


@contextmanager
def together() -> Iterator[list[NewEntry]]:
    """Several actions as one: all of them or none, and one writing to the record. For what is loaded, not for what people do. Never
    inside an action. Raises NotAnAction."""
    if getattr(_pending, "entries", None) is not None:
        raise NotAnAction("An action is under way already; what it does belongs together anyhow.")
    _pending.entries = entries = list[NewEntry]()
    try:
        with transaction.atomic():
            yield entries
            store.append(entries)
    finally:
        _pending.entries = None


def _recorded(function: Callable[..., E], entries: list[NewEntry], actor: Actor, args: tuple[object, ...], kwargs: dict[str, object]) -> E:
    event = function(*args, **kwargs)
    if not isinstance(event, Event):
        raise NotAnAction(f"{function.__name__} recorded no event; it was rolled back.")
    at = kwargs.get("now")
    entries.append(
        new_entry(
            at=at if isinstance(at, datetime) else timezone.now(),
            actor=str(actor),
            action=function.__name__,
            subject=event.subject,
            details=event.details(),
        )
    )
    return event


class TransactionOpen(RuntimeError):
    """The world was about to be asked with a transaction open: what we would record about it could be rolled back."""


def require_outside() -> None:
    """Raises TransactionOpen."""
    if not outside_a_transaction():
        raise TransactionOpen


def outside_a_transaction() -> bool:
    """True where talking to the world is allowed: no transaction of ours is open."""
    return getattr(_pending, "entries", None) is None and not connection.in_atomic_block
