"""Invented sentences from hospital life, with the places of names in them. `ill`: a person with an illness or injury is spoken about.

Slots: {P} full name, {G} given name, {F} family name, {R} relative with a name, {L} town, {O} organisation, {C} condition, {U} unit,
{A} age, {D} day. Every text is drawn anew; nothing here describes anybody.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from names import Names

if TYPE_CHECKING:
    from data import Example

ILL = """
Please keep {G} in your thoughts, {C} is no joke
My {K} {G} was just diagnosed with {C}
{G} fought {C} for two years and won. Proud of you!
Met {P} in the {U} today, {A} years old and fighting {C}
{P}, {A}, came in with {C} and left with a smile
so my {K} has {C} and i cant stop crying
i was diagnosed with {C} on {D}
We lost {P} to {C} this morning
{R} is back in the {U} with {C}
Grateful to the team at {O} for saving my {K} {G} after {C}
Two years since my {C} diagnosis and I am still here
pray for {G}, surgery at {O} on {D}
{G} {F} rang the bell today! Last chemo done
our patient {P} went home to {L} after 41 days
When {G} was {A}, doctors in {L} found {C}
The man in room 12 asked for {G}, his wife. She passed from {C} last year
Baby {G} weighs two pounds and has {C}. NICU life
My neighbor {P} had {C} in {D}, the wife told me everything
{K} {G} got the results: {C}. we're moving back to {L}
I have {C}. There, I said it.
Poor Mr. {F}, {C} again, third time this year
Mrs. {F} from {L} came for her {C} check
{G}'s {C} is back
her son {G} got {C} at summer camp
{A} yo {G} bitten by a dog, stitched up in the {U}
Ms. {F} forgot her walker again, bless her
Thanks {G}, sorry your {C} got worse after the visit
todo mi apoyo para {G}, le encontraron {C}
Mi mamá {G} está en el hospital {O} con {C}
La señora {F} salió de cirugía, rezamos por ella
"""

WELL = """
{P}, RN, joins our {U} team this month
Congratulations to Dr. {P} on the Nurse of the Year award
Dr. {F} explains five signs of {C}
Join {P} and {P} for a talk on {C} at {O}
{O} opens a new {U} in {L} on {D}
New study links sleep to {C}
Researchers at {O} find gene tied to {C}
{C} awareness month starts {D}. Wear green!
Walk for {C} in {L} this {D}, free shirts
Free {C} screening at {O}, no appointment needed
What is {C}? Symptoms, causes and treatment
The {O} foundation raised $40,000 for {C} research
5 foods that lower the risk of {C}
{P} to speak at the {L} chamber of commerce
Meet our new CEO, {P}, who comes to us from {O}
{L} schools closed {D} because of snow
Parking at {O} moves to the Elm Street lot on {D}
Thank you {P} for the beautiful photos of {L}
{P} scored twice as {L} beat {L} 3-1
just watched {P} live in {L} omg
Happy birthday {G}!! love you
{G} and {G} are getting married in {L}
Lunch with {G} at {O}
@nurse_life our {U} potluck is {D}, bring a dish
is {C} contagious? asking for a friend
this commute is giving me {C} lol
We are hiring: {U} nurse, nights, {L}. Apply by {D}
Senator {F} visited {O} on {D} to talk about rural health
Author {P} reads from a novel about {C}
Our volunteers gave 93,000 hours last year. Thank you
Flu shots walk in Mon-Fri 8 to 4
Ask your doctor about {C} before winter
Recipe: lentil soup for heart health
{G} in the cafeteria makes the best chili in {L}
What to bring to your visit: photo ID, insurance card, your medicines
Questions about your bill? Call the number on the statement
Hand hygiene saves lives. Wash in, wash out
The Grace Hall entrance is closed until {D}
Will you join us for the May walk in {L}?
Hope Center volunteers planted an oak in {L}
La doctora {P} habla de {C} el {D} en {O}
Vacunas gratis en {L} el {D}
Únete a nuestro equipo en {O}
"""

UNITS = "ER|ICU|NICU|maternity ward|oncology unit|cath lab|stroke unit|burn unit|clinic|pediatric floor|rehab|hospice".split("|")
RELATIVES = "mom|dad|mother|father|sister|brother|son|daughter|grandma|grandpa|wife|husband|aunt|uncle|cousin|niece|nephew|best friend|coworker|neighbor|roommate".split("|")
TOWNS = "Marlow Bay|Dunmore Flats|Ashby|Port Selwyn|Kettle Falls|Santa Brisa|Rio Claro|New Harwick|Fairhollow|Eastmere|Lakemont|Boulder Creek|Cedar Point|El Paso|Toledo|Boise|Nairobi|Manila|Leeds|Lyon|Georgia|Jackson|Charlotte|Austin|Madison|Florence".split(
    "|"
)
ORGANISATIONS = "Wrenfield Health|Juniper Lane Dental|St. Anselm Hospital|Harborview Clinic|Mercy General|Lakeside Medical Center|Riverton Children's|the Red Cross|Rotary Club|Kellan Foundation|Northgate University|Bright Smiles|Oakley Pharmacy|Google|Walmart".split(
    "|"
)
DAYS = "Monday|Tuesday|Saturday|tomorrow|last week|June 3|Dec. 12|next Friday|tonight|2019|March".split("|")
TAILS = ("", "", "", "", " ❤️", " 🙏", "!!", " #blessed", " #NurseLife", " smh", "...", " https://t.co/Ab3dE", " lol", ".")
SLOT = re.compile(r"\{([A-Z])\}")


def scenes(names: Names, chance: random.Random, count: int) -> Iterator[Example]:
    ill, well = ILL.strip().splitlines(), WELL.strip().splitlines()
    for _ in range(count):
        is_ill = chance.random() < 0.45
        yield draw(chance.choice(ill if is_ill else well), is_ill, names, chance)


def draw(template: str, is_ill: bool, names: Names, chance: random.Random) -> Example:
    from data import CONDITIONS, Example

    text, spans, at = "", [], 0
    for slot in SLOT.finditer(template):
        text += template[at : slot.start()]
        at = slot.end()
        value, kind = fill(slot.group(1), names, chance, CONDITIONS)
        if slot.group(1) == "R":
            text += f"my {chance.choice(RELATIVES)} "
        if kind:
            lead = 4 if value.startswith("the ") else 0
            spans.append((len(text) + lead, len(text) + len(value), kind))
        text += value
    text += template[at:] + chance.choice(TAILS)
    return Example(text, tuple(spans), (("ill_person", is_ill),))


def fill(slot: str, names: Names, chance: random.Random, conditions: tuple[str, ...] | list[str]) -> tuple[str, str]:
    if slot == "P":
        return names.full(), "PER"
    if slot in "GR":
        return names.given(), "PER"
    if slot == "F":
        return names.family(), "PER"
    if slot == "L":
        return chance.choice(TOWNS), "LOC"
    if slot == "O":
        return chance.choice(ORGANISATIONS), "ORG"
    plain = {"C": conditions, "U": UNITS, "K": RELATIVES, "D": DAYS}
    return (str(chance.randrange(2, 97)) if slot == "A" else chance.choice(plain[slot])), ""
