"""One command line. `check` and `scan` need no database and import no Django, so that they start in well under a second."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from primum.cli import demo, evidence, judge, keys, run
from primum.cli.backtest import backtest
from primum.cli.backup import backup, restore
from primum.cli.doctor import doctor

app = typer.Typer(name="primum", help="First, post no harm: keeps patients off a health system's social media.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("check")(judge.check)
app.command("scan")(judge.scan)
app.command("serve")(run.serve)
app.command("web")(run.web)
app.command("worker")(run.worker)
app.command("setup")(run.setup)
app.command("prepare")(run.prepare)
app.command("backtest")(backtest)
app.command("doctor")(doctor)
app.command("backup")(backup)
app.command("restore")(restore)
app.add_typer(evidence.app, name="evidence", help="Verify the record, and export proofs that a stranger can check.")
app.add_typer(keys.app, name="keys", help="Change the keys that seal texts, images, tokens and second factors, while Primum runs.")
app.add_typer(demo.app, name="demo", help="The demonstration organisation.")

USAGE = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes of `check`: 0 allow, 1 review, 2 block. Everything that went wrong, usage included, is 3."""
    try:
        code = app(args=list(arguments) if arguments is not None else None, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except typer.TyperException as error:  # usage errors: an unknown option, a bad value, no command
        print(error.format_message() or "Give a command. See: primum --help", file=sys.stderr)
        return USAGE
    except typer.Exit as leave:
        return leave.exit_code
    except (typer.Abort, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return USAGE
    except Exception as error:  # noqa: BLE001 - the command line's edge
        print(explain(error), file=sys.stderr)
        return USAGE


def explain(error: Exception) -> str:
    """One line a person can act on. Our own errors say what to do; of others only the kind is told: messages may quote."""
    if type(error).__module__.startswith(("primum.", "primum_detect.")):
        return str(error)
    return f"Primum stopped because of an unexpected {type(error).__name__}. Run again with PRIMUM_DEBUG=1 to see where." if not _debug() else _trace(error)


def _debug() -> bool:
    import os

    return os.environ.get("PRIMUM_DEBUG") == "1"


def _trace(error: Exception) -> str:
    import traceback

    return "".join(traceback.format_exception(error))
