"""The people who learn on this PC: their tiles, their PINs, their files.

A PIN keeps neighbours out of each other's progress, nothing more: the files are not encrypted, and
who can read the folder can read them.
"""

import logging
import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.foundation.clock import Clock, milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.identifiers import slug
from trainer.storage.database import told
from trainer.storage.learners import (
    LearnerFile,
    backed_up_profile,
    change_profile,
    create_learner,
    open_learner,
    read_profile,
    repair,
)

COLOURS = ("teal", "blue", "amber", "violet", "rose", "slate")
SHORTEST_PIN = 4
LONGEST_NAME = 40

# 32 MB and three passes: 0.05 s on a good PC, 0.2 s on a slow one.
_OPERATIONS = 3
_MEMORY = 32 << 20

# Wrong PINs: two slips are free, then each doubles the pause, up to a minute.
_FREE_TRIES = 2
_LONGEST_PAUSE = 60

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """A tile on the sign-in screen."""

    learner_id: str
    name: str
    colour: str  # one of COLOURS
    has_pin: bool
    last_seen: int | None  # milliseconds UTC
    damaged: bool = False  # the file will be repaired at sign-in


class People:
    """Everyone with a folder below `data`/learners."""

    def __init__(
        self, data: Path, clock: Clock, random_bytes: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._learners = data / "learners"
        self._removed = data / "removed"
        self._clock = clock
        self._random_bytes = random_bytes

    def all(self) -> Sequence[Person]:
        """Last seen first. A folder that cannot be read is left out and logged."""
        people = []
        for folder in self._folders():
            try:
                people.append(self._person(folder))
            except TrainerError as error:
                _log.warning("The learner in %s is left out: %s", folder.name, error)
        return sorted(people, key=lambda person: (-(person.last_seen or 0), person.name))

    def create(self, name: str, colour: str, pin: str | None = None) -> Person:
        """Raises TrainerError: person.name-empty, person.name-taken, person.pin-short, disk.*"""
        name = self._free_name(name)
        profile = {"name": name, "colour": colour if colour in COLOURS else COLOURS[0]}
        if pin is not None:
            profile["pin"] = _locked(pin)
        taken = {folder.name for folder in self._folders()}
        stem = slug(name, fallback="learner")
        learner_id = f"{stem}-{self._random_bytes(3).hex()}"
        while learner_id in taken:
            learner_id = f"{stem}-{self._random_bytes(3).hex()}"
        create_learner(self._learners / learner_id, profile).close()
        return self._person(self._learners / learner_id)

    def open(self, learner_id: str, pin: str | None = None) -> LearnerFile:
        """The learner's file, migrated, backed up and, when damaged, recovered.

        Raises TrainerError: person.pin-wrong, person.pin-wait (blank seconds: too many wrong ones,
        nobody looked at this one), person.gone, disk.*
        `LearnerFile.notice` is a (code, blanks) sentence to show once, or None.
        """
        folder = self._folder(learner_id)
        now = self._clock.now()
        notice = None
        try:
            profile = read_profile(folder)
        except TrainerError as error:
            if error.code != "file.damaged":
                raise
            notice = repair(folder, now)
            profile = read_profile(folder)
        self._let_in(folder, profile, pin)
        learner = open_learner(folder, now)
        learner.notice = learner.notice or notice
        return learner

    def rename(self, learner_id: str, name: str) -> None:
        """Raises TrainerError: person.name-empty, person.name-taken, person.gone, disk.*"""
        folder = self._folder(learner_id)
        change_profile(folder, {"name": self._free_name(name, besides=learner_id)})

    def recolour(self, learner_id: str, colour: str) -> None:
        """Raises ValueError for a colour that is not in COLOURS; TrainerError: person.gone …"""
        if colour not in COLOURS:
            raise ValueError(colour)
        change_profile(self._folder(learner_id), {"colour": colour})

    def set_pin(self, learner_id: str, old: str | None, new: str | None) -> None:
        """Raises TrainerError: person.pin-wrong, person.pin-wait, person.pin-short …"""
        folder = self._folder(learner_id)
        self._let_in(folder, read_profile(folder), old)
        change_profile(folder, {"pin": _locked(new) if new is not None else ""})

    def forget_pin(self, learner_id: str) -> None:
        """For the teacher, when a learner has forgotten it."""
        change_profile(self._folder(learner_id), {"pin": "", "pin-tries": ""})

    def remove(self, learner_id: str) -> Path:
        """Move the person's folder to `data`/removed/… and return where it is now (undoable)."""
        folder = self._folder(learner_id)
        target = self._removed / f"{learner_id}~{self._clock.now():%Y%m%d-%H%M%S}"
        number = 1
        while target.exists():
            number += 1
            target = target.with_name(f"{target.name}~{number}")
        with told(folder):
            self._removed.mkdir(parents=True, exist_ok=True)
            folder.rename(target)
        return target

    def restore(self, removed: Path) -> Person:
        """The undo of `remove`. Raises TrainerError: person.gone, person.name-taken, disk.*"""
        learner_id = removed.name.partition("~")[0]
        target = self._learners / learner_id
        if removed.parent != self._removed or not removed.is_dir():
            raise TrainerError("person.gone", learner_id=learner_id)
        name = self._person(removed).name
        if target.exists():
            raise TrainerError("person.name-taken", name=name)
        self._free_name(name)
        with told(removed):
            self._learners.mkdir(parents=True, exist_ok=True)
            removed.rename(target)
        return self._person(target)

    def _folders(self) -> list[Path]:
        try:
            return [folder for folder in self._learners.iterdir() if folder.is_dir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            _log.warning("The learners in %s cannot be listed: %s", self._learners, error)
            return []

    def _folder(self, learner_id: str) -> Path:
        """Raises TrainerError person.gone; an id is never a path that leads elsewhere."""
        folder = self._learners / learner_id
        if folder.parent != self._learners or learner_id in {"", ".", ".."} or not folder.is_dir():
            raise TrainerError("person.gone", learner_id=learner_id)
        return folder

    def _person(self, folder: Path) -> Person:
        damaged = False
        try:
            profile = read_profile(folder)
        except TrainerError as error:
            if error.code != "file.damaged":
                raise
            damaged = True
            profile = backed_up_profile(folder)
        colour = profile.get("colour", "")
        seen = profile.get("last-seen", "")
        return Person(
            learner_id=folder.name.partition("~")[0],
            name=profile.get("name") or folder.name.partition("~")[0],
            colour=colour if colour in COLOURS else COLOURS[0],
            has_pin=_is_lock(profile.get("pin", "")),
            last_seen=int(seen) if seen.isascii() and seen.isdecimal() else None,
            damaged=damaged,
        )

    def _free_name(self, name: str, besides: str = "") -> str:
        """`name` tidied up. Raises TrainerError person.name-empty, person.name-taken."""
        visible = "".join(letter if letter.isprintable() else " " for letter in name)
        name = " ".join(unicodedata.normalize("NFC", visible).split())[:LONGEST_NAME].strip()
        if not name:
            raise TrainerError("person.name-empty")
        for folder in self._folders():
            if folder.name == besides:
                continue
            try:
                other = self._person(folder).name
            except TrainerError:
                continue
            if _alike(other) == _alike(name):
                raise TrainerError("person.name-taken", name=name)
        return name

    def _let_in(self, folder: Path, profile: dict[str, str], pin: str | None) -> None:
        """Raises TrainerError person.pin-wrong and person.pin-wait."""
        lock = profile.get("pin", "")
        if not _is_lock(lock):
            return
        now = self._clock.now()
        tries, last = _tries(profile.get("pin-tries", ""))
        pause = _pause_after(tries)
        # A clock that was set back must not lock anybody out for years.
        left = min(pause, pause - (milliseconds(now) - last) / 1000)
        if left > 0:
            raise TrainerError("person.pin-wait", seconds=max(1, round(left)))
        if pin is not None and _opens(lock, pin):
            if tries:
                change_profile(folder, {"pin-tries": ""})
            return
        if pin is not None:
            tries += 1
            change_profile(folder, {"pin-tries": f"{tries} {milliseconds(now)}"})
        raise TrainerError("person.pin-wrong", seconds=_pause_after(tries))


def _alike(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _pause_after(tries: int) -> int:
    """Seconds to wait after so many wrong PINs in a row."""
    if tries <= _FREE_TRIES:
        return 0
    return int(min(2 ** min(tries - _FREE_TRIES, 10), _LONGEST_PAUSE))


def _tries(text: str) -> tuple[int, int]:
    """How many wrong PINs in a row, and when the last one was given (milliseconds UTC)."""
    count, _, moment = text.partition(" ")
    try:
        return int(count), int(moment)
    except ValueError:
        return 0, 0


def _bytes_of(pin: str) -> bytes:
    """Digits from a Chinese input method (１２３４) are the same PIN."""
    return unicodedata.normalize("NFKC", pin).strip().encode("utf-8")


def _locked(pin: str) -> str:
    """What is kept of a PIN. Raises TrainerError person.pin-short."""
    from nacl.pwhash import argon2id  # 30 ms to load, and most people have no PIN

    plain = _bytes_of(pin)
    if len(plain.decode("utf-8")) < SHORTEST_PIN:
        raise TrainerError("person.pin-short", least=SHORTEST_PIN)
    return argon2id.str(plain, opslimit=_OPERATIONS, memlimit=_MEMORY).decode("ascii")


def _is_lock(lock: str) -> bool:
    """A lock that no key can fit (a damaged one) keeps nobody out."""
    return lock.startswith("$argon2id$") and lock.isascii() and len(lock) > 60


def _opens(lock: str, pin: str) -> bool:
    from nacl.exceptions import InvalidkeyError  # see _locked
    from nacl.pwhash import argon2id

    try:
        return bool(argon2id.verify(lock.encode("ascii"), _bytes_of(pin)))
    except InvalidkeyError:
        return False
