"""A disk so small that it can be filled."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path

from matrix.homeserver import LoadError


class SmallDisk:
    """A file system in memory, mounted on a folder; needs the rights of root."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "none", str(folder)],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            folder.rmdir()
            raise LoadError(f"no small disk can be mounted here: {done.stderr.strip() or 'mount failed'}")

    @staticmethod
    def reason_against(folder: Path) -> str:
        """Why there can be none here; empty where there can."""
        try:
            SmallDisk(folder, 1).end()
            return ""
        except LoadError as error:
            return str(error)

    def fill(self) -> None:
        """Until not one byte more fits. What others write at the same moment may take the last place."""
        block = b"\0" * (1 << 16)
        with open(self._ballast, "ab", buffering=0) as file:
            while block:
                try:
                    file.write(block)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    block = block[:len(block) // 2]

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def end(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], capture_output=True, check=False)
        self.folder.rmdir()
