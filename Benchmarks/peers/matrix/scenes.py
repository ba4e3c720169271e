"""What is done to a bot, and what it does then."""

from __future__ import annotations

import random
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator

from matrix.asking import Crowd
from matrix.bot_programs import Bot, Greenroom
from matrix.disk import SmallDisk
from matrix.homeserver import Homeserver, LoadError, Person
from matrix.proxy import FaultyProxy
from matrix.verdict import Verdict, percentile

ROOMS = 20
# Seconds without a new answer after which no more are awaited; longer than the longest pause between attempts of any bot.
QUIET, QUIET_AFTER_FAULTS = 25.0, 75.0
JOIN_PATIENCE, INVITATION_PATIENCE = 120.0, 10.0


@dataclass
class Outcome:
    """One bot in one scene."""

    scene: str
    bot: str
    verdict: Verdict
    # By the asker's clock, in seconds.
    delays: list[float]
    # From the first question to the last answer.
    seconds: float
    processor: float
    megabytes: float
    own_ends: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return self.verdict.questions - self.verdict.lost

    def as_json(self) -> dict[str, object]:
        verdict = self.verdict
        return {
            "scene": self.scene, "bot": self.bot, "questions": verdict.questions, "answered": self.answered,
            "lost": verdict.lost, "doubled": verdict.doubled, "out_of_order": verdict.disordered,
            "unexpected": verdict.unexpected, "seconds": round(self.seconds, 2),
            "answers_per_second": round(self.answered / self.seconds, 1) if self.seconds > 0 else 0,
            "p50_ms": round(percentile(0.5, self.delays) * 1000, 1),
            "p95_ms": round(percentile(0.95, self.delays) * 1000, 1),
            "p50_server_ms": round(percentile(0.5, verdict.delays) * 1000, 1),
            "cpu_seconds": round(self.processor, 2),
            "cpu_seconds_per_1000": round(self.processor / self.answered * 1000, 2) if self.answered else None,
            "peak_mb": round(self.megabytes, 1), "ended_by_itself": self.own_ends, "notes": self.notes}


@dataclass
class Stage:
    """What a scene has to work with."""

    server: Homeserver
    asker: Person
    folder: Path
    random: random.Random
    say: Callable[[str], None]
    scenes: int = 0

    @contextmanager
    def bot(self, make: Callable[[Path], Bot], scene: str, rooms: int = ROOMS, base: str = "",
            disk: int = 0) -> Iterator[Play]:
        """A bot that has joined new rooms, and a crowd in them; both end with the scene.

        base: what the bot takes for its homeserver, where that is not the server itself.
        disk: in megabytes, the size of a disk of its own for Greenroom's data.
        """
        self.scenes += 1
        bot = make(self.folder / f"{self.scenes}")
        account = self.server.person(f"bot{self.scenes}")
        ids = [self.asker.make_room(f"{scene} {number}", account.user) for number in range(rooms)]
        bot.set_up(account, base or self.server.base, ids)
        small: SmallDisk | None = None
        if disk:
            if not isinstance(bot, Greenroom):
                raise LoadError("only Greenroom's data can be put on a disk of its own.")
            small = SmallDisk(bot.folder / "data", disk)
        crowd: Crowd | None = None
        try:
            bot.start()
            self._wait_for(bot, account.user, ids)
            crowd = Crowd(self.asker, account.user, ids)
            play = Play(self, bot, crowd, scene, small)
            # One question a room before anything is measured: all have started, nobody has to log in any more.
            crowd.ask_many(rooms)
            crowd.settle(QUIET, 0.5)
            play.warm_up = len(crowd.questions)
            bot.usage.begin()
            yield play
        finally:
            if crowd is not None:
                crowd.end()
            bot.stop()
            if small is not None:
                small.end()

    def _wait_for(self, bot: Bot, user: str, rooms: list[str]) -> None:
        end = time.monotonic() + JOIN_PATIENCE
        again = time.monotonic() + INVITATION_PATIENCE
        left = rooms
        while left := [room for room in left if not self.asker.has_joined(room, user)]:
            if time.monotonic() > end:
                raise LoadError(
                    f"{bot.name} has joined {len(rooms) - len(left)} of {len(rooms)} rooms in {JOIN_PATIENCE:.0f} s; "
                    f"see {bot.folder}/output.log.")
            if time.monotonic() > again:
                # Some take no notice of invitations from before their first start.
                for room in left:
                    self.asker.invite_again(room, user)
                again = time.monotonic() + INVITATION_PATIENCE
            time.sleep(0.2)


@dataclass
class Play:
    """One bot in its rooms."""

    stage: Stage
    bot: Bot
    crowd: Crowd
    scene: str
    disk: SmallDisk | None
    warm_up: int = 0
    notes: list[str] = field(default_factory=list)

    def outcome(self, quiet: float = QUIET, linger: float = 2.0) -> Outcome:
        """Waits until nothing more is to be expected, and judges."""
        self.crowd.settle(quiet, linger)
        processor = self.bot.usage.seconds()
        asked = self.crowd.questions[self.warm_up:]
        delays = self.crowd.seconds_to_answers(asked)
        verdict = self.crowd.verdict(self.warm_up)
        return Outcome(
            self.scene, self.bot.name, verdict, delays, self.crowd.span(asked), processor, self.bot.usage.peak,
            self.bot.own_ends, self.notes)


def one_at_a_time(stage: Stage, make: Callable[[Path], Bot], count: int) -> Outcome:
    """Each question after the answer to the one before."""
    with stage.bot(make, "one at a time", rooms=1) as play:
        for _ in range(count):
            if play.crowd.wait_for(play.crowd.ask_one(play.crowd.rooms[0]), 10.0) is None:
                stage.say(f"{play.bot.name} left a question unanswered for 10 s")
            time.sleep(0.05)
        return play.outcome()


def burst(stage: Stage, make: Callable[[Path], Bot], count: int) -> Outcome:
    """As many at once as the server takes."""
    with stage.bot(make, f"burst of {count:,}") as play:
        play.crowd.ask_many(count)
        return play.outcome()


def kills(stage: Stage, make: Callable[[Path], Bot], count: int, times: int) -> Outcome:
    """Killed at random moments and started again at once, while people go on asking."""
    with stage.bot(make, f"{times} kills") as play:
        done = threading.Event()

        def ask() -> None:
            play.crowd.ask_many(count, rate=20.0)
            done.set()

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        for number in range(times):
            # By what has been asked, so that all of them fall into the flood, fast or slow; and at any moment of it.
            threshold = play.warm_up + count * (number + stage.random.random()) / times
            while len(play.crowd.questions) < threshold and not done.is_set():
                time.sleep(0.01)
            time.sleep(stage.random.uniform(0, 0.3))
            play.bot.kill()
            play.bot.start()
            # A bot that is killed again before it has started shows nothing.
            time.sleep(stage.random.uniform(0.5, 3.0))
        asking.join()
        return play.outcome(QUIET_AFTER_FAULTS, 5.0)


def downtime(stage: Stage, make: Callable[[Path], Bot], count: int, seconds: float, rooms: int) -> Outcome:
    """Killed in the middle of a burst, away for a while, in which people go on asking, and started again."""
    with stage.bot(make, f"away for {seconds:.0f} s, {rooms} room{'s' * (rooms > 1)}", rooms=rooms) as play:
        asking = threading.Thread(target=play.crowd.ask_many, args=(count,), daemon=True)
        asking.start()
        while len(play.crowd.questions) < play.warm_up + count // 3:
            time.sleep(0.005)
        play.bot.kill()
        away = time.monotonic()
        asking.join()
        time.sleep(max(0.0, away + seconds - time.monotonic()))
        play.bot.start()
        return play.outcome(QUIET_AFTER_FAULTS, 3.0)


def server_restarts(stage: Stage, make: Callable[[Path], Bot], count: int, times: int) -> Outcome:
    """The homeserver is stopped and started again in the middle of a burst."""
    with stage.bot(make, f"{times} restarts of the server") as play:
        asking = threading.Thread(target=play.crowd.ask_many, args=(count,), daemon=True)
        asking.start()
        for number in range(times):
            while len(play.crowd.questions) < play.warm_up + count * (number + 1) // (times + 1):
                time.sleep(0.01)
            stage.server.stop()
            stage.server.start()
        asking.join()
        return play.outcome(QUIET_AFTER_FAULTS, 3.0)


def cut_connection(stage: Stage, make: Callable[[Path], Bot], count: int) -> Outcome:
    """Resets, answers that are swallowed, silence, nobody there: by turns, for seconds each."""
    proxy = FaultyProxy(stage.server.port)
    try:
        with stage.bot(make, "cut connections", base=proxy.base) as play:
            asking = threading.Thread(target=play.crowd.ask_many, args=(count, 40.0), daemon=True)
            asking.start()
            faults = [proxy.reset, proxy.swallow, proxy.stall, proxy.refuse]
            while asking.is_alive():
                stage.random.choice(faults)()
                time.sleep(stage.random.uniform(0.2, 3.0))
                proxy.mend()
                time.sleep(stage.random.uniform(0.5, 2.0))
            asking.join()
            return play.outcome(QUIET_AFTER_FAULTS, 3.0)
    finally:
        proxy.end()


def full_disk(stage: Stage, make: Callable[[Path], Bot], count: int) -> Outcome:
    """The disk with the bot's data is full in the middle of a burst, and free again half a minute later; once the bot is
    killed meanwhile."""
    with stage.bot(make, "full disk", disk=48) as play:
        disk = play.disk
        if disk is None:
            raise LoadError("there is no small disk.")
        asking = threading.Thread(target=play.crowd.ask_many, args=(count, 40.0), daemon=True)
        asking.start()
        time.sleep(2.0)
        disk.fill()
        time.sleep(5.0)
        play.bot.kill()
        play.bot.start()
        time.sleep(15.0)
        disk.free()
        asking.join()
        return play.outcome(QUIET_AFTER_FAULTS, 3.0)


@dataclass
class Mishap:
    """One thing that goes wrong, when so many questions have been asked."""

    after: int
    kind: str
    seconds: float


def plan(chance: random.Random, count: int) -> list[Mishap]:
    """Twenty kills, four of them long; restarts of the server, full disks and broken connections among them."""
    kinds = (
        [("kill", 0.0)] * 10 + [("kill", 2.0)] * 6 + [("kill", 8.0)] * 3 + [("kill", 60.0)] + [("restart", 0.0)] * 3
        + [("disk", 10.0)] * 2 + [("kill on a full disk", 10.0)] + [("reset", 0.0)] * 6 + [("swallow", 2.0)] * 5
        + [("stall", 5.0)] * 3 + [("refuse", 5.0)] * 3 + [("vanish", 0.0)] * 2)
    chance.shuffle(kinds)
    return sorted((Mishap(chance.randrange(count // 20, count * 19 // 20), kind, seconds) for kind, seconds in kinds),
                  key=lambda mishap: mishap.after)


def chaos(stage: Stage, make: Callable[[Path], Bot], count: int) -> Outcome:
    """All of it, mixed."""
    reason = SmallDisk.reason_against(stage.folder / "disk")
    proxy = FaultyProxy(stage.server.port)
    try:
        with stage.bot(make, f"chaos, {count:,} questions", base=proxy.base, disk=0 if reason else 512) as play:
            if reason:
                play.notes.append(f"without a full disk: {reason}")
            asking = threading.Thread(
                target=play.crowd.ask_many, args=(count,), kwargs={"most_open": 1_500}, daemon=True)
            asking.start()
            mishaps = [one for one in plan(stage.random, count) if not reason or "disk" not in one.kind]
            for number, mishap in enumerate(mishaps, 1):
                while len(play.crowd.questions) < play.warm_up + mishap.after and asking.is_alive():
                    time.sleep(0.02)
                stage.say(f"{number} of {len(mishaps)}, {len(play.crowd.questions):,} asked, "
                          f"{play.crowd.open_count():,} open: {mishap.kind} {mishap.seconds:.0f} s")
                happen(mishap, stage, play, proxy)
                time.sleep(stage.random.uniform(0.2, 2.0))
            asking.join()
            play.notes.append(f"{sum(one.kind.startswith('kill') for one in mishaps)} kills of {len(mishaps)} mishaps")
            return play.outcome(150.0, 5.0)
    finally:
        proxy.end()


def happen(mishap: Mishap, stage: Stage, play: Play, proxy: FaultyProxy) -> None:
    """From its beginning until it is mended."""
    disk = play.disk
    match mishap.kind:
        case "kill":
            play.bot.kill()
            time.sleep(mishap.seconds)
            play.bot.start()
        case "restart":
            stage.server.stop()
            stage.server.start()
        case "disk" | "kill on a full disk" if disk is not None:
            disk.fill()
            time.sleep(mishap.seconds / 2)
            if mishap.kind != "disk":
                play.bot.kill()
                play.bot.start()
            time.sleep(mishap.seconds / 2)
            disk.free()
        case "reset" | "swallow" | "stall" | "refuse" | "vanish" as fault:
            getattr(proxy, fault)()
            time.sleep(mishap.seconds)
            proxy.mend()
        case _:
            raise LoadError(f"nobody knows how to make a {mishap.kind}.")
