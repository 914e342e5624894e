"""Account, invoice, claim and bank numbers, routing numbers, IBANs, cryptocurrency addresses.

Format   By label before or after; an IBAN by ISO 13616 (mod-97 check); a routing number in groups by the
         check digit of ABA; a Bitcoin address by its base58 checksum or bech32 form.
Source   45 CFR 164.514(b)(2)(i)(J).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from primum_detect.identify.shapes import LONG_NUMBER, NUMBER, Hit, compiled, located, near
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "ACCOUNT"
_LABELLED = located(r"\b(?:acc(?:oun)?t|invoice|bill(?:ing)?|statement|claim|guarantor)\s*(?:id|no|num(?:ber)?|#)\.?\W{0,3}(?:is )?" + NUMBER)
_SHORT = located(r"\b(?:acc(?:oun)?t|claim(?= [a-z]{2,5}-?\d))(?: on file| ending(?: in)?)?\W{1,3}(?:x{2,4}-)?" + LONG_NUMBER)
_IBAN = compiled(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", case_sensitive=True)
_BANK = compiled(r"(?<![\d-])\d{8,17}(?![\d-])")
_ROUTING = compiled(r"(?<![\d-])(?:\d{4}-\d{4}-\d|\d{3}-\d{3}-\d{3})(?![\d-])")
_BANK_WORDS = located(r"\b(?:bank|acc(?:oun)?t|checking|savings?|routing|aba|direct deposit|debit)\b")
_BASE58 = compiled(r"(?<!\w)[13][1-9A-HJ-NP-Za-km-z]{25,34}(?!\w)", case_sensitive=True)
_BECH32 = located(r"(?<!\w)bc1[ac-hj-np-z02-9]{11,71}(?!\w)")
_DIGITS58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_WHY = "An account, bill or claim number leads to one person."


def _is_iban(value: str) -> bool:
    packed = value.replace(" ", "").replace("-", "")
    turned = packed[4:] + packed[:4]
    return 15 <= len(packed) <= 34 and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _is_routing(value: str) -> bool:
    """Weights 3, 7, 1; the sum ends in 0."""
    return sum(int(digit) * weight for digit, weight in zip(value.replace("-", ""), (3, 7, 1) * 3, strict=True)) % 10 == 0


def _is_bitcoin(value: str) -> bool:
    """Base58Check: the last four bytes are the start of the twofold SHA-256 of the rest."""
    number = 0
    for char in value:
        number = number * 58 + _DIGITS58.index(char)
    raw = number.to_bytes(25, "big") if number < 1 << 200 else b""
    return len(raw) == 25 and sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


OPENED_BY = opened_by(_LABELLED, _SHORT, _IBAN, _BANK, _ROUTING, _BASE58, _BECH32)
EXAMPLES = ("account number 55120934", "claim # CLM-4410928", "GB82 WEST 1234 5698 7654 32", "945456787 is the bank account", "routing 0210-0002-1")
NOT_THESE = ("Claim 100000 steps in our walking challenge", "the billing number is 555-0160", "Statement 10/12/2026", "use code FLU2026", "invoice by mail", "GB00 HAPPY 2026")


def find(text: Normalized) -> Iterator[Hit]:
    for pattern in (_LABELLED, _SHORT):
        for match in pattern.finditer(text):
            yield Hit(LABEL, *match.span(1), 0.9, _WHY)
    for match in _IBAN.finditer(text):
        if _is_iban(match.group()):
            yield Hit(LABEL, *match.span(), 0.95, _WHY)
    if _BANK_WORDS.search(text):
        for match in _BANK.finditer(text):
            if near(text, *match.span(), _BANK_WORDS, 30):
                yield Hit(LABEL, *match.span(), 0.7, _WHY)
        for match in _ROUTING.finditer(text):
            if _is_routing(match.group()) and near(text, *match.span(), _BANK_WORDS, 30):
                yield Hit(LABEL, *match.span(), 0.7, _WHY)
    for match in _BASE58.finditer(text):
        if _is_bitcoin(match.group()):
            yield Hit(LABEL, *match.span(), 0.9, _WHY)
    for match in _BECH32.finditer(text):
        yield Hit(LABEL, *match.span(), 0.85, _WHY)
