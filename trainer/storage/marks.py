"""What is said about cards apart from answering: not now, never, remember, ask, soon.

Marks only grow; of each pair the last one by id holds.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from typing import Literal

from trainer.storage.database import Statement, path_of, told, transaction

MarkKind = Literal["suspend", "resume", "bury", "unbury", "flag", "unflag", "ask", "unask", "soon"]

_ADD = (
    "insert into mark (mark_id, learner_id, card_id, at, zone, kind) values (?, ?, ?, ?, ?, ?)"
    " on conflict (mark_id) do nothing"
)


@dataclass(frozen=True, slots=True)
class Mark:
    mark_id: str  # foundation.identifiers.time_ordered_id
    learner_id: str
    card_id: str
    at: int  # milliseconds UTC
    zone: str
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Marked:
    """What the marks of one card come to."""

    suspended: bool = False
    buried_at: int | None = None  # milliseconds UTC; it holds until the day of study ends
    flagged: bool = False
    asks_teacher: bool = False


def statement(mark: Mark) -> Statement:
    """How `mark` is written, for `AnswerWriter.submit`."""
    return _ADD, astuple(mark)


class Marks:
    """The table `mark` of one learner's file, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._path = path_of(connection)

    def add(self, marks: Iterable[Mark]) -> None:
        with told(self._path), transaction(self._connection):
            self._connection.executemany(_ADD, map(astuple, marks))

    def of(self, card_id: str) -> Marked:
        query = "select card_id, kind, at from mark where card_id = ? order by mark_id"
        with told(self._path):
            rows = self._connection.execute(query, (card_id,))
            return _replayed(rows).get(card_id, Marked())

    def all(self) -> Mapping[str, Marked]:
        """What holds for every card that was ever marked."""
        query = "select card_id, kind, at from mark order by mark_id"
        with told(self._path):
            return _replayed(self._connection.execute(query))


def _replayed(rows: Iterable[tuple[str, str, int]]) -> dict[str, Marked]:
    state: dict[str, Marked] = {}
    for card_id, kind, at in rows:
        state[card_id] = after(state.get(card_id, Marked()), kind, at)
    return state


def after(marked: Marked, kind: str, at: int) -> Marked:
    """`marked` with one more mark; a kind of a later version changes nothing."""
    match kind:
        case "suspend" | "resume":
            return replace(marked, suspended=kind == "suspend")
        case "bury" | "unbury":
            return replace(marked, buried_at=at if kind == "bury" else None)
        case "flag" | "unflag":
            return replace(marked, flagged=kind == "flag")
        case "ask" | "unask":
            return replace(marked, asks_teacher=kind == "ask")
        case _:
            return marked
