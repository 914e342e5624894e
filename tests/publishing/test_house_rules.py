"""Rules of our own: stricter by an administrator, milder only by the privacy officer, a facility's over the house's, shadow counts and
stops nothing, and what cannot be used lets nothing pass unseen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from world import HOUR, MOSAIC, SAFE, T

from primum.evidence.models import Entry
from primum.installation import health
from primum.publishing.models import Revision
from primum.screening import actions, queries
from primum.screening.house_rules import RulebookError
from primum.screening.models import HouseRules, Screening

pytestmark = pytest.mark.django_db(transaction=True)
CLAIM = "Best hospital on the coast, hands down."


def rule(id: str, verdict: str, version: str = "1", state: str = "active") -> str:
    return f'''version = "{version}"

[[rule]]
id = "{id}"
title = "Ours"
verdict = "{verdict}"
stop = "privacy_officer"
basis = "policy"
cite = "House policy 12"
why = "Because we say so."
state = "{state}"
'''


def put(who: Any, text: str, facility: UUID | None = None) -> Any:
    return actions.set_house_rules(actor=who.actor, facility_id=facility, text=text, now=T)


def verdict(world: Any, text: str) -> str:
    post = world.draft(text)
    world.submit(post, why="It is known.")
    return world.post(post).revisions.get().verdict  # type: ignore[no-any-return]


def test_a_stricter_rule_counts_for_everybody_and_is_recorded(open_world: Any) -> None:
    before = verdict(open_world, CLAIM)
    assert before != "block"
    put(open_world.ken, rule("MKT.FTC", "block"))
    assert verdict(open_world, CLAIM) == "block"
    assert Revision.objects.get(verdict="block").rulebook.endswith("+1")
    assert "set_house_rules" in set(Entry.objects.values_list("action", flat=True))
    assert verdict(open_world, SAFE) == "allow"


def test_only_the_privacy_officer_makes_one_milder(open_world: Any) -> None:
    assert verdict(open_world, MOSAIC) == "block"
    for who in (open_world.priya, open_world.gail):
        with pytest.raises(actions.NotAllowed):
            put(who, rule("CTX.MOSAIC", "review"))
    with pytest.raises(RulebookError, match=r"Your rules:4: rule CTX\.MOSAIC is milder"):
        put(open_world.ken, rule("CTX.MOSAIC", "review"))
    put(open_world.adaeze, rule("CTX.MOSAIC", "review"))
    assert verdict(open_world, MOSAIC) == "review"
    put(open_world.adaeze, "")
    assert verdict(open_world, MOSAIC) == "block"


def test_what_nobody_may_release_stays_so_without_the_privacy_officer(open_world: Any) -> None:
    looser = rule("ID.SSN", "block").replace("privacy_officer", "reviewer")
    with pytest.raises(RulebookError, match="never"):
        put(open_world.ken, looser)
    put(open_world.adaeze, looser)


def test_a_facilitys_rules_lie_over_the_houses(open_world: Any) -> None:
    put(open_world.ken, rule("MKT.FTC", "block"), open_world.elsewhere)
    assert verdict(open_world, CLAIM) != "block", "another facility's"
    put(open_world.ken, rule("MKT.FTC", "block", "2"), open_world.hospital)
    assert verdict(open_world, CLAIM) == "block"


def test_where_house_and_facility_differ_the_stricter_counts_until_somebody_signs(open_world: Any) -> None:
    put(open_world.ken, rule("MKT.FTC", "review", "1"), open_world.hospital)
    put(open_world.ken, rule("MKT.FTC", "block", "2"))
    assert verdict(open_world, CLAIM) == "block", "no facility keeps the house from being stricter"
    put(open_world.adaeze, rule("MKT.FTC", "review", "3"), open_world.hospital)
    assert verdict(open_world, CLAIM) == "review"
    put(open_world.ken, rule("MKT.FTC", "block", "4"))
    assert verdict(open_world, CLAIM) == "block", "the house's rules are newer than the signature"


def test_taking_rules_back_must_not_make_it_milder_without_the_privacy_officer(open_world: Any) -> None:
    put(open_world.adaeze, rule("MKT.FTC", "block"))
    for text in ("", rule("MKT.CLAIM", "block", "2")):
        with pytest.raises(RulebookError, match=r"MKT\.FTC would be milder than what counts now"):
            put(open_world.ken, text)
    put(open_world.adaeze, "")
    assert verdict(open_world, CLAIM) == "review"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (rule("MKT.FTCC", "block"), r"no check of Primum finds MKT\.FTCC.*Did you mean MKT\.FTC"),
        (rule("MKT.FTC", "block").replace("[[rule]]", "[[rules]]"), "unknown word 'rules'"),
        ('version = "1"\nrule = 5\n', r"begins with \[\[rule\]\]"),
        ('version = "1"\n[rule]\nid = "X.Y"\n', r"begins with \[\[rule\]\]"),
        (rule("MKT.FTC", "block", "1" * 30), "version is too long"),
        (rule("MKT.FTC", "review").replace("privacy_officer", "never"), "needs verdict"),
    ],
)
def test_mistakes_are_answered_and_nothing_is_put_in_force(open_world: Any, text: str, why: str) -> None:
    with pytest.raises(RulebookError, match=why):
        put(open_world.adaeze, text)
    assert not HouseRules.objects.exists()


def test_what_nobody_may_release_by_now_is_held_whatever_was_released_before(open_world: Any) -> None:
    post = open_world.draft(MOSAIC)
    open_world.submit(post, why="It is known.")
    open_world.decide(post, by=open_world.adaeze, reason="It is known.")
    open_world.schedule(post)
    put(open_world.ken, rule("CTX.MOSAIC", "block").replace("privacy_officer", "never"))
    open_world.worker_runs(T + HOUR)
    assert open_world.feed() == []
    assert "Today's rules find more" in open_world.reason(post)


def test_in_shadow_it_is_counted_and_stops_nothing(open_world: Any) -> None:
    put(open_world.adaeze, rule("CTX.MOSAIC", "block", state="shadow") + rule("CTX.HINT", "review", state="shadow").split("\n", 2)[2])
    assert verdict(open_world, MOSAIC) == "allow"
    assert any(finding.get("shadow") for finding in Screening.objects.get().findings)
    standing = next(row for row in queries.standings(open_world.adaeze.actor, now=T) if row.rule.id == "CTX.MOSAIC")
    assert (standing.shadow, standing.found) == (1, 0)
    assert "found 1 in shadow" in open_world.browser_of(open_world.adaeze).get("/rules/").content.decode()


def test_what_waits_is_asked_again_by_the_new_rules(open_world: Any) -> None:
    post = open_world.draft(CLAIM)
    open_world.submit(post)
    open_world.decide(post, by=open_world.adaeze)
    open_world.schedule(post)
    put(open_world.ken, rule("MKT.FTC", "block"))
    open_world.worker_runs(T + HOUR)
    assert "Today's rules find more than the reviewer saw" in open_world.reason(post)
    assert open_world.feed() == []


def test_rules_that_cannot_be_used_let_nothing_pass_unseen(open_world: Any) -> None:
    scheduled = open_world.scheduled()
    HouseRules.objects.create(text=rule("CTX.MOSAIC", "allow"), by_id=open_world.ken.id, at=T)  # as after an upgrade with stricter default rules
    assert verdict(open_world, SAFE) == "review"
    assert "cannot be used" in Screening.objects.get(verdict="review").error
    open_world.worker_runs(T + HOUR)
    assert "cannot be used" in open_world.reason(scheduled)
    found = {sign.name: sign.problem for sign in health.look(now=timezone.now())}
    assert "rule CTX.MOSAIC is milder" in found["rules"]
    page = open_world.browser_of(open_world.adaeze).get("/rules/").content.decode()
    assert "Until it is mended" in page


def test_the_page_tries_them_first_and_answers_mistakes_with_line_and_mend(open_world: Any) -> None:
    open_world.draft(CLAIM)
    open_world.draft(SAFE)
    browser = open_world.browser_of(open_world.adaeze)
    page = browser.post("/rules/own/", {"where": "", "text": rule("MKT.FTC", "block"), "try": "1"}).content.decode()
    assert "On 2 stored posts" in page
    assert "→ <strong>stops</strong>" in page
    assert not HouseRules.objects.exists()
    wrong = browser.post("/rules/own/", {"where": "", "text": 'version = "1"\n[[rule]]\nid = "CTX.X"\n'})
    assert wrong.status_code == 422
    assert "Your rules:3: rule CTX.X: title is missing" in wrong.content.decode().replace("&#x27;", "'")
    done = browser.post("/rules/own/", {"where": str(open_world.hospital), "text": rule("MKT.FTC", "block")}, follow=True).content.decode()
    assert "In force for Regional" in done
    assert "+1" in browser.get(f"/rules/?where={open_world.hospital}").content.decode()
    assert open_world.browser_of(open_world.priya).get("/rules/own/").status_code == 404
