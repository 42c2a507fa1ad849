"""The cases a learner has played: a table that only grows, a whole road in every row."""

import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from typing import Literal

from trainer.storage.database import Statement, path_of, told

PlayKind = Literal["going", "ended", "left"]


@dataclass(frozen=True, slots=True)
class CasePlay:
    """How far a play of a case has come; the fields are the columns of `case_play`.

    Of the rows of one play the last by id holds. "left" says that it is not to be gone on with.
    """

    entry_id: str  # foundation.identifiers.time_ordered_id
    learner_id: str
    scenario_id: str
    play_id: str
    at: int  # milliseconds UTC
    zone: str
    kind: PlayKind
    road: str  # services.casework.CaseSession.road_key
    right_turns: int
    wrong_turns: int


_NAMES = tuple(field.name for field in fields(CasePlay))
_ADD = (
    f"insert into case_play ({', '.join(_NAMES)}) values ({', '.join('?' * len(_NAMES))})"  # noqa: S608
    " on conflict (entry_id) do nothing"
)


def statement(play: CasePlay) -> Statement:
    """How `play` is written, for `AnswerWriter.submit`."""
    return _ADD, astuple(play)


class CaseLog:
    """The table `case_play` of one learner's file, through one connection.

    Raises TrainerError (disk.*, file.*) when the file cannot be used.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._path = path_of(connection)

    def latest(self) -> Iterator[CasePlay]:
        """The row of each play that holds, in the order of time."""
        query = (
            f"select {', '.join(_NAMES)} from case_play where entry_id in"  # noqa: S608 - our own names
            " (select max(entry_id) from case_play group by play_id) order by entry_id"
        )
        with told(self._path):
            for row in self._connection.execute(query):
                yield CasePlay(*row)

    def newest_id(self) -> str:
        """The highest id of anything the learner has done; "" when that is nothing."""
        with told(self._path):
            (newest,) = self._connection.execute(
                "select max(coalesce((select max(review_id) from review), ''),"
                " coalesce((select max(mark_id) from mark), ''),"
                " coalesce((select max(entry_id) from case_play), ''))"
            ).fetchone()
        return str(newest)
