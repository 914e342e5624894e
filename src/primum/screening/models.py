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


class HouseRules(models.Model):
    """Rules of our own, for the whole house or for one facility over them; the newest row of each counts. An empty text takes them back."""

    phi: ClassVar = Phi("none: rules, no texts of posts", "kept with the record: what counted when must stay known")
    facility = models.ForeignKey("people.Facility", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    is_signed = models.BooleanField(default=False)  # the privacy officer put it in force, so it may make a rule milder
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Disagreement(models.Model):
    """Somebody said that a finding is wrong: which rule, which kind of place, what it did. Not what stood there, and not who said so."""

    phi: ClassVar = Phi("none: a rule's id, a label and a day", "kept: it names nobody")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    rule = models.CharField(max_length=40, db_index=True)
    label = models.CharField(max_length=20)
    verdict = models.CharField(max_length=8)
    day = models.DateField()
