"""An attempt's files on the disk: segments that only grow, and the encrypted cache beside them.

Everything is written by one thread, in order. A future is done when its frame is flushed to the
disk; when the disk refuses, the frame waits and goes along with the next one.
"""

import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole

SEGMENT = re.compile(r"segment-(\d{3,6})\.log")
CACHE = "cache.bin"
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MOST_FILE = 512 << 20


class Disk(Protocol):
    """What an attempt needs of a disk. `append` has flushed when it returns."""

    def append(self, path: Path, at: int, content: bytes) -> None:
        """Put `content` at `at`, where the good bytes end; what stands behind it is torn."""
        ...

    def replace(self, path: Path, content: bytes) -> None: ...

    def read(self, path: Path) -> bytes: ...

    def names(self, folder: Path) -> list[str]: ...

    def make(self, folder: Path) -> None: ...


class SystemDisk:
    """The real one. All methods raise TrainerError (disk.*)."""

    def append(self, path: Path, at: int, content: bytes) -> None:
        try:
            with path.open("r+b" if path.exists() else "xb") as file:
                file.seek(at)
                file.truncate()
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if at == 0:
                _sync_folder(path.parent)
        except OSError as error:
            raise (disk_error(error, path) or TrainerError("disk.gone", path=str(path))) from error

    def replace(self, path: Path, content: bytes) -> None:
        write_whole(path, content)

    def read(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > _MOST_FILE:
                raise TrainerError("file.damaged", path=str(path))
            return path.read_bytes()
        except OSError as error:
            raise (disk_error(error, path) or TrainerError("disk.gone", path=str(path))) from error

    def names(self, folder: Path) -> list[str]:
        try:
            return sorted(each.name for each in folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise (
                disk_error(error, folder) or TrainerError("disk.gone", path=str(folder))
            ) from error

    def make(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise (
                disk_error(error, folder) or TrainerError("disk.gone", path=str(folder))
            ) from error


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk too. Windows has no such call and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def folder_name(text: str) -> str:
    """A name for a folder that no candidate number can turn into a path."""
    if _PLAIN.fullmatch(text):
        return text
    return "x-" + blake2b(text.encode("utf-8"), digest_size=10).hexdigest()


def attempt_folder(root: Path, sitting_id: str, candidate: str, attempt_id: str) -> Path:
    return root / folder_name(sitting_id) / folder_name(candidate) / folder_name(attempt_id)


def attempts_in(disk: Disk, root: Path, sitting_id: str, candidate: str) -> list[Path]:
    """The folders of a candidate's attempts at a sitting on this PC."""
    folder = root / folder_name(sitting_id) / folder_name(candidate)
    return [folder / name for name in disk.names(folder) if _PLAIN.fullmatch(name)]


def segments_in(disk: Disk, folder: Path) -> list[tuple[int, bytes]]:
    """Number and content of every segment of an attempt, in order."""
    found = []
    for name in disk.names(folder):
        match = SEGMENT.fullmatch(name)
        if match:
            found.append((int(match[1]), disk.read(folder / name)))
    return sorted(found)


class SegmentFile:
    """One segment on its way to the disk."""

    def __init__(self, disk: Disk, folder: Path, number: int) -> None:
        self._disk = disk
        self.folder = folder
        self.path = folder / f"segment-{number:03}.log"
        self._written = 0
        self._waiting: list[bytes] = []
        self._whole = bytearray()  # as far as it is on the disk: for the mirror
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="exam-log")

    def start(self, content: bytes) -> None:
        """Make the file, with its genesis on the disk. Raises TrainerError (disk.*)."""
        self._disk.make(self.folder)
        self._waiting.append(content)
        self._flush()

    def append(self, frame: bytes) -> "Future[None]":
        """The future fails with TrainerError when the disk refuses; the frame is kept."""
        return self._thread.submit(self._append, frame)

    def retry(self) -> "Future[None]":
        """Try once more to write what waits."""
        return self._thread.submit(self._flush)

    def also(self, act: Callable[[], None]) -> "Future[None]":
        """Do something after all that was asked for before it, on the same thread."""
        return self._thread.submit(act)

    def keep(self, content: bytes) -> "Future[None]":
        """Put `content` in the cache. It is a convenience: a failure costs nothing."""
        return self._thread.submit(self._keep, content)

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def written(self) -> bytes:
        """What of the segment is on the disk."""
        with self._lock:
            return bytes(self._whole)

    def close(self) -> None:
        """Wait for everything; raises TrainerError when something could not be written."""
        try:
            self._thread.submit(self._flush).result()
        finally:
            self._thread.shutdown(wait=True)

    def _append(self, frame: bytes) -> None:
        self._waiting.append(frame)
        self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        content = b"".join(self._waiting)
        self._disk.append(self.path, self._written, content)
        self._written += len(content)
        with self._lock:
            self._whole += content
        self._waiting.clear()

    def _keep(self, content: bytes) -> None:
        try:
            self._disk.replace(self.folder / CACHE, content)
        except TrainerError:
            return
