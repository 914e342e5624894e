"""Encrypted columns: AES-256-GCM, `v1 ‖ key id ‖ nonce ‖ ciphertext`, bound to table, column and primary key.

A value moved to another row or column does not open. Keys live outside the database and its backups; a new key id
becomes current, old ones keep opening what they sealed (NIST SP 800-38D).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

_VERSION = b"v1"
_NONCE = 12


class CannotOpen(Exception):
    """A sealed value does not open: wrong key, or the bytes were changed. Never says what was inside."""


@dataclass(frozen=True)
class Keyring:
    """Keys by id; `current` seals."""

    current: str
    keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def from_json(cls, text: str) -> Keyring:
        data = json.loads(text)
        return cls(data["current"], {name: bytes.fromhex(key) for name, key in data["keys"].items()})

    def to_json(self) -> str:
        return json.dumps({"current": self.current, "keys": {name: key.hex() for name, key in self.keys.items()}})

    def with_new_key(self) -> Keyring:
        """One key more, which opens but does not seal yet."""
        return Keyring(self.current, {**self.keys, f"k{int(self.newest[1:]) + 1}": os.urandom(32)})

    @property
    def newest(self) -> str:
        return max(self.keys, key=lambda name: int(name[1:]))

    @property
    def lead(self) -> bytes:
        """How everything begins that the current key sealed."""
        return _VERSION + bytes([len(self.current)]) + self.current.encode()

    def seal(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE)
        kid = self.current.encode()
        body = AESGCM(self.keys[self.current]).encrypt(nonce, plain, context.encode())
        return _VERSION + bytes([len(kid)]) + kid + nonce + body

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises CannotOpen."""
        try:
            if sealed[:2] != _VERSION:
                raise CannotOpen("Unknown format of a sealed value.")
            size = sealed[2]
            kid = sealed[3 : 3 + size].decode()
            nonce = sealed[3 + size : 3 + size + _NONCE]
            return AESGCM(self.keys[kid]).decrypt(nonce, sealed[3 + size + _NONCE :], context.encode())
        except (InvalidTag, KeyError, IndexError, ValueError):
            raise CannotOpen("A sealed value does not open with the keys of this installation.") from None


def keyring(name: str) -> Keyring:
    """The installation's keys for `fields` or `payloads`. A file that changed is read again, so that keys rotate under running
    processes."""
    path = settings.PRIMUM.home.keys / f"{name}.json"
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read(name, str(path), changed)


@lru_cache(maxsize=8)
def _read(name: str, path: str, changed: int) -> Keyring:
    return Keyring.from_json(settings.PRIMUM.home.read_key(f"{name}.json"))


def context_of(table: str, column: str, pk: object) -> str:
    return f"{table}‖{column}‖{pk}"


class _Opened:
    """Decrypts on first reading: `from_db_value` cannot, because it never sees the primary key."""

    def __init__(self, field: EncryptedField) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, _Sealed):
            value = self.field.open(value, instance)
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.BinaryField):  # type: ignore[type-arg]
    """Base of both kinds. The model's primary key must be set before saving (UUIDs are), and `update()` is refused."""

    is_binary = False

    def _check_str_default_value(self) -> list[Any]:
        """A text default is right here: it is sealed when it is saved."""
        return []

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opened(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return _Sealed(bytes(value)) if value is not None else None

    def context(self, instance: models.Model) -> str:
        return context_of(instance._meta.db_table, str(self.column), instance.pk)

    def open(self, sealed: bytes, instance: models.Model) -> Any:
        plain = keyring("fields").open(sealed, self.context(instance))
        return plain if self.is_binary else plain.decode("utf-8", "surrogatepass")

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        plain = bytes(value) if self.is_binary else str(value).encode("utf-8", "surrogatepass")
        return _Sealed(keyring("fields").seal(plain, self.context(model_instance)))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, _Sealed):
            return super().get_prep_value(value)
        raise FieldError("Encrypted fields are saved through the model, never by update() or a filter.")


class _Sealed(bytes):
    """Bytes as they stand in the database."""


class EncryptedTextField(EncryptedField):
    """Text that is unreadable in the database and its backups."""


class EncryptedBytesField(EncryptedField):
    """Bytes that are unreadable in the database and its backups."""

    is_binary = True
