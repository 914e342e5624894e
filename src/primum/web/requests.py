"""A request that came through the door: with a person behind it."""

from __future__ import annotations

from django.http import HttpRequest

from primum.foundation.actor import Actor
from primum.people.rules import Member


class SignedInRequest(HttpRequest):
    """What AccessMiddleware hands on to every page that is not public."""

    actor: Actor
    member: Member
