"""Drafts: what was typed and not saved yet, on the disk within a second, offered again later."""

import json
import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from trainer.foundation.errors import TrainerError
from trainer.foundation.files import write_whole

_log = logging.getLogger(__name__)
_ENDING = ".draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a deck file that was never saved. `base` is the text it began with."""

    path: Path
    deck_id: str
    language: str
    base: str
    text: str
    written_ms: int


class Drafts:
    """One file for each deck file, written by a thread of its own; `close` waits for it.

    When several texts of a file wait, only the last is written.
    """

    def __init__(
        self, folder: Path, trouble: Callable[[TrainerError], object] | None = None
    ) -> None:
        """`trouble` is called, from the writing thread, when the disk does not take a draft."""
        self._folder = folder
        self._trouble = trouble or _write_down
        self._waiting: dict[Path, bytes | None] = {}
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._wake: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._busy = False

    def keep(self, draft: Draft) -> None:
        """Write `draft` soon. Returns at once."""
        self._put(self._file_of(draft.path), _encoded(draft))

    def forget(self, path: Path) -> None:
        """The deck file at `path` is saved: its draft is not needed any more."""
        self._put(self._file_of(path), None)

    def of(self, path: Path) -> Draft | None:
        """What was typed into `path` and not saved, if anything was."""
        self.wait()
        return _decoded(self._file_of(path))

    def all(self) -> Sequence[Draft]:
        """Every draft, the newest first."""
        self.wait()
        found = [_decoded(file) for file in sorted(self._folder.glob(f"*{_ENDING}"))]
        return sorted((one for one in found if one is not None), key=lambda one: -one.written_ms)

    def wait(self) -> None:
        """Until everything is on the disk (or was refused)."""
        with self._idle:
            self._idle.wait_for(lambda: not self._waiting and not self._busy)

    def close(self) -> None:
        if self._thread is not None:
            self.wait()
            self._wake.put(False)
            self._thread.join()
            self._thread = None

    def _put(self, file: Path, content: bytes | None) -> None:
        with self._lock:
            self._waiting[file] = content
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="drafts", daemon=True)
                self._thread.start()
        self._wake.put(True)

    def _work(self) -> None:
        while self._wake.get():
            with self._lock:
                todo = self._waiting
                self._waiting = {}
                self._busy = bool(todo)
            for file, content in todo.items():
                self._write(file, content)
            with self._idle:
                self._busy = False
                self._idle.notify_all()

    def _write(self, file: Path, content: bytes | None) -> None:
        try:
            if content is None:
                file.unlink(missing_ok=True)
            else:
                self._folder.mkdir(parents=True, exist_ok=True)
                write_whole(file, content)
        except TrainerError as error:
            self._trouble(error)
        except OSError as error:
            self._trouble(TrainerError("editor.no-draft", reason=error.strerror or str(error)))

    def _file_of(self, path: Path) -> Path:
        name = blake2b(str(path).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        return self._folder / f"{name}{_ENDING}"


def _encoded(draft: Draft) -> bytes:
    head: Mapping[str, object] = {
        "path": str(draft.path),
        "deck": draft.deck_id,
        "language": draft.language,
        "written": draft.written_ms,
        "base": len(draft.base),
    }
    # The text is not put through JSON: a large deck is written every second.
    whole = f"{json.dumps(head, ensure_ascii=True)}\n{draft.base}{draft.text}"
    return whole.encode("utf-8", "surrogatepass")


def _decoded(file: Path) -> Draft | None:
    """None for a file that is missing or that nobody can read: it is left where it is."""
    try:
        line, _, rest = file.read_bytes().decode("utf-8", "surrogatepass").partition("\n")
        head = json.loads(line)
        split = int(head["base"])
        return Draft(
            path=Path(head["path"]),
            deck_id=str(head["deck"]),
            language=str(head["language"]),
            base=rest[:split],
            text=rest[split:],
            written_ms=int(head["written"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_down(error: TrainerError) -> None:
    _log.info("a draft could not be written: %s", error)
