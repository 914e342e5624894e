"""`make train`: texts in, `src/primum_detect/data/model/` out. Two cores: about 80 minutes. A GPU is used where there is one.

python training/train.py --data ../shared/data [--sisters 3] [--epochs 3] [--without-illness cancer] [--small]
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import torch
from data import Example, kept_apart, training_set, with_danger
from measure import measure
from network import BASE, Tagger
from tokenizers import Tokenizer
from torch import nn
from torch.nn.utils.rnn import pad_sequence

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
    wanted = [float(known[name]) if name in known else -1.0 for name in HEADS]
    return {"ids": torch.tensor(coded.ids), "features": torch.tensor(coded.features), "labels": torch.tensor(labels), "heads": torch.tensor(wanted)}


def batches(rows: list[dict], size: int, chance: random.Random):
    """Texts of like length together, the batches in any order: ids, mask, features, labels, heads."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]["ids"]) + chance.random() * 6)
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    chance.shuffle(groups)
    for group in groups:
        picked = [rows[i] for i in group]
        ids, features, labels = (pad_sequence([row[key] for row in picked], batch_first=True, padding_value=filler) for key, filler in (("ids", 0), ("features", 0), ("labels", IGNORE)))
        lengths = torch.tensor([len(row["ids"]) for row in picked])
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
        yield ids, mask, features, labels, torch.stack([row["heads"] for row in picked])


def learn(model: Tagger, drawn: Callable[[int], list[dict]], options: argparse.Namespace, *, epochs: int, rate: float, device: str, chance: random.Random) -> None:
    """Some passes over texts, those of each given by `drawn`, the step's size rising to `rate` and sinking to nothing."""
    rows = drawn(0)
    steps = epochs * (len(rows) // options.batch + 1)
    plain = [p for n, p in model.named_parameters() if n.startswith(("features", "tags", "heads"))]
    rest = [p for n, p in model.named_parameters() if not n.startswith(("features", "tags", "heads"))]
    optimiser = torch.optim.AdamW([{"params": rest, "lr": rate}, {"params": plain, "lr": rate * 5}], weight_decay=0.01, fused=device == "cuda")
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=[rate, rate * 5], total_steps=max(steps + 5, 20), pct_start=0.1)  # a warm-up of less than two steps divides by nothing
    is_short = device == "cpu" and torch.ops.mkldnn._is_mkldnn_bf16_supported()  # numbers of 16 bits: two thirds of the time, where the processor can; a GPU waits for its orders, not for numbers
    begun, step = time.monotonic(), 0
    model.train()
    for epoch in range(epochs):
        for ids, mask, features, labels, wanted in batches(rows if epoch == 0 else drawn(epoch), options.batch, chance):
            with torch.autocast(device, dtype=torch.bfloat16, enabled=is_short):
                tags, heads = model(ids.to(device), mask.to(device), features.to(device))
            loss = loss_of(tags.float(), heads.float(), labels.to(device), wanted.to(device))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            step += 1
            if step % 100 == 0:
                print(f"epoch {epoch + 1}/{epochs}  step {step}/{steps}  loss {loss.item():.3f}  {time.monotonic() - begun:.0f} s", flush=True)


def loss_of(tags: torch.Tensor, heads: torch.Tensor, labels: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """The mean over the pieces that somebody labelled, and the mean over the heads that somebody was asked about. Nothing here waits for a GPU."""
    named = nn.functional.cross_entropy(tags.transpose(1, 2), labels, ignore_index=IGNORE, reduction="sum") / (labels != IGNORE).sum().clamp(min=1)
    known = (wanted >= 0).to(heads.dtype)
    # Of two dozen heads one or two say yes: their word must not drown.
    weight = known * (1.0 + 2.0 * wanted)
    # Nobody's label is quite certain: told otherwise, the model ends up sure of everything and no threshold can tell.
    softened = wanted * (1.0 - 2.0 * DOUBT) + DOUBT
    judged = nn.functional.binary_cross_entropy_with_logits(heads, softened, weight=weight, reduction="sum") / known.sum().clamp(min=1)
    return named + judged


def train(options: argparse.Namespace) -> None:
    """One network, or the mean of some sisters' weights: they begin at the same base and meet other texts in another order, so their mean lies in
    the same valley and errs less than each (Wortsman et al. 2022, model soups)."""
    sisters = options.sisters
    if torch.cuda.is_available():  # side by side: each by itself leaves most of a GPU idle
        torch.multiprocessing.spawn(one, (options,), nprocs=sisters)
    else:
        for number in range(sisters):
            one(number, options)
    states = [torch.load(options.work / f"sister{number}.pt", map_location="cpu") for number in range(sisters)]
    mean = {name: sum(state[name].double() for state in states).div(sisters).to(value.dtype) for name, value in states[0].items()}
    torch.save(mean, options.work / "tagger.pt")
    model = Tagger(options.layers)
    model.load_state_dict(mean)
    print(json.dumps(measure(model, tokenizer(), kept_apart(options.data, options.seed, without_illness=options.without_illness), "cpu")), flush=True)


def one(number: int, options: argparse.Namespace) -> None:
    """One sister, from the base on. Each pass draws the texts anew: other names, other slips of the pen, another neighbour, other marks withheld."""
    seed = options.seed + 100 * number
    torch.manual_seed(seed)
    chance, pieces = random.Random(seed), tokenizer()
    device = "cuda" if torch.cuda.is_available() else "cpu"

    def drawn(which: int, epoch: int = 0) -> list[dict]:
        examples = training_set(options.data, seed + epoch, without_illness=options.without_illness, small=options.small)[which]
        return [encode(example, pieces, chance) for example in examples]

    model = Tagger(options.layers).to(device)
    if options.only_last:
        model.load_state_dict(torch.load(options.work / f"first{number}.pt", map_location=device))
    else:
        learn(model, lambda epoch: drawn(0, epoch), options, epochs=options.epochs, rate=options.rate, device=device, chance=chance)
        torch.save(model.state_dict(), options.work / f"first{number}.pt")
    learn(model, lambda _: drawn(1), options, epochs=1, rate=options.rate * LAST, device=device, chance=chance)
    torch.save(model.state_dict(), options.work / f"sister{number}.pt")


def tokenizer() -> Tokenizer:
    made = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(MAX_PIECES)
    return made


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("var/training"))
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=0, help="first passes over everything (0: three on a GPU, two elsewhere)")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--sisters", type=int, default=0, help="so many networks, their weights averaged (0: three on a GPU, one elsewhere)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--without-illness", default="")
    parser.add_argument("--only-last", action="store_true", help="go on from what the first passes left (first0.pt and so on, one a sister)")
    parser.add_argument("--small", action="store_true", help="a few hundred texts, to try the recipe")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    has_gpu = torch.cuda.is_available()
    options.sisters, options.epochs = options.sisters or (3 if has_gpu else 1), options.epochs or (3 if has_gpu else 2)
    return options


if __name__ == "__main__":
    train(read_options())
