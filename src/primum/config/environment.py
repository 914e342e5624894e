"""Reading the environment: three readers that fail loudly. Secrets may come from files: `NAME_FILE` is read where `NAME` is not set."""

from __future__ import annotations

import os
from pathlib import Path


class BadEnvironment(RuntimeError):
    """A setting is missing or cannot be read; one line says which and how to mend it."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name)
    if value is None and (file := os.environ.get(f"{name}_FILE")):
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadEnvironment(f"{name}_FILE={file} cannot be read ({error.strerror}).") from None
    if value is None or value == "":
        if default is None:
            raise BadEnvironment(f"Set {name} (or {name}_FILE).")
        return default
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in ("0", "1", "true", "false", "yes", "no"):
        raise BadEnvironment(f"{name} must be 1 or 0, not something else.")
    return value in ("1", "true", "yes")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdigit():
        raise BadEnvironment(f"{name} must be a whole number.")
    return int(value)
