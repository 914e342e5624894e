"""Names that medicine gave to diseases, signs, scores and tools: Crohn disease, the Wells score, a Foley catheter. They point at nobody.

Format   A word of `data/eponyms.txt`, alone or joined with others of it (Guillain-Barré), with a noun of medicine beside it; the names
         marked "+" there need none. A drug's name, by its ending, is no person either.
Source   45 CFR 164.514(b)(2)(i)(A) speaks of names of the individual, of relatives, employers and household members.
"""

from __future__ import annotations

import re
from functools import cache

from primum_detect.identify.names import is_name_like, is_surname
from primum_detect.lexicons import word_list
from primum_detect.normalize.normalized import Normalized

_NOUN = re.compile(
    r"(?:'?s)?[ -](?:diseases?|syndromes?|signs?|scores?|scales?|criteria|rules?|class(?:ification)?|stag(?:e|ing)|grad(?:e|ing)|index|indices|maneuvers?|manoeuvres?|procedures?|operation|fractures?|catheters?|"
    r"tubes?|drains?|monitors?|breathing|respirations?|crisis|thyroiditis|palsy|phenomenon|reaction|reflex|response|lymphoma|sarcoma|cysts?|contractures?|dysphagia|esophagus|hernias?|anemia|virus|chorea|"
    r"dementia|bod(?:y|ies)|cells?|stains?|formula|equation|guidelines?|protocols?|nomogram|triad|tetrad|pentad|tears?|ulcers?|nodes?|lesions?|spots|rings?|lines?|waves?|block|murmur|pulse|sinus|gland|duct|muscular dystrophy|"
    r"dystrophy|encephalopathy|psychosis|neuropathy|amyotrophy|ataxia|disorder|deformity|position|incision|repair|splint|brace|traction|clips?|forceps|retractor|blade|laryngoscope|mask|cannula|knot|suture|vaccine|heart study|"
    r"coma|consensus|staging|tool|questionnaire|inventory|algorithm|calculator|risk|method|flap|graft|pouch|shunt|stent|anastomosis|ankle rules?|knee rules?|c-?spine|angina|factor|gap|law|effect|point|space|ligament|ganglion|plexus|curves?|estimates?|plots?|nail|plate|screw|valve|out|in place|removed|cath\w*)\b"
    r"|(?:'?s)? (?:vs?\.?|versus|positive|negative)(?= )",
    re.IGNORECASE,
)
_DRUG = re.compile(
    r"(?:ephrine|thyroxine|bitril|dronate|giline|prazole|(?:ino|na|apto|ami|alo|ndo)pril(?:at)?|sartan|statin|olol|cillin|mycin|floxacin|azole|zepam|zolam|[tlxz][iu]mab|tinib|ciclib|parib|(?:clo|navi|tega|desi|buvi|ami|osel)vir|tidine|setron|gliptin|gliflozin|glutide|parin|xaban|caine|dipine|zosin|terol|olone|sone|cycline|oxetine|"
    r"triptyline|phylline|thiazide|semide|barbital|profen|codone|morphone|fentanil|tropium|lukast|gl[iy]\w+[rz]ide|penem|bactam|fungin|triptan|trigine|racetam|gabalin|gabapentin|peridone|apine|curonium|flurane|grastim|poetin|teplase|quine|pidem|metformin|insulin|warfarin|aspirin|heparin|digoxin|lithium|ketamine|propofol|dopamine|dobutamine|amiodarone|colchicine|methotrexate|acetaminophen|tylenol)$|^(?:cef|cephal|sulfa|nitro|predni)\w{3,}$",
    re.IGNORECASE,
)
_PAIRED = {"weber": re.compile(r"\brinne\b")}  # a surname, unless its companion stands in the same text: "Rinne negative, Weber to the left"
_BEFORE = re.compile(r"\b(?:vs?\.?|versus|an?) $")
_NO_NAME = re.compile(r"(?:dr|mrs?|ms|miss|doctor|nurse|prof|rev|man|woman|boy|girl|male|female|mom|dad|pt|pts|patient|patients|baby|infant|toddler|teen|lady|gentleman|guy|adult|child)")


@cache
def _words() -> dict[str, bool]:
    """Each eponym, and whether it is hardly ever anything else."""
    return {word.rstrip("+"): word.endswith("+") for word in word_list("eponyms.txt")}


def is_eponym(text: Normalized, start: int, end: int) -> bool:
    """Is what stands there an eponym or a drug, and no person? Only for names without a title, a relative or another announcement."""
    name = re.sub(r"'s$", "", text.lower[start:end].strip(" ."))
    parts = [part for part in re.split(r"[ /\-–]+", name) if part and part != "pseudo"]
    if parts and all(_NO_NAME.fullmatch(part) or (_DRUG.search(part) and not is_name_like(part) and not is_surname(part)) for part in parts):
        return True
    known = _words()
    while len(parts) > 1 and (len(parts[-1]) == 1 or parts[-1] in ("neg", "pos", "positive", "negative")):
        parts.pop()
    if len(name) == 1:
        return True
    if not parts or any(part not in known for part in parts):
        return False
    if all(known[part] for part in parts) or _NOUN.match(text.lower, start + len(name)) or _BEFORE.search(text.lower, max(0, start - 8), start):
        return True
    return name in _PAIRED and _PAIRED[name].search(text.lower) is not None
