"""`Benchmarks/run speed`: how long a large workspace takes to load and a message to be decided, on one core."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import bases
import generated
import published
from measurement import Results, Section
from reading import DataError
from runner import Evaluation, Runner, RunError
from workspace import Labels, write

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 2_000
CERTAIN = 500
MANY_ASKED = 500


def check(evaluation: Evaluation) -> None:
    """What no rule decided would be timed as if one had."""
    wrong = [one.question.text for one in evaluation.records if one.matched != one.question.expect]
    if wrong:
        raise RunError(f"{len(wrong)} of {len(evaluation.records)} messages were not decided by their rule: {wrong[0]}")


def run(runner: Runner, results: Results) -> None:
    """Measures with one runner."""
    content, labels, questions, rules = generated.content_and_questions(MESSAGES, CERTAIN)
    core = max(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(dir=runner.work) as folder:
        workspace = Path(folder, "workspace")
        write(content, workspace, labels)
        first = runner.evaluate(workspace, questions, core)
        again = runner.evaluate(workspace, rules, core)
    check(again)
    section = Section(
        results, runner.name,
        f"Decision speed ({len(content.intents)} intents × {generated.EXAMPLES} examples, {len(content.articles):,} "
        f"articles, {MESSAGES:,} messages, one core)")
    latency = first.summary["latency_us"]
    section.add("whole decision p50", latency["p50"] / 1_000, published.DECISION_P50, "ms")
    section.add("whole decision p99", latency["p99"] / 1_000, published.DECISION_P99, "ms")
    section.add("decision by a certain rule p50", again.summary["latency_us"]["p50"] / 1_000, published.CERTAIN_P50, "ms")
    section.add("decision by a certain rule p99", again.summary["latency_us"]["p99"] / 1_000, unit="ms")
    section.add("first load", first.summary["load_seconds"], published.LOAD, "s")
    section.add("load from cache", again.summary["load_seconds"], published.CACHED_LOAD, "s")
    section.add("memory, at most", first.summary["peak_rss_mb"], unit="MB")
    busy = min(first.summary["share_of_core"], again.summary["share_of_core"])
    section.add("share of the core that the program had", min(busy, 1.0), published.Figure({}, 0.95),
                note="below that the machine was busy, and the times above are too long.")
    section.add("right first of these messages", first.summary["top1_accuracy"],
                note="generated lines: it only shows that the time was spent on the work itself.")
    bases.run_sample_memory(ROOT, runner, results)


def run_many(runner: Runner, results: Results, count: int) -> None:
    """Measures a knowledge base of `count` articles, words alone: what grows with their number."""
    content, questions = generated.many_articles(count, MANY_ASKED)
    core = max(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(dir=runner.work) as folder:
        workspace = Path(folder, "workspace")
        write(content, workspace, Labels(content.intents))
        first = runner.evaluate(workspace, questions, core)
    section = Section(results, runner.name, f"{count:,} articles, {len(questions):,} messages, one core")
    section.add("whole decision p50", first.summary["latency_us"]["p50"] / 1_000, unit="ms")
    section.add("whole decision p99", first.summary["latency_us"]["p99"] / 1_000, unit="ms")
    section.add("first load, files read and all", first.summary["load_seconds"], unit="s")
    section.add("memory, at most", first.summary["peak_rss_mb"], unit="MB")
    section.add("right first of these messages", first.summary["top1_accuracy"],
                note="generated lines: it only shows that the time was spent on the work itself.")


def run_both(words: Runner, arguments: argparse.Namespace, results: Results) -> None:
    """With encoders, where there are any, and without."""
    if arguments.models is not None:
        print("speed, with encoders …", file=sys.stderr, flush=True)
        run(Runner(words.program, "models", arguments.models, words.work), results)
    else:
        results.leave_out("anything with sentence encoders: no --models.")
    print("speed, words only …", file=sys.stderr, flush=True)
    run(words, results)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run speed",
        description="Loads a generated workspace of 150 intents × 100 examples and 1,000 articles, fresh and from cache, "
        f"and times {MESSAGES:,} decisions on one core.")
    parser.add_argument("--models", type=Path, metavar="DIR", help="the folder of installed sentence encoders")
    parser.add_argument("--program", type=Path, required=True, metavar="FILE", help="a release build of greenroom")
    parser.add_argument("--articles", type=int, metavar="N",
                        help="load a knowledge base of N articles instead, words alone")
    parser.add_argument("--write", type=Path, metavar="DIR", help="only write the generated workspace into DIR")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--markdown", action="store_true", help="print Markdown (the default)")
    arguments = parser.parse_args()
    if arguments.models is not None and not arguments.models.is_dir():
        parser.error(f"--models {arguments.models} is no folder.")
    if arguments.articles is not None and arguments.articles < 1:
        parser.error("--articles is a number of articles, 1 or more.")
    if arguments.write is not None:
        if arguments.write.exists():
            parser.error(f"--write {arguments.write} is there already.")
        content, labels, _, _ = generated.content_and_questions(MESSAGES, CERTAIN)
        write(content, arguments.write, labels)
        return 0
    if not arguments.program.is_file():
        parser.error(f"--program {arguments.program} is no file: build it with 'swift build -c release'.")
    results = Results()
    try:
        with tempfile.TemporaryDirectory(prefix="greenroom-speed-") as folder:
            words = Runner(arguments.program.resolve(), "words", None, Path(folder))
            if arguments.articles is not None:
                print(f"speed, {arguments.articles:,} articles …", file=sys.stderr, flush=True)
                run_many(words, results, arguments.articles)
            else:
                run_both(words, arguments, results)
    except (DataError, RunError) as error:
        print(f"speed: {error}", file=sys.stderr)
        return 2
    print(json.dumps(results.json(), indent=2, ensure_ascii=False) if arguments.json else results.markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
