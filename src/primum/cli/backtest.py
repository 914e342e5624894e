"""`primum backtest`: what would other rules have done to the posts that are stored?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from primum.cli.database import database


def backtest(
    rulebook: Annotated[Path, typer.Option("--rulebook", metavar="FILE", help="The rules to try (docs/guides/rules.md).")],
    as_json: Annotated[bool, typer.Option("--json", help="One object, for machines.")] = False,
) -> int:
    """Judge every stored post again, by today's rules and by those of a file, and show what would change. Stores nothing, and shows no text."""
    from primum_detect import rulebook as rulebooks

    tried = rulebooks.load(rulebook)
    with database():
        from rich.console import Console
        from rich.progress import track
        from rich.table import Table

        from primum.publishing import queries as publishing
        from primum.screening import queries as screening

        texts = publishing.stored_texts()
        shown = track(texts, "Judging", console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)
        result = screening.backtest(shown, tried)
    if as_json:
        print(json.dumps(result.as_dict()))
        return 0
    table = Table("rule", "today", "tried", "shadow", title=f"{result.posts} posts, rulebook {tried.version}")
    for rule, today, then, apart in result.rules:
        table.add_row(rule, str(today), str(then), str(apart))
    Console().print(table)
    for (before, after), posts in sorted(result.changed.items()):
        print(f"{before} -> {after}: {len(posts)}  {' '.join(map(str, posts[:10]))}{' ...' if len(posts) > 10 else ''}")
    if not result.changed:
        print("No post would be judged otherwise.")
    return 0
