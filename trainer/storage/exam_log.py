"""An attempt's files on this PC: segments that only grow, and a journal of what was answered.

Everything is written by one thread, in order. A future is done when its frame is flushed to the
disk. When the disk refuses, the segment so far goes to a second place; when there is none or that
refuses too, the frame waits and goes along with the next one.
"""

import os
import re
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Protocol

from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole

SEGMENT = re.compile(r"segment-(\d{3,6})\.log", re.ASCII)
JOURNAL = "journal.bin"
_LOCK = "running.lock"
MOST_SEGMENT = 64 << 20
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Disk(Protocol):
    """What an attempt needs of a disk. `append` and `replace` have flushed when they return."""

    def append(self, path: Path, at: int, content: bytes) -> None:
        """Put `content` at `at`, where the good bytes end; what stands behind it is torn. With
        `at` 0 the file is made."""
        ...

    def replace(self, path: Path, content: bytes) -> None: ...

    def read(self, path: Path) -> bytes: ...

    def names(self, folder: Path) -> list[str]:
        """Of plain files and folders; links are no part of an attempt."""
        ...

    def make(self, folder: Path) -> None: ...

    def hold(self, folder: Path) -> Callable[[], None]:
        """Keep an attempt for this process until the returned function is called, or the process
        ends. Raises TrainerError exam.running when another one has it."""
        ...


class SystemDisk:
    """The real one. All methods raise TrainerError (disk.*, file.damaged for one too large)."""

    def append(self, path: Path, at: int, content: bytes) -> None:
        try:
            # A file that has vanished is not begun anew in the middle.
            with path.open("r+b" if at else "wb") as file:
                file.seek(at)
                file.truncate()
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if at == 0:
                _sync_folder(path.parent)
        except OSError as error:
            raise _told(error, path) from error

    def replace(self, path: Path, content: bytes) -> None:
        try:
            write_whole(path, content)
            _sync_folder(path.parent)
        except OSError as error:
            raise _told(error, path) from error

    def read(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > MOST_SEGMENT:
                raise TrainerError("file.damaged", path=str(path))
            return path.read_bytes()
        except OSError as error:
            raise _told(error, path) from error

    def names(self, folder: Path) -> list[str]:
        try:
            return sorted(each.name for each in folder.iterdir() if not each.is_symlink())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _told(error, folder) from error

    def make(self, folder: Path) -> None:
        try:
            missing = [each for each in (folder, *folder.parents) if not each.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            for each in missing:
                _sync_folder(each.parent)
        except OSError as error:
            raise _told(error, folder) from error

    def hold(self, folder: Path) -> Callable[[], None]:
        self.make(folder)
        path = folder / _LOCK
        try:
            file = path.open("ab")
        except OSError as error:
            raise _told(error, path) from error
        try:
            _lock(file)
        except OSError as error:
            file.close()
            raise TrainerError("exam.running") from error
        return file.close  # lets go of the lock too


def folder_name(text: str) -> str:
    """A name for a folder that no candidate number can turn into a path."""
    if _PLAIN.fullmatch(text):
        return text
    return "x-" + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def candidate_folder(root: Path, sitting_id: str, candidate: str) -> Path:
    return root / folder_name(sitting_id) / folder_name(candidate)


def attempts_in(disk: Disk, root: Path, sitting_id: str, candidate: str) -> list[Path]:
    """The folders of a candidate's attempts at a sitting in one place."""
    folder = candidate_folder(root, sitting_id, candidate)
    return [folder / name for name in disk.names(folder) if _PLAIN.fullmatch(name)]


def segment_name(number: int) -> str:
    return f"segment-{number:03}.log"


def segments_in(disk: Disk, folder: Path) -> list[tuple[int, bytes]]:
    """Number and content of every segment file of an attempt, in order; one that cannot be read
    is left out."""
    found = []
    for name in disk.names(folder):
        match = SEGMENT.fullmatch(name)
        if match:
            with suppress(TrainerError):
                found.append((int(match[1]), disk.read(folder / name)))
    return sorted(found)


class GrowingFile:
    """A file that is appended to; what a disk refused is kept and goes along with the next."""

    def __init__(self, disk: Disk, path: Path, written: int = 0) -> None:
        """`written` bytes of the file are good."""
        self._disk = disk
        self.path = path
        self.written = written
        self._waiting: list[bytes] = []

    def put(self, content: bytes) -> None:
        """Raises TrainerError (disk.*); `content` is then kept."""
        self._waiting.append(content)
        self.flush()

    def flush(self) -> None:
        if self._waiting:
            content = b"".join(self._waiting)
            self._disk.append(self.path, self.written, content)
            self.written += len(content)
            self._waiting.clear()


class SegmentFile:
    """One segment on its way to the disk, and the journal beside it."""

    def __init__(
        self,
        disk: Disk,
        folder: Path,
        number: int,
        spare: Path | None = None,
        journal: GrowingFile | None = None,
    ) -> None:
        """`spare` is another place for the attempt's folder, for when the disk refuses."""
        self._disk = disk
        self.number = number
        self.path = folder / segment_name(number)
        self._done: dict[Path, int] = {}  # how much each place has
        self._spare = None if spare is None else spare / segment_name(number)
        self._journal = journal
        self._whole = bytearray()  # as far as it is safe: for the mirror
        self._waiting: list[bytes] = []
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="exam-log")

    def start(self, content: bytes) -> "Future[None]":
        """Make the file with its genesis. The future fails with TrainerError (disk.*)."""
        return self._thread.submit(self._start, content)

    def append(self, frame: bytes, entry: bytes = b"") -> "Future[None]":
        """Write a frame; `entry` is put into the journal before it, so that after a kill the
        screen shows what the log has. The future fails with TrainerError when no disk takes it."""
        return self._thread.submit(self._append, frame, entry)

    def retry(self) -> "Future[None]":
        """Try once more to write what waits."""
        return self._thread.submit(self._flush)

    def also(self, act: Callable[[], None]) -> "Future[None]":
        """Do something after all that was asked for before it, on the same thread."""
        return self._thread.submit(act)

    @property
    def waiting(self) -> int:
        """How many frames no disk has taken yet."""
        return len(self._waiting)

    def written(self, start: int = 0) -> bytes:
        """What of the segment is safe, from `start` on: whole frames only."""
        with self._lock:
            return bytes(self._whole[start:])

    def close(self) -> None:
        """Wait for everything; raises TrainerError when something could not be written."""
        try:
            self._thread.submit(self._flush).result()
        finally:
            self._thread.shutdown(wait=True)

    def _start(self, content: bytes) -> None:
        self._waiting.append(content)
        self._flush()

    def _append(self, frame: bytes, entry: bytes) -> None:
        if entry and self._journal is not None:
            # A convenience: where it fails, the log still has everything.
            with suppress(TrainerError):
                self._journal.put(entry)
        self._waiting.append(frame)
        self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        content = b"".join(self._waiting)
        self._put(content)
        with self._lock:
            self._whole += content
        self._waiting.clear()

    def _put(self, content: bytes) -> None:
        """Into the first place that takes it; a place that lags behind gets what it lacks."""
        try:
            self._to(self.path, content)
        except TrainerError:
            if self._spare is None:
                raise
            self._to(self._spare, content)

    def _to(self, path: Path, content: bytes) -> None:
        done = self._done.get(path, 0)
        if done == 0:
            self._disk.make(path.parent)
        missing = self._whole[done:]
        self._disk.append(path, done, bytes(missing) + content)
        self._done[path] = done + len(missing) + len(content)


def merged_segments(disk: Disk, folders: Sequence[Path]) -> dict[int, list[bytes]]:
    """What each place has of each segment: number -> contents, in the order of `folders`."""
    found: dict[int, list[bytes]] = {}
    for folder in folders:
        with suppress(TrainerError):
            for number, content in segments_in(disk, folder):
                found.setdefault(number, []).append(content)
    return found


def _lock(file: BinaryIO) -> None:
    """Raises OSError when another process has it. The system lets go when the process ends."""
    if sys.platform == "win32":
        import msvcrt  # only Windows has it

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # Windows has none

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _told(error: OSError, path: Path) -> TrainerError:
    return disk_error(error, path) or TrainerError("disk.gone", path=str(path))


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk too. Windows has no such call and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
