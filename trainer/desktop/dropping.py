"""Files dropped on the window: which they are, and which part of the teacher's desk takes them."""

from pathlib import Path

from PySide6.QtCore import QMimeData

PACK = ".trpack"


def dropped_file(data: QMimeData) -> Path | None:
    """The one file that is dropped."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return Path(paths[0]) if len(paths) == 1 and Path(paths[0]).is_file() else None


def part_for(path: Path) -> str:
    """The part of the desk that takes the file; "" for files nobody knows."""
    # Loaded when something is dragged over the window.
    from trainer.exchange.formats import FORMATS

    name = path.name.lower()
    if name.endswith(PACK):
        return "packs"
    known = {suffix for one in FORMATS if one.imports for suffix in one.suffixes}
    return "exchange" if name.endswith((*known, ".txt")) else ""
