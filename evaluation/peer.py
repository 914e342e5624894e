"""Presidio's pattern recognisers over the same texts, without its language model: run by bench.py in a venv of its own."""

from __future__ import annotations

import json
import sys
import time

from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    CryptoRecognizer,
    DateRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MedicalLicenseRecognizer,
    PhoneRecognizer,
    UrlRecognizer,
    UsBankRecognizer,
    UsItinRecognizer,
    UsLicenseRecognizer,
    UsPassportRecognizer,
    UsSsnRecognizer,
)

KINDS = (
    CreditCardRecognizer,
    CryptoRecognizer,
    DateRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MedicalLicenseRecognizer,
    PhoneRecognizer,
    UrlRecognizer,
    UsBankRecognizer,
    UsItinRecognizer,
    UsLicenseRecognizer,
    UsPassportRecognizer,
    UsSsnRecognizer,
)

texts = json.load(sys.stdin)
recognisers = [kind() for kind in KINDS]
for text in texts[:50]:
    for recogniser in recognisers:
        recogniser.analyze(text, recogniser.supported_entities, None)
begun = time.perf_counter()
found = sum(len(recogniser.analyze(text, recogniser.supported_entities, None) or ()) for text in texts for recogniser in recognisers)
print(json.dumps({"seconds": time.perf_counter() - begun, "found": found}))
