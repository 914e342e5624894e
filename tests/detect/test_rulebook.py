"""An organisation's own rules: what they inherit, what is only tried out, and what must be signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from primum_detect import Content, Engine
from primum_detect import rulebook as rulebooks

RULE = 'version = "1"\n{more}\n[[rule]]\nid = "CTX.SMALL_CELL"\ntitle = "t"\nverdict = "{verdict}"\nstop = "privacy_officer"\nbasis = "policy"\ncite = "c"\nwhy = "w"\n'
SMALL = "Three patients with measles were treated in Marlow Bay."


def write(folder: Path, name: str, verdict: str, more: str = "", rule: str = "") -> Path:
    path = folder / name
    path.write_text(RULE.format(verdict=verdict, more=more) + rule, encoding="utf-8")
    return path


def test_a_department_inherits_from_its_hospital_and_may_only_be_stricter(tmp_path: Path) -> None:
    write(tmp_path, "hospital.toml", "block")
    strict = write(tmp_path, "detox.toml", "block", 'inherits = "hospital.toml"')
    assert rulebooks.load(strict).get("CTX.SMALL_CELL").verdict == "block"
    milder = write(tmp_path, "cafe.toml", "review", 'inherits = "hospital.toml"')  # the default, but milder than its hospital
    with pytest.raises(rulebooks.RulebookError, match="milder than the one below it"):
        rulebooks.load(milder)
    signed = write(tmp_path, "signed.toml", "review", 'inherits = "hospital.toml"\nsigned_by_privacy_officer = "Adaeze Obi"')
    assert rulebooks.load(signed).get("CTX.SMALL_CELL").verdict == "review"
    with pytest.raises(rulebooks.RulebookError, match="inherits from itself"):
        rulebooks.load(write(tmp_path, "round.toml", "block", 'inherits = "round.toml"'))


def test_a_rule_in_shadow_reports_apart_and_stops_nothing(tmp_path: Path) -> None:
    assert "CTX.SMALL_CELL" in Engine().screen(SMALL).rules
    unsigned = write(tmp_path, "shadow.toml", "block", rule='state = "shadow"\n')
    with pytest.raises(rulebooks.RulebookError, match="milder"):
        rulebooks.load(unsigned)
    path = write(tmp_path, "shadow.toml", "block", 'signed_by_privacy_officer = "Adaeze Obi"', 'state = "shadow"\n')
    report = Engine(rulebook=rulebooks.load(path)).screen(Content(SMALL))
    assert "CTX.SMALL_CELL" not in report.rules and [finding.rule for finding in report.shadow] == ["CTX.SMALL_CELL"]
    with pytest.raises(rulebooks.RulebookError, match="state must be one of"):
        rulebooks.load(write(tmp_path, "wrong.toml", "block", rule='state = "asleep"\n'))
