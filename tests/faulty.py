"""A door between us and a real server that can misbehave: answer before or after the call arrived, hang, cut, or talk nonsense."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DROPPED = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length", "host"))


class FaultyDoor:
    """Forwards to a port on loopback. `fault` is asked for each call: it gets (method, path) and says what happens, or None."""

    def __init__(self) -> None:
        self.upstream, self.keeps_host = 0, False
        self.calls: list[str] = []
        self.fault: Callable[[str, str], str | None] = lambda *_: None
        self.headers: dict[str, str] = {}
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self) -> None:
                door._serve(self)

            do_GET = do_POST = do_PUT = do_DELETE = do

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def once(self, what: str, path: str) -> None:
        """The next call whose path contains `path` goes wrong in this way; later ones go right."""
        left = [what]
        self.fault = lambda _, asked: left.pop() if path in asked and left else None

    def always(self, what: str, path: str) -> None:
        self.fault = lambda _, asked: what if path in asked else None

    def well(self) -> None:
        self.fault, self.headers = (lambda *_: None), {}
        self.calls.clear()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        size = int(handler.headers.get("content-length") or 0)
        body = handler.rfile.read(size) if size else None
        self.calls.append(f"{handler.command} {handler.path.split('?')[0]}")
        fault = self.fault(handler.command, handler.path)
        if fault == "hang":
            time.sleep(30)
        if fault in ("cut", "hang"):
            handler.close_connection = True
            handler.connection.close()
            return
        if fault is not None and fault.isdigit():
            self._answer(handler, int(fault), b'{"error":"Trouble","message":"on purpose"}', {"content-type": "application/json", **self.headers})
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=30)
        passed = {k: v for k, v in handler.headers.items() if k.lower() not in DROPPED or (self.keeps_host and k.lower() == "host")}
        connection.request(handler.command, handler.path, body, passed)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if fault == "cut after":
            handler.close_connection = True
            handler.connection.close()
        elif fault == "garbage after":
            self._answer(handler, 200, b"<html>sorry</html>", {"content-type": "text/html"})
        elif fault is not None:  # "502 after"
            self._answer(handler, int(fault.split()[0]), b"bad gateway", {"content-type": "text/plain"})
        else:
            self._answer(handler, answer.status, data, {k: v for k, v in answer.getheaders() if k.lower() not in DROPPED})

    @staticmethod
    def _answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
        handler.send_response_only(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
