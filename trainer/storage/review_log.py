"""Every answer ever given. Schedules and statistics are derived from it; it only grows.

An undo is a row of its own that names the one it takes back.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trainer.storage.database import Statement, path_of, told, transaction

if TYPE_CHECKING:
    from trainer.storage.union import Merged


@dataclass(frozen=True, slots=True)
class Review:
    """One answer, or the taking back of one; the fields are the columns of the table `review`."""

    review_id: str  # foundation.identifiers.time_ordered_id
    learner_id: str
    card_id: str
    language: str
    answered_at: int  # milliseconds UTC
    zone: str  # "Asia/Shanghai" or "+08:00"
    rating: int  # 1 to 4; 0 in an undo row
    response: str  # cards.response.to_text; "" in an undo row
    correct: bool | None
    taken_ms: int
    question_digest: str
    answer_digest: str
    scheduler: str
    device: str
    kind: Literal["review", "undo"] = "review"
    undoes: str | None = None


_COLUMNS = tuple(field.name for field in fields(Review))
_NAMES = ", ".join(_COLUMNS)
_values = attrgetter(*_COLUMNS)
# Written again after a failure whose outcome is not known, a row may already be there.
_ADD = (
    f"insert into review ({_NAMES}) values ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
    " on conflict (review_id) do nothing"
)


def statement(review: Review) -> Statement:
    """How `review` is written, for `AnswerWriter.submit`."""
    return _ADD, _values(review)


def undo_of(review: Review, undo_id: str, at: int, zone: str, device: str) -> Review:
    """The row that takes `review` back."""
    return Review(
        review_id=undo_id,
        learner_id=review.learner_id,
        card_id=review.card_id,
        language=review.language,
        answered_at=at,
        zone=zone,
        rating=0,
        response="",
        correct=None,
        taken_ms=0,
        question_digest=review.question_digest,
        answer_digest=review.answer_digest,
        scheduler=review.scheduler,
        device=device,
        kind="undo",
        undoes=review.review_id,
    )


class ReviewLog:
    """The table `review` of one learner's file, through one connection.

    Everything here raises TrainerError (disk.*, file.*) when the file cannot be used.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._path = path_of(connection)

    def add(self, reviews: Iterable[Review]) -> int:
        """Store `reviews` and return how many were new; one seen before is skipped."""
        before = self._connection.total_changes
        with told(self._path), transaction(self._connection):
            self._connection.executemany(_ADD, map(_values, reviews))
        return self._connection.total_changes - before

    def merge_from(self, path: Path) -> "Merged":
        """Unite this log, the marks and the answer texts with those in `path`; see `union`."""
        from trainer.storage.union import merge_from  # not part of everyday study

        return merge_from(self._connection, path)

    def count(self) -> int:
        """All rows, undo rows and undone ones included."""
        return int(self._connection.execute("select count(*) from review").fetchone()[0])

    def all(self) -> Iterator[Review]:
        """Every row by id, which is the order in time."""
        return self._read(f"select {_NAMES} from review order by review_id")  # noqa: S608

    def effective(self, card_id: str | None = None) -> Iterator[Review]:
        """The reviews that count, in the order of time: without undo rows and undone ones.

        Programs that want few columns of many rows read the view `effective_review`.
        """
        if card_id is None:
            query = f"select {_NAMES} from effective_review order by review_id"  # noqa: S608
            return self._read(query)
        query = f"select {_NAMES} from effective_review where card_id = ? order by review_id"  # noqa: S608
        return self._read(query, card_id)

    def _read(self, query: str, *values: str) -> Iterator[Review]:
        with told(self._path):
            for row in self._connection.execute(query, values):
                cells = list(row)
                if cells[_CORRECT] is not None:
                    cells[_CORRECT] = bool(cells[_CORRECT])
                yield Review(*cells)


_CORRECT = _COLUMNS.index("correct")
