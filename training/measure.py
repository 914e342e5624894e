"""Figures on texts kept apart: names span for span (a name counts when every letter of it, and no more, is found), illness as AUROC."""

from __future__ import annotations

import torch
from data import Example
from tokenizers import Tokenizer

from primum_detect.normalize.folding import fold
from primum_detect.tagging.decoding import spans_of
from primum_detect.tagging.features import code


def measure(model: torch.nn.Module, tokenizer: Tokenizer, tests: dict[str, list[Example]], device: str) -> dict[str, dict[str, float]]:
    model.eval()
    return {name: {**names_of(model, tokenizer, rows, device), **illness_of(model, tokenizer, rows, device)} for name, rows in tests.items()}


def run(model: torch.nn.Module, tokenizer: Tokenizer, rows: list[Example], device: str):
    for at in range(0, len(rows), 64):
        part = rows[at : at + 64]
        folded = [fold(row.text) for row in part]
        coded = [code(tokenizer, text.folded) for text in folded]
        width = max(len(c.ids) for c in coded)
        given = ([c.ids for c in coded], [[1] * len(c.ids) for c in coded], [c.features for c in coded])
        with torch.no_grad():
            tags, heads = model(*(torch.tensor([v + [0] * (width - len(v)) for v in values]).to(device) for values in given))
        for row, text, c, tag, head in zip(part, folded, coded, tags.softmax(-1).cpu().numpy(), heads.sigmoid().cpu().numpy(), strict=True):
            yield row, text, c.offsets, tag, float(head[0])


def names_of(model, tokenizer, rows, device, threshold: float = 0.5) -> dict[str, float]:
    rows = [row for row in rows if row.spans is not None]
    hit = found = wanted = 0
    for row, text, offsets, tag, _ in run(model, tokenizer, rows, device):
        gold = {(start, end) for start, end, kind in row.spans or () if kind == "PER"}
        got = {text.span(start, end) for start, end, kind, _ in spans_of(text.folded, offsets, tag, threshold) if kind == "PER"}
        hit, found, wanted = hit + len(gold & got), found + len(got), wanted + len(gold)
    if not wanted:
        return {}
    precision, recall = hit / max(found, 1), hit / wanted
    return {"names": wanted, "precision": round(precision, 3), "recall": round(recall, 3), "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3)}


def illness_of(model, tokenizer, rows, device) -> dict[str, float]:
    rows = [row for row in rows if row.ill is not None]
    scored = sorted((head, bool(row.ill)) for row, *_, head in run(model, tokenizer, rows, device))
    positives = sum(ill for _, ill in scored)
    if not positives or positives == len(scored):
        return {}
    ranks = sum(rank for rank, (_, ill) in enumerate(scored, 1) if ill)
    return {"auroc": round((ranks - positives * (positives + 1) / 2) / (positives * (len(scored) - positives)), 3), "texts": len(scored)}
