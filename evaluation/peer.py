"""Presidio's pattern recognisers over the same texts, without its language model: run by bench.py in a venv of its own."""

from __future__ import annotations

import json
import sys
import time

from presidio_analyzer import predefined_recognizers

KINDS = "CreditCard Crypto Date Email Iban Ip MedicalLicense Phone Url UsBank UsItin UsLicense UsPassport UsSsn"

texts = json.load(sys.stdin)
recognisers = [getattr(predefined_recognizers, f"{kind}Recognizer")() for kind in KINDS.split()]
for text in texts[:50]:
    for recogniser in recognisers:
        recogniser.analyze(text, recogniser.supported_entities, None)
begun = time.perf_counter()
found = sum(len(recogniser.analyze(text, recogniser.supported_entities, None) or ()) for text in texts for recogniser in recognisers)
print(json.dumps({"seconds": time.perf_counter() - begun, "found": found}))
