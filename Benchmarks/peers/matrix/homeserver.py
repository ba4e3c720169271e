"""A homeserver of this test's own, and people who use it."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[3]
# Longer than a restart of the homeserver takes on a busy machine.
PATIENCE = 120.0
Json = dict[str, Any]


class LoadError(Exception):
    """What went wrong and what to do, in one sentence."""


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Homeserver:
    """Synapse, started and stopped by `scripts/synapse`, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        # Nobody is to wait for it to come back.
        self.is_over = False

    def _script(self, *arguments: str) -> None:
        done = subprocess.run([ROOT / "scripts/synapse", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise LoadError(f"scripts/synapse {arguments[0]} failed: {done.stderr.strip()[-500:]}")

    def start(self) -> None:
        self._script("start", str(self.folder), str(self.port))

    def stop(self) -> None:
        self._script("stop", str(self.folder))

    def end(self) -> None:
        self.is_over = True
        self.stop()

    def person(self, name: str) -> Person:
        """An account of that name with a password of its own, logged in."""
        password = secrets.token_hex(12)
        self._script("user", str(self.folder), name, password)
        return Person(self, name, password)


class Person:
    """Someone with an account, and the calls that they make. May be used by many threads; each has a connection."""

    def __init__(self, server: Homeserver, name: str, password: str) -> None:
        self.server = server
        self.user = f"@{name}:localhost"
        self.password = password
        self.token = ""
        self._connections = threading.local()

    def log_in(self) -> None:
        answer = self.ask("POST", "/login", {
            "type": "m.login.password", "identifier": {"type": "m.id.user", "user": self.user},
            "password": self.password})
        self.token = answer["access_token"]

    def ask(self, method: str, path: str, body: Json | None = None, patience: float = PATIENCE) -> Json:
        """One call, repeated while the server is away: whoever asks is not what is measured. What may not be done twice
        is to carry a transaction id."""
        end = time.monotonic() + patience
        while True:
            try:
                status, answer = self._once(method, path, body)
                if status == 200:
                    return answer
                problem = f"{status} {answer.get('errcode', '')}"
                if status < 500 and status != 429:
                    raise LoadError(f"the homeserver answered {problem} to {method} {path.partition('?')[0]}")
            except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
                self._connections.one = None
                problem = type(error).__name__
            if self.server.is_over or time.monotonic() > end:
                raise LoadError(f"the homeserver has not answered {method} {path.partition('?')[0]}: {problem}")
            time.sleep(0.1)

    def _once(self, method: str, path: str, body: Json | None) -> tuple[int, Json]:
        connection = getattr(self._connections, "one", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
            connection.connect()
            # A question goes out in two writes, and must not wait for an acknowledgement of the first.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.one = connection
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection.request(method, f"/_matrix/client/v3{path}", None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"{}")

    def make_room(self, name: str, guest: str) -> str:
        return str(self.ask("POST", "/createRoom", {
            "preset": "private_chat", "name": name, "invite": [guest], "is_direct": True})["room_id"])

    def has_joined(self, room: str, user: str) -> bool:
        members = self.ask("GET", f"/rooms/{quote(room)}/joined_members")["joined"]
        return user in members

    def invite_again(self, room: str, guest: str) -> None:
        """Takes the invitation back, where there still is one, and gives another."""
        for step in ("kick", "invite"):
            try:
                self.ask("POST", f"/rooms/{quote(room)}/{step}", {"user_id": guest})
            except LoadError:
                # Accepted in this very moment: the caller looks.
                return

    def say(self, room: str, text: str, transaction: str) -> str:
        """The event's id. Said once under one transaction, however often it is called."""
        path = f"/rooms/{quote(room)}/send/m.room.message/{quote(transaction, safe='')}"
        return str(self.ask("PUT", path, {"msgtype": "m.text", "body": text})["event_id"])

    def history(self, room: str) -> list[Json]:
        """All messages of a room, oldest first, as the server keeps them."""
        events = [event for page in self._pages(room) for event in page if event["type"] == "m.room.message"]
        return events[::-1]

    def _pages(self, room: str) -> Iterator[list[Json]]:
        place = ""
        while True:
            page = self.ask("GET", f"/rooms/{quote(room)}/messages?dir=b&limit=500{place}")
            yield page["chunk"]
            if not page.get("end") or not page["chunk"]:
                return
            place = f"&from={quote(page['end'], safe='')}"
