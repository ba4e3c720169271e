"""People who ask, and what becomes of their questions."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote

from matrix.homeserver import Json, LoadError, Person

SENDERS = 8
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


class Crowd:
    """Asks in rooms that a bot is in, hears its answers, and reads back in the end what was said."""

    def __init__(self, asker: Person, bot: str, rooms: list[str]) -> None:
        self.asker = asker
        self.bot = bot
        self.rooms = rooms
        self.questions: list[Question] = []
        self.heard: dict[str, float] = {}
        self.last_news = time.monotonic()
        self._answered = 0
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._since = asker.ask("GET", f"/sync?timeout=0&filter={self._filter()}")["next_batch"]
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    # Asking

    def ask_one(self, room: str) -> Question:
        """Asks and returns when the server has taken it. One at a time in a room, so that they have an order."""
        with self._changed:
            question = Question(f"q{len(self.questions)}", room)
            self.questions.append(question)
        question.asked = time.monotonic()
        question.event = self.asker.say(
            room, f"ask {question.token}: how do I reset my password?", f"{question.token}-{room}")
        return question

    def ask_many(self, count: int, rate: float = 0.0, most_open: int = 0) -> None:
        """Asks in all rooms by turns, several people at once.

        rate: questions a second; 0: as fast as the server takes them.
        most_open: how many may wait for an answer; 0: any number.
        """
        senders = min(SENDERS, len(self.rooms))
        started = time.monotonic()

        def work(sender: int) -> None:
            own = self.rooms[sender::senders]
            for turn, number in enumerate(range(sender, count, senders)):
                if rate:
                    time.sleep(max(0.0, started + number / rate - time.monotonic()))
                while most_open and len(self.questions) - self._answered >= most_open:
                    time.sleep(0.05)
                self.ask_one(own[turn % len(own)])

        with ThreadPoolExecutor(senders) as pool:
            for done in [pool.submit(work, sender) for sender in range(senders)]:
                done.result()

    # Hearing

    def is_answered(self, question: Question) -> bool:
        return question.token in self.heard or question.event in self.heard

    def open_count(self) -> int:
        return sum(not self.is_answered(question) for question in list(self.questions))

    def wait_for(self, question: Question, seconds: float) -> float | None:
        """Seconds from asking to hearing; None where nothing is heard."""
        end = time.monotonic() + seconds
        with self._changed:
            while not self.is_answered(question):
                if not self._changed.wait(max(0.0, min(0.5, end - time.monotonic()))) and time.monotonic() > end:
                    return None
        return (self.answered_at(question) or 0.0) - question.asked

    def settle(self, quiet: float, linger: float) -> None:
        """Waits until all are answered or nothing has been heard for `quiet` seconds, then `linger` more for what is said
        twice."""
        self.last_news = time.monotonic()
        while self.open_count() and time.monotonic() - self.last_news < quiet:
            time.sleep(0.2)
        time.sleep(linger)

    def answered_at(self, question: Question) -> float | None:
        return self.heard.get(question.token) or self.heard.get(question.event)

    def seconds_to_answers(self, questions: list[Question]) -> list[float]:
        times = ((self.answered_at(one), one.asked) for one in questions)
        return [heard - asked for heard, asked in times if heard is not None]

    def span(self, questions: list[Question]) -> float:
        """Seconds from the first of the questions to the last of their answers."""
        heard = [time for time in map(self.answered_at, questions) if time is not None]
        return max(heard) - min(one.asked for one in questions) if heard else 0.0

    def end(self) -> None:
        self._ended.set()
        self._listener.join()

    def _filter(self) -> str:
        none = '{"types":[]}'
        rooms = ",".join(f'"{room}"' for room in self.rooms)
        return quote(
            f'{{"presence":{none},"account_data":{none},"room":{{"rooms":[{rooms}],"state":{none},"ephemeral":{none},'
            f'"account_data":{none},"timeline":{{"limit":100,"types":["m.room.message"],"senders":["{self.bot}"]}}}}}}')

    def _listen(self) -> None:
        turn = 0
        while not self._ended.is_set():
            turn += 1
            # Another time-out each time: an abandoned poll that is repeated word for word is answered from memory.
            answer = self.asker.ask(
                "GET", f"/sync?since={quote(self._since)}&timeout={2000 + turn % 500}&filter={self._filter()}")
            now = time.monotonic()
            heard: list[Json] = []
            for room, news in answer.get("rooms", {}).get("join", {}).items():
                if news["timeline"].get("limited"):
                    heard += [event for event in self.asker.history(room) if event["sender"] == self.bot]
                heard += news["timeline"]["events"]
            keys = {key for event in heard for key in answered_by(event)}
            with self._changed:
                if any(key not in self.heard for key in keys):
                    self.last_news = now
                for key in keys:
                    self.heard.setdefault(key, now)
                self._answered = len(self.questions) - self.open_count()
                self._changed.notify_all()
            self._since = answer["next_batch"]

    # Reading back

    def verdict(self, warm_up: int) -> Verdict:
        """From the histories of all rooms, whatever was heard live.

        warm_up: how many questions came before what is measured; that they are answered is not.
        """
        verdict = Verdict(questions=len(self.questions) - warm_up)
        measured = {one.event for one in self.questions[warm_up:]}
        for room in self.rooms:
            self._judge(room, measured, verdict)
        return verdict

    def _judge(self, room: str, measured: set[str], verdict: Verdict) -> None:
        events = self.asker.history(room)
        asked = {one.event: one for one in self.questions if one.room == room}
        order = {event["event_id"]: place for place, event in enumerate(
            event for event in events if event["sender"] == self.asker.user)}
        missing = [event for event in asked if event not in order]
        if missing:
            raise LoadError(f"{len(missing)} questions are not in the history of {room}: the test itself is wrong.")
        times = {event["event_id"]: event["origin_server_ts"] for event in events}
        of_key = {one.event: one for one in asked.values()} | {one.token: one for one in asked.values()}
        answered: set[str] = set()
        farthest = -1
        for event in events:
            if event["sender"] != self.bot:
                continue
            found = {of_key[key].event for key in answered_by(event) if key in of_key}
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
