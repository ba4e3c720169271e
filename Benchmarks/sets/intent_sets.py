"""CLINC150, Banking77 and HWU64: intents with examples, full and scarce, spelt and misspelt, in scope and out."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import published
import reading
import scoring
from measurement import Results, Section
from misspelling import misspell
from runner import Evaluation, Runner
from workspace import NONE, Content, Labels, Question, write

SEEDS = (1, 2, 3)
EXAMPLES = 10
# Of 5,500 test lines of CLINC150, 1,000 are out of scope.
OUTSIDE_TO_INSIDE = 1_000 / 4_500


@dataclass(frozen=True)
class IntentSet:
    """Where a set lies and what it is called."""

    key: str
    title: str
    folder: str


SETS = (
    IntentSet("clinc", "CLINC150", "clinc150"),
    IntentSet("banking77", "Banking77", "banking77"),
    IntentSet("hwu64", "HWU64", "hwu64"),
)


class IntentSetBenchmark:
    """All measures on one set."""

    def __init__(self, chosen: IntentSet, data: Path, bound: float) -> None:
        self.set, self.bound = chosen, bound
        folder = data / chosen.folder
        self.train = reading.by_label(reading.lines(folder / "train.tsv"))
        self.labels = Labels(self.train)
        self.split = "test" if (folder / "test.tsv").is_file() else "val"
        if not (folder / f"{self.split}.tsv").is_file():
            raise reading.DataError(f"{folder} has neither test.tsv nor val.tsv.")
        self.asked = reading.lines(folder / f"{self.split}.tsv")
        self.held = reading.lines(folder / "val.tsv") if (folder / "val.tsv").is_file() else []
        self.outside = {
            split: [line.text for line in reading.lines(folder / f"oos_{split}.tsv")]
            for split in ("train", "val", "test") if (folder / f"oos_{split}.tsv").is_file()
        }

    @property
    def title(self) -> str:
        lines = "test lines" if self.split == "test" else "validation lines: no test lines here"
        return f"{self.set.title} ({len(self.asked):,} {lines})"

    def run(self, runner: Runner, results: Results) -> None:
        """Measures with one runner."""
        self._full(runner, results)
        self._scarce(runner, results)
        if self.split == "val":
            results.leave_out(f"{self.set.title}, test lines: no data; validation lines were asked.")

    def _questions(self, found: list[reading.Line], kind: str) -> list[Question]:
        return [Question(line.text, self.labels.expect(line.label), kind) for line in found]

    def _evaluate(self, runner: Runner, content: Content, questions: list[Question]) -> Evaluation:
        with tempfile.TemporaryDirectory(dir=runner.work) as folder:
            workspace = Path(folder, "workspace")
            write(content, workspace, self.labels)
            return runner.evaluate(workspace, questions)

    def _full(self, runner: Runner, results: Results) -> None:
        clean = self._questions(self.asked, "clean")
        slipped = [
            Question(text, question.expect, "misspelt")
            for text, question in zip(misspell([one.text for one in clean]), clean)
        ]
        questions = clean + slipped
        questions += [Question(text, NONE, "outside") for text in self.outside.get(self.split, [])]
        tuning = self.split == "test" and self.held and "val" in self.outside and "test" in self.outside
        if tuning:
            questions += self._questions(self.held, "val")
            questions += [Question(text, NONE, "val outside") for text in self.outside["val"]]
        content = Content(intents=self.train, out_of_scope=self.outside.get("train", []), bound=self.bound)
        evaluation = self._evaluate(runner, content, questions)

        section = Section(results, runner.name, self.title)
        right = evaluation.of("clean")["top1_accuracy"]
        misspelt = evaluation.of("misspelt")["top1_accuracy"]
        section.add("right first, full training data", right, published.FULL[self.set.key])
        section.add("right first, a fifth of all words misspelt", misspelt)
        section.add("points lost to misspelling", (right - misspelt) * 100, published.MISSPELT, "points")
        self._bound(evaluation, section)
        if self.split in self.outside:
            self._outside(evaluation, bool(tuning), section)
        section.add_splits(evaluation.summary)
        section.add_cost(evaluation.summary, published.LOAD)

    def _bound(self, evaluation: Evaluation, section: Section) -> None:
        counts = [evaluation.of(kind) for kind in ("clean", "outside") if kind in evaluation.summary["by_kind"]]
        answered = sum(one["answered"] for one in counts)
        wrong = sum(one["answered_wrong"] for one in counts)
        clean = evaluation.of("clean")
        section.add(f"answered, in scope, at the bound {self.bound:g}", clean["answered"] / clean["questions"])
        section.add("wrong among answered", wrong / answered if answered else 0.0,
            published.Figure({}, self.bound, at_most=True))
        if len(counts) == 2:
            section.add("out of scope answered", counts[1]["out_of_scope_answered"] / counts[1]["questions"])

    def _outside(self, evaluation: Evaluation, tuning: bool, section: Section) -> None:
        inside = [record.judged for record in evaluation.kind("clean")]
        outside = [record.judged for record in evaluation.kind("outside")]
        section.add("out of scope, AUROC", scoring.auroc([one.score for one in inside], [one.score for one in outside]),
            published.AUROC if self.set.key == "clinc" else published.NOTHING, "score")
        figure = published.HANDLED if self.set.key == "clinc" else published.NOTHING
        if tuning:
            held = [record.judged for record in evaluation.kind("val") + evaluation.kind("val outside")]
            counts = [sum(one.is_inside is side for one in held) for side in (True, False)]
            threshold = scoring.best_threshold(held, OUTSIDE_TO_INSIDE * counts[0] / counts[1])
            section.add("all handled right", scoring.handled_right(inside + outside, threshold), figure,
                note="threshold chosen on the validation lines, their out-of-scope lines weighted to the test's share.")
            return
        shares = []
        for half in (0, 1):
            chosen, other = (inside[side::2] + outside[side::2] for side in (half, 1 - half))
            weights = [
                OUTSIDE_TO_INSIDE * sum(one.is_inside for one in part) / sum(not one.is_inside for one in part)
                for part in (chosen, other)
            ]
            threshold = scoring.best_threshold(chosen, weights[0])
            shares.append(scoring.handled_right(other, threshold, weights[1]))
        section.add("all handled right", sum(shares) / 2, figure,
            note="no test lines here: threshold chosen on one half of the validation lines and tried on the other, both "
            "ways, out-of-scope lines weighted to the test's share.")

    def _scarce(self, runner: Runner, results: Results) -> None:
        shares = []
        for seed in SEEDS:
            source = random.Random(seed)
            few = {
                label: source.sample(examples, min(EXAMPLES, len(examples))) for label, examples in self.train.items()
            }
            evaluation = self._evaluate(
                runner, Content(intents=few, bound=self.bound), self._questions(self.asked, "clean"))
            shares.append(evaluation.summary["top1_accuracy"])
        name = f"right first, {EXAMPLES} examples an intent, mean of {len(SEEDS)}"
        Section(results, runner.name, self.title).add(name, sum(shares) / len(shares), published.TEN[self.set.key])


def find(data: Path, key: str) -> Optional[IntentSet]:
    """The set of that key where its training lines are there."""
    for one in SETS:
        if one.key == key and (data / one.folder / "train.tsv").is_file():
            return one
    return None
