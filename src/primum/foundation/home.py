"""PRIMUM_HOME: the one folder on this machine that Primum owns: keys, the embedded database, the last evidence head.

Everything in it is created 0600/0700; nothing that Primum did not create is ever changed.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

KEY_BYTES = 32


class HomeError(RuntimeError):
    """The home folder cannot be used. The message is one line that says what to do."""


@dataclass(frozen=True)
class Home:
    """Paths below PRIMUM_HOME."""

    path: Path

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def database(self) -> Path:
        return self.path / "postgres"

    @property
    def evidence_head(self) -> Path:
        return self.path / "evidence-head.json"

    @property
    def restoring(self) -> Path:
        """Stands while a backup is being brought back: until it is finished, nothing may serve this home."""
        return self.path / "restoring"

    def create(self) -> None:
        """Make the folder and the keys that are missing. Raises HomeError."""
        try:
            # As root the database runs as a service user, who must walk through, but may not look around.
            self.path.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
            self.keys.mkdir(exist_ok=True, mode=0o700)
            for name in ("fields", "payloads"):
                _write_new(self.keys / f"{name}.json", json.dumps({"current": "k1", "keys": {"k1": secrets.token_hex(KEY_BYTES)}}))
            _write_new(self.keys / "django.secret", secrets.token_urlsafe(48))
            signing = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            _write_new(self.keys / "checkpoints.pem", signing.decode())
        except OSError as error:
            raise HomeError(f"PRIMUM_HOME {self.path} cannot be written ({error.strerror}). Choose another folder: PRIMUM_HOME=/path make run") from None

    def read_key(self, name: str) -> str:
        """A key file's text. Raises HomeError with the mend."""
        try:
            return (self.keys / name).read_text(encoding="utf-8")
        except OSError:
            raise HomeError(f"The key file {self.keys / name} is missing. Restore it from your key backup, or run: primum setup") from None


def _write_new(path: Path, text: str) -> None:
    """Create a file that only its owner may read; leave one that exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: a crash leaves the old one. Its owner stays: as root we may write for a service's user."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        if os.geteuid() == 0 and path.exists():
            os.fchown(file.fileno(), path.stat().st_uid, path.stat().st_gid)
    os.replace(scratch, path)


def default_home() -> Path:
    """`var/` in a checkout, the platform's data folder when installed."""
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").exists() and (checkout / "Makefile").exists():
        return checkout / "var"
    base = os.environ.get("XDG_DATA_HOME") or (Path.home() / ("Library/Application Support" if sys.platform == "darwin" else ".local/share"))
    return Path(base) / "primum"
