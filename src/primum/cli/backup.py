"""`primum backup` and `primum restore`: two sealed files, and a home that comes back from them."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from primum.cli.database import database
from primum.cli.run import Preparing
from primum.foundation.embedded_postgres import APP, OWNER, EmbeddedPostgres, running_url
from primum.foundation.home import Home, default_home
from primum.foundation.sealed_file import SHORTEST


def _passphrase(*, confirm: bool) -> str:
    given = os.environ.get("PRIMUM_BACKUP_PASSPHRASE") or typer.prompt("Passphrase of the backup", hide_input=True, confirmation_prompt=confirm)
    if len(given) < SHORTEST:
        raise typer.BadParameter(f"The passphrase must have {SHORTEST} characters or more.")
    return str(given)


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the database; the keys go to FILE.keys. Keep the two apart.")],
) -> int:
    """Save everything, sealed under a passphrase (asked for, or PRIMUM_BACKUP_PASSPHRASE). Works beside a running Primum."""
    passphrase = _passphrase(confirm=True)
    with database():
        from django.conf import settings
        from django.utils import timezone

        from primum.evidence import actions, queries
        from primum.foundation.actor import system
        from primum.installation.backup import keys_file, make_backup

        home: Home = settings.PRIMUM.home
        viewer, now = system("command_line"), timezone.now()
        owner = os.environ.get("DATABASE_OWNER_URL") or running_url(home.database, OWNER) or os.environ["DATABASE_URL"].replace(f"//{APP}@", f"//{OWNER}@")
        actions.record_backup(actor=viewer, entries=queries.standing(viewer=viewer).size + 1, now=now)
        with _shown("Saving") as progress:
            manifest = make_backup(home, owner, target, passphrase, now=now, entries=queries.standing(viewer=viewer).size, progress=progress)
    print(f"Saved {manifest.entries} entries of the record and everything around them: {target}")
    print(f"The keys are in {keys_file(target)}. Keep it somewhere else: without it nobody can read the backup, and with it and the passphrase anybody can.")
    return 0


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    keys: Annotated[Path | None, typer.Option(help="Its keys; FILE.keys where not given.")] = None,
) -> int:
    """Bring a backup back into an empty PRIMUM_HOME (or an empty database at DATABASE_URL). Publishing stays stopped until a person
    starts it again."""
    from primum.installation.backup import BackupError, fill_database, keys_file, read_backup, read_keys, take_keys

    home = Home(Path(os.environ.get("PRIMUM_HOME") or default_home()).resolve())
    is_embedded = not os.environ.get("DATABASE_URL")
    if is_embedded and (home.database / "PG_VERSION").exists():
        raise BackupError(f"{home.path} holds a database already. Restore into an empty folder: PRIMUM_HOME=/path primum restore …")
    passphrase = _passphrase(confirm=False)
    manifest, pieces = read_backup(source, passphrase)
    take_keys(home, read_keys(keys or keys_file(source), passphrase), manifest)
    os.environ["PRIMUM_HOME"] = str(home.path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primum.config.settings")
    server = EmbeddedPostgres(home.database) if is_embedded else None
    home.restoring.touch()  # until all is stopped and held, nothing may serve this home
    try:
        if server:
            server.start()
            os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = server.url(APP), server.url(OWNER)
        with _shown("Restoring") as progress:
            fill_database(pieces, os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"], progress)
        Preparing(home, False, is_embedded=False).start(threading.Event())
        held = _finish(manifest)
    except BaseException:
        if server:  # a database without its brake is worse than none
            server.stop()
            shutil.rmtree(home.database, ignore_errors=True)
            home.restoring.unlink(missing_ok=True)
        raise
    finally:
        if server:
            server.stop()
    home.restoring.unlink()
    print(f"Restored {manifest.entries} entries as they stood on {manifest.moment:%d %b %Y, %H:%M} UTC.")
    print(f"What was recorded after that is missing. All publishing is stopped, and {held} posts that were on their way are held.")
    print("Posts that were approved then may have gone out since, or lost their approval: look at the channels before you schedule them.")
    print("Start with: primum serve   Then start publishing again under Settings.")
    return 0


def _finish(manifest: object) -> int:
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from primum.foundation.logs import configure
    from primum.installation.backup import Manifest, after_restore

    configure("WARNING")
    assert isinstance(manifest, Manifest)
    held = after_restore(manifest, now=timezone.now())
    connection.close()
    return held


@contextmanager
def _shown(what: str) -> Iterator[Callable[[int], None]]:
    """A line that grows while bytes pass, for somebody who watches."""
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda size: bar.update(task, completed=size)
