"""The installation's database, for commands that need it for a moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def database() -> Iterator[None]:
    """DATABASE_URL, the one that a running Primum serves, or the embedded one started for a moment."""
    from primum.cli.run import _home
    from primum.foundation.embedded_postgres import APP, EmbeddedPostgres, running_url

    home = _home()
    embedded = None
    if not os.environ.get("DATABASE_URL"):
        url = running_url(home.database)
        if url is None:
            embedded = EmbeddedPostgres(home.database)
            embedded.start()
            url = embedded.url(APP)
        os.environ["DATABASE_URL"] = url
    try:
        import django

        from primum.foundation.logs import configure

        configure("WARNING")
        django.setup()
        yield
    finally:
        if embedded:
            embedded.stop()
