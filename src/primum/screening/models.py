"""What screening found in a frozen revision: rules and places, never text."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from primum.foundation.phi import Phi


class Screening(models.Model):
    """One judgement of one frozen text (`digest`), with the rulebook's version."""

    phi: ClassVar = Phi("positions and rule ids of a text, no text", "goes with its post")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    digest = models.CharField(max_length=64, db_index=True)
    rulebook = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8)
    findings = models.JSONField(default=list)
    error = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()


class Disagreement(models.Model):
    """Somebody said that a finding is wrong: which rule, which kind of place, what it did. Not what stood there, and not who said so."""

    phi: ClassVar = Phi("none: a rule's id, a label and a day", "kept: it names nobody")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    rule = models.CharField(max_length=40, db_index=True)
    label = models.CharField(max_length=20)
    verdict = models.CharField(max_length=8)
    day = models.DateField()
