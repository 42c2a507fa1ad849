"""A real screen without a monitor, and real key presses on it."""

import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Screen:
    """An X display of its own. Keys go to the window that has the focus."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "TRAINER_"))}
        return {**kept, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "LANG": "en_US.UTF-8"}

    def _xdotool(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def focus(self, title: str, seconds: float = 30) -> None:
        """Give the focus to the visible window called `title`, as soon as there is one."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self._xdotool("search", "--onlyvisible", "--name", title).stdout.split()
            if any(self._xdotool("windowfocus", "--sync", one).returncode == 0 for one in found):
                return
            time.sleep(0.2)
        pytest.fail(f"no window called {title}")

    def fill(self, title: str) -> None:
        """Make the window called `title` as large as the screen: there is nobody who would."""
        found = self._xdotool("search", "--onlyvisible", "--name", title).stdout.split()
        for one in found:
            self._xdotool("windowsize", "--sync", one, "1366", "768")

    def type(self, text: str) -> None:
        self._xdotool("type", "--delay", "30", text)

    def press(self, *keys: str) -> None:
        self._xdotool("key", "--delay", "120", *keys)


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The program while the block runs; whatever happens it does not outlive it."""
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=20)


def answers_in(data: Path) -> int:
    """How many answers the only learner below `data` has on the disk."""
    return _count(next(iter(data.glob("learners/*/learner.sqlite")), None), "review")


def decks_in(data: Path) -> int:
    """How many decks the program has read and kept."""
    return _count(next(iter(data.glob("library.sqlite")), None), "deck")


def _count(path: Path | None, table: str) -> int:
    if path is None:
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608
    except sqlite3.OperationalError:  # still being made
        return 0
    finally:
        connection.close()


def wait_for_answers(data: Path, count: int, seconds: float = 20) -> int:
    """The number of answers on the disk once it is `count`, or after `seconds`."""
    end = time.monotonic() + seconds
    while answers_in(data) < count and time.monotonic() < end:
        time.sleep(0.1)
    return answers_in(data)
