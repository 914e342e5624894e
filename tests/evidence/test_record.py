"""Whatever is changed is found and named; what is destroyed on purpose stays proven."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from world import SETUP, T

from primum.evidence import actions, queries, store
from primum.evidence import verify as checking
from primum.evidence.events import Viewed
from primum.evidence.models import Checkpoint, Entry, Node, Payload
from primum.evidence.recording import NotAnAction, action
from primum.foundation.actor import Actor, system

VERIFIER = Path(queries.__file__).with_name("offline_verifier.py")


@contextmanager
def as_owner() -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        yield cursor
        cursor.execute("SET ROLE primum_app")


@pytest.fixture
def record(open_world: Any) -> Any:
    open_world.approved()
    actions.sign_checkpoint(actor=SETUP, now=T)
    assert checking.verify().faults == ()
    return open_world


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def faults() -> str:
    return "\n".join(map(str, checking.verify().faults))


def test_every_byte_of_an_entry_counts(record: Any) -> None:
    leaf = bytes(Entry.objects.get(index=3).leaf)
    for at in range(len(leaf)):
        with as_owner() as cursor:
            cursor.execute("UPDATE evidence_entry SET leaf = %s WHERE index = 3", [flip(leaf, at)])
        assert "entry 3" in faults(), at
    with as_owner() as cursor:
        cursor.execute("UPDATE evidence_entry SET leaf = %s WHERE index = 3", [leaf])
    assert faults() == ""


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE evidence_entry SET actor = actor || 'x' WHERE index = 2", "entry 2"),
        ("UPDATE evidence_entry SET action = 'nothing' WHERE index = 2", "entry 2"),
        ("UPDATE evidence_entry SET subject = 'post:0' WHERE index = 2", "entry 2"),
        ("UPDATE evidence_entry SET commit = repeat('0', 64) WHERE index = 2", "entry 2"),
        ("UPDATE evidence_entry SET at = at + interval '1 microsecond' WHERE index = 2", "entry 2"),
        ("UPDATE evidence_entry SET index = 9999 WHERE index = 2", "entry 2"),
        ("UPDATE evidence_node SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE level = 1 AND index = 1", "entries 2 to 3"),
        ("UPDATE evidence_payload SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE entry_id = 2", "payload 2"),
        ("UPDATE evidence_payload SET sealed = (SELECT sealed FROM evidence_payload WHERE entry_id = 3) WHERE entry_id = 2", "payload 2"),
        ("UPDATE evidence_checkpoint SET note = replace(note, 'v1', 'v2')", "checkpoint"),
        ("UPDATE evidence_checkpoint SET size = size - 1", "checkpoint"),
        ("DELETE FROM evidence_node WHERE level = 0 AND index = 4", "entry 4"),
    ],
)
def test_a_change_anywhere_is_named(record: Any, statement: str, named: str) -> None:
    with as_owner() as cursor:
        if "SET index" in statement:
            cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'evidence_payload'::regclass AND contype = 'f'")
            names = [row[0] for row in cursor.fetchall()]
            for name in names:
                cursor.execute(f"ALTER TABLE evidence_payload DROP CONSTRAINT {name}")
        cursor.execute(statement)
        assert cursor.rowcount == 1
    try:
        assert named in faults()
    finally:
        if "SET index" in statement:
            with as_owner() as cursor:
                cursor.execute("UPDATE evidence_entry SET index = 2 WHERE index = 9999")
                for name in names:
                    cursor.execute(f"ALTER TABLE evidence_payload ADD CONSTRAINT {name} FOREIGN KEY (entry_id) REFERENCES evidence_entry (index) DEFERRABLE INITIALLY DEFERRED")


def delete_from(index: int, cursor: Any) -> None:
    cursor.execute("DELETE FROM evidence_payload WHERE entry_id >= %s", [index])
    cursor.execute("DELETE FROM evidence_entry WHERE index >= %s", [index])
    cursor.execute("DELETE FROM evidence_node WHERE ((index + 1) << level) > %s", [index])
    cursor.execute("DELETE FROM evidence_checkpoint WHERE size > %s", [index])


def test_a_deleted_last_row_is_named_though_all_else_fits(record: Any) -> None:
    size = store.current_size()
    with as_owner() as cursor:
        delete_from(size - 1, cursor)
    assert f"this machine has seen {size} entries, {size - 1} are here" in faults()
    assert queries.standing(viewer=SETUP).is_shorter


def test_yesterdays_dump_that_went_on_is_named(record: Any) -> None:
    """Restored, and then grown past the head that this machine remembers before anybody looked."""
    size = store.current_size()
    with as_owner() as cursor:
        delete_from(size - 3, cursor)
    for _ in range(5):
        actions.record_view(actor=SETUP, item=record.channel, what="test", now=T)
    assert store.current_size() > size
    assert "the record was rewritten" in faults()


def test_a_missing_head_outside_is_said(record: Any) -> None:
    settings.PRIMUM.home.evidence_head.unlink()
    assert "head outside the database: missing" in faults()


def test_boot_records_a_shorter_log_once(record: Any) -> None:
    from primum.installation.preparing import notice_shorter_record

    with as_owner() as cursor:
        delete_from(store.current_size() - 4, cursor)
    notice_shorter_record()
    notice_shorter_record()
    assert Entry.objects.filter(action="record_shorter_log").count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_entry SET action = 'x'",
        "DELETE FROM evidence_entry",
        "TRUNCATE evidence_entry CASCADE",
        "UPDATE evidence_node SET level = 0",
        "DELETE FROM evidence_checkpoint",
        "UPDATE evidence_payload SET sealed = ''",
    ],
)
def test_the_application_cannot_change_the_record(record: Any, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.is_immutable()


def run_verifier(pack: object, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """On its own: a copy of the one file, isolated, without Primum on its path."""
    program, data = folder / "verify_evidence.py", folder / "pack.json"
    shutil.copyfile(VERIFIER, program)
    data.write_text(json.dumps(pack))
    return subprocess.run([sys.executable, "-I", str(program), str(data), *more], capture_output=True, text=True, cwd=folder, check=False)


def test_a_proof_verifies_with_the_one_file_verifier_and_any_change_is_named(record: Any, tmp_path: Path) -> None:
    packs = queries.prove(viewer=SETUP, about="5")
    key = packs[0]["key"] or ""
    assert run_verifier(packs, tmp_path, "--key", key).returncode == 0
    for name in ("entry", "payload", "salt", "proof", "key"):
        value = packs[0][name] or ""
        at = len(value) // 2
        letter = "A" if value[at] != "A" else "B"
        changed = [{**packs[0], name: value[:at] + letter + value[at + 1 :]}]
        done = run_verifier(changed, tmp_path)
        assert done.returncode == 1 and "BROKEN  item 0" in done.stdout, name
    assert "another key" in run_verifier(packs, tmp_path, "--key", key[:-2] + "AA").stdout
    assert len(VERIFIER.read_text().splitlines()) <= 300


def test_a_posts_whole_story_is_proven(record: Any, tmp_path: Path) -> None:
    post = record.scheduled()
    packs = queries.prove(viewer=SETUP, about=str(post))
    assert len(packs) == 4
    done = run_verifier(packs, tmp_path)
    assert done.returncode == 0 and "4 of 4 hold" in done.stdout and "decide_revision" in done.stdout


def test_shredded_details_are_gone_and_the_proof_stays(record: Any, tmp_path: Path) -> None:
    actions.shred_payload(actor=SETUP, entry=4, now=T)
    assert not Payload.objects.filter(entry_id=4).exists()
    result = checking.verify()
    assert result.faults == () and result.shredded == 1
    done = run_verifier(queries.prove(viewer=SETUP, about="4"), tmp_path)
    assert done.returncode == 0 and "details destroyed" in done.stdout


def test_a_checkpoint_is_signed_every_256_entries(open_world: Any) -> None:
    for _ in range(260):
        actions.record_view(actor=SETUP, item=open_world.channel, what="test", now=T)
    assert Checkpoint.objects.filter(size__gte=256, size__lte=257).count() == 1
    assert Node.objects.filter(level=8).exists()
    assert checking.verify().faults == ()


def test_an_action_without_an_actor_an_event_or_keywords_is_refused(db: None) -> None:
    with pytest.raises(NotAnAction, match="keyword-only"):
        action(lambda actor: None)  # type: ignore[arg-type, return-value]
    silent = action(lambda *, actor: None)  # type: ignore[arg-type, return-value]
    size = store.current_size()
    with pytest.raises(NotAnAction, match="no event"):
        silent(actor=SETUP)
    with pytest.raises(NotAnAction, match="needs an actor"):
        actions.record_view(actor=None, item=None, what="", now=T)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="never empty"):
        Actor("person", "")
    assert store.current_size() == size


def test_a_failed_inner_action_takes_its_entry_with_it(open_world: Any) -> None:
    @action
    def outer(*, actor: Actor) -> Viewed:
        with suppress(RuntimeError):
            inner(actor=actor)
        return Viewed(item=open_world.channel, what="outer")

    @action
    def inner(*, actor: Actor) -> Viewed:
        actions.record_view(actor=actor, item=open_world.channel, what="deep", now=T)
        raise RuntimeError

    before = store.current_size()
    outer(actor=system("test"))
    assert store.current_size() == before + 1
    assert checking.verify().faults == ()


def test_writers_side_by_side_neither_deadlock_nor_leave_gaps(open_world: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def write(number: int) -> None:
        try:
            for _ in range(25):
                with transaction.atomic():
                    actions.record_view(actor=SETUP, item=open_world.channel, what=str(number), now=T)
        finally:
            connection.close()

    before = store.current_size()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert store.current_size() == before + 100
    assert checking.verify().faults == ()
