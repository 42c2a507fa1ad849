"""Two files of one learner become one: the union by id of everything that only grows.

Order and repetition do not matter: sticks, shares, a class server and a restored backup can meet in
any order and agree. New rows get the highest rowids, by which the caches over them catch up.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trainer.foundation.errors import TrainerError
from trainer.storage.carving import SqlRow, rows_in
from trainer.storage.database import files_of, told, transaction

# The tables that only grow, their first key, and the columns they have had from the beginning.
GROWING: Mapping[str, tuple[str, ...]] = {
    "review": (
        "review_id",
        "learner_id",
        "card_id",
        "language",
        "answered_at",
        "zone",
        "kind",
        "rating",
        "response",
        "correct",
        "taken_ms",
        "question_digest",
        "answer_digest",
        "scheduler",
        "device",
        "undoes",
    ),
    "mark": ("mark_id", "learner_id", "card_id", "at", "zone", "kind"),
    "answer_text": ("digest", "language", "text"),
    "card_alias": ("old_id", "new_id", "at"),
    "case_play": (
        *("entry_id", "learner_id", "scenario_id", "play_id", "at", "zone", "kind", "road"),
        *("right_turns", "wrong_turns"),
    ),
    "shop_move": (
        *("entry_id", "learner_id", "month_id", "at", "zone", "kind", "payload", "state"),
    ),
}


@dataclass(frozen=True, slots=True)
class Merged:
    """How many rows were new."""

    reviews: int = 0
    marks: int = 0
    answer_texts: int = 0
    aliases: int = 0
    cases: int = 0
    shop_moves: int = 0
    damaged: bool = False  # the other file was; what could be read of it was taken


def merge_from(connection: sqlite3.Connection, path: Path) -> Merged:
    """Take over every row of the file `path` that is not there yet, all or nothing.

    A damaged file gives the rows that can still be read. The file itself is never written to.
    Raises TrainerError (disk.gone, file.locked …) when either file cannot be used at all.
    """
    if not path.is_file():
        raise TrainerError("disk.gone", path=str(path))
    # A million rows come in all over the index of cards; the usual 2 MB would be read in and out.
    connection.execute("pragma cache_size = -65536")
    try:
        return _merge_whole(connection, path)
    except TrainerError as error:
        if error.code == "file.damaged":
            return salvage_from(connection, path)
        if error.code not in {"disk.read-only", "disk.gone"}:
            raise
    finally:
        connection.execute("pragma cache_size = -2000")
    import tempfile  # read-only places only

    # A write-protected stick cannot hold the small files SQLite wants beside a database.
    with tempfile.TemporaryDirectory(prefix="trainer-", ignore_cleanup_errors=True) as folder:
        copy = _copied(path, Path(folder))
        try:
            return _merge_whole(connection, copy)
        except TrainerError as error:
            if error.code != "file.damaged":
                raise
            return salvage_from(connection, copy)


def _merged(added: Mapping[str, int], *, damaged: bool = False) -> Merged:
    return Merged(
        reviews=added["review"],
        marks=added["mark"],
        answer_texts=added["answer_text"],
        aliases=added["card_alias"],
        cases=added["case_play"],
        shop_moves=added["shop_move"],
        damaged=damaged,
    )


def _copied(path: Path, folder: Path) -> Path:
    import shutil  # read-only places only

    with told(path, ours=False):
        for file in files_of(path):
            if file.exists() and not file.name.endswith("-shm"):
                shutil.copyfile(file, folder / file.name)
    return folder / path.name


def _merge_whole(connection: sqlite3.Connection, path: Path) -> Merged:
    address = f"{path.absolute().as_uri()}?mode=ro"
    with told(path, ours=False):
        connection.execute("attach ? as other", (address,))
        try:
            with transaction(connection):
                added = {table: _take_over(connection, table) for table in GROWING}
        except sqlite3.IntegrityError as error:
            # Rows our own tables would never have let in.
            raise TrainerError("file.damaged", path=str(path)) from error
        finally:
            # It is busy when the file broke off in the middle of a read.
            with suppress(sqlite3.Error):
                connection.execute("detach other")
    return _merged(added)


def _take_over(connection: sqlite3.Connection, table: str) -> int:
    known = {row[1] for row in connection.execute(f"pragma main.table_info({table})")}
    theirs = [row[1] for row in connection.execute(f"pragma other.table_info({table})")]
    columns = [name for name in theirs if name in known]
    if not set(GROWING[table]) <= set(columns):
        return 0
    key = GROWING[table][0]
    before = connection.total_changes
    names = ", ".join(columns)
    connection.execute(
        f"insert into main.{table} ({names}) select {names} from other.{table}"  # noqa: S608
        f" where true order by {key} on conflict do nothing"
    )
    return connection.total_changes - before


def salvage_from(connection: sqlite3.Connection, path: Path) -> Merged:
    """The union with whatever rows can be made out in a damaged file."""
    added = dict.fromkeys(GROWING, 0)
    with told(path, ours=False), transaction(connection):
        # Most of it is there already, from a backup: asking SQLite for each would take a minute.
        ids = connection.execute("select cast(review_id as blob) from review")
        known = {row[0] for row in ids}
        for row in rows_in(path, known):
            table = table_of(row)
            if table in GROWING:
                added[table] += _add_salvaged(connection, table, row)
            if table == "review":
                known.add(str(row[0]).encode("ascii"))
    return _merged(added, damaged=True)


def _add_salvaged(connection: sqlite3.Connection, table: str, row: SqlRow) -> int:
    columns = GROWING[table]
    row = row[: len(columns)]
    if table == "review":
        # A flipped bit in an id must not make one answer count twice.
        twin = connection.execute(
            "select 1 from review where card_id = ? and answered_at = ? and kind = ?",
            (row[2], row[4], row[6]),
        ).fetchone()
        if twin:
            return 0
    before = connection.total_changes
    connection.execute(
        f"insert or ignore into {table} ({', '.join(columns)})"  # noqa: S608
        f" values ({', '.join('?' * len(columns))})",
        row,
    )
    return connection.total_changes - before


def profile_in(path: Path) -> dict[str, str]:
    """The profile values that can be made out in a damaged file."""
    with told(path, ours=False):
        return {str(row[0]): str(row[1]) for row in rows_in(path) if table_of(row) == "profile"}


_HEX = frozenset("0123456789abcdef")
_MARKS = frozenset(
    ("suspend", "resume", "bury", "unbury", "flag", "unflag", "ask", "unask", "soon")
)
_PLAYS = frozenset(("going", "ended", "left"))
_SHOP_MOVES = frozenset(("begun", "move", "back", "left"))


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == 32 and _HEX.issuperset(value)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) >= 8 and _HEX.issuperset(value)


_SHAPES: Mapping[str, tuple[type | tuple[type, ...], ...]] = {
    "review": (
        *(str, str, str, str, int, str, str, int, str, (int, type(None)), int),
        *(str, str, str, str, (str, type(None))),
    ),
    "mark": (str, str, str, int, str, str),
    "case_play": (str, str, str, str, int, str, str, str, int, int),
    "shop_move": (str, str, str, int, str, str, str, str),
    "answer_text": (str, str, str),
    "card_alias": (str, str, int),
    "profile": (str, str),
}
_MORE: Mapping[str, Callable[[SqlRow], bool]] = {
    "review": lambda row: _is_id(row[0]) and row[6] in {"review", "undo"},
    "mark": lambda row: _is_id(row[0]) and row[5] in _MARKS,
    "case_play": lambda row: _is_id(row[0]) and row[6] in _PLAYS,
    "shop_move": lambda row: _is_id(row[0]) and row[5] in _SHOP_MOVES,
    "answer_text": lambda row: _is_digest(row[0]) and row[1] in {"en", "zh"},
    "card_alias": lambda row: "#" in str(row[0]) and "#" in str(row[1]),
    "profile": lambda row: str(row[0]).replace("-", "").replace(".", "").isalpha(),
}


def table_of(row: SqlRow) -> str:
    """The table a carved row must come from, by its shape; "" when it is none of ours."""
    for table, shape in _SHAPES.items():
        if len(row) >= len(shape) and _fits(row, shape) and _MORE[table](row):
            return table
    return ""


def _fits(row: SqlRow, shape: Iterable[type | tuple[type, ...]]) -> bool:
    return all(isinstance(value, kind) for value, kind in zip(row, shape, strict=False))
