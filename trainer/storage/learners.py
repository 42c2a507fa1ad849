"""The file of one learner: log, marks, profile, and the caches over them."""

import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from trainer.foundation.clock import milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Settings
from trainer.storage.answer_writer import AnswerWriter
from trainer.storage.backups import Backups
from trainer.storage.database import (
    Statement,
    bring_up_to_date,
    connect,
    connect_to_read,
    create,
    shape_is_damaged,
    told,
    transaction,
)
from trainer.storage.recovery import Notice, is_damaged, recover
from trainer.storage.schema import LEARNER_VERSION

FILE_NAME = "learner.sqlite"

_SET = (
    "insert into profile (key, value) values (?, ?)"
    " on conflict (key) do update set value = excluded.value"
)


class LearnerFile:
    """An open learner. Belongs to one thread; others use `connect()` and `writer`.

    `notice` is a (code, blanks) sentence to show once, or None.
    """

    def __init__(
        self, folder: Path, connection: sqlite3.Connection, notice: Notice | None = None
    ) -> None:
        self.learner_id = folder.name
        self.path = folder / FILE_NAME
        self.notice = notice
        self.connection = connection
        self._profile: dict[str, str] = dict(
            connection.execute("select key, value from profile").fetchall()
        )
        self._writer: AnswerWriter | None = None
        self._backup_thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        return self._profile.get("name", self.learner_id)

    @property
    def settings(self) -> Settings:
        """What this learner has set; `settings.over(those of the PC)` fills the rest."""
        return Settings(self._profile, self.set_profile_values)

    @property
    def backups(self) -> Backups:
        return Backups(self.path.parent / "backups")

    @property
    def writer(self) -> AnswerWriter:
        """The one writer of this file, started when it is first needed."""
        if self._writer is None:
            self._writer = AnswerWriter(self.path, self.connect)
        return self._writer

    def connect(self) -> sqlite3.Connection:
        """Another connection, for another thread; the caller closes it. Raises TrainerError."""
        return connect(self.path)

    def profile(self, key: str, default: str = "") -> str:
        return self._profile.get(key, default)

    def set_profile_values(self, values: Mapping[str, str]) -> None:
        """Remember `values`; they are on the disk a moment later, like an answer."""
        self._profile.update(values)
        statements: list[Statement] = [(_SET, item) for item in values.items()]
        self.writer.submit(statements)

    def remember_visit(self, now: datetime) -> None:
        """Write down that the learner is here. Not worth waiting for the disk, nor failing."""
        value = str(milliseconds(now))
        with suppress(sqlite3.Error, UnicodeDecodeError):
            self.connection.execute("pragma synchronous = normal")
            self.connection.execute(_SET, ("last-seen", value))
        with suppress(sqlite3.Error):
            self.connection.execute("pragma synchronous = full")
        self._profile["last-seen"] = value

    def back_up_later(self, now: datetime) -> None:
        """Make a backup in the background when the content changed since the last one.

        A backup that fails costs nothing but the backup: the next close tries again.
        """

        def work() -> None:
            with suppress(TrainerError):
                self.backups.make(self.path, now)

        self._backup_thread = threading.Thread(target=work, name="backup", daemon=True)
        self._backup_thread.start()

    def close(self, now: datetime | None = None) -> None:
        """Write everything out, make a backup when something changed (`now` given), let go.

        Raises TrainerError when answers are left that the disk does not take; the file then
        stays open, so that it can be tried again.
        """
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._backup_thread is not None:
            self._backup_thread.join()
            self._backup_thread = None
        if now is not None:
            with suppress(TrainerError):
                self.backups.make(self.path, now)
        with suppress(sqlite3.Error):
            self.connection.close()


def create_learner(folder: Path, profile: Mapping[str, str]) -> LearnerFile:
    """A new learner's file in the new folder `folder`. Raises TrainerError (disk.*)."""
    path = folder / FILE_NAME
    part = path.with_name("new.sqlite")
    with told(folder):
        folder.mkdir(parents=True)
        with closing(create(part)) as connection:
            _migrate(connection)
            with transaction(connection):
                connection.executemany(_SET, profile.items())
        # Under its own name the file is complete from the first moment.
        part.replace(path)
    return LearnerFile(folder, connect(path))


def open_learner(folder: Path, now: datetime) -> LearnerFile:
    """The learner whose file lies in `folder`: repaired, migrated, backed up in the background.

    Raises TrainerError: person.gone (no such folder), disk.*, file.locked, file.newer.
    """
    path = folder / FILE_NAME
    if not folder.is_dir():
        raise TrainerError("person.gone", learner_id=folder.name)
    notice = repair(folder, now) if is_damaged(path) else None
    try:
        file = _opened(folder, now, notice)
    except TrainerError as error:
        if error.code != "file.damaged" or notice is not None:
            raise
        file = _opened(folder, now, repair(folder, now))
    file.back_up_later(now)
    file.remember_visit(now)
    return file


def _opened(folder: Path, now: datetime, notice: Notice | None) -> LearnerFile:
    path = folder / FILE_NAME
    connection = connect(path)
    try:
        bring_up_to_date(
            connection, path, LEARNER_VERSION, _migrate, lambda: _before_migration(path, now)
        )
        with told(path):
            _require_ours(connection, path)
            return LearnerFile(folder, connection, notice)
    except BaseException:
        connection.close()
        raise


def read_profile(folder: Path) -> dict[str, str]:
    """The profile of the learner in `folder` without opening the file for work.

    Raises TrainerError: file.damaged (also when it is missing), disk.*, file.locked.
    """
    path = folder / FILE_NAME
    with told(path):
        if not path.is_file() or shape_is_damaged(path):
            raise TrainerError("file.damaged", path=str(path))
        with closing(connect_to_read(path)) as connection:
            _require_ours(connection, path)
            return dict(connection.execute("select key, value from profile").fetchall())


def _require_ours(connection: sqlite3.Connection, path: Path) -> None:
    """A sound database can still be the wrong one: an empty one, or another program's."""
    query = "select count(*) from sqlite_schema where name in ('review', 'mark', 'profile')"
    if connection.execute(query).fetchone()[0] != 3:
        raise TrainerError("file.damaged", path=str(path))


def change_profile(folder: Path, values: Mapping[str, str]) -> None:
    """Write profile values of a learner who is not signed in. Raises TrainerError."""
    path = folder / FILE_NAME
    with closing(connect(path)) as connection, told(path), transaction(connection):
        connection.executemany(_SET, values.items())


def repair(folder: Path, now: datetime) -> Notice:
    """Put a sound file in the place of a damaged or missing one. Raises TrainerError (disk.*)."""
    return recover(folder / FILE_NAME, Backups(folder / "backups"), now)


def backed_up_profile(folder: Path) -> dict[str, str]:
    """Who it was, by the newest good backup; empty when there is none."""
    backup = next(Backups(folder / "backups").good(), None)
    if backup is None:
        return {}
    with told(backup.path), closing(connect_to_read(backup.path, immutable=True)) as connection:
        return dict(connection.execute("select key, value from profile").fetchall())


def _before_migration(path: Path, now: datetime) -> None:
    Backups(path.parent / "backups").make(path, now)


def _migrate(connection: sqlite3.Connection) -> None:
    # sqlite-utils takes 80 ms to load: only when a migration is due.
    from trainer.storage.migrations import migrate_learner

    migrate_learner(connection)
