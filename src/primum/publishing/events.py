"""Evidence of a post's way: ids, states and digests only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from primum.evidence.events import Event


@dataclass(frozen=True, kw_only=True)
class _PostEvent(Event):
    OBJECT = "post"
    post: UUID


@dataclass(frozen=True, kw_only=True)
class PostCreated(_PostEvent):
    kind: str
    copied_from: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class PostReopened(_PostEvent):
    """An edit after submission: the revision and its approval no longer count."""

    revision: UUID
    was: str


@dataclass(frozen=True, kw_only=True)
class PostDiscarded(_PostEvent):
    was: str


@dataclass(frozen=True, kw_only=True)
class RevisionSubmitted(_PostEvent):
    revision: UUID
    number: int
    digest: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class SubmissionWithdrawn(_PostEvent):
    revision: UUID


@dataclass(frozen=True, kw_only=True)
class RevisionDecided(_PostEvent):
    revision: UUID
    outcome: str
    digest: str
    rulebook: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class ApprovalWithdrawn(_PostEvent):
    revision: UUID


@dataclass(frozen=True, kw_only=True)
class PostScheduled(_PostEvent):
    due_at: datetime
    digest: str
    deliveries: int


@dataclass(frozen=True, kw_only=True)
class PostUnscheduled(_PostEvent):
    was_due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class _DeliveryEvent(Event):
    OBJECT = "delivery"
    delivery: UUID
    post: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptStarted(_DeliveryEvent):
    fence: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class DeliveryHeld(_DeliveryEvent):
    gate: str


@dataclass(frozen=True, kw_only=True)
class DeliveryPublished(_DeliveryEvent):
    fence: int
    digest: str
    as_approved: int
    found_later: int = 0


@dataclass(frozen=True, kw_only=True)
class AttemptFailed(_DeliveryEvent):
    fence: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class TakeDownAsked(_PostEvent):
    deliveries: int


@dataclass(frozen=True, kw_only=True)
class DeliveryCameBack(_DeliveryEvent):
    """Taken down, and live again: a worker that slept through it sent it once more."""

    removed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DraftDestroyed(_PostEvent):
    was: str


@dataclass(frozen=True, kw_only=True)
class OrphanRemoved(Event):
    """A worker that slept through a cancellation had sent the post: the copy was deleted again, and looked for."""

    OBJECT = "delivery"
    delivery: UUID
    is_gone: int


@dataclass(frozen=True, kw_only=True)
class DeliveryRemoved(_DeliveryEvent):
    """The platform no longer shows it: asked and seen."""

    checked: int = 1


@dataclass(frozen=True, kw_only=True)
class DeliverySeen(Event):
    """After an unclear answer a person looked at the channel."""

    OBJECT = "delivery"
    delivery: UUID
    post: UUID
    is_there: int


@dataclass(frozen=True, kw_only=True)
class HandedOver(_DeliveryEvent):
    """Every gate was open at the minute, and a person was asked to post it."""

    by_hand: int = 1
    fence: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class PostedByHand(_DeliveryEvent):
    digest: str
    proof: str


@dataclass(frozen=True, kw_only=True)
class NativeRecorded(_PostEvent):
    """Somebody posted on the platform itself, and says so: it was live before anybody here judged it."""

    revision: UUID
    channel: UUID
    digest: str
    verdict: str
    proof: str


@dataclass(frozen=True, kw_only=True)
class NativeDecided(_PostEvent):
    """Somebody else looked at what was live already: it stays, or it comes down."""

    revision: UUID
    outcome: str
    digest: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class RemovedByHand(_DeliveryEvent):
    proof: str


@dataclass(frozen=True, kw_only=True)
class GivenBack(_DeliveryEvent):
    """The person who was asked did not post it."""
