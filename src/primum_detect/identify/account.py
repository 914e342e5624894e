"""Account, invoice and claim numbers, IBANs.

Format   By label, or an IBAN by ISO 13616 (mod-97 check).
Source   45 CFR 164.514(b)(2)(i)(J).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, compiled
from primum_detect.normalize.normalized import Normalized

LABEL = "ACCOUNT"
_LABELLED = compiled(r"\b(?:acc(?:oun)?t|invoice|bill(?:ing)?|statement|claim|guarantor)\s*(?:id|no|num(?:ber)?|#)\W{0,3}(?:is )?([A-Z]{0,4}-?\d{5,17})\b")
_IBAN = compiled(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", case_sensitive=True)
_WHY = "An account, bill or claim number leads to one person."


def _is_iban(value: str) -> bool:
    packed = value.replace(" ", "")
    turned = packed[4:] + packed[:4]
    return 15 <= len(packed) <= 34 and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


EXAMPLES = ("account number 55120934", "claim # CLM-4410928", "GB82 WEST 1234 5698 7654 32")
NOT_THESE = ("use code FLU2026", "invoice by mail", "GB00 HAPPY 2026")


def find(text: Normalized) -> Iterator[Hit]:
    for match in _LABELLED.finditer(text.folded):
        yield Hit(LABEL, *match.span(1), 0.9, _WHY)
    for match in _IBAN.finditer(text.folded):
        if _is_iban(match.group()):
            yield Hit(LABEL, *match.span(), 0.95, _WHY)
