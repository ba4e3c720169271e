"""`Benchmarks/matching`: the program on public data sets, beside the figures that others reach."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Callable

import bases
import faq_set
import hint3_set
import intent_sets
import language_set
from measurement import Results
from reading import DataError
from runner import Runner, RunError

KEYS = ("clinc", "banking77", "hwu64", "stackfaq", "xsid", "hint3", "kb", "sample")
SPLITS = 100
ROOT = Path(__file__).resolve().parents[2]


def jobs(key: str, data: Path | None, bound: float, results: Results) -> list[Callable[[Runner], None]]:
    """What there is to run for a key; notes what cannot be run for lack of data."""
    if key == "sample":
        return [lambda runner: bases.run_sample(ROOT, runner, results)]
    if data is None:
        results.leave_out(f"{key}: no data (no --data).")
        return []
    if any(one.key == key for one in intent_sets.SETS):
        chosen = intent_sets.find(data, key)
        if chosen is not None:
            benchmark = intent_sets.IntentSetBenchmark(chosen, data, bound)
            return [lambda runner: benchmark.run(runner, results)]
    elif key == "stackfaq" and (data / "stackfaq").is_dir():
        return [lambda runner: faq_set.run(data, bound, runner, results)]
    elif key == "xsid" and (data / "xsid").is_dir():
        results.leave_out("xSID, test lines: no data; validation lines were asked.")
        return [lambda runner: language_set.run(data, bound, runner, results)]
    elif key == "hint3":
        bots = hint3_set.bots(data)
        found: list[Callable[[Runner], None]] = [
            lambda runner, bot=bot: hint3_set.run(bot, bound, runner, results) for bot in bots]
        if found:
            return found
    elif key == "kb" and (data / "kb").is_dir():
        return [lambda runner: bases.run_knowledge_base(data, bound, runner, results)]
    results.leave_out(f"{key}: no data.")
    return []


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="Benchmarks/matching",
        description="Runs 'greenroom evaluate' on public data sets and prints tables beside what others reach.",
        epilog="DIR has any of clinc150/, banking77/, hwu64/ (train.tsv, val.tsv or test.tsv, label<TAB>text; clinc150 "
        "also oos_*.tsv), stackfaq/ (faq.json, queries.tsv), xsid/ (LANGUAGE.valid.tsv), hint3/BOT/ (train.tsv, test.tsv), "
        "kb/ (a workspace and questions.jsonl). What is not there is listed as not measured.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder of the data sets")
    parser.add_argument("--models", type=Path, metavar="DIR",
                        help="the folder of installed sentence encoders; without it words and characters alone are measured")
    parser.add_argument("--program", type=Path, required=True, metavar="FILE", help="a release build of greenroom")
    parser.add_argument("--only", metavar="SETS", help=f"some of {','.join(KEYS)}")
    parser.add_argument("--encoders", choices=("both", "with", "without"), default="both",
                        help="measure with encoders, without, or both (default)")
    parser.add_argument("--bound", type=float, default=0.05, metavar="SHARE",
                        help="the share of sent answers that may be wrong, default 0.05")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where temporary workspaces are written")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--markdown", action="store_true", help="print Markdown (the default)")
    arguments = parser.parse_args()
    for name in ("data", "models"):
        folder = getattr(arguments, name)
        if folder is not None and not folder.is_dir():
            parser.error(f"--{name} {folder} is no folder.")
    if not arguments.program.is_file():
        parser.error(f"--program {arguments.program} is no file: build it with 'swift build -c release'.")
    if not 0 < arguments.bound < 1:
        parser.error("--bound must be between 0 and 1.")
    arguments.keys = KEYS if arguments.only is None else tuple(arguments.only.split(","))
    unknown = [key for key in arguments.keys if key not in KEYS]
    if unknown:
        parser.error(f"--only: {', '.join(unknown)} is none of {', '.join(KEYS)}.")
    if arguments.encoders == "with" and arguments.models is None:
        parser.error("--encoders with needs --models.")
    return arguments


def main() -> int:
    arguments = parse()
    results = Results()
    failures = 0
    with tempfile.TemporaryDirectory(prefix="greenroom-matching-", dir=arguments.work) as folder:
        runners: list[Runner] = []
        program = arguments.program.resolve()
        if arguments.models is not None and arguments.encoders != "without":
            runners.append(Runner(program, "models", arguments.models, Path(folder), SPLITS))
        elif arguments.models is None:
            results.leave_out("anything with sentence encoders: no --models.")
        if arguments.encoders != "with":
            runners.append(Runner(program, "words", None, Path(folder), SPLITS))
        for key in arguments.keys:
            try:
                found = jobs(key, arguments.data, arguments.bound, results)
                for job in found:
                    for runner in runners:
                        note = "with encoders" if runner.name == "models" else "words only"
                        print(f"{key}, {note} …", file=sys.stderr, flush=True)
                        job(runner)
            except (DataError, RunError) as error:
                failures += 1
                print(f"{key}: {error}", file=sys.stderr)
                results.leave_out(f"{key}: failed, see standard error.")
    print(json.dumps(results.json(), indent=2, ensure_ascii=False) if arguments.json else results.markdown())
    return 2 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
