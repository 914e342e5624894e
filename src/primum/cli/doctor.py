"""`primum doctor`: every check of this installation, with what to do where one fails."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from primum.cli.database import database


def doctor(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> int:
    """Say what is well and what is not. Exit 0 when all is, 1 when something is not."""
    with database():
        from django.conf import settings
        from django.utils import timezone

        from primum.installation import health

        signs = health.look(now=timezone.now())
        notes = [] if settings.EMAIL_HOST else ["Mail is not set up: nobody is told by mail. Set PRIMUM_SMTP_HOST and the settings beside it."]
    if as_json:
        print(json.dumps({"checks": [{"name": sign.name, "is_well": sign.is_well, "problem": sign.problem} for sign in signs], "notes": notes}))
    else:
        for sign in signs:
            print(f"{'well ' if sign.is_well else 'WRONG'}  {sign.title}{'' if sign.is_well else ': ' + sign.problem}")
        for note in notes:
            print(f"note   {note}")
    return 0 if all(sign.is_well for sign in signs) else 1
