"""Where the parts are put together: folders, languages, clock. What to open is decided above."""

import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.foundation.clock import Clock
from trainer.foundation.errors import Cancelled, TrainerError
from trainer.foundation.messages import Messages, load_messages, system_language
from trainer.foundation.settings import OWN_CONTENT, PACK_FOLDER, SettingsFile
from trainer.services.content_library import Library
from trainer.services.pack_shelf import pack_folders

if TYPE_CHECKING:
    from trainer.services.content_packs import Packs

_log = logging.getLogger(__name__)

PROGRAM = "PlatformRulesTrainer"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders the program works with."""

    content: Path
    assets: Path
    data: Path  # this PC's cache, settings and learners

    @property
    def settings_file(self) -> Path:
        return self.data / "settings.json"

    @property
    def packs(self) -> Path:
        """Where installed content packs lie."""
        return self.data / "packs"

    @property
    def keys(self) -> Path:
        """Where the key of this PC's author lies."""
        return self.data / "keys"


def program_folder() -> Path:
    """The folder that holds `content`: the checkout, or the folder of the bundled program."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parent.parent


def assets_folder() -> Path:
    """The folder that holds icons and translations; inside the bundle they are not for users."""
    inside: str | None = getattr(sys, "_MEIPASS", None)
    return (Path(inside) if inside else program_folder()) / "assets"


def find_places(data: Path | None = None, content: Path | None = None) -> Places:
    """The folders to use; arguments win over the environment, which wins over the usual ones.

    TRAINER_DATA and TRAINER_CONTENT let a lab's IT point every PC to a drive that is not wiped.
    """
    if data is None:
        data = _from_environment("TRAINER_DATA") or _user_data_folder()
    if content is None:
        content = _from_environment("TRAINER_CONTENT") or program_folder() / "content"
    return Places(content=content, assets=assets_folder(), data=data)


def open_library(places: Places, clock: Clock) -> Library:
    """The decks of this PC, with what was known of them at the last start.

    Raises TrainerError (disk.*) when not even a temporary file can be written.
    """
    return Library(lambda: content_folders(places), places.data / "library.sqlite", clock)


def content_folders(places: Places) -> Sequence[Path]:
    """Where decks come from, the folder that wins last: shipped, installed packs, one's own."""
    return (places.content, *pack_folders(places.packs), own_content(places))


def own_content(places: Places) -> Path:
    """The folder of the decks that are written here; it need not exist yet.

    It is a setting of this PC, so that a teacher can keep it on a share or in a repository.
    """
    chosen = SettingsFile(places.settings_file).settings()[OWN_CONTENT]
    return Path(chosen) if chosen else places.data / "content"


def editable_folders(places: Places) -> Sequence[Path]:
    """The content folders a teacher writes in: one's own, and a folder of the school's that was
    named for all. What came with the program belongs to the program: its next version replaces
    it."""
    bundled = getattr(sys, "frozen", False) and places.content == program_folder() / "content"
    return (own_content(places),) if bundled else (places.content, own_content(places))


def open_packs(places: Places, clock: Clock) -> "Packs":
    """The installed packs. Accepted are, beside those accepted here, this PC's own author and the
    public keys in TRAINER_PACK_AUTHORS, parted by commas: a lab's IT sets it once for all PCs."""
    # Nothing an unchanged start needs.
    from trainer.services.author_key import known_key
    from trainer.services.content_packs import Packs

    keys = os.environ.get("TRAINER_PACK_AUTHORS", "").replace(",", " ").split()
    try:
        own = known_key(places.keys)
    except TrainerError:
        own = None  # told where packs are made
    if own is not None:
        keys.append(own.public.hex())
    return Packs(places.packs, lambda: clock.now().timestamp(), keys)


def pack_share(places: Places) -> Path | None:
    """The folder where newer packs are put for this PC: TRAINER_PACKS, else the setting."""
    found = _from_environment("TRAINER_PACKS")
    if found is not None:
        return found
    chosen = SettingsFile(places.settings_file).settings()[PACK_FOLDER]
    return Path(chosen) if chosen else None


def take_new_packs(places: Places, clock: Clock, report: Callable[[int, int], None]) -> None:
    """Install what is newer on the share, if this PC has one; what goes wrong there is only
    written down, since nobody asked for it. Raises Cancelled when `report` does."""
    share = pack_share(places)
    if share is None:
        return
    try:
        found = open_packs(places, clock).update_from(share, report)
    except Cancelled:
        raise
    except TrainerError as error:
        _log.info("Packs on %s were not taken: %s", share, error)
        return
    for path, why in found.refused.items():
        _log.info("The pack %s was refused: %s", path, why)


def messages_for(places: Places, language: str | None) -> Messages:
    """The sentences in `language`, or in the system's language when it is None."""
    return load_messages(places.assets / "translations", language or usual_language())


def usual_language() -> str:
    """The interface language that suits this system, where nobody has chosen one."""
    return system_language(_system_locale())


def _from_environment(name: str) -> Path | None:
    value = os.environ.get(name, "").strip()
    return Path(value) if value else None


def _user_data_folder() -> Path:
    # Asked only when nothing else says where; it costs some milliseconds to import.
    from platformdirs import user_data_path

    return user_data_path(PROGRAM, appauthor=False)


def _system_locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value
    if sys.platform == "win32":
        import ctypes
        import locale

        code = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(code, "en_US")
    return "en_US"
