"""Coming in, staying in, and being shown out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from world import PASSWORD, SETUP, T

from primum.evidence.models import Entry
from primum.people import actions
from primum.people.actions import LinkRefused, NotAllowed


def sign_in(email: str, password: str = PASSWORD) -> Client:
    client = Client(headers={"host": "localhost"})
    client.post("/account/login/", {"login": email, "password": password})
    return client


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRIMUM", replace(settings.PRIMUM, demo=True))


def with_password(world: Any, someone: Any) -> None:
    user = someone.user
    user.set_password(PASSWORD)
    user.save()


@pytest.mark.parametrize("path", ["/", "/compose/", "/posts/", "/review/", "/people/", "/evidence/", "/settings/", "/account/sessions/", "/account/password/change/"])
def test_a_second_factor_cannot_be_skipped(world: Any, path: str) -> None:
    with_password(world, world.priya)
    client = sign_in(world.priya.email)
    response = client.get(path)
    assert response.status_code == 302 and response["Location"] == "/account/2fa/totp/activate/"
    assert client.get("/account/2fa/totp/activate/").status_code in (200, 302)


def test_signed_out_sees_only_the_door(world: Any) -> None:
    client = Client(headers={"host": "localhost"})
    for path in ("/", "/posts/", "/evidence/", "/compose/"):
        assert client.get(path)["Location"].startswith("/account/login/")
    assert client.get("/account/signup/").status_code == 404
    assert client.get("/account/password/reset/").status_code == 404


def test_a_wrong_password_and_an_unknown_person_look_the_same(world: Any) -> None:
    with_password(world, world.priya)
    client = Client(headers={"host": "localhost"})
    wrong = client.post("/account/login/", {"login": world.priya.email, "password": "wrong wrong wrong"})
    unknown = client.post("/account/login/", {"login": "zed@wrenfield.example", "password": "wrong wrong wrong"})
    strip = lambda page: page.content.replace(world.priya.email.encode(), b"").replace(b"zed@wrenfield.example", b"")  # noqa: E731
    import re

    clean = lambda page: re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|"challenge": "[^"]+"', b"", strip(page))  # noqa: E731
    assert wrong.status_code == unknown.status_code == 200
    assert clean(wrong) == clean(unknown)


def test_who_leaves_is_out_at_once(open_world: Any) -> None:
    client = open_world.browser_of(open_world.priya)
    assert client.get("/").status_code == 200
    event = actions.person_left(actor=open_world.ken.actor, person_id=open_world.priya.id, now=timezone.now())
    assert event.sessions_ended == 1
    assert client.get("/")["Location"].startswith("/account/login/")
    with_password(open_world, open_world.priya)
    assert "_auth_user_id" not in sign_in(open_world.priya.email).session


def test_new_roles_count_at_once_and_nobody_gives_themselves_any(open_world: Any) -> None:
    client = open_world.browser_of(open_world.gail)
    actions.set_roles(actor=open_world.ken.actor, person_id=open_world.gail.id, roles=frozenset())
    assert client.get("/")["Location"].startswith("/account/login/")
    with pytest.raises(NotAllowed, match="their own"):
        actions.set_roles(actor=open_world.ken.actor, person_id=open_world.ken.id, roles=frozenset({("privacy_officer", None)}))
    with pytest.raises(NotAllowed, match="Only an administrator"):
        actions.set_roles(actor=open_world.priya.actor, person_id=open_world.gail.id, roles=frozenset())


def test_one_administrator_remains(world: Any) -> None:
    actions.person_left(actor=world.ken.actor, person_id=world.helen.id, now=T)
    with pytest.raises(NotAllowed, match="One administrator must remain"):
        actions.set_roles(actor=SETUP, person_id=world.ken.id, roles=frozenset())


def test_a_lost_factor_needs_two_others(open_world: Any) -> None:
    world = open_world
    client = world.browser_of(world.priya)
    opened = actions.open_recovery(actor=world.ken.actor, person_id=world.priya.id, now=T)
    with pytest.raises(NotAllowed, match="Two different people"):
        actions.vouch_recovery(actor=world.ken.actor, recovery_id=opened.recovery, now=T)
    with pytest.raises(NotAllowed):
        actions.vouch_recovery(actor=world.gail.actor, recovery_id=opened.recovery, now=T)
    assert Authenticator.objects.filter(user=world.priya.user).exists()
    actions.vouch_recovery(actor=world.helen.actor, recovery_id=opened.recovery, now=T)
    assert not Authenticator.objects.filter(user=world.priya.user).exists()
    assert client.get("/")["Location"].startswith("/account/login/")
    with pytest.raises(NotAllowed, match="themselves"):
        actions.open_recovery(actor=world.ken.actor, person_id=world.ken.id, now=T)


def test_an_invitation_works_once_and_sets_the_password(open_world: Any) -> None:
    token, token_hash = actions.new_token()
    actions.invite_person(actor=open_world.ken.actor, person_id=open_world.nobody.id, token_hash=token_hash, now=timezone.now())
    client = Client(headers={"host": "localhost"})
    assert b"Nils Grau" in client.get(f"/invitation/{token}/").content
    assert b"differ" in client.post(f"/invitation/{token}/", {"password": PASSWORD, "again": "x"}).content
    assert b"too short" in client.post(f"/invitation/{token}/", {"password": "short", "again": "short"}).content
    assert client.post(f"/invitation/{token}/", {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert client.get("/")["Location"] == "/account/2fa/totp/activate/"
    assert Client(headers={"host": "localhost"}).get(f"/invitation/{token}/").status_code == 410
    with pytest.raises(LinkRefused):
        actions.use_link(actor=open_world.nobody.actor, token=token, kind="invite", now=timezone.now())


def test_an_invitation_expires(world: Any) -> None:
    token, token_hash = actions.new_token()
    actions.invite_person(actor=world.ken.actor, person_id=world.nobody.id, token_hash=token_hash, now=T)
    with pytest.raises(LinkRefused):
        actions.peek_link(token=token, kind="invite", now=T + timedelta(hours=73))


def offer(world: Any) -> str:
    token, token_hash = actions.new_token()
    actions.offer_demo_links(actor=SETUP, hashes={world.priya.id: token_hash}, now=timezone.now())
    return f"/enter/{token}/"


def test_a_demonstration_link_is_refused_outside_the_demonstration(world: Any) -> None:
    assert Client(headers={"host": "localhost"}).get(offer(world)).status_code == 404


def test_a_demonstration_link_works_once_on_this_machine_only(open_world: Any, demo: None) -> None:
    actions.set_organisation(actor=SETUP, name="Demo", time_zone="UTC", profile={}, is_demo=True)
    path = offer(open_world)
    assert Client(headers={"host": "localhost", "x-forwarded-for": "203.0.113.9"}).get(path).status_code == 404
    assert Client(headers={"host": "localhost"}, REMOTE_ADDR="203.0.113.9").get(path).status_code == 404
    assert Client(headers={"host": "evil.example"}).get(path).status_code == 400
    assert Client(headers={"host": "localhost"}).get(path)["Location"] == "/tour/"
    assert Client(headers={"host": "localhost"}).get(path).status_code == 410


def test_secrets_of_second_factors_rest_encrypted(world: Any) -> None:
    from allauth.mfa.adapter import get_adapter

    sealed = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY" not in sealed and get_adapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_the_last_second_factor_stays(world: Any) -> None:
    from allauth.mfa.adapter import get_adapter

    only = Authenticator.objects.create(user=world.priya.user, type=Authenticator.Type.TOTP, data={})
    assert not get_adapter().can_delete_authenticator(only)
    Authenticator.objects.create(user=world.priya.user, type=Authenticator.Type.WEBAUTHN, data={})
    assert get_adapter().can_delete_authenticator(only)


def test_signing_in_and_out_is_recorded(open_world: Any) -> None:
    with_password(open_world, open_world.priya)
    client = sign_in(open_world.priya.email)
    client.post("/account/logout/")
    assert list(Entry.objects.filter(action="record_sign_in_change").order_by("index").values_list("subject", flat=True)) == [f"person:{open_world.priya.id}"] * 2
    assert not Session.objects.exists()


def test_two_cannot_open_the_same_recovery(world: Any) -> None:
    actions.open_recovery(actor=world.ken.actor, person_id=world.priya.id, now=T)
    with pytest.raises(IntegrityError):
        actions.open_recovery(actor=world.helen.actor, person_id=world.priya.id, now=T)


def test_nobody_becomes_somebody_else_by_an_invitation(open_world: Any) -> None:
    """An administrator holds the link; it must not open an account that is in use."""
    world = open_world
    world.browser_of(world.adaeze)
    with pytest.raises(NotAllowed, match="two people must vouch"):
        actions.invite_person(actor=world.ken.actor, person_id=world.adaeze.id, token_hash="x", now=timezone.now())
    token, token_hash = actions.new_token()
    actions.invite_person(actor=world.ken.actor, person_id=world.gail.id, token_hash=token_hash, now=timezone.now())
    with_password(world, world.gail)  # she chose her password meanwhile
    with pytest.raises(NotAllowed):
        actions.use_link(actor=world.gail.actor, token=token, kind="invite", now=timezone.now(), password="another long password")


def test_an_administrator_of_one_facility_manages_nobody(world: Any) -> None:
    local = world.someone("Lena Marsh", ("administrator", world.elsewhere), ("privacy_officer", world.elsewhere))
    with pytest.raises(NotAllowed):
        actions.set_roles(actor=local.actor, person_id=world.gail.id, roles=frozenset())
    assert world.browser_of(local).get("/evidence/").status_code == 404
    from primum.inventory import actions as inventory

    with pytest.raises(inventory.NotAllowed):
        inventory.set_channel_status(actor=local.actor, channel_id=world.channel, status="retired")
