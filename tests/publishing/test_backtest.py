"""Other rules tried on the posts that are stored: figures and ids come out, never a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from world import MOSAIC, SAFE

from primum.__main__ import main
from primum.evidence.models import Entry
from primum.screening.models import Screening

pytestmark = pytest.mark.django_db
BRAG = "Best hospital on the coast, hands down."
RULES = (
    'version = "try"\nsigned_by_privacy_officer = "Adaeze Obi"\n'
    '[[rule]]\nid = "MKT.FTC"\ntitle = "t"\nverdict = "block"\nstop = "never"\nbasis = "policy"\ncite = "c"\nwhy = "w"\n'
    '[[rule]]\nid = "CTX.MOSAIC"\ntitle = "t"\nverdict = "block"\nstop = "never"\nbasis = "policy"\ncite = "c"\nwhy = "w"\nstate = "shadow"\n'
)


def test_other_rules_are_tried_on_stored_posts(world: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    from primum.cli import backtest as command

    monkeypatch.setattr(command, "database", nullcontext)  # the test's own database is open already
    safe, brag, told = world.draft(SAFE), world.draft(BRAG), world.draft(MOSAIC)
    rules = tmp_path / "own.toml"
    rules.write_text(RULES, encoding="utf-8")
    stored = Screening.objects.count(), Entry.objects.count()
    assert main(["backtest", "--rulebook", str(rules), "--json"]) == 0
    out = capsys.readouterr().out
    result = json.loads(out)
    moved = {(row["before"], row["after"]): row["posts"] for row in result["changed"]}
    assert result["posts"] == 3 and moved[("review", "block")] == [str(brag)]
    assert str(told) in moved[("block", "review")]  # with the mosaic in shadow, the hint still asks for a look
    assert str(safe) not in out
    mosaic = next(row for row in result["rules"] if row["rule"] == "CTX.MOSAIC")
    assert mosaic["today"] >= 1 and mosaic["tried"] == 0 and mosaic["shadow"] == mosaic["today"]
    assert "hands down" not in out and (Screening.objects.count(), Entry.objects.count()) == stored
    assert main(["backtest", "--rulebook", str(rules)]) == 0 and "review -> block: 1" in capsys.readouterr().out
    assert main(["backtest", "--rulebook", str(tmp_path / "none.toml")]) == 3 and "Check the path" in capsys.readouterr().err
