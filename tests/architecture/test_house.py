"""What imports cannot show about the house."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from django.apps import apps

import primum
from primum.connectors.registry import CAPABILITIES
from primum.evidence.events import Event
from primum.evidence.recording import ACTIONS
from primum.foundation.phi import Phi
from primum.jobs.names import NAMES
from primum.web.sentences import ACTIONS as SENTENCES
from primum_detect.identify.registry import IDENTIFIERS
from primum_detect.rulebook import default_rulebook

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
REFERENCE = ROOT / "docs" / "reference"
ROOMS = ("publishing", "screening", "inventory", "people", "evidence", "installation")
for module in pkgutil.walk_packages(primum.__path__, "primum."):
    if module.name.endswith((".actions", ".sending", ".events")):
        importlib.import_module(module.name)


def test_every_public_action_takes_an_actor_by_keyword_and_says_what_it_records() -> None:
    assert len(ACTIONS) > 30
    for name, function in ((name, function) for name, function in ACTIONS.items() if name.startswith("primum.")):
        parameters = inspect.signature(function).parameters
        assert "actor" in parameters and all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters.values()), name
        result = inspect.signature(function).return_annotation
        assert result == "Event" or "events." in str(result) or str(result) in {cls.__name__ for cls in all_events()}, name
        assert name.rpartition(".")[2] in SENTENCES, f"{name} has no plain words in web/sentences.py"


def all_events(base: type[Event] = Event) -> set[type[Event]]:
    return {base}.union(*(all_events(cls) for cls in base.__subclasses__()))


def test_events_hold_ids_numbers_and_states_only() -> None:
    allowed = {"UUID", "UUID | None", "int", "int | None", "str", "datetime", "datetime | None"}
    free_text = {"text", "reason", "note", "name", "title", "email", "heard"}
    for event in all_events():
        for name, kind in inspect.get_annotations(event).items():
            if name != "OBJECT":
                assert str(kind) in allowed and name not in free_text, (event, name)


def test_every_model_declares_its_personal_data() -> None:
    for model in apps.get_models():
        if model.__module__.startswith("primum."):
            assert isinstance(model.phi, Phi), model  # type: ignore[attr-defined]


def test_foreign_keys_point_down() -> None:
    order = ["evidence", "people", "inventory", "screening", "publishing"]
    for model in apps.get_models():
        if not model.__module__.startswith("primum."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.concrete and target and target.__module__.startswith("primum."):
                assert order.index(target._meta.app_label) <= order.index(model._meta.app_label), (model, field)


def test_every_job_name_has_a_handler_and_the_other_way_round() -> None:
    from procrastinate.contrib.django import app

    from primum.jobs import handlers  # noqa: F401

    ours = {name for name in app.tasks if name.partition(".")[0] in ("publishing", "inventory", "evidence", "jobs")}
    assert ours == set(NAMES)


def test_an_unknown_job_is_refused(db: None) -> None:
    from primum.foundation.jobs import UnknownJob, defer

    with pytest.raises(UnknownJob):
        defer("publishing.publish_delivry")


def test_rooms_have_their_page() -> None:
    for room in ROOMS:
        page = (SOURCE / "primum" / room / "README.md").read_text()
        assert len(page.splitlines()) <= 60 and "## Invariants" in page


def settings_in_code() -> set[str]:
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        found |= set(re.findall(r'(?:environment\.(?:text|flag|number)\(|os\.environ(?:\.get)?[\[(]|envvar=)\s*"([A-Z_]+)"', path.read_text()))
    return found - {"PATH", "XDG_DATA_HOME", "PRIMUM_DATABASE_ROLE", "PRIMUM_WORKER_CONCURRENCY", "DJANGO_SETTINGS_MODULE"}


def commands_of(group: typer.Typer, before: str = "") -> list[str]:
    """Every command, those of groups too: `evidence verify`."""
    found = [f"{before}{command.name}" for command in group.registered_commands]
    for below in group.registered_groups:
        found += commands_of(below.typer_instance, f"{before}{below.name} ")
    return found


def undocumented(page: str) -> dict[str, list[str]]:
    """What the reference must name and does not."""
    from primum.cli.main import app

    wanted = {
        "settings.md": sorted(settings_in_code()),
        "commands.md": commands_of(app),
        "connectors.md": [capabilities.name for capabilities in CAPABILITIES.values()],
        "rules.md": sorted(default_rulebook().rules),
    }
    return {name: [item for item in items if f"`{item}`" not in page] for name, items in wanted.items()}


@pytest.mark.parametrize("name", ["settings.md", "commands.md", "connectors.md", "rules.md"])
def test_every_setting_command_connector_and_rule_has_its_paragraph(name: str) -> None:
    assert undocumented((REFERENCE / name).read_text())[name] == []
    assert undocumented("")[name], "the test would not notice an undocumented one"


def test_every_identifier_carries_its_tables_and_source() -> None:
    for identifier in IDENTIFIERS:
        assert identifier.EXAMPLES and identifier.NOT_THESE
        assert "Format" in (identifier.__doc__ or "") and "Source" in (identifier.__doc__ or "")


def test_no_file_names_where_packages_come_from() -> None:
    for name in ("requirements/run.txt", "requirements/dev.txt", "package-lock.json", ".npmrc", "pyproject.toml"):
        text = re.sub(r'"url": "[^"]*"', "", (ROOT / name).read_text())  # a package's own funding page
        assert not re.search(r"https?://|--index-url|file://|\"resolved\"", text), name


def test_files_and_functions_keep_their_budgets() -> None:
    import ast

    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        text = path.read_text()
        assert text.count("\n") <= 420, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                assert node.end_lineno - node.lineno < 60, f"{path}:{node.lineno}"


BREACHES = {
    "rooms look down": ("primum/people/rules.py", "import primum.publishing.rules\n"),
    "primum_detect is pure": ("primum_detect/report.py", "import django\n"),
    "only screening and the command line use the engine": ("primum/publishing/rules.py", "import primum_detect.report\n"),
    "connectors know no Django": ("primum/connectors/contract.py", "import django\n"),
    "rules know no Django": ("primum/publishing/rules.py", "import django\n"),
    "only remote reaches connectors": ("primum/publishing/actions.py", "import primum.connectors.practice.connector\n"),
    "connectors are independent": ("primum/connectors/practice/connector.py", "import primum.connectors.bluesky.platform\n"),
    "people's tables are its own": ("primum/inventory/actions.py", "import primum.people.models\n"),
    "inventory's tables are its own": ("primum/publishing/rules.py", "import primum.inventory.models\n"),
    "evidence's tables are its own": ("primum/people/actions.py", "import primum.evidence.models\n"),
    "screening's tables are its own": ("primum/publishing/drafts.py", "import primum.screening.models\n"),
}


def lint(folder: Path) -> str:
    import os

    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_planted_breach_of_each_contract_is_caught(contract: str, tmp_path: Path) -> None:
    import shutil

    (tmp_path / "src").mkdir()
    for package in ("primum", "primum_detect"):
        shutil.copytree(SOURCE / package, tmp_path / "src" / package, ignore=shutil.ignore_patterns("__pycache__", "static", "templates", "*.txt"))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    name, breach = BREACHES[contract]
    path = tmp_path / "src" / name
    path.write_text(path.read_text().replace("from __future__ import annotations\n", f"from __future__ import annotations\n{breach}", 1))
    assert f"{contract} BROKEN" in lint(tmp_path)


def test_every_contract_has_a_breach() -> None:
    assert set(re.findall(r'^name = "([^"]+)"\ntype', (ROOT / "pyproject.toml").read_text(), re.M)) == set(BREACHES)
