"""Copies of a learner's file that make and clear away themselves."""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trainer.foundation.errors import TrainerError
from trainer.storage.database import (
    connect_to_read,
    content_is_damaged,
    files_of,
    shape_is_damaged,
    told,
)

NEWEST = 5
DAYS = 7
WEEKS = 4
# A log of a million answers is 300 MB; a small disk is not to be filled by its copies.
MOST_BYTES = 1 << 30

_NAME = re.compile(r"learner-(\d{4}-\d\d-\d\dT\d{6}Z)\.sqlite")
_STAMP = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    made_at: datetime  # UTC
    path: Path


class Backups:
    """The folder `backups` beside a learner's file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Backup]:
        """Newest first."""
        found = []
        with suppress(FileNotFoundError, NotADirectoryError):
            for path in self._folder.iterdir():
                if match := _NAME.fullmatch(path.name):
                    with suppress(ValueError):
                        moment = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                        found.append(Backup(moment, path))
        return sorted(found, reverse=True)

    def make(self, source: Path, now: datetime) -> Backup | None:
        """Copy the file `source` as it is at this moment, unless the newest copy has the same
        content; then clear away what is no longer needed.

        Others may go on writing meanwhile. Raises TrainerError (disk.*, file.*); file.damaged
        when the copy does not pass SQLite's check: no bad copy pushes out a good one.
        """
        existing = self.all()
        with told(source), closing(connect_to_read(source)) as origin:
            if existing and _content(origin) == _content_of(existing[0].path):
                return None
            moment = now.astimezone(UTC).replace(microsecond=0)
            if existing:
                # A clock that was set back must not make the newest copy look like the oldest.
                moment = max(moment, existing[0].made_at + timedelta(seconds=1))
            self._folder.mkdir(parents=True, exist_ok=True)
            target = self._folder / f"learner-{moment.strftime(_STAMP)}.sqlite"
            _copy(origin, target)
        self.rotate()
        return Backup(moment, target)

    def rotate(self) -> None:
        """Keep the newest five, the last of each of seven days and the last of each of four weeks
        (days and weeks that have one), and of these not more than a gigabyte."""
        backups = self.all()
        kept = kept_of([backup.made_at for backup in backups])
        size = 0
        for number, backup in enumerate(backups):
            with suppress(OSError):
                size += backup.path.stat().st_size
                if backup.made_at not in kept or (number >= 2 and size > MOST_BYTES):
                    backup.path.unlink()

    def good(self) -> Iterator[Backup]:
        """The copies that pass SQLite's check, newest first."""
        for backup in self.all():
            with suppress(OSError, UnicodeDecodeError, sqlite3.Error):
                if shape_is_damaged(backup.path):
                    continue
                with closing(connect_to_read(backup.path, immutable=True)) as connection:
                    if not content_is_damaged(connection, every_text=True):
                        yield backup

    def restore(self, backup: Backup, target: Path) -> None:
        """Write the content of `backup` to the new file `target`. Raises TrainerError."""
        with told(target), closing(connect_to_read(backup.path, immutable=True)) as origin:
            _copy(origin, target)


def kept_of(moments: Iterable[datetime]) -> set[datetime]:
    """Which of these backups stay."""
    newest_first = sorted(moments, reverse=True)
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    for moment in newest_first:
        days.setdefault(moment.date(), moment)
        weeks.setdefault(moment.isocalendar()[:2], moment)
    return {
        *newest_first[:NEWEST],
        *list(days.values())[:DAYS],
        *list(weeks.values())[:WEEKS],
    }


def _content(connection: sqlite3.Connection) -> tuple[object, ...]:
    """What tells two states of a file apart: the tables that only grow, and the profile."""
    counts = connection.execute(
        "select (select max(rowid) from review), (select max(rowid) from mark),"
        " (select max(rowid) from answer_text), (select max(rowid) from card_alias)"
    ).fetchone()
    profile = connection.execute(
        "select key, value from profile where key != 'last-seen' order by key"
    ).fetchall()
    return (*counts, *profile)


def _content_of(path: Path) -> tuple[object, ...] | None:
    """The same of a backup; None when it cannot be read."""
    try:
        with closing(connect_to_read(path, immutable=True)) as connection:
            return _content(connection)
    except (OSError, UnicodeDecodeError, sqlite3.Error):
        return None


def _copy(origin: sqlite3.Connection, target: Path) -> None:
    """A whole, checked copy appears under the name `target`, or nothing does."""
    part = target.with_name(target.name + ".part")
    for file in files_of(part):
        file.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            origin.backup(copy)
            # One file without companions, so that it can be carried about.
            copy.execute("pragma journal_mode = delete")
            if content_is_damaged(copy):
                raise TrainerError("file.damaged", path=str(target))
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    finally:
        for file in files_of(part):
            with suppress(OSError):
                file.unlink(missing_ok=True)
