"""What an action records: typed, ids only."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. `OBJECT` names the field that says what it is about. Fields are ids, numbers, states and hashes:
    never names, never text."""

    OBJECT: ClassVar[str]

    @property
    def subject(self) -> str:
        return f"{self.OBJECT}:{getattr(self, self.OBJECT)}"

    def details(self) -> dict[str, str | int | None]:
        out: dict[str, str | int | None] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            out[field.name] = value if value is None or isinstance(value, int) else str(value)
        return out


@dataclass(frozen=True, kw_only=True)
class ShorterLogFound(Event):
    """The database holds fewer entries than this machine has seen: a restored backup, or somebody's scissors."""

    OBJECT = "seen"
    seen: int
    found: int


@dataclass(frozen=True, kw_only=True)
class BackupMade(Event):
    """Everything left the machine as a sealed file."""

    OBJECT = "entries"
    entries: int


@dataclass(frozen=True, kw_only=True)
class KeysRotated(Event):
    """Another key seals from now on, and so many values were sealed anew with it."""

    OBJECT = "resealed"
    resealed: int


@dataclass(frozen=True, kw_only=True)
class Restored(Event):
    """A backup that held so many entries was brought back: what was recorded after `made_at` is missing."""

    OBJECT = "entries"
    entries: int
    made_at: str


@dataclass(frozen=True, kw_only=True)
class PayloadShredded(Event):
    OBJECT = "entry"
    entry: int


@dataclass(frozen=True, kw_only=True)
class Viewed(Event):
    """Somebody opened something sensitive: 45 CFR 164.312(b) wants activity, not only changes."""

    OBJECT = "item"
    item: UUID
    what: str


@dataclass(frozen=True, kw_only=True)
class PackExported(Event):
    OBJECT = "about"
    about: str
    entries: int
