"""What the histories of rooms say of a bot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from matrix.homeserver import Json, LoadError

ANSWER = re.compile(r"answer (q\d+)\b")


@dataclass
class Question:
    """Asked in a room; the token names it."""

    token: str
    room: str
    asked: float = 0.0
    event: str = ""


@dataclass
class Verdict:
    """What the rooms' histories say."""

    questions: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    unexpected: int = 0
    # Seconds between a question and its first answer by the server's clock.
    delays: list[float] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.unexpected)

    def __str__(self) -> str:
        return (f"{self.questions - self.lost} of {self.questions} answered, {self.lost} lost, {self.doubled} doubled, "
                f"{self.disordered} out of order, {self.unexpected} unexpected")


def percentile(share: float, values: list[float]) -> float:
    """The nearest rank; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def answered_by(event: Json) -> set[str]:
    """The keys by which a message may answer: the event that it replies to, the token that it repeats."""
    content = event["content"]
    relation = content.get("m.relates_to") or {}
    if relation.get("rel_type") == "m.replace":
        return set()
    keys = {str((relation.get("m.in_reply_to") or {}).get("event_id", ""))} - {""}
    match = ANSWER.search(str(content.get("body", "")))
    return keys | ({match[1]} if match else set())


def judge(events: list[Json], questions: list[Question], measured: set[str], bot: str, verdict: Verdict) -> None:
    """Adds what a room's history says.

    events: all messages of the room, oldest first.
    questions: all that were asked there; of `measured` events, it counts whether they are answered.
    """
    asked = {one.event: one for one in questions}
    own = [event["event_id"] for event in events if event["event_id"] in asked]
    if len(own) != len(asked):
        raise LoadError(f"{len(asked) - len(own)} questions are not in their room's history: the test itself is wrong.")
    order = {event: place for place, event in enumerate(own)}
    times = {event["event_id"]: event["origin_server_ts"] for event in events}
    of_key = {one.event: one.event for one in questions} | {one.token: one.event for one in questions}
    answered: set[str] = set()
    farthest = -1
    for event in events:
        if event["sender"] != bot:
            continue
        found = {of_key[key] for key in answered_by(event) if key in of_key}
        if len(found) != 1:
            verdict.unexpected += 1
            continue
        question = found.pop()
        if question in answered:
            verdict.doubled += 1
            continue
        answered.add(question)
        if question in measured:
            verdict.delays.append((event["origin_server_ts"] - times[question]) / 1000)
        verdict.disordered += order[question] < farthest
        farthest = max(farthest, order[question])
    verdict.lost += len((asked.keys() & measured) - answered)
