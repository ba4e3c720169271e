"""python3 -m unittest discover Benchmarks/sets"""

from __future__ import annotations

import json
import math
import random
import tempfile
import unittest
from pathlib import Path

import generated
import hint3_set
import reading
import scoring
from measurement import Measurement, Results
from misspelling import WORD, misspell
from published import Figure
from runner import Record
from scoring import Judged
from workspace import NONE, Content, Labels, Question, copy_with_bound, example, quoted, write


class Scoring(unittest.TestCase):
    def setUp(self) -> None:
        self.source = random.Random(7)

    def test_auroc_is_the_share_of_pairs_in_the_right_order(self) -> None:
        for _ in range(50):
            inside = [self.source.randint(0, 5) / 5 for _ in range(self.source.randint(1, 12))]
            outside = [self.source.randint(0, 5) / 5 for _ in range(self.source.randint(1, 12))]
            pairs = [(one > other) + (one == other) / 2 for one in inside for other in outside]
            self.assertAlmostEqual(scoring.auroc(inside, outside), sum(pairs) / len(pairs))

    def test_auroc_of_nothing_is_no_figure(self) -> None:
        self.assertTrue(math.isnan(scoring.auroc([], [0.5])))

    def test_no_threshold_handles_more_than_the_best_one(self) -> None:
        for _ in range(50):
            judged = [
                Judged(self.source.randint(0, 9) / 9, self.source.random() < 0.7, self.source.random() < 0.6)
                for _ in range(self.source.randint(1, 25))
            ]
            weight = self.source.random() * 3
            best = scoring.handled_right(judged, scoring.best_threshold(judged, weight), weight)
            others = [step / 100 for step in range(-5, 110)]
            self.assertGreaterEqual(
                best + 1e-9, max(scoring.handled_right(judged, other, weight) for other in others))

    def test_matthews_of_two_classes_is_the_well_known_one(self) -> None:
        expected = ["a"] * 6 + [NONE] * 4
        given = ["a"] * 5 + [NONE] + ["a"] + [NONE] * 3
        # 5 true, 3 true negatives, 1 false positive, 1 false negative
        self.assertAlmostEqual(scoring.matthews(expected, given), (5 * 3 - 1 * 1) / math.sqrt(6 * 6 * 4 * 4))

    def test_macro_f1_leaves_out_of_scope_out(self) -> None:
        self.assertAlmostEqual(scoring.macro_f1(["a", "a", "b", NONE], ["a", "b", "b", "a"]), (2 / 4 + 2 / 3) / 2)

    def test_reciprocal_rank(self) -> None:
        self.assertEqual(scoring.reciprocal_rank(["x", "y"], "y"), 0.5)
        self.assertEqual(scoring.reciprocal_rank(["x", "y"], "z"), 0.0)

    def test_what_scores_below_the_threshold_counts_as_not_answered(self) -> None:
        def record(expect: str, confidence: float, *candidates: str) -> Record:
            return Record(Question("?", expect, "question"), "answer", None, confidence, candidates)

        records = (record("intent:a", 0.9, "intent:a"), record("intent:a", 0.2, "intent:a"), record(NONE, 0.5, "intent:a"))
        self.assertEqual(hint3_set.measures(records, 0.1)[:2], (1.0, 0.0))
        self.assertEqual(hint3_set.measures(records, 0.6)[:2], (0.5, 1.0))


class Misspelling(unittest.TestCase):
    texts = ["Where is my October payout", "it is late, and I am not amused", "¿dónde está?", "", "ok"]

    def test_a_fifth_of_the_words_differs(self) -> None:
        texts = self.texts * 20
        slipped = misspell(texts)
        words = sum(len(WORD.findall(text)) for text in texts)
        changed = sum(
            one != other
            for text, after in zip(texts, slipped) for one, other in zip(WORD.findall(text), WORD.findall(after)))
        self.assertEqual(changed, round(words / 5))

    def test_the_same_every_time_and_nothing_else_is_touched(self) -> None:
        self.assertEqual(misspell(self.texts), misspell(self.texts))
        self.assertEqual(misspell(["ok no it", ""]), ["ok no it", ""])
        self.assertEqual(misspell([]), [])


class Workspaces(unittest.TestCase):
    def test_labels_that_look_alike_get_ids_of_their_own(self) -> None:
        labels = Labels(["card_lost", "card-lost", "CardLost", "日本", "?"])
        self.assertEqual(len(set(labels.ids.values())), 5)
        for name in labels.ids.values():
            self.assertRegex(name, r"^[a-z0-9]+(-[a-z0-9]+)*$")

    def test_a_label_without_training_lines_can_be_asked_for(self) -> None:
        self.assertEqual(Labels(["a"]).expect("b c"), "intent:not-in-training-b-c")

    def test_quotes_hold_any_line_on_one_line(self) -> None:
        for text in ('say "hi" \\ there', "- no", "yes: # no", "a\tb\nc", "null", "\u2028x\u0007\ufeff", "emoji 😀", "{[*&!%@`"):
            line = quoted(text)
            self.assertNotIn("\n", line)
            self.assertEqual(json.loads(line).split(), [
                part.replace("\u0007", "").replace("\ufeff", "") for part in text.split()])

    def test_what_looks_like_a_mark_is_no_mark(self) -> None:
        self.assertNotIn("](", example("see [this](that)"))

    def test_the_bound_of_a_copy_is_the_one_asked_for(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for number, text in enumerate(("matching: {wrong_answers_at_most: 10%}\n", "name: x\n", None)):
                source, target = Path(folder, f"s{number}"), Path(folder, f"t{number}")
                source.mkdir()
                if text is not None:
                    (source / "greenroom.yml").write_text(text, encoding="utf-8")
                copy_with_bound(source, target, 0.05)
                self.assertIn("wrong_answers_at_most: 0.05", (target / "greenroom.yml").read_text(encoding="utf-8"))

    def test_the_generated_workspace_has_the_size_it_says_and_asks_nothing_it_holds(self) -> None:
        content, labels, questions, rules = generated.content_and_questions(2_000, 500)
        self.assertEqual(len(content.intents), 150)
        self.assertEqual({len(set(examples)) for examples in content.intents.values()}, {100})
        self.assertEqual(len({article.id for article in content.articles}), 1_000)
        self.assertEqual((len(questions), len(rules)), (2_000, 500))
        held = {example for examples in content.intents.values() for example in examples}
        self.assertFalse(held & {question.text for question in questions})
        again = generated.content_and_questions(2_000, 500)
        self.assertEqual((content, questions, rules), (again[0], again[2], again[3]))
        with tempfile.TemporaryDirectory() as folder:
            write(content, Path(folder, "workspace"), labels)
            self.assertEqual(len(list(Path(folder).glob("workspace/knowledge/**/*.md"))), 1_000)


    def test_many_articles_are_as_many_as_asked_for_and_every_message_names_one_of_them(self) -> None:
        content, questions = generated.many_articles(1_200, 300)
        ids = {article.id for article in content.articles}
        self.assertEqual((len(content.articles), len(ids), len(questions)), (1_200, 1_200, 300))
        self.assertTrue(all(question.expect.removeprefix("article:") in ids for question in questions))
        self.assertEqual(generated.many_articles(1_200, 300)[1], questions)


class Reading(unittest.TestCase):
    def lines(self, content: bytes) -> list[reading.Line]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "x.tsv")
            file.write_bytes(content)
            return reading.lines(file)

    def test_label_tab_text(self) -> None:
        self.assertEqual(self.lines(b"\xef\xbb\xbfa\tb\tc\r\n\n"), [reading.Line("a", "b\tc")])

    def test_a_line_without_a_tab_is_named(self) -> None:
        with self.assertRaisesRegex(reading.DataError, "x.tsv:2 "):
            self.lines(b"a\tb\nno tab\n")

    def test_no_lines_and_no_utf8_and_no_file(self) -> None:
        for content in (b"\n", b"a\t\xff\n"):
            with self.assertRaises(reading.DataError):
                self.lines(content)
        with self.assertRaises(reading.DataError):
            reading.lines(Path("/nowhere/x.tsv"))

    def test_a_list_of_faqs_that_is_none(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "faq.json")
            for content in ("{", "[1]", '[{"id": 1}]', "3"):
                file.write_text(content, encoding="utf-8")
                with self.assertRaises(reading.DataError):
                    reading.articles(file)


class Tables(unittest.TestCase):
    def test_what_is_reached_and_what_is_not(self) -> None:
        results = Results()
        results.add("words", Measurement("set", "share", Figure({"other": 0.5}, 0.9)), 0.8)
        results.add("models", Measurement("set", "share", Figure({"other": 0.5}, 0.9)), 0.95)
        results.add("words", Measurement("set", "time", Figure({}, 1.0, at_most=True), "ms"), 2.0)
        results.leave_out("another set: no data.")
        self.assertEqual(results.markdown().split("\n")[4:], [
            "| share | 95.0 % | 80.0 % | ≥ 90.0 % ✓ | other 50.0 % |", "| time | – | 2.000 ms | ≤ 1.000 ms ✗ | – |", "",
            "- Not measured here: another set: no data."])
        self.assertEqual([one["reached"] for one in results.json()["results"]], [True, False])


if __name__ == "__main__":
    unittest.main()
