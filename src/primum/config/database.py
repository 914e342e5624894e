"""From a database URL to Django's settings; owner migrates, app runs."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from primum.config import environment


def database_settings() -> dict[str, Any]:
    """`DATABASE_URL` runs, `DATABASE_OWNER_URL` (where set) migrates: PRIMUM_DATABASE_ROLE=owner chooses it."""
    url = environment.text("DATABASE_URL", "")
    if environment.text("PRIMUM_DATABASE_ROLE", "app") == "owner":
        url = environment.text("DATABASE_OWNER_URL", url)
    if not url:
        raise environment.BadEnvironment("Set DATABASE_URL to a PostgreSQL 15 or newer, or start with: primum serve (which brings its own database).")
    try:
        parts = conninfo_to_dict(url)
    except Exception:  # noqa: BLE001 - libpq's message would show the password
        raise environment.BadEnvironment("DATABASE_URL cannot be read. Expected: postgresql://user:password@host:5432/name") from None
    known = {"dbname", "user", "password", "host", "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "primum"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**{key: value for key, value in parts.items() if key not in known}, "application_name": "primum", "connect_timeout": 5},
    }
