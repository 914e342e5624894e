"""`primum demo reset`: the demonstration organisation, from the start."""

from __future__ import annotations

import shutil
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """The demonstration organisation."""


@app.command("links")
def links() -> int:
    """Fresh sign-in links for the demonstration's people; the ones printed before no longer work. Run it beside `make run`."""
    from primum.cli.database import database

    with database():
        from primum.installation.demo import fresh_links

        print(fresh_links(), end="")
    return 0


@app.command("reset")
def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> int:
    """Remove the embedded demonstration database; the next start loads it anew. Refuses a database that holds no demonstration."""
    from primum.cli.run import CannotServe, _home
    from primum.foundation.embedded_postgres import OWNER, EmbeddedPostgres

    home = _home()
    if not (home.database / "PG_VERSION").exists():
        print("There is no embedded database yet. Start with: primum serve --demo")
        return 0
    database = EmbeddedPostgres(home.database)
    database.start()  # refuses while a Primum is running on this home
    try:
        import psycopg

        with psycopg.connect(database.url(OWNER)) as connection:
            exists = connection.execute("SELECT to_regclass('people_organisation')").fetchone()
            row = connection.execute("SELECT bool_and(is_demo) FROM people_organisation").fetchone() if exists and exists[0] else None
        if row is not None and row[0] is False:
            raise CannotServe("This database belongs to a real organisation, so it was not touched.")
        if not yes and not typer.confirm(f"Remove the demonstration in {home.database}?"):
            return 0
    finally:
        database.stop()
    shutil.rmtree(home.database)
    for leftover in (home.evidence_head, home.path / "prepared"):
        leftover.unlink(missing_ok=True)
    print("Removed. Start again with: make run  (or primum serve --demo)")
    return 0
