"""A thousand posts due in one minute, two real workers: how late does each start?  python tests/rig/minute.py [--posts 1000] [--workers 2]"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from rig import Rig, installation, read_options


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="primum-minute-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        os.environ["PRIMUM_LEASE_SECONDS"] = "60"
        with installation(folder) as server:
            late = run(options, Rig(read_options(["--posts", str(options.posts), "--unapproved", "0", "--calm", "--platform", "idempotent"]), folder, server))
    late.sort()
    print(f"{len(late)} of {options.posts} started; late by {late[len(late) // 2]:.1f} s (half), {late[int(len(late) * 0.99)]:.1f} s (99 in 100), {late[-1]:.1f} s (the last)")
    return 0 if len(late) == options.posts and late[-1] <= 60 else 1


def run(options: argparse.Namespace, rig: Rig) -> list[float]:
    from django.utils import timezone
    from rich.progress import track

    from primum.publishing import sending
    from primum.publishing.models import Attempt, Delivery

    now = timezone.now()
    posts = [rig.world.approved(f"Flu shots, walk in Mon-Fri 8 to 4. Desk {number}.", at=now) for number in track(range(options.posts), "Approving", transient=True)]
    due_at = timezone.now() + timedelta(seconds=20 + options.posts * 0.03)
    for post in posts:
        sending.schedule_post(actor=rig.world.priya.actor, post_id=post, due_at=due_at, now=timezone.now())
    environment = {**os.environ, "PRIMUM_LEASE_SECONDS": "60"}
    workers = [subprocess.Popen([sys.executable, "-m", "primum", "worker"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(options.workers)]
    try:
        end = time.monotonic() + 300
        while Delivery.objects.exclude(state="published").exists() and time.monotonic() < end:
            time.sleep(1)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(30)
    return [(attempt.started_at - due_at).total_seconds() for attempt in Attempt.objects.filter(outcome="published")]


if __name__ == "__main__":
    sys.exit(main())
