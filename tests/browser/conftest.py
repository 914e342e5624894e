"""A real Chromium against a real `primum serve`. Without a Chromium these tests skip, visibly."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from connecting import jpeg
from needs import skip_or_fail
from serving import Serving
from visiting import AXE, reachable

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def chromium() -> str | None:
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    program = chromium()
    if program is None:
        skip_or_fail("browser", "there is no Chromium here. On Debian: apt install chromium")
    if not AXE.exists():
        skip_or_fail("browser", "axe-core is missing. Run: make assets")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, headless=True, args=ARGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(reachable(tmp_path_factory.mktemp("demo")) / "home") as serving:
        yield serving


@pytest.fixture(scope="module")
def picture() -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        return {"name": "poster.jpg", "mimeType": "image/jpeg", "buffer": jpeg((800, 600))}

    return make
