"""python3 -m unittest discover Benchmarks/peers"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import unittest

from matrix import scenes
from matrix.homeserver import Json, LoadError
from matrix.proxy import FaultyProxy
from matrix.usage import family, peak_megabytes, processor_seconds
from matrix.verdict import Question, Verdict, judge, percentile

BOT, ASKER = "@bot:localhost", "@asker:localhost"


def question(number: int) -> tuple[Question, Json]:
    event = f"$q{number}"
    return Question(f"q{number}", "!room", 0.0, event), {
        "event_id": event, "sender": ASKER, "origin_server_ts": number * 1_000,
        "content": {"body": f"ask q{number}: how do I reset my password?"}}


def answer(number: int, by: str = "token", sender: str = BOT) -> Json:
    content: Json = {"body": f"answer q{number}: open the settings"}
    if by == "relation":
        content = {"body": "Open the settings", "m.relates_to": {"m.in_reply_to": {"event_id": f"$q{number}"}}}
    return {"event_id": f"$a{number}{random.random()}", "sender": sender, "origin_server_ts": number * 1_000 + 250,
            "content": content}


class Verdicts(unittest.TestCase):
    def judged(self, said: list[int], *answers: Json, measured: int = 0) -> Verdict:
        asked = [question(number) for number in said]
        verdict = Verdict(len(said) - measured)
        events = [event for _, event in asked] + list(answers)
        judge(events, [one for one, _ in asked], {one.event for one, _ in asked[measured:]}, BOT, verdict)
        return verdict

    def test_one_answer_to_each_question_is_good_by_token_and_by_relation(self) -> None:
        verdict = self.judged([1, 2, 3], answer(1), answer(2, "relation"), answer(3))
        self.assertTrue(verdict.is_good)
        self.assertEqual(verdict.delays, [0.25] * 3)

    def test_a_question_without_an_answer_is_lost(self) -> None:
        self.assertEqual(self.judged([1, 2], answer(2)).lost, 1)

    def test_an_answer_by_somebody_else_is_none(self) -> None:
        self.assertEqual(self.judged([1], answer(1, sender="@eve:localhost")).lost, 1)

    def test_a_second_answer_is_a_double_in_whatever_form(self) -> None:
        self.assertEqual(self.judged([1], answer(1), answer(1, "relation"), answer(1)).doubled, 2)

    def test_an_answer_after_that_to_a_later_question_is_out_of_order(self) -> None:
        self.assertEqual(self.judged([1, 2, 3], answer(3), answer(1), answer(2)).disordered, 2)

    def test_a_message_that_answers_nothing_or_two_things_is_unexpected(self) -> None:
        both = answer(1) | {"content": answer(1)["content"] | {"m.relates_to": {"m.in_reply_to": {"event_id": "$q2"}}}}
        verdict = self.judged([1, 2], both, answer(9), answer(1), answer(2))
        self.assertEqual((verdict.unexpected, verdict.lost), (2, 0))

    def test_an_edit_is_no_answer(self) -> None:
        edit = answer(1)
        edit["content"]["m.relates_to"] = {"rel_type": "m.replace", "event_id": "$a"}
        verdict = self.judged([1], edit)
        self.assertEqual((verdict.lost, verdict.unexpected), (1, 1))

    def test_a_question_before_the_measurement_may_be_lost_and_not_be_said_twice(self) -> None:
        verdict = self.judged([1, 2], answer(2), measured=1)
        self.assertTrue(verdict.is_good)
        self.assertEqual(self.judged([1, 2], answer(1), answer(1), answer(2), measured=1).doubled, 1)

    def test_a_question_that_no_history_has_ends_the_test(self) -> None:
        with self.assertRaises(LoadError):
            judge([], [question(1)[0]], set(), BOT, Verdict())

    def test_percentiles_are_nearest_ranks(self) -> None:
        self.assertEqual(percentile(0.5, [3, 1, 2]), 2)
        self.assertEqual(percentile(0.95, list(map(float, range(100)))), 95)
        self.assertEqual(percentile(0.5, []), 0)


class Plans(unittest.TestCase):
    def test_a_plan_has_twenty_kills_and_more_in_rising_order_and_follows_from_the_seed(self) -> None:
        made = scenes.plan(random.Random(5), 10_000)
        self.assertGreaterEqual(sum(one.kind.startswith("kill") for one in made), 20)
        self.assertLessEqual(
            {"restart", "disk", "reset", "swallow", "stall", "refuse"}, {one.kind for one in made})
        self.assertEqual([one.after for one in made], sorted(one.after for one in made))
        self.assertEqual(made, scenes.plan(random.Random(5), 10_000))
        self.assertNotEqual(made, scenes.plan(random.Random(6), 10_000))


class Proxies(unittest.TestCase):
    """Against a server that answers each connection's bytes with as many of its own."""

    def setUp(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.heard: list[bytes] = []
        threading.Thread(target=self.serve, daemon=True).start()
        self.proxy = FaultyProxy(self.server.getsockname()[1])
        self.addCleanup(self.server.close)
        self.addCleanup(self.proxy.end)

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.echo, args=(connection,), daemon=True).start()

    def echo(self, connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(1 << 16):
                    self.heard.append(data)
                    connection.sendall(b"y" * len(data))
            except OSError:
                return

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=5)
        self.addCleanup(connection.close)
        return connection

    def said(self, connection: socket.socket, count: int) -> bytes:
        connection.sendall(b"x" * count)
        got = b""
        while len(got) < count and (data := connection.recv(1 << 16)):
            got += data
        return got

    def test_bytes_come_through_both_ways(self) -> None:
        self.assertEqual(self.said(self.connect(), 100_000), b"y" * 100_000)

    def test_a_reset_ends_what_is_there_and_nothing_else(self) -> None:
        connection = self.connect()
        self.assertEqual(self.said(connection, 10), b"y" * 10)
        self.proxy.reset()
        with self.assertRaises(ConnectionResetError):
            connection.recv(1)
        self.assertEqual(self.said(self.connect(), 10), b"y" * 10)

    def test_a_swallowed_answer_belongs_to_a_question_that_has_arrived(self) -> None:
        connection = self.connect()
        self.assertEqual(self.said(connection, 10), b"y" * 10)
        self.proxy.swallow()
        try:
            got = self.said(connection, 1_000)
        except ConnectionResetError:
            got = b""
        self.assertLess(len(got), 1_000)
        self.assertEqual(sum(map(len, self.heard)), 1_010)

    def test_nobody_is_there_until_it_is_mended(self) -> None:
        self.proxy.refuse()
        with self.assertRaises(OSError):
            connection = self.connect()
            connection.sendall(b"x")
            if connection.recv(1) == b"":
                raise ConnectionResetError
        self.proxy.mend()
        self.assertEqual(self.said(self.connect(), 10), b"y" * 10)

    def test_silence_keeps_the_connection_and_lets_nothing_through(self) -> None:
        connection = self.connect()
        self.assertEqual(self.said(connection, 10), b"y" * 10)
        self.proxy.stall()
        connection.sendall(b"x")
        connection.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            connection.recv(1)

    def test_a_vanished_connection_stays_dead_and_new_ones_work(self) -> None:
        connection = self.connect()
        self.assertEqual(self.said(connection, 10), b"y" * 10)
        self.proxy.vanish()
        self.assertEqual(self.said(self.connect(), 10), b"y" * 10)
        self.proxy.mend()
        connection.sendall(b"x")
        connection.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            connection.recv(1)


class Usages(unittest.TestCase):
    def test_children_belong_to_the_family_and_use_something(self) -> None:
        code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
        with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            # The child is itself now, and no copy of its parent any more.
            process.stdout.readline()
            members = family(process.pid)
            self.assertGreater(peak_megabytes(members[1]), 1)
            process.communicate(b"\n")
        self.assertGreater(processor_seconds(os.getpid()), 0)
        self.assertEqual(family(process.pid), [process.pid])


if __name__ == "__main__":
    unittest.main()
