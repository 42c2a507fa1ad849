"""Opening SQLite files the one right way, and telling what went wrong in the user's words.

Connections are in autocommit; whoever writes says `begin immediate` through `transaction`.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error

SqlValue = str | int | float | bytes | None
Statement = tuple[str, Sequence[SqlValue]]  # SQL with ? for each of the values

BUSY_SECONDS = 5.0
# Below this much free space a failed write is taken for a full disk.
_FULL_BELOW = 1 << 20

_SHORT_READ = "SQLITE_IOERR_SHORT_READ"
_DAMAGE = {"unsupported file format", "database disk image is malformed"}
_HEADER = b"SQLite format 3\x00"


def world_error(error: BaseException, path: Path) -> TrainerError | None:
    """What `error`, met while working on `path`, means to a person; None when it is a bug.

    Codes: disk.full, disk.read-only, disk.gone, file.damaged, file.locked; blank: path.
    """
    code = None
    if isinstance(error, TrainerError):
        return error
    if isinstance(error, sqlite3.Error):
        code = _sqlite_code(error, path)
    elif isinstance(error, OSError):
        return disk_error(error, path)
    elif isinstance(error, UnicodeDecodeError):
        code = "file.damaged"  # even SQLite's own complaint was no text
    return TrainerError(code, path=str(path)) if code else None


def _sqlite_code(error: sqlite3.Error, path: Path) -> str | None:
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_TOOBIG", _SHORT_READ)):
        return "file.damaged"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")):
        return "file.locked"
    if name.startswith("SQLITE_FULL"):
        return "disk.full"
    if name == "SQLITE_READONLY_DBMOVED":
        return "disk.gone"
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return "disk.read-only"
    if name.startswith("SQLITE_CANTOPEN"):
        return _cannot_open_code(path)
    if name.startswith("SQLITE_IOERR"):
        return _broken_write_code(name, path)
    # Complaints without a number of their own: a flipped bit inside a text, or in the header.
    if "Could not decode to UTF-8" in str(error) or str(error) in _DAMAGE:
        return "file.damaged"
    return None


def _cannot_open_code(path: Path) -> str:
    try:
        if path.exists():
            fit = os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)
            return "disk.gone" if fit else "disk.read-only"
        if path.parent.is_dir() and not os.access(path.parent, os.W_OK):
            return "disk.read-only"
    except OSError:
        pass
    return "disk.gone"


def _broken_write_code(name: str, path: Path) -> str:
    """A write that failed while the folder is still there met a quota or a size limit; with the
    folder gone, a pulled stick or a lost share."""
    try:
        free = shutil.disk_usage(path.parent).free
        there = path.exists()
    except OSError:
        return "disk.gone"
    if not there:
        return "disk.gone"
    writing = name in {"SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMOPEN"}
    return "disk.full" if writing or free < _FULL_BELOW else "disk.gone"


@contextmanager
def told(path: Path, *, ours: bool = True) -> Iterator[None]:
    """Turns what SQLite and the system complain about inside into a `TrainerError`.

    Damage leaves a mark beside the file, so that its next opening looks at everything; not beside
    one that is not `ours` to repair.
    """
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        known = world_error(error, path)
        if known is None:
            raise
        if ours and known.code == "file.damaged":
            leave_suspicion(path)
        raise known from error


def suspicion(path: Path) -> Path:
    """The mark beside a file that looked damaged in use."""
    return path.with_name(path.name + ".check")


def leave_suspicion(path: Path) -> None:
    with suppress(OSError):
        suspicion(path).touch()


def connect(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """A connection to the existing file `path`: WAL, every commit on the disk when it returns.

    `any_thread`: the caller sees to it that one thread at a time uses it. Raises TrainerError
    (disk.*, file.*); a missing file is disk.gone, never silently made anew.
    """
    return _opened(path, "rw", any_thread)


def create(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """The same for a file that may not exist yet; its folder must."""
    return _opened(path, "rwc", any_thread)


def connect_to_read(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """A connection that never writes; `immutable` also does without the write-ahead log."""
    with told(path, ours=False):
        address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if immutable else ''}"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)


def _opened(path: Path, mode: str, any_thread: bool) -> sqlite3.Connection:
    with told(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            check_same_thread=not any_thread,
        )
        try:
            # Without this a REPLACE would slip past the triggers that guard the log.
            connection.execute("pragma recursive_triggers = on")
            connection.execute("pragma foreign_keys = on")
            connection.execute("pragma synchronous = full")
            # A file on a share that knows no shared memory stays with its rollback journal.
            connection.execute("pragma journal_mode = wal")
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; takes the write lock at once, so it can wait for it but never deadlock."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        # After a full disk SQLite may have rolled back by itself.
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def path_of(connection: sqlite3.Connection) -> Path:
    """The file `connection` works on."""
    return Path(connection.execute("pragma database_list").fetchone()[2])


def version_of(connection: sqlite3.Connection) -> int:
    """The number of the last migration that has run on the file."""
    return int(connection.execute("pragma user_version").fetchone()[0])


def write_ahead_log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def files_of(path: Path) -> tuple[Path, ...]:
    """The database and the files SQLite may keep beside it."""
    return (path, *(path.with_name(path.name + tail) for tail in ("-wal", "-shm", "-journal")))


def closed_uncleanly(path: Path) -> bool:
    """True when the last one to use `path` did not close it (or is using it now): the last
    clean close removes the write-ahead log."""
    try:
        return write_ahead_log(path).stat().st_size > 0
    except OSError:
        return False


def shape_is_damaged(path: Path) -> bool:
    """A look at the first bytes and the length: enough for an emptied, torn or foreign file.

    Raises OSError when the file cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(100)
        length = os.fstat(file.fileno()).st_size
    if len(header) < 100:
        # SQLite would throw the write-ahead log of an empty file away: it must not get to see it.
        return True
    if closed_uncleanly(path):
        # The power may have gone while pages were carried over; the log still has them whole.
        return False
    if not header.startswith(_HEADER):
        return True
    page = int.from_bytes(header[16:18], "big")
    page = 65536 if page == 1 else page
    if page < 512 or page & (page - 1):
        return True
    pages = int.from_bytes(header[28:32], "big")
    # The count is only good when it was written by a version that keeps it; ours always does.
    kept = header[24:28] == header[92:96]
    return kept and length < pages * page


def content_is_damaged(connection: sqlite3.Connection, *, every_text: bool = False) -> bool:
    """SQLite's own quick check; `every_text` also reads every row, which finds broken letters."""
    try:
        if connection.execute("pragma quick_check(1)").fetchone()[0] != "ok":
            return True
        if every_text:
            tables = connection.execute(
                "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
            ).fetchall()
            for (name,) in tables:
                for _ in connection.execute(f'select * from "{name}"'):  # noqa: S608 - our names
                    pass
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if (known := world_error(error, Path())) is None or known.code != "file.damaged":
            raise
        return True
    return False


def bring_up_to_date(
    connection: sqlite3.Connection,
    path: Path,
    latest: int,
    migrate: Callable[[sqlite3.Connection], None],
    before: Callable[[], None],
) -> None:
    """Runs `migrate` when the file is older than `latest`, after `before` (a backup).

    Raises TrainerError: file.newer when it comes from a later version of the program,
    file.damaged when it says it was never migrated at all.
    """
    with told(path):
        version = version_of(connection)
        if version > latest:
            raise TrainerError("file.newer", path=str(path))
        if version == 0:
            leave_suspicion(path)
            raise TrainerError("file.damaged", path=str(path))
        if version < latest:
            before()
            migrate(connection)
