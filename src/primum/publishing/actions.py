"""Writes on a draft's way to approval: create, submit, decide, withdraw, discard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.foundation.jobs import defer
from primum.inventory import queries as inventory
from primum.people import queries as people
from primum.people.rules import REVIEWERS
from primum.publishing import drafts, events, queries, rules
from primum.publishing.drafts import Draft
from primum.publishing.media import Rendition
from primum.publishing.models import Decision, Delivery, Picture, Post, PostEditor, PostText, Revision, RevisionEditor
from primum.screening import actions as screening_actions
from primum.screening.queries import Judgement

DEFAULT_WINDOW = timedelta(days=14)
MAX_PICTURES = 10
KEEP_DRAFTS = timedelta(days=30)


class NotAllowed(PermissionError):
    """The actor may not do this; the message is fit for a screen."""


class Stale(Exception):
    """Somebody changed the post since it was opened; nothing was done."""


class Refused(ValueError):
    """The post is not in a state for this; `problems` are fit for a screen."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


def require_author(actor: Actor, facility: UUID) -> UUID:
    member = people.viewer_member(actor)
    if not rules.may_edit(member, facility):
        raise NotAllowed("You are not an author for this facility. Ask an administrator for the role.")
    return member.id


def lock_post(actor: Actor, post_id: UUID) -> Post:
    """The post's row, locked; PostNotFound where the actor may not see it."""
    if actor.kind == "person":
        queries.get_post(actor, post_id)
    post = Post.objects.select_for_update(of=("self",)).select_related("facility").filter(id=post_id).first()
    if post is None:
        raise queries.PostNotFound
    return post


@action
def create_post(*, actor: Actor, facility_id: UUID, kind: str, now: datetime, draft: Draft | None = None) -> events.PostCreated:
    """A new draft. Raises NotAllowed, BadDraft."""
    author = require_author(actor, facility_id)
    if draft is not None:
        draft.check()
        _check_channels(actor, draft, facility_id)
    post = Post.objects.create(
        facility_id=facility_id,
        kind=kind,
        created_by_id=author,
        created_at=now,
        updated_at=now,
        window_from=now.replace(second=0, microsecond=0),
        window_until=(now + DEFAULT_WINDOW).replace(second=0, microsecond=0),
    )
    PostEditor.objects.create(post=post, person_id=author)
    if draft is not None:
        drafts.apply(post, draft, editor=author, now=now)
    return events.PostCreated(post=post.id, kind=kind)


def _check_channels(actor: Actor, draft: Draft, facility_id: UUID) -> None:
    """A post belongs to one facility, whose reviewers decide: channels of another would escape theirs."""
    writable = {channel.id: channel.facility_id for channel in inventory.writable_channels(actor)}
    if not set(draft.channels) <= set(writable):
        raise NotAllowed("You may not write for one of these channels, or it is not in use.")
    if any(writable[channel] != facility_id for channel in draft.channels):
        raise NotAllowed("One post belongs to one facility, whose reviewers decide. Write a post of its own for the other facility's channel.")


def save_draft(*, actor: Actor, post_id: UUID, version: int, draft: Draft, now: datetime) -> Post:
    """Autosave: keep what was typed. No action, no evidence; a post past submission is reopened by `reopen_post` instead.

    Raises Stale when somebody else saved since this version was opened, Refused for a post that can no longer change."""
    from django.db import transaction

    with transaction.atomic():
        post = lock_post(actor, post_id)
        editor = require_author(actor, post.facility_id)
        if post.state not in rules.EDITABLE:
            raise Refused("This post has been submitted since you opened it.")
        draft.check()
        _check_channels(actor, draft, post.facility_id)
        if post.version != version:
            raise Stale
        drafts.apply(post, draft, editor=editor, now=now)
        return post


@action
def reopen_post(*, actor: Actor, post_id: UUID, version: int, draft: Draft | None, now: datetime) -> events.PostReopened:
    """An edit after submission or approval: the revision no longer counts, scheduled deliveries are cancelled, and the post
    needs approval again. Raises Stale, Refused, NotAllowed."""
    post = lock_post(actor, post_id)
    editor = require_author(actor, post.facility_id)
    if post.state not in rules.REOPENS:
        raise Refused("This post can no longer be edited. Duplicate it to say something new.")
    if post.version != version:
        raise Stale
    _refuse_while_sending(post)
    revision = queries.live_revision(post)
    was = post.state
    if revision is None or was == "attention":
        revision = revision or post.revisions.order_by("-number").first()
    if revision is None:
        raise Refused("This post can no longer be edited.")
    if draft is not None:
        draft.check()
        _check_channels(actor, draft, post.facility_id)
    Revision.objects.filter(id=revision.id).update(state="superseded")
    cancel_deliveries(post, now=now)
    post.state, post.due_at, post.updated_at = "draft", None, now
    post.save()
    if draft is not None:
        drafts.apply(post, draft, editor=editor, now=now)
    PostEditor.objects.get_or_create(post=post, person_id=editor)
    return events.PostReopened(post=post.id, revision=revision.id, was=was)


def _refuse_while_sending(post: Post) -> None:
    if Delivery.objects.select_for_update().filter(post=post, state__in=("sending", "unclear", "published", "removing")).exists():
        raise Refused("This post is going out, may have gone out, or parts of it are live. Take it down first, or duplicate it.")


def cancel_deliveries(post: Post, *, now: datetime) -> None:
    """What has not gone out does not go out. What somebody was asked to post by hand may have: they say so first."""
    Delivery.objects.filter(post=post, state__in=("scheduled", "held")).delete()
    for delivery in Delivery.objects.select_for_update().filter(post=post, state="by_hand"):
        delivery.attempts.filter(outcome="open").update(outcome="unknown", ended_at=now)
        delivery.state, delivery.reason = "unclear", "Somebody was asked to post it by hand when it was taken back: look whether they did, then say what you saw."
        delivery.save(update_fields=["state", "reason"])


@action
def discard_post(*, actor: Actor, post_id: UUID, now: datetime) -> events.PostDiscarded:
    """Throw a draft away; nothing of it can go out. It is destroyed with the retention schedule."""
    post = lock_post(actor, post_id)
    require_author(actor, post.facility_id)
    if post.state in rules.FINAL:
        raise Refused("A published post cannot be discarded. Take it down instead.")
    _refuse_while_sending(post)
    was = post.state
    post.revisions.filter(state__in=("waiting", "approved")).update(state="withdrawn")
    cancel_deliveries(post, now=now)
    post.state, post.updated_at = "discarded", now
    post.save(update_fields=["state", "updated_at"])
    return events.PostDiscarded(post=post.id, was=was)


@action
def duplicate_post(*, actor: Actor, post_id: UUID, now: datetime) -> events.PostCreated:
    """A new draft with the same words, channels and pictures."""
    post = lock_post(actor, post_id)
    author = require_author(actor, post.facility_id)
    copy = Post.objects.create(
        facility_id=post.facility_id,
        kind=post.kind,
        text=post.text,
        heard=post.heard,
        heard_link=post.heard_link,
        warning=post.warning,
        language=post.language or "en",
        note=post.note,
        created_by_id=author,
        created_at=now,
        updated_at=now,
        window_from=now.replace(second=0, microsecond=0),
        window_until=(now + DEFAULT_WINDOW).replace(second=0, microsecond=0),
    )
    # Whoever wrote the words wrote the copy too: duplicating must not turn a writer into somebody who may approve.
    for writer in {author, *post.editors.values_list("person_id", flat=True), *RevisionEditor.objects.filter(revision__post=post).values_list("person_id", flat=True)}:
        PostEditor.objects.create(post=copy, person_id=writer)
    for row in post.texts.all():
        PostText.objects.create(post=copy, channel_id=row.channel_id, text=row.text)
    for p in queries.pictures(post):
        Picture.objects.create(post=copy, position=p.position, alt_text=p.alt_text, data=p.data, sha256=p.sha256, mime=p.mime, width=p.width, height=p.height, size=p.size)
    return events.PostCreated(post=copy.id, kind=copy.kind, copied_from=post.id)


@action
def destroy_draft(*, actor: Actor, post_id: UUID, now: datetime) -> events.DraftDestroyed:
    """Unsent, rejected and discarded drafts end 30 days after anything last happened to them: they may describe a patient, and
    nobody needs them. Raises Refused for one that is wanted again."""
    post = lock_post(actor, post_id)
    if post.id not in queries.old_drafts(now - KEEP_DRAFTS):
        raise Refused("This draft is in use.")
    was, digests = post.state, set(post.revisions.values_list("digest", flat=True))
    post.delete()
    screening_actions.forget(digests - set(Revision.objects.filter(digest__in=digests).values_list("digest", flat=True)))
    return events.DraftDestroyed(post=post_id, was=was)


def add_picture(*, actor: Actor, post_id: UUID, rendition: Rendition, now: datetime) -> Picture:
    """Part of editing a draft, like save_draft."""
    from django.db import transaction

    with transaction.atomic():
        post = lock_post(actor, post_id)
        editor = require_author(actor, post.facility_id)
        if post.state not in rules.EDITABLE:
            raise Refused("This post has been submitted. Edit it first, then add images.")
        position = post.pictures.filter(in_draft=True).count()
        if position >= MAX_PICTURES:
            raise Refused(f"A post takes at most {MAX_PICTURES} images.")
        picture = Picture.objects.create(
            post=post,
            position=position,
            data=rendition.data,
            sha256=rendition.sha256,
            mime=rendition.mime,
            width=rendition.width,
            height=rendition.height,
            size=len(rendition.data),
        )
        drafts.touch(post, editor=editor, now=now)
        return picture


def remove_picture(*, actor: Actor, post_id: UUID, picture_id: UUID, now: datetime) -> None:
    """Take a picture out of a draft; revisions that were frozen with it keep it."""
    from django.db import transaction

    with transaction.atomic():
        post = lock_post(actor, post_id)
        editor = require_author(actor, post.facility_id)
        if post.state not in rules.EDITABLE:
            raise Refused("This post has been submitted. Edit it first, then change images.")
        if Picture.objects.filter(post=post, id=picture_id, in_draft=True).update(in_draft=False):
            drafts.touch(post, editor=editor, now=now)


@action
def submit_revision(*, actor: Actor, post_id: UUID, version: int, now: datetime, release_reason: str = "", resolved: Mapping[UUID, str] | None = None) -> events.RevisionSubmitted:
    """Freeze the post and its digest, record what screening says, and tell the reviewers. `resolved`: by channel, what its platform
    said about names and links in the text (`remote.resolve`). Raises Stale, Refused, NotAllowed."""
    post = lock_post(actor, post_id)
    submitter = require_author(actor, post.facility_id)
    if post.state not in rules.EDITABLE:
        raise Refused("This post has already been submitted.")
    if post.version != version:
        raise Stale
    for row in post.texts.all():
        row.resolved = (resolved or {}).get(row.channel_id) or None
        row.save(update_fields=["resolved"])
    frozen = drafts.freeze(post)
    check = queries.check_frozen(frozen, base_text=post.text, release_reason=release_reason, link=post.heard_link or "")
    if check.problems:
        raise Refused(*check.problems)
    revision = keep_revision(post, frozen, check.judgement, submitter=submitter, actor=actor, now=now, release_reason=release_reason)
    post.state, post.updated_at = "in_review", now
    post.save(update_fields=["state", "updated_at"])
    return events.RevisionSubmitted(post=post.id, revision=revision.id, number=revision.number, digest=revision.digest, verdict=revision.verdict)


def keep_revision(post: Post, frozen: rules.Frozen, judgement: Judgement, *, submitter: UUID, actor: Actor, now: datetime, release_reason: str = "") -> Revision:
    """Freeze what was judged, with everybody who wrote it, and tell those who may decide. Part of the caller's action."""
    revision = Revision.objects.create(
        post=post,
        number=(post.revisions.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
        digest=frozen.digest,
        frozen=frozen.to_json(),
        verdict=judgement.verdict,
        rulebook=judgement.book.version,
        release_reason=release_reason if judgement.verdict == "block" else "",
        submitted_by_id=submitter,
        submitted_at=now,
    )
    writers = {*post.editors.values_list("person_id", flat=True), submitter}
    RevisionEditor.objects.bulk_create([RevisionEditor(revision=revision, person_id=writer) for writer in writers])
    screening_actions.record_screening(actor=actor, digest=frozen.digest, judgement=judgement, now=now)
    defer("publishing.tell_reviewers", revision_id=revision.id)
    return revision


@action
def withdraw_submission(*, actor: Actor, post_id: UUID, now: datetime) -> events.SubmissionWithdrawn:
    """The author takes it back before anybody decided."""
    post = lock_post(actor, post_id)
    require_author(actor, post.facility_id)
    revision = post.revisions.filter(state="waiting").first()
    if post.state != "in_review" or revision is None:
        raise Refused("There is nothing to withdraw: somebody has decided already.")
    Revision.objects.filter(id=revision.id).update(state="withdrawn")
    post.state, post.updated_at = "draft", now
    post.save(update_fields=["state", "updated_at"])
    return events.SubmissionWithdrawn(post=post.id, revision=revision.id)


@action
def decide_revision(*, actor: Actor, revision_id: UUID, outcome: str, reason: str, digest: str, now: datetime) -> events.RevisionDecided:
    """Approve, ask for changes, or reject exactly the version with this digest. Raises Refused, NotAllowed, Stale."""
    revision = queries.get_revision(actor, revision_id)
    post = lock_post(actor, revision.post_id)
    revision = Revision.objects.select_for_update(of=("self",)).select_related("post__facility").prefetch_related("editors").get(id=revision_id)
    member = people.viewer_member(actor)
    if outcome not in ("approved", "changes", "rejected"):
        raise Refused("Choose approve, request changes, or reject.")
    if revision.state != "waiting" or revision.digest != digest:
        raise Stale
    refusal = queries.why_not_decide(member, revision)
    if refusal:
        raise NotAllowed(refusal)
    needs_reason = outcome != "approved" or revision.verdict == "block"
    if needs_reason and not reason.strip():
        raise Refused("Say why, in a sentence: the author should know what to do next." if outcome != "approved" else "Say why you release it; the reason stays with the record.")
    if outcome == "approved" and drafts.freeze(post).digest != digest:
        raise Stale
    if post.is_native:
        raise Refused("It is live already: it stays, or it comes down.")
    Decision.objects.create(revision=revision, person_id=member.id, role=queries.role_of(member, post.facility_id), outcome=outcome, reason=drafts.clean(reason), digest=digest, at=now)
    revision.state = outcome
    revision.held_by = None
    revision.save(update_fields=["state", "held_by"])
    post.state, post.updated_at = outcome, now
    post.save(update_fields=["state", "updated_at"])
    if outcome == "approved":
        PostEditor.objects.filter(post=post).delete()
    defer("publishing.tell_author", revision_id=revision.id)
    return events.RevisionDecided(post=post.id, revision=revision.id, outcome=outcome, digest=digest, rulebook=revision.rulebook, verdict=revision.verdict)


@action
def withdraw_approval(*, actor: Actor, post_id: UUID, now: datetime) -> events.ApprovalWithdrawn:
    """A reviewer takes an approval back. From this commit the publish lock refuses the version."""
    post = lock_post(actor, post_id)
    member = people.viewer_member(actor)
    revision = post.revisions.select_for_update().filter(state="approved").first()
    if revision is None or post.is_native:
        raise Refused("There is no approval to withdraw.")
    if not member.has_any(REVIEWERS, post.facility_id) and not post.facility.is_small:
        raise NotAllowed("Only a reviewer may withdraw an approval.")
    _refuse_while_sending(post)
    revision.decisions.filter(outcome="approved", withdrawn_at__isnull=True).update(withdrawn_at=now)
    revision.state = "withdrawn"
    revision.save(update_fields=["state"])
    for writer in revision.editors.values_list("person_id", flat=True):
        PostEditor.objects.get_or_create(post=post, person_id=writer)
    cancel_deliveries(post, now=now)
    post.state, post.due_at, post.updated_at = "draft", None, now
    post.save(update_fields=["state", "due_at", "updated_at"])
    return events.ApprovalWithdrawn(post=post.id, revision=revision.id)


def take_up(*, actor: Actor, revision_id: UUID, now: datetime, minutes: int = 10) -> Revision:
    """One reviewer at a time: a courtesy lease that others see. It decides nothing, so it is no action."""
    revision = queries.get_revision(actor, revision_id)
    free = revision.held_by_id in (None, actor.person_id) or (revision.held_until is not None and revision.held_until < now)
    if revision.state == "waiting" and free:
        Revision.objects.filter(id=revision.id).update(held_by_id=actor.person_id, held_until=now + timedelta(minutes=minutes))
        revision.held_by_id, revision.held_until = actor.person_id, now + timedelta(minutes=minutes)
    return revision
