"""Pages under bad input and double clicks: a clear message, nothing lost, nothing twice."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from world import DAY, HOUR, MOSAIC, SAFE, SETUP, T

from primum.evidence.models import Entry
from primum.people import actions as people
from primum.publishing.models import Picture, Post, PracticePost


def form(world: Any, text: str = SAFE, **more: Any) -> dict[str, Any]:
    return {"kind": "post", "post": "", "version": "0", "text": text, "channel": [str(world.channel)], "window_from": "", "window_until": "", **more}


def test_checking_records_nothing_and_stores_nothing(world: Any) -> None:
    client = world.browser_of(world.priya)
    before = Entry.objects.count()
    page = client.post("/compose/check/", form(world, MOSAIC)).content.decode()
    assert "This would be stopped" in page and "Our trauma team trains for the hardest nights" in page and "Adaeze Obi" in page
    assert "Marlow Bay (your page)" in page and "chainsaw" in page
    assert Entry.objects.count() == before and not Post.objects.exists()


def test_an_answer_is_checked_with_what_they_wrote_and_kept_only_when_saved(world: Any) -> None:
    client = world.browser_of(world.priya)
    answer = form(world, "So sorry about your wait, Dana.", kind="reply", heard="Six hours in your ER")
    page = client.post("/compose/check/", answer).content.decode()
    assert "$23,000" in page and "Federal and state privacy laws" in page
    assert not Post.objects.exists()
    client.post("/compose/save/", answer)
    assert Post.objects.get().heard == "Six hours in your ER"


def test_what_they_told_of_their_health_does_not_come_back(world: Any) -> None:
    answer = form(world, "Kidney stones are among the worst pains there are.", kind="reply", heard="I had kidney stones and nobody came")
    page = world.browser_of(world.priya).post("/compose/check/", answer).content.decode()
    assert "Repeats what somebody told of their health" in page and "A reviewer may release it" in page


def test_who_decides_on_what_is_only_looked_at_is_said_as_it_is(world: Any) -> None:
    page = world.browser_of(world.priya).post("/compose/check/", form(world, "Three cases of measles this month.")).content.decode()
    assert "A clinical reviewer or the privacy officer decides" in page and "Tomas Orrin" in page


@pytest.mark.parametrize(("text", "words"), [("", "Write something"), ("x" * 501, "takes 500 characters"), ("a\x00b", "character that no platform can show"), ("x" * 60_000, "longer than 50,000")])
def test_a_text_that_cannot_be_submitted_says_why_and_stays_in_the_form(world: Any, text: str, words: str) -> None:
    client = world.browser_of(world.priya)
    response = client.post("/compose/save/", form(world, text, submit="1"), follow=True)
    assert words in response.content.decode()
    assert not Post.objects.filter(state="in_review").exists()


def test_a_megabyte_and_a_hundred_tags(world: Any) -> None:
    client = world.browser_of(world.priya)
    assert client.post("/compose/check/", form(world, "word " * 200_000)).status_code == 200
    tags = " ".join(f"#tag{number}" for number in range(100))
    assert "All clear" in client.post("/compose/check/", form(world, tags)).content.decode()
    assert "would be stopped" in client.post("/compose/check/", form(world, "\u202eSo sorry about your \u200bwait last Tuesday, Dana.", kind="reply")).content.decode()


def test_two_submits_of_one_form_make_one_revision(world: Any) -> None:
    client = world.browser_of(world.priya)
    post = world.draft()
    data = form(world, post=str(post), version=str(world.post(post).version))
    assert client.post(f"/compose/{post}/submit/", data).status_code == 302
    again = client.post(f"/compose/{post}/submit/", data)
    assert again.status_code in (302, 409, 422)
    assert world.post(post).revisions.count() == 1


def test_a_stale_tab_is_told_and_keeps_its_words(world: Any) -> None:
    client = world.browser_of(world.priya)
    post = world.draft()
    version = world.post(post).version
    world.edit(post, "The other tab won.")
    response = client.post("/compose/save/", form(world, "My precious words.", post=str(post), version=str(version)))
    assert response.status_code == 409
    assert "Somebody changed this post" in response.content.decode() and "My precious words." in response.content.decode()
    assert world.post(post).text == "The other tab won."


def test_opening_and_saving_unchanged_keeps_the_approval(world: Any) -> None:
    client = world.browser_of(world.priya)
    post = world.approved()
    row = world.post(post)
    client.post("/compose/save/", form(world, post=str(post), version=str(row.version)), headers={"HX-Request": "true"})
    assert world.post(post).state == "approved"
    page = client.post("/compose/save/", form(world, SAFE + "❤️", post=str(post), version=str(row.version)), headers={"HX-Request": "true"}).content.decode()
    assert world.post(post).state == "draft" and "approval is gone" in page


def test_the_diff_shows_the_one_character(world: Any) -> None:
    post = world.approved()
    world.edit(post, SAFE + "❤")
    world.submit(post)
    revision = world.post(post).revisions.get(state="waiting")
    page = world.browser_of(world.gail).get(f"/review/{revision.id}/").content.decode()
    assert "1 character changed" in page and "<ins>❤</ins>" in page


def test_the_hour_that_a_clock_change_skips_is_refused(world: Any) -> None:
    client = world.browser_of(world.priya)
    post = world.approved(window_until=T + 300 * DAY)
    response = client.post(f"/posts/{post}/schedule/", {"due_at": "2027-03-14T02:30"}, follow=True)
    assert "does not exist: clocks go forward" in response.content.decode()
    assert world.post(post).state == "approved"


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, (20, 90, 80))
    exif = Image.Exif()
    exif[0x010F] = "SecretCam 9000"
    image.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


def upload(world: Any, post: Any, data: bytes, name: str = "a.jpg") -> str:
    client = world.browser_of(world.priya)
    values = form(world, post=str(post), version=str(world.post(post).version), picture=SimpleUploadedFile(name, data))
    return client.post(f"/compose/{post}/pictures/", values, follow=True).content.decode()


def test_a_picture_is_written_anew_without_its_metadata(world: Any) -> None:
    post = world.draft()
    assert "Image added" in upload(world, post, picture())
    row = Picture.objects.get()
    assert b"SecretCam" not in bytes(row.data) and (row.mime, row.width) == ("image/jpeg", 60)
    response = world.browser_of(world.gail).get(f"/pictures/{row.id}/")
    assert response["Content-Type"] == "image/jpeg" and response["X-Content-Type-Options"] == "nosniff"
    assert world.browser_of(world.olu).get(f"/pictures/{row.id}/").status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<svg onload=alert(1)>", "not a JPEG"),
        (picture(size=(400, 400))[:-900], "damaged"),
        (b"%PDF-1.7 " + b"x" * 100, "not a JPEG"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_picture_is_refused_with_words(world: Any, data: bytes, words: str) -> None:
    post = world.draft()
    assert words in upload(world, post, data)
    assert not Picture.objects.exists()


def test_fifty_megapixels_are_refused_before_they_are_decoded(world: Any) -> None:
    post = world.draft()
    assert "40 megapixels" in upload(world, post, picture("PNG", (10_000, 5_000)), "big.png")


def test_a_picture_needs_words_and_they_are_checked_too(world: Any) -> None:
    post = world.draft()
    upload(world, post, picture())
    client = world.browser_of(world.priya)
    row = world.post(post)
    data = form(world, post=str(post), version=str(row.version))
    assert "Describe image 1 in words" in client.post(f"/compose/{post}/submit/", data, follow=True).content.decode()
    data[f"alt-{Picture.objects.get().id}"] = "Our patient in room 412, MRN 0048213"
    data["version"] = str(world.post(post).version)
    assert "nobody may release" in client.post(f"/compose/{post}/submit/", data, follow=True).content.decode()


def test_a_picture_travels_as_approved(open_world: Any) -> None:
    world = open_world
    post = world.draft()
    upload(world, post, picture())
    world.edit(post, SAFE, alt_texts={Picture.objects.get().id: "A teal square"})
    world.submit(post)
    world.decide(post)
    world.schedule(post)
    world.worker_runs(T + HOUR)
    assert PracticePost.objects.get().pictures[0]["alt"] == "A teal square"
    assert world.post(post).deliveries.get().is_as_approved
    world_client = world.browser_of(world.olu)
    assert world_client.get(f"/practice/picture/{Picture.objects.get().sha256}/").status_code == 200


def test_a_page_from_before_an_upgrade_is_told(world: Any) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    world.browser_of(world.priya)  # gives her a second factor
    client.force_login(world.priya.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/compose/save/", form(world))
    assert response.status_code == 403 and b"This page is from before" in response.content


def test_mail_says_that_something_waits_and_never_what(open_world: Any, mailoutbox: list[Any]) -> None:
    from primum.publishing import remote

    post = open_world.draft("Story hour with Zebulon Quickfoot on Saturday.")
    event = open_world.submit(post)
    assert remote.tell_reviewers(event.revision) == 4
    text = "".join(message.subject + message.body for message in mailoutbox)
    assert "waiting for your review" in text and "Zebulon" not in text and "Story" not in text
    assert {address for message in mailoutbox for address in message.to} == {person.email for person in (open_world.gail, open_world.tomas, open_world.adaeze, open_world.sam)}


def test_who_looked_at_a_flagged_draft_is_recorded(world: Any) -> None:
    post = world.draft(MOSAIC)
    world.submit(post, why="Authorization in the binder.")
    world.browser_of(world.adaeze).get(f"/posts/{post}/")
    entry = Entry.objects.filter(action="record_view").get()
    assert entry.actor == f"person:{world.adaeze.id}" and entry.subject == f"item:{post}"


def test_who_opened_a_colleagues_flagged_draft_is_recorded_and_its_writer_is_not(world: Any) -> None:
    post = world.draft(MOSAIC)
    world.browser_of(world.priya).get(f"/compose/{post}/")
    assert not Entry.objects.filter(action="record_view").exists()
    world.browser_of(world.sam).get(f"/compose/{post}/")
    assert Entry.objects.get(action="record_view").actor == f"person:{world.sam.id}"


def test_a_disagreement_counts_for_the_rule_and_names_nobody(world: Any) -> None:
    from primum.screening.models import Disagreement

    post = world.draft(MOSAIC)
    world.submit(post, why="Authorization in the binder.")
    client = world.browser_of(world.priya)
    assert "This is wrong" in client.get(f"/compose/{world.draft(MOSAIC)}/").content.decode()
    answer = client.post("/rules/disagree/", {"rule": "CTX.MOSAIC", "label": "UNIQUE", "verdict": "block", "text": "Zebulon"})
    assert answer.status_code == 200 and "Noted" in answer.content.decode()
    assert [(row.rule, row.label, row.verdict) for row in Disagreement.objects.all()] == [("CTX.MOSAIC", "UNIQUE", "block")]
    entry = Entry.objects.get(action="note_disagreement")
    assert entry.actor == "system:disagreement" and "Zebulon" not in bytes(entry.leaf).decode()
    page = client.get("/rules/").content.decode()
    assert "1 this week, 1 in all" in page and "said to be wrong 1 time (100 %)" in page
    for wrong in ({"rule": "NO.SUCH", "label": "NAME", "verdict": "block"}, {"rule": "ID.NAME", "label": "Zebulon", "verdict": "block"}, {}):
        assert client.post("/rules/disagree/", wrong).status_code == 400
    assert Disagreement.objects.count() == 1


def test_words_kept_back_stop_a_text_until_their_day(world: Any) -> None:
    ken, priya = world.browser_of(world.ken), world.browser_of(world.priya)
    settings = {"name": "Wrenfield", "time_zone": "UTC", "terms": "Project Heron until 2027-01-15\nBluewater"}
    answer = ken.post("/settings/organisation/", {**settings, "terms": "Project Heron until 2027-15-01"}, follow=True).content.decode()
    assert "Write it as 2027-01-15" in answer
    assert "Saved." in ken.post("/settings/organisation/", settings, follow=True).content.decode()
    early, late = ({"window_from": f"2027-01-{day}T09:00", "window_until": "2027-02-01T09:00"} for day in (14, 15))
    assert "keeps this word to itself until January 15, 2027" in priya.post("/compose/check/", form(world, "Project Heron opens!", **early)).content.decode()
    assert "keeps this word" not in priya.post("/compose/check/", form(world, "Project Heron opens!", **late)).content.decode()
    assert "keeps this word to itself." in priya.post("/compose/check/", form(world, "Meet Bluewater.", **late)).content.decode()
    people.set_organisation(actor=SETUP, name="x", time_zone="UTC", profile={})


def test_ready_answers_stand_beside_an_answer_and_nowhere_else(world: Any) -> None:
    client = world.browser_of(world.priya)
    page = client.get("/compose/?kind=reply").content.decode()
    assert page.count('class="ready-answer"') == 14 and "call or text 988" in page and "hablar de la atención de nadie" in page
    assert 'class="ready-answer"' not in client.get("/compose/").content.decode()


def test_settings_change_what_is_ours(world: Any) -> None:
    client = world.browser_of(world.ken)
    client.post("/settings/organisation/", {"name": "Wrenfield", "time_zone": "UTC", "phones": "305-555-0142\n", "patient_relations": "555-0170"})
    page = world.browser_of(world.priya).post("/compose/check/", form(world, "Our patient said: call his nurse at 305-555-0142.")).content.decode()
    assert "telephone" not in page
    people.set_organisation(actor=SETUP, name="x", time_zone="UTC", profile={})


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/compose/check/", {"post": "x"}),
        ("/compose/save/", {"post": "x"}),
        ("/compose/save/", {"version": "abc", "channel": "00000000-0000-0000-0000-000000000000"}),
        ("/compose/save/", {"window_until": "9999-12-31T23:59"}),
        ("/people/add/", {"name": "a\x00b", "email": "a@b.example"}),
        ("/settings/me/", {"name": "a\x00b"}),
    ],
)
def test_odd_input_is_answered_not_crashed(world: Any, path: str, data: dict[str, str]) -> None:
    response = world.browser_of(world.ken if "people" in path else world.priya).post(path, {"kind": "post", "text": "x", **data})
    assert response.status_code in (302, 400, 404, 422)


@pytest.mark.parametrize("path", ["/evidence/?before=\u00b2", "/evidence/?about=%00", "/posts/?state=%00", "/calendar/?month=9999-99"])
def test_odd_addresses_are_answered_not_crashed(world: Any, path: str) -> None:
    assert world.browser_of(world.adaeze).get(path).status_code in (200, 400)


@pytest.mark.parametrize(("mode", "kind", "mime"), [("RGB", "JPEG", "image/jpeg"), ("RGB", "PNG", "image/jpeg"), ("RGBA", "PNG", "image/png")])
def test_a_large_picture_is_saved_small_enough_for_every_platform(mode: str, kind: str, mime: str) -> None:
    """Noise: nothing compresses worse."""
    import os

    from PIL import Image

    from primum.connectors.registry import CAPABILITIES
    from primum.publishing import media

    out = io.BytesIO()
    Image.frombytes(mode, (2000, 1600), os.urandom(2000 * 1600 * len(mode))).save(out, kind, **({"quality": 95} if kind == "JPEG" else {"compress_level": 0}))
    made = media.make_rendition(out.getvalue())
    assert made.mime == mime
    assert len(made.data) <= min(can.max_picture_bytes for can in CAPABILITIES.values())
    assert Image.open(io.BytesIO(made.data)).size == (made.width, made.height)
