"""Runs the model: an int8 ONNX file that travels with the library, on one core, without a network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from primum_detect.tagging.decoding import spans_of
from primum_detect.tagging.features import HEADS, NOWHERE, Around, code

WINDOW = 360  # characters: about 90 pieces of English, 130 of Spanish; what has more pieces than the network sees is halved
HEARD_WINDOW = 170  # of what is answered: as long as training ever showed, and within its pieces
_BREAK = re.compile(r"\s")
_SENTENCES = re.compile(r"(?<=[.!?\n])\s+")


class ModelUnavailable(RuntimeError):
    """The model's files are missing or broken. Every text is then held for a person."""


@dataclass(frozen=True)
class Tags:
    """What the model says about one text. `spans` are (start, end, kind, confidence) with kinds PER, LOC and ORG; `heads` maps a name of `features.HEADS` to 0..1, over the whole text."""

    spans: tuple[tuple[int, int, str, float], ...]
    heads: dict[str, float]

    def person_at(self, start: int, end: int) -> float:
        """How likely a person stands there; 0.0 where the model sees none."""
        return max((score for begin, stop, kind, score in self.spans if kind == "PER" and begin < end and start < stop), default=0.0)


NOTHING = Tags((), {})


class Tagger:
    """Reads texts, one at a time. Safe to share between threads."""

    def __init__(self, folder: Path | None = None, *, threshold: float = 0.2) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer

            where = folder or Path(str(resources.files("primum_detect").joinpath("data", "model")))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(str(where / "tagger.onnx"), options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(where / "tokenizer.json"))
            self._longest = int((self._tokenizer.truncation or {})["max_length"])  # pieces that the network was trained to see
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the files, no text passes without them
            raise ModelUnavailable(f"The model could not be loaded ({type(error).__name__}), so a person must look at every text.") from None
        self._threshold = threshold

    def knows(self, word: str) -> bool:
        """Is this a whole word of the model's vocabulary? (lower case)"""
        return len(word) > 1 and self._tokenizer.token_to_id(word) is not None

    def read(self, text: str, check: Callable[[], None] = lambda: None, around: Around = NOWHERE) -> Tags:
        """What the model says of one text, where it stands as `around` says. Long ones are read in windows; `check` is called before each and may raise. Texts are never
        read side by side: int8 numbers are scaled by all that stands in one run, and a text must not be judged by its neighbours. What is
        answered is heard in pieces, and the likeliest word counts: what matters may stand at its end."""
        spans: list[tuple[int, int, str, float]] = []
        heads: dict[str, float] = {}
        for offset, part in self._windows(text):
            found = None
            for heard in _pieces(around.heard):
                check()
                named, scores = self._run(part, replace(around, heard=heard))
                found = named if found is None else found
                for name, score in scores.items():
                    heads[name] = max(score, heads.get(name, 0.0))
            spans += [(offset + start, offset + end, kind, score) for start, end, kind, score in found or ()]
        return Tags(tuple(sorted(spans)), heads)

    def _windows(self, text: str, longest: int = WINDOW) -> Iterator[tuple[int, str]]:
        """The text in pieces that the network sees to their ends, cut at blanks: (offset, piece). Emoji and codes take a piece per character."""
        for offset, part in windows(text, longest):
            if len(part) <= self._longest - 2 or not self._tokenizer.encode(part).overflowing:
                yield offset, part
            else:
                yield from ((offset + at, smaller) for at, smaller in self._windows(part, longest // 2))

    def _run(self, text: str, around: Around) -> tuple[list[tuple[int, int, str, float]], dict[str, float]]:
        import numpy

        coded = code(self._tokenizer, text, around)
        ids = numpy.array([coded.ids], dtype=numpy.int64)
        features = numpy.array([coded.features], dtype=numpy.int64)
        tags, logits = self._session.run(None, {"ids": ids, "mask": numpy.ones_like(ids), "features": features})
        scores = 1.0 / (1.0 + numpy.exp(-logits[0]))
        return spans_of(text, coded.offsets, _softmax(tags[0]), self._threshold), dict(zip(HEADS, scores.tolist(), strict=True))


def _softmax(values: Any) -> Any:
    import numpy

    raised = numpy.exp(values - values.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


def _pieces(heard: str) -> list[str]:
    """What is answered: whole where it is short, else its first and last piece and sentence, so that nothing drowns the one that matters."""
    if len(heard) <= HEARD_WINDOW:
        return [heard]
    pieces = [piece for _, piece in windows(heard, HEARD_WINDOW)]
    sentences = [sentence[:HEARD_WINDOW] for sentence in _SENTENCES.split(heard.strip())]
    return list(dict.fromkeys((pieces[0], pieces[-1], sentences[0], sentences[-1])))


def windows(text: str, longest: int) -> Iterator[tuple[int, str]]:
    """The text in pieces of so many characters, cut at blanks: (offset, piece)."""
    at = 0
    while len(text) - at > longest:
        cut = max((match.start() for match in _BREAK.finditer(text, at + longest // 2, at + longest)), default=at + longest)
        yield at, text[at:cut]
        at = cut
    if text[at:].strip():
        yield at, text[at:]


@cache
def default_tagger() -> Tagger:
    """The model that travels with the library, loaded once per process. Raises ModelUnavailable."""
    return Tagger()
