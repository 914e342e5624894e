"""Reads of posts. The viewer comes first; what they may not see is not found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from primum.connectors.registry import CAPABILITIES, PLATFORMS
from primum.evidence import queries as evidence
from primum.foundation.actor import Actor
from primum.inventory import queries as inventory
from primum.inventory.rules import wait_until, why_closed, why_quiet
from primum.people import queries as people
from primum.people.models import Person
from primum.people.rules import REVIEWERS, Member, required_roles
from primum.publishing import drafts, rules
from primum.publishing.models import Attempt, Decision, Delivery, Picture, Post, PracticePost, Proof, Pulse, Revision
from primum.publishing.rules import Frozen, Gate
from primum.screening import queries as screening

PATIENCE = timedelta(minutes=15)
BY_HAND = tuple(id for id, platform in PLATFORMS.items() if platform.by_hand)


class PostNotFound(LookupError):
    """There is no such post, or you may not see it."""


def visible_posts(viewer: Actor) -> QuerySet[Post]:
    return _visible_to(people.viewer_member(viewer))


def _visible_to(member: Member) -> QuerySet[Post]:
    rows = Post.objects.select_related("facility", "created_by")
    if not member.sees_everything:
        rows = rows.filter(facility_id__in=member.facilities)
    return rows


def get_post(viewer: Actor, post_id: UUID) -> Post:
    """Raises PostNotFound."""
    post = visible_posts(viewer).filter(id=post_id).first()
    if post is None:
        raise PostNotFound
    return post


def list_posts(viewer: Actor, *, states: tuple[str, ...] = (), mine: bool = False, limit: int = 200) -> list[Post]:
    rows = visible_posts(viewer).prefetch_related("texts__channel", Prefetch("deliveries", Delivery.objects.select_related("channel")))
    rows = rows.filter(state__in=states) if states else rows.exclude(state="discarded")
    if mine:
        rows = rows.filter(created_by_id=viewer.person_id)
    return list(rows.order_by("-updated_at")[:limit])


def calendar_posts(viewer: Actor, *, start: datetime, end: datetime) -> list[Post]:
    """Posts with a time in the range: when they are due, or were published."""
    rows = visible_posts(viewer).prefetch_related("texts__channel", "deliveries").exclude(state="discarded")
    return list(rows.filter(Q(due_at__gte=start, due_at__lt=end)).order_by("due_at"))


def counts(viewer: Actor) -> dict[str, int]:
    """What waits: for the sidebar and Today."""
    member = people.viewer_member(viewer)
    by_state: dict[str, int] = dict(_visible_to(member).values_list("state").annotate(n=Count("id")))
    return {"review": len(_may_decide(member)), "attention": by_state.get("attention", 0), "changes": by_state.get("changes", 0), "drafts": by_state.get("draft", 0)}


def live_revision(post: Post) -> Revision | None:
    return post.revisions.filter(state__in=("waiting", "approved")).first()


def last_revisions(post: Post) -> list[Revision]:
    """Newest first."""
    return list(post.revisions.select_related("submitted_by").prefetch_related(Prefetch("decisions", Decision.objects.select_related("person"))).order_by("-number"))


def writers_of(revision: Revision) -> frozenset[UUID]:
    return frozenset(revision.editors.values_list("person_id", flat=True))


def review_queue(viewer: Actor) -> list[Revision]:
    """What this person may decide, oldest first: nothing they wrote, only where they hold the role."""
    return _may_decide(people.viewer_member(viewer))


def _may_decide(member: Member) -> list[Revision]:
    rows = Revision.objects.filter(state="waiting", post__in=_visible_to(member)).select_related("post__facility", "submitted_by", "held_by").prefetch_related("editors").order_by("submitted_at")
    return [row for row in rows if why_not_decide(member, row) is None]


def why_not_decide(member: Member, revision: Revision) -> str | None:
    writers = frozenset(editor.person_id for editor in revision.editors.all())
    return rules.why_not_decide(member, facility=revision.post.facility_id, is_small=revision.post.facility.is_small, verdict=revision.verdict, writers=writers)


def role_of(member: Member, facility_id: UUID) -> str:
    """As which they decide."""
    return next((role for role in sorted(REVIEWERS) if member.has(role, facility_id)), "author")


def get_revision(viewer: Actor, revision_id: UUID) -> Revision:
    """Raises PostNotFound."""
    row = Revision.objects.select_related("post__facility", "submitted_by", "held_by").prefetch_related("editors").filter(id=revision_id, post__in=visible_posts(viewer)).first()
    if row is None:
        raise PostNotFound
    return row


def frozen_of(revision: Revision) -> Frozen:
    return Frozen.from_json(revision.frozen)


def previous_frozen(revision: Revision) -> Frozen | None:
    """What a reviewer last saw, for the diff: the newest earlier revision that somebody decided about."""
    earlier = revision.post.revisions.filter(number__lt=revision.number).exclude(state="withdrawn").order_by("-number").first()
    return frozen_of(earlier) if earlier else None


def who_can_approve(post: Post, *, verdict: str, without: frozenset[UUID]) -> list[Person]:
    return people.reviewers_for(post.facility_id, required_roles(verdict, is_small=post.facility.is_small), without=without)


@dataclass(frozen=True, slots=True)
class Check:
    """What the Privacy panel shows for a draft as it stands in the form."""

    judgement: screening.Judgement = field(repr=False)
    gates: tuple[Gate, ...] = ()
    problems: tuple[str, ...] = ()


def limits(channel_ids: list[UUID]) -> dict[str, rules.Limits]:
    found = {}
    for row in inventory.channels_by_id(channel_ids):
        can = CAPABILITIES[row.platform]
        found[str(row.id)] = rules.Limits(row.name, can.max_pictures, can.max_picture_bytes, can.max_alt_characters, can.replies_need_link, can.why_not, can.max_parts > 1)
    return found


def check_frozen(frozen: Frozen, *, base_text: str | None = None, release_reason: str = "-", link: str = "") -> Check:
    """Screen a draft and say what is missing. Records nothing. `link`: where the post stands that it answers."""
    judgement = screening.judge(drafts.parts_of(frozen, base_text=base_text), facility_id=UUID(frozen.facility))
    problems = rules.why_not_submit(
        frozen,
        verdict=judgement.verdict,
        never=tuple(rule.id for rule in judgement.never),
        release_reason=release_reason,
        limits=limits([UUID(channel) for channel, _ in frozen.texts]),
        sizes={str(row): size for row, size in Picture.objects.filter(id__in=[p.id for p in frozen.pictures]).values_list("id", "size")} if frozen.pictures else {},
        has_link=bool(link.strip()),
    )
    return Check(judgement, problems=tuple(problems))


def pictures(post: Post, *, ids: tuple[str, ...] | None = None) -> list[Picture]:
    rows = Picture.objects.filter(post=post).order_by("position", "id")
    return list(rows.filter(id__in=ids) if ids is not None else rows.filter(in_draft=True))


def get_picture(viewer: Actor, picture_id: UUID) -> Picture:
    """Raises PostNotFound."""
    picture = Picture.objects.filter(id=picture_id, post__in=visible_posts(viewer)).first()
    if picture is None:
        raise PostNotFound
    return picture


def lock_facts(delivery: Delivery, *, now: datetime) -> rules.LockFacts:
    """Everything the publish lock asks, as it stands now. The caller holds the row locks."""
    revision = delivery.revision
    frozen = frozen_of(revision)
    approval = revision.decisions.filter(outcome="approved", withdrawn_at__isnull=True).order_by("-at").first()
    writers = writers_of(revision)
    judgement = screening.judge(drafts.parts_of(frozen), facility_id=UUID(frozen.facility))
    approver_may = False
    if approval is not None:
        approver = people.member_by_id(approval.person_id)
        approver_may = approver.has_any(required_roles(revision.verdict, is_small=delivery.post.facility.is_small), delivery.post.facility_id)
    is_live = revision.state == "approved"
    channel = inventory.facts_of([delivery.channel_id])[delivery.channel_id]
    stricter = screening.is_stricter(judgement.verdict, revision.verdict) or bool(judgement.never)
    return rules.LockFacts(
        digest=revision.digest,
        recomputed=drafts.freeze(delivery.post).digest,
        approved_digest=approval.digest if approval and is_live else None,
        approver_is_writer=approval is not None and approval.person_id in writers,
        approver_may=approver_may,
        verdict_then=revision.verdict,
        verdict_now=judgement.verdict,
        stricter_now=stricter,
        screening_error=judgement.error,
        channel_problem=why_closed(channel),
        writers_here=people.member_by_id(revision.submitted_by_id).is_here,
        due_at=delivery.due_at,
        window_from=datetime.fromisoformat(frozen.window_from),
        window_until=datetime.fromisoformat(frozen.window_until),
        now=now,
        late_after=timedelta(minutes=settings.PRIMUM.late_minutes),
        take_down_asked=delivery.post.take_down_asked_at is not None,
        stopped=people.why_stopped(delivery.post.facility_id),
        quiet=why_quiet(channel, local_time(now)),
    )


def local_time(moment: datetime) -> datetime:
    """As the organisation's clocks show it."""
    organisation = people.organisation()
    return moment.astimezone(ZoneInfo(organisation.time_zone if organisation else "UTC"))


def why_quiet_at(channel_id: UUID, moment: datetime) -> str | None:
    return why_quiet(inventory.facts_of([channel_id])[channel_id], local_time(moment))


def pace_allows_from(delivery: Delivery, now: datetime) -> datetime | None:
    """When the channel's pace lets the next post out; None: now. Two workers that ask at once may exceed it by one."""
    channel = inventory.facts_of([delivery.channel_id])[delivery.channel_id]
    if channel.posts_per_hour is None:
        return None
    lately = Attempt.objects.filter(delivery__channel_id=delivery.channel_id, started_at__gt=now - timedelta(hours=1)).exclude(outcome="not_sent")
    return wait_until(channel, list(lately.values_list("started_at", flat=True)), now)


def due_deliveries(now: datetime) -> list[UUID]:
    """What should have gone out by now, oldest first."""
    return list(Delivery.objects.filter(Q(not_before__isnull=True) | Q(not_before__lte=now), state="scheduled", due_at__lte=now).order_by("due_at").values_list("id", flat=True)[:500])


def on_their_way() -> list[UUID]:
    return list(Delivery.objects.filter(state__in=("scheduled", "sending", "by_hand")).values_list("id", flat=True))


def expired_leases(now: datetime) -> list[UUID]:
    """Sent, perhaps: the process that held the lease has not come back."""
    return list(Delivery.objects.filter(lease_is_over(now), state="sending").values_list("id", flat=True))


def lease_is_over(now: datetime) -> Q:
    """Also one that ends far from now: it was given while a clock stood an hour ahead, and nobody would look for an hour."""
    return Q(lease_until__lt=now) | Q(lease_until__gt=now + PATIENCE)


def unfinished_removals() -> list[UUID]:
    return list(Delivery.objects.filter(state="removing", post__is_native=False).exclude(channel__platform__in=BY_HAND).values_list("id", flat=True))


def may_have_left_something(now: datetime) -> list[UUID]:
    """Held, or for a person to look at, after a try: for a quarter of an hour each minute, then each tenth for a day."""
    since = now - (timedelta(days=1) if now.minute % 10 == 0 else PATIENCE)
    tried = Delivery.objects.filter(state__in=("held", "unclear"), attempts__started_at__gt=since)
    return list(tried.exclude(channel__platform__in=BY_HAND).distinct().values_list("id", flat=True))


def live_of(post: Post) -> Delivery | None:
    """Where a post that was made on the platform itself stands, with the picture of it."""
    return post.deliveries.select_related("channel").prefetch_related("proofs").first()


def hand_tasks(viewer: Actor) -> list[Delivery]:
    """What somebody must post, or take down, by hand, oldest first; also what a program has tried in vain to take down."""
    waits = Q(channel__platform__in=BY_HAND) | Q(remote_id="") | Q(post__take_down_asked_at__lt=timezone.now() - PATIENCE)
    rows = Delivery.objects.filter(Q(state="by_hand") | (Q(state="removing") & waits), post__in=visible_posts(viewer))
    return list(rows.select_related("post", "channel").order_by("due_at"))


def get_hand_task(viewer: Actor, delivery_id: UUID) -> Delivery:
    """Raises PostNotFound."""
    row = (
        Delivery.objects.select_related("post__facility", "channel", "revision").filter(Q(channel__platform__in=BY_HAND) | Q(state="removing"), id=delivery_id, post__in=visible_posts(viewer)).first()
    )
    if row is None:
        raise PostNotFound
    return row


def get_proof(viewer: Actor, proof_id: UUID) -> Proof:
    """Raises PostNotFound."""
    row = Proof.objects.filter(id=proof_id, delivery__post__in=visible_posts(viewer)).first()
    if row is None:
        raise PostNotFound
    return row


def old_drafts(before: datetime) -> list[UUID]:
    """Drafts that nothing has happened to since then."""
    return list(Post.objects.filter(state__in=("draft", "changes", "rejected", "discarded"), updated_at__lt=before, deliveries__isnull=True).values_list("id", flat=True))


def stored_texts(viewer: Actor | None = None, *, facility_id: UUID | None = None, limit: int | None = None) -> list[tuple[UUID, list[screening.Part]]]:
    """Posts that are kept, as they stand now, for judging them again: all of them, or the newest that somebody may see. Decrypted in
    memory only."""
    rows = (visible_posts(viewer) if viewer else Post.objects.all()).exclude(state="discarded").prefetch_related("texts__channel")
    rows = rows.filter(facility_id=facility_id) if facility_id else rows
    return [(post.id, drafts.parts_of(drafts.freeze(post))) for post in rows.order_by("-created_at")[:limit]]


def recently_removed(now: datetime) -> list[UUID]:
    """Taken down within the last minutes: a worker that was stopped before the take-down may wake up and send it again."""
    since = now - timedelta(seconds=max(180, settings.PRIMUM.lease_seconds * 3))
    return list(Delivery.objects.filter(state="removed", removed_at__gte=since, post__is_native=False).exclude(channel__platform__in=BY_HAND).values_list("id", flat=True))


def last_round() -> datetime | None:
    """When a worker last finished its round."""
    return Pulse.objects.filter(name="sweep").values_list("at", flat=True).first()


def overdue(now: datetime) -> int:
    """How many deliveries should have been tried two minutes ago and were not."""
    late = now - timedelta(minutes=2)
    return Delivery.objects.filter(Q(not_before__isnull=True) | Q(not_before__lte=late), state="scheduled", due_at__lte=late).count()


def stuck(now: datetime) -> int:
    """How many deliveries have been going out, or coming down, for far too long."""
    late = now - PATIENCE
    return Delivery.objects.filter(Q(state="sending", lease_until__lt=late) | Q(state="removing", post__take_down_asked_at__lt=late)).count()


def failing_channels(now: datetime) -> list[UUID]:
    """Channels whose last try within the last half hour did not reach the platform, or whose outcome nobody knows."""
    recent = Attempt.objects.filter(ended_at__gt=now - timedelta(minutes=30)).order_by("delivery__channel_id", "-ended_at").distinct("delivery__channel_id")
    return [row.delivery.channel_id for row in recent.select_related("delivery") if row.outcome in ("not_sent", "unknown")]


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """What lately happened on a channel: its health, per thing it does."""

    published_at: datetime | None
    failed_at: datetime | None
    failed_reason: str
    removed_at: datetime | None
    waiting: int
    stuck: int


def channel_record(viewer: Actor, channel_id: UUID) -> ChannelRecord:
    people.viewer_member(viewer)
    rows = Delivery.objects.filter(channel_id=channel_id)
    states: dict[str, int] = dict(rows.values_list("state").annotate(n=Count("id")))
    times = rows.aggregate(published=Max("published_at"), removed=Max("checked_gone_at"))
    failed = Attempt.objects.filter(delivery__channel_id=channel_id, outcome__in=("not_sent", "unknown")).select_related("delivery").order_by("-ended_at").first()
    return ChannelRecord(
        times["published"],
        failed.ended_at if failed else None,
        failed.delivery.reason if failed else "",
        times["removed"],
        states.get("scheduled", 0),
        states.get("held", 0) + states.get("unclear", 0),
    )


def feed(viewer: Actor, channel_id: UUID) -> list[PracticePost]:
    """A practice channel's feed, newest first. Everyone inside may read it: it is where new staff learn."""
    people.viewer_member(viewer)
    return list(PracticePost.objects.filter(channel_id=channel_id).order_by("-published_at"))


def get_practice_post(viewer: Actor, post_id: UUID) -> PracticePost:
    people.viewer_member(viewer)
    row = PracticePost.objects.select_related("channel").filter(id=post_id).first()
    if row is None:
        raise PostNotFound
    return row


def feed_picture(viewer: Actor, sha256: str) -> Picture:
    """A picture that stands on a practice feed."""
    people.viewer_member(viewer)
    picture = Picture.objects.filter(sha256=sha256).first() if PracticePost.objects.filter(pictures__contains=[{"sha256": sha256}]).exists() else None
    if picture is None:
        raise PostNotFound
    return picture


def story(viewer: Actor, post: Post) -> list[evidence.Line]:
    """Everything recorded about a post and its deliveries, oldest first."""
    ids: set[Any] = {post.id, *post.deliveries.values_list("id", flat=True)}
    return evidence.story_of(viewer=viewer, ids=ids)
