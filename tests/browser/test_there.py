"""Signing in on the platform itself; warnings, languages and threads; what was posted there already."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bluesky_server import Account, BlueskyServer
from mastodon_fake import MastodonFake
from serving import Serving
from steps import add_channel, approve_and_publish, follow, fresh_links, settled, wait_for, write
from visiting import Visitor
from world import MOSAIC

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def people(browser: Any, demo: Serving) -> dict[str, Visitor]:
    links = fresh_links(demo)
    return {name: Visitor(browser, demo, links[name]) for name in ("Priya", "Gail", "Adaeze", "Ken")}


@pytest.fixture(scope="module")
def mastodon() -> Iterator[MastodonFake]:
    fake = MastodonFake()
    yield fake
    fake.stop()


def test_a_channel_is_connected_on_the_servers_own_page_and_a_warning_goes_out(people: dict[str, Visitor], mastodon: MastodonFake) -> None:
    ken, priya, gail = people["Ken"], people["Priya"], people["Gail"]
    add_channel(ken, "mastodon", "Regional on Mastodon", f"wrenfield@{mastodon.domain}")
    complaints = ken.look()
    ken.page.fill("#there-service", mastodon.url)
    ken.page.select_option("#there-visibility", "unlisted")
    follow(ken.page, "button:has-text('Go and sign in')")
    complaints += ken.look()
    follow(ken.page, "a:has-text('Continue to')")
    assert f"Connected as @wrenfield@{mastodon.domain}" in ken.page.inner_text("main")
    assert "code=" not in ken.page.url
    ken.page.click("summary:has-text('The server')")
    assert "Be kind." in ken.page.inner_text("main")
    complaints += ken.look()

    write(priya, "Regional on Mastodon", "Vacunas contra la gripe, sin cita, lunes a viernes de 8 a 4.")
    priya.page.fill("#warning", "Agujas")
    with priya.page.expect_response(lambda answer: "/compose/check/" in answer.url):
        priya.page.select_option("#language", "es")
    settled(priya)
    complaints += priya.look()
    post = approve_and_publish(priya, gail)
    wait_for(priya.page, post, "exactly the approved version")
    assert "Agujas" in priya.page.inner_text("main")
    row = next(iter(mastodon.statuses.values()))
    assert (row["spoiler_text"], row["language"], row["visibility"]) == ("Agujas", "es", "unlisted")
    assert complaints == []
    assert ken.complaints == priya.complaints == gail.complaints == []


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    server = BlueskyServer()
    yield server.account(f"w{uuid.uuid4().hex[:10]}.test")
    server.stop()


def test_a_thread_counts_each_post_and_goes_out_whole(people: dict[str, Visitor], account: Account) -> None:
    ken, priya, gail = people["Ken"], people["Priya"], people["Gail"]
    add_channel(ken, "bluesky", "Threads here", account.handle)
    ken.page.fill("#field-identifier", account.handle)
    ken.page.fill("#field-password", account.app_password)
    ken.page.fill("#field-service", account.server.url)
    follow(ken.page, "button:has-text('Connect') >> nth=0")
    write(priya, "Threads here", "Flu season is here: what helps.\n---\nWash your hands.\n---\nGet your flu shot, walk in Mon-Fri 8 to 4.")
    assert priya.page.inner_text("#counter") == "258 characters left in the longest of 3 posts"
    complaints = priya.look()
    post = approve_and_publish(priya, gail)
    wait_for(priya.page, post, "exactly the approved version")
    assert len(account.records()) == 3
    assert complaints == []


def test_posted_there_already_is_looked_at_and_comes_down(people: dict[str, Visitor], picture: Callable[[], dict[str, Any]]) -> None:
    ken, priya, adaeze = people["Ken"], people["Priya"], people["Adaeze"]
    add_channel(ken, "nextdoor", "Regional on Nextdoor", f"there-{uuid.uuid4().hex[:6]}")
    priya.go("/posts/")
    follow(priya.page, "a:has-text('I posted it there already')")
    complaints = priya.look()
    priya.page.select_option("#channel", label=next(text for text in priya.page.locator("#channel option").all_inner_texts() if "Regional on Nextdoor, @there" in text))
    priya.page.fill("#text", MOSAIC)
    priya.page.fill("#link", "https://nextdoor.example/p/77")
    priya.page.set_input_files("#proof", picture())
    follow(priya.page, "button:has-text('Record it')")
    assert "take it down now" in priya.page.inner_text("body")
    complaints += priya.look()
    post = priya.page.url
    adaeze.go("/review/")
    assert "live already" in adaeze.page.inner_text("main")
    complaints += adaeze.look()
    assert priya.page.is_visible("button:has-text('Take it down now')")
    adaeze.page.goto(post)
    follow(adaeze.page, "main a:has-text('Review')")
    assert "It is live now." in adaeze.page.inner_text("main")
    complaints += adaeze.look()
    adaeze.page.fill("#reason", "Whoever was there knows him.")
    follow(adaeze.page, "button:has-text('Take it down')")
    priya.page.goto(post)
    follow(priya.page, "a:has-text('Do it now')")
    priya.page.check("input[type=checkbox]")
    priya.page.set_input_files("#proof", picture())
    follow(priya.page, "button:has-text('It is gone')")
    assert "proof: taken down" in priya.page.inner_text("main")
    assert complaints == []
    assert priya.complaints == adaeze.complaints == []
