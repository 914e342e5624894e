"""Device identifiers: serial numbers and the production part of a UDI.

Format   By label, or a GS1 UDI with (21) serial. A model name or the device part (01) alone is no identifier.
Source   21 CFR 801.40; 45 CFR 164.514(b)(2)(i)(M).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import LONG_NUMBER, NUMBER, Hit, compiled
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "DEVICE"
_SERIAL = compiled(r"\b(?:serial(?: ?(?:no|num(?:ber)?|#))?|s/n|sn|(?:device|implant|pacemaker|icd|pump) (?:id|no|num(?:ber)?|#|serial(?: number)?)|imei|udi)\.?\W{1,3}(?:is )?" + NUMBER)
_SHORT = compiled(r"\b(?:device|implant|pacemaker|icd|crt-?[dp]|vns|pump|monitor|lead|stimulator|cgm)\W{1,3}(?=[A-Z]{2})" + LONG_NUMBER)
_UDI = compiled(r"\(01\)\d{14}(?:\(\d{2}\)[A-Z0-9]{1,20}){0,3}\(21\)[A-Z0-9-]{3,20}")

OPENED_BY = opened_by(_SERIAL, _SHORT, _UDI)
EXAMPLES = ("device LNQ22-RLA774102", "CRT-D DTMB-99-00417", "serial number PM-8841207", "(01)00844588003288(17)271120(21)X44120")
NOT_THESE = ("Park in lot number 1300", "recall: insulin pump lot # A123456", "our monitor: 555-0142", "serial entrepreneur", "(01)00844588003288", "SN Bose lecture 2026")


def find(text: Normalized) -> Iterator[Hit]:
    for pattern, group in ((_SERIAL, 1), (_SHORT, 1), (_UDI, 0)):
        for match in pattern.finditer(text):
            yield Hit(LABEL, *match.span(group), 0.88, "A serial number leads to the person who carries the device.")
