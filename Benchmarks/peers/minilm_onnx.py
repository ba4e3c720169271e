"""The ONNX graph of all-MiniLM-L6-v2, written node by node from its weights.

The nodes are those that an export from PyTorch gives, so that onnxruntime's transformer optimizer finds its patterns and
fuses them: what is measured is the model that a user of onnxruntime would run.
"""

from __future__ import annotations

import logging
import math
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from minilm_weights import EPSILON, HEADS, LAYERS, WIDTH

OPSET = 17


class GraphWriter:
    """Collects nodes and initializers; each method adds one operation and gives the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def constant(self, value: np.ndarray) -> str:
        """An initializer."""
        name = f"c{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def scalar(self, value: float) -> str:
        """A constant of no dimension."""
        return self.constant(np.array(value, dtype=np.float32))

    def add(self, kind: str, *inputs: str, **attributes: object) -> str:
        """A node with one result."""
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"node_{name}", **attributes))
        return name

    def linear(self, source: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """`source · weightᵀ + bias`, weights as PyTorch keeps them: one row an output."""
        return self.add("Add", self.constant(bias), self.add("MatMul", source, self.constant(weight.T)))

    def layer_norm(self, source: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Layer normalisation in the small steps in which PyTorch exports it."""
        centred = self.add("Sub", source, self.add("ReduceMean", source, axes=[-1]))
        variance = self.add("ReduceMean", self.add("Pow", centred, self.scalar(2.0)), axes=[-1])
        deviation = self.add("Sqrt", self.add("Add", variance, self.scalar(EPSILON)))
        scaled = self.add("Mul", self.add("Div", centred, deviation), self.constant(weight))
        return self.add("Add", scaled, self.constant(bias))

    def gelu(self, source: str) -> str:
        """x · (1 + erf(x / √2)) / 2."""
        erf = self.add("Erf", self.add("Div", source, self.scalar(math.sqrt(2.0))))
        return self.add("Mul", self.add("Mul", source, self.add("Add", erf, self.scalar(1.0))), self.scalar(0.5))


def graph(tensors: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The whole encoder: ids, mask and types in, unit sentence vectors out (mean of the unmasked tokens)."""
    writer = GraphWriter()
    word = writer.add("Gather", writer.constant(tensors["embeddings.word_embeddings.weight"]), "input_ids")
    kind = writer.add("Gather", writer.constant(tensors["embeddings.token_type_embeddings.weight"]), "token_type_ids")
    length = writer.add("Gather", writer.add("Shape", "input_ids"), writer.constant(np.array(1)), axis=0)
    zero, one = writer.constant(np.array([0])), writer.constant(np.array([1]))
    ends = writer.add("Unsqueeze", length, zero)
    places = writer.add("Slice", writer.constant(np.arange(512).reshape(1, 512)), zero, ends, one, one)
    place = writer.add("Gather", writer.constant(tensors["embeddings.position_embeddings.weight"]), places)
    hidden = _norm(writer, tensors, writer.add("Add", writer.add("Add", word, kind), place), "embeddings.LayerNorm")

    mask = writer.add("Unsqueeze", writer.add("Unsqueeze", "attention_mask", one), writer.constant(np.array([2])))
    inverted = writer.add("Sub", writer.scalar(1.0), writer.add("Cast", mask, to=TensorProto.FLOAT))
    bias = writer.add("Mul", inverted, writer.scalar(-10_000.0))
    for number in range(LAYERS):
        hidden = _layer(writer, tensors, f"encoder.layer.{number}", hidden, bias)

    weights = writer.add("Cast", writer.add("Unsqueeze", "attention_mask", writer.constant(np.array([2]))), to=1)
    summed = writer.add("ReduceSum", writer.add("Mul", hidden, weights), one, keepdims=0)
    mean = writer.add("Div", summed, writer.add("ReduceSum", weights, one, keepdims=0))
    norm = writer.add("ReduceL2", mean, axes=[-1], keepdims=1)
    writer.nodes.append(helper.make_node("Div", [mean, norm], ["vector"], name="node_vector"))

    tokens = ["batch", "tokens"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, tokens)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    outputs = [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", WIDTH])]
    body = helper.make_graph(writer.nodes, "minilm", inputs, outputs, writer.initializers)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _norm(writer: GraphWriter, tensors: dict[str, np.ndarray], source: str, name: str) -> str:
    return writer.layer_norm(source, tensors[f"{name}.weight"], tensors[f"{name}.bias"])


def _linear(writer: GraphWriter, tensors: dict[str, np.ndarray], source: str, name: str) -> str:
    return writer.linear(source, tensors[f"{name}.weight"], tensors[f"{name}.bias"])


def _layer(writer: GraphWriter, tensors: dict[str, np.ndarray], name: str, hidden: str, bias: str) -> str:
    """One block of self-attention and feed-forward, post-norm as in BERT."""
    heads = writer.constant(np.array([0, 0, HEADS, WIDTH // HEADS]))
    joined = writer.constant(np.array([0, 0, WIDTH]))

    def split(part: str, order: list[int]) -> str:
        projected = _linear(writer, tensors, hidden, f"{name}.attention.self.{part}")
        return writer.add("Transpose", writer.add("Reshape", projected, heads), perm=order)

    query, key, value = split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1]), split("value", [0, 2, 1, 3])
    scores = writer.add("Div", writer.add("MatMul", query, key), writer.scalar(math.sqrt(WIDTH // HEADS)))
    shares = writer.add("Softmax", writer.add("Add", scores, bias), axis=-1)
    context = writer.add("Transpose", writer.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    context = writer.add("Reshape", context, joined)
    attended = _linear(writer, tensors, context, f"{name}.attention.output.dense")
    hidden = _norm(writer, tensors, writer.add("Add", attended, hidden), f"{name}.attention.output.LayerNorm")
    inner = writer.gelu(_linear(writer, tensors, hidden, f"{name}.intermediate.dense"))
    outer = _linear(writer, tensors, inner, f"{name}.output.dense")
    return _norm(writer, tensors, writer.add("Add", outer, hidden), f"{name}.output.LayerNorm")


def write(tensors: dict[str, np.ndarray], folder: Path) -> tuple[Path, Path]:
    """Writes the optimised f32 model and its int8 quantisation; gives both paths."""
    plain, fused, quantised = (folder / f"minilm-{name}.onnx" for name in ("plain", "f32", "int8"))
    onnx.save(graph(tensors), plain)
    result = optimizer.optimize_model(
        str(plain), model_type="bert", num_heads=HEADS, hidden_size=WIDTH, optimization_options=FusionOptions("bert"),
        opt_level=0)
    counts = result.get_fused_operator_statistics()
    if counts.get("Attention", 0) + counts.get("MultiHeadAttention", 0) != LAYERS:
        raise RuntimeError(f"onnxruntime's optimizer did not fuse the {LAYERS} attention blocks: {counts}")
    result.save_model_to_file(str(fused))
    plain.unlink()
    # It advises a step that was just done another way.
    logging.getLogger().setLevel(logging.ERROR)
    # The fused operators are not ONNX's own, so shape inference cannot tell their types.
    float_by_default = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(
        fused, quantised, per_channel=True, weight_type=QuantType.QInt8, extra_options=float_by_default)
    return fused, quantised
