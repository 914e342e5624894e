"""Spanish, where a mistake was seen: in the patterns for danger, the offices' numbers, verbs taken for names, and business that is none."""

from __future__ import annotations

import pytest

from primum_detect import Content, screen


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Dolor de pecho muy fuerte, hace tres semanas me pusieron un stent", "emergency"),
        ("no despierta, hace 3 años tuvo un derrame", "emergency"),
        ("Tuvo una serie de convulsiones y no despierta", "emergency"),
        ("los voy a matar a todos, y a todo el equipo", "threat"),
        ("voy a matar a ese equipo de carniceros", "threat"),
        ("Sé a qué hora sale la doctora y cuál es su carro", "threat"),
        ("No es un juego, me quiero morir", "self_harm"),
        ("El equipo de noche golpea a mi abuela", "abuse_report"),
        ("Desde la vacuna tengo ronchas y fiebre, avisen al equipo", "adverse_event"),
    ],
)
def test_danger_is_heard(text: str, intent: str) -> None:
    assert intent in screen(Content(text, surface="comment", author_role="public")).intents


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Me corté el dedo con una lata, ¿atienden sin cita?", "self_harm"),
        ("El viernes ya no voy a estar en la ciudad, ¿puedo cambiar la cita?", "self_harm"),
        ("Los pasillos están mejor sin el ruido de la obra", "self_harm"),
        ("Muy linda la carta de despedida para la enfermera que se jubila", "self_harm"),
        ("Van a volar globos en la feria", "threat"),
        ("¡Qué bonita familia! Nos vemos pronto", "threat"),
        ("La consulta la va a pagar Medicaid", "threat"),
        ("No tengo gasolina para llegar", "threat"),
        ("Le cobran el dinero del estacionamiento a uno hasta en domingo", "abuse_report"),
    ],
)
def test_everyday_words_are_no_danger(text: str, intent: str) -> None:
    assert intent not in screen(Content(text, surface="comment", author_role="public")).intents


@pytest.mark.parametrize(
    "text",
    [
        "Servicio al paciente: la hija del señor Salas contesta en 806-555-0142.",
        "Para visitar al señor Salas marquen la línea del paciente: 806-555-0142.",
        "Para llevarle comida a la señora Alvarez, la oficina de la paciente es 806-555-0142.",
        "Patient Relations says the best way to reach her family is 806-555-0142.",
        "The patient advocate would like you to text his mother at 806-555-0142.",
        "Our advocate has been sitting with her family since Friday, 806-555-0142.",
    ],
)
def test_an_office_beside_it_makes_nobodys_number_ours(text: str) -> None:
    assert "ID.PHONE" in screen(Content(text, author_role="org")).rules


@pytest.mark.parametrize(
    "text",
    [
        "Hola Rosalinda, quedó inscripción al taller de lactancia.",
        "Hola Rosalinda, su solicitud de traslado fue aceptada.",
        "Gracias Rosalinda, ya quedó resuelto el contratiempo.",
        "Fermín está estacionario, Rosalinda.",
    ],
)
def test_what_only_sounds_like_business_keeps_its_name(text: str) -> None:
    assert screen(Content(text, surface="reply", author_role="org")).verdict != "allow"


def test_a_verb_is_no_name_and_a_greek_name_is_one() -> None:
    text = "Sentimos lo del ruido, la obra termina el viernes."
    assert all(text[f.start : f.end] != "Sentimos" for f in screen(Content(text, surface="reply", author_role="org")).findings)
    assert screen(Content("Anthimos rang the bell today!", author_role="workforce")).verdict != "allow"
