"""An attempt from another PC, on a stick: put where this PC looks for attempts.

What comes along is material of unknown hands: only what segments say of themselves, signed, decides
where they go; a file that is here already is only taken the place of by a longer one that begins
with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trainer.exams.keys import ExamError
from trainer.exams.log import Binding, Segment, read_segment
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole
from trainer.storage.exam_log import JOURNAL, SEGMENT, folder_name

_MOST_FILES = 2000
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Brought:
    """An attempt that can be gone on with here."""

    candidate: str
    segments: int
    records: int


def carry_in(folder: Path, root: Path, report: Callable[[int, int], None]) -> list[Brought]:
    """Take over every attempt below `folder`; `root` is where this PC keeps attempts.

    Raises ExamError exam.nothing-to-carry when there is none, TrainerError disk.*, Cancelled.
    """
    paths = [path for path in _logs(folder) if path.is_file() and not path.is_symlink()]
    brought: dict[Path, list[Segment]] = {}
    for done, path in enumerate(paths):
        report(done, len(paths))
        content = _read(path)
        try:
            segment = read_segment(content)
        except ExamError:
            continue
        target = _home(root, segment.binding)
        _put(target / f"segment-{segment.binding.segment:03}.log", content)
        journal = path.with_name(JOURNAL)
        if journal.is_file() and not journal.is_symlink():
            _put(target / JOURNAL, _read(journal))
        brought.setdefault(target, []).append(segment)
    report(len(paths), max(len(paths), 1))
    if not brought:
        raise ExamError("exam.nothing-to-carry", path=str(folder))
    return [
        Brought(
            segments[0].binding.candidate,
            len(segments),
            sum(segment.records for segment in segments),
        )
        for _, segments in sorted(brought.items())
    ]


def _logs(folder: Path) -> list[Path]:
    found: list[Path] = []
    try:
        for path in folder.rglob("segment-*.log"):
            if SEGMENT.fullmatch(path.name):
                found.append(path)
            if len(found) >= _MOST_FILES:
                break
    except OSError as error:
        raise (disk_error(error, folder) or TrainerError("disk.gone", path=str(folder))) from error
    return sorted(found)


def _home(root: Path, binding: Binding) -> Path:
    names = (binding.sitting_id, binding.candidate, binding.attempt_id)
    return root.joinpath(*map(folder_name, names))


def _put(path: Path, content: bytes) -> None:
    """Never in the place of something that says more, or something else."""
    if path.exists():
        here = _read(path)
        if not content.startswith(here) or len(content) == len(here):
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        raise (disk_error(error, path) or TrainerError("disk.gone", path=str(path))) from error
