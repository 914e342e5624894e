"""The oldest PostgreSQL we support really works, and one older is told so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from needs import skip_or_fail
from serving import CLEAN

from primum.foundation.embedded_postgres import OWNER, EmbeddedPostgres

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.mark.outside
def test_the_oldest_postgresql_takes_the_demonstration(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not (POSTGRES_15 / "postgres").exists():
        skip_or_fail("postgres15", "there is no PostgreSQL 15 here. On Debian 12: apt install postgresql-15")
    folder = tmp_path_factory.mktemp("floor")
    for parent in (folder, *folder.parents):
        if "pytest" in str(parent) and parent.stat().st_uid == os.geteuid():
            parent.chmod(0o711)
    server = EmbeddedPostgres(folder / "postgres", programs=POSTGRES_15)
    server.start()
    try:
        environment = {**CLEAN, "PRIMUM_HOME": str(folder / "home"), "DATABASE_URL": server.url(OWNER), "PRIMUM_DEMO": "1", "PRIMUM_DATABASE_ROLE": "owner"}
        done = subprocess.run([sys.executable, "-m", "primum", "prepare", "--demo"], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "/enter/" in done.stdout, done.stderr
        verified = subprocess.run([sys.executable, "-m", "primum", "evidence", "verify"], env=environment, capture_output=True, text=True, check=False)
        assert verified.returncode == 0 and " 0 faults" in verified.stdout
    finally:
        server.stop()


def test_an_older_postgresql_is_told_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from primum.installation import preparing

    monkeypatch.setattr(preparing, "OLDEST", 990000)
    with pytest.raises(preparing.DatabaseTooOld, match="needs 15 or newer"):
        preparing.prepare_database()
