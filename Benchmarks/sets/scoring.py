"""Measures over what was decided about each question."""

from __future__ import annotations

import math
from collections import Counter
from typing import Iterable, Optional, Sequence

from workspace import NONE


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """The chance that a question in scope has the higher score of the two; equal scores count half."""
    if not inside or not outside:
        return math.nan
    ranked = sorted([(score, 1) for score in inside] + [(score, 0) for score in outside])
    total, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        middle = (place + 1 + end) / 2
        total += middle * sum(kind for _, kind in ranked[place:end])
        place = end
    count = len(inside)
    return (total - count * (count + 1) / 2) / (count * len(outside))


class Judged:
    """One question with the best candidate's score, whether that candidate is right, and whether there is a right one."""

    __slots__ = ("score", "is_right", "is_inside")

    def __init__(self, score: float, is_right: bool, is_inside: bool) -> None:
        self.score, self.is_right, self.is_inside = score, is_right, is_inside


def handled_right(judged: Iterable[Judged], threshold: float, outside_weight: float = 1.0) -> float:
    """The share that is answered rightly or left alone rightly when what scores at or above the threshold is answered."""
    good = total = 0.0
    for one in judged:
        weight = 1.0 if one.is_inside else outside_weight
        total += weight
        if one.is_inside:
            good += weight * (one.is_right and one.score >= threshold)
        else:
            good += weight * (one.score < threshold)
    return good / total if total else math.nan


def best_threshold(judged: Sequence[Judged], outside_weight: float) -> float:
    """The threshold at which most is handled right, ties to the lowest."""
    ordered = sorted(judged, key=lambda one: one.score)
    # Answering all; then raising the threshold past one score after the other.
    good = sum(1.0 for one in judged if one.is_inside and one.is_right)
    best, threshold, place = good, -math.inf, 0
    while place < len(ordered):
        score = ordered[place].score
        while place < len(ordered) and ordered[place].score == score:
            one = ordered[place]
            good += outside_weight if not one.is_inside else -float(one.is_right)
            place += 1
        if good > best + 1e-9:
            best = good
            threshold = (score + ordered[place].score) / 2 if place < len(ordered) else math.nextafter(score, math.inf)
    return threshold


def reciprocal_rank(candidates: Sequence[str], expect: str) -> float:
    """1 / the place of the expected among the candidates; 0 where it is not among them."""
    return 1.0 / (candidates.index(expect) + 1) if expect in candidates else 0.0


def matthews(expected: Sequence[str], given: Sequence[str]) -> float:
    """The correlation of Matthews over several classes (Gorodkin 2004); out of scope is a class like any other."""
    count = len(expected)
    right = sum(1 for one, other in zip(expected, given) if one == other)
    truth, guess = Counter(expected), Counter(given)
    cross = sum(truth[label] * guess[label] for label in truth)
    below = (count**2 - sum(n * n for n in guess.values())) * (count**2 - sum(n * n for n in truth.values()))
    return (right * count - cross) / math.sqrt(below) if below > 0 else 0.0


def macro_f1(expected: Sequence[str], given: Sequence[str]) -> float:
    """The mean F1 of the intents that are expected at least once; out of scope is not one of them."""
    truth, guess = Counter(expected), Counter(given)
    right = Counter(one for one, other in zip(expected, given) if one == other)
    labels = [label for label in sorted(truth) if label != NONE]
    scores = [2 * right[label] / (truth[label] + guess[label]) for label in labels]
    return sum(scores) / len(scores) if scores else math.nan


def mean(values: Sequence[float]) -> Optional[float]:
    """None of nothing."""
    return sum(values) / len(values) if values else None
