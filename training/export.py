"""The trained network as int8 ONNX, its tokenizer and its card's figures, into `src/primum_detect/data/model/`.

python training/export.py --data ../shared/data
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from data import kept_apart
from measure import measure
from network import Tagger
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from train import tokenizer

from primum_detect.tagging.features import MAX_HEARD, MAX_PIECES

OUT = Path(__file__).resolve().parent.parent / "src" / "primum_detect" / "data" / "model"


class Quantized(torch.nn.Module):
    """The exported file behind the network's own interface, so that the same code measures both."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        given = {"ids": ids.numpy().astype(numpy.int64), "mask": mask.numpy().astype(numpy.int64), "features": features.numpy().astype(numpy.int64)}
        tags, heads = self.session.run(None, given)
        return torch.tensor(tags), torch.tensor(heads)


def without_traces(path: Path) -> None:
    """The exporter notes for each node which line of which file made it, with the paths of the machine it ran on."""
    model = onnx.load(str(path))
    parts = [model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info, *model.graph.initializer]
    for part in parts:
        part.doc_string = ""
        del part.metadata_props[:]
    onnx.save(model, str(path))


def export(options: argparse.Namespace) -> None:
    model = Tagger(options.layers)
    model.load_state_dict(torch.load(options.work / "tagger.pt", map_location="cpu"))
    model.eval()
    plain = options.work / "plain.onnx"
    texts, pieces = torch.export.Dim("texts", min=1, max=512), torch.export.Dim("pieces", min=2, max=MAX_PIECES + MAX_HEARD)
    given = tuple(torch.ones(3, 9, dtype=torch.int64) for _ in range(3))
    torch.onnx.export(
        model,
        given,
        str(plain),
        input_names=["ids", "mask", "features"],
        output_names=["tags", "heads"],
        dynamic_shapes=({0: texts, 1: pieces},) * 3,
        dynamo=True,
        external_data=False,
        opset_version=18,
    )
    graph = onnx.load(str(plain))
    del graph.graph.value_info[:]  # shapes noted before the merging of constants; the quantizer infers its own
    onnx.save(graph, str(plain))
    OUT.mkdir(parents=True, exist_ok=True)
    fused = optimizer.optimize_model(str(plain), model_type="bert", num_heads=12, hidden_size=384, opt_level=0)
    fused.save_model_to_file(str(plain))
    quantize_dynamic(str(plain), str(OUT / "tagger.onnx"), weight_type=QuantType.QInt8, per_channel=True, extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})
    without_traces(OUT / "tagger.onnx")
    pieces = tokenizer()
    pieces.save(str(OUT / "tokenizer.json"), pretty=False)
    figures = {
        "layers": options.layers,
        "bytes": (OUT / "tagger.onnx").stat().st_size,
        "int8": measure(Quantized(OUT / "tagger.onnx"), pieces, kept_apart(options.data, options.seed), "cpu"),
    }
    (OUT / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("var/training"))
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    export(parser.parse_args())
