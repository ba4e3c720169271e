"""all-MiniLM-L6-v2 once more in plain numpy: slow, and simple enough to be checked by eye against the BERT paper."""

from __future__ import annotations

import math

import numpy as np

from minilm_weights import EPSILON, HEADS, LAYERS, WIDTH

_erf = np.vectorize(math.erf, otypes=[np.float64])


def encode(tensors: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    """The unit vector of one text, given as token ids with [CLS] and [SEP]; in 64 bits if the tensors are."""

    def linear(rows: np.ndarray, name: str) -> np.ndarray:
        return rows @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]

    def norm(rows: np.ndarray, name: str) -> np.ndarray:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
        return centred / deviation * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    count, size = len(ids), WIDTH // HEADS
    rows = tensors["embeddings.word_embeddings.weight"][ids].copy()
    rows += tensors["embeddings.position_embeddings.weight"][:count]
    rows += tensors["embeddings.token_type_embeddings.weight"][0]
    rows = norm(rows, "embeddings.LayerNorm")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            linear(rows, f"{layer}.attention.self.{part}").reshape(count, HEADS, size).transpose(1, 0, 2)
            for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(size)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        context = (shares @ value).transpose(1, 0, 2).reshape(count, WIDTH)
        rows = norm(rows + linear(context, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        inner = linear(rows, f"{layer}.intermediate.dense")
        inner *= 0.5 * (1.0 + _erf(inner / math.sqrt(2.0)))
        rows = norm(rows + linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = rows.mean(axis=0)
    return mean / np.linalg.norm(mean)
