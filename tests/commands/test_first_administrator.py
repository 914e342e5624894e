"""The first administrator of an empty installation: made once, with a password that holds, and never a demonstration over somebody real."""

from __future__ import annotations

import pytest

from primum.installation import demo
from primum.installation.first_administrator import AlreadySetUp, WeakPassword, make_first_administrator
from primum.people.models import Organisation, User

ANSWERS = {"organisation": "Marlow Clinic", "name": "Ana Ruiz", "email": "ana@marlow.example", "facility": "Main", "town": "Marlow Bay", "time_zone": "America/New_York"}


def test_setting_up_twice_is_refused_and_no_demonstration_is_offered(db: None) -> None:
    make_first_administrator(**ANSWERS, password="a long quiet harbour 42")
    with pytest.raises(AlreadySetUp, match="set up already"):
        make_first_administrator(**ANSWERS, password="a long quiet harbour 42")
    assert demo.load_if_empty() is None
    assert Organisation.objects.get().is_demo is False
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password1234", "111111111111"])
def test_a_weak_password_makes_nobody(db: None, password: str) -> None:
    with pytest.raises(WeakPassword):
        make_first_administrator(**ANSWERS, password=password)
    assert not User.objects.exists() and not Organisation.objects.exists()
