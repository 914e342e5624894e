"""One group of processes: start them, restart what exits, stop all of them, touch nobody else's."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from primum.foundation.logs import log

_BACKOFF = (0.5, 1, 2, 5, 10)


@dataclass
class Child:
    """One supervised program. It is restarted on any exit: a worker that lost its database exits with 0 and must come back."""

    name: str
    argv: list[str]
    environment: dict[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    due: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(self.argv, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=ends_with_parent(signal.SIGTERM))
        self.started = time.monotonic()

    def check(self) -> None:
        """Restart after an exit, with a growing pause while it keeps failing."""
        if self.process is None or self.process.poll() is None:
            if self.process is None and time.monotonic() >= self.due:
                self.start()
            return
        lived = time.monotonic() - self.started
        self.failures = 0 if lived > 30 else self.failures + 1
        pause = _BACKOFF[min(self.failures, len(_BACKOFF) - 1)]
        log().warning("process exited", process=self.name, exit_code=self.process.returncode, seconds=round(lived, 1))
        self.process, self.due = None, time.monotonic() + pause

    def stop(self, seconds: float = 10) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: a child that changed its user may not read our files


def ends_with_parent(number: int) -> Callable[[], None]:
    """For `preexec_fn`: on Linux the child gets this signal when its parent is killed, so that no half of a group stays behind (prctl(2))."""

    def prepare() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, number)

    return prepare


def run_group(children: list[Child], *, on_tick: Callable[[], None], until: threading.Event) -> None:
    """Run until `until` is set (by a signal handler), then stop the children in reverse order."""
    for child in children:
        child.start()
    try:
        while not until.wait(0.25):
            on_tick()
            for child in children:
                child.check()
    finally:
        for child in reversed(children):
            child.stop()
