"""Where a deck's images may lie: beside it, inside the content folder, on this machine."""

import posixpath
import re
from typing import Literal
from urllib.parse import unquote

_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\(\s?<?([^)\s>]+)")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}:|//|\\\\")

Trouble = Literal["", "network", "escapes"]


def images_in(text: str) -> list[tuple[int, str]]:
    """Offset and target of every image in `text`."""
    return [(found.start(1), found[1]) for found in _IMAGE.finditer(text)]


def image_path(target: str, folder: str) -> tuple[str, Trouble]:
    """The path below the content folder of the image `target` names in a deck that lies in
    `folder` (forward slashes), or what forbids it."""
    if _SCHEME.match(target):
        # A drive letter is one letter and a colon; anything longer is the scheme of an address.
        return "", "escapes" if target[1:2] == ":" or target.startswith("\\") else "network"
    plain = unquote(target).replace("\\", "/").partition("?")[0].partition("#")[0]
    if plain.startswith("/") or "\0" in plain or ":" in plain:
        return "", "escapes"
    path = posixpath.normpath(posixpath.join(folder, plain))
    if path == ".." or path.startswith("../"):
        return "", "escapes"
    return path, ""
