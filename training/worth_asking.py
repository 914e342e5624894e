"""Which posts are worth asking the model about: one weight per word, into `src/primum_detect/data/model/worth_asking.json`. A minute on a core.

python training/worth_asking.py --data ../shared/data

Learnt from what must be stopped or looked at on our own channels, against strangers' posts. The first two thousand of Broad Twitter are not
learnt from: `make bench` runs on them, and the share of them that is read is printed here.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import torch
from data import Example, few, noisy_posts, read
from export import OUT

from primum_detect.normalize.folding import fold
from primum_detect.tagging.worth_asking import words_of

APART = 2000
FOLDS = 5
MISSED = 0.005  # of the whole texts that must be stopped, where they were kept apart
SHRINK = 1e-5
OFTEN = 3  # a word in fewer texts says nothing
MEASURED = Path(__file__).resolve().parent.parent / "evaluation" / "texts" / "outbound.jsonl"
Words = frozenset[str]


def is_for_a_person(example: Example) -> bool:
    """Something that our own channel must not post, or somebody should look at. Answers and what staff write are always read."""
    known, around = dict(example.heads), example.around
    return bool(known.get("stop") or known.get("hint")) and around.role != "workforce" and not around.heard and around.surface in ("", "post", "ad", "bio")


def read_words(examples: Iterable[Example]) -> list[Words]:
    return [words_of(fold(example.text)) for example in examples]


class Weights:
    """A number per word, none below zero, so that a text's sum says how much in it went with what must be stopped."""

    def __init__(self, wanted: list[Words], others: list[Words]) -> None:
        texts = wanted + others
        counted = Counter(word for text in texts for word in text)
        index = {word: number for number, word in enumerate(sorted(word for word, count in counted.items() if count >= OFTEN))}
        places = torch.tensor([(row, index[word]) for row, text in enumerate(texts) for word in sorted(text) if word in index]).T
        given = torch.sparse_coo_tensor(places, torch.ones(places.shape[1]), (len(texts), len(index))).coalesce()
        answer = torch.tensor([1.0] * len(wanted) + [0.0] * len(others))
        weight, bias = torch.zeros(len(index), 1, requires_grad=True), torch.zeros(1, requires_grad=True)
        optimiser = torch.optim.Adam([weight, bias], lr=0.05)
        for _ in range(200):
            optimiser.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy_with_logits((given @ weight).squeeze(1) + bias, answer) + SHRINK * (weight**2).sum()
            loss.backward()
            optimiser.step()
            with torch.no_grad():
                weight.clamp_(min=0.0)
        values = weight.detach().squeeze(1)
        self.words = {word: round(values[number].item(), 2) for word, number in index.items() if values[number] >= 0.01}

    def of(self, text: Words) -> float:
        return sum(self.words.get(word, 0.0) for word in text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    torch.manual_seed(7)
    posts = noisy_posts(data / "btc" / "train.jsonl")
    others = read_words(posts[APART:] + noisy_posts(data / "wnut17" / "train.jsonl"))
    wanted = list(filter(is_for_a_person, few()))
    whole = read_words(example for example in wanted if example.around.surface)
    snippets = read_words(example for example in wanted if not example.around.surface)  # patterns' examples and the like: patterns find them
    unseen = []
    for number in range(FOLDS):
        weights = Weights(snippets + [text for place, text in enumerate(whole) if place % FOLDS != number], others)
        unseen += [weights.of(text) for text in whole[number::FOLDS]]
    threshold = round(sorted(unseen)[int(MISSED * len(unseen))], 2)
    weights = Weights(snippets + whole, others)
    (OUT / "worth_asking.json").write_text(json.dumps({"threshold": threshold, "words": weights.words}, separators=(",", ":")) + "\n", encoding="utf-8")

    def share(texts: Iterable[Words]) -> str:
        scores = [weights.of(text) >= threshold for text in texts]
        return f"{sum(scores)} of {len(scores)} ({sum(scores) / max(1, len(scores)):.3f})"

    own = [row for row in read(MEASURED) if row["author_role"] == "org" and row["surface"] == "post"]
    print(f"{len(whole)} whole texts to be read and {len(snippets)} snippets, {len(others)} strangers' posts, {len(weights.words)} words, threshold {threshold}")
    print("read of strangers' posts not learnt from:", share(read_words(posts[:APART])))
    for verdict in ("block", "review", "allow"):
        print(f"read of evaluation's posts of the organisation, {verdict}:", share(words_of(fold(row["text"])) for row in own if row["verdict"] == verdict))


if __name__ == "__main__":
    main()
