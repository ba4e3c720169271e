"""Asks bots in the rooms of a real homeserver, breaks what can break, and reads back from the rooms' histories what was
answered, lost, said twice and said out of order.

A homeserver (Synapse on SQLite, without limits, on this machine only) is started for it through scripts/synapse, in a folder
of its own. All bots answer the same question by one fixed rule; one runs at a time, each scene with a new account and new
rooms. Every verdict comes from /messages. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Callable

from matrix import scenes
from matrix.bot_programs import Bot, Greenroom, Maubot, Opsdroid, PythonBot, SimpleMatrixBot
from matrix.homeserver import Homeserver, LoadError
from matrix.scenes import Outcome, Stage

Scene = Callable[[Stage, Callable[[Path], Bot]], Outcome]
Maker = Callable[[Path], Bot]
OURS = Greenroom.name
PEERS: tuple[type[PythonBot], ...] = (Maubot, SimpleMatrixBot, Opsdroid)


def scene_table(is_long: bool) -> dict[str, tuple[list[Scene], tuple[str, ...]]]:
    """By group: the scenes, and the bots that play them; none named: all."""
    def downtime(seconds: float, rooms: int) -> Scene:
        return lambda stage, make: scenes.downtime(stage, make, 200, seconds, rooms)

    away = [downtime(0, 4), downtime(8, 4), downtime(8, 1), downtime(60, 4)] + ([downtime(600, 4)] if is_long else [])
    fast = (OURS, Maubot.name)
    return {
        "latency": ([lambda stage, make: scenes.one_at_a_time(stage, make, 100)], ()),
        "burst": ([lambda stage, make: scenes.burst(stage, make, 500)], ()),
        "large-burst": ([lambda stage, make: scenes.burst(stage, make, 5_000)], fast),
        "kills": ([lambda stage, make: scenes.kills(stage, make, 1_000, 20)], ()),
        "downtime": (away, ()),
        "restarts": ([lambda stage, make: scenes.server_restarts(stage, make, 500, 2)], ()),
        "connection": ([lambda stage, make: scenes.cut_connection(stage, make, 800)], ()),
        "disk": ([lambda stage, make: scenes.full_disk(stage, make, 1_000)], (OURS,)),
    }


def arguments() -> argparse.Namespace:
    groups = ", ".join(scene_table(False))
    parser = argparse.ArgumentParser(prog="Benchmarks/run channels", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, help="a release build of greenroom")
    for peer in PEERS:
        parser.add_argument(f"--{peer.name}", type=Path, metavar="PYTHON", help=f"a python that has {peer.name}")
    parser.add_argument("--only", default="", metavar="GROUP,…", help=f"of: {groups}")
    parser.add_argument("--bots", default="", metavar="BOT,…", help="of: greenroom, maubot, simplematrixbotlib, opsdroid")
    parser.add_argument("--long", action="store_true", help="also ten minutes of downtime")
    parser.add_argument("--chaos", action="store_true",
                        help="instead of all that: Greenroom alone, everything at once, and nothing may go wrong")
    parser.add_argument("--questions", type=int, default=10_000, metavar="N", help="of --chaos; default 10000")
    parser.add_argument("--seed", type=int, help="of the moments at which things break; without it: others each time")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leaves all files there (best an absolute path); without it nothing is left")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    parser.add_argument("--markdown", action="store_true", help="print Markdown; the default")
    chosen = parser.parse_args()
    if chosen.questions < 100:
        parser.error("--questions: fewer than 100 are soon asked, and nothing would break meanwhile.")
    unknown = set(filter(None, chosen.only.split(","))) - scene_table(False).keys()
    if unknown:
        parser.error(f"--only: there is no '{min(unknown)}'; of: {groups}")
    names = {OURS.lower(), *(peer.name for peer in PEERS)}
    unknown = set(filter(None, chosen.bots.split(","))) - names
    if unknown:
        parser.error(f"--bots: there is no '{min(unknown)}'; of: {', '.join(sorted(names))}")
    for place in (chosen.program, *(getattr(chosen, peer.name) for peer in PEERS)):
        if place is not None and not place.is_file():
            parser.error(f"{place}: there is no such file.")
    if chosen.chaos and chosen.program is None:
        parser.error("--chaos needs --program.")
    return chosen


def makers(chosen: argparse.Namespace, missing: list[str]) -> dict[str, Maker]:
    """What there is to be measured, by name."""
    wanted = set(filter(None, chosen.bots.split(",")))
    found: dict[str, Maker] = {}
    if not wanted or OURS.lower() in wanted:
        program = chosen.program
        if program is None:
            missing.append(f"{OURS}: without --program it is not measured.")
        else:
            found[OURS] = lambda folder: Greenroom(folder, program.resolve())
    for peer in PEERS:
        python = getattr(chosen, peer.name)
        if wanted and peer.name not in wanted:
            continue
        if python is None:
            missing.append(f"{peer.name}: without --{peer.name} it is not measured.")
        else:
            # Not resolved: the link's own place says which environment it is.
            found[peer.name] = lambda folder, peer=peer, python=python.absolute(): peer(folder, python)
    return found


def play(stage: Stage, chosen: argparse.Namespace, bots: dict[str, Maker], missing: list[str]) -> list[Outcome]:
    if chosen.chaos:
        outcome = scenes.chaos(stage, bots[OURS], chosen.questions)
        stage.say(str(outcome.verdict))
        return [outcome]
    only = set(filter(None, chosen.only.split(",")))
    outcomes: list[Outcome] = []
    for group, (played, by) in scene_table(chosen.long).items():
        if only and group not in only:
            continue
        for scene in played:
            for name, make in bots.items():
                if by and name not in by:
                    continue
                try:
                    outcome = scene(stage, make)
                except LoadError as error:
                    missing.append(f"{group}, {name}: skipped: {error}")
                    stage.say(missing[-1])
                    # A scene may have ended while the server was away.
                    stage.server.start()
                    continue
                stage.say(f"{outcome.scene}: {name}: {outcome.verdict}")
                outcomes.append(outcome)
    return outcomes


def markdown(outcomes: list[Outcome], missing: list[str]) -> str:
    lines = [
        "| scene | bot | answered | lost | doubled | out of order | p50 | p95 | answers a second | CPU for 1,000 answers "
        "| memory, at most |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for one in outcomes:
        row = one.as_json()
        verdict = one.verdict
        processor = row["cpu_seconds_per_1000"]
        lines.append(
            f"| {one.scene} | {one.bot} | {one.answered:,} of {verdict.questions:,} | {verdict.lost} | {verdict.doubled} "
            f"| {verdict.disordered} | {row['p50_ms']:,.0f} ms | {row['p95_ms']:,.0f} ms | {row['answers_per_second']} "
            f"| {'–' if processor is None else f'{processor} s'} | {one.megabytes:.0f} MB |")
    notes = [f"{one.scene}, {one.bot}: {one.verdict.unexpected} messages that answer nothing" for one in outcomes
             if one.verdict.unexpected]
    notes += [f"{one.scene}, {one.bot}: ended by itself {one.own_ends} times and was started again" for one in outcomes
              if one.own_ends]
    notes += [f"{one.scene}, {one.bot}: {note}" for one in outcomes for note in one.notes]
    notes += [f"Not measured here: {reason}" for reason in missing]
    return "\n".join(lines + ([""] + [f"- {note}" for note in notes] if notes else []))


def main() -> int:
    # Ended from outside, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    chosen = arguments()
    missing: list[str] = []
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="greenroom-matrix-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    seed = random.SystemRandom().randrange(1 << 32) if chosen.seed is None else chosen.seed
    say(f"Seed {seed}.")
    server = Homeserver(folder / "synapse")
    try:
        bots = makers(chosen, missing)
        if chosen.chaos:
            bots = {name: make for name, make in bots.items() if name == OURS}
        say("Starting a homeserver …")
        server.start()
        asker = server.person("asker")
        asker.log_in()
        outcomes = play(Stage(server, asker, folder, random.Random(seed), say), chosen, bots, missing)
    except KeyboardInterrupt:
        return 130
    except LoadError as error:
        print(f"matrix_load.py: {error}", file=sys.stderr)
        return 2
    finally:
        server.end()
        if chosen.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    if chosen.json:
        print(json.dumps({"seed": seed, "outcomes": [one.as_json() for one in outcomes], "not_measured": missing}, indent=1))
    else:
        print(markdown(outcomes, missing))
    bad = [one for one in outcomes if one.bot == OURS and not one.verdict.is_good]
    for one in bad:
        say(f"{one.scene}: {OURS} answered wrongly: {one.verdict}.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
