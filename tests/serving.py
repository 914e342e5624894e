"""A real `primum serve` in a home of its own, for tests that look from outside."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

CLEAN = {key: value for key, value in os.environ.items() if not key.startswith(("PRIMUM_", "DATABASE_", "DJANGO_"))}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], seconds: float = 45) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.1)


class Serving:
    """Starts on entry, stops on exit. `log` is everything it printed."""

    def __init__(self, home: Path, *, demo: bool = True, port: int | None = None, **environment: str) -> None:
        self.home, self.port = home, port or free_port()
        self.command = [sys.executable, "-m", "primum", "serve", "--port", str(self.port), *(["--demo"] if demo else [])]
        self.environment = {**CLEAN, "PRIMUM_HOME": str(home), **environment}
        self.output = home.parent / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Serving:
        self.start()
        return self

    def start(self) -> float:
        begun = time.monotonic()
        with self.output.open("wb") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        while "Primum is ready" not in self.log:
            if self.process.poll() is not None or time.monotonic() - begun > 90:
                raise AssertionError(f"it did not come up:\n{self.log}")
            time.sleep(0.1)
        return time.monotonic() - begun

    @property
    def log(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def link(self, name: str) -> str:
        found = re.search(rf"^\s+{name} .*?(http://localhost:\d+/enter/\S+)", self.log, re.M)
        assert found, self.log
        return found.group(1)

    def is_healthy(self) -> bool:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{self.port}/livez", timeout=3) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def descendants(self) -> dict[int, str]:
        """Every process below ours: number -> command line."""
        assert self.process is not None
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except OSError:
                    continue
        found: dict[int, str] = {}
        frontier = {self.process.pid}
        while frontier:
            frontier = {pid for pid, parent in parents.items() if parent in frontier and pid not in found}
            for pid in frontier:
                try:
                    found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue
        return found

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def parts(self, what: str) -> list[int]:
        return [pid for pid, command in self.descendants().items() if what in command]

    def kill(self, what: str) -> set[int]:
        """SIGKILL one of ours by what its command line says; "all" is the supervisor and everything below it. Gives the numbers."""
        assert self.process is not None
        below = self.descendants()
        victims = [self.process.pid, *below] if what == "all" else self.parts(what)[:1]
        assert victims, below
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if what == "all":
            self.process.wait()
        return set(victims)

    def stop(self) -> None:
        if self.process and self.is_running:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
