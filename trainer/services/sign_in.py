"""The people who learn on this PC: their tiles, their PINs, their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.foundation.clock import Clock
from trainer.storage.learners import LearnerFile


@dataclass(frozen=True, slots=True)
class Person:
    """A tile on the sign-in screen."""

    learner_id: str
    name: str
    colour: str  # one of "teal", "blue", "amber", "violet", "rose", "slate"
    has_pin: bool
    last_seen: int | None  # milliseconds UTC
    damaged: bool = False  # the file will be repaired at sign-in


class People:
    """Everyone with a folder below `data`/learners."""

    def __init__(self, data: Path, clock: Clock) -> None:
        raise NotImplementedError

    def all(self) -> Sequence[Person]:
        """Last seen first. A folder that cannot be read is left out and logged."""
        raise NotImplementedError

    def create(self, name: str, colour: str, pin: str | None = None) -> Person:
        """Raises TrainerError: person.name-empty, person.name-taken, person.pin-short, disk.*"""
        raise NotImplementedError

    def open(self, learner_id: str, pin: str | None = None) -> LearnerFile:
        """The learner's file, migrated, backed up and, when damaged, recovered.

        Raises TrainerError: person.pin-wrong (after a growing pause), person.gone, disk.*
        `LearnerFile.notice` is a (code, blanks) sentence to show once, or None.
        """
        raise NotImplementedError

    def rename(self, learner_id: str, name: str) -> None:
        raise NotImplementedError

    def set_pin(self, learner_id: str, old: str | None, new: str | None) -> None:
        raise NotImplementedError

    def remove(self, learner_id: str) -> Path:
        """Move the person's folder to `data`/removed/… and return where it is now (undoable)."""
        raise NotImplementedError

    def restore(self, removed: Path) -> Person:
        """The undo of `remove`."""
        raise NotImplementedError
