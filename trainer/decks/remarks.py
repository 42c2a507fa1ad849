"""Collects what there is to say about one deck while it is read."""

from collections.abc import Mapping
from pathlib import PurePath

from trainer.decks.diagnostics import LEVELS
from trainer.foundation.source import Finding, Fix, Level, Place


class Remarks:
    """Findings of one file. Lines and columns are given as indexes from 0, as in the text."""

    def __init__(self, path: PurePath, levels: Mapping[str, Level] = LEVELS) -> None:
        self.path = path
        self._levels = levels
        self.errors = 0
        self._findings: list[Finding] = []

    def add(
        self, code: str, line: int, column: int = 0, /, *, fix: Fix | None = None, **blanks: object
    ) -> None:
        """Say `code` about a place; `blanks` fill its sentence."""
        level = self._levels[code]
        if level is Level.ERROR:
            self.errors += 1
        place = Place(self.path, line + 1, column + 1)
        self._findings.append(Finding(place, level, code, blanks, fix))

    def fix(self, line: int, start: int, end: int, replacement: str) -> Fix:
        """Replace the columns from `start` up to, not including, `end` of a line."""
        return Fix(
            Place(self.path, line + 1, start + 1), Place(self.path, line + 1, end + 1), replacement
        )

    def in_file_order(self) -> tuple[Finding, ...]:
        return tuple(sorted(self._findings, key=lambda finding: finding.place))
