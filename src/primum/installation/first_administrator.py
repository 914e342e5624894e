"""The first administrator of an empty installation."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from primum.foundation.actor import system
from primum.people import actions, queries
from primum.people.models import Role

SETUP = system("setup")


class AlreadySetUp(RuntimeError):
    """The installation has an organisation already."""


class WeakPassword(ValueError):
    """The password does not meet the rules."""


def make_first_administrator(*, organisation: str, name: str, email: str, password: str, facility: str, town: str, time_zone: str) -> None:
    """Raises AlreadySetUp, WeakPassword."""
    if queries.organisation() is not None:
        raise AlreadySetUp("This installation is set up already. Sign in as an administrator to add people.")
    try:
        validate_password(password)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from None
    actions.set_organisation(actor=SETUP, name=organisation, time_zone=time_zone, profile={"names": [organisation], "towns": [town] if town else []})
    actions.add_facility(actor=SETUP, name=facility, town=town)
    actions.add_person(actor=SETUP, name=name, email=email, roles=frozenset({(Role.ADMIN.value, None)}), password=password)
