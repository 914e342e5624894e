"""Which identifiers belong to a patient? Staff, our own numbers, event dates and streets do not.  45 CFR 164.514(b)(2)(i)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from primum_detect.content import Content
from primum_detect.identify.shapes import Hit, compiled
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import compiled as with_lexicons
from primum_detect.normalize.normalized import Normalized
from primum_detect.situate.story import Story

# Nobody writes these about an event or a colleague: they stop wherever they stand.
_ALWAYS = {"SSN": "ID.SSN", "MRN": "ID.MRN", "PLAN": "ID.PLAN", "ACCOUNT": "ID.ACCOUNT", "CARD": "ID.ACCOUNT"}
_WHEN_TIED = {
    "LICENSE": "ID.LICENSE",
    "VEHICLE": "ID.VEHICLE",
    "DEVICE": "ID.DEVICE",
    "UNIQUE": "ID.UNIQUE",
    "EMAIL": "ID.EMAIL",
    "PHONE": "ID.PHONE",
    "FAX": "ID.FAX",
    "URL": "ID.URL",
    "IP": "ID.IP",
    "HANDLE": "ID.NAME",
}
_STAFF_NEAR = compiled(
    r"\b(?:dr|doctor|nurse of|employee of|volunteer|donor|speaker|sponsor|welcome(?:s|d)?|congrat\w+|join(?:s|ed|ing)?(?: us| our)?|retir\w+|promot\w+|hired?|new (?:chief|director|manager)|ceo|chief|director|"
    r"manager|president|chair|board|professor|author|artist|chef|intern|resident physician|residency|fellow|graduat\w+|award|anniversary|years of service|staff|colleague|coworker|teammate|"
    r"our own|hosted by|led by|presented by|featuring|keynote|councilman|mayor|senator|rep|chaplain|daisy|honoree|mentor|instructor|teaches|class|lecture|talk|webinar|podcast|interview|concert|band)\b"
)
_PATIENT_NEAR = with_lexicons(
    r"(?<![\w-])(?:{patient_word}|{condition}|{procedure}|{outcome}|treated|diagnosed|recover\w+|surviv\w+|icu|nicu|er visit|hospital bed|his stay|her stay|cancer journey|(?:hardest|cancer) battle|fighting for|cared for|pray(?:ers|ing) for|heal(?:ed|ing)|home from|hooked up|rang the bell|our care|warfarin|insulin|antibiotics?|chemo|opioids?|dialysis|bravest|miracle|little warrior|(?:er|ed|clinic|office|hospital) visit|(?:his|her|their) (?:visit|appointment|chart|stay|doctor|nurses))(?![\w-])"
)
_PERSON_NEAR = with_lexicons(
    r"\b(?:patient(?! (?:relations|advoca\w+|experience|services|portal|representative|line|financial|access|safety|education|information|billing|and family))|pt|{relative}|his|her|their|him|mr|mrs|ms|man|woman|guy|lady|gentleman|girl|boy|dude|teen|someone|ancian[oa]|senora?|abuelit[oa]|abuel[oa]|paciente|hombre|mujer|nin[oa]|muchach[oa]|joven)\b"
)
_OUR_LINE = re.compile(
    r"\b(?:nurse line|call(?: us)?|phone|questions?|rsvp|register|info(?:rmation)?|contact|reach|schedule|book|line|office|desk|clinic|pharmacy|department|relations|appointments?|volunteer|donate|hotline|text|dial|at|us|walk-?ins?|fax|llame(?:nos)?|marque|linea|telefono|oficina)\W{1,4}(?:\w+ ){0,3}(?:at |to |on |: ?)?$"
)
_RELATIONS = re.compile(
    r"\b(?:talk|speak|chat) (?:to|with) (?:someone|somebody|a person|our \w+|us)\W{1,3}(?:on |at )?$|\b(?:patient (?:relations|advocat\w+|experience)|(?:our|the) (?:\w+ )?(?:advocates?|ombuds\w+)|(?:relaciones|defensor(?:a|ia)?|atencion|servicios?|experiencia|enlace) (?:del |de |de los |con el |con los |con |al |a los )pacientes?)\b"
)  # an office of ours, whatever its name says
_ANSWERS = re.compile(  # "Administrator Lyle Foss answers his own phone:"
    r"\b(?:administrator|director|manager|advocate|supervisor|coordinator|ombuds\w+|privacy officer|administradora?|gerente|coordinadora?)\b(?:[^.!?\n]|\b(?:mrs?|ms|dr)\.){0,32}\b(?:answers?|picks? up|contesta|atiende)\b[^.!?\n]{0,16}$"
)
_SERVES = compiled(r"\b(?:volunteers?|volunteered|donors?|retir\w+|years of service|employees?|voluntari[oa]s?)\b")
_WRITTEN_DOWN = re.compile(r"\b(?:whiteboard|wrist ?band|bracelet|label|door card|crib card|chart|census|monitor|screen|pill bottle|sticky note|clipboard|face ?sheet)\b")
_TITLE_OF_WORK = re.compile(r"(?:alzheimer|parkinson|crohn|down|hodgkin|bell|graves|huntington|lou gehrig|tourette|asperger|cushing|marfan|lyme)'?s?$")


_FAR = 1_000  # characters: what stands further away, in a text without full stops, says nothing about a hit


@dataclass(frozen=True, slots=True)
class Scene:
    """What the other layers found out about the text."""

    addressed: bool
    story: Story | None
    confirms: bool  # a relationship is confirmed or denied somewhere in it
    is_business: bool  # an answer about jobs, tickets or parking, with no word of care on either side


def judge(content: Content, text: Normalized, hits: list[Hit], scene: Scene, check: Callable[[], None] = lambda: None) -> Iterator[Proposal]:
    for hit in hits:
        check()
        rule, sure = _decide(content, text, hit, hits, scene)
        if rule:
            start, end = text.span(hit.start, hit.end)
            yield Proposal(rule, hit.label, start, end, hit.confidence, _why(hit, scene), sure, suggestion=_replacement(hit))


def _decide(content: Content, text: Normalized, hit: Hit, hits: list[Hit], scene: Scene) -> tuple[str, bool]:
    if hit.label in _ALWAYS:
        return _ALWAYS[hit.label], True
    if hit.label == "URL" and hit.kind == "portal":
        return "ID.URL", True
    if hit.label == "NAME":
        return _name(content, text, hit, hits, scene)
    if hit.label == "ROOM":
        return _room(text, hit, scene)
    if hit.label == "AGE90":
        return _age(text, hit, scene)
    if hit.label == "DATE":
        return _date(text, hit, hits, scene)
    if hit.label == "GEO":
        return _place(text, hit, scene)
    if hit.label in _WHEN_TIED:
        return _contact(text, hit, hits, scene)
    return "", False


def _around(text: Normalized, hit: Hit, reach: int = 1) -> tuple[int, int]:
    """The sentence of a hit and `reach` neighbours on each side."""
    start, end = text.sentences_around(hit.start, reach)
    return max(start, hit.start - _FAR), min(end, hit.end + _FAR)


def _name(content: Content, text: Normalized, hit: Hit, hits: list[Hit], scene: Scene) -> tuple[str, bool]:
    if hit.kind == "staff" or _TITLE_OF_WORK.search(text.lower[hit.start : hit.end]):
        return "", False
    if content.surface in ("image_caption", "alt_text") and _WRITTEN_DOWN.search(text.lower):
        return "ID.NAME", True
    if content.is_answer:
        if hit.kind == "vocative":
            return ("ID.NAME", scene.confirms) if scene.confirms or not scene.is_business else ("", False)  # "Hi Jordan, applications stay open"
        return ("ID.NAME", True) if scene.confirms and hit.kind != "single" else ("", False)
    start, end = _around(text, hit)
    if _STAFF_NEAR.search(text, start, end) and hit.kind not in ("relative", "aged", "initials", "title"):
        return "", False
    if hit.kind == "vocative" and not (scene.confirms or _has_other_subject(hit, hits) or scene.story):
        return "", False
    about_care = bool(_PATIENT_NEAR.search(text, start, end))
    if hit.kind == "hashtag":
        return ("ID.NAME", about_care or scene.story is not None)
    if about_care or scene.confirms:
        return "ID.NAME", hit.kind != "single" or hit.confidence >= 0.8
    return "", False


def _has_other_subject(hit: Hit, hits: list[Hit]) -> bool:
    return any(other.label == "NAME" and other is not hit and other.kind in ("aged", "relative", "title", "initials", "called") for other in hits)


def _room(text: Normalized, hit: Hit, scene: Scene) -> tuple[str, bool]:
    if hit.kind in ("meeting", "unit"):
        return "", False
    start, end = _around(text, hit, 0)
    if hit.kind == "bed" or scene.story or scene.confirms or _PERSON_NEAR.search(text, start, end) or _PATIENT_NEAR.search(text, start, end):
        return "CTX.UNIT", True
    return ("CTX.UNIT", True) if text.lower.startswith("bed", hit.start) and "bed and" not in text.lower[hit.start : hit.end + 5] else ("", False)


def _age(text: Normalized, hit: Hit, scene: Scene) -> tuple[str, bool]:
    start, end = _around(text, hit, 0)
    if scene.story or scene.confirms or _PATIENT_NEAR.search(text, start, end):
        return "ID.AGE90", True
    if _SERVES.search(text, start, end):
        return "", False  # a volunteer of 91, on her six-thousandth hour
    return ("ID.AGE90", False) if _PERSON_NEAR.search(text, start, end) or "old" in text.lower[hit.start : hit.end] else ("", False)


def _date(text: Normalized, hit: Hit, hits: list[Hit], scene: Scene) -> tuple[str, bool]:
    if hit.kind == "clinical" and not scene.addressed:
        return ("ID.DATE", True) if scene.story or _PERSON_NEAR.search(text) else ("", False)
    if scene.confirms:
        start, end = _around(text, hit, 0)
        return ("ID.DATE", True) if hit.kind != "calendar" or _PERSON_NEAR.search(text, start, end) or "you" in text.lower[start:end] else ("", False)
    named = any(other.label == "NAME" and other.kind in ("aged", "relative", "title", "called", "full", "initials") for other in hits)
    if scene.story and named:
        return "ID.DATE", True
    return "", False


def _place(text: Normalized, hit: Hit, scene: Scene) -> tuple[str, bool]:
    start, end = _around(text, hit, 0)
    if scene.confirms and hit.kind in ("address", "zip", "town") and not _OUR_LINE.search(text.lower[max(0, hit.start - 24) : hit.start]):
        return "ID.GEO", hit.kind != "town"
    if scene.story and scene.story.start <= hit.start < scene.story.end and hit.kind in ("address", "zip", "geocode") and _PERSON_NEAR.search(text, start, end):
        return "ID.GEO", True
    return "", False


def _contact(text: Normalized, hit: Hit, hits: list[Hit], scene: Scene) -> tuple[str, bool]:
    """Numbers and addresses that reach somebody: theirs when a patient or a relative stands beside them."""
    rule = _WHEN_TIED[hit.label]
    if hit.kind in ("hotline", "staff") or hit.label == "HANDLE" or (hit.label == "URL" and not hit.kind):
        return "", False
    start, end = _around(text, hit, 0)
    if hit.label in ("LICENSE", "VEHICLE", "DEVICE", "UNIQUE"):
        return rule, bool(scene.story or _PERSON_NEAR.search(text, start, end) or _PATIENT_NEAR.search(text, start, end))
    if hit.kind == "personal":
        return rule, bool(scene.story)
    lead = text.lower[max(0, hit.start - 40) : hit.start]
    if not scene.story and _ANSWERS.search(text.lower[max(0, hit.start - 64) : hit.start]):
        return "", False
    if _is_office(text, hit) or (not scene.story and any(other.label == "NAME" and other.kind == "staff" and start <= other.start < hit.start for other in hits)):
        return "", False  # "our advocate, Renata, answers at ..."
    theirs = bool(_PERSON_NEAR.search(text, max(start, hit.start - 30), hit.start)) or any(
        other.label == "NAME" and other.kind != "staff" and start <= other.start < end and _PATIENT_NEAR.search(text, start, end) for other in hits
    )
    if theirs:
        return rule, True
    if hit.label == "IP" and not scene.story:
        return "", False
    return (rule, False) if scene.story and not _OUR_LINE.search(lead) else ("", False)


def _is_office(text: Normalized, hit: Hit) -> bool:
    """Does an office of ours stand before the number, and nobody between the two? "Patient Relations ... to reach her family" names one."""
    offices = list(_RELATIONS.finditer(text.lower, max(0, hit.start - 64), hit.start))
    return bool(offices) and _PERSON_NEAR.search(text, offices[-1].end(), hit.start) is None


def _why(hit: Hit, scene: Scene) -> str:
    if hit.label == "NAME" and scene.addressed and hit.kind == "vocative":
        return "A name in an answer lifts the alias that the person chose, and ties them to us."
    if hit.label == "DATE" and scene.confirms:
        return "A day adds when they were here; a date of care is an identifier of its own."
    return hit.why


def _replacement(hit: Hit) -> str | None:
    return {"AGE90": "90 or older", "DATE": "recently", "ROOM": "on our unit", "NAME": "a patient" if hit.kind in ("aged", "title", "full") else None}.get(hit.label)
