"""The main job, end to end, as three people in three windows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from serving import CLEAN, Serving
from visiting import Visitor, reachable

pytestmark = pytest.mark.browser
TEXT = "Free CPR class on Saturday at 10 in the lobby. Bring a friend!"
POST = re.compile(r"/posts/[0-9a-f-]{36}/$")
MOMENT_1 = "Rough one in the ED tonight. Dad in his 40s, chainsaw vs. thigh, out on Route 9. Our trauma team did NOT quit on him. #NightShift"


@pytest.fixture(scope="module")
def people(browser: Any, demo: Serving) -> dict[str, Visitor]:
    return {name: Visitor(browser, demo, demo.link(name)) for name in ("Priya", "Gail", "Adaeze", "Ken")}


def follow(page: Any, selector: str) -> None:
    """Click what leads to another page, and wait until that page is there whole."""
    with page.expect_navigation(wait_until="load"):
        page.click(selector)


def only_regional(page: Any) -> None:
    for box in page.query_selector_all("input[name=channel]"):
        label = box.evaluate("box => box.closest('label').textContent")
        (box.check if "Regional" in label else box.uncheck)()


def test_one_post_travels_through_the_house(people: dict[str, Visitor]) -> None:
    priya, gail, adaeze = people["Priya"], people["Gail"], people["Adaeze"]
    priya.go("/compose/")
    page = priya.page
    only_regional(page)
    page.fill("#text", MOMENT_1)
    page.wait_for_selector("#panel .verdict.block")
    assert "Route 9" in page.inner_text("#panel") and "Adaeze Obi" in page.inner_text("#panel")
    assert {mark.inner_text() for mark in page.query_selector_all("#marks mark")} >= {"chainsaw", "Route 9", "tonight"}
    page.click("#panel [data-use]")
    page.wait_for_selector("#panel .verdict.allow")
    assert page.input_value("#text") == "Our trauma team trains for the hardest nights, so they are ready for yours. #NightShift"
    page.fill("#text", TEXT)
    page.wait_for_selector("#panel .verdict.allow")
    page.click("button:has-text('Submit for review')")
    page.wait_for_url(POST)
    post = page.url

    gail.go("/review/")
    follow(gail.page, "a:has-text('Priya Nand, Wrenfield Regional')")
    assert TEXT in gail.page.inner_text("main")
    with gail.page.expect_navigation(wait_until="load"):
        gail.page.keyboard.press("a")
    gail.page.goto(post)
    assert "Gail Whitcombe approved it" in gail.page.inner_text("main")

    page.goto(post)
    follow(page, "button:has-text('Publish now')")
    for _ in range(60):
        page.goto(post)
        if "exactly the approved version" in page.inner_text("main"):
            break
        time.sleep(0.5)
    assert "read back: exactly the approved version" in page.inner_text("main")
    follow(page, "a:has-text('See it')")
    assert TEXT in page.inner_text(".feed") and page.url.partition("#")[2]

    page.goto(post)
    page.on("dialog", lambda dialog: dialog.accept())
    follow(page, "button:has-text('Take down')")
    for _ in range(60):
        page.goto(post)
        if "looked again" in page.inner_text("main"):
            break
        time.sleep(0.5)
    assert "gone" in page.inner_text("main") and "Taken down" in page.inner_text("main")

    adaeze.go("/evidence/")
    follow(adaeze.page, "button:has-text('Verify everything')")
    assert "entries hold" in adaeze.page.inner_text("main")
    for visitor in (priya, gail, adaeze):
        assert visitor.complaints == []


def test_not_what_gail_approved(people: dict[str, Visitor]) -> None:
    priya, gail = people["Priya"], people["Gail"]
    priya.go("/tour/")
    follow(priya.page, "a:has-text('Open the approved post')")
    post = priya.page.url
    follow(priya.page, "a:has-text('Edit')")
    assert "needs approval again" in priya.page.inner_text("main")
    priya.page.focus("#text")
    priya.page.keyboard.press("Control+End")
    priya.page.keyboard.insert_text("❤")
    priya.page.wait_for_selector("#saved:has-text('approval is gone')")
    priya.page.goto(post)
    assert "Draft" in priya.page.inner_text(".page-top")
    follow(priya.page, "a:has-text('Edit')")
    priya.page.click("button:has-text('Submit for review')")
    priya.page.wait_for_url(POST)
    gail.go("/review/")
    links = gail.page.query_selector_all(".rows a")
    with gail.page.expect_navigation(wait_until="load"):
        links[-1].click()
    assert "1 character changed" in gail.page.inner_text("main") and gail.page.inner_text("main ins >> nth=1") == "❤"
    assert priya.complaints == gail.complaints == []


def test_the_review_is_answered_kindly_and_silently(people: dict[str, Visitor]) -> None:
    priya = people["Priya"]
    priya.go("/tour/")
    follow(priya.page, "button:has-text('Try the answer')")
    assert len(priya.page.query_selector_all("#panel .finding")) == 5
    pushes = "Array.from(document.querySelectorAll('.marks mark'), m => { const s = getComputedStyle(m); return ['paddingLeft', 'paddingRight', 'borderLeftWidth', 'borderRightWidth', 'marginLeft', 'marginRight'].map(n => s[n]) }).flat()"
    assert set(priya.page.evaluate(pushes)) == {"0px"}, "a mark pushes the letters behind it away from those that are typed"
    assert "$23,000" in priya.page.inner_text("#panel")
    priya.page.click("#panel [data-use]")
    priya.page.wait_for_selector("#panel .verdict.allow")
    assert "Patient Relations, 555-0170" in priya.page.input_value("#text")
    assert priya.complaints == []


PAGES = {
    "Priya": ["/", "/compose/", "/compose/?kind=reply", "/posts/", "/calendar/", "/calendar/?view=list", "/review/", "/channels/", "/people/", "/settings/", "/tour/", "/nothing-here/"],
    "Gail": ["/review/"],
    "Adaeze": ["/evidence/", "/review/", "/rules/", "/rules/own/"],
    "Ken": ["/people/", "/settings/", "/account/2fa/", "/account/sessions/", "/account/password/change/", "/account/2fa/totp/activate/"],
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_light_and_dark_wide_and_narrow(people: dict[str, Visitor], name: str) -> None:
    visitor, found = people[name], []
    paths = list(PAGES[name])
    if name == "Gail":
        visitor.go("/review/")
        link = visitor.page.query_selector(".rows a")
        paths += [link.get_attribute("href")] if link else []
    if name == "Priya":
        for start, pattern in (("/posts/", "/posts/[0-9a-f-]{36}/"), ("/channels/", "/practice/[0-9a-f-]{36}/"), ("/channels/", "/channels/[0-9a-f-]{36}/")):
            visitor.go(start)
            paths += re.findall(f'href="({pattern})"', visitor.page.content())[:2]
    if name == "Ken":
        visitor.go("/people/")
        paths += [visitor.page.query_selector("a:has-text('Gail')").get_attribute("href")]
    for path in paths:
        visitor.go(path)
        found += visitor.look()
    assert found == [] and visitor.complaints == []


def test_the_keyboard_reaches_everything(people: dict[str, Visitor]) -> None:
    page = people["Priya"].page
    people["Priya"].go("/compose/")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Control+k")
    assert page.evaluate("() => document.getElementById('palette').open")
    page.keyboard.type("calend")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calendar/")
    page.keyboard.press("?")
    assert page.evaluate("() => document.getElementById('keys').open")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.getElementById('keys').open")
    page.keyboard.press("j")
    page.wait_for_url("**month=*")


def totp(secret: str, at: float) -> str:
    """RFC 6238, thirty seconds, six digits."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at // 30)), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_a_real_sign_in_with_an_app_a_passkey_and_recovery_codes(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = reachable(tmp_path_factory.mktemp("real")) / "home"
    password = "a long quiet harbour 42"
    setup = [
        sys.executable,
        "-m",
        "primum",
        "setup",
        "--organisation",
        "Marlow Clinic",
        "--name",
        "Ana Ruiz",
        "--email",
        "ana@marlow.example",
        "--facility",
        "Main",
        "--town",
        "Marlow Bay",
        "--time-zone",
        "UTC",
    ]
    subprocess.run(setup, env={**CLEAN, "PRIMUM_HOME": str(home), "PRIMUM_SETUP_PASSWORD": password}, check=True, capture_output=True)
    with Serving(home, demo=False) as serving:
        ana = Visitor(browser, serving)
        page = ana.page
        ana.go("/")
        assert ana.look() == []
        page.fill("input[name=login]", "ana@marlow.example")
        page.fill("input[name=password]", password)
        page.click("button:has-text('Sign in') >> nth=0")
        page.wait_for_url(re.compile("/account/reauthenticate/"))  # allauth asks once more before a factor is added
        assert ana.look() == []
        page.fill("input[name=password]", password)
        page.click("main button[type=submit] >> nth=0")
        page.wait_for_url(re.compile("/2fa/totp/activate/$"))
        assert ana.look() == []
        ana.go("/posts/")
        assert "/2fa/totp/activate/" in page.url
        secret = page.input_value("#authenticator_secret")
        page.fill("input[name=code]", totp(secret, time.time()))
        follow(page, "button:has-text('Activate')")
        page.wait_for_load_state()
        ana.go("/account/2fa/recovery-codes/")
        codes = re.findall(r"[0-9a-f]{8}", page.inner_text("main") + (page.input_value("textarea") if page.query_selector("textarea") else ""))
        assert len(set(codes)) == 10, page.url + page.inner_text("main")
        assert ana.look() == []

        cdp = ana.context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "ctap2Version": "ctap2_1",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        ana.go("/account/2fa/webauthn/add/")
        if page.query_selector("input[name=passwordless]"):
            page.check("input[name=passwordless]")
        page.click("#mfa_webauthn_add")
        page.wait_for_url(lambda url: "/add/" not in url)
        ana.go("/settings/")
        assert "Security keys" in page.inner_text("main") or "WebAuthn" in page.inner_text("main") or "Passkey" in page.inner_text("main")

        follow(page, "button:has-text('Sign out')")
        page.wait_for_load_state()
        ana.go("/account/login/")
        page.click("#passkey_login")
        page.wait_for_url(serving.url + "/")

        other = Visitor(browser, serving)
        other.go("/account/login/")
        other.page.fill("input[name=login]", "ana@marlow.example")
        other.page.fill("input[name=password]", password)
        other.page.click("button:has-text('Sign in') >> nth=0")
        other.page.wait_for_url(re.compile("/2fa/authenticate/"))
        assert other.look() == []
        other.page.fill("input[name=code]", codes[0])
        other.page.click("button[type=submit] >> nth=0")
        other.page.wait_for_url(serving.url + "/")
        assert ana.complaints == other.complaints == []
    assert password not in Path(serving.output).read_text()
