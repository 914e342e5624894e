"""The whole of Bluesky for a test run: the server that posts are written to, and the AppView that shows them to readers. Needs Redis and
Debian's PostgreSQL (the embedded one lacks an extension that the AppView wants)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from bluesky_server import HERE, Account, BlueskyServer, node
from needs import skip_or_fail
from serving import free_port

POSTGRES = Path("/usr/lib/postgresql/15/bin")


class BlueskyNetwork(BlueskyServer):
    """`shown` is what a reader sees; it waits until everything that was written has been taken in."""

    def __init__(self) -> None:
        redis = shutil.which("redis-server")
        if not (HERE / "node_modules" / ".built").exists() or redis is None or not (POSTGRES / "postgres").exists():
            skip_or_fail("appview", "Bluesky's AppView needs `make servers`, and Debian's redis-server and postgresql-15.")
        from primum.foundation.embedded_postgres import OWNER, EmbeddedPostgres

        self.home = Path(tempfile.mkdtemp(prefix="primum-bsky-"))
        self.home.chmod(0o711)
        self.port, self.appview, self._control, cache = (free_port() for _ in range(4))
        self.url = f"http://localhost:{self.port}"
        self._database = EmbeddedPostgres(self.home / "postgres", programs=POSTGRES, options=("fsync=off", "synchronous_commit=off", "full_page_writes=off"))
        self._database.start()
        assert redis is not None
        self._cache = subprocess.Popen([redis, "--port", str(cache), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(self.home)], stdout=subprocess.DEVNULL)
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.home),
            "LOG_ENABLED": "false",
            "DB_POSTGRES_URL": self._database.url(OWNER),
            "DB_POSTGRES_SCHEMA": "lab",
            "REDIS_HOST": f"127.0.0.1:{cache}",
        }
        command = [node(), HERE / "bluesky_network.mjs", str(self.port), str(self.appview), str(self._control)]
        self._run(command, environment)

    def shown(self, did: str) -> list[Any]:
        """The author's posts as the AppView gives them to anybody, the newest first."""
        self._get(self._control, "/")
        return list(self._get(self.appview, f"/xrpc/app.bsky.feed.getAuthorFeed?actor={did}&limit=50")["feed"])

    def thread(self, uri: str) -> Any:
        """The post and what stands under it. Raises urllib's HTTPError (400) where nothing does."""
        self._get(self._control, "/")
        return self._get(self.appview, f"/xrpc/app.bsky.feed.getPostThread?uri={uri}")["thread"]

    def _get(self, port: int, path: str) -> Any:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://localhost:{port}{path}", timeout=60) as answer:
            body = answer.read()
        return json.loads(body) if body[:1] == b"{" else None

    def stop(self) -> None:
        self._end(self.process)
        self._end(self._cache)
        self._database.stop()
        shutil.rmtree(self.home, ignore_errors=True)


__all__ = ["Account", "BlueskyNetwork"]
