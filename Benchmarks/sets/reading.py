"""Reading the public data sets as they lie in the data folder."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from workspace import Article


class DataError(Exception):
    """What is wrong with a file of the data folder, in one sentence."""


@dataclass(frozen=True)
class Line:
    """One labelled text."""

    label: str
    text: str


def lines(file: Path) -> list[Line]:
    """The lines of a file of `label<TAB>text`."""
    found: list[Line] = []
    try:
        content = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read: {error}") from error
    # Only line feeds end a line: other marks that Python would split at stand inside some texts.
    for number, raw in enumerate(content.split("\n"), start=1):
        raw = raw.rstrip("\r")
        if not raw.strip():
            continue
        label, tab, text = raw.partition("\t")
        if not tab or not label.strip() or not text.strip():
            raise DataError(f"{file}:{number} is not label, tab, text.")
        found.append(Line(label.strip(), text.strip()))
    if not found:
        raise DataError(f"{file} has no lines.")
    return found


def by_label(found: list[Line]) -> dict[str, list[str]]:
    """The texts of each label, labels in order of their names."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in found:
        groups[line.label].append(line.text)
    return {label: groups[label] for label in sorted(groups)}


def articles(file: Path) -> list[Article]:
    """The questions and answers of StackFAQ's `faq.json` as articles without other questions."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return [
            Article(f"faq/{entry['id']}", str(entry["question"]), "\n\n".join(_body(entry["answers"])))
            for entry in entries
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file} is not a list of id, question and answers: {error!r}") from error


def _body(answers: list[str]) -> list[str]:
    texts = [one.strip() for one in answers if one.strip()]
    return texts or ["There is no answer."]
