"""Content packs of this PC: made, looked at, installed, rolled back, and taken from a share.

A version lies in a folder of its own that is complete before it gets its name; the shelf, one small
file that is replaced whole, says which version is in use. Whatever moment the power goes, the old
version is in use or the new one is.
"""

import shutil
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

import msgspec

from trainer.decks.addresses import address_of, content_folder_of, is_deck_file
from trainer.decks.encoding import decode
from trainer.decks.images import image_path, images_in
from trainer.exchange.content_pack import (
    HEAD_BYTES,
    LARGEST_FILE,
    LARGEST_WHOLE,
    SUFFIX,
    Author,
    Head,
    Manifest,
    Signer,
    head_size,
    read_files,
    read_head,
    write_pack,
)
from trainer.foundation.clock import milliseconds
from trainer.foundation.errors import Cancelled, TrainerError
from trainer.foundation.files import disk_error, write_whole
from trainer.foundation.source import Level
from trainer.services import authoring
from trainer.services.content_library import ReportProgress
from trainer.services.pack_shelf import SHELF_FILE, Shelf, Shelved, read_shelf

AUTHORS_FILE = "authors.json"
MANIFEST_FILE = "pack.json"
_PART = ".part-"  # begins the name of a folder that is being filled
_OLD_PART = 3600  # seconds after which nobody is filling it any more
_MOST_OFFERS = 200


class Standing(StrEnum):
    """What is known of who made a pack."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"  # signed, by a key nobody here has accepted
    UNSIGNED = "unsigned"
    OTHER = "other-author"  # signed by another key than the version that is installed


class Pinned(msgspec.Struct, frozen=True):
    """An author whose packs are taken without a question."""

    key: str
    name: str

    @property
    def words(self) -> str:
        return Author(self.name, self.key).words


class _Authors(msgspec.Struct, frozen=True):
    authors: tuple[Pinned, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """A pack that was looked at: whole, and not altered."""

    path: Path
    manifest: Manifest
    standing: Standing
    decks: tuple[str, ...]  # deck ids
    installed: int  # version in use; 0 when it is not installed
    covers: tuple[str, ...]  # deck ids that another installed pack has too

    @property
    def is_newer(self) -> bool:
        return self.manifest.version > self.installed


@dataclass(frozen=True, slots=True)
class Installed:
    """A pack in use."""

    manifest: Manifest
    standing: Standing
    folder: Path
    previous: Manifest | None


@dataclass(frozen=True, slots=True)
class Updated:
    """What a look at the share brought."""

    taken: tuple[Manifest, ...] = ()
    waiting: tuple[Path, ...] = ()  # newer, but of nobody who is trusted: a person has to decide
    refused: Mapping[Path, TrainerError] = field(default_factory=dict)


class Packs:
    """The packs in one folder.

    `trusted` are public keys (hexadecimal) accepted beside those in the folder's own list, such as
    that of this PC's author. Raises TrainerError (disk.*, file.*, pack.*).
    """

    def __init__(self, folder: Path, now: Callable[[], float], trusted: Iterable[str] = ()) -> None:
        """`now` is the time in seconds UTC, by which what was left half-done is cleared away."""
        self._folder = folder
        self._now = now
        self._also_trusted = frozenset(key.lower() for key in trusted)

    # Authors

    def authors(self) -> Sequence[Pinned]:
        """Who was accepted on this PC."""
        return self._authors().authors

    def trust(self, author: Author) -> None:
        """Take packs of `author` from now on without a question."""
        if author.key and author.key not in {one.key for one in self.authors()}:
            pinned = (*self.authors(), Pinned(author.key, author.name))
            self._write(AUTHORS_FILE, msgspec.json.encode(_Authors(pinned)))

    def distrust(self, key: str) -> None:
        """Ask again before the next pack of this author. What is installed stays."""
        kept = tuple(one for one in self.authors() if one.key != key)
        self._write(AUTHORS_FILE, msgspec.json.encode(_Authors(kept)))

    def _authors(self) -> _Authors:
        try:
            content = (self._folder / AUTHORS_FILE).read_bytes()
            return msgspec.json.decode(content, type=_Authors)
        except (OSError, msgspec.MsgspecError):
            return _Authors()

    # Looking

    def examine(self, path: Path) -> Examined:
        """The pack in the file `path`, every byte of it checked. Raises pack.*, disk.*."""
        content = _read(path)
        head = read_head(content)
        for _ in read_files(content, head):
            pass
        return self._examined(path, head)

    def installed(self) -> Sequence[Installed]:
        """The packs in use, in order of precedence, the one that wins last."""
        found = []
        for one in read_shelf(self._folder).packs:
            manifest = self._manifest(one, one.current)
            if manifest is not None:
                folder = self._folder / one.pack_id / one.current
                previous = self._manifest(one, one.previous) if one.previous else None
                found.append(Installed(manifest, self._standing(manifest, None), folder, previous))
        return found

    def _examined(self, path: Path, head: Head) -> Examined:
        manifest = head.manifest
        others = [one.manifest for one in self.installed()]
        current = next((one for one in others if one.pack_id == manifest.pack_id), None)
        decks = deck_ids(manifest)
        covers = {deck for one in others if one is not current for deck in deck_ids(one)}
        return Examined(
            path,
            manifest,
            self._standing(manifest, current),
            decks,
            current.version if current else 0,
            tuple(deck for deck in decks if deck in covers),
        )

    def _standing(self, manifest: Manifest, current: Manifest | None) -> Standing:
        key = manifest.author.key
        if not key:
            return Standing.UNSIGNED
        if current is not None and current.author.key and current.author.key != key:
            return Standing.OTHER
        known = {one.key for one in self.authors()} | self._also_trusted
        return Standing.TRUSTED if key in known else Standing.UNKNOWN

    def _manifest(self, shelved: Shelved, version: str) -> Manifest | None:
        path = self._folder / shelved.pack_id / version / MANIFEST_FILE
        try:
            return msgspec.json.decode(path.read_bytes(), type=Manifest)
        except (OSError, msgspec.MsgspecError):
            return None

    # Changing

    def install(
        self,
        path: Path,
        *,
        accept: bool = False,
        report: ReportProgress | None = None,
    ) -> Manifest:
        """Install the pack in `path`, or the newer version of it.

        `accept`: a person has decided to take a pack of somebody who is not trusted. Raises
        TrainerError: pack.unsigned, pack.unknown-author, pack.other-author without it; pack.*,
        disk.*; Cancelled when `report` does. Until it returns nothing has changed.
        """
        content = _read(path)
        head = read_head(content)
        examined = self._examined(path, head)
        manifest = head.manifest
        if examined.standing is not Standing.TRUSTED and not accept:
            raise TrainerError(
                _REFUSALS[examined.standing],
                title=manifest.title,
                name=manifest.author.name,
                words=manifest.author.words,
            )
        version = _version_name(manifest)
        home = self._folder / manifest.pack_id
        target = home / version
        try:
            if not (target / MANIFEST_FILE).is_file():
                self._unpack(content, head, target, report)
            self._shelve(manifest.pack_id, version)
            self._clear(home, manifest.pack_id)
        except OSError as error:
            raise disk_error(error, home) or error from error
        return manifest

    def _unpack(
        self, content: bytes, head: Head, target: Path, report: ReportProgress | None
    ) -> None:
        """Fill a folder beside `target`, and give it its name when everything is on the disk."""
        part = target.with_name(f"{_PART}{target.name}-{round(self._now() * 1000):x}")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            files = head.manifest.files
            for number, (name, one) in enumerate(read_files(content, head)):
                if report is not None:
                    report(number, len(files))
                place = part / name
                place.parent.mkdir(parents=True, exist_ok=True)
                write_whole(place, one)
            write_whole(part / MANIFEST_FILE, msgspec.json.encode(head.manifest))
            if target.exists():  # left half-done by a version before this one
                shutil.rmtree(target)
            part.rename(target)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        if report is not None:
            report(len(files), len(files))

    def _shelve(self, pack_id: str, version: str) -> None:
        shelf = read_shelf(self._folder)
        known = next((one for one in shelf.packs if one.pack_id == pack_id), None)
        if known is None:
            packs = (*shelf.packs, Shelved(pack_id, version))
        else:
            previous = known.current if known.current != version else known.previous
            now = Shelved(pack_id, version, previous, "")
            packs = tuple(now if one is known else one for one in shelf.packs)
        removed = {one: gone for one, gone in shelf.removed.items() if one != pack_id}
        self._put(Shelf(packs, removed))

    def roll_back(self, pack_id: str) -> Manifest:
        """Use the version before the present one; that one is not taken from a share again.

        Raises TrainerError: pack.no-previous."""
        shelf = read_shelf(self._folder)
        known = next((one for one in shelf.packs if one.pack_id == pack_id), None)
        manifest = self._manifest(known, known.previous) if known and known.previous else None
        if known is None or manifest is None:
            raise TrainerError("pack.no-previous")
        back = Shelved(pack_id, known.previous, known.current, known.current)
        packs = tuple(back if one is known else one for one in shelf.packs)
        self._put(Shelf(packs, shelf.removed))
        return manifest

    def remove(self, pack_id: str) -> None:
        """Take the pack off the shelf. Progress with its cards stays, and returns with them. The
        version that was in use is not taken from a share again."""
        shelf = read_shelf(self._folder)
        gone = {one.pack_id: one.current for one in shelf.packs if one.pack_id == pack_id}
        kept = tuple(one for one in shelf.packs if one.pack_id != pack_id)
        self._put(Shelf(kept, {**shelf.removed, **gone}))
        shutil.rmtree(self._folder / pack_id, ignore_errors=True)

    def move(self, pack_id: str, by: int) -> None:
        """Let a pack win over more (1) or fewer (-1) others."""
        shelf = read_shelf(self._folder)
        packs = list(shelf.packs)
        place = next((n for n, one in enumerate(packs) if one.pack_id == pack_id), -1)
        if place >= 0 and 0 <= place + by < len(packs):
            packs.insert(place + by, packs.pop(place))
            self._put(Shelf(tuple(packs), shelf.removed))

    def _put(self, shelf: Shelf) -> None:
        self._write(SHELF_FILE, msgspec.json.encode(shelf))

    def _write(self, name: str, content: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, self._folder) or error from error
        write_whole(self._folder / name, content)

    def _clear(self, home: Path, pack_id: str) -> None:
        """Remove versions older than the previous one, and what a power cut left half-done."""
        shelved = next(
            (one for one in read_shelf(self._folder).packs if one.pack_id == pack_id), None
        )
        if shelved is None:
            return
        for folder in list(home.iterdir()):
            if folder.name in {shelved.current, shelved.previous}:
                continue
            # Another window may be filling it.
            fresh = self._now() - folder.stat().st_mtime < _OLD_PART
            if folder.name.startswith(_PART) and fresh:
                continue
            shutil.rmtree(folder, ignore_errors=True)

    # Taking from a share

    def update_from(self, folder: Path, report: ReportProgress | None = None) -> Updated:
        """Install what is newer in `folder` and made by somebody who is trusted.

        A folder that is away, and packs that are torn or altered, change nothing. Raises
        TrainerError (disk.*) only when this PC's own disk does not take what is new.
        """
        best: dict[str, tuple[Manifest, Path]] = {}
        waiting: list[Path] = []
        refused: dict[Path, TrainerError] = {}
        for path in _offers(folder):
            try:
                head = read_head(_beginning(path))
            except TrainerError as error:
                refused[path] = error
                continue
            one = head.manifest
            examined = self._examined(path, head)
            if not examined.is_newer or self._was_refused(one):
                continue
            if examined.standing is not Standing.TRUSTED:
                waiting.append(path)
            elif one.pack_id not in best or best[one.pack_id][0].version < one.version:
                best[one.pack_id] = (one, path)
        taken = []
        for number, (_, path) in enumerate(best.values()):
            if report is not None:
                report(number, len(best))
            try:
                taken.append(self.install(path))
            except Cancelled:
                raise
            except TrainerError as error:
                if error.code in {"disk.full", "disk.read-only"}:
                    raise
                refused[path] = error
        return Updated(tuple(taken), tuple(waiting), refused)

    def _was_refused(self, manifest: Manifest) -> bool:
        shelf = read_shelf(self._folder)
        known = next((one for one in shelf.packs if one.pack_id == manifest.pack_id), None)
        refused = known.refused if known else shelf.removed.get(manifest.pack_id, "")
        # Version names begin with the moment of their making, so that they sort by it.
        return bool(refused) and _version_name(manifest) <= refused


_REFUSALS = {
    Standing.UNSIGNED: "pack.unsigned",
    Standing.UNKNOWN: "pack.unknown-author",
    Standing.OTHER: "pack.other-author",
    Standing.TRUSTED: "",
}


def deck_ids(manifest: Manifest) -> tuple[str, ...]:
    """The decks in a pack."""
    found = {}
    for file in manifest.files:
        path = PurePosixPath(file.path)
        address = address_of(path) if is_deck_file(path) else None
        if address is not None:
            found[address.deck_id] = True
    return tuple(found)


def _version_name(manifest: Manifest) -> str:
    """Of the same version two packs with other files are two."""
    return f"{manifest.version:013d}-{zlib.crc32(msgspec.json.encode(manifest)):08x}"


def _offers(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    except OSError:
        return []
    return [path for path in found if path.is_file()][:_MOST_OFFERS]


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(HEAD_BYTES)
            return start + file.read(head_size(start) - len(start))
    except OSError as error:
        raise disk_error(error, path) or error from error


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_WHOLE:
            raise TrainerError("pack.too-big")
        return path.read_bytes()
    except OSError as error:
        raise disk_error(error, path) or error from error


# Making


def make_pack(
    paths: Sequence[Path],
    target: Path,
    *,
    pack_id: str,
    title: str,
    now: datetime,
    signer: Signer | None,
    beside: Sequence[Path] = (),
    report: ReportProgress | None = None,
) -> Manifest:
    """Pack the decks in `paths` (files, and everything below folders) with their pictures.

    `beside` are other content folders that the decks may lean on. Raises TrainerError:
    pack.deck-errors for decks with errors, pack.*, author.no-such-path,
    disk.*; Cancelled. Nothing is written then.
    """
    found = authoring.lint(paths, now.date(), beside=beside).findings
    errors = [finding for finding in found if finding.level is Level.ERROR]
    if errors:
        raise TrainerError("pack.deck-errors", number=len(errors), first=str(errors[0].place))
    files = _gathered(paths, report)
    content = write_pack(pack_id, title, milliseconds(now), files, signer)
    write_whole(target, content)
    return read_head(content).manifest


def _gathered(paths: Sequence[Path], report: ReportProgress | None) -> dict[str, bytes]:
    decks = [deck for path in paths for deck in _deck_files(path)]
    files: dict[str, bytes] = {}
    for number, path in enumerate(decks):
        if report is not None:
            report(number, len(decks))
        content = content_folder_of(path)
        name = path.relative_to(content).as_posix()
        try:
            files[name] = path.read_bytes()
            folder = PurePosixPath(name).parent.as_posix()
            for _, target in images_in(decode(files[name]).text):
                place, trouble = image_path(target, folder)
                picture = content / place
                if not trouble and picture.is_file() and picture.stat().st_size <= LARGEST_FILE:
                    files[place] = picture.read_bytes()
        except OSError as error:
            raise disk_error(error, path) or error from error
    return files


def _deck_files(path: Path) -> list[Path]:
    path = path.resolve()
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise TrainerError("author.no-such-path", path=str(path))
    found = (one for one in path.rglob("*.md") if is_deck_file(one.relative_to(path)))
    return sorted(one for one in found if not _is_hidden(one.relative_to(path)))


def _is_hidden(path: Path) -> bool:
    return any(part[0] in "._" for part in path.parts)
