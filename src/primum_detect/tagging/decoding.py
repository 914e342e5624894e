"""From a probability per piece to spans of whole words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from primum_detect.tagging.features import words_of_pieces

_KINDS = ("PER", "LOC", "ORG")  # in the order of features.TAGS


def spans_of(text: str, offsets: Sequence[tuple[int, int]], probabilities: Any, threshold: float = 0.5) -> list[tuple[int, int, str, float]]:
    """(start, end, kind, confidence). A word has the kind that its pieces hold most likely; neighbours of one kind that only blanks,
    hyphens, full stops or apostrophes part are one name, unless the later one begins anew."""
    pairs = probabilities[: len(offsets), 1:].reshape(len(offsets), len(_KINDS), 2)  # TAGS: "O", then beginning and inside of each kind
    likely = pairs.sum(-1)
    if likely.max(initial=0.0) < threshold:
        return []
    words: list[list[Any]] = []
    for span, (start, end), scores, begins in zip(words_of_pieces(text, list(offsets)), offsets, likely.tolist(), pairs[:, :, 0].sum(-1).tolist(), strict=True):
        if start == end:
            continue
        if words and words[-1][0] == span:
            words[-1][1] = [max(a, b) for a, b in zip(words[-1][1], scores, strict=True)]
        else:
            words.append([span, scores, begins])
    spans: list[tuple[int, int, str, float]] = []
    for (start, end), scores, begins in words:
        best = max(range(len(_KINDS)), key=scores.__getitem__)
        score, kind = scores[best], _KINDS[best]
        if score < threshold or not text[start].isalnum():
            continue
        last = spans[-1] if spans else None
        if last and last[2] == kind and begins < 0.5 and text[last[1] : start].strip(" ") in ("", "-", ".", "'", "’") and start - last[1] <= 2:
            spans[-1] = (last[0], end, kind, min(last[3], score))
        else:
            spans.append((start, end, kind, score))
    return spans
