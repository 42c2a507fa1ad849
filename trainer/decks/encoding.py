"""Bytes of a deck file to text and back: UTF-8, UTF-16 with a mark, GB18030; any line ends."""

import codecs
import re
from dataclasses import dataclass, replace
from typing import Literal

Encoding = Literal["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030"]

# A file in which more than this share of the non-ASCII characters is unreadable as UTF-8 was
# never UTF-8; below it, some bytes were damaged.
_DAMAGED_SHARE = 0.1
_REPLACED = "\ufffd"
_UNFIT = re.compile("[\0\ud800-\udfff]")
_MARKS: dict[Encoding, bytes] = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, without its byte order mark.

    `damage` and `unfit` are offsets into `text`, or -1: of the first bytes that could not be
    read, and of the first character that no text may hold (NUL, half a surrogate pair). Both
    stand in the text as U+FFFD.
    """

    text: str
    encoding: Encoding
    damage: int = -1
    unfit: int = -1

    @property
    def faithful(self) -> bool:
        """Whether `encode` gives the file's bytes again."""
        return self.damage < 0 and self.unfit < 0


def decode(source: str | bytes) -> Decoded:
    """The text in `source`, whatever it holds; line ends as they are."""
    if isinstance(source, str):
        return _without_unfit(Decoded(source.removeprefix("\ufeff"), "utf-8"))
    for encoding, mark in _MARKS.items():
        if source.startswith(mark):
            body: Encoding = "utf-8" if encoding == "utf-8-sig" else encoding
            return _without_unfit(replace(_read(source[len(mark) :], body), encoding=encoding))
    decoded = _read(source, "utf-8")
    if decoded.damage >= 0 and not _nearly_utf8(decoded.text):
        other = _read(source, "gb18030")
        decoded = other if other.damage < 0 else decoded
    return _without_unfit(decoded)


def encode(text: str, encoding: Encoding) -> bytes:
    """The bytes of a file in `encoding`, with the byte order mark that belongs to it."""
    if encoding == "utf-8-sig":
        return text.encode(encoding)
    return _MARKS.get(encoding, b"") + text.encode(encoding)


def plain_line_ends(text: str) -> str:
    """`text` with every line end of Windows or of an old Macintosh as "\\n"."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read(source: bytes, encoding: Encoding) -> Decoded:
    try:
        return Decoded(source.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        before = source[: error.start].decode(encoding)
        return Decoded(source.decode(encoding, "replace"), encoding, damage=len(before))


def _nearly_utf8(text: str) -> bool:
    foreign = sum(len(run) for run in re.findall(r"[^\x00-\x7f]+", text))
    return text.count(_REPLACED) <= foreign * _DAMAGED_SHARE


def _without_unfit(decoded: Decoded) -> Decoded:
    text = decoded.text
    if "\0" not in text and (text.isascii() or _is_whole(text)):
        return decoded
    first = _UNFIT.search(text)
    if first is None:
        return decoded
    return replace(decoded, text=_UNFIT.sub(_REPLACED, text), unfit=first.start())


def _is_whole(text: str) -> bool:
    """Whether no half surrogate pair stands in `text`: quicker than looking for one."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
