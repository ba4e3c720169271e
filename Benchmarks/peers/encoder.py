"""Times the int8 MiniLM of this project beside onnxruntime's, message by message, on one core, in turns.

Both encode one message a call, tokenization included, as a chat sends them. Ours is a process that reads one JSON object a
line, {"texts": [...], "vectors": bool}, and answers each with {"nanoseconds": [...], "processor": [...], "vectors": [...]}:
by the clock, and by what the whole process used of the processor.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

import minilm_onnx
import minilm_reference
import minilm_weights

LENGTHS = (6, 12, 24)
TEXTS_A_LENGTH = 20
# Ours against onnxruntime's time for the same model.
GOAL = 0.8
OURS, PEER, PLAIN = "ours int8", "onnxruntime int8", "onnxruntime f32"
WORDS = (
    "when will the payout for october arrive in my bank account because our creators keep asking and nobody has told us "
    "how long a review takes if the stream was stopped by a warning that we do not understand please check this case again "
    "can a new talent join two agencies at once or do they have to leave the first one before they sign a contract with us"
).split()


class BenchmarkError(Exception):
    """What went wrong and what to do, in one sentence."""


@dataclass
class Answer:
    """The time of each text by the clock and by the processor, and the vectors where they were asked for."""

    nanoseconds: list[int]
    processor: list[int]
    vectors: list[list[float]]


class Peer:
    """onnxruntime on one thread, with its tokenizer."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.model = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.tokenizer = open_tokenizer(tokenizer)

    def encode(self, text: str) -> np.ndarray:
        ids = np.array([self.tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return self.model.run(["vector"], inputs)[0][0]

    def time(self, texts: Sequence[str]) -> Answer:
        answer = Answer([], [], [])
        for text in texts:
            used, start = time.process_time_ns(), time.perf_counter_ns()
            vector = self.encode(text)
            answer.nanoseconds.append(time.perf_counter_ns() - start)
            answer.processor.append(time.process_time_ns() - used)
            answer.vectors.append(vector.tolist())
        return answer


class Ours:
    """The program under test, spoken to over a pipe."""

    def __init__(self, command: list[str]) -> None:
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except OSError as error:
            raise BenchmarkError(f"{command[0]} cannot be started: {error}") from error

    def time(self, texts: Sequence[str], vectors: bool = False) -> Answer:
        if self.process.stdin is None or self.process.stdout is None:
            raise BenchmarkError("The encoder under test has no pipe.")
        try:
            self.process.stdin.write(json.dumps({"texts": list(texts), "vectors": vectors}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            raise BenchmarkError(f"The encoder under test stopped, exit code {self.process.wait()}.")
        try:
            reply = json.loads(line)
            answer = Answer(
                [int(one) for one in reply["nanoseconds"]], [int(one) for one in reply["processor"]],
                reply.get("vectors") or [])
        except (ValueError, KeyError, TypeError) as error:
            raise BenchmarkError(f"The encoder under test answered something else than timings: {line[:80]}") from error
        if {len(answer.nanoseconds), len(answer.processor)} != {len(texts)}:
            raise BenchmarkError(f"{len(texts)} texts were sent, {len(answer.nanoseconds)} timings came back.")
        return answer

    def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(timeout=30)


def open_tokenizer(file: Path) -> Tokenizer:
    """The model's own tokenizer, without the padding to 128 tokens that its file asks for."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    return tokenizer


def texts_of(length: int, tokenizer: Tokenizer) -> list[str]:
    """Different texts of exactly `length` tokens, [CLS] and [SEP] included."""
    found: list[str] = []
    for start in range(len(WORDS)):
        words = [WORDS[(start + step) % len(WORDS)] for step in range(length)]
        for end in range(1, length + 1):
            text = " ".join(words[:end])
            if len(tokenizer.encode(text).ids) == length:
                found.append(text)
                break
        if len(found) == TEXTS_A_LENGTH:
            return found
    raise BenchmarkError(f"There are too few texts of {length} tokens.")


def percentile(values: Sequence[int], share: float) -> float:
    """The nearest-rank percentile, in milliseconds."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] / 1e6


def cosines(vectors: Sequence[Sequence[float]], truth: Sequence[np.ndarray]) -> tuple[float, float]:
    """The smallest and the mean cosine with the truth."""
    values = [
        float(np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other))
        for one, other in zip(vectors, truth, strict=True)
    ]
    return min(values), sum(values) / len(values)


def prepare(work: Path) -> tuple[Path, Path, Path]:
    """Fetches the weights and writes the ONNX models, unless that was done; gives (tokenizer, f32, int8)."""
    model = minilm_weights.fetch(work)
    f32, int8 = work / "minilm-f32.onnx", work / "minilm-int8.onnx"
    if not (f32.is_file() and int8.is_file()):
        print("Writing and quantising the ONNX model …", file=sys.stderr)
        minilm_onnx.write(minilm_weights.read(model), work)
    return model / "tokenizer.json", f32, int8


def verify(work: Path, peers: dict[str, Peer], ours: Ours | None, texts: list[str]) -> dict[str, tuple[float, float]]:
    """Compares everybody's vectors with a plain forward pass. Throws where the peer's f32 model is not the same model."""
    weights = minilm_weights.read(work / minilm_weights.FOLDER)
    tensors = {name: values.astype(np.float64) for name, values in weights.items()}
    tokenizer = next(iter(peers.values())).tokenizer
    truth = [minilm_reference.encode(tensors, tokenizer.encode(text).ids) for text in texts]
    result = {name: cosines(peer.time(texts).vectors, truth) for name, peer in peers.items()}
    if result[PLAIN][0] < 0.99999:
        raise BenchmarkError(f"The peer's f32 model gives other vectors: cosine {result[PLAIN][0]:.6f}.")
    if ours is not None:
        result[OURS] = cosines(ours.time(texts, vectors=True).vectors, truth)
    return result


@dataclass
class Times:
    """All times of one encoder on texts of one length, in nanoseconds."""

    clock: list[int]
    processor: list[int]


def measure(peers: dict[str, Peer], ours: Ours | None, texts: list[str], rounds: int) -> dict[str, Times]:
    """The times of every encoder, taken in turns so that a busy machine slows all alike. The first round warms up."""
    contenders: dict[str, Peer | Ours] = dict(peers)
    if ours is not None:
        contenders[OURS] = ours
    times = {name: Times([], []) for name in contenders}
    for turn in range(rounds + 1):
        order = list(contenders.items())
        for name, contender in order if turn % 2 == 0 else reversed(order):
            answer = contender.time(texts)
            if turn > 0:
                times[name].clock += answer.nanoseconds
                times[name].processor += answer.processor
    return times


def ratio(times: dict[str, Times], share: float, of: str = "clock") -> float | None:
    """Ours by the int8 peer's, at a percentile; None where ours was not measured."""
    if OURS not in times:
        return None
    return percentile(getattr(times[OURS], of), share) / percentile(getattr(times[PEER], of), share)


def report(results: dict[int, dict[str, Times]], agreement: dict[str, tuple[float, float]]) -> dict[str, object]:
    """Everything that was measured, for machines."""
    rows = []
    for length, times in results.items():
        row: dict[str, object] = {
            name: {
                "p50_ms": percentile(one.clock, 0.5), "p99_ms": percentile(one.clock, 0.99),
                "processor_p50_ms": percentile(one.processor, 0.5),
            }
            for name, one in times.items()
        }
        rows.append({
            "tokens": length, **row, "ratio_p50": ratio(times, 0.5), "ratio_p99": ratio(times, 0.99),
            "ratio_processor_p50": ratio(times, 0.5, "processor"),
        })
    cosine = {name: {"min": low, "mean": mean} for name, (low, mean) in agreement.items()}
    return {"onnxruntime": onnxruntime.__version__, "goal_ratio": GOAL, "rows": rows, "cosine": cosine}


def markdown(results: dict[int, dict[str, Times]], agreement: dict[str, tuple[float, float]]) -> str:
    """The tables of docs/benchmarks.md."""
    lines = [
        f"| tokens | {OURS} p50 / p99 ms | {PEER} p50 / p99 ms | {PLAIN} p50 ms | ours ÷ peer, p50 / p99 | "
        "processor p50 ms, ours / peer | ratio | to reach |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for length, times in results.items():
        def figures(name: str, of: str, *shares: float) -> str:
            if name not in times:
                return "–"
            return " / ".join(f"{percentile(getattr(times[name], of), share):.2f}" for share in shares)

        def shown(*ratios: float | None) -> str:
            return " / ".join("–" if one is None else f"{one:.2f}" for one in ratios)

        cells = [
            str(length), figures(OURS, "clock", 0.5, 0.99), figures(PEER, "clock", 0.5, 0.99), figures(PLAIN, "clock", 0.5),
            shown(ratio(times, 0.5), ratio(times, 0.99)),
            f"{figures(OURS, 'processor', 0.5)} / {figures(PEER, 'processor', 0.5)}",
            shown(ratio(times, 0.5, "processor")), f"≤ {GOAL}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "| cosine with a 64-bit forward pass | smallest | mean |", "|---|---:|---:|"]
    lines += [f"| {name} | {low:.5f} | {mean:.5f} |" for name, (low, mean) in agreement.items()]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run encoder", description="Our int8 MiniLM beside onnxruntime's, one core, in turns.")
    parser.add_argument("--work", type=Path, required=True, help="folder for weights and ONNX models")
    parser.add_argument("--rounds", type=int, default=40, help=f"rounds of {TEXTS_A_LENGTH} texts a length, default 40")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    parser.add_argument("--ours", nargs=argparse.REMAINDER, default=[], help="the command that encodes; comes last")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be 1 or more")
    ours: Ours | None = None
    try:
        tokenizer, f32, int8 = prepare(arguments.work)
        # Everybody on the same core, one after the other: none is helped by a second one.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        peers = {PEER: Peer(int8, tokenizer), PLAIN: Peer(f32, tokenizer)}
        if arguments.ours:
            ours = Ours(arguments.ours)
        texts = {length: texts_of(length, peers[PEER].tokenizer) for length in LENGTHS}
        print("Comparing vectors …", file=sys.stderr)
        agreement = verify(arguments.work, peers, ours, [text for group in texts.values() for text in group])
        results: dict[int, dict[str, Times]] = {}
        for length in LENGTHS:
            print(f"Timing texts of {length} tokens …", file=sys.stderr)
            results[length] = measure(peers, ours, texts[length], arguments.rounds)
        if ours is not None:
            ours.close()
    except (BenchmarkError, minilm_weights.WeightsError, RuntimeError) as error:
        print(f"encoder: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report(results, agreement), indent=2) if arguments.json else markdown(results, agreement))
    return 0


if __name__ == "__main__":
    sys.exit(main())
