"""Writing data sets as workspaces and question files of the program."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, Optional

NONE = "none"


@dataclass(frozen=True)
class Question:
    """One message with what a careful person would send: an id such as `intent:balance`, or `none`."""

    text: str
    expect: str
    kind: str
    language: Optional[str] = None


@dataclass(frozen=True)
class Article:
    """One page of knowledge; `id` is its path below `knowledge/`."""

    id: str
    title: str
    body: str
    questions: tuple[str, ...] = ()


@dataclass
class Content:
    """What goes into a workspace. Intents: label to examples."""

    intents: dict[str, list[str]] = field(default_factory=dict)
    out_of_scope: list[str] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    # RE2 patterns by label, for those intents that a certain rule decides.
    patterns: dict[str, list[str]] = field(default_factory=dict)
    # The share of sent answers that may be wrong.
    bound: float = 0.05


class Labels:
    """Turns the labels of a data set into ids of intents, each into its own."""

    def __init__(self, labels: Iterable[str]) -> None:
        self.ids: dict[str, str] = {}
        taken: set[str] = set()
        for label in sorted(set(labels)):
            slug = self._slug(label)
            name, number = slug, 2
            while name in taken:
                name, number = f"{slug}-{number}", number + 1
            taken.add(name)
            self.ids[label] = name

    def expect(self, label: str) -> str:
        """The id as questions name it. A label that no training line has cannot be right, and is still asked."""
        return f"intent:{self.ids.get(label) or 'not-in-training-' + self._slug(label)}"

    @staticmethod
    def title(label: str) -> str:
        """The label in words: what an author would call it."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label)
        return re.sub(r"[\W_]+", " ", words).strip().lower() or label

    @classmethod
    def _slug(cls, label: str) -> str:
        plain = unicodedata.normalize("NFKD", cls.title(label)).encode("ascii", "ignore").decode()
        return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "intent"


def quoted(text: str) -> str:
    """A double-quoted YAML scalar on one line. JSON's escapes are YAML's, but for what must not stand raw in a file."""
    line = " ".join(text.split())
    line = "".join(one for one in line if unicodedata.category(one) not in ("Cc", "Cs", "Co", "Cn"))
    return json.dumps(line, ensure_ascii=False).replace("\ufeff", "").replace("\x7f", "")


def example(text: str) -> str:
    """As `quoted`, and what would read as the mark of an entity, `[text](name)`, stays plain text."""
    return quoted(text.replace("](", "] ("))


def write(content: Content, folder: Path, labels: Labels) -> None:
    """Writes the workspace into an empty folder."""
    folder.mkdir(parents=True)
    folder.joinpath("greenroom.yml").write_text(
        f"name: Benchmark\nmatching: {{wrong_answers_at_most: {content.bound}}}\n", encoding="utf-8")
    if content.intents or content.out_of_scope:
        lines = ["intents:" if content.intents else "intents: []"]
        for label, examples in content.intents.items():
            lines += [
                f"  - id: {labels.ids[label]}",
                f"    title: {quoted(labels.title(label))}",
                f"    answer: {quoted('This is about: ' + labels.title(label) + '.')}",
                "    examples:",
            ]
            lines += [f"      - {example(one)}" for one in dict.fromkeys(" ".join(one.split()) for one in examples)]
            patterns = content.patterns.get(label)
            if patterns:
                lines += ["    patterns:"] + [f"      - {quoted(one)}" for one in patterns]
        if content.out_of_scope:
            lines += ["out_of_scope:"] + [f"  - {quoted(one)}" for one in content.out_of_scope]
        folder.joinpath("intents").mkdir()
        folder.joinpath("intents", "intents.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for article in content.articles:
        file = folder / "knowledge" / f"{article.id}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        head = [f"title: {quoted(article.title)}"]
        if article.questions:
            head += ["questions:"] + [f"  - {quoted(one)}" for one in article.questions]
        text = "\n".join(["---", *head, "---", article.body.strip(), ""])
        file.write_text("".join(one for one in text if one in "\n\t" or ord(one) >= 32), encoding="utf-8")


def write_questions(questions: Iterable[Question], file: Path) -> None:
    """One JSON object a line, as `greenroom evaluate` reads them."""
    with file.open("w", encoding="utf-8") as handle:
        for question in questions:
            line: dict[str, object] = {"text": question.text, "expect": question.expect, "kind": question.kind}
            if question.language:
                line["language"] = question.language
            handle.write(json.dumps(line, ensure_ascii=False) + "\n")


def copy_with_bound(source: Path, target: Path, bound: Optional[float]) -> None:
    """A copy of a workspace as authors wrote it, with another bound on wrong answers where one is given."""
    target.mkdir(parents=True)
    for name in ("intents", "knowledge", "dialogues", "phrases"):
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
    for name in ("greenroom.yml", "greenroom.yaml"):
        if (source / name).is_file():
            text = (source / name).read_text(encoding="utf-8")
            if bound is not None:
                text = re.sub(r"(wrong_answers_at_most\s*:\s*)[^\s,}#]+", rf"\g<1>{bound}", text)
                if "wrong_answers_at_most" not in text:
                    text += f"\nmatching: {{wrong_answers_at_most: {bound}}}\n"
            (target / name).write_text(text, encoding="utf-8")
            return
    if bound is not None:
        (target / "greenroom.yml").write_text(f"matching: {{wrong_answers_at_most: {bound}}}\n", encoding="utf-8")


