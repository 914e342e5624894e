"""A file sealed under a passphrase, written and read as a stream: nothing of it ever lies open on a disk.

Format   `PRIMUM-SEALED-1\\n`, 16 bytes of salt, then pieces: 4 bytes length, AES-256-GCM of up to 1 MiB. The nonce counts the pieces and
         marks the last one, so that pieces can be neither reordered nor cut off (the STREAM construction). Key: scrypt, N = 2^15.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"PRIMUM-SEALED-1\n"
PIECE = 1024 * 1024
SHORTEST = 12


class CannotUnseal(RuntimeError):
    """The file cannot be opened; one line that says why."""


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealedWriter:
    """A file that appears under its name only when it is whole."""

    def __init__(self, path: Path, passphrase: str) -> None:
        self.path, self.scratch = path, path.with_name(f".{path.name}.{os.getpid()}")
        salt = os.urandom(16)
        self._cipher, self._held, self._number = _cipher(passphrase, salt), bytearray(), 0
        self._file: BinaryIO = os.fdopen(os.open(self.scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._file.write(MAGIC + salt)

    def __enter__(self) -> SealedWriter:
        return self

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), is_last=False)
            del self._held[:PIECE]
        return len(data)

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, is_last), piece, None)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._put(bytes(self._held), is_last=True)
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            os.replace(self.scratch, self.path)
        else:
            self.scratch.unlink(missing_ok=True)


def unsealed(path: Path, passphrase: str) -> Iterator[bytes]:
    """The content, piece by piece. Raises CannotUnseal before the first piece where the passphrase is wrong, and later where the file was
    damaged or cut off."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise CannotUnseal(f"{path} cannot be read ({error.strerror}).") from None
    with file:
        if file.read(len(MAGIC)) != MAGIC:
            raise CannotUnseal(f"{path} is no sealed file of Primum.")
        cipher, number, is_last = _cipher(passphrase, file.read(16)), 0, False
        while head := file.read(4):
            sealed = file.read(int.from_bytes(head, "big"))
            is_last = not file.peek(1)
            try:
                piece = cipher.decrypt(_nonce(number, is_last), sealed, None)
            except (InvalidTag, ValueError):
                raise CannotUnseal(f"The passphrase does not open {path}." if number == 0 else f"{path} is damaged or cut off.") from None
            number += 1
            yield piece
        if not is_last:
            raise CannotUnseal(f"{path} is damaged or cut off.")
