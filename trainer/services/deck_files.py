"""Deck files as a scan finds them, and what was said about them as it is kept.

Light on purpose: all that an unchanged start needs.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path, PurePosixPath

import msgspec

import trainer
from trainer.decks.addresses import is_deck_file
from trainer.foundation.source import Finding, Fix, Level, Place

# Not decks to learn from, though they are Markdown.
_NO_DECKS = frozenset({"template", "templates", "shop"})
_DEEPEST = 8  # folders in folders; a folder linked into itself has no end
_FORMAT = 3  # raised when what is made of a deck here changes


class FoundFile(msgspec.Struct, frozen=True):
    """A deck file found by a scan."""

    folder: Path  # the content folder
    path: str  # below it
    size: int
    mtime_ns: int


class _Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding without its path, as it is kept."""

    line: int
    column: int
    level: str
    code: str
    blanks: dict[str, str | int | float] = {}
    fix: tuple[int, int, int, int, str] | None = None


_encoder = msgspec.json.Encoder()
_said_decoder = msgspec.json.Decoder(list[_Said])


def sign_of_the_reader() -> str:
    """Changes when decks would be read in another way: with each release, and in a checkout with
    every change of the code that reads them."""
    folder = Path(trainer.__file__).parent
    digest = blake2b(f"{trainer.__version__} {_FORMAT}".encode("ascii"), digest_size=8)
    for part in ("cards", "decks", "penalties"):
        try:
            with os.scandir(folder / part) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if entry.name.endswith((".py", ".toml")):
                        state = entry.stat()
                        digest.update(f"{entry.name} {state.st_size} {state.st_mtime_ns}".encode())
        except OSError:
            continue  # in the bundle there is no source, and nobody changes it
    return digest.hexdigest()


def files_below(
    folder: Path, prefix: str, unreachable: list[str], depth: int = 0
) -> Iterator[tuple[str, FoundFile]]:
    """Every deck file below `prefix` ("" or "platforms/amazon/") of a content folder."""
    try:
        with os.scandir(folder / prefix) as entries:
            found = list(entries)
    except OSError:
        unreachable.append(prefix)
        return
    for entry in found:
        name = entry.name
        try:
            if is_deck_file(PurePosixPath(name)):
                state = entry.stat()
                if stat.S_ISREG(state.st_mode):
                    path = prefix + name
                    yield path, FoundFile(folder, path, state.st_size, state.st_mtime_ns)
            elif _may_hold_decks(entry, prefix, depth):
                yield from files_below(folder, f"{prefix}{name}/", unreachable, depth + 1)
        except OSError:
            unreachable.append(prefix + name)


def _may_hold_decks(entry: "os.DirEntry[str]", prefix: str, depth: int) -> bool:
    """Folders of other programs (.git, _archive) and the template are no content."""
    name = entry.name
    if name[0] in "._" or depth >= _DEEPEST or (not prefix and name in _NO_DECKS):
        return False
    return entry.is_dir()


def encoded_findings(findings: Sequence[Finding]) -> bytes:
    """Findings without their path; `findings_from` is the way back."""
    said = [
        _Said(
            line=finding.place.line,
            column=finding.place.column,
            level=finding.level.value,
            code=finding.code,
            blanks={
                name: value if isinstance(value, (str, int, float)) else str(value)
                for name, value in finding.blanks.items()
            },
            fix=_fix_as_kept(finding.fix),
        )
        for finding in findings
    ]
    return _encoder.encode(said)


def _fix_as_kept(fix: Fix | None) -> tuple[int, int, int, int, str] | None:
    if fix is None:
        return None
    return (fix.start.line, fix.start.column, fix.end.line, fix.end.column, fix.replacement)


def findings_from(kept: bytes, path: str) -> Iterator[Finding]:
    where = PurePosixPath(path)
    for said in _said_decoder.decode(kept):
        fix = None
        if said.fix is not None:
            line, column, last_line, last_column, replacement = said.fix
            fix = Fix(Place(where, line, column), Place(where, last_line, last_column), replacement)
        place = Place(where, said.line, said.column)
        yield Finding(place, Level(said.level), said.code, said.blanks, fix)
