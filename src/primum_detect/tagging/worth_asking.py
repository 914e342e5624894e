"""Is it worth asking the model? Not about a post of the organisation in which no words stand that ever went with something to be stopped.
The words' weights are learnt (`training/worth_asking.py`) and none is below zero: another word can make a text worth asking about, never
spare it. Answers, adverts, what staff write in their own name, images' words and what others write to us are always read."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache

from primum_detect.content import Content
from primum_detect.lexicons import read_data
from primum_detect.normalize.normalized import Normalized

_WORD = re.compile(r"(?<![@\w])[a-z][a-z']*")
_LINK = re.compile(r"https?://\S*")


@dataclass(frozen=True)
class Weights:
    """What each word adds, once; a word without a weight adds nothing."""

    words: dict[str, float]
    threshold: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.threshold) or len(self.words) < 100 or any(not weight >= 0.0 for weight in self.words.values()):
            raise ValueError("These weights could spare what must be read.")

    def reach(self, text: Normalized) -> bool:
        return sum(map(self.words.__getitem__, self.words.keys() & words_of(text))) >= self.threshold


def words_of(text: Normalized) -> frozenset[str]:
    """Its words, without links and handles."""
    lower = text.lower
    return frozenset(_WORD.findall(_LINK.sub("", lower) if "http" in lower else lower))


@cache
def _weights() -> Weights | None:
    """None where they cannot be read: then every text is worth asking about."""
    try:
        read = json.loads(read_data("model/worth_asking.json"))
        return Weights({str(word): float(weight) for word, weight in read["words"].items()}, float(read["threshold"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_worth_asking(content: Content, text: Normalized) -> bool:
    if content.role != "org" or content.surface != "post" or content.is_answer:
        return True
    weights = _weights()
    return weights is None or weights.reach(text)
