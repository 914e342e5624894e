"""One platform hangs: how late do the posts of another start?  python tests/rig/hang.py [--minutes 60] [--workers 2]

Bluesky's own server stands behind a door that takes every call and never answers; a post is due there each half minute, and one on the
practice channel every ten seconds. Real workers."""

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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="primum-hang-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        os.environ["PRIMUM_LEASE_SECONDS"] = "60"
        with installation(folder) as server:
            late, hanging = run(options, Rig(read_options(["--unapproved", "0", "--calm", "--platform", "bluesky"]), folder, server))
    late.sort()
    print(f"{options.minutes:.0f} minutes, {len(late)} posts on the other channel: late by {late[len(late) // 2]:.1f} s (half), {late[-1]:.1f} s (the last); on the one that hangs: {hanging}")
    return 0 if late[-1] <= 60 else 1


def run(options: argparse.Namespace, rig: Rig) -> tuple[list[float], dict[str, int]]:
    from collections import Counter

    from django.utils import timezone
    from rich.progress import track

    from primum.publishing import sending
    from primum.publishing.models import Attempt, Delivery

    assert rig.bluesky is not None
    begin, seconds = timezone.now() + timedelta(seconds=30 + options.minutes), options.minutes * 60
    for channel, every in ((rig.world.channel, 10), (rig.channel, 30)):
        for number in track(range(int(seconds / every)), "Approving", transient=True):
            post = rig.world.approved(f"Flu shots, walk in Mon-Fri 8 to 4. Desk {channel.hex[:4]} {number}.", at=timezone.now(), channels=(channel,))
            sending.schedule_post(actor=rig.world.priya.actor, post_id=post, due_at=begin + timedelta(seconds=number * every), now=timezone.now())
    rig.bluesky.door.always("hang", "xrpc")
    workers = [subprocess.Popen([sys.executable, "-m", "primum", "worker"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(options.workers)]
    try:
        end = time.monotonic() + (begin - timezone.now()).total_seconds() + seconds + 60
        while time.monotonic() < end:
            time.sleep(1)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(60)
        rig.bluesky.stop()
    tried = Attempt.objects.filter(delivery__channel_id=rig.world.channel).select_related("delivery")
    late = [(attempt.started_at - attempt.delivery.due_at).total_seconds() for attempt in tried]
    assert len(late) == int(seconds / 10), "not all were tried"
    return late, dict(Counter(Delivery.objects.filter(channel_id=rig.channel).values_list("state", flat=True)))


if __name__ == "__main__":
    sys.exit(main())
