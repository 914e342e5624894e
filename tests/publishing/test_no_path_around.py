"""A machine that tries everything people and time can do, in any order, looking for one post that goes out without a live approval by
somebody who did not write it. `PRIMUM_STATES=300` runs it long."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule, run_state_machine_as_test
from world import MINUTE, SETUP, T, World

from primum.inventory import actions as inventory
from primum.people import actions as people
from primum.publishing import actions, sending
from primum.publishing.models import Decision, Delivery, PracticePost, Revision

WRITERS, REVIEWERS = ("priya", "sam"), ("gail", "tomas", "adaeze", "sam")
REFUSED = (actions.Refused, actions.NotAllowed, actions.Stale, sending.NothingToDo, people.NotAllowed, inventory.NotAllowed, LookupError)
TEXTS = ("Flu shots, walk in Mon-Fri 8 to 4.", "Story hour is back: Saturdays at 10.", "Blood drive on Tuesday in Room 210.")


class House(RuleBasedStateMachine):
    posts = Bundle("posts")

    @initialize()
    def begin(self) -> None:
        call_command("flush", verbosity=0, interactive=False)
        self.world, self.now, self.number = World(), T, 0
        self.wrote: dict[UUID, set[UUID]] = {}  # who ever touched its words since its last approval, as we saw it
        self.words: dict[UUID, str] = {}
        self.blessed: dict[UUID, tuple[str, UUID]] = {}  # post -> (approved words, by whom), while it lives
        self.known: set[Any] = set()
        self.is_stopped = self.is_paused = False

    def someone(self, name: str) -> Any:
        return getattr(self.world, name)

    @rule(target=posts, text=st.sampled_from(TEXTS), by=st.sampled_from(WRITERS))
    def write(self, text: str, by: str) -> Any:
        self.number += 1
        text = f"{text} ({self.number})"
        with suppress(*REFUSED):
            post = self.world.draft(text, by=self.someone(by), at=self.now)
            self.wrote[post], self.words[post] = {self.someone(by).id}, text
            return post
        return multiple()

    @rule(target=posts, text=st.sampled_from(TEXTS), by=st.sampled_from(WRITERS), minutes=st.sampled_from((0, 1, 10, 30)), how_far=st.sampled_from((1, 2, 3, 3, 3)))
    def go_the_usual_way(self, text: str, by: str, minutes: int, how_far: int) -> Any:
        """Most posts do: else chance alone would hardly ever bring one to its minute."""
        post = self.write(text, by)
        if not isinstance(post, UUID):
            return multiple()
        self.submit(post, by)
        if how_far > 1:
            self.decide(post, "gail", "approved")
        if how_far > 2:
            self.schedule(post, minutes, by)
        return post

    @rule(post=posts, by=st.sampled_from(WRITERS))
    def edit(self, post: UUID, by: str) -> None:
        self.number += 1
        text = f"{TEXTS[self.number % 3]} ({self.number})"
        with suppress(*REFUSED):
            self.world.edit(post, text, by=self.someone(by), at=self.now)
            self.wrote.setdefault(post, set()).add(self.someone(by).id)
            self.words[post] = text
            self.blessed.pop(post, None)

    @rule(target=posts, post=posts, by=st.sampled_from(WRITERS))
    def copy(self, post: UUID, by: str) -> Any:
        with suppress(*REFUSED):
            made = actions.duplicate_post(actor=self.someone(by).actor, post_id=post, now=self.now).post
            self.wrote[made] = {self.someone(by).id, *self.wrote.get(post, set()), *Revision.objects.filter(post_id=post).values_list("editors__person_id", flat=True)} - {None}
            self.words[made] = self.words[post]
            return made
        return multiple()

    @rule(post=posts, by=st.sampled_from(WRITERS))
    def submit(self, post: UUID, by: str) -> None:
        with suppress(*REFUSED):
            self.world.submit(post, by=self.someone(by), at=self.now)
            self.wrote.setdefault(post, set()).add(self.someone(by).id)

    @rule(post=posts, by=st.sampled_from(REVIEWERS + WRITERS), outcome=st.sampled_from(("approved", "approved", "approved", "changes", "rejected")))
    def decide(self, post: UUID, by: str, outcome: str) -> None:
        with suppress(*REFUSED, Revision.DoesNotExist):
            self.world.decide(post, by=self.someone(by), outcome=outcome, reason="Because.", at=self.now)
            if outcome == "approved":
                assert self.someone(by).id not in self.wrote.get(post, set()), "a writer approved"
                self.blessed[post] = (self.words[post], self.someone(by).id)
                self.wrote[post] = set()

    @rule(post=posts, minutes=st.sampled_from((0, 0, 10, 90)), by=st.sampled_from(WRITERS))
    def schedule(self, post: UUID, minutes: int, by: str) -> None:
        with suppress(*REFUSED):
            sending.schedule_post(actor=self.someone(by).actor, post_id=post, due_at=self.now + minutes * MINUTE, now=self.now)

    def unschedule(self, post: UUID) -> None:
        with suppress(*REFUSED):
            sending.unschedule_post(actor=self.world.priya.actor, post_id=post, now=self.now)

    @rule(post=posts, by=st.sampled_from(REVIEWERS))
    def withdraw_approval(self, post: UUID, by: str) -> None:
        with suppress(*REFUSED):
            before = set(Revision.objects.filter(post_id=post, state="approved").values_list("editors__person_id", flat=True))
            actions.withdraw_approval(actor=self.someone(by).actor, post_id=post, now=self.now)
            self.blessed.pop(post, None)
            self.wrote.setdefault(post, set()).update(before)

    def withdraw_submission(self, post: UUID) -> None:
        with suppress(*REFUSED):
            actions.withdraw_submission(actor=self.world.priya.actor, post_id=post, now=self.now)

    def discard(self, post: UUID) -> None:
        with suppress(*REFUSED):
            actions.discard_post(actor=self.world.priya.actor, post_id=post, now=self.now)
            self.blessed.pop(post, None)

    def take_down(self, post: UUID) -> None:
        with suppress(*REFUSED):
            sending.take_down_post(actor=self.world.priya.actor, post_id=post, now=self.now)

    @rule(post=posts, what=st.sampled_from(("unschedule", "withdraw_submission", "discard", "take_down")))
    def take_back(self, post: UUID, what: str) -> None:
        getattr(self, what)(post)

    @rule(who=st.sampled_from(("tomas", "sam", "gail")))
    def somebody_leaves(self, who: str) -> None:
        with suppress(*REFUSED):
            people.person_left(actor=SETUP, person_id=self.someone(who).id, now=self.now)
            for post, (_, by) in list(self.blessed.items()):
                if by == self.someone(who).id:
                    del self.blessed[post]

    @rule(stopped=st.sampled_from((True, False, False)))
    def brake(self, stopped: bool) -> None:
        people.set_stop(actor=self.world.adaeze.actor, facility_id=None, stopped=stopped, now=self.now)
        self.is_stopped = stopped

    @rule(paused=st.sampled_from((True, False, False)))
    def pause(self, paused: bool) -> None:
        inventory.set_channel_status(actor=SETUP, channel_id=self.world.channel, status="paused" if paused else "sanctioned")
        self.is_paused = paused

    @rule(minutes=st.sampled_from((1, 5, 9, 25)))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule()
    def a_worker_dies_after_its_claim(self) -> None:
        due = Delivery.objects.filter(state="scheduled", due_at__lte=self.now).first()
        if due is not None:
            with suppress(*REFUSED):
                sending.start_attempt(actor=SETUP, delivery_id=due.id, now=self.now)

    @invariant()
    def workers_run(self) -> None:
        """After each step, as they do all the time."""
        if not hasattr(self, "known"):
            return
        self.world.worker_runs(self.now)
        fresh = {row.id: row for row in PracticePost.objects.exclude(id__in=self.known)}
        for row in fresh.values():
            delivery = Delivery.objects.select_related("revision", "post").get(id=row.key)
            approval = Decision.objects.filter(revision=delivery.revision, outcome="approved", withdrawn_at__isnull=True).first()
            assert approval is not None, "no live approval"
            assert delivery.post_id in self.blessed, "what we saw approved is no longer"
            words, by = self.blessed[delivery.post_id]
            assert (row.text, approval.person_id) == (words, by), "not what that person approved"
            assert approval.person_id not in set(delivery.revision.editors.values_list("person_id", flat=True)), "approved by a writer"
            assert not self.is_stopped, "the brake was pulled"
            assert not self.is_paused, "the channel was paused"
        self.known |= set(fresh)

    @rule()
    def the_lease_of_the_dead_runs_out(self) -> None:
        self.now += timedelta(seconds=61)

    @invariant()
    def each_post_stands_once(self) -> None:
        if hasattr(self, "known"):
            keys = list(PracticePost.objects.values_list("key", flat=True))
            assert len(keys) == len(set(keys))


@pytest.mark.django_db(transaction=True)
def test_no_path_leads_around_the_approval() -> None:
    examples = int(os.environ.get("PRIMUM_STATES", "6"))
    run_state_machine_as_test(
        House, settings=settings(max_examples=examples, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,), derandomize=examples == 6)
    )  # type: ignore[no-untyped-call]
