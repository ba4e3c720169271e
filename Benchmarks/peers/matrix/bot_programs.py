"""The bots that are measured: how each is set up, started and ended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from pathlib import Path

from matrix.homeserver import Person
from matrix.usage import Usage

BOTS = Path(__file__).resolve().parent / "bots"
# As a service manager does, so that a program that has stopped by itself comes back.
RESTART_PAUSE = 1.0


class Bot(ABC):
    """One program, set up anew for each measurement, in a folder of its own."""

    name: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # How often it ended without being told to.
        self.own_ends = 0
        self.usage = Usage()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_wanted = False
        self._lock = threading.RLock()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        folder.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def set_up(self, account: Person, base: str, rooms: list[str]) -> None:
        """Writes its settings; the account has been invited to the rooms."""

    @abstractmethod
    def command(self) -> list[str]:
        """What starts it, in its folder."""

    def environment(self) -> dict[str, str]:
        return {}

    def start(self) -> None:
        with self._lock:
            self._is_wanted = True
            log = open(self.folder / "output.log", "ab")
            try:
                self._process = subprocess.Popen(
                    self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    env=os.environ | self.environment())
            finally:
                log.close()
            self.usage.watch(self._process.pid)
            if not self._keeper.is_alive():
                self._keeper.start()

    def kill(self) -> None:
        """SIGKILL: no moment is left to it."""
        self._end_with(signal.SIGKILL)

    def stop(self) -> None:
        """Asks it to end, and ends it where it does not."""
        self._end_with(signal.SIGTERM)
        self.usage.end()

    def _end_with(self, number: signal.Signals) -> None:
        with self._lock:
            self._is_wanted = False
            process = self._process
            self._process = None
            if process is None:
                return
            self.usage.watch(None)
            process.send_signal(number)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _keep(self) -> None:
        while True:
            time.sleep(RESTART_PAUSE)
            with self._lock:
                if self._is_wanted and self._process is not None and self._process.poll() is not None:
                    self.own_ends += 1
                    self.start()


class Greenroom(Bot):
    """This project's own, with its models switched off: a rule decides."""

    name = "Greenroom"

    def __init__(self, folder: Path, program: Path) -> None:
        super().__init__(folder)
        self.program = program
        # May be another disk.
        self.data = folder / "data"
        self._password = ""

    def set_up(self, account: Person, base: str, rooms: list[str]) -> None:
        workspace = self.folder / "workspace"
        (workspace / "intents").mkdir(parents=True)
        (workspace / "intents" / "password.yml").write_text(
            "intents:\n"
            "  - id: password\n"
            "    title: The password is forgotten\n"
            "    examples: [how do I reset my password, I have forgotten my password]\n"
            "    patterns: ['\\bpassword\\b']\n"
            '    answer: "Open the settings and choose **Forgot password**."\n')
        (workspace / "greenroom.yml").write_text(
            "chat: {enabled: false}\n"
            "channels:\n"
            "  - name: rooms\n"
            "    type: matrix\n"
            f"    homeserver: {base}\n"
            f'    user: "{account.user}"\n'
            "    password: {env: BOT_PASSWORD}\n")
        self._password = account.password

    def command(self) -> list[str]:
        return [str(self.program), "run", "--workspace", str(self.folder / "workspace"), "--data", str(self.data),
                "--no-models", "--log-level", "warning"]

    def environment(self) -> dict[str, str]:
        return {"BOT_PASSWORD": self._password}


class PythonBot(Bot):
    """A peer, in a virtual environment."""

    def __init__(self, folder: Path, python: Path) -> None:
        super().__init__(folder)
        self.python = python


class Maubot(PythonBot):
    """maubot by itself with one plugin, told to answer what came while it was away."""

    name = "maubot"

    def set_up(self, account: Person, base: str, rooms: list[str]) -> None:
        shutil.copytree(BOTS / "maubot", self.folder, dirs_exist_ok=True)
        login = account.ask("POST", "/login", {
            "type": "m.login.password", "identifier": {"type": "m.id.user", "user": account.user},
            "password": account.password})
        settings = {
            "user": {
                "credentials": {"id": account.user, "homeserver": base, "access_token": login["access_token"],
                                "device_id": None},
                "sync": True, "appservice": False, "hs_token": None, "autojoin": True, "displayname": "disable",
                "avatar_url": "disable", "ignore_initial_sync": True, "ignore_first_sync": False},
            "server": {"hostname": "127.0.0.1", "port": 0, "base_path": "/", "public_url": "http://127.0.0.1"},
            "database": "sqlite:bot.db", "database_opts": {"min_size": 1, "max_size": 10}, "plugin_config": {},
            "logging": {
                "version": 1, "disable_existing_loggers": False,
                "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
                "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
                "root": {"level": "WARNING", "handlers": ["console"]}}}
        # JSON is YAML.
        (self.folder / "config.yaml").write_text(json.dumps(settings, indent=1))

    def command(self) -> list[str]:
        return [str(self.python), "-m", "maubot.standalone", "-c", "config.yaml"]


class SimpleMatrixBot(PythonBot):
    name = "simplematrixbotlib"

    def __init__(self, folder: Path, python: Path) -> None:
        super().__init__(folder, python)
        self._variables: dict[str, str] = {}

    def set_up(self, account: Person, base: str, rooms: list[str]) -> None:
        self._variables = {
            "BOT_HOMESERVER": base, "BOT_USER": account.user.removeprefix("@").partition(":")[0],
            "BOT_PASSWORD": account.password}

    def command(self) -> list[str]:
        return [str(self.python), str(BOTS / "simplematrixbotlib_answer.py")]

    def environment(self) -> dict[str, str]:
        return self._variables


class Opsdroid(PythonBot):
    name = "opsdroid"

    def set_up(self, account: Person, base: str, rooms: list[str]) -> None:
        names = ["main", *(f"room{number}" for number in range(1, len(rooms)))]
        settings = {
            "welcome-message": False, "logging": {"level": "warning", "console": True},
            "connectors": {"matrix": {
                "mxid": account.user, "password": account.password, "homeserver": base,
                "rooms": dict(zip(names, rooms, strict=True))}},
            "skills": {"password": {"path": str(BOTS / "opsdroid")}}}
        (self.folder / "configuration.yaml").write_text(json.dumps(settings, indent=1))

    def command(self) -> list[str]:
        return [str(self.python), "-m", "opsdroid", "start", "-f", "configuration.yaml"]

    def environment(self) -> dict[str, str]:
        return {"XDG_CONFIG_HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CACHE_HOME": str(self.folder),
                "HOME": str(self.folder)}


