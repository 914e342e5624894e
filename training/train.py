"""`make train`: texts in, `src/primum_detect/data/model/` out. Two cores: about an hour. A GPU is used where there is one.

python training/train.py --data ../shared/data [--layers 6] [--epochs 2] [--without-illness cancer] [--small]
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import torch
from data import Example, training_set, with_danger
from measure import measure
from network import BASE, Tagger
from tokenizers import Tokenizer
from torch import nn

from primum_detect.normalize.folding import fold
from primum_detect.tagging.features import HEADS, MAX_PIECES, TAGS, Around, code

IGNORE = -100
DOUBT = 0.02
LAST = 0.25  # of the rate, in the last pass: texts as they were written
KEPT = 0.7  # how often the model is told where a text stands, who speaks, what it answers


def encode(example: Example, tokenizer: Tokenizer, chance: random.Random) -> dict:
    """One text as numbers. In a tenth of the texts the lists say nothing, and each of where it stands, who speaks and what it answers is
    withheld in three of ten: the model must not lean on them alone."""
    around = Around(*(value if chance.random() < KEPT else "" for value in (example.around.surface, example.around.role, example.around.heard)))
    text = fold(example.text)  # as the engine hands it over
    coded = code(tokenizer, text.folded, around, with_lists=chance.random() > 0.1)
    labels, known = [IGNORE] * len(coded.ids), with_danger(example)
    if example.spans is not None:
        for number, (start, end) in enumerate(coded.offsets):
            if start == end:
                continue
            begin, stop = text.span(start, end)
            span = next((s for s in example.spans if s[0] < stop and begin < s[1]), None)
            labels[number] = TAGS.index("O") if span is None else TAGS.index(("B-" if begin <= span[0] else "I-") + span[2])
    return {"ids": coded.ids, "features": coded.features, "labels": labels, "heads": [float(known[name]) if name in known else -1.0 for name in HEADS]}


def batches(rows: list[dict], size: int, chance: random.Random):
    """Texts of like length together, the batches in any order."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]["ids"]) + chance.random() * 6)
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    chance.shuffle(groups)
    for group in groups:
        picked = [rows[i] for i in group]
        width = max(len(row["ids"]) for row in picked)
        mask = padded([[1] * len(row["ids"]) for row in picked], width, 0)
        parts = [padded([row[key] for row in picked], width, filler) for key, filler in (("ids", 0), ("features", 0), ("labels", IGNORE))]
        yield parts[0], mask, parts[1], parts[2], torch.tensor([row["heads"] for row in picked])


def padded(rows: list[list[int]], width: int, filler: int) -> torch.Tensor:
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows])


def learn(model: Tagger, rows: list[dict], options: argparse.Namespace, *, epochs: int, rate: float, device: str, chance: random.Random) -> None:
    """Some passes over the texts, the step's size rising to `rate` and sinking to nothing."""
    steps = epochs * (len(rows) // options.batch + 1)
    plain = [p for n, p in model.named_parameters() if n.startswith(("features", "tags", "heads"))]
    rest = [p for n, p in model.named_parameters() if not n.startswith(("features", "tags", "heads"))]
    optimiser = torch.optim.AdamW([{"params": rest, "lr": rate}, {"params": plain, "lr": rate * 5}], weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=[rate, rate * 5], total_steps=steps + 5, pct_start=0.1)
    is_short = device == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()  # numbers of 16 bits: two thirds of the time, where the processor can
    begun, step = time.monotonic(), 0
    model.train()
    for epoch in range(epochs):
        for ids, mask, features, labels, wanted in batches(rows, options.batch, chance):
            with torch.autocast(device, dtype=torch.bfloat16, enabled=is_short):
                tags, heads = model(ids.to(device), mask.to(device), features.to(device))
            loss = loss_of(tags.float(), heads.float(), labels.to(device), wanted.to(device))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            step += 1
            if step % 50 == 0:
                print(f"epoch {epoch + 1}/{epochs}  step {step}/{steps}  loss {loss.item():.3f}  {time.monotonic() - begun:.0f} s", flush=True)


def loss_of(tags: torch.Tensor, heads: torch.Tensor, labels: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    known = wanted >= 0
    loss = nn.functional.cross_entropy(tags.transpose(1, 2), labels, ignore_index=IGNORE) if (labels != IGNORE).any() else tags.sum() * 0
    if known.any():
        # Of two dozen heads one or two say yes: their word must not drown.
        weight = 1.0 + 2.0 * wanted[known]
        # Nobody's label is quite certain: told otherwise, the model ends up sure of everything and no threshold can tell.
        softened = wanted[known] * (1.0 - 2.0 * DOUBT) + DOUBT
        loss = loss + nn.functional.binary_cross_entropy_with_logits(heads[known], softened, weight=weight)
    return loss


def train(options: argparse.Namespace) -> None:
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    examples, last, tests = training_set(options.data, options.seed, without_illness=options.without_illness, small=options.small)
    model = Tagger(options.layers).to(device)
    if options.only_last:
        model.load_state_dict(torch.load(options.work / "first.pt", map_location=device))
    else:
        learn(model, [encode(example, tokenizer, chance) for example in examples], options, epochs=options.epochs, rate=options.rate, device=device, chance=chance)
        torch.save(model.state_dict(), options.work / "first.pt")
    learn(model, [encode(example, tokenizer, chance) for example in last], options, epochs=1, rate=options.rate * LAST, device=device, chance=chance)
    torch.save(model.state_dict(), options.work / "tagger.pt")
    print(json.dumps(measure(model, tokenizer, tests, device)), flush=True)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("var/training"))
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--without-illness", default="")
    parser.add_argument("--only-last", action="store_true", help="go on from what the first passes left (first.pt)")
    parser.add_argument("--small", action="store_true", help="a few hundred texts, to try the recipe")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    return options


if __name__ == "__main__":
    train(read_options())
