"""`primum keys …`: change the keys that seal texts, images, tokens and second factors, while Primum runs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from primum.cli.database import database

app = typer.Typer(no_args_is_help=True)


@app.command("add")
def add() -> int:
    """Make new keys that open, but do not seal yet. With several machines: copy PRIMUM_HOME/keys to all of them now, then rotate."""
    with database():
        from django.conf import settings

        from primum.installation.keys import add_keys

        add_keys(settings.PRIMUM.home)
        print(f"New keys are in {settings.PRIMUM.home.keys}. Copy that folder to every machine, then run: primum keys rotate")
    return 0


@app.command("rotate")
def rotate() -> int:
    """Seal with the newest keys from now on, and seal anew what older ones sealed. May be stopped and run again."""
    with database():
        from django.conf import settings
        from django.utils import timezone
        from rich.console import Console
        from rich.progress import Progress

        from primum.evidence import actions
        from primum.foundation.actor import system
        from primum.installation import keys

        if not keys.left_to_reseal():  # else an earlier run was stopped half-way: it goes on with its key
            keys.add_keys(settings.PRIMUM.home)
            keys.use_newest(settings.PRIMUM.home)
        with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
            task = bar.add_task("Sealing anew", total=None)
            count = keys.reseal(lambda done: bar.update(task, completed=done))
        actions.record_keys_rotated(actor=system("command_line"), resealed=count, now=timezone.now())
    print(f"{count} values are sealed with the new key. With several machines: copy PRIMUM_HOME/keys to all of them again, or they go on sealing with the old one.")
    print("Make a backup now. Old keys still open what is on its way; in an hour or later run: primum keys forget")
    return 0


@app.command("forget")
def forget(
    yes: Annotated[bool, typer.Option("--yes", help="Every machine has the same keys as this one; do not ask.")] = False,
) -> int:
    """Destroy old keys that nothing needs any more. Older backups bring their own."""
    if not yes and not typer.confirm("Has every machine that runs Primum got the same PRIMUM_HOME/keys as this one? One with older keys would go on sealing with what is destroyed now."):
        print("Nothing was destroyed. Copy PRIMUM_HOME/keys to every machine first.")
        return 1
    with database():
        from django.conf import settings
        from django.utils import timezone

        from primum.installation import keys

        gone = keys.forget_old_keys(settings.PRIMUM.home, now=timezone.now())
    print(f"{gone} old keys destroyed." if gone else "There is no old key.")
    return 0
