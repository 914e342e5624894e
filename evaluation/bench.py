"""`make bench`: speed beside a peer, on the same texts, in one run. Ratios travel between machines; seconds do not."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from primum_detect import Content, Engine
from primum_detect.budget import Budget
from primum_detect.identify.layer import find_all
from primum_detect.identify.registry import IDENTIFIERS
from primum_detect.normalize.folding import fold

HERE = Path(__file__).resolve().parent
PEER = HERE / ".venv" / "bin" / "python"


def texts(count: int = 2000) -> list[str]:
    """Real posts where there are some (BENCH_TEXTS: JSON lines with `text`), else our own labelled ones, again and again."""
    path = os.environ.get("BENCH_TEXTS")
    source = Path(path) if path else HERE / "texts" / "outbound.jsonl"
    found = [json.loads(line)["text"] for line in source.read_text(encoding="utf-8").splitlines()]
    return (found * (count // len(found) + 1))[:count]


def rate(count: int, work: Callable[[], object]) -> float:
    """The best of two seconds and at least three runs, about what the peer's three runs take: other programs only ever make it slower."""
    best, since, runs = 0.0, time.perf_counter(), 0
    while runs < 3 or time.perf_counter() - since < 2.0:
        runs += 1
        begun = time.perf_counter()
        work()
        best = max(best, count / (time.perf_counter() - begun))
    return best


def peer_rate(posts: list[str]) -> float | None:
    if not PEER.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HERE / ".venv")], check=True)
        subprocess.run([str(PEER), "-m", "pip", "install", "-q", "presidio-analyzer"], check=True)
    best = 0.0
    for _ in range(3):
        done = subprocess.run([str(PEER), str(HERE / "peer.py")], input=json.dumps(posts), capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr[-500:], file=sys.stderr)
            return None
        best = max(best, len(posts) / json.loads(done.stdout.splitlines()[-1])["seconds"])
    return best


def main() -> None:
    posts, engine = texts(), Engine()
    contents = [Content(text) for text in posts]
    engine.screen(contents[0])
    budget = Budget(600)
    second = rate(len(posts), lambda: [find_all(fold(text), IDENTIFIERS, budget) for text in posts])
    one = rate(len(posts), lambda: list(engine.screen_many(contents)))
    two = rate(len(posts), lambda: list(engine.screen_many(contents, processes=2)))
    single = []
    for content in contents[:500]:
        begun = time.perf_counter()
        engine.screen(content)
        single.append((time.perf_counter() - begun) * 1000)
    cold = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "primum", "check", "Flu shots, walk in Mon-Fri 8 to 4."], capture_output=True, check=True)
        cold.append(time.perf_counter() - begun)
    print(f"{'what':44} {'figure':>12}  against the peer")
    peer = peer_rate(posts)
    against = lambda value: f"{value / peer:.2f} x" if peer else "peer not run"
    print(f"{'Presidio, patterns only, one core':44} {f'{peer:,.0f} posts/s' if peer else '-':>12}")
    for name, value in (("layer 2 without the model, one core", second), ("whole engine, one core", one), ("whole engine, two cores", two)):
        print(f"{name:44} {f'{value:,.0f} posts/s':>12}  {against(value)}")
    print(f"{'one text: p50, p99':44} {statistics.median(single):.1f} ms, {statistics.quantiles(single, n=100)[98]:.1f} ms")
    print(f"{'primum check, cold, best of five':44} {min(cold):.2f} s")
    print(f"{'memory of one process':44} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
