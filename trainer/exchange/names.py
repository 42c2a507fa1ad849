"""Ids for imported blocks, titles for imported decks, names for imported pictures."""

import re
from collections.abc import Container
from pathlib import PurePosixPath

from trainer.decks.identity import PROVISIONAL
from trainer.foundation.identifiers import SLUG, slug

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"BM", ".bmp"),
)
LARGEST_PICTURE = 16 * 2**20  # bytes
_NOT_NAME = re.compile(r"[^\w-]+")


class BlockNames:
    """Gives every block the id it wishes for, if it can be one and is free, else a provisional
    one, which stamping turns into words of the question."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, wish: str, number: int) -> str:
        wish = wish.strip().rpartition("#")[2].lower()
        if len(wish) <= 80 and SLUG.fullmatch(wish) and wish not in self._taken:
            self._taken.add(wish)
            return wish
        return f"{PROVISIONAL}{number}"


def picture_kind(content: bytes) -> str:
    """The suffix of a picture we can show: by what is in it, not by its name; "" for any other.

    SVG is none of them: it can carry scripts and fetch from the network.
    """
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    return next((suffix for sign, suffix in _SIGNATURES if content.startswith(sign)), "")


def picture_name(wish: str, suffix: str, taken: Container[str]) -> str:
    """A file name for a picture that every system can hold."""
    stem = PurePosixPath(wish.replace("\\", "/")).stem
    stem = _NOT_NAME.sub("-", stem).strip("-")[:60] or "picture"
    # Windows keeps these names to itself.
    if re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", stem):
        stem = f"picture-{stem}"
    name, number = f"{stem}{suffix}", 1
    while name.lower() in taken:
        number += 1
        name = f"{stem}-{number}{suffix}"
    return name


def title_of(file_name: str) -> str:
    """What an imported deck is called when its file says nothing."""
    return PurePosixPath(file_name.replace("\\", "/")).stem.replace("_", " ").strip()


def file_stem(title: str) -> str:
    """A file name for a deck, without its suffix."""
    return slug(title, fallback="imported")
