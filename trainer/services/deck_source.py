"""A deck file as an editor holds it: its text, and how to put it back exactly as it was."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from trainer.decks.addresses import Address
from trainer.decks.encoding import Encoding, decode, encode, plain_line_ends
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole

_UNFIT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class DeckSource:
    """The text of one file, every line end as "\\n", and what writing it back needs."""

    path: Path
    address: Address
    text: str
    encoding: Encoding = "utf-8"
    line_end: str = "\n"
    digest: str = ""  # of the bytes on the disk; "" for a file that is not there yet
    faithful: bool = True  # False: something could not be read and would be lost by writing


class ChangedOnDisk(Exception):  # noqa: N818 - nothing is wrong, somebody else was there
    """The file is not the one that was read. `now` is what lies there; None when it is gone."""

    def __init__(self, now: DeckSource | None) -> None:
        super().__init__("changed on the disk")
        self.now = now


def read_source(path: Path, address: Address) -> DeckSource:
    """The file at `path`. Raises TrainerError: author.no-such-path, author.cannot-read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise TrainerError("author.no-such-path", path=str(path)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise TrainerError("author.cannot-read", path=str(path), reason=reason) from error
    decoded = decode(content)
    return DeckSource(
        path=path,
        address=address,
        text=plain_line_ends(decoded.text),
        encoding=decoded.encoding,
        line_end=_line_end(decoded.text),
        digest=digest_of(content),
        faithful=decoded.faithful,
    )


def content_of(source: DeckSource, text: str) -> bytes:
    """The bytes of `text` in the encoding and with the line ends of `source`."""
    plain = _UNFIT.sub("\ufffd", plain_line_ends(text))
    return encode(plain.replace("\n", source.line_end), source.encoding)


def write_source(source: DeckSource, text: str) -> DeckSource:
    """Put `text` in the place of the file that `source` was read from, in one move.

    Raises ChangedOnDisk when the file is no longer that one, and TrainerError (disk.*,
    file.locked); in both cases nothing is touched.
    """
    now = _digest_on_disk(source.path)
    if now != source.digest:
        raise ChangedOnDisk(read_source(source.path, source.address) if now else None)
    return overwrite(source, text)


def overwrite(source: DeckSource, text: str) -> DeckSource:
    """As `write_source`, whatever lies there. Raises TrainerError (disk.*, file.locked)."""
    content = content_of(source, text)
    try:
        source.path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        known = disk_error(error, source.path)
        if known is None:
            raise
        raise known from error
    write_whole(source.path, content)
    return DeckSource(
        source.path,
        source.address,
        plain_line_ends(text),
        source.encoding,
        source.line_end,
        digest_of(content),
    )


def digest_of(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _digest_on_disk(path: Path) -> str:
    """ "" when there is no file. Raises TrainerError (disk.*, file.locked)."""
    try:
        return digest_of(path.read_bytes())
    except FileNotFoundError:
        return ""
    except OSError as error:
        known = disk_error(error, path)
        if known is None:
            raise
        raise known from error


def _line_end(text: str) -> str:
    """The line end most lines have."""
    windows = text.count("\r\n")
    counts = {
        "\n": text.count("\n") - windows,
        "\r\n": windows,
        "\r": text.count("\r") - windows,
    }
    return max(counts, key=lambda end: counts[end])
