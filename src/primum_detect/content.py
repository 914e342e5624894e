"""What comes in: one text with the circumstances that a reader of the published post would know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

OUTBOUND = ("post", "reply", "image_caption", "alt_text", "bio", "ad")
INBOUND = ("comment", "review", "dm", "mention")
SURFACES = OUTBOUND + INBOUND
ROLES = ("org", "workforce", "patient_or_family", "press", "public", "unknown")


class BadContent(ValueError):
    """The content cannot be read; the message says which field and how to mend it. Never quotes the text."""


@dataclass(frozen=True, slots=True)
class Content:
    """One text to judge.

    `surface` says where it will stand, `author_role` who speaks, `town`/`state`/`facility` what the channel
    itself gives away, `posted_at` when (the library never asks what time it is), `thread` what others wrote
    before, oldest first.
    """

    text: str = field(repr=False)
    surface: str = "post"
    author_role: str = ""
    id: str | int | None = None
    bio: str = field(default="", repr=False)
    facility: str = ""
    town: str = ""
    state: str = ""
    posted_at: datetime | None = None
    thread: tuple[str, ...] = field(default=(), repr=False)
    consent_id: str | None = None
    has_authorization: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise BadContent("'text' must be a string.")
        if self.surface not in SURFACES:
            raise BadContent(f"'surface' must be one of: {', '.join(SURFACES)}.")
        if self.author_role and self.author_role not in ROLES:
            raise BadContent(f"'author_role' must be one of: {', '.join(ROLES)}.")

    @property
    def is_outbound(self) -> bool:
        """Ours to publish or to hold back: an outbound surface, whatever our own channel says, and what our people answer elsewhere."""
        return self.surface in OUTBOUND or self.author_role == "org" or self.is_answer

    @property
    def is_answer(self) -> bool:
        """Said to one person: a reply, what our own channel writes in an inbox or under what somebody said, and what a colleague writes
        back to somebody in an inbox. (Without anything before it, a colleague writes to us.)"""
        if self.surface == "reply":
            return True
        if self.author_role == "org":
            return self.surface == "dm" or (self.surface in INBOUND and bool(self.thread))
        return self.author_role == "workforce" and self.surface == "dm" and bool(self.thread)

    @property
    def role(self) -> str:
        """Who speaks; our own channels speak for the organisation unless somebody says otherwise."""
        return self.author_role or ("org" if self.is_outbound else "public")

    @classmethod
    def from_mapping(cls, row: Mapping[str, object]) -> Content:
        """Read one line of a scan. Unknown fields are ignored; a wrong type raises BadContent."""
        if "text" not in row:
            raise BadContent("'text' is missing.")
        strings = ("surface", "author_role", "bio", "facility", "town", "state")
        values: dict[str, object] = {"text": row["text"], "id": row.get("id")}
        for name in strings:
            value = row.get(name)
            if value is None:
                continue
            if not isinstance(value, str):
                raise BadContent(f"'{name}' must be a string.")
            values[name] = value
        values["posted_at"] = _read_time(row.get("posted_at"))
        values["thread"] = _read_thread(row.get("thread"))
        values["consent_id"] = row.get("consent_id") or None
        values["has_authorization"] = _read_bool(row.get("has_authorization"))
        return cls(**values)  # type: ignore[arg-type]


def _read_time(value: object) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise BadContent("'posted_at' must be an ISO 8601 time, such as 2026-11-22T02:00:00Z.") from None


def _read_thread(value: object) -> tuple[str, ...]:
    if value in (None, ""):
        return ()
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise BadContent("'thread' must be a list of strings, oldest first.")
    return tuple(value)


def _read_bool(value: object) -> bool:
    if value in (None, "", False, "false", "False", 0, "0"):
        return False
    if value in (True, "true", "True", 1, "1"):
        return True
    raise BadContent("'has_authorization' must be true or false.")
