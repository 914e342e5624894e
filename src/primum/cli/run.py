"""`primum serve`, `web`, `worker`, `setup`: starting and stopping processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Annotated

import typer

from primum import __version__
from primum.foundation.embedded_postgres import APP, OWNER, EmbeddedPostgres
from primum.foundation.home import Home, default_home, replace_text
from primum.foundation.logs import configure, log
from primum.foundation.supervision import Child, run_group

LOOPBACK = "127.0.0.1"


class CannotServe(RuntimeError):
    """Primum cannot start; one line that says what to do."""


def _home() -> Home:
    home = Home(Path(os.environ.get("PRIMUM_HOME") or default_home()).resolve())
    os.environ["PRIMUM_HOME"] = str(home.path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primum.config.settings")
    home.create()
    return home


def _require_whole(home: Home) -> None:
    if home.restoring.exists():
        raise CannotServe(
            f"A restore on {home.path} did not finish, so nothing may go out from it. Empty the database and run primum restore again, then remove {home.restoring} if it is still there."
        )


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            raise CannotServe(f"Port {port} is in use. Stop what uses it, or choose another: PORT={port + 1} make run") from None


def _our_own(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "primum", *arguments]


def serve(
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="The port on this machine.")] = 8000,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="Load the demonstration organisation into an empty database and print sign-in links.")] = False,
) -> int:
    """Everything on one machine: the database (unless DATABASE_URL names yours), web and worker, as one group."""
    configure()
    home = _home()
    _require_whole(home)
    _require_free_port(port)
    os.environ.setdefault("PRIMUM_PUBLIC_URL", f"http://localhost:{port}")
    os.environ["PRIMUM_DEMO"] = "1" if demo else "0"
    until = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: until.set())
    database = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(home.database)
    preparing = Preparing(home, demo, is_embedded=database is not None)
    try:
        if database:
            database.start()
            os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = database.url(APP), database.url(OWNER)
        preparing.start(until)
        _run(port, preparing, database, until)
    finally:
        if database:
            database.stop()
    return preparing.exit_code


class Preparing:
    """Migrations run as the owner, in a process of their own: the serving processes never hold that role.

    An embedded database that this very version has prepared before is prepared again beside the serving processes, not before
    them: a second start is quicker. `links` is what the child printed, the demonstration's sign-in links; they are kept nowhere."""

    def __init__(self, home: Home, demo: bool, *, is_embedded: bool) -> None:
        self.command = _our_own("prepare", *(["--demo"] if demo else []))
        self.stamp = home.path / "prepared"
        self.was_prepared = is_embedded and (home.database / "PG_VERSION").exists() and self.stamp.exists() and self.stamp.read_text() == _fingerprint()
        self.links, self.exit_code, self.done = "", 0, threading.Event()

    def start(self, until: threading.Event) -> None:
        """Raises CannotServe when it fails before anything serves; later it ends the group."""
        if self.was_prepared:
            threading.Thread(target=self._beside, args=(until,), daemon=True).start()
        else:
            self._prepare()

    def _beside(self, until: threading.Event) -> None:
        try:
            self._prepare()
        except CannotServe as error:
            print(error, file=sys.stderr)
            self.exit_code = 3
            until.set()

    def _prepare(self) -> None:
        done = subprocess.run(self.command, env={**os.environ, "PRIMUM_DATABASE_ROLE": "owner"}, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise CannotServe("The database could not be prepared; the line above says why.")
        self.links = done.stdout
        replace_text(self.stamp, _fingerprint())
        self.done.set()


def _fingerprint() -> str:
    """This version and its migrations: what a prepared database was prepared for."""
    root = Path(__file__).resolve().parent.parent
    return f"{__version__} " + " ".join(sorted(f"{path.parent.parent.name}.{path.stem}" for path in root.glob("*/migrations/0*.py")))


def _run(port: int, preparing: Preparing, database: EmbeddedPostgres | None, until: threading.Event) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_OWNER_URL", "PRIMUM_DATABASE_ROLE")}
    children = [Child("web", _web_command(LOOPBACK, port, 2), environment), Child("worker", [sys.executable, "-m", "primum.jobs"], environment)]
    threading.Thread(target=_announce, args=(port, preparing, until), daemon=True).start()

    def tick() -> None:
        if database and not database.is_running():
            log().error("database exited", process="postgres")
            database.restart()

    run_group(children, on_tick=tick, until=until)


def _announce(port: int, preparing: Preparing, until: threading.Event) -> None:
    """Say where it is, once it answers."""
    end = time.monotonic() + 60
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not until.is_set() and time.monotonic() < end:
        try:
            with opener.open(f"http://{LOOPBACK}:{port}/livez", timeout=2) as answer:
                if answer.status == 200:
                    break
        except OSError:
            time.sleep(0.1)
    if not preparing.done.wait(max(0.0, end - time.monotonic())) or until.is_set():
        return
    print(f"\n  Primum is ready:  http://localhost:{port}\n", flush=True)
    if preparing.links:
        print(preparing.links, flush=True)
    print("  Ctrl-C stops everything.\n", flush=True)


def _web_command(bind: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "primum.config.wsgi:application",
        "--bind",
        f"{bind}:{port}",
        "--workers",
        str(workers),
        "--threads",
        "8",
        "--worker-class",
        "gthread",
        "--graceful-timeout",
        "8",
        "--log-level",
        "warning",
        "--no-control-socket",
        "--preload",
    ]


def web(
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 8000,
    bind: Annotated[str, typer.Option(help="The address to listen on.")] = LOOPBACK,
    workers: Annotated[int, typer.Option(min=1, max=64)] = 2,
) -> int:
    """The web process alone: as many as you like, on as many machines, against one database."""
    _require_whole(_home())
    if os.environ.get("PRIMUM_DEMO") == "1" and bind not in (LOOPBACK, "localhost", "::1"):
        raise CannotServe("The demonstration signs people in by link, so it only runs on this machine. Leave out --bind, or serve without --demo.")
    os.execv(sys.executable, _web_command(bind, port, workers))


def worker(concurrency: Annotated[int, typer.Option(min=1, max=32, help="Jobs at the same time.")] = 4) -> int:
    """A worker alone: as many as you like, on as many machines, against one database."""
    _require_whole(_home())
    os.environ["PRIMUM_WORKER_CONCURRENCY"] = str(concurrency)
    os.execv(sys.executable, [sys.executable, "-m", "primum.jobs"])


def prepare(demo: Annotated[bool, typer.Option("--demo")] = False) -> int:
    """Bring the database up to this version (as the owner). `serve` does this by itself."""
    _home()
    configure("WARNING")
    import django

    django.setup()
    from primum.installation.demo import load_if_empty
    from primum.installation.preparing import prepare_database

    prepare_database()
    if demo:
        print(load_if_empty() or "", end="")
    return 0


def setup(
    organisation: Annotated[str, typer.Option(prompt="Name of your organisation")],
    name: Annotated[str, typer.Option(prompt="Your name (first administrator)")],
    email: Annotated[str, typer.Option(prompt="Your work e-mail")],
    facility: Annotated[str, typer.Option(prompt="Name of the first facility")],
    town: Annotated[str, typer.Option(prompt="Its town", show_default=False)] = "",
    time_zone: Annotated[str, typer.Option(prompt="Time zone")] = "America/New_York",
) -> int:
    """Make the first administrator of an empty installation. The password is asked for, or read from PRIMUM_SETUP_PASSWORD."""
    home = _home()
    configure("WARNING")
    password = os.environ.get("PRIMUM_SETUP_PASSWORD") or typer.prompt("A password of 12 characters or more", hide_input=True, confirmation_prompt=True)
    database = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(home.database)
    try:
        if database:
            database.start()
            os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = database.url(APP), database.url(OWNER)
        Preparing(home, False, is_embedded=False).start(threading.Event())
        import django

        django.setup()
        from primum.installation.first_administrator import make_first_administrator

        make_first_administrator(organisation=organisation, name=name, email=email, password=password, facility=facility, town=town, time_zone=time_zone)
    finally:
        if database:
            database.stop()
    print("Done. Start with: primum serve   Then sign in and set up your second factor.")
    return 0
