"""The tables of the field: ways to confirm a patient that must stop, ready wordings and everyday look-alikes that must pass, and what a
channel gives away by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from primum_detect import Content, Engine, Profile, ProfileError
from primum_detect.mend import wording
from primum_detect.report import STRICTNESS

ENGINE = Engine()

# What confirms, or denies, that somebody is a patient, when it is said to somebody (45 CFR 164.502(a)); English, then Spanish.
CONFIRMS = {
    "your care": (
        "We are sorry that your visit was less than pleasant.",
        "Your results were sent to the portal this morning.",
        "Your surgery was one of the first on the schedule, thank you for being early!",
        "We hope that your stay on the third floor went well.",
        "Your bill has been corrected, you should see it soon.",
        "Su cita fue cancelada por la doctora.",
        "Sus resultados ya están en el portal.",
        "Lamentamos que su estancia no fuera buena.",
        "Su cirugía salió muy bien, nos alegramos.",
        "Su factura ya fue corregida.",
    ),
    "gratitude for custom": (
        "Thank you for trusting us with your care!",
        "Thanks for choosing us for your knee replacement.",
        "We are so glad you're feeling better.",
        "Welcome back, we missed you on the unit!",
        "It was an honor to take care of your dad.",
        "Gracias por confiar en nosotros para su parto.",
        "Nos alegra que ya se sienta mejor.",
        "Gracias por atenderse con nosotros.",
        "Fue un placer cuidar de su papá.",
        "Qué bueno que su niña ya está en casa.",
    ),
    "apology for an event": (
        "Sorry you waited so long.",
        "We apologize that our nurse was short with you.",
        "About last Tuesday: we let you down.",
        "We're sorry for what happened while you were with us.",
        "Sorry our front desk was rude to you.",
        "Lamentamos que haya esperado tanto.",
        "Perdón por el trato que recibió en la sala.",
        "Sentimos mucho lo que pasó durante su visita.",
        "Disculpe la espera del lunes.",
        "Lamentamos que nuestra enfermera fuera grosera con usted.",
    ),
    "records": (
        "We checked our records and you were discharged at noon.",
        "Your chart shows something different.",
        "Your insurance denied the claim, not us.",
        "You no-showed twice.",
        "As you know, Dr. Vance told you this could happen.",
        "Revisamos su expediente y todo está en orden.",
        "Su seguro no aprobó el estudio.",
        "Usted faltó a su cita dos veces.",
        "Como le explicó el doctor, eso era posible.",
        "En su expediente dice otra cosa.",
    ),
    "denial": (
        "You were never a patient here.",
        "We cannot find you in our system.",
        "We have no record of an appointment for you.",
        "Nobody with your name was seen at our clinic.",
        "You must be thinking of another hospital, you have not been here.",
        "Usted nunca ha sido paciente aquí.",
        "No lo encontramos en nuestro sistema.",
        "No tenemos ningún registro de su visita.",
        "No hay ninguna cita a su nombre.",
        "Usted no aparece como paciente nuestro.",
    ),
    "the person behind a handle": (
        "Thanks for your note about your ER visit, Maria.",
        "Hi Tom, sorry that your labs took so long.",
        "Mrs. Whitaker, we appreciate you coming in for your scan.",
        "@sunny_dale78 Is this Rosa from Elm Street? We're glad your hip is healing.",
        "Dear Mr. Okafor, your complaint about your treatment was received.",
        "Gracias, María, nos alegra que la operación saliera bien.",
        "Señora Ramos, sentimos lo de su cita.",
        "Hola Juan, su receta ya está lista.",
        "Don Luis, gracias por venir a su consulta.",
        "Estimada Elena, sus estudios salieron bien.",
    ),
    "defence of staff": (
        "Dr. Vance did everything right for your mother.",
        "Our nurses were kind to you the whole time.",
        "The team did all they could for your father.",
        "Your surgeon followed every protocol.",
        "Our staff treated you with respect, and you yelled at them.",
        "El doctor hizo todo lo posible por su mamá.",
        "Nuestras enfermeras le atendieron muy bien.",
        "La doctora siguió el protocolo en su caso.",
        "El equipo hizo todo por su esposo.",
        "Nuestro personal le trató con respeto.",
    ),
}

READY = (
    "Federal and state privacy laws do not let us discuss anyone's care, or say whether someone is a patient, on social media. We want to hear concerns: Patient Relations, 555-0142 or relations@wrenfield.example.",
    "Thank you for the kind words about our team.",
    "We can't give medical advice here. Please call your clinician, or our nurse line, 555-0101. In an emergency call 911.",
    "To protect privacy we may hide comments with personal health details. Please contact 555-0142.",
    "Our emergency department sees the sickest people first; waits vary. More at https://wrenfield.example/waits",
    "This inbox is not secure or watched for emergencies. Please don't send health details. Call 555-0142, or 911 in an emergency.",
    "If you or someone near you may be in danger, call 911. To talk with somebody now, call or text 988, at any hour.",
    "Las leyes de privacidad no nos permiten hablar de la atención de nadie, ni decir si alguien es paciente, en redes sociales. Queremos escuchar sus inquietudes: 555-0142.",
    "Gracias por las amables palabras sobre nuestro equipo.",
    "No podemos dar consejos médicos aquí. Llame a su médico, o a nuestra línea de enfermería, 555-0101. En una emergencia llame al 911.",
    "Para proteger la privacidad podemos ocultar comentarios con datos de salud. Llame al 555-0142.",
    "Este buzón no es seguro ni se vigila para emergencias. No envíe datos de salud. Llame al 555-0142, o al 911 en una emergencia.",
    "Si usted o alguien cerca está en peligro, llame al 911. Para hablar con alguien ahora, llame o escriba al 988.",
    # paraphrases
    "Privacy rules keep us from talking about anybody's care on social media. Patient Relations would like to hear from you at 555-0142.",
    "By law we can't say who is or isn't a patient. Please call 555-0142 with any concern.",
    "What kind words, we'll pass them on to the team.",
    "Thanks so much for writing this, our staff will be happy to read it.",
    "We don't give medical advice online. A clinician or the nurse line, 555-0101, can help.",
    "Comments with health details may be hidden to protect people's privacy.",
    "In our ER the sickest people are seen first, so waits can change from hour to hour.",
    "Nobody watches this inbox for emergencies. If it is urgent, call 911.",
    "Please don't send personal health information here, this is not a secure channel.",
    "If anyone is in danger, call 911. You can call or text 988 day or night.",
)

# Domain 1.2, last column: what looks like an identifier and is none. Three texts each.
LOOK_ALIKES = {
    "staff with credentials": ("Meet Theo Lindqvist, RN, our nurse of the month.", "Dr. Amara Osei joins our heart team on Monday.", "Congratulations to Rosa Delgado, CNA, on ten years with us!"),
    "donors and speakers": ("Thank you to Hal and June Prescott for their gift to the garden.", "Speaker: author Lena Marsh on caring for parents.", "Councilman Reed will cut the ribbon."),
    "eponyms": ("What is Parkinson's disease? Ask our neurologists.", "Bell's palsy often gets better by itself.", "World Alzheimer's Day: know the signs."),
    "words that are names": ("May is stroke month.", "With grace and hope we start the new year.", "Will you join us for art in the park?"),
    "streets and buildings": ("Our new clinic at 455 Elm Street opens Monday.", "Park in the Lincoln Garage.", "Find us in the Marsh Tower, second floor."),
    "our own address": ("Wrenfield Regional, 1200 Harbor Road, Marlow Bay.", "Directions: take exit 14 to Harbor Road.", "The Marlow Bay campus is closed on Sunday."),
    "service area and venues": ("Serving Marlow Bay, Pinecrest and Dunmore since 1926.", "Blood drive at Pinecrest High School on Friday.", "Meet us at the Dunmore farmers market."),
    "dates of events": ("Flu shots on October 12 from 9 to 3.", "The gala is on Saturday, March 14.", "Class starts next Tuesday at 6."),
    "history": ("Founded in 1926 by the Sisters of Mercy.", "On June 6, 1944, our nurses shipped out.", "Our first MRI arrived in 1987."),
    "awareness months": ("October is Breast Cancer Awareness Month.", "World Diabetes Day is November 14.", "National Donate Life Month starts today."),
    "our lines and hotlines": ("Call our switchboard at 305-555-0142.", "Text or call 988 if you need to talk.", "Poison control: 1-800-222-1222."),
    "our mail": ("Questions? info@wrenfield.example", "Send your application to jobs@wrenfield.example.", "Write to foundation@wrenfield.example to give."),
    "numbers of things": ("Order form 55-1234 is in the gift shop.", "IRB 2026-118 approved our study.", "Part no. 100-22-4500 is back in stock."),
    "device models": ("Our new Aurora 3T MRI is quieter.", "We now offer the Flex-Pro 500 insulin pump.", "The MRN-5 monitor won a design award."),
    "plan names": ("We accept BlueRiver Choice 500 and Medicaid.", "Medicare open enrollment ends December 7.", "We're in network with Coastal Health Plan."),
    "campaign codes": ("Use code FLU2026 for a free tote bag.", "Text WREN5K to 555-0199 to sign up.", "Enter GIVE2026 at checkout."),
    "staff licences": ("Our pharmacists are licensed by the state board.", "Look up any nurse's license on the board's site.", "Dr. Osei is board certified in cardiology."),
    "fleet": ("Ambulance 41 is our newest rig.", "Say hello to Medic 7 at the parade.", "Units 12 and 14 trained at the airport today."),
    "own pages": ("More at https://wrenfield.example/flu", "Sign up at wrenfield.example/classes", "Read the report: www.wrenfield.example/news/2026"),
    "versions": ("The app is now at version 4.2.1.0.", "Portal release 10.1.2.3 brings dark mode.", "Update to v2.0.0.1 today."),
    "faces with a release": ("Models show how to use the new walker.", "Actors play a family in our new safety video.", "Our mannequin Victoria can blink and breathe."),
    "asset tags": ("Asset tag 004512 was found in the lobby: a cart.", "Wheelchairs with a blue tag are free to use.", "Locker 118 is free again."),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=f"{kind}: {text[:24]}") for kind, texts in CONFIRMS.items() for text in texts])
def test_what_confirms_a_patient_is_stopped(text: str) -> None:
    assert ENGINE.screen(Content(text, surface="reply")).verdict != "allow"


@pytest.mark.parametrize("text", READY)
def test_the_ready_wordings_and_their_paraphrases_pass(text: str) -> None:
    report = ENGINE.screen(Content(text, surface="reply"))
    assert report.verdict == "allow", report.rules


@pytest.mark.parametrize("text", [pytest.param(text, id=f"{kind}: {text[:24]}") for kind, texts in LOOK_ALIKES.items() for text in texts])
def test_everyday_look_alikes_pass(text: str) -> None:
    report = ENGINE.screen(Content(text, town="Marlow Bay"))
    assert report.verdict == "allow", report.rules


def verdict(text: str, **what: object) -> str:
    return ENGINE.screen(Content(text, **what)).verdict  # type: ignore[arg-type]


IMPLICIT = [
    ("the town of the channel", "A woman was hit by a bus.", {"author_role": "public"}, {"town": "Marlow Bay"}),
    ("when it was posted", "She was in surgery tonight.", {"author_role": "public"}, {"posted_at": datetime(2026, 3, 3, 22, tzinfo=UTC)}),
    ("who the writer works for", "A boy came in with burns last night.", {"author_role": "public"}, {"bio": "ER nurse, cat mom"}),
]


@pytest.mark.parametrize(("what", "text", "known", "more"), IMPLICIT, ids=[row[0] for row in IMPLICIT])
def test_what_goes_without_saying_changes_the_verdict(what: str, text: str, known: dict[str, object], more: dict[str, object]) -> None:
    assert STRICTNESS[verdict(text, **known, **more)] > STRICTNESS[verdict(text, **known)]


def test_what_the_press_told_changes_the_verdict() -> None:
    text = "A woman was hit by a bus."
    quiet, loud = Engine(), Engine(profile=Profile(news=("Woman, 34, hit by bus on Route 9",)))
    assert quiet.screen(Content(text, author_role="public")).verdict == "allow"
    assert loud.screen(Content(text, author_role="public")).verdict != "allow"


def test_a_term_is_kept_back_until_its_day() -> None:
    engine = Engine(profile=Profile.from_mapping({"terms": ["Project Heron until 2027-01-15", "Bluewater"]}))
    early, late = datetime(2027, 1, 14, 23, tzinfo=UTC), datetime(2027, 1, 15, 9, tzinfo=UTC)
    assert engine.screen(Content("Project Heron opens its doors!", posted_at=early)).rules == ("POL.CONFIDENTIAL",)
    assert engine.screen(Content("Project Heron opens its doors!")).verdict == "block"
    assert engine.screen(Content("Project Heron opens its doors!", posted_at=late)).verdict == "allow"
    assert engine.screen(Content("We love bluewater sailing.", posted_at=late)).verdict == "block"
    assert engine.screen(Content("Bluewaters are high.", posted_at=late)).verdict == "allow"
    with pytest.raises(ProfileError, match="Write it as 2027-01-15"):
        Profile.from_mapping({"terms": ["Project Heron until 2027-15-01"]})


def test_every_ready_answer_passes_whatever_the_organisation_fills_in() -> None:
    for profile in (Profile(), Profile(names=("Wrenfield Health",), patient_relations="555-0170", nurse_line="555-0142")):
        answers = wording.ready_answers(profile)
        assert len({title for title, _, _ in answers}) == 7 and {language for _, language, _ in answers} == {"en", "es"}
        for title, _, words in answers:
            assert "{" not in words and Engine(profile=profile).screen(Content(words, surface="reply")).verdict == "allow", title
