"""People who ask, and what becomes of their questions."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from matrix.homeserver import Json, Person
from matrix.verdict import Question, Verdict, answered_by, judge

SENDERS = 8


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
            asked = [one for one in self.questions if one.room == room]
            judge(self.asker.history(room), asked, measured, self.bot, verdict)
        return verdict
