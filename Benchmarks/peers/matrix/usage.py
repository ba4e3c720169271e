"""What a process and its children use, as Linux accounts for it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
INTERVAL = 0.2


def family(process: int) -> list[int]:
    """The process and all that come from it; those that end meanwhile are left out."""
    found = [process]
    for number in found:
        try:
            for task in os.listdir(f"/proc/{number}/task"):
                found += [int(child) for child in Path(f"/proc/{number}/task/{task}/children").read_text().split()]
        except OSError:
            continue
    return found


def processor_seconds(process: int) -> float:
    # The name, in brackets, may hold anything; utime and stime are the 12th and 13th behind it.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_megabytes(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


class Usage:
    """Processor seconds and the highest memory of a process and its children, over all its restarts."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._seconds: dict[int, float] = {}
        self._start = 0.0
        self._process: int | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def watch(self, process: int | None) -> None:
        """Looks at another process from now on. To be called before one is ended, too, so that its last is counted."""
        self.look()
        with self._lock:
            self._process = process

    def begin(self) -> None:
        """What was used so far, by starting and joining rooms, is not counted."""
        self.look()
        with self._lock:
            self._start = sum(self._seconds.values())

    def seconds(self) -> float:
        self.look()
        with self._lock:
            return sum(self._seconds.values()) - self._start

    def look(self) -> None:
        with self._lock:
            if self._process is None:
                return
            memory = 0.0
            for process in family(self._process):
                try:
                    self._seconds[process] = processor_seconds(process)
                    memory += peak_megabytes(process)
                except (OSError, IndexError, ValueError):
                    continue
            self.peak = max(self.peak, memory)

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(INTERVAL):
            self.look()
