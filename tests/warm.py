"""Workers and commands that start warm: one process imports Primum once and then forks on command, so that the next costs no second import.

The forking process is born fresh, has one thread and never opens a connection: what it forks shares nothing but imported code.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

STEM = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from primum.publishing import remote

signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the killed
parent = os.getpid()
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        continue
    import time
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a worker logs is no answer of the stem
    while os.getppid() == parent:
        remote.sweep(now=timezone.now())
        time.sleep(0.02)
    os._exit(0)
"""


class WarmWorkers:
    """`start()` forks one worker and gives its process id; `kill(pid)` ends it with SIGKILL. All are gone on exit."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.alive: list[int] = []

    def __enter__(self) -> WarmWorkers:
        self.stem = subprocess.Popen([sys.executable, "-c", STEM], env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._answer()
        return self

    def _answer(self) -> str:
        assert self.stem.stdout
        line = self.stem.stdout.readline().strip()
        assert line, "the forking process is gone"
        return line

    def start(self) -> int:
        assert self.stem.stdin
        self.stem.stdin.write("\n")
        self.stem.stdin.flush()
        self.alive.append(int(self._answer()))
        return self.alive[-1]

    def kill(self, worker: int) -> None:
        os.kill(worker, signal.SIGKILL)
        self.alive.remove(worker)
        end = time.monotonic() + 10
        while os.path.exists(f"/proc/{worker}") and time.monotonic() < end:
            time.sleep(0.001)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in list(self.alive):
            self.kill(worker)
        self.stem.kill()
        self.stem.wait()
        for pipe in (self.stem.stdin, self.stem.stdout):
            if pipe:
                pipe.close()


COMMANDS = """
import json, os, sys
from primum.cli.main import main
from primum_detect import screen

screen("So sorry about your wait, Dana.")  # patterns and model are ready before the first command
print("ready", flush=True)
for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if not child:
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            os.dup2(os.open(job[name], os.O_RDWR), number)
        sys.stdin = open(0)
        code = main(job["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class WarmCommand:
    """Calls `primum` as a shell would, in a process of its own, with files in place of its standard input, output and errors."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.stem = subprocess.Popen([sys.executable, "-c", COMMANDS], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.stem.stdout and self.stem.stdout.readline() == "ready\n"

    def __call__(self, *arguments: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
        files = {name: self.folder / name for name in ("stdin", "stdout", "stderr")}
        for name, path in files.items():
            path.write_bytes(b"" if name != "stdin" else stdin.encode() if isinstance(stdin, str) else stdin)
        assert self.stem.stdin and self.stem.stdout
        self.stem.stdin.write(json.dumps({"arguments": arguments, **{name: str(path) for name, path in files.items()}}) + "\n")
        self.stem.stdin.flush()
        return subprocess.CompletedProcess(arguments, int(self.stem.stdout.readline()), files["stdout"].read_bytes(), files["stderr"].read_bytes())

    def close(self) -> None:
        self.stem.kill()
        self.stem.wait()
        for pipe in (self.stem.stdin, self.stem.stdout):
            if pipe:
                pipe.close()
