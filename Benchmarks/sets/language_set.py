"""xSID: English examples, questions in other languages."""

from __future__ import annotations

import tempfile
from pathlib import Path

import published
import reading
from measurement import Results, Section
from runner import Runner
from workspace import Content, Labels, Question, write

FOLDS = 5


def run(data: Path, bound: float, runner: Runner, results: Results) -> None:
    """Measures with one runner.

    The lines of all languages are translations of one another, in one order. So all of them are asked by the same folds: a
    question never meets its own English translation among the examples, and English itself is held out the same way.
    """
    files = {file.name.split(".")[0]: reading.lines(file) for file in sorted((data / "xsid").glob("*.valid.tsv"))}
    english = files.get("en")
    if english is None:
        raise reading.DataError(f"{data / 'xsid'} has no en.valid.tsv.")
    for language, found in files.items():
        if len(found) > len(english) or any(one.label != english[place].label for place, one in enumerate(found)):
            raise reading.DataError(f"xsid/{language}.valid.tsv is not a line-by-line translation of en.valid.tsv.")
    labels = Labels(line.label for line in english)
    asked = {language: 0 for language in files}
    right = {language: 0.0 for language in files}
    for fold in range(FOLDS):
        train = [line for place, line in enumerate(english) if place % FOLDS != fold]
        questions = [
            Question(line.text, labels.expect(line.label), language)
            for language, found in files.items() for place, line in enumerate(found) if place % FOLDS == fold
        ]
        with tempfile.TemporaryDirectory(dir=runner.work) as folder:
            workspace = Path(folder, "workspace")
            write(Content(intents=reading.by_label(train), bound=bound), workspace, labels)
            evaluation = runner.evaluate(workspace, questions)
        for language in files:
            counts = evaluation.of(language)
            asked[language] += counts["questions"]
            right[language] += counts["top1_accuracy"] * counts["questions"]
    share = {language: right[language] / asked[language] for language in files}
    section = Section(results, runner.name, f"xSID ({len(english)} English lines as examples, in {FOLDS} folds)")
    section.add("en, right first", share["en"])
    for language in files:
        if language != "en":
            section.add(f"{language}, right first", share[language])
            section.add(
                f"{language}, points below English", (share["en"] - share[language]) * 100, published.LANGUAGES, "points")
