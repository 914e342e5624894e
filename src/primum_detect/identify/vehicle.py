"""Vehicle identifiers: VINs and plates, vanity ones included.

Format   VIN: 17 characters without I O Q, check digit at position 9. Plates: by label only.
Source   49 CFR 565.15; 45 CFR 164.514(b)(2)(i)(L).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, compiled
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "VEHICLE"
_VIN = compiled(r"\b(?=[A-HJ-NPR-Z0-9]{0,16}\d)(?=[A-HJ-NPR-Z0-9]{0,16}[A-Z])[A-HJ-NPR-Z0-9]{17}\b", case_sensitive=True)
_PLATE = compiled(r"\b(?:licen[sc]e plate|plates?|tag)(?: (?:no|number|#|reads?|says|is|was))?\W{1,3}([A-Z0-9]{2,4}[- ]?[A-Z0-9]{2,4})\b(?=[^a-z]|$)")
_LABELLED = compiled(
    r"\bvin(?: (?:no|number|#))?\W{1,3}([A-HJ-NPR-Z0-9]{11,17})\b|\b(?:plates?|(?:scooter|truck|car|vehicle|boat|trailer|motorcycle) reg(?:istration)?)(?: (?:no|number|#))? ([A-Z]{2}[ -][A-Z0-9]{2,4}[- ]\d{3,5})\b"
)
_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _is_vin(value: str) -> bool:
    total = sum((int(char) if char.isdigit() else _VALUES[char]) * weight for char, weight in zip(value, _WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == value[8]


OPENED_BY = opened_by(_VIN, _PLATE, _LABELLED)
EXAMPLES = ("VIN 1M8GDM9AXKP042788", "license plate reads GRNDMA1", "plate KTR 4471")
NOT_THESE = ("registration in room 412 opens at 8", "Registration on June 2026", "tag us in your photos", "Ambulance 12", "plates and cups for 40")


def find(text: Normalized) -> Iterator[Hit]:
    for match in _VIN.finditer(text):
        if _is_vin(match.group()):
            yield Hit(LABEL, *match.span(), 0.95, "A vehicle number leads to its owner.")
    for match in _LABELLED.finditer(text):
        group = 1 if match.group(1) else 2
        if any(char.isdigit() for char in match.group(group)):
            yield Hit(LABEL, *match.span(group), 0.9, "A vehicle's number leads to its owner.")
    for match in _PLATE.finditer(text):
        value = match.group(1)
        if value.upper() == value and any(char.isalpha() for char in value) and (any(char.isdigit() for char in value) or "plate" in match.group().lower()):
            yield Hit(LABEL, *match.span(1), 0.8, "A plate leads to the vehicle's owner.")
