"""Mistakes that were seen and mended: each stays here as a case."""

from __future__ import annotations

import pytest

from primum_detect import Content, screen

# Real shapes, invented words.
QUIET = (
    "Toll of the landslide rises, with 7 people still missing.",
    "Storm damage: at least six people, officials say, lost their roofs.",
    "A talk about the Nineties and its music.",
    "Police have arrested a man in Harbour Street this morning, says the town's page.",
    "Governor signs the school lunch bill.",
    "We take all concerns seriously: Patient Relations, 555-0170.",
    "The mayor toured our new emergency department today and said it is a big step for the county.",
    "We welcomed a police officer, a firefighter and a paramedic to career day.",
    "Congratulations to Maria Lopez, RN, on 30 years of service! She started in our ED in 1996.",
    "Our ER team saw record volumes last month. Thank you for your patience.",
    "Good to see the chart shows fewer flu cases this week.",
)
STOPPED = (
    "The guy in room 412 sings to us every morning.",
    "Our 97-year-old patient went home today.",
    "Call his daughter at 305-555-0163.",
    "Three cases of measles this month.",
    "Shout-out to the crew who saved the wrestling coach who collapsed on Friday. He's awake in the ICU.",
    "A certain local weatherman came into our ER last night with a fishhook in his ear.",
    "Nuestro paciente, don Eusebio, de 92 años, salió hoy de la habitación 407 después de su operación.",
    "Anciana de 93 años ganó la lotería y se nos cayó de la cama.",
)


@pytest.mark.parametrize("text", QUIET)
def test_stays_quiet(text: str) -> None:
    assert screen(Content(text)).findings == ()


@pytest.mark.parametrize("text", STOPPED)
def test_does_not_slip_by(text: str) -> None:
    assert screen(Content(text)).verdict != "allow"


def test_a_suggestion_is_never_half_a_sentence() -> None:
    assert (screen("MRN 00482213 is ready for pickup").suggestion or "X")[0].isupper()
