"""StackFAQ: which of 125 answers belongs to a question, from titles and bodies alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import published
import reading
import scoring
from measurement import Results, Section
from runner import Runner
from workspace import Content, Labels, Question, write


def run(data: Path, bound: float, runner: Runner, results: Results) -> None:
    """Measures with one runner."""
    articles = reading.articles(data / "stackfaq" / "faq.json")
    ids = {article.id for article in articles}
    questions = []
    for line in reading.lines(data / "stackfaq" / "queries.tsv"):
        if f"faq/{line.label}" not in ids:
            raise reading.DataError(f"stackfaq/queries.tsv asks for FAQ {line.label}, which faq.json does not have.")
        questions.append(Question(line.text, f"article:faq/{line.label}", "question"))
    with tempfile.TemporaryDirectory(dir=runner.work) as folder:
        workspace = Path(folder, "workspace")
        write(Content(articles=articles, bound=bound), workspace, Labels([]))
        evaluation = runner.evaluate(workspace, questions)
    section = Section(results, runner.name, f"StackFAQ ({len(articles)} FAQs, {len(questions):,} questions)")
    section.add("P@1", evaluation.summary["top1_accuracy"], published.STACKFAQ_FIRST)
    ranks = [scoring.reciprocal_rank(record.candidates, record.question.expect) for record in evaluation.records]
    section.add("MRR", sum(ranks) / len(ranks), published.STACKFAQ_RANK,
                note="over the candidates that the program names; one that it does not name counts as 0.")
    answered = evaluation.summary["answered"]
    section.add(f"answered at the bound {bound:g}", answered / len(questions))
    section.add("wrong among answered", evaluation.summary["answered_wrong"] / answered if answered else 0.0,
                published.Figure({}, bound, at_most=True))
    section.add_splits(evaluation.summary)
    section.add_cost(evaluation.summary)
