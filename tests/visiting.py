"""A person in a browser window."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from serving import Serving

# htmx notes a check that was still under way when the page was left.
EXPECTED = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")
AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"


def reachable(folder: Path) -> Path:
    for parent in (folder, *folder.parents):
        if "pytest" in str(parent) and parent.stat().st_uid == os.geteuid():
            parent.chmod(0o711)
    return folder


class Visitor:
    """One person in one browser window: goes places, looks at every page with axe, and notes what the browser complained about."""

    def __init__(self, browser: Any, serving: Serving, link: str | None = None, **context: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **context)
        self.page, self.serving, self.complaints, self.looks = self.context.new_page(), serving, [], 0
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type == "error" and not message.text.startswith(EXPECTED) and "the server responded with a status of 4" not in message.text else None
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.set_default_timeout(15_000)
        if link:
            self.page.goto(link)

    def go(self, path: str) -> Any:
        return self.page.goto(self.serving.url + path)

    def look(self) -> list[str]:
        """axe on the page as it stands, wide and narrow, light and dark; and whether it scrolls sideways on a phone. PRIMUM_PICTURES names
        a folder to keep a picture of each."""
        found: list[str] = []
        self.looks += 1
        for scheme in ("light", "dark"):
            self.page.evaluate("scheme => document.documentElement.setAttribute('data-bs-theme', scheme)", scheme)
            for width in (1280, 390):
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.evaluate(AXE.read_text())
                result = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
                found += [f"{self.page.url} {scheme} {width}: {item['id']}: {item['nodes'][0]['html'][:120]} {item['nodes'][0]['failureSummary'][:160]}" for item in result["violations"]]
                if pictures := os.environ.get("PRIMUM_PICTURES"):
                    name = re.sub(r"[0-9a-f-]{30,}|\W+", "-", self.page.url.partition("//")[2].partition("/")[2])
                    self.page.screenshot(path=Path(pictures) / f"{name.strip('-') or 'today'}-{id(self) % 997}-{self.looks}-{scheme}-{width}.png", full_page=True)
                if width == 390 and self.page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                    found.append(f"{self.page.url} scrolls sideways on a phone")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        return found
