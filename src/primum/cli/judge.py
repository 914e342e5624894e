"""`primum check` and `primum scan`: the engine on the command line. No Django here."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from primum_detect import BadContent, Content, Engine, OverBudget, Report
from primum_detect import profile as profiles
from primum_detect import rulebook as rulebooks
from primum_detect.report import held

EXIT = {"allow": 0, "review": 1, "block": 2}
HEADLINE = {"allow": "Nothing here points at a patient.", "review": "Somebody should look at this before it goes out.", "block": "This would be stopped."}


def _engine(profile: Path | None, rulebook: Path | None) -> Engine:
    return Engine(rulebooks.load(rulebook) if rulebook else None, profiles.load(profile) if profile else None)


def check(
    text: Annotated[str, typer.Argument(help="The text to judge; - reads it from standard input.")],
    surface: Annotated[str, typer.Option(help="Where it will stand: post, reply, image_caption, alt_text, bio, ad; inbound: comment, review, dm, mention.")] = "post",
    role: Annotated[str, typer.Option(help="Who speaks: org, workforce, patient_or_family, press, public, unknown.")] = "",
    bio: Annotated[str, typer.Option(help="The account's bio.")] = "",
    answers: Annotated[list[str] | None, typer.Option(help="What somebody wrote, and the text answers; once for each, earliest first.")] = None,
    profile: Annotated[Path | None, typer.Option(help="A TOML file with the organisation's own names, places and phones.")] = None,
    rulebook: Annotated[Path | None, typer.Option(help="A TOML file with rules of your own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> int:
    """Judge one text. Exit status: 0 allow, 1 review, 2 block, 3 anything else."""
    if text == "-":
        text = sys.stdin.read().removesuffix("\n")
    if not text.strip():
        raise typer.BadParameter("The text is empty. Write something between the quotes.")
    try:
        content = Content(text, surface=surface, author_role=role, bio=bio, thread=tuple(answers or ()))
    except BadContent as error:
        raise typer.BadParameter(str(error)) from None
    report = _engine(profile, rulebook).screen(content)
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        _show(text, report)
    return EXIT[report.verdict]


def _show(text: str, report: Report) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    colour = {"allow": "green", "review": "yellow", "block": "red"}[report.verdict]
    console.print(Text(f"{report.verdict.upper()}  {report.error or HEADLINE[report.verdict]}", style=f"bold {colour}"))
    if report.findings:
        marked = Text(text)
        for finding in report.findings:
            marked.stylize(f"underline {colour}", finding.start, finding.end)
        console.print(marked)
    for finding in report.findings:
        console.print(Text(f"- {finding.why}"), Text(f"  {finding.rule} · {finding.basis}", style="dim"), sep="\n")
    if report.suggestion:
        console.print(Text("Try instead:", style="bold"), Text(report.suggestion), sep=" ")


def scan(
    path: Annotated[str, typer.Argument(help="A file, or - for standard input.")],
    kind: Annotated[str, typer.Option("--format", help="jsonl, csv or txt (one text a line).")] = "jsonl",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per input line.")] = False,
    identifiers: Annotated[bool, typer.Option(help="Report every identifier, whoever's it is.")] = False,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Use this many cores.")] = 1,
    surface: Annotated[str, typer.Option(help="The surface of lines that name none.")] = "post",
    profile: Annotated[Path | None, typer.Option(help="A TOML file with the organisation's own names, places and phones.")] = None,
    rulebook: Annotated[Path | None, typer.Option(help="A TOML file with rules of your own.")] = None,
) -> int:
    """Judge a file of texts, one answer per line, in order. A broken line is answered with its error and `review`, never a stop."""
    if kind not in ("jsonl", "csv", "txt"):
        raise typer.BadParameter("--format must be jsonl, csv or txt.")
    engine = _engine(profile, rulebook)
    with _open(path) as source:
        lines = _count(path)
        for report in _answers(engine, _rows(source, kind, surface), identifiers, processes, lines):
            _write(report, as_json)
    sys.stdout.flush()
    return 0


def _open(path: str) -> TextIO:
    if path == "-":
        return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape", newline="\n")
    try:
        return open(path, encoding="utf-8", errors="surrogateescape", newline="\n")
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read ({error.strerror}).") from None


def _count(path: str) -> int | None:
    """Lines of a file, for the progress bar; None for a stream."""
    if path == "-" or not sys.stderr.isatty():
        return None
    with open(path, "rb") as file:
        return sum(1 for _ in file)


def _rows(source: TextIO, kind: str, surface: str) -> Iterator[Content | Report]:
    """Each input line as content, or as the held report that says what is wrong with it."""
    if kind == "csv":
        rows: Iterator[Any] = csv.DictReader(source)
        for number, row in enumerate(rows, 2):
            yield _content({key: value for key, value in row.items() if value not in (None, "")}, surface, number)
        return
    for number, line in enumerate(source, 1):
        text = line.rstrip("\n").rstrip("\r")
        if kind == "txt":
            yield _content({"text": text}, surface, number)
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            yield held(f"Line {number} is not valid JSON.")
            continue
        if not isinstance(row, dict):
            yield held(f"Line {number} is not a JSON object with a 'text'.")
            continue
        yield _content(row, surface, number)


def _content(row: dict[str, Any], surface: str, number: int) -> Content | Report:
    given = row.get("id")
    name = given if isinstance(given, (str, int)) else None
    try:
        text = row.get("text")
        if isinstance(text, str) and any(0xDC80 <= ord(char) <= 0xDCFF for char in text):
            return held(f"Line {number} is not valid UTF-8.", id=name)
        return Content.from_mapping({**row, "id": name, "surface": row.get("surface") or surface})
    except BadContent as error:
        return held(f"Line {number}: {error}", id=name)


def _answers(engine: Engine, rows: Iterator[Content | Report], identifiers: bool, processes: int, lines: int | None) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    broken: dict[int, Report] = {}

    def good() -> Iterator[Content]:
        for number, row in enumerate(rows):
            if isinstance(row, Report):
                broken[number] = row
                yield Content("")  # keeps the place; its answer is replaced
            else:
                yield row

    reports = (_identified(engine, content) for content in good()) if identifiers else engine.screen_many(good(), processes=processes)
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("Reading", total=lines)
        for number, report in enumerate(reports):
            bar.advance(task)
            yield broken.pop(number, report)


def _identified(engine: Engine, content: Content) -> Report:
    try:
        findings = tuple(engine.identify(content.text))
    except OverBudget as error:
        return held(str(error), id=content.id)
    return Report("review" if findings else "allow", findings, id=content.id)


def _write(report: Report, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False).encode("utf-8", "replace").decode())
    else:
        print(f"{report.verdict}\t{report.id if report.id is not None else ''}\t{' '.join(report.rules)}{report.error or ''}")
