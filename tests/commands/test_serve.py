"""`primum serve` from outside: one line for each trouble, everything stopped by Ctrl-C, everything back after a kill."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import CLEAN, Serving, free_port

pytestmark = [pytest.mark.outside, pytest.mark.xdist_group("processes")]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """With a space in its path, and reachable: as root the database runs as a service user."""
    path = tmp_path_factory.mktemp("a home")
    for parent in (path, *path.parents):
        if str(parent).startswith("/tmp/pytest") and parent.stat().st_uid == os.geteuid():
            parent.chmod(0o711)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration's home, made once and stopped; tests take copies."""
    path = tmp_path_factory.mktemp("made") / "home"
    for parent in path.parents:
        if str(parent).startswith("/tmp/pytest") and parent.stat().st_uid == os.geteuid():
            parent.chmod(0o711)
    with Serving(path):
        pass
    return path


def copy(made: Path, folder: Path) -> Path:
    subprocess.run(["cp", "-a", str(made), str(folder / "home")], check=True)
    return folder / "home"


def primum(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "primum", *arguments], env={**CLEAN, "PRIMUM_HOME": str(home), **environment}, capture_output=True, text=True, check=False, timeout=120)


def one_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if not line.startswith("{")]
    assert lines and "Traceback" not in text, text
    return lines[-1]


def modes(top: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (stat.S_IMODE(path.stat().st_mode), path.stat().st_uid) for path in [top, *top.parents]}


def test_it_comes_back_after_every_kill_and_touches_nobody_else(folder: Path, made: Path) -> None:
    copy(made, folder)
    before = modes(folder)
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    serving = Serving(folder / "home")
    try:
        serving.start()
        for victim in ("gunicorn", "primum.jobs", "bin/postgres -D"):
            serving.kill(victim)
            end = time.monotonic() + 30
            while time.monotonic() < end and not (serving.is_healthy() and len([c for c in serving.descendants().values() if "primum.jobs" in c]) >= 1):
                time.sleep(0.2)
            assert serving.is_healthy(), victim
        serving.kill("all")
        assert not serving.is_healthy()
        again = serving.start()
        assert again < 20
        assert "Priya" in serving.log
        verified = primum("evidence", "verify", home=folder / "home")
        assert verified.returncode == 0 and "0 faults" in verified.stdout, verified.stdout + verified.stderr
        below = serving.descendants()
        serving.stop()
        time.sleep(0.5)
        assert not [command for pid, command in below.items() if Path(f"/proc/{pid}").exists() and "primum" in Path(f"/proc/{pid}/cmdline").read_text()]
        assert bystander.poll() is None
        assert modes(folder) == before
        keys = folder / "home" / "keys"
        assert stat.S_IMODE(keys.stat().st_mode) == 0o700 and all(stat.S_IMODE(key.stat().st_mode) == 0o600 for key in keys.iterdir())
    finally:
        serving.stop()
        bystander.kill()
        bystander.wait()


def test_a_pid_file_whose_number_belongs_to_somebody_else_harms_nobody(folder: Path, made: Path) -> None:
    serving = Serving(copy(made, folder))
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        data = folder / "home" / "postgres"
        (data / "postmaster.pid").write_text(f"{bystander.pid}\n{data}\n1700000000\n5432\n{data}\n\n0 0\nready\n")
        os.chmod(data / "postmaster.pid", 0o600)
        os.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)
        with serving:
            assert serving.is_healthy()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_port_in_use_is_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = primum("serve", "--port", str(taken.getsockname()[1]), home=folder / "home")
    assert done.returncode == 3 and "is in use" in one_line(done.stderr) and "PORT=" in done.stderr


def test_a_locked_home_and_a_real_organisation_are_one_line(folder: Path) -> None:
    home = folder / "home"
    done = primum(
        "setup",
        "--organisation",
        "Marlow Clinic",
        "--name",
        "Ana Ruiz",
        "--email",
        "ana@marlow.example",
        "--facility",
        "Main",
        "--town",
        "Marlow Bay",
        "--time-zone",
        "America/New_York",
        home=home,
        PRIMUM_SETUP_PASSWORD="a long quiet harbour 42",
    )
    assert done.returncode == 0, done.stderr
    again = primum(
        "setup", "--organisation", "X", "--name", "X", "--email", "x@x.example", "--facility", "X", "--town", "", "--time-zone", "UTC", home=home, PRIMUM_SETUP_PASSWORD="a long quiet harbour 42"
    )
    assert again.returncode == 3 and "set up already" in one_line(again.stderr)
    refused = primum("demo", "reset", "--yes", home=home)
    assert refused.returncode == 3 and "real organisation" in one_line(refused.stderr)
    with Serving(home) as serving:
        assert "/enter/" not in serving.log  # a demonstration is never offered over somebody real
        second = primum("serve", "--port", str(free_port()), home=home)
        assert second.returncode == 3 and "Another Primum is running" in one_line(second.stderr)


@pytest.mark.parametrize(("url", "words"), [("postgresql://nobody@127.0.0.1:1/none", "cannot be reached"), ("not a url at all", "cannot be read")])
def test_a_database_that_is_not_there_is_one_line(folder: Path, url: str, words: str) -> None:
    done = primum("serve", "--port", str(free_port()), home=folder / "home", DATABASE_URL=url)
    assert done.returncode == 3 and words in done.stderr and "Traceback" not in done.stderr


def test_two_workers_and_a_web_on_one_database(folder: Path, made: Path) -> None:
    """The parts run alone: what many machines do."""
    with Serving(copy(made, folder)) as serving:
        from primum.foundation.embedded_postgres import running_url

        url = running_url(folder / "home" / "postgres")
        assert url
        environment = {**CLEAN, "PRIMUM_HOME": str(folder / "home"), "DATABASE_URL": url}
        port = free_port()
        parts = [subprocess.Popen([sys.executable, "-m", "primum", *arguments], env=environment, stderr=subprocess.DEVNULL) for arguments in (["worker"], ["worker"], ["web", "--port", str(port)])]
        try:
            second = Serving(folder / "home", port=port)
            end = time.monotonic() + 30
            while time.monotonic() < end and not second.is_healthy():
                time.sleep(0.2)
            assert second.is_healthy() and serving.is_healthy()
            assert all(part.poll() is None for part in parts)
        finally:
            for part in parts:
                part.terminate()
                part.wait(20)
