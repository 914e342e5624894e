"""Real platforms from the browser: connect a channel, publish to Bluesky's own code, answer, take down; post by hand; pull the brake."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bluesky_server import Account, BlueskyServer
from serving import Serving
from steps import add_channel, approve_and_publish, follow, fresh_links, wait_for, write
from visiting import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def bluesky() -> Iterator[BlueskyServer]:
    server = BlueskyServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def account(bluesky: BlueskyServer) -> Account:
    return bluesky.account(f"w{uuid.uuid4().hex[:10]}.test")


@pytest.fixture(scope="module")
def people(browser: Any, demo: Serving) -> dict[str, Visitor]:
    links = fresh_links(demo)
    return {name: Visitor(browser, demo, links[name]) for name in ("Priya", "Gail", "Adaeze", "Ken")}


def test_a_channel_is_connected_with_its_own_password_only(people: dict[str, Visitor], account: Account) -> None:
    ken = people["Ken"]
    add_channel(ken, "bluesky", "Regional on Bluesky", account.handle)
    page = ken.page
    assert "Not connected" in page.inner_text("main")
    complaints = ken.look()
    for password, answer in (("wrong", "no longer accepts this app password. Nothing was saved."), (account.app_password, f"Connected as @{account.handle}")):
        page.fill("#field-identifier", account.handle)
        page.fill("#field-password", password)
        page.fill("#field-service", account.server.url)
        follow(page, "button:has-text('Connect') >> nth=0")
        assert answer in page.inner_text("main")
    assert "Signs in" in page.inner_text("main")
    assert account.app_password not in page.content()
    assert complaints + ken.look() == []
    assert ken.complaints == []


def test_the_journey_to_bluesky_and_back(people: dict[str, Visitor], account: Account, bluesky: BlueskyServer, picture: Callable[[], dict[str, Any]]) -> None:
    priya, gail = people["Priya"], people["Gail"]
    friend = bluesky.account(f"f{uuid.uuid4().hex[:10]}.test")
    write(priya, "Regional on Bluesky", f"Flu shots with @{friend.handle}, walk in Mon-Fri 8 to 4: https://wrenfield.example/flu #FluSeason")
    follow(priya.page, "button:has-text('Save draft')")
    priya.page.set_input_files("#picture", picture())
    follow(priya.page, "button:has-text('Add image')")
    with priya.page.expect_response(lambda answer: "/compose/check/" in answer.url):
        priya.page.fill("input[name^=alt-]", "A teal poster about flu shots")
    priya.page.wait_for_function("() => document.querySelector('#panel .verdict.allow') && !document.querySelector('#panel').classList.contains('htmx-request')")
    complaints = priya.look()
    post = approve_and_publish(priya, gail)
    wait_for(priya.page, post, "exactly the approved version")
    raw: Any = account.records()[0]["value"]
    assert raw["embed"]["images"][0]["alt"] == "A teal poster about flu shots"
    assert {facet["features"][0]["$type"].rpartition("#")[2] for facet in raw["facets"]} == {"link", "mention", "tag"}
    complaints += priya.look()

    visitor = bluesky.account(f"v{uuid.uuid4().hex[:10]}.test")
    address = visitor.post("When is the flu clinic open?")
    write(priya, "Regional on Bluesky", "Mon-Fri 8 to 4, no appointment needed.", path="/compose/?kind=reply", heard="When is the flu clinic open?", link=address)
    complaints += priya.look()
    answer = approve_and_publish(priya, gail)
    wait_for(priya.page, answer, "exactly the approved version")
    assert any(row["value"].get("reply", {}).get("parent", {}).get("uri", "").startswith(f"at://{visitor.did}/") for row in account.records())  # type: ignore[attr-defined]

    priya.page.once("dialog", lambda dialog: dialog.accept())
    priya.page.goto(post)
    follow(priya.page, "button:has-text('Take down')")
    wait_for(priya.page, post, "looked again")
    assert len(account.records()) == 1
    assert complaints == []
    assert priya.complaints == gail.complaints == []


def test_a_post_by_hand_takes_a_minute_and_shows_proof(people: dict[str, Visitor], picture: Callable[[], dict[str, Any]]) -> None:
    ken, priya, gail = people["Ken"], people["Priya"], people["Gail"]
    add_channel(ken, "facebook", "Regional on Facebook", "wrenfield-regional")
    write(priya, "Regional on Facebook", "Our volunteers knit hats for every baby born here this winter.")
    post = approve_and_publish(priya, gail)
    wait_for(priya.page, post, "To post by hand")
    priya.go("/")
    follow(priya.page, "a:has-text('Post on Regional on Facebook')")
    complaints = priya.look()
    for box in priya.page.query_selector_all("main input[type=checkbox]"):
        box.check()
    priya.page.fill("#link", "https://www.facebook.example/wrenfield/posts/1")
    priya.page.set_input_files("#proof", picture())
    follow(priya.page, "button:has-text('It is posted')")
    assert "Posted by hand" in priya.page.inner_text("main")
    follow(priya.page, "a:has-text('proof: posted')")
    assert priya.page.evaluate("document.images.length") == 1
    assert complaints == []
    assert priya.complaints == []


def test_the_brake_is_one_click_and_every_page_says_so(people: dict[str, Visitor]) -> None:
    adaeze, priya = people["Adaeze"], people["Priya"]
    adaeze.page.once("dialog", lambda dialog: dialog.accept())
    adaeze.go("/settings/")
    follow(adaeze.page, "button[aria-label='Stop: Everything, everywhere']")
    priya.go("/")
    assert "All publishing is stopped" in priya.page.inner_text("main")
    complaints = adaeze.look() + priya.look()
    adaeze.go("/settings/")
    follow(adaeze.page, "button[aria-label='Start again: Everything, everywhere']")
    priya.go("/")
    assert "All publishing is stopped" not in priya.page.inner_text("main")
    assert complaints == []
