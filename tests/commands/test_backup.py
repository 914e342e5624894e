"""Backup beside a running Primum, and an empty home that comes back from it: whole, stopped, and honest about what it does not know."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from serving import CLEAN, Serving
from visiting import reachable

pytestmark = pytest.mark.outside
PASSPHRASE = "a quiet harbour at night"
LOOK = """
import json, django
django.setup()
from primum.evidence.models import Entry
from primum.publishing.models import Delivery, Post
from primum.people.models import Organisation
print(json.dumps({
    "posts": sorted(post.text for post in Post.objects.all()),
    "states": sorted(f"{d.state}: {d.reason}" for d in Delivery.objects.all()),
    "stopped": Organisation.objects.get().stopped_at is not None,
    "actions": list(Entry.objects.order_by("index").values_list("action", flat=True)),
}))
"""


def primum(home: Path, *arguments: str, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess[str]:
    environment = {**CLEAN, "PRIMUM_HOME": str(home), "PRIMUM_BACKUP_PASSPHRASE": passphrase}
    return subprocess.run([sys.executable, "-m", "primum", *arguments], env=environment, capture_output=True, text=True, check=False)


def look(home: Path) -> dict[str, list[str]]:
    """Inside, with the keys: texts are opened."""
    code = f"from primum.cli.database import database\nwith database():\n    exec({LOOK!r})"
    done = subprocess.run([sys.executable, "-c", code], env={**CLEAN, "PRIMUM_HOME": str(home)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reachable(tmp_path_factory.mktemp("backup"))


@pytest.fixture(scope="module")
def saved(folder: Path) -> Path:
    """Saved while it served; the old home stays as it was, a little further on."""
    with Serving(folder / "old"):
        done = primum(folder / "old", "backup", str(folder / "monday"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "The keys are in" in done.stdout
    return folder / "monday"


def test_it_comes_back_whole_stopped_and_says_what_it_is(saved: Path, folder: Path) -> None:
    done = primum(folder / "new", "restore", str(saved))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All publishing is stopped" in done.stdout
    before, after = look(folder / "old"), look(folder / "new")
    assert after["posts"] == before["posts"]
    assert any("chainsaw" in text for text in after["posts"]), "sealed drafts open"
    assert after["stopped"]
    assert {"record_backup", "set_stop", "record_restored"} <= set(after["actions"])
    assert primum(folder / "new", "evidence", "verify").returncode == 0
    with Serving(folder / "new", demo=False) as serving:
        assert serving.is_healthy()


def test_nothing_lies_open_in_the_files(saved: Path) -> None:
    for path in (saved, saved.with_name(saved.name + ".keys")):
        data = path.read_bytes()
        assert data.startswith(b"PRIMUM-SEALED-1\n")
        for word in (b"wrenfield", b"Priya", b"chainsaw", b"PRIVATE KEY", b"PGDMP"):
            assert word not in data
        assert path.stat().st_mode & 0o077 == 0


def test_a_wrong_passphrase_changes_nothing(saved: Path, folder: Path) -> None:
    done = primum(folder / "wrong", "restore", str(saved), passphrase="another harbour at noon")
    assert done.returncode == 3
    assert f"The passphrase does not open {saved}." in done.stderr
    assert not (folder / "wrong").exists()


def test_keys_of_another_installation_are_refused(saved: Path, folder: Path) -> None:
    from primum.foundation.home import Home
    from primum.foundation.sealed_file import SealedWriter
    from primum.installation.backup import KEYS

    other = Home(folder / "other")
    other.create()
    with SealedWriter(folder / "other.keys", PASSPHRASE) as sealed:
        sealed.write(json.dumps({name: other.read_key(name) for name in KEYS}).encode())
    done = primum(folder / "fresh", "restore", str(saved), "--keys", str(folder / "other.keys"))
    assert (done.returncode, "These keys belong to another installation" in done.stderr) == (3, True)
    assert not (folder / "fresh").exists()
    done = primum(folder / "other", "restore", str(saved))
    assert (done.returncode, "has keys of its own" in done.stderr) == (3, True)


@pytest.mark.parametrize("harm", ["cut", "flipped", "not one"])
def test_a_damaged_file_leaves_no_half_database(saved: Path, folder: Path, harm: str) -> None:
    broken = folder / f"broken-{harm}"
    data = bytearray(saved.read_bytes())
    if harm == "cut":
        del data[len(data) * 2 // 3 :]
    elif harm == "flipped":
        data[-200] ^= 1
    else:
        data[:4] = b"NOPE"
    broken.write_bytes(data)
    shutil.copy(saved.with_name(saved.name + ".keys"), broken.with_name(broken.name + ".keys"))
    done = primum(folder / f"home-{harm}", "restore", str(broken))
    assert done.returncode == 3
    assert "damaged or cut off" in done.stderr or "is no sealed file" in done.stderr or "does not open" in done.stderr
    assert not (folder / f"home-{harm}" / "postgres").exists()


def test_a_database_is_never_restored_over(saved: Path, folder: Path) -> None:
    done = primum(folder / "old", "restore", str(saved))
    assert (done.returncode, "holds a database already" in done.stderr) == (3, True)
    done = primum(folder / "old", "backup", str(saved))
    assert (done.returncode, "exists already" in done.stderr) == (3, True)


def test_where_the_machine_has_seen_more_the_record_says_so(saved: Path, folder: Path) -> None:
    """The disk with the database died; the home with its last head did not."""
    home = folder / "survivor"
    shutil.copytree(folder / "old", home, ignore=shutil.ignore_patterns("postgres", "prepared", ".lock"))
    head = json.loads((home / "evidence-head.json").read_text())
    (home / "evidence-head.json").write_text(json.dumps({**head, "size": head["size"] + 500}))
    assert primum(home, "restore", str(saved)).returncode == 0
    assert "record_shorter_log" in look(home)["actions"]
    verified = primum(home, "evidence", "verify")
    assert verified.returncode == 1
    assert "BROKEN" in verified.stdout


def test_a_home_whose_restore_did_not_finish_serves_nothing(folder: Path) -> None:
    from primum.foundation.home import Home

    home = Home(folder / "half")
    home.create()
    home.restoring.touch()
    for command in ("serve", "web", "worker"):
        done = primum(home.path, command)
        assert (done.returncode, "did not finish" in done.stderr) == (3, True)


def test_a_short_passphrase_is_refused(folder: Path) -> None:
    done = primum(folder / "old", "backup", str(folder / "tuesday"), passphrase="short")
    assert (done.returncode, "12 characters or more" in done.stderr) == (3, True)
