"""snac2, a small server of the same network that speaks Mastodon's API: real, and different in places. Runs where PRIMUM_SNAC names its
program; nobody is required to have it."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from needs import skip_or_fail
from serving import free_port, wait_until


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class SnacServer:
    def __init__(self) -> None:
        program = os.environ.get("PRIMUM_SNAC", "")
        if not program:
            skip_or_fail("snac", "snac2 is not here. Set PRIMUM_SNAC to its program (Debian sid has it)")
        self.home, self.port = Path(tempfile.mkdtemp(prefix="primum-snac-")), free_port()
        self.domain = f"localhost:{self.port}"
        self.url = f"http://{self.domain}"
        data = self.home / "data"
        subprocess.run([program, "init", data], input=f"127.0.0.1\n{self.port}\n{self.domain}\n\n\n", text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        settings = data / "server.json"
        settings.write_text(settings.read_text().replace('"protocol": "https"', '"protocol": "http"').replace(f'"port": {self.port},', f'"port": {self.port}, "num_threads": 16,'))
        made = subprocess.run([program, "adduser", data, "wrenfield"], text=True, check=True, capture_output=True)
        said = re.search(r"password is (\S+)", made.stdout + made.stderr)
        assert said
        self._password = said.group(1)
        self.process = subprocess.Popen([program, "httpd", data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.url}/wrenfield", timeout=2):
                return True
        except OSError:
            return False

    def consent(self, address: str) -> str:
        """Fill in the server's own page; the address that it sends the browser back to."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
        page = opener.open(address, timeout=10).read().decode()
        action = re.search(r'<form[^>]+action="([^"]+)"', page)
        assert action
        fields = {html.unescape(name): html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page)}
        fields |= {"login": "wrenfield", "passwd": self._password}
        target = urllib.parse.urljoin(address, html.unescape(action.group(1)))
        try:
            opener.open(target, urllib.parse.urlencode(fields).encode(), timeout=10)
        except urllib.error.HTTPError as answer:
            return str(answer.headers["location"])
        raise AssertionError

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)
