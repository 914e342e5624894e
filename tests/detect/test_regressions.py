"""Mistakes that were seen and mended: each stays here as a case."""

from __future__ import annotations

import pytest

from primum_detect import Content, identify, screen

# Real shapes, invented words.
QUIET = (
    "Toll of the landslide rises, with 7 people still missing.",
    "Storm damage: at least six people, officials say, lost their roofs.",
    "A talk about the Nineties and its music.",
    "Governor signs the school lunch bill.",
    "We take all concerns seriously: Patient Relations, 555-0170.",
    "The mayor toured our new emergency department today and said it is a big step for the county.",
    "We welcomed a police officer, a firefighter and a paramedic to career day.",
    "Congratulations to Maria Lopez, RN, on 30 years of service! She started in our ED in 1996.",
    "Our ER team saw record volumes last month. Thank you for your patience.",
    "Good to see the chart shows fewer flu cases this week.",
    "You can drop off unused or expired medications, no questions asked, in the green box by the pharmacy.",
    "The event is free and kids are welcome. See you Saturday!",
    # A Spanish sentence's first words, and words written small where names are written large, are no names; a Spanish title is one of ours.
    "La clínica estará cerrada el lunes por el feriado",
    "La señora de los tamales vende los martes frente a terapia intensiva. Efectivo nada más.",
    "El panadero de la calle Cuarta donó 300 piezas a nuestra sala de urgencias.",
    "Mi hija me preguntó si curo el cáncer. Le dije que hago hojas de cálculo.",
    "La Dra. Marisol Quintero hablará de cirugía torácica el jueves.",
    "Cancer screening day, Oct 18: mammogram van at the co-op parking lot, no referral needed. Book at 555-0131.",
    # Numbers, rooms and "her" that belong to nobody.
    "Our robot Clementine delivered her ten thousandth blanket today.",
    "Story hour is back: Saturdays at 10, room 41.",
    "Room 12 of the old nurses' dorm is now a reading room.",
    "Story hour moves to Room 214 this month because 118 is getting new carpet. Wednesdays, 10:30, ages 2 to 5, no sign-up.",
    "A car ran into the sign out front last night; nobody was in it, and the sign has seen worse.",
    "My 8 am trainee got her badge today!",
    "My 9 am yoga teacher says she loves our parking garage.",
    "Mi cita de las nueve con el plomero se canceló.",
    "Our man sat so still at the chess table that the lights went off.",
    "That's all I can say about the third floor, it's beautiful.",
    "Our annual report is out. 31,400 surgeries, 6,210 births, 402 transplants, 1 peregrine falcon nest on Tower B.",
)
STOPPED = (
    "The guy in room 412 sings to us every morning.",
    "Our 97-year-old patient went home today.",
    "kazuo fujimoto came in last night with a stroke, poor guy",
    "¡Adiós a la artritis! La inyección que ofrecemos los viernes la cura en una sola visita, garantizado.",
    "Déjanos 5 estrellas en Google, enséñalo en recepción y llévate una tarjeta de $15 para el súper",
    "Compañeros del turno nuevo: el clóset de la metadona ahora abre con 4471#, ya no con la tarjeta.",
    "Heads up to OB staff: they vote Thursday in closed session to end deliveries in June. You didn't hear it from me.",
    "Call his daughter at 305-555-0163.",
    "Three cases of measles this month.",
    "Shout-out to the crew who saved the wrestling coach who collapsed on Friday. He's awake in the ICU.",
    "A certain local weatherman came into our ER last night with a fishhook in his ear.",
    "Nuestro paciente, don Eusebio, de 92 años, salió hoy de la habitación 407 después de su operación.",
    "He told us he was 'just the bass player'. Sir, we have Google. Feel better!",
    "If you were at the Cold Creek pileup and we cut your jeans off, sorry about the jeans.",
    "La señora de los tamales de la calle Cuarta por fin salió de terapia intensiva, gracias a Dios.",
    "If anyone needs Dr. Hollis Macready over the weekend, he's at home: 77 Wren Lane, the blue house with the swing. Cell is 555-0168. He won't mind!",
    "Weekend staff heads-up: guest wifi is down, so use the back-office network, password Pelican-Tamsen-88. Please don't share too widely, ha.",
    # One thing was empty; what happened is another.
    "After what happened at the lake on Sunday we need a minute. The other boat was empty, no one was on it.",
    "Whoever saw what came through our doors after the bus fire knows why we are quiet. The second bus, nobody was on it.",
    # Nothing is said outright: a ward that will be no more, an object and how a child bore it, an hour and whose it is.
    "Wear comfortable shoes on Friday and clean out your lockers, that's all I can say about 3 South.",
    "Never thought I'd see a pitchfork from that side. The Amish kid held so still.",
    "My 3 o'clock showed me pictures of the divorce on her phone, long story short she keeps the boat.",
    "Anciana de 93 años ganó la lotería y se nos cayó de la cama.",
)


# Answers of which nobody knows what they answer.
ALONE = (
    "I'm glad the stitches came out clean, Rosalind. See you in June.",
    "Nos alegra que su mamá ya camine sin el andador.",
)


@pytest.mark.parametrize("text", ALONE)
def test_an_answer_alone_does_not_slip_by(text: str) -> None:
    assert screen(Content(text, surface="reply", author_role="org")).verdict != "allow"


@pytest.mark.parametrize("text", QUIET)
def test_stays_quiet(text: str) -> None:
    assert screen(Content(text)).findings == ()


@pytest.mark.parametrize("text", STOPPED)
def test_does_not_slip_by(text: str) -> None:
    assert screen(Content(text)).verdict != "allow"


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ("The event is free and kids are welcome. See you Saturday!", "do we need tickets for the helmet thing"),
        ("Gracias por escribirnos. Por privacidad no podemos hablar aquí de la atención de ninguna persona. Llame a Relaciones con el Paciente al 555-0171.", "Mi papá estuvo 9 horas esperando"),
        ("Aquí no hablamos de la atención de nadie. La oficina de Relaciones con el Paciente contesta en el 555-0151.", "Nunca voy a perdonar a ese hospital"),
        ("Por privacidad, mejor por teléfono: Defensoría del Paciente, 555-0177.", "Nunca voy a perdonar a ese hospital"),
        ("Sentimos lo del ruido; lo de la barda se termina el viernes.", "Hacen mucho ruido con la construcción"),
        ("Please call Patient Relations at 555-0170, we would like to hear more.", "your hospital is a joke"),
        ("Hi Jordan, applications stay open till the 30th. Recruiting can help at 555-0114.", "Is the RT position still open? I applied last week"),
        ("Appreciate it, Bud. See you at the fish fry.", "Proud of you guys at the firehouse"),
        ("The lot by the cancer center is for staff until 4, sorry. Try Hawthorne Street, the shuttle is every ten minutes.", "Got a ticket parking at your cancer center, ridiculous"),
        ("Please call 555-0117 so someone can look into your concerns.", "The billing office hung up on me TWICE"),
    ],
)
def test_an_answer_that_tells_nothing_passes(answer: str, heard: str) -> None:
    assert screen(Content(answer, surface="reply", thread=(heard,))).verdict == "allow"


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ("Thanks so much, Ray!", "⭐⭐⭐⭐⭐"),
        ("Happy one-year kidneyversary, Jo!", "365 days today"),
        ("We love you too, Jasmine!", "Love this clinic!!"),
    ],
)
def test_a_name_in_an_answer_about_care_is_looked_at(answer: str, heard: str) -> None:
    assert screen(Content(answer, surface="reply", thread=(heard,))).verdict != "allow"


def test_news_of_a_stranger_is_at_most_looked_at() -> None:
    assert screen("Police have arrested a man in Harbour Street this morning, says the town's page.").verdict != "block"


def test_a_century_ago_is_at_most_looked_at_and_hides_nobody_else() -> None:
    told = "In 1918 the old wing took in more than 900 influenza patients. Agnes Thorvald, the head nurse, slept in the linen room."
    assert screen(Content(told)).verdict != "block"
    assert screen(Content("The guy in room 412 sings to us every morning. We love it. What a voice. Caring for our neighbors since 1926. Happy Halloween from our ghosts!")).verdict == "block"


def test_a_manikin_is_at_most_looked_at() -> None:
    assert screen(Content("Sim lab day! Our patient is Victoria, a birthing mannequin. Today she hemorrhaged twice and delivered a healthy plastic boy in room 3.")).verdict == "review"
    assert screen(Content("Today she hemorrhaged twice and delivered a healthy boy in room 3.")).verdict == "block"


@pytest.mark.parametrize(("text", "label"), [("a lady in her 90s", "AGE90"), ("she is in her 80s", "AGE"), ("our 100-day-old preemie", "AGE"), ("93F with a fracture", "AGE90")])
def test_an_age_is_over_89_in_years_only(text: str, label: str) -> None:
    assert [finding.label for finding in identify(text) if finding.label.startswith("AGE")] == [label]


# What desperate people wrote without its usual words, and what only sounds like it: the intent that must be read, or none of the five.
DANGERS = {"self_harm", "emergency", "threat", "abuse_report", "adverse_event"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ayuda mi hijo se trago una pila de boton hace como 10 min, lo llevo o espero a que la saque", "emergency"),
        ("Found homes for both cats and mailed the house keys to my sister. It'll be quiet finally.", "self_harm"),
        ("Your CEO's lake house has such lovely big windows. Be a shame.", "threat"),
        ("Mi cuñado le pega a mi sobrino. El domingo llegó con ustedes con el brazo roto y dijeron que se cayó de la bici.", "abuse_report"),
        ("my MRN is 0048213 and nobody calls me back", ""),
        ("Killing it with the new parking signs, found my car on the first try for once", ""),
        ("our offense got slaughtered last night, total bloodbath, fire the coach into the sun", ""),
        ("The haunted hallway!! My 6 yo screamed bloody murder at the skeleton and then asked to go again.", ""),
    ],
)
def test_dangers_are_read_and_jokes_are_none(text: str, intent: str) -> None:
    found = DANGERS & set(screen(Content(text, surface="comment")).intents)
    assert intent in found if intent else not found


def test_a_suggestion_is_never_half_a_sentence() -> None:
    assert (screen("MRN 00482213 is ready for pickup").suggestion or "X")[0].isupper()
