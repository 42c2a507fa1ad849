"""Places in source files, and what there is to say about them.

Lines and columns count from 1. A column is one Unicode code point, so 茶 is one column; an
editor that counts in UTF-16 converts at its own edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath


@dataclass(frozen=True, slots=True, order=True)
class Place:
    path: PurePath
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}:{self.column}"


class Level(StrEnum):
    ERROR = "error"  # keeps a card out of study
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Fix:
    """Replace the text from `start` up to, not including, `end` by `replacement`."""

    start: Place
    end: Place
    replacement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about one place. `code` names the sentence, `blanks` fill it."""

    place: Place
    level: Level
    code: str
    blanks: Mapping[str, object] = field(default_factory=dict)
    fix: Fix | None = None
