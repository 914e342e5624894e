"""The keys that seal fields change while Primum runs: what was there opens, what comes is sealed with the new one, old ones go at last."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import CLEAN, Serving
from test_backup import look
from visiting import reachable

pytestmark = pytest.mark.outside
COUNT = """
from primum.cli.database import database
with database():
    from django.db import connection
    from primum.installation.keys import _sealed_fields, keyring
    found = {}
    for field in _sealed_fields():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM {field.model._meta.db_table} WHERE {field.column} IS NOT NULL AND substring({field.column} from 4 for 2) <> %s', [keyring("fields").current.encode()])
            found[f"{field.model._meta.db_table}.{field.column}"] = cursor.fetchone()[0]
    import json
    print(json.dumps(found))
"""


def primum(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "primum", *arguments], env={**CLEAN, "PRIMUM_HOME": str(home)}, capture_output=True, text=True, check=False)


def sealed_with_old_keys(home: Path) -> int:
    done = subprocess.run([sys.executable, "-c", COUNT], env={**CLEAN, "PRIMUM_HOME": str(home)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return sum(json.loads(done.stdout.splitlines()[-1]).values())


def field_keys(home: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((home / "keys" / "fields.json").read_text())
    return kept


def signed_in(serving: Serving) -> Callable[[], list[str]]:
    """What the list of posts shows to Priya, who signed in before."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())
    opener.open(serving.link("Priya"), timeout=20).read()
    return lambda: re.findall(r'<a href="/posts/[^"]+">(.*?)</a>', opener.open(serving.url + "/posts/", timeout=20).read().decode())


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(reachable(tmp_path_factory.mktemp("keys")) / "home") as running:
        yield running


def test_they_change_under_a_running_primum(serving: Serving) -> None:
    before = look(serving.home)
    assert before["posts"]
    shown = signed_in(serving)
    page = shown()
    assert len(page) > 3

    done = primum(serving.home, "keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert "values are sealed with the new key" in done.stdout
    assert int(done.stdout.split()[0]) > len(before["posts"])
    assert sealed_with_old_keys(serving.home) == 0
    assert look(serving.home)["posts"] == before["posts"]
    assert shown() == page, "the running web reads what the new key sealed"
    assert json.loads((serving.home / "keys" / "fields.json").read_text())["current"] == "k2"

    assert primum(serving.home, "evidence", "verify").returncode == 0
    early = primum(serving.home, "keys", "forget", "--yes")
    assert early.returncode == 3
    assert "less than an hour ago" in early.stderr
    earlier = time.time() - 7200
    os.utime(serving.home / "keys" / "fields.json", (earlier, earlier))
    assert "1 old keys destroyed" in primum(serving.home, "keys", "forget", "--yes").stdout
    assert list(json.loads((serving.home / "keys" / "fields.json").read_text())["keys"]) == ["k2"]
    assert shown() == page
    assert "record_keys_rotated" in look(serving.home)["actions"]


def test_added_first_they_open_and_do_not_seal_and_stopped_half_way_it_goes_on(serving: Serving) -> None:
    before = field_keys(serving.home)
    assert primum(serving.home, "keys", "add").returncode == 0
    kept = field_keys(serving.home)
    assert kept["current"] == before["current"]
    assert len(set(kept["keys"]) - set(before["keys"])) == 1
    half = "from primum.cli.database import database\nwith database():\n from django.conf import settings\n from primum.installation import keys\n keys.use_newest(settings.PRIMUM.home)\n keys.BATCH = 1\n keys._reseal_some(next(keys._sealed_fields()))"
    subprocess.run([sys.executable, "-c", half], env={**CLEAN, "PRIMUM_HOME": str(serving.home)}, check=True)
    assert sealed_with_old_keys(serving.home) > 0
    earlier = time.time() - 7200
    os.utime(serving.home / "keys" / "fields.json", (earlier, earlier))
    assert "still sealed with an old key" in primum(serving.home, "keys", "forget", "--yes").stderr
    assert primum(serving.home, "keys", "rotate").returncode == 0
    assert sealed_with_old_keys(serving.home) == 0
    assert sorted(field_keys(serving.home)["keys"]) == sorted(kept["keys"]), "it went on with the key that it had"


FACTOR = """
from primum.cli.database import database
with database():
    from allauth.mfa.models import Authenticator
    from allauth.mfa.adapter import get_adapter
    from primum.foundation.encryption import keyring
    from primum.people.models import User
    user = User.objects.first()
    if {make!r} == "make":
        Authenticator.objects.create(user=user, type="totp", data={{"secret": get_adapter().encrypt("JBSWY3DP")}})
    print(get_adapter().decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]))
"""


def factor(home: Path, make: str = "") -> str:
    done = subprocess.run([sys.executable, "-c", FACTOR.format(make=make)], env={**CLEAN, "PRIMUM_HOME": str(home)}, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr[-300:]


def test_second_factors_are_not_forgotten(serving: Serving) -> None:
    """Stopped after the fields and before the second factors, the old key is still needed."""
    assert factor(serving.home, "make") == "JBSWY3DP"
    half = "from primum.cli.database import database\nwith database():\n from django.conf import settings\n from primum.installation import keys\n keys.add_keys(settings.PRIMUM.home)\n keys.use_newest(settings.PRIMUM.home)\n keys.reseal_factors = lambda: 0\n keys.reseal()"
    subprocess.run([sys.executable, "-c", half], env={**CLEAN, "PRIMUM_HOME": str(serving.home)}, check=True)
    earlier = time.time() - 7200
    os.utime(serving.home / "keys" / "fields.json", (earlier, earlier))
    assert "still sealed with an old key" in primum(serving.home, "keys", "forget", "--yes").stderr
    assert primum(serving.home, "keys", "rotate").returncode == 0
    os.utime(serving.home / "keys" / "fields.json", (earlier, earlier))
    assert "destroyed" in primum(serving.home, "keys", "forget", "--yes").stdout
    assert factor(serving.home) == "JBSWY3DP"


def test_it_asks_whether_every_machine_has_the_new_keys(serving: Serving) -> None:
    done = subprocess.run([sys.executable, "-m", "primum", "keys", "forget"], env={**CLEAN, "PRIMUM_HOME": str(serving.home)}, input="n\n", capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Nothing was destroyed" in done.stdout
