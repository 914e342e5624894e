"""What somebody posted on the platform itself: captured, judged, and looked at by another person afterwards. It was live before anybody
here saw it, and the record says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from primum.connectors.registry import CAPABILITIES
from primum.evidence.recording import action
from primum.foundation.actor import Actor
from primum.foundation.jobs import defer
from primum.inventory import queries as inventory
from primum.people import queries as people
from primum.publishing import drafts, events, queries
from primum.publishing.actions import NotAllowed, Refused, Stale, keep_revision, lock_post, require_author
from primum.publishing.drafts import Draft
from primum.publishing.media import Rendition
from primum.publishing.models import Decision, Delivery, Post, PostEditor, PostText, Proof, Revision
from primum.publishing.sending import begin_take_down
from primum.screening import queries as screening

OLDEST = timedelta(days=30)


@action
def record_native(*, actor: Actor, channel_id: UUID, text: str, permalink: str, at: datetime, proof: Rendition, now: datetime) -> events.NativeRecorded:
    """Keep what stands there, judge it, and ask those who would have approved it. Raises Refused, NotAllowed, BadDraft."""
    channel = {row.id: row for row in inventory.writable_channels(actor)}.get(channel_id)
    if channel is None or not CAPABILITIES[channel.platform].is_public:
        raise NotAllowed("You may not write for this channel, or it is not in use.")
    author = require_author(actor, channel.facility_id)
    Draft(text, (channel_id,)).check()
    if not text.strip():
        raise Refused("Paste the words as they stand there.")
    if not now - OLDEST < at <= now:
        raise Refused("Say when it was posted: within the last thirty days, and not in the future.")
    if Delivery.objects.filter(channel_id=channel_id, permalink=permalink).exists():
        raise Refused("This post is recorded already.")
    post = Post.objects.create(
        facility_id=channel.facility_id, state="published", text=drafts.clean(text), is_native=True, window_from=at, window_until=now, due_at=at, created_by_id=author, created_at=now, updated_at=now
    )
    PostText.objects.create(post=post, channel_id=channel_id)
    frozen = drafts.freeze(post)
    judgement = screening.judge(drafts.parts_of(frozen), facility_id=channel.facility_id)
    revision = keep_revision(post, frozen, judgement, submitter=author, actor=actor, now=now)
    PostEditor.objects.create(post=post, person_id=author)
    delivery = Delivery.objects.create(  # its words stay sealed, in the revision
        post=post,
        channel_id=channel_id,
        revision=revision,
        state="published",
        due_at=at,
        permalink=permalink[:500],
        published_at=at,
        reason="Posted on the platform itself, before anybody here saw it.",
    )
    Proof.objects.create(delivery=delivery, shows="posted", data=proof.data, sha256=proof.sha256, mime=proof.mime, by_id=author, at=now)
    return events.NativeRecorded(post=post.id, revision=revision.id, channel=channel_id, digest=frozen.digest, verdict=judgement.verdict, proof=proof.sha256)


@action
def decide_native(*, actor: Actor, revision_id: UUID, outcome: str, reason: str, digest: str, now: datetime) -> events.NativeDecided:
    """It may stay (`approved`), or it comes down (`rejected`). Whoever may approve a post of this verdict may decide; its author may
    not. Raises Refused, NotAllowed, Stale."""
    post = lock_post(actor, queries.get_revision(actor, revision_id).post_id)
    revision = Revision.objects.select_for_update(of=("self",)).select_related("post__facility").prefetch_related("editors").get(id=revision_id)
    if outcome not in ("approved", "rejected") or not post.is_native:
        raise Refused("It is live already: it stays, or it comes down.")
    if revision.state != "waiting" or revision.digest != digest:
        raise Stale
    member = people.viewer_member(actor)
    if refusal := queries.why_not_decide(member, revision):
        raise NotAllowed(refusal)
    if not reason.strip() and (outcome == "rejected" or revision.verdict == "block"):
        raise Refused("Say why, in a sentence: it stays with the record.")
    role = queries.role_of(member, post.facility_id)
    Decision.objects.create(revision=revision, person_id=member.id, role=role, outcome=outcome, reason=drafts.clean(reason), digest=digest, at=now)
    revision.state, revision.held_by = outcome, None
    revision.save(update_fields=["state", "held_by"])
    if outcome == "rejected":
        begin_take_down(post, now=now)
    defer("publishing.tell_author", revision_id=revision.id)
    return events.NativeDecided(post=post.id, revision=revision.id, outcome=outcome, digest=digest, verdict=revision.verdict)
