"""One entry: canonical JSON (RFC 8785) of ids and a commitment; the payload stays apart, under a salt, and can be destroyed."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

SALT_BYTES = 32


def canonical(value: object) -> bytes:
    """RFC 8785 for what we use: objects with ASCII keys, strings, whole numbers and null."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commitment(salt: bytes, payload: bytes) -> str:
    return hashlib.sha256(salt + payload).hexdigest()


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry before it has a number."""

    at: datetime
    actor: str
    action: str
    subject: str
    salt: bytes
    payload: bytes

    def leaf(self, index: int) -> bytes:
        return canonical(
            {
                "action": self.action,
                "actor": self.actor,
                "at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "commit": commitment(self.salt, self.payload),
                "index": index,
                "object": self.subject,
                "v": 1,
            }
        )


def new_entry(*, at: datetime, actor: str, action: str, subject: str, details: dict[str, str | int | None]) -> NewEntry:
    return NewEntry(at, actor, action, subject, secrets.token_bytes(SALT_BYTES), canonical(details))
