"""Tables of the record. The application's role may insert and read them; only payloads may be deleted (shredded)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from primum.foundation.phi import Phi

_IDS = Phi("opaque ids of people and objects", "never: six years and longer, 45 CFR 164.316(b)(2)(i)")


class Entry(models.Model):
    """`leaf` is the truth; the other columns repeat it for searching and are compared with it when verifying."""

    phi: ClassVar = _IDS
    index = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField()
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, db_index=True)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, db_index=True)
    commit = models.CharField(max_length=64)


class Node(models.Model):
    """A complete subtree."""

    phi: ClassVar = _IDS
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_node_per_place")]


class Checkpoint(models.Model):
    """A signed head."""

    phi: ClassVar = _IDS
    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    at = models.DateTimeField()


class HeadSent(models.Model):
    """When a signed head left this machine: from then on nobody, not even the owner of both, can rewrite what it covers unseen."""

    phi: ClassVar = _IDS
    size = models.BigIntegerField()
    at = models.DateTimeField()


class Payload(models.Model):
    """Salt and details of one entry, sealed under the payload keys. Destroying the row leaves the proof valid."""

    phi: ClassVar = Phi("ids, states and hashes behind an entry", "shredded by shred_payload; the commitment stays")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    sealed = models.BinaryField()
