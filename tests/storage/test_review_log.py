"""The log grows and is never changed; undo takes back, union forgets nothing."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from trainer.storage.database import create
from trainer.storage.migrations import migrate_learner
from trainer.storage.review_log import Review, ReviewLog, undo_of


def review(number: int, card: str = "skills/logistics/x#a") -> Review:
    return Review(
        review_id=f"{number:032x}",
        learner_id="li-1",
        card_id=card,
        language="en",
        answered_at=1_700_000_000_000 + number,
        zone="Asia/Shanghai",
        rating=3,
        response='{"type":"self"}',
        correct=None,
        taken_ms=4000,
        question_digest="00" * 8,
        answer_digest="11" * 8,
        scheduler="fsrs-6",
        device="pc-1",
    )


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = create(tmp_path / "learner.sqlite")
    migrate_learner(connection)
    yield connection
    connection.close()


def test_what_is_added_is_read_back_in_order(connection: sqlite3.Connection) -> None:
    log = ReviewLog(connection)
    rows = [replace(review(2), correct=True), replace(review(1), correct=False), review(3)]

    assert log.add(rows) == 3
    assert list(log.all()) == [rows[1], rows[0], rows[2]]


def test_a_row_seen_before_is_skipped(connection: sqlite3.Connection) -> None:
    log = ReviewLog(connection)
    log.add([review(1)])

    assert log.add([replace(review(1), rating=1), review(2)]) == 1
    assert [row.rating for row in log.all()] == [3, 3]


@pytest.mark.parametrize(
    "change",
    [
        "update review set rating = 4",
        "delete from review",
        "insert or replace into review select * from review",
        "replace into mark select * from mark",
        "delete from mark",
        "update answer_text set text = ''",
        "delete from card_alias",
    ],
)
def test_nothing_in_the_log_can_be_changed(connection: sqlite3.Connection, change: str) -> None:
    ReviewLog(connection).add([review(1)])
    connection.execute("insert into mark values ('a1', 'li-1', 'x#a', 1, 'UTC', 'flag')")
    connection.execute("insert into answer_text values ('00112233', 'en', '1 %')")
    connection.execute("insert into card_alias values ('x#a', 'x#b', 1)")

    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(change)


def test_an_undone_review_does_not_count_but_stays(connection: sqlite3.Connection) -> None:
    log = ReviewLog(connection)
    first, second = review(1), review(2, "skills/logistics/x#b")
    log.add([first, second, undo_of(second, f"{3:032x}", 5, "UTC", "pc-1")])

    assert list(log.effective()) == [first]
    assert list(log.effective(second.card_id)) == []
    assert list(log.effective(first.card_id)) == [first]
    assert log.count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        replace(review(1), rating=5),
        replace(review(1), rating=0),
        replace(review(1), kind="undo"),
        replace(review(1), undoes="x"),
        replace(review(1), kind="other"),  # type: ignore[arg-type] # the file must refuse it
    ],
)
def test_rows_without_sense_are_refused(connection: sqlite3.Connection, wrong: Review) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        ReviewLog(connection).add([wrong])
    assert ReviewLog(connection).count() == 0
