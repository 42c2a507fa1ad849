"""Settings as data: each has a name, a default and what is allowed; a bad value is the default.

They are kept as text (JSON) under their names: for this PC in one file, for a learner in the
learner's profile. Whoever reads them passes the place they are kept in.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T", bound=str | int | float | bool)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One thing that can be set. Its type is that of the default; other modules may make more."""

    name: str
    default: T
    allowed: tuple[T, ...] = ()  # empty: anything between `least` and `most`
    least: T | None = None
    most: T | None = None
    is_date: bool = False  # "2026-12-01", or ""

    def read(self, text: str | None) -> T:
        """The value written as `text`; the default for anything that makes no sense."""
        if text is None:
            return self.default
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return self.default
        kind = type(self.default)
        if kind is float and type(value) is int:
            value = float(value)
        return value if type(value) is kind and self.allows(value) else self.default

    def allows(self, value: T) -> bool:
        if self.allowed:
            return value in self.allowed
        if self.is_date:
            return value == "" or _is_date(str(value))
        # A NaN is neither above nor below anything.
        high_enough = self.least is None or value >= self.least  # type: ignore[operator] # same type
        low_enough = self.most is None or value <= self.most  # type: ignore[operator] # same type
        return high_enough and low_enough


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


INTERFACE_LANGUAGE = Setting("interface-language", "", allowed=("", "en", "zh_CN"))  # "": system's
CARD_LANGUAGE = Setting("card-language", "", allowed=("", "en", "zh"))  # "": the interface's
THEME = Setting("theme", "system", allowed=("system", "light", "dark", "high-contrast"))
SCALE = Setting("scale", 100, least=100, most=200)  # percent
REDUCED_MOTION = Setting("reduced-motion", "system", allowed=("system", "on", "off"))
DESIRED_RETENTION = Setting("desired-retention", 0.9, least=0.7, most=0.97)
NEW_CARDS_A_DAY = Setting("new-cards-a-day", 20, least=0, most=999)
MINUTES_A_DAY = Setting("minutes-a-day", 20, least=1, most=600)
EXAM_DATE = Setting("exam-date", "", is_date=True)
TEACHES = Setting("teaches", False)  # the teacher's desk is for those who do
LAST_LEARNER = Setting("last-learner", "")
WINDOW_STATE = Setting("window-state", "")  # as the window wrote it, in letters
OWN_CONTENT = Setting("own-content", "")  # folder of the decks written here; "": the usual one
PACK_FOLDER = Setting("pack-folder", "")  # where newer content packs are put for this PC

SETTINGS: tuple[Setting[str] | Setting[int] | Setting[float] | Setting[bool], ...] = (
    INTERFACE_LANGUAGE,
    CARD_LANGUAGE,
    THEME,
    SCALE,
    REDUCED_MOTION,
    DESIRED_RETENTION,
    NEW_CARDS_A_DAY,
    MINUTES_A_DAY,
    EXAM_DATE,
    TEACHES,
    LAST_LEARNER,
    WINDOW_STATE,
    OWN_CONTENT,
    PACK_FOLDER,
)


class Settings:
    """What is set in one place; what is not set there comes from `fallback`, then the default."""

    def __init__(
        self,
        stored: Mapping[str, str],
        write: Callable[[Mapping[str, str]], None],
        fallback: "Settings | None" = None,
    ) -> None:
        """`stored` is read at every look, so it may change; `write` gets what changed."""
        self._stored = stored
        self._write = write
        self._fallback = fallback

    def __getitem__(self, setting: Setting[T]) -> T:
        if setting.name not in self._stored and self._fallback is not None:
            return self._fallback[setting]
        return setting.read(self._stored.get(setting.name))

    def __setitem__(self, setting: Setting[T], value: T) -> None:
        """Raises ValueError for a value that is not allowed, and what the place raises."""
        if not setting.allows(value):
            raise ValueError(f"{setting.name}: {value!r}")
        self._write({setting.name: json.dumps(value, ensure_ascii=False)})

    def __contains__(self, setting: Setting[T]) -> bool:
        """Is it set here (and not only in the fallback)?"""
        return setting.name in self._stored

    def over(self, fallback: "Settings") -> "Settings":
        """The same settings, with `fallback` for what is not set here."""
        return Settings(self._stored, self._write, fallback)


class SettingsFile(Mapping[str, str]):
    """The settings of this PC: a JSON object in one file, its values as text.

    A file that is missing or damaged counts as empty; keys nobody knows stay in it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._read()

    def __getitem__(self, name: str) -> str:
        return json.dumps(self._values[name], ensure_ascii=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def settings(self) -> Settings:
        return Settings(self, self.write)

    def write(self, changes: Mapping[str, str]) -> None:
        """Store `changes` as a whole or not at all. Raises OSError; they then hold until the end
        of the program."""
        # Another window may have written since; of one setting the last one wins.
        self._values = {**self._values, **self._read()}
        self._values.update({name: json.loads(text) for name, text in changes.items()})
        text = json.dumps(self._values, ensure_ascii=False, indent=1, sort_keys=True)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        try:
            with part.open("w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        finally:
            part.unlink(missing_ok=True)

    def _read(self) -> dict[str, object]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}
