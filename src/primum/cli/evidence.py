"""`primum evidence …`: verify the record, export proofs, hand out the offline verifier."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from primum.cli.database import database

app = typer.Typer(no_args_is_help=True)


@app.command("verify")
def verify() -> int:
    """Check every entry, the tree, the signatures and the head kept outside the database. Exit 0 when all hold, 1 when not."""
    with database():
        from rich.console import Console
        from rich.progress import Progress

        from primum.evidence import verify as checking

        with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
            task = bar.add_task("Verifying", total=None)
            result = checking.verify(lambda done, of: bar.update(task, completed=done, total=of))
        for fault in result.faults:
            print(f"BROKEN  {fault}")
        print(f"{result.size} entries, root {result.root.hex()}, {result.shredded} payloads destroyed, {len(result.faults)} faults.")
        return 1 if result.faults else 0


@app.command("prove")
def prove(
    about: Annotated[str, typer.Argument(metavar="ID", help="An entry's number, or the id of a post, delivery or person.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write the pack; standard output otherwise.")] = None,
) -> int:
    """Export a pack that the offline verifier checks on a machine without Primum."""
    with database():
        from primum.evidence import queries
        from primum.evidence.models import Entry
        from primum.foundation.actor import system

        try:
            packs = queries.prove(viewer=system("command_line"), about=about)
        except Entry.DoesNotExist:
            raise typer.BadParameter(f"Nothing is recorded about {about}.") from None
        text = json.dumps(packs, indent=1)
        if output:
            output.write_text(text, encoding="utf-8")
            print(f"{len(packs)} entries in {output}. Check it anywhere: python verify_evidence.py {output}")
        else:
            print(text)
    return 0


@app.command("shred")
def shred(
    entry: Annotated[int, typer.Argument(metavar="NUMBER", min=0, help="The entry's number, as `prove` and the Evidence page show it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Destroy the details behind one entry, for ever. The entry itself and its proof stay valid; the destruction is recorded too."""
    with database():
        from django.utils import timezone

        from primum.evidence import actions
        from primum.evidence.models import Payload
        from primum.foundation.actor import system

        if not Payload.objects.filter(entry_id=entry).exists():
            raise typer.BadParameter(f"Entry {entry} has no details (any more).")
        if not yes and not typer.confirm(f"Destroy the details of entry {entry}? Nobody can bring them back."):
            return 0
        actions.shred_payload(actor=system("command_line"), entry=entry, now=timezone.now())
        print(f"The details of entry {entry} are destroyed; its proof still holds.")
    return 0


@app.command("verifier")
def verifier(output: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("verify_evidence.py")) -> int:
    """Write the one-file verifier: standard library and `cryptography` only."""
    from importlib import resources

    output.write_text(resources.files("primum.evidence").joinpath("offline_verifier.py").read_text(encoding="utf-8"), encoding="utf-8")
    print(f"Wrote {output}.")
    return 0
