"""`make rig`: many approved posts and some that are not, workers that die at every named point, a platform that lies and lags, clocks
that jump, a database that goes away, a disk that is full; then counted on the platform itself: double, lost, unapproved, edited after approval.

python tests/rig/rig.py [--posts 1000] [--unapproved 100] [--kills 500] [--workers 3] [--platform lying|idempotent|bluesky] [--calm] [--naive]
Exit 0 when all four are nought.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "src")]
TROUBLES = ("disk", "stop", "forward", "zone", "database", "stop", "back", "edit", "zone", "stop", "forward", "disk", "back")
STEM = """
import json, os, signal, sys
from pathlib import Path
options = json.loads(sys.argv[1])
sys.path[:0] = options["path"]
import django
django.setup()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
from rig import worker
parent = os.getpid()
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        continue
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    worker.install(Path(options["folder"]), idempotent=options["idempotent"], naive=options["naive"], deaths=options["deaths"], faults=options["faults"])
    worker.work(parent)
"""


@dataclass
class Result:
    """What the platform shows in the end, against what was approved."""

    posts: int
    double: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unapproved: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    unfinished: int = 0
    held: int = 0
    decided_by_a_person: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    @property
    def holds(self) -> bool:
        return not (self.double or self.lost or self.unapproved or self.edited or self.unfinished)

    def lines(self) -> Iterator[str]:
        for name in ("double", "lost", "unapproved", "edited"):
            ids = getattr(self, name)
            yield f"{name:<11} {len(ids)}" + (f"   {' '.join(ids[:20])}" if ids else "")
        if self.unfinished:
            yield f"unfinished  {self.unfinished}   the time was up: --limit gives more"
        yield f"held        {self.held} times (late, or refused), then scheduled again by the rig's person"
        yield f"unclear     {self.decided_by_a_person} times a person looked and decided"
        yield f"kills       {sum(self.kills.values())}: " + ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        yield "troubles    " + (", ".join(f"{name} {count}" for name, count in sorted(self.troubles.items())) or "none")
        yield f"posts       {self.posts} in {self.seconds:.0f} s"


class Workers:
    """Forked from a warm process that holds no connection, so that a kill hits work and not start-up."""

    def __init__(self, options: dict[str, Any], environment: dict[str, str]) -> None:
        self.stem = subprocess.Popen([sys.executable, "-c", STEM, json.dumps(options)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.alive: list[int] = []
        self._answer()

    def _answer(self) -> str:
        assert self.stem.stdout
        line = self.stem.stdout.readline().strip()
        assert line, "the forking process is gone"
        return line

    def keep(self, count: int) -> None:
        """As a supervisor does: whoever is dead is replaced."""
        self.alive = [pid for pid in self.alive if os.path.exists(f"/proc/{pid}")]
        while len(self.alive) < count:
            assert self.stem.stdin
            self.stem.stdin.write("\n")
            self.stem.stdin.flush()
            self.alive.append(int(self._answer()))

    def send(self, number: int, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, number)

    def end(self) -> None:
        for pid in self.alive:
            self.send(signal.SIGKILL, pid)
        self.stem.kill()
        self.stem.wait()


@contextmanager
def installation(folder: Path) -> Iterator[Any]:
    """A database of its own, prepared, with Django on it."""
    from primum.foundation.embedded_postgres import APP, OWNER, EmbeddedPostgres

    server = EmbeddedPostgres(folder / "postgres", options=("fsync=off",))  # commits are kept when the database gives up; only a power cut would lose them
    server.start()
    try:
        os.environ.setdefault("PRIMUM_LEASE_SECONDS", "3")
        os.environ |= {"PRIMUM_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "primum.config.settings", "DATABASE_URL": server.url(APP)}
        owner = {**os.environ, "DATABASE_URL": server.url(APP), "DATABASE_OWNER_URL": server.url(OWNER), "PRIMUM_DATABASE_ROLE": "owner"}
        subprocess.run([sys.executable, "-m", "primum", "prepare"], env=owner, check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        from primum.foundation.logs import configure

        configure("CRITICAL")
        yield server
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()


class Rig:
    """One run: `fill`, then `run` until all is settled, then `count`."""

    def __init__(self, options: argparse.Namespace, folder: Path, server: Any) -> None:
        from world import World

        self.options, self.folder, self.server = options, folder, server
        self.world, self.chance = World(), random.Random(options.seed)
        self.approved: dict[UUID, str] = {}
        self.never: set[str] = set()
        self.result = Result(options.posts)
        self.bluesky, self.account, self.channel = None, None, self.world.channel
        if options.platform == "bluesky":
            self._connect_bluesky()

    def _connect_bluesky(self) -> None:
        from bluesky_server import BlueskyServer
        from django.utils import timezone
        from world import SETUP

        from primum.inventory import actions, remote

        self.bluesky = BlueskyServer()
        self.account = self.bluesky.account("rig.test")
        self.channel = actions.add_channel(actor=SETUP, platform="bluesky", name="Rig", handle="@rig.test", facility_id=self.world.hospital, owner_id=self.world.gail.id).channel
        actions.set_channel_pace(actor=SETUP, channel_id=self.channel, posts_per_hour=None, quiet_from=None, quiet_until=None)
        remote.connect(actor=self.world.gail.actor, channel_id=self.channel, values=self.account.credentials(), now=timezone.now())

        def fault(method: str, path: str) -> str | None:
            luck = self.chance.random()
            return None if "putRecord" not in path or luck > 0.13 else "500" if luck < 0.03 else "cut" if luck < 0.05 else "502 after" if luck < 0.09 else "cut after"

        self.bluesky.door.fault = fault

    def fill(self) -> None:
        from django.utils import timezone
        from rich.progress import track

        from primum.publishing import sending

        now = timezone.now()
        for number in track(range(self.options.posts), "Approving", transient=True):
            text = f"Flu shots, walk in Mon-Fri 8 to 4. Desk {number}."
            post = self.world.approved(text, at=now, channels=(self.channel,))
            self.approved[post] = text
        for number in range(self.options.unapproved):
            text = f"Story hour is back: Saturdays at 10, room {number}."
            self.never.add(text)
            post = self.world.draft(text, at=now, channels=(self.channel,))
            if number % 3:
                self.world.submit(post, at=now)
            if number % 3 == 2:
                self.world.decide(post, at=now)
                sending.schedule_post(actor=self.world.priya.actor, post_id=post, due_at=now + timedelta(hours=1), now=now)
                from primum.publishing import actions

                actions.withdraw_approval(actor=self.world.gail.actor, post_id=post, now=now)
        now = timezone.now()
        for post in self.approved:
            sending.schedule_post(actor=self.world.priya.actor, post_id=post, due_at=now + timedelta(seconds=self.chance.uniform(0, self.options.spread)), now=now)

    def run(self) -> None:
        environment = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"]}
        options = {
            "path": sys.path[:2],
            "folder": str(self.folder),
            "idempotent": self.options.platform != "lying",
            "naive": self.options.naive,
            "deaths": 0 if self.options.calm else 0.08,
            "faults": self.options.platform != "bluesky",
        }
        workers = Workers(options, environment)
        begun, is_calm = time.monotonic(), self.options.calm
        troubles = iter(() if self.options.calm else TROUBLES)
        next_trouble = begun + 5
        try:
            while not self._is_settled() and time.monotonic() - begun < self.options.limit:
                workers.keep(self.options.workers)
                time.sleep(self.chance.uniform(0, 0.3))
                if sum(self.result.kills.values()) + self._deaths() < self.options.kills:
                    if self.chance.random() < 0.4:
                        self.result.kills["at random"] += 1
                        workers.send(signal.SIGKILL, self.chance.choice(workers.alive))
                elif not is_calm:
                    workers.end()  # enough were killed: the rest is delivered by workers that live
                    workers, is_calm = Workers({**options, "deaths": 0}, environment), True
                    continue
                if time.monotonic() > next_trouble:
                    self._trouble(next(troubles, ""), workers)
                    next_trouble = time.monotonic() + 6
                self._play_the_person()
        finally:
            workers.end()
        if (self.folder / "deaths").exists():
            self.result.kills.update((self.folder / "deaths").read_text().split("\n")[:-1])
        self.result.seconds = time.monotonic() - begun

    def _deaths(self) -> int:
        path = self.folder / "deaths"
        return path.read_text().count("\n") if path.exists() else 0

    def _trouble(self, what: str, workers: Workers) -> None:
        self.result.troubles.update([what] if what else [])
        if what == "stop":  # longer than the lease
            pid = self.chance.choice(workers.alive)
            workers.send(signal.SIGSTOP, pid)
            time.sleep(4)
            workers.send(signal.SIGCONT, pid)
        elif what in ("forward", "back"):
            (self.folder / "clock").write_text("3600" if what == "forward" else "-3600")
            time.sleep(2)
            (self.folder / "clock").write_text("0")
        elif what == "database":
            from django.db import connections

            connections.close_all()
            self.server.stop()
            time.sleep(self.options.away)
            self.server.start()
        elif what == "disk":
            self._fill_disk()
        elif what == "zone":  # what a change to summer time is for the clocks on the wall: an hour, while UTC goes on
            from primum.people.models import Organisation

            is_winter = Organisation.objects.filter(time_zone="America/New_York").exists()
            Organisation.objects.update(time_zone="Etc/GMT+4" if is_winter else "America/New_York")
        elif what == "edit":
            self._edit_some()

    def _fill_disk(self) -> None:
        """For some seconds no file of the database grows, its log neither; it may give up, as on a full disk. Then there is room again."""
        from django.db import connections

        self._limit_files("1000000")
        time.sleep(4)
        if not self.server.is_running():
            self.result.troubles["database gave up"] += 1
        else:
            self._limit_files("unlimited")
        connections.close_all()
        self.server.stop()
        self.server.start()

    def _limit_files(self, size: str) -> None:
        postmaster = self.server.process.pid
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
        for pid in (str(postmaster), *(children.read_text().split() if children.exists() else ())):
            subprocess.run(["prlimit", "--pid", pid, f"--fsize={size}:"], stderr=subprocess.DEVNULL, **self.server._as_user())

    def _edit_some(self) -> None:
        """Somebody edits what is approved and scheduled: from then on it needs approval again, and must not go out."""
        from django.utils import timezone

        from primum.publishing import actions
        from primum.publishing.models import Delivery

        waiting = list(Delivery.objects.filter(state="scheduled").values_list("post_id", flat=True)[:10])
        for post in waiting:
            text = f"{self.approved.get(post, '')} Edited afterwards."
            try:
                self.world.edit(post, text, channels=(self.channel,), at=timezone.now())
            except (actions.Refused, actions.Stale):
                continue
            self.never.add(text)
            self.approved.pop(post, None)

    def _is_settled(self) -> bool:
        from primum.publishing.models import Delivery

        return not Delivery.objects.exclude(state="published").exists()

    def _play_the_person(self) -> None:
        """Look where it says *may have gone out*; schedule again what was held for being late or refused."""
        from django.utils import timezone

        from primum.publishing import actions, sending
        from primum.publishing.models import Delivery, PracticePost

        for delivery in Delivery.objects.filter(state__in=("unclear", "held"))[:50]:
            with suppress(actions.Refused, sending.NothingToDo):
                if delivery.state == "held":
                    self.result.held += 1
                    sending.schedule_post(actor=self.world.priya.actor, post_id=delivery.post_id, due_at=timezone.now(), now=timezone.now())
                else:
                    self.result.decided_by_a_person += 1
                    seen = PracticePost.objects.filter(key__startswith=str(delivery.id)).exists()
                    sending.say_what_was_seen(actor=self.world.priya.actor, delivery_id=delivery.id, live=None, permalink="https://rig.example/1" if seen else "", as_approved=None, now=timezone.now())

    def count(self) -> Result:
        """On the platform itself, whatever our own tables say."""
        texts = Counter(self._shown())
        wanted = set(self.approved.values())
        self.result.double = [text for text, times in texts.items() if times > 1]
        from primum.publishing.models import Delivery

        under_way = set(Delivery.objects.exclude(state="published").values_list("post_id", flat=True))
        self.result.unfinished = len(under_way)
        self.result.lost = [str(post) for post, text in self.approved.items() if text not in texts and post not in under_way]
        self.result.edited = [text for text in texts if "Edited" in text]
        self.result.unapproved = [text for text in texts if text not in wanted and (text in self.never or "Edited" not in text)]
        # What was edited after it had gone out is no breach: the edit was refused, and the approved words stand.
        return self.result

    def _shown(self) -> list[str]:
        if self.account is not None:
            found = [str(row["value"]["text"]) for row in self.account.records()]  # type: ignore[index]
            assert self.bluesky is not None
            self.bluesky.stop()
            return found
        from primum.publishing.models import PracticePost

        return list(PracticePost.objects.values_list("text", flat=True))


def run(options: argparse.Namespace) -> Result:
    with tempfile.TemporaryDirectory(prefix="primum-rig-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with installation(folder) as server:
            rig = Rig(options, folder, server)
            rig.fill()
            rig.run()
            return rig.count()


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--unapproved", type=int, default=100)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--platform", choices=("lying", "idempotent", "bluesky"), default="lying")
    parser.add_argument("--calm", action="store_true", help="nobody is killed, nothing jumps")
    parser.add_argument("--naive", action="store_true", help="the way it must not be done: shows that the rig can fail")
    parser.add_argument("--spread", type=float, default=60, help="seconds over which the posts are due")
    parser.add_argument("--away", type=float, default=30, help="seconds that the database is away")
    parser.add_argument("--limit", type=float, default=2400, help="seconds until the run is given up")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    result = run(read_options())
    print("\n".join(result.lines()))
    sys.exit(0 if result.holds else 1)
