"""A post on its way out: drafts, frozen revisions, decisions, deliveries and the attempts to send them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from primum.foundation.encryption import EncryptedBytesField, EncryptedTextField
from primum.foundation.phi import Phi

_DRAFT = Phi("text that may describe a patient, encrypted", "unsent or discarded drafts 30 days; with the post otherwise")
_IDS = Phi("opaque ids and times", "goes with its post")


class Post(models.Model):
    """Something we want to say. Its text is encrypted until it is published."""

    phi: ClassVar = _DRAFT

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        CHANGES = "changes", "Changes requested"
        REJECTED = "rejected", "Rejected"
        APPROVED = "approved", "Approved"
        SCHEDULED = "scheduled", "Scheduled"
        PUBLISHED = "published", "Published"
        ATTENTION = "attention", "Needs attention"
        TAKEN_DOWN = "taken_down", "Taken down"
        DISCARDED = "discarded", "Discarded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    facility = models.ForeignKey("people.Facility", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[("post", "Post"), ("reply", "Reply")], default="post")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT, db_index=True)
    text = EncryptedTextField(default="")
    heard = EncryptedTextField(default="")  # what somebody wrote, when this is an answer
    heard_link = EncryptedTextField(null=True)  # where they wrote it
    warning = EncryptedTextField(null=True)  # stands before the text where a platform can show one
    language = models.CharField(max_length=5, default="en")
    note = EncryptedTextField(default="")  # internal, never published
    window_from = models.DateTimeField()
    window_until = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    take_down_asked_at = models.DateTimeField(null=True, blank=True)
    is_native = models.BooleanField(default=False)  # made on the platform itself: it was live before anybody here saw it
    version = models.IntegerField(default=1)
    created_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()


class PostText(models.Model):
    """A channel chosen for a post, with its own wording where it differs (None: the post's)."""

    phi: ClassVar = _DRAFT
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="texts")
    channel = models.ForeignKey("inventory.Channel", on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(null=True)
    resolved = EncryptedTextField(null=True)  # what the platform said, at submission, about names and links in it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "channel"], name="one_text_per_channel")]


class Picture(models.Model):
    """One image: only the clean rendition is kept, never the upload. Rows are not changed, save for alt text and order."""

    phi: ClassVar = Phi("an image that may show a patient, encrypted", "unsent drafts 30 days; with the post otherwise")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="pictures")
    position = models.IntegerField()
    in_draft = models.BooleanField(default=True)
    alt_text = EncryptedTextField(default="")
    data = EncryptedBytesField()
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(max_length=24)
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()


class PostEditor(models.Model):
    """Who wrote: everyone who changed the post since it was last approved."""

    phi: ClassVar = _IDS
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="editors")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="one_editor_row_per_person")]


class Revision(models.Model):
    """A frozen state of a post, and the digest that decisions are bound to."""

    phi: ClassVar = _DRAFT

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for review"
        APPROVED = "approved", "Approved"
        CHANGES = "changes", "Changes requested"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUPERSEDED = "superseded", "Replaced by an edit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    number = models.IntegerField()
    digest = models.CharField(max_length=64)
    frozen = EncryptedTextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    verdict = models.CharField(max_length=8)
    rulebook = models.CharField(max_length=64)
    release_reason = EncryptedTextField(default="")  # why the author asks the privacy officer to release a stop
    submitted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    held_by = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="revisions_are_numbered"),
            models.UniqueConstraint(fields=["post"], condition=Q(state__in=["waiting", "approved"]), name="one_live_revision_per_post"),
        ]


class RevisionEditor(models.Model):
    """The writers of a frozen revision: none of them may approve it (a trigger refuses it in the database too)."""

    phi: ClassVar = _IDS
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="editors")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")


class Decision(models.Model):
    """What a reviewer decided about one digest."""

    phi: ClassVar = Phi("a reviewer's reason, encrypted", "goes with its post")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="decisions")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    outcome = models.CharField(max_length=10, choices=[("approved", "Approved"), ("changes", "Asked for changes"), ("rejected", "Rejected")])
    reason = EncryptedTextField(default="")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    """One post on one channel. A claim is a lease with a fence number that every later write carries."""

    phi: ClassVar = Phi("text that was published", "by the records schedule")

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        SENDING = "sending", "Being sent"
        BY_HAND = "by_hand", "To post by hand"
        PUBLISHED = "published", "Published"
        UNCLEAR = "unclear", "May have gone out"
        HELD = "held", "Held"
        REMOVING = "removing", "Being taken down"
        REMOVED = "removed", "Taken down"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey("inventory.Channel", on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.SCHEDULED, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(db_index=True)
    not_before = models.DateTimeField(null=True)  # the platform asked for a pause
    fence = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    remote_id = models.CharField(max_length=300, blank=True)
    permalink = models.CharField(max_length=500, blank=True)
    published_text = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    is_as_approved = models.BooleanField(null=True)
    removed_at = models.DateTimeField(null=True)
    checked_gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "channel"], name="one_delivery_per_post_and_channel")]


class Attempt(models.Model):
    """One try to send, committed before the first byte leaves."""

    phi: ClassVar = _IDS
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    fence = models.IntegerField()
    digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, default="open", choices=[("open", "Open"), ("published", "Published"), ("not_sent", "Not sent"), ("unknown", "May have gone out")])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery"], condition=Q(outcome="open"), name="one_open_attempt_per_delivery")]


class Proof(models.Model):
    """What a person saw on a platform that they serve by hand: the post standing there, or gone."""

    phi: ClassVar = Phi("a picture of a public page, which may show what others wrote, encrypted", "goes with its post")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="proofs")
    shows = models.CharField(max_length=8, choices=[("posted", "Posted"), ("removed", "Taken down")])
    data = EncryptedBytesField()
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(max_length=24)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Pulse(models.Model):
    """When a worker last finished its round: silence here means that nothing goes out."""

    phi: ClassVar = Phi("none", "one row, overwritten")
    name = models.CharField(max_length=24, primary_key=True)
    at = models.DateTimeField()


class PracticePost(models.Model):
    """The practice platform's own table: what stands on the internal feed. `times_put` would betray a double."""

    phi: ClassVar = Phi("practice posts; they passed the same lock as real ones", "removed when taken down")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key = models.CharField(max_length=80, unique=True)
    channel = models.ForeignKey("inventory.Channel", on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    pictures = models.JSONField(default=list)  # [{"sha256", "alt", "mime"}]
    reply_to = models.TextField(blank=True)
    published_at = models.DateTimeField()
    times_put = models.IntegerField(default=1)
