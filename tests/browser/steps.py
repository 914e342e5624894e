"""What people do again and again in a browser."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

from serving import CLEAN, Serving
from visiting import Visitor


def fresh_links(demo: Serving) -> dict[str, str]:
    """By first name. Each link works once, and other tests have used the printed ones."""
    environment = {**CLEAN, "PRIMUM_HOME": str(demo.home), "PRIMUM_DEMO": "1", "PRIMUM_PUBLIC_URL": demo.url}
    made = subprocess.run([sys.executable, "-m", "primum", "demo", "links"], env=environment, capture_output=True, text=True, check=True).stdout
    return {line.split()[0]: line.split()[-1] for line in made.splitlines() if "/enter/" in line}


def follow(page: Any, selector: str) -> None:
    with page.expect_navigation(wait_until="load"):
        page.click(selector)


def wait_for(page: Any, address: str, words: str) -> None:
    for _ in range(80):
        page.goto(address)
        if words in page.inner_text("main"):
            return
        time.sleep(0.5)
    raise AssertionError(f"{words!r} never came: {page.inner_text('main')[:2000]}")


def add_channel(ken: Visitor, platform: str, name: str, handle: str) -> None:
    ken.go("/channels/")
    ken.page.select_option("#platform", platform)
    ken.page.fill("#name", name)
    ken.page.fill("#handle", handle)
    ken.page.select_option("#facility", label="Wrenfield Regional")
    ken.page.select_option("#owner", label="Gail Whitcombe")
    ken.page.select_option("#backup_owner", label="Priya Nand")
    follow(ken.page, "button:has-text('Add')")


def write(priya: Visitor, channel: str, text: str, *, path: str = "/compose/", heard: str = "", link: str = "") -> None:
    priya.go(path)
    for box in priya.page.query_selector_all("input[name=channel]"):
        (box.check if channel in box.evaluate("box => box.closest('label').textContent") else box.uncheck)()
    if heard:
        priya.page.fill("#heard", heard)
        priya.page.fill("#heard_link", link)
    priya.page.fill("#text", text)
    settled(priya)


def settled(priya: Visitor) -> None:
    """The answer to these words, not the empty panel's, and not while the next one is on its way (the panel is pale then)."""
    priya.page.wait_for_function(
        "() => { const p = document.querySelector('#panel'); return p.querySelector('.verdict.allow') && !p.classList.contains('htmx-request') && !p.innerText.includes('Ready when you are'); }"
    )


def approve_and_publish(priya: Visitor, gail: Visitor) -> str:
    follow(priya.page, "button:has-text('Submit for review')")
    post: str = priya.page.url
    assert "/posts/" in post, priya.page.inner_text("main")[:500]
    gail.page.goto(post)
    follow(gail.page, "main a:has-text('Review')")
    follow(gail.page, "button:has-text('Approve')")
    priya.page.goto(post)
    follow(priya.page, "button:has-text('Publish now')")
    return post
