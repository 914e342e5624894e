"""`primum serve` from outside: one line for each trouble, everything stopped by Ctrl-C, everything back after a kill."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from serving import CLEAN, Serving, free_port, wait_until

from primum.foundation.embedded_postgres import OWNER, running_url

pytestmark = pytest.mark.outside


def reachable(path: Path) -> Path:
    """As root the database runs as a service user, who must be able to come here."""
    for parent in (path, *path.parents):
        if str(parent).startswith("/tmp/pytest") and parent.stat().st_uid == os.geteuid():
            parent.chmod(0o711)
    return path


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a space in its path."""
    return reachable(tmp_path_factory.mktemp("a home"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One demonstration for the module; whoever finds it stopped starts it."""
    serving = Serving(reachable(tmp_path_factory.mktemp("a shared home")) / "home")
    serving.start()
    yield serving
    serving.stop()


@pytest.fixture
def running(shared: Serving) -> Serving:
    if not shared.is_running:
        shared.start()
    return shared


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """Somebody else's process: whatever happens to us, it lives."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    assert process.poll() is None
    process.kill()
    process.wait()


def primum(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "primum", *arguments], env={**CLEAN, "PRIMUM_HOME": str(home), **environment}, capture_output=True, text=True, check=False, timeout=120)


def one_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if not line.startswith("{")]
    assert lines and "Traceback" not in text, text
    return lines[-1]


def modes(top: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (stat.S_IMODE(path.stat().st_mode), path.stat().st_uid) for path in [top, *top.parents]}


def test_a_second_one_on_the_same_home_is_one_line(running: Serving) -> None:
    second = primum("serve", "--port", str(free_port()), home=running.home)
    assert second.returncode == 3 and "Another Primum is running" in one_line(second.stderr)


def test_two_workers_and_a_web_on_one_database(running: Serving) -> None:
    """The parts run alone: what many machines do."""
    url = running_url(running.home / "postgres")
    assert url
    environment = {**CLEAN, "PRIMUM_HOME": str(running.home), "DATABASE_URL": url}
    port = free_port()
    parts = [subprocess.Popen([sys.executable, "-m", "primum", *arguments], env=environment, stderr=subprocess.DEVNULL) for arguments in (["worker"], ["worker"], ["web", "--port", str(port)])]
    try:
        second = Serving(running.home, port=port)
        wait_until(second.is_healthy)
        assert running.is_healthy()
        assert all(part.poll() is None for part in parts)
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait(20)


@pytest.mark.parametrize("victim", ["gunicorn", "primum.jobs", "bin/postgres -D"])
def test_a_killed_part_comes_back(running: Serving, bystander: subprocess.Popen[bytes], victim: str) -> None:
    killed = running.kill(victim)
    wait_until(lambda: running.is_healthy() and not killed & set(running.descendants()) and running.parts(victim) != [] and running.parts("primum.jobs") != [])


def test_everything_killed_comes_back_and_touches_nobody_else(running: Serving, bystander: subprocess.Popen[bytes]) -> None:
    """Even where the database's number, left behind in its file, belongs to somebody else by now."""
    folder = running.home.parent
    before = modes(folder)
    running.kill("all")
    assert not running.is_healthy()
    data = running.home / "postgres"
    (data / "postmaster.pid").write_text(f"{bystander.pid}\n{data}\n1700000000\n5432\n{data}\n\n0 0\nready\n")
    os.chmod(data / "postmaster.pid", 0o600)
    os.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)
    assert running.start() < 30
    assert running.is_healthy() and "Priya" in running.log
    verified = primum("evidence", "verify", home=running.home)
    assert verified.returncode == 0 and "0 faults" in verified.stdout, verified.stdout + verified.stderr
    below = set(running.descendants())
    with psycopg.connect(running_url(running.home / "postgres", OWNER)) as database:
        database.execute("UPDATE people_organisation SET is_demo = false")
    running.stop()
    wait_until(lambda: not [pid for pid in below if is_primum(pid)])
    refused = primum("demo", "reset", "--yes", home=running.home)
    assert refused.returncode == 3 and "real organisation" in one_line(refused.stderr)
    assert modes(folder) == before
    keys = running.home / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700 and all(stat.S_IMODE(key.stat().st_mode) == 0o600 for key in keys.iterdir())


def is_primum(pid: int) -> bool:
    try:
        return "primum" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


def test_a_port_in_use_is_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = primum("serve", "--port", str(taken.getsockname()[1]), home=folder / "home")
    assert done.returncode == 3 and "is in use" in one_line(done.stderr) and "PORT=" in done.stderr


@pytest.mark.parametrize(("url", "words"), [("postgresql://nobody@127.0.0.1:1/none", "cannot be reached"), ("not a url at all", "cannot be read")])
def test_a_database_that_is_not_there_is_one_line(folder: Path, url: str, words: str) -> None:
    done = primum("serve", "--port", str(free_port()), home=folder / "home", DATABASE_URL=url)
    assert done.returncode == 3 and words in done.stderr and "Traceback" not in done.stderr
