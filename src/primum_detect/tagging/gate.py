"""Is it worth asking the model? Not where an outbound text holds no word of care, body, birth, death, ward or kin, nor of business that
is not public: without one, no name in it is a patient's, and it tells no patient's story. What others write to us is always read."""

from __future__ import annotations

from primum_detect.content import Content
from primum_detect.lexicons import compiled
from primum_detect.normalize.normalized import Normalized

_THEATRE = compiled(r"\bOR\b", 0)
_WORDS = compiled(
    r"(?<![\w-])(?!back\b)(?:{condition}|{procedure}|{mechanism}|{outcome}|{patient_word}|{body_mark}|{body_part}|{relative}|{care_person}|hospital\w*|clinic\w*|nurs\w*|doctors?|dr|medic\w*|paramedic\w*|"
    r"emt|ambulance|triage|icu|nicu|picu|er|ed|pacu|wards?|units?|floor|beds?|bay|rooms?|shift|admit\w*|goodbye|woke|awake|drying out|sedat\w*|wrist ?band|whiteboard|label|radioterapia|cadera|muletas|quimio\w*|bath salts|groom|bride|widow\w*|guy|lady|gentleman|man|woman|kid|girl|boy|toddler|teen\w*|drove|code[ds]?|vent|iv|monitor|chart|scan|xray|x-ray|hospice|rehab|detox|psych|peds?|onc|surg\w*|trauma\w*|cardiac|stroke|"
    r"oncolog\w*|cancer\w*|chemo|tumou?r|leukemia|heal\w*|recover\w*|surviv\w*|treat\w*|diagnos\w*|sick\w*|ill\w*|hurt|injur\w*|bleed\w*|blood|breath\w*|pain|brok\w*|baby|babies|born|birth\w*|pregnan\w*|"
    r"twins?|mama|mommy|daddy|year[- ]?old|yo|y/o|died|dies|dying|dead|death|passed|lost|rip|pray\w*|miracle|fight\w*|fought|brave\w*|warrior|bell|remission|transplant|donor|organ|kidney|liver|heart|lungs?|"
    r"brain|bone|skin|tooth|teeth|smile|knee|hip|rescue\w*|crash\w*|accident|shot|stab\w*|burn\w*|overdos\w*|narcan|drunk|high|naked|swallow\w*|stuck|stitch\w*|cast|wound\w*|bit|bite|fell|fall|"
    r"guarante\w*|cures?|cured|memo|merg\w+|layoffs?|laid off|lawsuits?|settled|confidential|announced yet|before it's announced|internal|leaked|gift ?cards?|reviews?|device|rough (?:one|night|day|shift|week)|heavy hearts?|hug your|say more|incident|network|police|lockdown|investigat\w+|reunion|picnic|album|photos?|pictures?|lobby|obsessed|checkout|influencers?|sponsored|permission|consent|statement|code|password|keypad|trial|payroll|outsourc\w+|contract|"
    r"your (?:visits?|stays?|smile|weight)|signed|lawyers?|attorneys?|legal|litigation|mediation|infusion|dental|dentist\w*|implants?|botox|laser|mri|ct|billing|deliveries|sober|campus|labs?|letters?|cases of|coach|shh+|sneak peek|don't tell|can't say|not public|between us|embargo\w*|nda|"
    r"affected|unusual activity|residents?|stars|google|yelp|tap here|voted|most (?:trusted|loved|advanced)|surveyors?|deputies|officers|aware of|looking into|authorities|custody|comments?|drop your|in the county|tri-county|cravings|vendors?|staff|crew|our team|suite|center|alumni|memory|"
    r"con|los|las|nos|aqui|nuestr[oa]s?|usted(?:es)?|garantiz\w+|estrell\w+|esta semana|permiso|autoriz\w+|paciente|doctora?|enfermer\w*|hospital|clinica|cirugia|operad\w*|cancer|nacio|murio|fallecio|salio|infarto|cuarto|emergencias?|urgencias|bebe|mama|papa|abuel\w*|hij[oa]|senor\w*|ninos?|ninas?)(?![\w-])"
)


def is_worth_asking(content: Content, text: Normalized) -> bool:
    """Answers, what staff write in their own name, and what comes in are always read; so are images' words."""
    if content.role == "workforce" or content.is_answer or content.surface in ("image_caption", "alt_text") or not content.is_outbound:
        return True
    return _WORDS.search(text) is not None or _THEATRE.search(text) is not None
