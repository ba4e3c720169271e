"""One measured figure, and the tables in which figures stand side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Optional

from published import HELD, NOTHING, Figure


@dataclass
class Measurement:
    """One figure of one set, with encoders and without, beside what others reach."""

    section: str
    name: str
    figure: Figure = NOTHING
    # share, points, seconds, ms, MB, count
    unit: str = "share"
    note: str = ""
    # By the name of the runner: "models" or "words".
    values: dict[str, float] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.section, self.name

    def value(self) -> Optional[float]:
        """The figure that counts: with encoders where they were there."""
        return self.values.get("models", self.values.get("words"))

    def is_reached(self) -> Optional[bool]:
        """None where nothing was to be reached."""
        value, goal = self.value(), self.figure.goal
        if value is None or goal is None or math.isnan(value):
            return None
        return value <= goal + 1e-9 if self.figure.at_most else value >= goal - 1e-9

    def json(self) -> dict:
        """For machines."""
        return {
            "section": self.section, "name": self.name, "unit": self.unit,
            "with_models": _plain(self.values.get("models")), "without_models": _plain(self.values.get("words")),
            "to_reach": self.figure.goal, "at_most": self.figure.at_most, "reached": self.is_reached(),
            "others": self.figure.others, "note": self.note,
        }


def _plain(value: Optional[float]) -> Optional[float]:
    return None if value is None or math.isnan(value) else round(value, 5)


def shown(value: Optional[float], unit: str) -> str:
    """A figure as tables print it."""
    if value is None:
        return "–"
    if math.isnan(value):
        return "none"
    if unit == "share":
        return f"{value * 100:.1f} %"
    if unit == "score":
        return f"{value:.3f}"
    if unit == "count":
        return f"{value:.0f}"
    digits = {"points": 1, "s": 2, "ms": 3, "MB": 0}[unit]
    return f"{value:.{digits}f} {unit}"


class Results:
    """All measurements, in the order in which they were first made; and what could not be measured."""

    def __init__(self) -> None:
        self.measurements: dict[tuple[str, str], Measurement] = {}
        self.missing: list[str] = []

    def add(self, runner: str, measurement: Measurement, value: float) -> None:
        """Notes the figure of one runner."""
        self.measurements.setdefault(measurement.key, measurement).values[runner] = value

    def leave_out(self, what: str) -> None:
        """Notes that something was not measured here."""
        if what not in self.missing:
            self.missing.append(what)

    def json(self) -> dict:
        """For machines."""
        return {"results": [one.json() for one in self.measurements.values()], "not_measured": self.missing}

    def markdown(self) -> str:
        """One table a section, then what was left out."""
        sections: dict[str, list[Measurement]] = {}
        for one in self.measurements.values():
            sections.setdefault(one.section, []).append(one)
        lines: list[str] = []
        for section, found in sections.items():
            lines += [
                f"### {section}", "", "| measure | with encoders | words only | to reach | others |",
                "|---|---:|---:|---:|---|",
            ]
            lines += [self._row(one) for one in found]
            lines += [""] + [f"{one.name}: {one.note}" for one in found if one.note]
            if any(one.note for one in found):
                lines.append("")
        lines += [f"- Not measured here: {what}" for what in self.missing]
        return "\n".join(lines).rstrip()

    @staticmethod
    def _row(one: Measurement) -> str:
        goal = "–"
        if one.figure.goal is not None:
            sign = "≤" if one.figure.at_most else "≥"
            mark = {True: " ✓", False: " ✗", None: ""}[one.is_reached()]
            goal = f"{sign} {shown(one.figure.goal, one.unit)}{mark}"
        others = " · ".join(f"{name} {shown(value, one.unit)}" for name, value in one.figure.others.items()) or "–"
        cells = [one.name, *(shown(one.values.get(name), one.unit) for name in ("models", "words")), goal, others]
        return "| " + " | ".join(cells) + " |"


@dataclass
class Section:
    """Where one runner's figures of one set go."""

    results: Results
    runner: str
    title: str

    def add(self, name: str, value: float, figure: Figure = NOTHING, unit: str = "share", note: str = "") -> None:
        """Notes one figure."""
        self.results.add(self.runner, Measurement(self.title, name, figure, unit, note), value)

    def add_splits(self, summary: dict) -> None:
        """Notes how often the bound held on halves of the questions that took no part in setting the thresholds."""
        splits = summary["risk"].get("splits")
        if splits:
            self.add(f"random halves, of {splits['count']}, that keep the bound", splits["held_share"], HELD)

    def add_cost(self, summary: dict, load: Figure = NOTHING) -> None:
        """Notes what a run cost, from the summary of `greenroom evaluate --json`."""
        self.add("loaded in", summary["load_seconds"], load, "s")
        self.add("decision p50", summary["latency_us"]["p50"] / 1_000, unit="ms")
        self.add("decision p99", summary["latency_us"]["p99"] / 1_000, unit="ms")
        self.add("memory, at most", summary["peak_rss_mb"], unit="MB")
