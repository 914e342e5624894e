"""Bringing a database up to this version: migrations, rights of the application's role, the shared cache, and a look at the record."""

from __future__ import annotations

from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from primum.evidence import actions, queries
from primum.evidence.models import Entry
from primum.foundation.actor import system
from primum.foundation.embedded_postgres import APP

OLDEST = 150000
_APPEND_ONLY = ("evidence_entry", "evidence_node", "evidence_checkpoint", "evidence_headsent")


class DatabaseTooOld(RuntimeError):
    """The server is older than we need; one line that says what to do."""


class DatabaseUnreachable(RuntimeError):
    """Nobody answers at the database's address; one line that says what to do. Never shows the address: it may hold a password."""


def prepare_database() -> None:
    """Idempotent. Runs as the owner."""
    try:
        connection.ensure_connection()
    except OperationalError:
        raise DatabaseUnreachable("The database of DATABASE_URL cannot be reached. Check that the server runs, and the address, user and password.") from None
    version = int(getattr(connection, "pg_version", 0))
    if version < OLDEST:
        raise DatabaseTooOld(f"The database is PostgreSQL {version // 10000}; Primum needs 15 or newer. Upgrade the server, or unset DATABASE_URL to use the embedded one.")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    grant_rights()
    notice_shorter_record()


def grant_rights() -> None:
    """The application's role reads and writes, but never changes or deletes what is recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [APP])
        row = cursor.fetchone()
        if row is None or not row[1] or row[0] == APP:
            return
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}")
        cursor.execute(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {APP}")
        for table in _APPEND_ONLY:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP}")
        cursor.execute(f"REVOKE UPDATE, TRUNCATE ON evidence_payload FROM {APP}")


def notice_shorter_record() -> None:
    """A restored backup, or deleted rows: said once per case, and kept in the record for ever."""
    standing = queries.standing(viewer=system("boot"))
    if standing.is_shorter and not Entry.objects.filter(action="record_shorter_log", subject=f"seen:{standing.seen}").exists():
        actions.record_shorter_log(actor=system("boot"), seen=standing.seen, found=standing.size, now=timezone.now())
