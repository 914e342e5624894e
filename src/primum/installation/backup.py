"""Backup and restore. A backup is two sealed files, to be kept apart: the database, and the keys that open what is sealed in it.

A restored instance knows less than the world: it records that, publishes nothing until a person says so, and holds what may have gone out
in the meantime.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from primum import __version__
from primum.foundation.embedded_postgres import binaries
from primum.foundation.home import Home, replace_text
from primum.foundation.sealed_file import SealedWriter, unsealed

KEYS = ("fields.json", "payloads.json", "django.secret", "checkpoints.pem")


class BackupError(RuntimeError):
    """Backup or restore cannot go on; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself, before the database follows."""

    version: str
    made_at: str
    entries: int
    head: str
    keys: str

    def to_bytes(self) -> bytes:
        data = json.dumps({name: getattr(self, name) for name in self.__slots__}).encode()
        return len(data).to_bytes(4, "big") + data

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def keys_file(backup: Path) -> Path:
    return backup.with_name(backup.name + ".keys")


def fingerprint(keys: dict[str, str]) -> str:
    """Which keys these are; they cannot be told from it (they are 256 random bits)."""
    return hashlib.sha256(json.dumps([keys[name] for name in KEYS]).encode()).hexdigest()


def _program(name: str) -> str:
    ours = binaries() / name
    return str(ours) if ours.exists() else shutil.which(name) or name


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address for a command line, where everybody on the machine can read it, and the environment that holds its password."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    return make_conninfo("", **parts), {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}


def make_backup(home: Home, owner_url: str, target: Path, passphrase: str, *, now: datetime, entries: int, progress: Callable[[int], None] = lambda _: None) -> Manifest:
    """Both files, whole or not at all. `entries`: how long the record is. Runs beside a serving Primum. Raises BackupError."""
    keys = {name: home.read_key(name) for name in KEYS}
    head = home.evidence_head.read_text(encoding="utf-8") if home.evidence_head.exists() else ""
    manifest = Manifest(__version__, now.isoformat(), entries, head, fingerprint(keys))
    for path in (target, keys_file(target)):
        if path.exists():
            raise BackupError(f"{path} exists already. Choose another name: a backup is never written over.")
    with SealedWriter(keys_file(target), passphrase) as sealed:
        sealed.write(json.dumps(keys).encode())
    address, environment = _without_password(owner_url)
    command = [_program("pg_dump"), "--format=custom", "--no-owner", "--no-acl", "--compress=1", f"--dbname={address}"]
    try:
        with SealedWriter(target, passphrase) as sealed, subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as dump:
            assert dump.stdout
            sealed.write(manifest.to_bytes())
            written = 0
            while piece := dump.stdout.read(1024 * 1024):
                sealed.write(piece)
                written += len(piece)
                progress(written)
            if dump.wait():
                raise BackupError(f"The database could not be dumped (pg_dump ended with {dump.returncode}). Nothing was kept.")
    except BaseException:
        keys_file(target).unlink(missing_ok=True)
        raise
    return manifest


def read_keys(path: Path, passphrase: str) -> dict[str, str]:
    """Raises CannotUnseal, BackupError."""
    keys = json.loads(b"".join(unsealed(path, passphrase)))
    if not isinstance(keys, dict) or set(keys) != set(KEYS):
        raise BackupError(f"{path} holds no keys of Primum. Give the .keys file that was made with the backup.")
    return keys


def read_backup(path: Path, passphrase: str) -> tuple[Manifest, Iterator[bytes]]:
    """What it says about itself, and the database that follows. Raises CannotUnseal, BackupError."""
    pieces = unsealed(path, passphrase)
    first = next(pieces, b"")
    size = int.from_bytes(first[:4], "big")
    try:
        manifest = Manifest(**json.loads(first[4 : 4 + size]))
    except (ValueError, TypeError):
        raise BackupError(f"{path} is no backup of Primum.") from None

    def rest() -> Iterator[bytes]:
        yield first[4 + size :]
        yield from pieces

    return manifest, rest()


def take_keys(home: Home, keys: dict[str, str], manifest: Manifest) -> None:
    """Put the keys into an empty home. Raises BackupError for keys of another installation, or a home that has its own."""
    if fingerprint(keys) != manifest.keys:
        raise BackupError("These keys belong to another installation: they do not open what is in this backup. Nothing was changed.")
    kept = {name: (home.keys / name).read_text(encoding="utf-8") for name in KEYS if (home.keys / name).exists()}
    if any(keys[name] != text for name, text in kept.items()):
        raise BackupError(f"{home.path} has keys of its own. Restore into an empty folder: PRIMUM_HOME=/path primum restore …")
    home.path.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    home.keys.mkdir(exist_ok=True, mode=0o700)
    for name, text in keys.items():
        replace_text(home.keys / name, text)
    home.create()
    seen = json.loads(home.evidence_head.read_text(encoding="utf-8"))["size"] if home.evidence_head.exists() else -1
    if manifest.head and json.loads(manifest.head)["size"] > seen:
        replace_text(home.evidence_head, manifest.head)  # a longer one stays: it accuses the shorter record


def fill_database(pieces: Iterator[bytes], owner_url: str, progress: Callable[[int], None] = lambda _: None) -> None:
    """Into an empty database. Raises BackupError, CannotUnseal."""
    address, environment = _without_password(owner_url)
    command = [_program("pg_restore"), "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", f"--dbname={address}"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as restore:
        assert restore.stdin
        written = 0
        try:
            for piece in pieces:
                restore.stdin.write(piece)
                written += len(piece)
                progress(written)
            restore.stdin.close()
        except BrokenPipeError:
            pass
        except BaseException:
            restore.kill()
            raise
        if restore.wait():
            raise BackupError("The database did not take the backup (pg_restore failed). Is it empty, and PostgreSQL as new as the one that was saved?")


def after_restore(manifest: Manifest, *, now: datetime) -> int:
    """Stop all publishing until a person starts it again, hold everything that was on its way (it may have gone out since, or its
    approval may have been withdrawn), and record both. Gives how many deliveries are held."""
    from primum.evidence import actions as evidence
    from primum.foundation.actor import system
    from primum.people import actions as people
    from primum.people.queries import organisation
    from primum.publishing import queries, sending

    restorer = system("restore")
    if organisation() is not None:
        people.set_stop(actor=restorer, facility_id=None, stopped=True, now=now)
    held = 0
    for delivery_id in queries.on_their_way():
        try:
            sending.hold_after_restore(actor=restorer, delivery_id=delivery_id, now=now)
            held += 1
        except sending.NothingToDo:
            continue
    evidence.record_restored(actor=restorer, entries=manifest.entries, made_at=manifest.moment, now=now)
    return held
