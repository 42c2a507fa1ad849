"""Collecting results: from PCs, sticks and the share into one folder, as often as one likes.

What a folder holds is material of unknown hands: links are not followed, names are not believed,
sizes are bounded, and only what the segments' signatures say counts.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trainer.exams.bundle import MOST_BUNDLE, Bundle, bundles_of, read_bundle
from trainer.exams.collection import Board, Rejected, make_board
from trainer.exams.keys import KEY_BYTES, ExamError
from trainer.exams.log import read_segment
from trainer.exams.model import Header
from trainer.exams.verify import Remark
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error
from trainer.storage.exam_log import folder_name

BUNDLE, SEGMENT = ".xrs", ".log"
MOST_FILES = 20_000
DEEPEST = 6  # folders below the one that is looked through
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What lies in some folders: bundles (made of loose segments too) with the name of where they
    came from, and what could not be read."""

    bundles: tuple[tuple[str, bytes, Bundle], ...]
    unread: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """One result that is in the target now; `new` when it was not before."""

    name: str
    candidate: str
    receipt: str
    finished: bool
    new: bool


@dataclass(frozen=True, slots=True)
class Collected:
    carried: tuple[Carried, ...]
    unread: tuple[Rejected, ...]


def gather(folders: Iterable[Path], report: Report = lambda _done, _of: None) -> Gathered:
    """Every result in `folders` and below. Raises Cancelled when `report` does."""
    paths = [path for folder in folders for path in _files(folder)]
    bundles: dict[bytes, tuple[str, bytes, Bundle]] = {}
    unread: dict[str, Rejected] = {}
    segments: dict[tuple[str, str, str], list[bytes]] = {}
    for done, path in enumerate(paths):
        report(done, len(paths))
        try:
            content = _content(path)
            if path.suffix.lower() == BUNDLE:
                bundle = read_bundle(content)
                bundles.setdefault(bundle.mark, (path.name, content, bundle))
            else:
                binding = read_segment(content).binding
                whose = (binding.sitting_id, binding.candidate, binding.attempt_id)
                segments.setdefault(whose, []).append(content)
        except TrainerError as error:
            unread[path.name] = Rejected(path.name, Remark(error.code, error.blanks))
    for whose, contents in segments.items():
        try:
            made = [(content, read_bundle(content)) for content in bundles_of(contents)]
        except ExamError as error:
            unread[whose[1]] = Rejected(whose[1][:40], Remark(error.code, error.blanks))
            continue
        for content, bundle in made:
            bundles.setdefault(bundle.mark, (_name(bundle), content, bundle))
    report(len(paths), len(paths))
    return Gathered(
        tuple(bundles[mark] for mark in sorted(bundles)),
        tuple(unread[name] for name in sorted(unread)),
    )


def collect(
    folders: Sequence[Path], target: Path, report: Report = lambda _done, _of: None
) -> Collected:
    """Copy every result in `folders` into `target`: under another name first, flushed, renamed,
    read again and compared. What is there already stays.

    Raises TrainerError (disk.*, exam.copy-differs) for a target that does not keep what it is
    given: nothing that bears a result's name is half.
    """
    gathered = gather(folders, report)
    carried = []
    for _, content, bundle in gathered.bundles:
        name = _name(bundle)
        new = deliver(content, target / name)
        index = bundle.index
        carried.append(Carried(name, index.candidate, index.receipt, index.finished, new))
    return Collected(tuple(carried), gathered.unread)


def deliver(content: bytes, path: Path) -> bool:
    """Whether it was not there yet. Raises TrainerError (disk.*, exam.copy-differs)."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
            return False
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        if path.read_bytes() != content:
            raise TrainerError("exam.copy-differs", path=str(path))
    except OSError as error:
        raise (disk_error(error, path) or TrainerError("disk.gone", path=str(path))) from error
    return True


def board_of(
    folders: Iterable[Path],
    header: Header,
    header_digest: bytes,
    receipts: Mapping[str, str] | None = None,
    report: Report = lambda _done, _of: None,
    ticket_keys: Mapping[str, bytes] | None = None,
) -> Board:
    """The room's board from everything in `folders`."""
    gathered = gather(folders, report)
    found = [(name, bundle) for name, _, bundle in gathered.bundles]
    board = make_board(header, header_digest, found, receipts, ticket_keys)
    return Board(board.rows, (*board.rejected, *gathered.unread))


def _name(bundle: Bundle) -> str:
    """Number, attempt and content: two different results never bear one name."""
    number = folder_name(bundle.index.candidate)
    attempt = folder_name(bundle.index.attempt_id)[:8]
    return f"{number}-{attempt}-{bundle.mark.hex()[:8]}{BUNDLE}"


def _files(folder: Path) -> Iterator[Path]:
    """Plain files of ours in `folder` and below; links are passed over, folders and files alike."""
    count = 0
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            if here == folder:
                raise (disk_error(error, here) or TrainerError("disk.gone", path=str(here))) from (
                    error
                )
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and depth < DEEPEST:
                waiting.append((Path(entry.path), depth + 1))
            elif entry.is_file(follow_symlinks=False) and _is_ours(entry.name):
                count += 1
                if count > MOST_FILES:
                    raise ExamError("exam.too-many-files", most=MOST_FILES, path=str(folder))
                yield Path(entry.path)


def _is_ours(name: str) -> bool:
    return name.lower().endswith((BUNDLE, SEGMENT))


def _content(path: Path) -> bytes:
    try:
        if path.stat(follow_symlinks=False).st_size > MOST_BUNDLE + KEY_BYTES:
            raise ExamError("exam.bundle-large")
        return path.read_bytes()
    except OSError as error:
        raise (disk_error(error, path) or TrainerError("disk.gone", path=str(path))) from error
