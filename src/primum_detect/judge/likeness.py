"""What the model makes of a whole text that we ourselves would write: it reads like something that must not go out.

The patterns know how things are said; the model has seen many other ways to say them. What it is nearly sure of stops a text, what it
finds likely goes to a person. It speaks of the whole text; `judge/placing.py` looks for the sentences that it means. And where a pattern is
sure of something that the model cannot see at all, a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from primum_detect.content import Content
from primum_detect.identify.shapes import compiled as plain
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import compiled
from primum_detect.normalize.folding import fold
from primum_detect.normalize.normalized import Normalized
from primum_detect.situate.pretend import is_make_believe
from primum_detect.situate.story import is_general

# "stop" is the model's word that a text must not go out, whatever for; no other head but "hint" counts without it.
LIKELY, SURE, BACKED = 0.45, 0.5, 0.8
STORY_LIKELY, STORY_SURE, STORY_BACKED = 0.55, 0.75, 0.6
PROTECTED = 0.5  # likelier than this, and than a secret, somebody of ours speaks of pay, staffing or conditions
_LONGEST = 5_000  # characters of what is answered
TO_NOBODY = 0.8  # where nobody is spoken to, only what is as likely as this confirms or advises
HINTED, SERIOUS = 0.75, 0.2  # "hint": somebody should look, though nothing is told; half of a stop was taught with it
LOOKED_AT, ANSWER_LOOKED_AT = 0.35, 0.6  # "stop": likely, and not sure enough to stop it: somebody should look, too; an answer's few words are like many
PROMISE_LOOKED_AT = 0.7  # "marketing" from here: "we now offer the Flex-Pro 500" is much like a promise
UNSEEN, NOTHING_AT_ALL = 0.05, 0.02  # "stop" below this: the model sees nothing in it; nothing that anybody need look at
DOUBTABLE = ("CTX.MOSAIC", "CTX.UNIT", "CTX.SOLICIT", "CTX.SMALL_CELL", "ADV.CLINICAL")

# Who says so much ("we can't speak about anyone's care here") is careful: then the model's word alone asks for a look.
_SILENT = plain(
    r"\b(?:can'?t|cannot|can not|do not|don'?t|unable to|never|not able to|no podemos|no se nos permite)\b[^.!?\n]{0,24}\b(?:discuss|speak|talk|comment|share|say|address|hablar|comentar|decir)\b[^.!?\n]{0,40}"
    r"\b(?:anyone|anybody|any (?:person|patient|one)|patients?|individual\w*|whether|nadie|alguien|ningun\w*|care|health)\b"
)
# "Please don't send us your birth date": who warns asks for nothing.
_WARNS = plain(
    r"\b(?:(?:don'?t|do not) (?!forget|hesitate|be shy|wait|miss)|never|please no|no need to|instead of|leave out|without|no (?:nos )?(?:envie|escriba|mande|comparta|publique|incluya))\b[^.!?\n]{0,12}\b(?:send|post|shar\w+|writ\w+|includ\w+|put|giv\w+|names?|details|your|health|envi\w+|sus? |datos|aqui)"
)
# "We now offer the Flex-Pro 500 insulin pump.": who names a model, and nothing of what it does, promises nothing.
_OFFER_ALONE = plain(
    r"^\W*(?:we|our [a-z ]{1,30}?) (?:now |also )?(?:offer|provide|carry|carries|ha(?:ve|s)|use)s? (?:the |an? |our |new )*(?:[a-z]+-)?[a-z]+[ -]?\d{1,4}[a-z]?(?: (?!that|which|to|for|and|who|with)[a-z]+){1,3}[.!]?\W*$"
)
_PROMISE = plain(
    r"\b(?:guarante\w+|best|only|first|safe\w*|proven|cure[sd]?|results?|pain\w*|risks?|never|always|forever|every\w*|all|lose|free|discounts?|off|better|faster|works?|success\w*|satisf\w+|percent|miracles?|reverse\w*|without|no|zero)\b|%"
)
_ANNOUNCED = plain(
    r"\b(?:as (?:we )?announced|announced (?:today|this morning|yesterday)|como anunciamos)\b"
    r"|\b(?:closed|close (?:at|early)|closing (?:at|early)|cerrad[oa]s?|cerramos)\b[^.!?\n]{0,24}\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|miercoles|jueves|viernes|sabado|domingo|holiday|feriado|today|tomorrow|hoy|manana|snow|nieve|storm|tormenta|thanksgiving|christmas|navidad)\b"
)
# A name in an answer to which neither side said a word of care ("Hi Jordan, applications stay open") is nobody's secret.
_CARE_WORDS = (
    r"(?!stays? (?:open|tuned|warm|safe|put|cool)\b)(?:{condition}|{procedure}|{body_part}|{event_noun}|{relative}|patients?|hospitals?|clinics?|er|ed|icu|nicu|ward|units?|floor|rooms?|beds?|care|cared|treat\w*|heal\w*|admitted|discharged?|charts?|records?|waited|waiting|nights?|"
    r"portal|seen|here|system|sober|psych\w*|counsel\w*|therap\w*|programs?|rehab|\w{1,24}(?:ectomy|oscopy|plasty|ostomy)|methadone|suboxone|diagnos\w*|saved|pain|sick|meds?|pills?|scar|stitches|symptoms?|advice|baby|birth|born|died|loss|passed|pacientes?|cita|visita|cuidado|cirugia|hospital|clinica|enfermer\w*|doctora?|expediente|sala|urgencias|atencion|recetas?|resultados?|analisis|factura|parto|nacio|bebe|embaraz\w+|internad[oa]|operaci\w+|dolor|san(?:o|ar|ando)|enferm[oa]s?|puntos|terapia|dialisis|fallecio|(?!anni|work)\w{3,20}versary)"
)
_CARE = compiled(rf"\b(?:{_CARE_WORDS}|{{care_person}})\b")
_CARE_OF_SOMEBODY = compiled(rf"\b{_CARE_WORDS}\b")  # a nurse may also be a job
_SOME_WORDS = plain(r"[^\W\d_]{2,}\W+(?:[^\W\d_]+\W+){2}")


_BUSINESS = plain(
    r"\b(?:appl(?:y|ied|ication|ications)|jobs?|positions?|hiring|hired|recruit\w*|resumes?|interviews?|orientation|shifts?|sponsor\w*|gala|tickets?|raffle|5k|volunteer\w*|parking|parade|booth|vendors?|donat\w+"
    r"|solicitud(?:es)? de empleo|vacantes?|empleos?|contrat(?:an?|amos|ando|aciones)|curriculum|entrevistas? de trabajo|boletos?|rifa|sorteo|desfile|estacionamiento|voluntari[oa]s?|donativos?|camisetas?|feria)\b"
)


@dataclass(frozen=True)
class Likeness:
    """One head of the model, and what it says in the rulebook's terms."""

    head: str
    rule: str
    label: str
    why: str
    to_one_person: bool = False
    likely: float = LIKELY
    surest: bool = True  # may it stop a text on its own, or only ask for a look?


KINDS = (
    Likeness("relationship", "CTX.RELATIONSHIP", "RELATIONSHIP", "This reads as if it told the public that somebody is, or is not, a patient.", to_one_person=True),
    Likeness("solicit", "CTX.SOLICIT", "SOLICIT", "This reads like asking people for details of their health where others can see them."),
    Likeness("advice", "ADV.CLINICAL", "ADVICE", "This reads like medical advice for one person.", to_one_person=True),
    Likeness("confidential", "POL.CONFIDENTIAL", "POLICY", "This reads like something that is not public yet.", likely=0.5),
    Likeness("marketing", "MKT.CLAIM", "POLICY", "This reads like a promise of success or a reward, which advertising law limits.", likely=0.5),
)


def _both_sides(content: Content, text: Normalized) -> Iterator[Normalized]:
    """An answer, and what it answers."""
    yield text
    yield from (fold(earlier[:_LONGEST]) for earlier in content.thread[-1:])


def is_business(content: Content, text: Normalized) -> bool:
    """An answer in which neither side says a word of care: about jobs, tickets or parking, or to somebody who said what it is about."""
    if not content.is_answer:
        return False
    sides = list(_both_sides(content, text))
    if any(map(_BUSINESS.search, sides)):
        return not any(map(_CARE_OF_SOMEBODY.search, sides))
    return not any(map(_CARE.search, sides)) and any(map(_SOME_WORDS.search, sides[1:]))


_TREND = plain(r"\b(?:fewer|more) (?:[a-z]+ )?cases\b")  # without a number it points at nobody
_EMPTY = plain(r"\b(?:nobody|no one) was (?:in|inside|on|under) it\b")  # a thing alone that was hit
_INCIDENT = plain(r"\b(?:happened|incident|statement|police|fire|fired|quiet|silent|moment|shooting|weapon|bomb|patients?|units?|floor|rooms?|beds?|who(?:ever)?|why|we (?:don'?t|can'?t|need))\b")


def _is_protected(heads: Mapping[str, float]) -> bool:
    """Does somebody of ours rather speak of pay, staffing or conditions, which is theirs to speak of (29 USC 157), than tell a secret?"""
    return heads.get("protected_activity", 0.0) > max(PROTECTED, heads.get("confidential", 0.0))


def _is_of_nobody(text: Normalized) -> bool:
    return _TREND.search(text) is not None or (_EMPTY.search(text) is not None and _INCIDENT.search(text) is None)


def _is_plain_news(kind: Likeness, text: Normalized) -> bool:
    """One sentence that says what there is and promises nothing of it; or what was announced, or hangs on the door, and is no secret."""
    if kind.head == "marketing":
        return _OFFER_ALONE.search(text) is not None and _PROMISE.search(text) is None
    return kind.head == "confidential" and _ANNOUNCED.search(text) is not None


_HINT = "Somebody may know which day, which patient or which face is meant. A person who knows what happened should look."


def hinted(content: Content, text: Normalized, heads: Mapping[str, float], again: Callable[[], Mapping[str, float]], found: Iterable[Proposal]) -> Iterator[Proposal]:
    """What wants a look where nothing else was found: what tells nothing by itself (a heavy night, a picnic of former patients, a statement on
    an incident), and what must likely be stopped, though nobody could say so surely. `again` is what the model says where it is not told where the
    text stands and who speaks: of a hint it must say the same."""
    if content.role not in ("org", "workforce") or any(found):
        return
    score = heads.get("hint", 0.0)
    tells_of_nobody = is_general(text) or is_make_believe(text) or _is_of_nobody(text)
    if score >= HINTED and heads.get("stop", 0.0) >= SERIOUS and not tells_of_nobody and again().get("hint", 0.0) >= HINTED:
        yield Proposal("CTX.HINT", "UNIQUE", 0, len(text.original), min(0.9, score), _HINT, True, head="hint")
    elif heads.get("stop", 0.0) >= (ANSWER_LOOKED_AT if content.is_answer else LOOKED_AT):
        kind = max(KINDS, key=lambda kind: heads.get(kind.head, 0.0))
        if _is_plain_news(kind, text) or (kind.head == "marketing" and heads["marketing"] < PROMISE_LOOKED_AT) or (kind.head == "confidential" and _is_protected(heads)):
            return
        if heads.get(kind.head, 0.0) > heads.get("patient_story", 0.0):
            yield Proposal(kind.rule, kind.label, 0, len(text.original), heads["stop"] / 2, kind.why, False, "complaint", head=kind.head)
        else:
            yield Proposal("CTX.HINT", "UNIQUE", 0, len(text.original), heads["stop"] / 2, _HINT, True, head="patient_story")


def of_story(heads: Mapping[str, float]) -> tuple[float, bool]:
    """How much the text reads like a story about one patient (0.0 where it does not), and whether nearly surely."""
    score, stop = heads.get("patient_story", 0.0), heads.get("stop", 0.0)
    if score < STORY_LIKELY or stop < STORY_BACKED:
        return 0.0, False
    return score, score >= STORY_SURE


def doubted(proposals: Iterable[Proposal], heads: Mapping[str, float]) -> list[Proposal]:
    """The proposals, those of some rules not sure where the model sees nothing: a person looks. Where it sees nothing at all, what was not sure before
    falls away ("Story hour moves to room 214"). What is plainly written, such as a number, needs no model, and a confirmed relationship is never
    cancelled: it is looked at, whatever speaks against it."""
    stop = heads.get("stop", 1.0)
    if stop >= UNSEEN:
        return list(proposals)
    lowered = {*DOUBTABLE, "CTX.RELATIONSHIP", "ID.DATE"} if stop >= NOTHING_AT_ALL else {*DOUBTABLE, "CTX.RELATIONSHIP", "ID.DATE", "ID.NAME"}
    left = [p for p in proposals if p.sure or stop >= NOTHING_AT_ALL or p.label == "POLICY" or p.rule not in {*DOUBTABLE, "ID.NAME"}]
    return [replace(p, sure=p.sure and (p.rule not in lowered or p.label == "POLICY")) for p in left]


def without_business(content: Content, text: Normalized, proposals: list[Proposal], heads: Mapping[str, float]) -> list[Proposal]:
    """The proposals without what sounds like a relationship in an answer about jobs or tickets ("We'd love to have you! Orientation is on Tuesday"): no
    word of care on either side, and the model sees nothing."""
    is_about_jobs = heads.get("stop", 1.0) < UNSEEN and is_business(content, text) and any(map(_BUSINESS.search, _both_sides(content, text)))
    return [p for p in proposals if p.rule != "CTX.RELATIONSHIP"] if is_about_jobs else proposals


def judge(content: Content, text: Normalized, heads: Mapping[str, float], found: Iterable[Proposal], *, addressed: bool) -> Iterator[Proposal]:
    """`found` is what the patterns say: where they are sure, the model need not speak."""
    known = {proposal.rule for proposal in found if proposal.sure}
    if content.role not in ("org", "workforce") or heads.get("stop", 0.0) < BACKED:
        return
    for kind in KINDS:
        score = heads.get(kind.head, 0.0)
        to_nobody = kind.to_one_person and not addressed  # then a story, where it is one, is the reason: it may be permitted
        if score < kind.likely or kind.rule in known or (to_nobody and score < max(TO_NOBODY, heads.get("patient_story", 0.0))):
            continue
        if _is_plain_news(kind, text):
            continue
        if kind.head == "confidential":
            is_careful = _is_protected(heads)
        else:
            silent = _SILENT if kind.to_one_person else _WARNS if kind.head == "solicit" else None
            is_careful = silent is not None and silent.search(text) is not None
        surely = kind.surest and score >= SURE and not is_careful
        yield Proposal(kind.rule, kind.label, 0, len(text.original), min(0.9, score), kind.why, surely, "complaint", head=kind.head)
