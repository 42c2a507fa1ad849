"""Sticks, shares and backups can meet in any order and agree."""

import itertools
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.foundation.errors import TrainerError
from trainer.storage.database import create
from trainer.storage.marks import Mark, Marks
from trainer.storage.migrations import migrate_learner
from trainer.storage.review_log import Review, ReviewLog, undo_of

MakeReview = Callable[..., Review]
Content = tuple[list[Review], list[tuple[object, ...]], list[tuple[object, ...]]]


def new_file(path: Path) -> sqlite3.Connection:
    connection = create(path)
    migrate_learner(connection)
    return connection


def content(connection: sqlite3.Connection) -> Content:
    return (
        list(ReviewLog(connection).all()),
        connection.execute("select * from mark order by mark_id").fetchall(),
        connection.execute("select * from answer_text order by digest").fetchall(),
    )


def a_mark(number: int) -> Mark:
    return Mark(f"{number:032x}", "li-1", "x#a", number, "UTC", "flag" if number % 2 else "unflag")


numbers = st.sets(st.integers(0, 12), max_size=8)


@settings(max_examples=30)
@given(logs=st.lists(numbers, min_size=2, max_size=3))
def test_union_knows_no_order_and_no_repetition(logs: list[set[int]]) -> None:
    reviews = {number: some_review(number) for number in range(13)}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        results = []
        for turn, order in enumerate(itertools.permutations(range(len(logs)))):
            paths = []
            for index in order:
                paths.append(Path(name) / f"{turn}-{index}.sqlite")
                with closing(new_file(paths[-1])) as connection:
                    fill(connection, (reviews[number] for number in sorted(logs[index])))
            with closing(new_file(Path(name) / f"{turn}-all.sqlite")) as union:
                for path in (*paths, paths[0]):
                    ReviewLog(union).merge_from(path)
                results.append(content(union))
                # Associative: what was united elsewhere first comes to the same.
                with closing(new_file(Path(name) / f"{turn}-nested.sqlite")) as nested:
                    ReviewLog(nested).merge_from(paths[-1])
                    ReviewLog(nested).merge_from(Path(name) / f"{turn}-all.sqlite")
                    results.append(content(nested))
        assert all(result == results[0] for result in results)
        assert {row.review_id for row in results[0][0]} == {
            reviews[number].review_id for log in logs for number in log
        }


def some_review(number: int) -> Review:
    review = Review(
        *(f"{number:032x}", "li-1", "x#a", "en", number, "UTC", 3, "", None, 1),
        *("00" * 8, "11" * 8, "fsrs", "pc"),
    )
    if number % 4 == 3:
        target = replace(review, review_id=f"{number - 1:032x}")
        return undo_of(target, review.review_id, number, "UTC", "pc")
    return review


def fill(connection: sqlite3.Connection, reviews: Iterable[Review]) -> None:
    reviews = list(reviews)
    ReviewLog(connection).add(reviews)
    Marks(connection).add(a_mark(row.answered_at) for row in reviews)
    connection.executemany(
        "insert into answer_text values (?, 'en', ?)",
        [(f"{row.answered_at:016x}", "text") for row in reviews],
    )


def test_what_was_new_is_counted(tmp_path: Path, review: MakeReview) -> None:
    with (
        closing(new_file(tmp_path / "a")) as mine,
        closing(new_file(tmp_path / "b")) as other,
    ):
        fill(mine, [review(1), review(2)])
        fill(other, [review(2), review(3), review(4)])
        merged = ReviewLog(mine).merge_from(tmp_path / "b")
        assert (merged.reviews, merged.marks, merged.answer_texts) == (2, 2, 2)
        assert not merged.damaged
        again = ReviewLog(mine).merge_from(tmp_path / "b")
        assert (again.reviews, again.marks, again.answer_texts) == (0, 0, 0)
        # New rows stand behind all old ones: that is how the caches find them.
        last = mine.execute("select review_id from review order by rowid").fetchall()
        assert [int(row[0], 16) for row in last] == [1, 2, 3, 4]


def test_rows_still_in_the_other_ones_log_are_seen(tmp_path: Path, review: MakeReview) -> None:
    with (
        closing(new_file(tmp_path / "a")) as mine,
        closing(new_file(tmp_path / "b")) as other,
    ):
        fill(other, [review(1)])
        assert (tmp_path / "b-wal").stat().st_size > 0
        assert ReviewLog(mine).merge_from(tmp_path / "b").reviews == 1


def test_the_other_file_stays_as_it_is(tmp_path: Path, review: MakeReview) -> None:
    with closing(new_file(tmp_path / "b")) as other:
        fill(other, [review(1)])
    before = (tmp_path / "b").read_bytes()
    with closing(new_file(tmp_path / "a")) as mine:
        ReviewLog(mine).merge_from(tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == before


@pytest.mark.parametrize("junk", [b"", b"SQLite format 3\x00", b"\x0d" * 9000, b"a" * 100_000])
def test_a_file_of_nonsense_adds_nothing(tmp_path: Path, review: MakeReview, junk: bytes) -> None:
    (tmp_path / "junk").write_bytes(junk)
    with closing(new_file(tmp_path / "a")) as mine:
        fill(mine, [review(1)])
        before = content(mine)
        assert ReviewLog(mine).merge_from(tmp_path / "junk").reviews == 0
        assert content(mine) == before


def test_nothing_is_left_beside_a_damaged_file(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "learner.sqlite").write_bytes(b"SQLite format 3\x00" + b"\x07" * 9000)
    with closing(new_file(tmp_path / "a")) as mine:
        assert ReviewLog(mine).merge_from(stick / "learner.sqlite").damaged
    assert [path.name for path in stick.iterdir()] == ["learner.sqlite"]


def test_a_missing_file_is_gone(tmp_path: Path) -> None:
    with closing(new_file(tmp_path / "a")) as mine, pytest.raises(TrainerError) as raised:
        ReviewLog(mine).merge_from(tmp_path / "nothing")
    assert raised.value.code == "disk.gone"


def test_a_damaged_file_gives_what_can_be_read(tmp_path: Path, review: MakeReview) -> None:
    with closing(new_file(tmp_path / "b")) as other:
        fill(other, [review(number) for number in range(400)])
    damaged = bytearray((tmp_path / "b").read_bytes())
    damaged[0:4096] = bytes(4096)
    (tmp_path / "b").write_bytes(damaged)
    with closing(new_file(tmp_path / "a")) as mine:
        merged = ReviewLog(mine).merge_from(tmp_path / "b")
        assert merged.damaged
        assert merged.reviews == 400
        assert list(ReviewLog(mine).all()) == [review(number) for number in range(400)]


def test_rows_our_tables_would_refuse_do_not_come_in(tmp_path: Path, review: MakeReview) -> None:
    with closing(new_file(tmp_path / "b")) as other:
        fill(other, [review(1)])
        other.execute("pragma ignore_check_constraints = on")
        ReviewLog(other).add([replace(review(2), rating=9)])
    with closing(new_file(tmp_path / "a")) as mine:
        assert ReviewLog(mine).merge_from(tmp_path / "b").reviews == 1
        assert [row.rating for row in ReviewLog(mine).all()] == [3]


def test_a_long_answer_survives_salvage(tmp_path: Path, review: MakeReview) -> None:
    long = review(1, response='{"type":"entered","text":"' + "很长" * 9000 + '"}')
    with closing(new_file(tmp_path / "b")) as other:
        fill(other, [long])
    damaged = bytearray((tmp_path / "b").read_bytes())
    damaged[0:100] = bytes(100)
    (tmp_path / "b").write_bytes(damaged)
    with closing(new_file(tmp_path / "a")) as mine:
        ReviewLog(mine).merge_from(tmp_path / "b")
        assert list(ReviewLog(mine).all()) == [long]


def test_marks_of_one_card_come_to_its_last_word(tmp_path: Path) -> None:
    with closing(new_file(tmp_path / "a")) as connection:
        marks = Marks(connection)
        kinds = ("suspend", "bury", "flag", "ask", "unflag", "resume")
        marks.add(
            Mark(f"{n:032x}", "li-1", "x#a", n, "UTC", kind)  # type: ignore[arg-type] # see kinds
            for n, kind in enumerate(kinds)
        )
        marked = marks.of("x#a")
        assert (marked.suspended, marked.buried_at, marked.flagged) == (False, 1, False)
        assert marked.asks_teacher
        assert marks.all() == {"x#a": marked}
        assert not marks.of("x#b").asks_teacher
