"""The months a learner has played in the shop: a table that only grows, one row a move."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Literal

from trainer.storage.database import Statement, path_of, told

MoveKind = Literal["begun", "move", "back", "left"]


@dataclass(frozen=True, slots=True)
class ShopMove:
    """A row of `shop_move`; the fields are its columns. The rows of a month by id are its story.

    `payload` is JSON: of "begun" the setup and what it is played by, of "move" the move; "back"
    takes the last move that holds, "left" says that the month is not to be gone on with. `state`
    is the month after the move, packed, where it was worth keeping; "" elsewhere.
    """

    entry_id: str  # foundation.identifiers.time_ordered_id
    learner_id: str
    month_id: str
    at: int  # milliseconds UTC
    zone: str
    kind: MoveKind
    payload: str
    state: str = ""


_NAMES = tuple(field.name for field in fields(ShopMove))
_ADD = (
    f"insert into shop_move ({', '.join(_NAMES)}) values ({', '.join('?' * len(_NAMES))})"  # noqa: S608
    " on conflict (entry_id) do nothing"
)


def statement(move: ShopMove) -> Statement:
    """How `move` is written, for `AnswerWriter.submit`."""
    return _ADD, astuple(move)


class ShopLog:
    """The table `shop_move` of one learner's file, through one connection.

    Raises TrainerError (disk.*, file.*) when the file cannot be used.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._path = path_of(connection)

    def months(self) -> Sequence[str]:
        """The ids of all months, the newest last."""
        query = "select month_id from shop_move where kind = 'begun' order by entry_id"
        with told(self._path):
            return [str(month) for (month,) in self._connection.execute(query)]

    def moves(self, month_id: str) -> Iterator[ShopMove]:
        query = (
            f"select {', '.join(_NAMES)} from shop_move"  # noqa: S608 - our own names
            " where month_id = ? order by entry_id"
        )
        with told(self._path):
            for row in self._connection.execute(query, (month_id,)):
                yield ShopMove(*row)

    def newest_id(self) -> str:
        """The highest id of a move or mark; "" when there is none."""
        with told(self._path):
            (newest,) = self._connection.execute(
                "select max(coalesce((select max(entry_id) from shop_move), ''),"
                " coalesce((select max(mark_id) from mark), ''))"
            ).fetchone()
        return str(newest)
