"""A copy of the segments on a share, a few seconds behind: whole frames, appended.

It runs in a thread of its own that nobody waits for: a share that stalls or vanishes delays
nothing, and what it missed follows when it is back.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

EVERY = 15.0  # seconds


class Share(Protocol):
    """A drop folder: files can be made and appended to, perhaps neither deleted nor listed.
    Both raise OSError."""

    def size(self, name: str) -> int:
        """Bytes that are there; 0 for no file."""
        ...

    def append(self, name: str, content: bytes) -> None: ...


class FolderShare:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def size(self, name: str) -> int:
        self._folder.stat()  # a share that is gone is not an empty one
        try:
            return (self._folder / name).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, name: str, content: bytes) -> None:
        with (self._folder / name).open("ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


class Written(Protocol):
    def written(self, start: int = 0) -> bytes:
        """What is safe of a segment, from `start` on."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A segment that grows no more."""

    content: bytes

    def written(self, start: int = 0) -> bytes:
        return self.content[start:]


class Mirror:
    """Carries what is safe in `segments` over to a share, every `every` seconds and when asked."""

    def __init__(
        self, share: Share, segments: Sequence[tuple[str, Written]], every: float = EVERY
    ) -> None:
        """Each segment with its name on the share."""
        self._share = share
        self._segments = segments
        self._every = every
        self._wake = threading.Event()
        self._stop = False
        self.behind = False  # whether the last round failed
        self._thread = threading.Thread(target=self._run, name="exam-mirror", daemon=True)
        self._thread.start()

    def now(self) -> None:
        """Do not wait for the next round. Returns at once."""
        self._wake.set()

    def close(self, wait: float = 0.0) -> bool:
        """One last round; returns whether it was through after `wait` seconds. The thread dies
        with the process when the share does not answer."""
        self._stop = True
        self._wake.set()
        self._thread.join(wait)
        return not self._thread.is_alive() and not self.behind

    def _run(self) -> None:
        while True:
            stop = self._stop
            self._copy()
            if stop:
                return
            self._wake.wait(self._every)
            self._wake.clear()

    def _copy(self) -> None:
        behind = False
        for name, segment in self._segments:
            try:
                # A copy that broke off in the middle goes on where it stopped: the bytes at a
                # place never change.
                missing = segment.written(self._share.size(name))
                if missing:
                    self._share.append(name, missing)
            except OSError:
                behind = True
        self.behind = behind
