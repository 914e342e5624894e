"""Who does something: a person, a named machine, or nobody we may know (the concern page). Never an empty actor."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is opaque: a person's UUID or a machine's name. Evidence stores it as `person:…` or `system:…`."""

    kind: str
    id: str

    def __post_init__(self) -> None:
        if self.kind not in ("person", "system", "anonymous") or not self.id:
            raise ValueError("An actor is a person, a named system actor, or anonymous; never empty.")

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def person_id(self) -> UUID | None:
        return UUID(self.id) if self.kind == "person" else None


def person(person_id: UUID) -> Actor:
    return Actor("person", str(person_id))


def system(name: str) -> Actor:
    return Actor("system", name)
