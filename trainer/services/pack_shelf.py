"""Which packs are installed, and the folders their decks lie in. Light: asked at every start."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

SHELF_FILE = "shelf.json"


class Shelved(msgspec.Struct, frozen=True):
    """One installed pack. Folders are names below `<packs>/<pack id>/`."""

    pack_id: str
    current: str
    previous: str = ""  # the version to roll back to
    refused: str = ""  # the version that was rolled back: not taken up by itself again


class Shelf(msgspec.Struct, frozen=True):
    """Installed packs in order of precedence: where two have the same deck, the later one wins."""

    packs: tuple[Shelved, ...] = ()
    removed: dict[str, str] = {}  # pack id, and the version that is not taken up by itself again


def read_shelf(packs: Path) -> Shelf:
    """The shelf kept in the folder `packs`; an empty one when there is none or it is damaged."""
    try:
        return msgspec.json.decode((packs / SHELF_FILE).read_bytes(), type=Shelf)
    except (OSError, msgspec.MsgspecError):
        return Shelf()


def pack_folders(packs: Path) -> Sequence[Path]:
    """The content folders of the installed packs, the one that wins last."""
    return [_in_use(packs / one.pack_id, one) for one in read_shelf(packs).packs]


def _in_use(home: Path, one: Shelved) -> Path:
    """A version that went missing, with a damaged disk, gives way to the one before."""
    current = home / one.current
    if one.previous and not current.is_dir() and (home / one.previous).is_dir():
        return home / one.previous
    return current
