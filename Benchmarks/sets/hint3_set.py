"""HINT3: three live support bots, most of whose messages nobody wrote an intent for."""

from __future__ import annotations

import tempfile
from pathlib import Path

import published
import reading
import scoring
from measurement import Results, Section
from runner import Record, Runner
from workspace import NONE, Content, Labels, Question, write

OUTSIDE = "NO_NODES_DETECTED"
# The threshold with the best macro F1 on the test lines, in steps of a hundredth, for the others as for us.
STEPS = 100


def bots(data: Path) -> list[Path]:
    """The folders of the bots that are there."""
    folders = sorted((data / "hint3").glob("*/")) if (data / "hint3").is_dir() else []
    return [one for one in folders if (one / "train.tsv").is_file() and (one / "test.tsv").is_file()]


def run(folder: Path, bound: float, runner: Runner, results: Results) -> None:
    """Measures one bot with one runner."""
    bot = folder.name.lower()
    train = reading.by_label(reading.lines(folder / "train.tsv"))
    outside = train.pop(OUTSIDE, [])
    labels = Labels(train)
    questions = [
        Question(line.text, NONE if line.label == OUTSIDE else labels.expect(line.label), "question")
        for line in reading.lines(folder / "test.tsv")
    ]
    with tempfile.TemporaryDirectory(dir=runner.work) as work:
        workspace = Path(work, "workspace")
        write(Content(intents=train, out_of_scope=outside, bound=bound), workspace, labels)
        evaluation = runner.evaluate(workspace, questions)
    records = evaluation.records
    inside = sum(question.expect != NONE for question in questions)
    section = Section(
        results, runner.name, f"HINT3 {folder.name} ({inside} questions in scope, {len(questions) - inside} out of it)")
    section.add("right first in scope, threshold low", evaluation.summary["top1_accuracy"],
                published.ahead_of_all(published.HINT3_LOW_THRESHOLD.get(bot, {})),
                note="the others at their threshold of 0.1, full training data, as the authors publish it.")
    best = max((measures(records, step / STEPS) for step in range(STEPS + 1)), key=lambda one: one[2])
    names = ("in-scope accuracy", "out-of-scope recall", "macro F1", "Matthews correlation")
    for place, name in enumerate(names):
        others = {who: figures[place] for who, figures in published.HINT3_OWN_BEST.get(bot, {}).items()}
        section.add(f"{name}, best threshold", best[place], published.ahead_of_all(others),
                    "score" if place > 1 else "share",
                    note="everybody at the threshold with the best macro F1 on the test lines." if place == 0 else "")
    given = [record.matched or NONE if record.decision in ("answer", "collect", "escalate") else NONE for record in records]
    for place, value in enumerate(compare(records, given)):
        section.add(f"{names[place]}, as decided at the bound {bound:g}", value, unit="score" if place > 1 else "share")
    section.add_splits(evaluation.summary)
    section.add_cost(evaluation.summary)


def measures(records: tuple[Record, ...], threshold: float) -> tuple[float, float, float, float]:
    """In-scope accuracy, out-of-scope recall, macro F1 and Matthews correlation when what scores at or above the threshold
    is answered."""
    return compare(
        records,
        [one.candidates[0] if one.candidates and one.confidence >= threshold else NONE for one in records])


def compare(records: tuple[Record, ...], given: list[str]) -> tuple[float, float, float, float]:
    """The same four, for what was given to each question: an id, or none."""
    expected = [record.question.expect for record in records]
    inside = [one == other for one, other in zip(expected, given) if one != NONE]
    outside = [one == other for one, other in zip(expected, given) if one == NONE]
    return (
        scoring.mean(inside) or 0.0, scoring.mean(outside) or 0.0, scoring.macro_f1(expected, given),
        scoring.matthews(expected, given))
