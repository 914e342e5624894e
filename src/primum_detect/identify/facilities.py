"""Where somebody is cared for: hospitals, clinics, homes by their names. They are places smaller than a State.

Format   `kind` is "facility". One to four words in capitals before such a noun; an organisation's own are no finding.
Source   45 CFR 164.514(b)(2)(i)(B).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, compiled
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "GEO"
_NAME = compiled(
    r"\b((?:(?!The |Our |Your |This |Any |A |An |My |At |In |Free |New |Local |Rural |Every |Is |Pt |Mr |Mrs |Ms |Dr )(?:St\.? )?[A-Z][a-z]+(?:'s|[.-][A-Z][a-z]+)?(?: (?:of|de|del|the|and|&))? ){1,4}"
    r"(?:(?:Community|General|Regional|Memorial|Children's|University|County|Orthop(?:a?edic)|Surgical|Rehab(?:ilitation)?|Free|Urgent|Nursing|Assisted|Skilled|Senior|Care|Medical|Health|Dialysis|Cancer|Heart|Women's|Family|Veterans) )*"
    r"(?:Hospital|Hosp|Clinic|Medical (?:Center|Centre|Ctr)|Health (?:Center|Ctr|System)|Care (?:Center|Ctr|Home)|Urgent Care|Nursing (?:Home|Facility)|Nsg Home|Manor|Hospice|Infirmary|Sanatorium|Rehab|Dialysis|SNF|ALF|Assisted Living|Med Ctr|Pediatrics|Orthop(?:a?edics)|Family Medicine|Cardiology|Pharmacy))\b"
    r"|\b((?:Cl[ií]nica|Hospital|Sanatorio) (?:(?:de|del|la|las|los|San|Santa|Santo) )*[A-Z][a-z]+(?: [A-Z][a-z]+)?)\b",
    case_sensitive=True,
)
_LEADS = re.compile(
    r"(?:Great|Best|Diabetes|Stroke|Outpatient|Inpatient|Asthma|Wound|Fracture|Travel|Allergy|Hearing|Burn|Trauma|Spine|Birth|Breast|Lung|Kidney|Liver|Skin|Hand|Foot|Fertility|Memory|Headache|Weight|Nutrition|Lactation|Sports|Hospital|Retail|Specialty|Compounding|Worst|Flu|Vaccine|Mobile|Walk-In|Pediatric|Emergency|Community|General|Regional|Memorial|University|County|Family|Women's|Children's|Cancer|Heart|Sleep|Eye|Pain|Dental|Weekend|Saturday|Sunday|Monday)"
)
_WHY = "The place of care narrows down who it is."

OPENED_BY = opened_by(_NAME)
EXAMPLES = ("seen at Three Forks Urgent Care", "Bellwether Community Hosp", "from Maple Hollow Manor", "en Clínica Río Sereno")
NOT_THESE = ("our Diabetes Clinic", "Outpatient Pharmacy hours", "our Flu Clinic opens", "the hospital", "Urgent Care is open", "the General Hospital sign", "Free Clinic on Sunday")


def find(text: Normalized) -> Iterator[Hit]:
    for match in _NAME.finditer(text):
        if not _LEADS.fullmatch(match.group().split()[0]):
            yield Hit(LABEL, *match.span(), 0.6, _WHY, "facility")
