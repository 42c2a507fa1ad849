"""The decks of this PC as a teacher's files: which may be written, made, copied, moved away."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from trainer.cards.model import Language
from trainer.decks.addresses import (
    LANGUAGES,
    SUBJECT_FOLDERS,
    Address,
    address_of,
    content_folder_of,
)
from trainer.decks.encoding import decode
from trainer.decks.images import image_path, images_in
from trainer.foundation.clock import Clock
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole
from trainer.foundation.identifiers import SLUG
from trainer.services.content_library import DeckEntry, Library

REMOVED = ".removed"  # below a content folder: decks that can be brought back


@dataclass(frozen=True, slots=True)
class TeacherDeck:
    """One file of a deck."""

    entry: DeckEntry
    path: Path
    editable: bool  # lies in a folder a teacher writes; else it can be copied there

    @property
    def address(self) -> Address:
        return Address(self.entry.deck_id, self.entry.language)


@dataclass(frozen=True, slots=True)
class Removed:
    """Files that were moved away: where they lie now, and where they lay."""

    moves: tuple[tuple[Path, Path], ...]


class TeacherDecks:
    """`own` is the folder new decks are written to; `editable` are all that may be written."""

    def __init__(
        self,
        library: Library,
        own: Path,
        editable: Callable[[], Sequence[Path]],
        clock: Clock,
    ) -> None:
        self._library = library
        self._own = own.absolute()
        self._editable = editable
        self._clock = clock

    @property
    def own(self) -> Path:
        return self._own

    def all(self) -> Sequence[TeacherDeck]:
        """Every deck file in the library's order."""
        editable = [folder.absolute() for folder in self._editable()]
        found = []
        for entry in self._library.decks():
            path = self.path_of(entry.path)
            found.append(TeacherDeck(entry, path, any(map(path.is_relative_to, editable))))
        return found

    def path_of(self, path: str) -> Path:
        """The file in use at `path` below the content folders."""
        places = [folder / path for folder in self._library.folders()]
        return next((place for place in reversed(places) if place.exists()), places[-1])

    def is_editable(self, path: Path) -> bool:
        return any(path.is_relative_to(folder.absolute()) for folder in self._editable())

    def folder_of(self, path: Path) -> Path:
        """The content folder that `path` lies in."""
        folders = sorted(self._library.folders(), key=lambda folder: len(folder.parts))
        inside = [folder for folder in folders if path.is_relative_to(folder)]
        return inside[-1] if inside else content_folder_of(path)

    def copy_to_own(self, deck_id: str) -> Sequence[Path]:
        """Copy a deck, with its translation and its images, to the own folder, from where it is
        used from now on. Files that are there already stay as they are.

        Raises TrainerError (disk.*, file.locked, author.cannot-read).
        """
        made = []
        for language in LANGUAGES:
            path = Address(deck_id, language).path
            source, target = self.path_of(path), self._own / path
            if not source.is_file() or target.exists():
                continue
            content = _read(source)
            folder, text = deck_id.rpartition("/")[0], decode(content).text
            for _, image in images_in(text):
                below, trouble = image_path(image, folder)
                beside = self.path_of(below) if below and not trouble else None
                if beside is not None and beside.is_file() and not (self._own / below).exists():
                    _write(self._own / below, _read(beside))
            _write(target, content)
            made.append(target)
        return made

    def create(self, texts: dict[Language, str], deck_id: str) -> Sequence[Path]:
        """Write a new deck, a file for each language, to the own folder.

        Raises TrainerError: deck.there-already, deck.bad-name, disk.*.
        """
        self.check_new(deck_id)
        made = []
        for language, text in texts.items():
            path = self._own / Address(deck_id, language).path
            _write(path, text.encode("utf-8"))
            made.append(path)
        return made

    def check_new(self, deck_id: str) -> None:
        """Raises TrainerError: deck.there-already, deck.bad-name."""
        parts = deck_id.split("/")
        address = address_of(PurePosixPath(f"{deck_id}.md"))
        fits = all(SLUG.fullmatch(part) for part in parts)
        if parts[0] not in SUBJECT_FOLDERS or len(parts) < 2 or address is None or not fits:
            raise TrainerError("deck.bad-name", name=deck_id)
        if any(self.path_of(Address(deck_id, language).path).exists() for language in LANGUAGES):
            raise TrainerError("deck.there-already", path=f"{deck_id}.md")

    def rename(self, deck_id: str, new_id: str) -> Removed:
        """Give the files of a deck another name; `undo` takes the result.

        The ids of its cards begin with that name: learners meet them as new. Raises TrainerError:
        deck.there-already, deck.bad-name, disk.*.
        """
        self.check_new(new_id)
        moves = []
        for path, address in self._files_of(deck_id):
            root = self.folder_of(path)
            moves.append((root / Address(new_id, address.language).path, path))
        return _move(moves)

    def remove(self, deck_id: str) -> Removed:
        """Move the files of a deck to `.removed` in their content folder; `undo` takes the result.

        Raises TrainerError (disk.*, file.locked).
        """
        stamp = self._clock.now().strftime("%Y-%m-%d-%H%M%S")
        moves = []
        for path, _ in self._files_of(deck_id):
            root = self.folder_of(path)
            moves.append((root / REMOVED / stamp / path.relative_to(root), path))
        return _move(moves)

    def undo(self, removed: Removed) -> None:
        """Move files back. Raises TrainerError (disk.*, file.locked)."""
        _move([(before, now) for now, before in removed.moves])

    def _files_of(self, deck_id: str) -> list[tuple[Path, Address]]:
        """The files of a deck that may be written."""
        found = []
        for language in LANGUAGES:
            address = Address(deck_id, language)
            path = self.path_of(address.path)
            if path.is_file() and self.is_editable(path):
                found.append((path, address))
        return found


def may_write(folder: Path) -> bool:
    """Whether a file can be made in `folder`, or where it will be made: asked by trying, since
    rights alone do not tell (shares, sticks with a lock)."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    probe = folder / f".{os.getpid()}.part"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _move(moves: Sequence[tuple[Path, Path]]) -> Removed:
    """Move each second path to the first; when one cannot be moved, none is."""
    done: list[tuple[Path, Path]] = []
    try:
        for target, path in moves:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
            done.append((target, path))
    except OSError as error:
        for target, path in reversed(done):
            shutil.move(target, path)
        known = disk_error(error, path)
        if known is None:
            raise
        raise known from error
    return Removed(tuple(done))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise TrainerError("author.cannot-read", path=str(path), reason=reason) from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        known = disk_error(error, path)
        if known is None:
            raise
        raise known from error
    write_whole(path, content)
