"""Workspaces as authors wrote them: a knowledge base of hard questions, and the sample workspace."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import published
import reading
from measurement import Results, Section
from runner import Runner
from workspace import copy_with_bound


def run_knowledge_base(data: Path, bound: float, runner: Runner, results: Results) -> None:
    """The kept-apart knowledge base: `kb/` is a workspace with a `questions.jsonl`, or holds one in `workspace/`."""
    folder = data / "kb"
    workspace = folder / "workspace" if (folder / "workspace").is_dir() else folder
    questions = folder / "questions.jsonl"
    if not questions.is_file():
        raise reading.DataError(f"{folder} has no questions.jsonl.")
    summary = _evaluate(workspace, questions, bound, runner)
    inside = summary["in_scope"]
    section = Section(results, runner.name, f"Knowledge base ({summary['questions']} questions)")
    section.add("right first", summary["top1_accuracy"], published.KB_FIRST)
    section.add("right among three", summary["top3_accuracy"], published.KB_AMONG_THREE)
    section.add(f"answered outright, in scope, at the bound {bound:g}",
                (summary["answered"] - summary["out_of_scope_answered"]) / inside, published.KB_ANSWERED)
    section.add("wrong among answered",
                summary["answered_wrong"] / summary["answered"] if summary["answered"] else 0.0,
                published.Figure({}, bound, at_most=True))
    section.add("answered rightly, or settled by one question back", summary["settled"] / inside, published.KB_SETTLED,
                note="asked back counts where the right one is among the choices.")
    if summary["out_of_scope"]:
        section.add("out of scope answered", summary["out_of_scope_answered"] / summary["out_of_scope"])
    for kind, counts in sorted(summary["by_kind"].items()):
        if len(summary["by_kind"]) > 1 and counts["in_scope"]:
            section.add(f"right first, {kind} ({counts['in_scope']})", counts["top1_accuracy"])
    section.add_splits(summary)
    section.add_cost(summary)


def run_sample(root: Path, runner: Runner, results: Results) -> None:
    """The sample workspace with questions that were written apart from it, at its own bound."""
    summary = _evaluate(root, _sample_questions(root), None, runner)
    section = Section(results, runner.name, f"Sample workspace ({summary['questions']} questions)")
    section.add("right first", summary["top1_accuracy"])
    section.add("right among three", summary["top3_accuracy"])
    section.add("answered", summary["answered"], unit="count")
    section.add("of these wrong", summary["answered_wrong"], unit="count")
    section.add("asked back", summary["asked_back"], unit="count")
    section.add("answered rightly, or settled by one question back", summary["settled"] / summary["in_scope"])
    section.add(f"answered of {summary['out_of_scope']} out of scope", summary["out_of_scope_answered"], unit="count")
    for kind, counts in sorted(summary["by_kind"].items()):
        if counts["in_scope"]:
            section.add(f"right first, {kind} ({counts['in_scope']})", counts["top1_accuracy"])
    section.add_splits(summary)
    section.add("loaded in", summary["load_seconds"], unit="s")
    section.add("decision p50", summary["latency_us"]["p50"] / 1_000, unit="ms")
    section.add("decision p99", summary["latency_us"]["p99"] / 1_000, unit="ms")
    section.add("memory, at most", summary["peak_rss_mb"], published.SAMPLE_MEMORY, "MB")


def run_sample_memory(root: Path, runner: Runner, results: Results) -> None:
    """What the sample workspace holds in memory when its questions are asked."""
    summary = _evaluate(root, _sample_questions(root), None, runner)
    section = Section(results, runner.name, "Sample workspace, memory")
    section.add("memory, at most", summary["peak_rss_mb"], published.SAMPLE_MEMORY, "MB")


def _sample_questions(root: Path) -> Path:
    file = root / "Tests" / "EndToEndTests" / "Fixtures" / "sample-questions.jsonl"
    if not file.is_file():
        raise reading.DataError(f"{file} is missing.")
    return file


def _evaluate(workspace: Path, questions: Path, bound: float | None, runner: Runner) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=runner.work) as folder:
        copy, scores = Path(folder, "workspace"), Path(folder, "scores.jsonl")
        copy_with_bound(workspace, copy, bound)
        return runner.summary(copy, questions, scores)
