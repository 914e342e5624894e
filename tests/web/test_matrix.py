"""Every address, as every role: what one may not see is not found, and nobody signed out sees anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from primum.web.urls import urlpatterns

ROLES = ("priya", "sam", "gail", "tomas", "adaeze", "ken", "ruth", "olu", "nobody")
PUBLIC = {"healthz", "livez", "demo_enter", "invitation"}
READERS = {"adaeze", "ken", "ruth", "helen"}
INSIDE = {"priya", "sam", "gail", "tomas", "adaeze", "ruth"}


def addresses(world: Any) -> dict[str, str]:
    """One real address for each of our URL names."""
    post = world.draft()
    world.submit(post)
    revision = world.post(post).revisions.get().id
    channel, person, missing = world.channel, world.priya.id, uuid4()
    return {
        "today": "/",
        "healthz": "/healthz",
        "livez": "/livez",
        "tour": "/tour/",
        "compose": "/compose/",
        "compose_try": "/compose/try/",
        "compose_check": "/compose/check/",
        "compose_edit": f"/compose/{post}/",
        "compose_save": "/compose/save/",
        "compose_submit": f"/compose/{post}/submit/",
        "compose_add_picture": f"/compose/{post}/pictures/",
        "compose_remove_picture": f"/compose/{post}/pictures/{missing}/remove/",
        "picture": f"/pictures/{missing}/",
        "posts": "/posts/",
        "post": f"/posts/{post}/",
        "post_seen": f"/posts/{post}/seen/{missing}/",
        "post_schedule": f"/posts/{post}/schedule/",
        "post_act": f"/posts/{post}/duplicate/",
        "native": "/posts/there/",
        "by_hand": f"/by-hand/{missing}/",
        "by_hand_done": f"/by-hand/{missing}/done/",
        "proof": f"/proof/{missing}/",
        "calendar": "/calendar/",
        "review": "/review/",
        "review_item": f"/review/{revision}/",
        "review_decide": f"/review/{revision}/decide/",
        "channels": "/channels/",
        "channel": f"/channels/{channel}/",
        "channel_add": "/channels/add/",
        "channel_pace": f"/channels/{channel}/pace/",
        "channel_connect": f"/channels/{channel}/connect/",
        "channel_sign_in": f"/channels/{channel}/sign-in/",
        "channel_back": "/channels/signed-in/",
        "channel_disconnect": f"/channels/{channel}/disconnect/",
        "channel_status": f"/channels/{channel}/status/",
        "channel_owners": f"/channels/{channel}/owners/",
        "practice_feed": f"/practice/{channel}/",
        "practice_picture": "/practice/picture/abc/",
        "people": "/people/",
        "people_add": "/people/add/",
        "person": f"/people/{person}/",
        "person_roles": f"/people/{person}/roles/",
        "person_act": f"/people/{person}/recover/",
        "evidence": "/evidence/",
        "evidence_verify": "/evidence/verify/",
        "evidence_pack": "/evidence/pack/1/",
        "evidence_verifier": "/evidence/verify_evidence.py",
        "rules": "/rules/",
        "rules_own": "/rules/own/",
        "rules_disagree": "/rules/disagree/",
        "settings": "/settings/",
        "settings_stop": "/settings/stop/",
        "settings_me": "/settings/me/",
        "settings_organisation": "/settings/organisation/",
        "demo_enter": "/enter/x/",
        "invitation": "/invitation/x/",
    }


def expected_get(name: str, role: str) -> set[int]:
    """What a GET answers. Posts of Regional are for those who work on them; evidence is for its readers."""
    if name in (
        "compose_try",
        "compose_check",
        "compose_save",
        "compose_submit",
        "compose_add_picture",
        "compose_remove_picture",
        "post_schedule",
        "post_act",
        "review_decide",
        "channel_status",
        "channel_add",
        "channel_connect",
        "channel_sign_in",
        "channel_pace",
        "channel_disconnect",
        "post_seen",
        "by_hand_done",
        "channel_owners",
        "people_add",
        "person_roles",
        "person_act",
        "evidence_verify",
        "settings_me",
        "settings_stop",
        "settings_organisation",
        "rules_disagree",
    ):
        return {405}
    if name in ("demo_enter", "tour", "picture", "practice_picture", "by_hand", "proof"):
        return {404}
    if name == "healthz":
        return {503}  # no worker runs in this test
    if name == "invitation":
        return {410}
    if name == "channel_back":
        return {302}  # to the channels, saying that nobody left
    if name == "rules_own":
        return {200} if role in ("adaeze", "ken", "helen") else {404}
    if name.startswith("evidence"):
        return {200} if role in READERS else {404}
    if name in ("post", "review_item", "compose_edit"):
        return {200} if role in INSIDE else {404}
    return {200}


def test_every_address_is_in_the_matrix(world: Any) -> None:
    assert {pattern.name for pattern in urlpatterns} == set(addresses(world))


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_gets(world: Any, role: str) -> None:
    client = world.browser_of(getattr(world, role))
    for name, path in addresses(world).items():
        response = client.get(path)
        assert response.status_code in expected_get(name, role), (role, name, response.status_code)
        assert response["Cache-Control"], name
        assert "default-src 'none'" in response["Content-Security-Policy"]


def test_signed_out_nothing_but_the_door(world: Any) -> None:
    client = Client(headers={"host": "localhost"})
    for name, path in addresses(world).items():
        for method in (client.get, client.post):
            response = method(path)
            if name not in PUBLIC:
                assert response.status_code == 302 and response["Location"].startswith("/account/login/"), name


WRITES: dict[str, tuple[dict[str, str], set[str]]] = {
    "settings_stop": ({"stopped": "1"}, {"adaeze", "ken"}),
    "channel_pace": ({"posts_per_hour": "3"}, {"gail", "priya", "adaeze", "ken"}),
    "channel_disconnect": ({}, {"gail", "priya", "adaeze", "ken"}),
    "post_act": ({}, {"priya", "sam"}),
    "channel_status": ({"status": "paused"}, {"gail", "priya", "adaeze", "ken"}),
    "settings_organisation": ({"name": "X", "time_zone": "UTC"}, {"ken"}),
    "person_act": ({}, {"ken"}),
    "people_add": ({"name": "Zed", "email": "zed@wrenfield.example"}, {"ken"}),
}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_write(world: Any, role: str) -> None:
    from primum.evidence.models import Entry

    client, paths = world.browser_of(getattr(world, role)), addresses(world)
    for name, (data, allowed) in WRITES.items():
        with undone():
            before = Entry.objects.exclude(action__in=("record_view", "record_sign_in_change")).count()
            client.post(paths[name], data)
            wrote = Entry.objects.exclude(action__in=("record_view", "record_sign_in_change")).count() > before
        assert wrote == (role in allowed), (role, name)


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back, so that the next one meets the world as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_what_you_may_not_see_looks_like_what_is_not_there(world: Any) -> None:
    post = world.draft()
    client = world.browser_of(world.olu)
    hidden, missing = client.get(f"/posts/{post}/"), client.get(f"/posts/{uuid4()}/")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_allauths_pages_are_behind_the_same_door(world: Any) -> None:
    client = Client(headers={"host": "localhost"})
    for resolver in get_resolver().url_patterns:
        if not isinstance(resolver, URLResolver) or not str(resolver.pattern).startswith("account/"):
            continue
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern) and "<" not in str(pattern.pattern) and "(?P" not in str(pattern.pattern):
                response = client.get(f"/{resolver.pattern}{pattern.pattern}".replace("^", "").replace("$", ""))
                assert response.status_code in (200, 302, 404, 405), pattern.name
                assert b"Traceback" not in response.content
