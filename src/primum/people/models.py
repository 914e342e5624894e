"""The workforce: who works here, where, in which role, and how they sign in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from primum.foundation.phi import Phi

_STAFF = Phi("names and work addresses of staff (no patients)", "kept six years after leaving, then removed")
_NONE = Phi("none", "kept with the organisation")


class Role(models.TextChoices):
    """What a person may do at a facility, or everywhere."""

    AUTHOR = "author", "Author"
    BRAND = "brand_reviewer", "Brand reviewer"
    CLINICAL = "clinical_reviewer", "Clinical reviewer"
    PRIVACY = "privacy_officer", "Privacy officer"
    SECURITY = "it_security", "IT security"
    ADMIN = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"


class Organisation(models.Model):
    """One row: who we are, and what is ours (negative evidence for screening)."""

    phi: ClassVar = _NONE
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    profile = models.JSONField(default=dict)  # the fields of primum_detect.Profile
    privacy_help = models.CharField(max_length=200, blank=True)
    is_demo = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)  # nothing goes out anywhere


class Facility(models.Model):
    """A hospital, a programme or a practice. `is_small`: two hats, anyone but the writer checks."""

    phi: ClassVar = _NONE
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=120, unique=True)
    town = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    is_small = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)  # nothing goes out here


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A sign-in, nothing more; who it is stands in Person."""

    phi: ClassVar = _STAFF
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __repr__(self) -> str:
        return f"<User {self.pk}>"

    __str__ = __repr__


class Person(models.Model):
    """A member of the workforce."""

    phi: ClassVar = _STAFF
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="person")
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    @property
    def is_here(self) -> bool:
        return self.left_at is None

    def __repr__(self) -> str:
        return f"<Person {self.pk}>"

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role of a person, at one facility or (facility empty) everywhere."""

    phi: ClassVar = _STAFF
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=24, choices=Role.choices)
    facility = models.ForeignKey(Facility, null=True, blank=True, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role", "facility"], nulls_distinct=False, name="one_grant_of_a_kind")]


class EntryLink(models.Model):
    """A single-use link: an invitation, or a demonstration sign-in. Only its hash is kept."""

    phi: ClassVar = _STAFF
    token_hash = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    kind = models.CharField(max_length=12, choices=[("invite", "Invitation"), ("demo", "Demonstration")])
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class FactorRecovery(models.Model):
    """A person lost their second factor: two others vouch before it is reset."""

    phi: ClassVar = _STAFF
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recoveries")
    opened_at = models.DateTimeField()
    first = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(closed_at__isnull=True), name="one_open_recovery_per_person"),
            models.CheckConstraint(condition=~models.Q(first=models.F("second")), name="two_different_people_vouch"),
            models.CheckConstraint(condition=~models.Q(first=models.F("person")) & ~models.Q(second=models.F("person")), name="nobody_vouches_for_themselves"),
        ]
