"""One PostgreSQL per run: the embedded one, or PRIMUM_POSTGRES_BIN's. Tests run as the application's role."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_started: list[Any] = []

if "PRIMUM_TEST_DATABASE_URL" not in os.environ:
    from primum.foundation.embedded_postgres import OWNER, EmbeddedPostgres

    _home = Path(tempfile.mkdtemp(prefix="primum-tests-"))
    _home.chmod(0o711)
    _programs = os.environ.get("PRIMUM_POSTGRES_BIN")
    _server = EmbeddedPostgres(
        _home / "postgres", programs=Path(_programs) if _programs else None, options=("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off")
    )
    _server.start()
    _started += [_server, _home]
    os.environ["PRIMUM_TEST_DATABASE_URL"] = _server.url(OWNER)
    os.environ["PRIMUM_TEST_HOME"] = str(_home)

os.environ["DATABASE_URL"] = os.environ["PRIMUM_TEST_DATABASE_URL"]
os.environ["PRIMUM_HOME"] = str(Path(os.environ["PRIMUM_TEST_HOME"]) / os.environ.get("PYTEST_XDIST_WORKER", "main"))
os.environ["DJANGO_SETTINGS_MODULE"] = "primum.config.settings"
os.environ.pop("PRIMUM_DEMO", None)
# The browser's driver keeps an event loop in its process; what runs after it there is no less synchronous for that.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

if IS_WORKER:
    # pytest-django read the settings before this file, with the controller's home; each worker has its own.
    from dataclasses import replace

    from django.conf import settings

    from primum.foundation.home import Home

    settings.PRIMUM = replace(settings.PRIMUM, home=Home(Path(os.environ["PRIMUM_HOME"])))
    settings.PRIMUM.home.create()

import django  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()
# Argon2 is slow on purpose; the browser tests and `primum setup` run it as it is, everything else need not pay for it at each sign-in.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from sharing import LongFirst

    return LongFirst(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from sharing import long_first

    items[:] = long_first(items)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not IS_WORKER and _started:
        server, home = _started
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Skips are said, each once, with what would bring the test back."""
    reasons = sorted({str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)})
    for reason in reasons:
        terminalreporter.write_line(f"SKIPPED  {reason.removeprefix('Skipped: ')}", yellow=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rights as in production; from here on every connection is the application's."""
    from django.core.management import call_command
    from django.core.management.commands import flush
    from django.db import connection
    from django.db.backends.signals import connection_created

    from primum.installation.preparing import grant_rights

    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)
        grant_rights()
        connection.close()

    def become_app(sender: Any, connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE primum_app")

    connection_created.connect(become_app, weak=False)
    original = flush.Command.handle
    flush.Command.handle = _empty_tables  # type: ignore[method-assign]
    yield
    flush.Command.handle = original  # type: ignore[method-assign]
    connection_created.disconnect(become_app)
    connection.close()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # A thread that a test left waiting for a platform may hold its connection a little longer; the database goes now.
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    connection.close()


def _empty_tables(self: Any, **options: Any) -> None:
    """In place of Django's flush: as the owner, only the tables with rows in them, without making permissions anew (a tenth of the time)."""
    from django.db import connection
    from world import KEPT

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        tables = [table for table in connection.introspection.table_names(cursor) if table not in KEPT]
        cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables))
        used = [f'"{table}"' for table, has_rows in zip(tables, cursor.fetchone(), strict=True) if has_rows]
        if used:
            cursor.execute(f"TRUNCATE {', '.join(used)} CASCADE")
        cursor.execute("SET ROLE primum_app")


@pytest.fixture
def world(db: None) -> Any:
    """A small hospital with people in it."""
    from world import fresh_world

    return fresh_world()


@pytest.fixture
def open_world(transactional_db: None) -> Any:
    """The same, with real commits: for what talks to platforms, other processes and the head outside the database."""
    from django.conf import settings
    from world import fresh_world

    settings.PRIMUM.home.evidence_head.unlink(missing_ok=True)
    return fresh_world()
