"""Who speaks? A profile line that names work in health care makes a member of the public one of the workforce: what they tell of a
patient was learnt at work.  domain 1.3."""

from __future__ import annotations

import re
from dataclasses import replace

from primum_detect.content import Content
from primum_detect.profile import Profile

_AT_WORK = re.compile(
    r"\b(?:rn|bsn|lpn|lvn|cna|crna|np|aprn|pa-c|md|d\.?o\.?|emt|paramedic|nurse|doctor|physician|surgeon|resident physician|medical resident|hospitalist|intensivist|respiratory therapist|rt|"
    r"pharmacist|pharm ?tech|phlebotomist|rad(?:iology)? tech|x-?ray tech|scrub tech|er tech|ed tech|patient care tech|pct|sonographer|midwife|med student|nursing student|unit clerk|"
    r"enfermer[oa]|doctora?|medic[oa]|paramedic[oa])\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:retired|former|ex-|ret\.|jubilad[oa])", re.IGNORECASE)


def known(content: Content, profile: Profile) -> Content:
    """The content with its speaker's role, as far as the bio tells it. Who the caller says is staff, family or press stays that."""
    if content.author_role not in ("", "public", "unknown") or not content.bio or (content.is_outbound and not content.author_role):
        return content
    works_here = any(name.lower() in content.bio.lower() for name in profile.names + profile.facilities)
    if works_here or (_AT_WORK.search(content.bio) and not _PAST.search(content.bio)):
        return replace(content, author_role="workforce")
    return content
