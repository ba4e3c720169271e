"""Runs `greenroom evaluate` on a workspace and reads what it says."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Sequence

from scoring import Judged
from workspace import NONE, Question, write_questions


class RunError(Exception):
    """What could not be run, and what to do, in one sentence."""


@dataclass(frozen=True)
class Record:
    """What was decided about one question."""

    question: Question
    decision: str
    matched: Optional[str]
    # Of the best candidate, 0 to 1; 0 where there is none.
    confidence: float
    # Ids, the best first.
    candidates: tuple[str, ...]

    @property
    def judged(self) -> Judged:
        right = bool(self.candidates) and self.candidates[0] == self.question.expect
        return Judged(self.confidence, right, self.question.expect != NONE)


@dataclass(frozen=True)
class Evaluation:
    """One run: the summary as `greenroom evaluate --json` prints it, and every question's record in order."""

    summary: dict
    records: tuple[Record, ...]

    def of(self, kind: str) -> dict:
        """The counts over the questions of one kind."""
        return self.summary["by_kind"][kind]

    def kind(self, kind: str) -> list[Record]:
        return [record for record in self.records if record.question.kind == kind]


@dataclass
class Runner:
    """One build of the program, with sentence encoders or without.

    The program looks for encoders in `models/` of its data folder. Each runner has a data folder of its own, so that what is
    cached there with encoders is never met without.
    """

    program: Path
    name: str
    models: Optional[Path]
    work: Path
    # How often the questions are halved to see whether the bound holds; 0: not.
    splits: int = 0

    def __post_init__(self) -> None:
        self.data = self.work / f"data-{self.name}"
        self.data.mkdir(parents=True)
        if self.models is not None:
            # Either the folder of the models itself, or a data folder that has one.
            models = self.models / "models" if (self.models / "models").is_dir() else self.models
            (self.data / "models").symlink_to(models.resolve(), target_is_directory=True)

    def evaluate(self, workspace: Path, questions: Sequence[Question], core: Optional[int] = None) -> Evaluation:
        """Asks all questions of a workspace; on one core only where a core is given."""
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            file, scores = Path(folder, "questions.jsonl"), Path(folder, "scores.jsonl")
            write_questions(questions, file)
            summary = self.summary(workspace, file, scores, core)
            decided = [json.loads(line) for line in scores.read_text(encoding="utf-8").split("\n") if line]
        if len(decided) != len(questions):
            raise RunError(f"{len(questions)} questions were asked, {len(decided)} decisions came back.")
        records = tuple(self._record(question, one) for question, one in zip(questions, decided))
        return Evaluation(summary, records)

    def summary(self, workspace: Path, questions: Path, scores: Path, core: Optional[int] = None) -> dict:
        """What `greenroom evaluate --json` prints about a file of questions."""
        command = [
            str(self.program), "evaluate", "--workspace", str(workspace), "--questions", str(questions),
            "--scores", str(scores), "--json",
        ]
        if self.splits:
            command += ["--splits", str(self.splits)]
        environment = dict(os.environ, GREENROOM_DATA=str(self.data))

        def pin() -> None:
            if core is not None:
                os.sched_setaffinity(0, {core})

        started, used = time.monotonic(), self._seconds_of_children()
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=pin,
            check=False)
        if done.returncode != 0:
            raise RunError(
                f"'greenroom evaluate' on {workspace} ended with {done.returncode}: {done.stderr.strip()[-800:]}")
        try:
            summary = json.loads(done.stdout)
            # Under 1 the process had to wait for its core: the times are those of a busy machine.
            summary["share_of_core"] = (self._seconds_of_children() - used) / (time.monotonic() - started)
            return summary
        except ValueError as error:
            raise RunError(f"'greenroom evaluate --json' printed something else: {done.stdout[:200]}") from error

    @staticmethod
    def _seconds_of_children() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    @staticmethod
    def _record(question: Question, one: dict) -> Record:
        candidates = tuple(candidate["id"] for candidate in one["candidates"])
        return Record(question, one["decision"], one["matched"], one["confidence"] if candidates else 0.0, candidates)
