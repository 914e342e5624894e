"""Our channels: who owns them, where they belong, whether they may be used, and who may write for them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from primum.foundation.encryption import EncryptedTextField
from primum.foundation.phi import Phi

_STAFF = Phi("owners' ids (staff)", "kept with the channel; six years after it is retired")


class Channel(models.Model):
    """One official presence of ours on a platform."""

    phi: ClassVar = _STAFF

    class Status(models.TextChoices):
        SANCTIONED = "sanctioned", "In use"
        PAUSED = "paused", "Paused"
        RETIRED = "retired", "Retired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    platform = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    handle = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300, blank=True)
    facility = models.ForeignKey("people.Facility", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    backup_owner = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    posts_per_hour = models.IntegerField(null=True)
    quiet_from = models.TimeField(null=True)  # in the organisation's time zone
    quiet_until = models.TimeField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SANCTIONED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "handle"], name="one_channel_per_handle")]

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """What a channel signs in with. Entered once, sealed under a key outside the database, never shown again."""

    phi: ClassVar = Phi("a platform's password or token, sealed; nothing about patients", "destroyed when it is replaced, or the channel is disconnected or retired")

    class State(models.TextChoices):
        WORKING = "working", "Connected"
        REFUSED = "refused", "No longer accepted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="credential")
    secret = EncryptedTextField()  # the platform's fields, as JSON
    session = EncryptedTextField(default="")  # what the platform gave us after signing in
    state = models.CharField(max_length=8, choices=State.choices, default=State.WORKING)
    reason = models.CharField(max_length=300, blank=True)
    remote_id = models.CharField(max_length=200)
    max_characters = models.IntegerField(null=True)  # what this very server takes; None: as its platform does
    rules = models.JSONField(default=list)  # the server's own, as it publishes them
    entered_by = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()
    checked_at = models.DateTimeField()
