"""What the model sees beside a word's pieces: how the word is written, and which lists hold it.

The base model reads lower case only. How a word is written says much about whether it is a name, and the lists know names that
training never showed; both go in as one small number per piece. The marks before and after a text carry where it stands and who speaks,
and what it answers follows it, every piece numbered as heard: "So glad it works!" is one thing to a knee, another to a lift.
Training and running share this file, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from primum_detect.lexicons import word_list

SHAPES = ("none", "lower", "title", "upper", "mixed", "digit", "mark")
SURFACES = ("post", "reply", "image_caption", "alt_text", "bio", "ad", "dm", "comment", "review", "mention")
ROLES = ("org", "workforce", "patient_or_family", "press", "public")
_FIRST_SURFACE = len(SHAPES) * 8
_FIRST_ROLE = _FIRST_SURFACE + len(SURFACES)
HEARD = _FIRST_ROLE + len(ROLES)
FEATURES = HEARD + 1
TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
INTENTS = (
    "phi_self",
    "phi_third_party",
    "staff_leak",
    "complaint",
    "praise",
    "question",
    "advice_seeking",
    "emergency",
    "self_harm",
    "threat",
    "abuse_report",
    "adverse_event",
    "legal",
    "press",
    "breach_allegation",
    "spam",
    "scam_phishing",
    "impersonation",
    "misinformation",
    "dominance",
    "protected_activity",
    "off_topic",
)
JUDGEMENTS = ("patient_story", "relationship", "solicit", "advice", "confidential", "marketing", "hint", "stop")  # of what we ourselves write
HEADS = ("ill_person", *JUDGEMENTS, *INTENTS, "danger")  # danger: any of the safety signals
MAX_PIECES = 192  # of a text
MAX_HEARD = 48  # pieces of what it answers, at a time


@dataclass(frozen=True, slots=True)
class Around:
    """Where a text stands, who speaks, and what it answers; "" where nobody asks for a judgement, only for names."""

    surface: str = ""
    role: str = ""
    heard: str = ""


NOWHERE = Around()


@dataclass(frozen=True, slots=True)
class Coded:
    """What the network is given: `ids` and `features` of all pieces; `offsets` of the text's own, which come first."""

    ids: list[int]
    features: list[int]
    offsets: list[tuple[int, int]]


def code(tokenizer: Any, text: str, around: Around = NOWHERE, *, with_lists: bool = True) -> Coded:
    """A text as numbers. `tokenizer` cuts at MAX_PIECES."""
    coded = tokenizer.encode(text)
    ids, features = list(coded.ids), features_of(text, coded.offsets, with_lists=with_lists)
    features[0] = _FIRST_SURFACE + SURFACES.index(around.surface) if around.surface in SURFACES else 0
    features[-1] = _FIRST_ROLE + ROLES.index(around.role) if around.role in ROLES else 0
    if around.heard:
        heard = tokenizer.encode(around.heard).ids[1 : MAX_HEARD + 1]
        ids += heard
        features += [HEARD] * len(heard)
    return Coded(ids, features, coded.offsets)


def shape_of(word: str) -> int:
    if not word:
        return 0
    if not word.isalpha():
        if not any(char.isalnum() for char in word):
            return 6
        if any(char.isdigit() for char in word):
            return 5
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    return 2 if word[0].isupper() and word[1:].islower() else 4


def feature_of(word: str, *, with_lists: bool = True) -> int:
    """From 0 to FEATURES - 1: the word's shape, and three bits for the lists that hold it."""
    bits = 0
    if with_lists:
        low = word.lower()
        bits = (low in word_list("given_names.txt")) + 2 * (low in word_list("surnames.txt")) + 4 * (low in word_list("given_names_ambiguous.txt"))
    return shape_of(word) * 8 + bits


def words_of_pieces(text: str, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each piece the whole word it is part of: letters, digits and marks that stand together, as (start, end)."""
    spans: list[tuple[int, int]] = []
    for start, end in offsets:
        if start == end:
            spans.append((start, end))
            continue
        left, right = start, end
        if text[start].isalnum():
            while left > 0 and text[left - 1].isalnum():
                left -= 1
            while right < len(text) and text[right].isalnum():
                right += 1
        spans.append((left, right))
    return spans


def features_of(text: str, offsets: list[tuple[int, int]], *, with_lists: bool = True) -> list[int]:
    return [0 if start == end else feature_of(text[start:end], with_lists=with_lists) for start, end in words_of_pieces(text, offsets)]
