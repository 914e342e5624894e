"""Is one person spoken to? A relationship is confirmed to somebody, not in "what to bring to your visit"."""

from __future__ import annotations

import re

from primum_detect.content import Content
from primum_detect.identify.names import is_given
from primum_detect.identify.shapes import Hit
from primum_detect.matching.regex import LowerRegex
from primum_detect.normalize.normalized import Normalized

_YOU = LowerRegex(r"\b(?:you|your|you're|you've|yours|usted|su|sus|tu|tus|te|le)\b")
_LEADING_HANDLE = re.compile(r"^\s*\.?@[\w.]")
_LETTER = re.compile(r"^\W*(?:dear|hi|hello|hey|estimad[oa]|querid[oa]) ([a-z]{2,})")  # "Dear Kathleen in Willow Creek": to one person, whoever reads it
_ENDEARMENT = re.compile(
    r", (?:hon|honey|sweetie|sweetheart|dear|darling|buddy|bud|ma'?am|sir|girl|bro|mija|mijo|amig[oa]|senora?|my friend)\b[.!?]*(?:\s|$)|^(?:hon|honey|sweetie|sir|ma'?am|mija|mijo), "
)


def is_addressed(content: Content, text: Normalized, hits: list[Hit]) -> bool:
    """True for a reply, and for a post that turns to one person by handle or by name."""
    if content.is_answer:
        return True
    if not _YOU.search(text):
        return False
    letter = _LETTER.match(text.lower)
    if _LEADING_HANDLE.match(text.folded) or (letter and is_given(letter.group(1))) or _ENDEARMENT.search(text.lower):
        return True
    return any(hit.label == "NAME" and hit.kind == "vocative" for hit in hits) or (
        any(hit.label == "HANDLE" for hit in hits) and bool(re.search(r"@[\w.]+,? (?:your?|we|so|thank|sorry|glad)\b", text.lower))
    )
