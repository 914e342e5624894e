"""`primum check` and `primum scan`, as a shell sees them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from warm import WarmCommand

BARE = {"PATH": "/usr/bin:/bin"}


@pytest.fixture(scope="module")
def primum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmCommand]:
    command = WarmCommand(tmp_path_factory.mktemp("commands"), {**BARE, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")})
    yield command
    command.close()


@pytest.mark.parametrize(("text", "code"), [("So sorry about your wait in our ER last Tuesday, Maria.", 2), ("Flu shots, walk in Mon-Fri 8 to 4.", 0)])
def test_from_nothing_in_a_bare_shell(text: str, code: int) -> None:
    done = subprocess.run([sys.executable, "-m", "primum", "check", text, "--surface", "reply"], capture_output=True, env=BARE, check=False)
    assert done.returncode == code and done.stdout and not done.stderr


def test_the_answer_that_would_have_cost_them(primum: WarmCommand) -> None:
    done = primum("check", "So sorry about your wait in our ER last Tuesday, Maria.", "--surface", "reply")
    assert done.returncode == 2 and b"tells everyone that this person came to us" in done.stdout
    answer = json.loads(primum("check", "So sorry about your wait in our ER last Tuesday, Maria.", "--surface", "reply", "--json").stdout)
    assert primum("check", answer["suggestion"], "--surface", "reply").returncode == 0


def test_the_harmless_one(primum: WarmCommand) -> None:
    assert primum("check", "Flu shots, walk in Mon-Fri 8 to 4.").returncode == 0
    assert primum("check", "-", stdin="Flu shots, walk in Mon-Fri 8 to 4.\n").returncode == 0


@pytest.mark.parametrize(
    "arguments", [["check"], ["check", "x", "--surface", "wall"], ["check", "x", "--no-such"], ["check", "  "], ["nonsense"], [], ["scan", "/no/such/file"], ["check", "x", "--rulebook", "/no/such"]]
)
def test_every_mistake_of_use_is_three_and_says_why(primum: WarmCommand, arguments: list[str]) -> None:
    done = primum(*arguments)
    assert done.returncode == 3
    assert done.stderr.strip() or done.stdout.strip()
    assert b"Traceback" not in done.stderr


def test_ten_thousand_lines_with_broken_ones_give_ten_thousand_answers(primum: WarmCommand, tmp_path: Path) -> None:
    broken = [
        b"{not json",
        b"[1, 2]",
        b'{"text": 5}',
        b'{"id": "a"}',
        b'\xff\xfe{"text": "x"}',
        b'{"text": "x", "surface": "wall"}',
        b'{"text": "\\ud800"}',
        b"",
        b'"just a string"',
        b'{"text": "' + b"x" * 6000 + b'"}',
    ]
    lines = [broken[n // 100 % len(broken)] if n % 100 == 0 else json.dumps({"id": n, "text": f"Flu shots today, line {n}."}).encode() for n in range(10_000)]
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    done = primum("scan", str(path), "--json", "--processes", "2")
    assert done.returncode == 0, done.stderr[-300:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 10_000
    assert [answer["id"] for answer in answers if answer["id"] is not None][:3] == [1, 2, 3]
    errors = [n for n, answer in enumerate(answers) if answer["error"]]
    assert errors and all(n % 100 == 0 and answers[n]["verdict"] == "review" for n in errors)
    assert set(answers[1]) == {"id", "verdict", "rules", "intents", "priority", "suggestion", "findings", "error"}


def test_other_formats(primum: WarmCommand) -> None:
    assert primum("scan", "-", "--format", "txt", stdin="Hello.\nMRN 0048213\n").stdout.splitlines()[1].startswith(b"block")
    table = "id,text\n7,MRN 0048213\n"
    assert json.loads(primum("scan", "-", "--format", "csv", "--json", stdin=table).stdout)["id"] == "7"
    found = json.loads(primum("scan", "-", "--json", "--identifiers", stdin='{"text": "Call Dr. Elena Marchetti at 305-555-0142."}').stdout)
    assert {finding["label"] for finding in found["findings"]} >= {"PHONE", "NAME"}


def test_what_a_text_answers_counts(primum: WarmCommand) -> None:
    answer = "Kidney stones are among the worst pains there are."
    assert primum("check", answer, "--surface", "reply", "--answers", "I had kidney stones and nobody came").returncode == 1
    assert primum("check", answer, "--surface", "reply").returncode == 0
