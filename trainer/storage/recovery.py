"""What happens to a learner's file that is damaged or missing.

The damaged file is set aside under a name with the date; the last good backup, and every row that
can still be read from the damaged file, take its place.
"""

import os
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.foundation.errors import TrainerError
from trainer.storage.backups import Backups
from trainer.storage.database import (
    closed_uncleanly,
    connect,
    content_is_damaged,
    create,
    files_of,
    shape_is_damaged,
    suspicion,
    told,
    transaction,
    write_ahead_log,
)

if TYPE_CHECKING:
    from trainer.storage.union import Merged

Notice = tuple[str, dict[str, object]]  # a message code and its blanks


def is_damaged(path: Path) -> bool:
    """A cheap look, and a thorough one when the last close was unclean or damage was suspected.

    A missing file counts as damaged. Raises TrainerError (disk.*, file.locked).
    """
    with told(path):
        if not path.exists() or shape_is_damaged(path):
            return True
        thorough = suspicion(path).exists()
        unclean = closed_uncleanly(path)
    try:
        with closing(connect(path)) as connection, told(path):
            connection.execute("select count(*) from sqlite_schema").fetchone()
            return (unclean or thorough) and content_is_damaged(connection, every_text=thorough)
    except TrainerError as error:
        if error.code != "file.damaged":
            raise
        return True


def recover(path: Path, backups: Backups, now: datetime) -> Notice:
    """Put a sound file in the place of `path`. Raises TrainerError (disk.*).

    A crash in between leaves either the damaged file or the finished new one, never neither.
    """
    fresh = path.with_name(path.name + ".recovered")
    if fresh.exists() and not path.exists():
        # We were interrupted after setting the damaged file aside.
        with told(path):
            fresh.replace(path)
        return ("recovery.finished", {})
    with told(path):
        for file in files_of(fresh):
            file.unlink(missing_ok=True)
    backup = next(backups.good(), None)
    if backup is not None:
        backups.restore(backup, fresh)
    merged = _fill(fresh, path, new=backup is None)
    aside = _set_aside(path, now)
    with told(path):
        fresh.replace(path)
        suspicion(path).unlink(missing_ok=True)
        _sync_folder(path.parent)
    return _notice(backup.made_at if backup else None, merged, aside)


def _fill(fresh: Path, damaged: Path, *, new: bool) -> "Merged":
    """Complete `fresh` by what can be read from the damaged file."""
    # Damaged files only.
    from trainer.storage.migrations import migrate_learner
    from trainer.storage.union import profile_in, salvage_from

    with closing(create(fresh)) as connection, told(fresh):
        migrate_learner(connection)
        merged = salvage_from(connection, damaged)
        if new:
            with transaction(connection):
                connection.executemany(
                    "insert or replace into profile values (?, ?)", profile_in(damaged).items()
                )
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        connection.execute("pragma journal_mode = delete").fetchall()
    return merged


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Rename the damaged file and its log; None when there is none."""
    stem = f"{path.stem}-damaged-{now:%Y-%m-%d-%H%M%S}"
    aside = path.with_name(f"{stem}{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{stem}-{number}{path.suffix}")
    found = False
    with told(path):
        # The log goes first: without its file it can do no harm, beside a new file it could.
        for source, target in (
            (write_ahead_log(path), write_ahead_log(aside)),
            (path, aside),
        ):
            if source.exists():
                source.replace(target)
                found = True
        for file in files_of(path):
            file.unlink(missing_ok=True)
    return aside if found else None


def _notice(made_at: datetime | None, merged: "Merged", aside: Path | None) -> Notice:
    rows = merged.reviews
    kept = aside.name if aside else ""
    if made_at is None:
        if rows:
            return ("recovery.salvaged", {"answers": rows, "kept": kept})
        return ("recovery.empty", {"kept": kept}) if kept else ("recovery.missing", {})
    shown = _shown(made_at)
    if not kept:
        return ("recovery.restored-only", {"backup": shown})
    return ("recovery.restored", {"backup": shown, "answers": rows, "kept": kept})


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _sync_folder(folder: Path) -> None:
    """So that the new name survives a power cut; Windows does this by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
