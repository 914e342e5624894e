"""A real WordPress from Debian's packages, by hand on loopback: MariaDB on a socket of its own, PHP's own web server, a fresh site."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from faulty import FaultyDoor
from needs import skip_or_fail
from serving import free_port

PACKAGE = Path("/usr/share/wordpress")
SETUP = Path(__file__).resolve().parent / "servers" / "wordpress.php"
CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:%(socket)s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('AUTH_KEY', '%(key)s'); define('SECURE_AUTH_KEY', '%(key)s'); define('LOGGED_IN_KEY', '%(key)s'); define('NONCE_KEY', '%(key)s');
define('AUTH_SALT', '%(key)s'); define('SECURE_AUTH_SALT', '%(key)s'); define('LOGGED_IN_SALT', '%(key)s'); define('NONCE_SALT', '%(key)s');
define('WP_ENVIRONMENT_TYPE', 'local');        // application passwords without https
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', false); define('FS_METHOD', 'direct'); define('WP_CONTENT_DIR', __DIR__ . '/wp-content');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""


class WordPressServer:
    """`url` is the door through which the product talks."""

    def __init__(self) -> None:
        missing = [name for name in ("mariadbd", "mariadb-install-db", "php") if shutil.which(name) is None] + ([] if PACKAGE.exists() else ["wordpress"])
        if missing:
            skip_or_fail("wordpress", f"there is no {', '.join(missing)} here. On Debian: apt install wordpress php-cli php-mysql mariadb-server")
        self.home = Path(tempfile.mkdtemp(prefix="primum-wp-"))
        self.door = FaultyDoor()
        self.url = f"http://127.0.0.1:{self.door.port}"
        self.host = f"127.0.0.1:{self.door.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        try:
            self._start_database()
            self._start_site()
        except BaseException:
            self.stop()
            raise

    def _start_database(self) -> None:
        data, socket = self.home / "db", self.home / "db.sock"
        user = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", *user],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._run(["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", "--innodb-flush-log-at-trx-commit=0", f"--pid-file={self.home}/db.pid", *user])
        end = time.monotonic() + 30
        make = ["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "-e", "CREATE DATABASE wordpress CHARACTER SET utf8mb4"]
        while subprocess.run(make, check=False, capture_output=True).returncode:
            assert time.monotonic() < end, "MariaDB did not come up"
            time.sleep(0.2)

    def _start_site(self) -> None:
        site = self.home / "site"
        # Debian links into /etc and /var: a plain copy, with a configuration of its own.
        shutil.copytree(PACKAGE, site, symlinks=False, ignore=shutil.ignore_patterns("wp-config.php", ".htaccess"), ignore_dangling_symlinks=True)
        (site / "wp-content" / "uploads").mkdir(parents=True, exist_ok=True)
        (site / "wp-config.php").write_text(CONFIG % {"socket": self.home / "db.sock", "key": secrets.token_hex(24)})
        done = subprocess.run(["php", SETUP, site, self.url], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        made = json.loads(done.stdout.strip().splitlines()[-1])
        self.password, self.weak, self.version = made["password"], made["weak"], made["version"]
        port = free_port()
        self._run(["php", "-S", f"127.0.0.1:{port}", "-t", str(site)], PHP_CLI_SERVER_WORKERS="3")
        self.door.upstream = port
        self.door.keeps_host = True
        end = time.monotonic() + 20
        while True:
            try:
                self.posts()
                return
            except OSError:
                assert time.monotonic() < end, "the site did not come up"
                time.sleep(0.2)

    def _run(self, command: list[str], **environment: str) -> None:
        self.processes.append(subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True))

    def posts(self) -> list[dict[str, object]]:
        """What every visitor sees, read past us, but for WordPress's own first post."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.door.upstream}/?rest_route=/wp/v2/posts&per_page=100", headers={"host": self.host})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return [row for row in json.loads(answer.read()) if row["slug"] != "hello-world"]

    def credentials(self) -> dict[str, str]:
        return {"service": self.url, "identifier": "primum", "password": self.password}

    def stop(self) -> None:
        self.door.close()
        for process in reversed(self.processes):
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(process.pid, number)
                    process.wait(8)
                    break
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue
        shutil.rmtree(self.home, ignore_errors=True)
