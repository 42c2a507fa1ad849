"""An acknowledged answer is on the disk; an answer the disk refused is kept and written later."""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from trainer.foundation.errors import TrainerError
from trainer.storage.answer_writer import AnswerWriter
from trainer.storage.database import connect
from trainer.storage.learners import LearnerFile
from trainer.storage.review_log import Review, ReviewLog, statement

MakeReview = Callable[..., Review]


class Weather:
    """Connects a writer to a disk whose state the test decides."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pragmas: list[str] = []
        self.connected = 0

    def connect(self) -> sqlite3.Connection:
        self.connected += 1
        connection = connect(self.path)
        for pragma in self.pragmas:
            connection.execute(f"pragma {pragma}")
        return connection

    def full(self) -> None:
        with closing(connect(self.path)) as connection:
            pages = connection.execute("pragma page_count").fetchone()[0]
        self.pragmas = [f"max_page_count = {pages}"]


@pytest.fixture
def weather(learner: LearnerFile) -> Weather:
    return Weather(learner.path)


def count(path: Path) -> int:
    with closing(connect(path)) as connection:
        return ReviewLog(connection).count()


def big(review: MakeReview, number: int) -> Review:
    """A review that needs pages of its own."""
    return review(number, response="x" * 9000)


def test_what_is_acknowledged_is_seen_by_everybody(
    learner: LearnerFile, review: MakeReview
) -> None:
    for number in range(5):
        learner.writer.submit([statement(review(number))]).result()
        assert count(learner.path) == number + 1


def test_the_rows_of_an_answer_are_there_together_or_not_at_all(
    learner: LearnerFile, review: MakeReview
) -> None:
    broken = learner.writer.submit([statement(review(1)), ("insert into nowhere values (1)", ())])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        broken.result()
    assert count(learner.path) == 0
    assert learner.writer.kept == 0


def test_an_answer_that_is_a_bug_does_not_cost_the_others(
    learner: LearnerFile, review: MakeReview
) -> None:
    with closing(learner.connect()) as other:
        # The writer waits for this lock, so the three arrive together.
        other.execute("begin immediate")
        first = learner.writer.submit([statement(review(1))])
        futures = [
            learner.writer.submit([statement(review(2))]),
            learner.writer.submit([("insert into nowhere values (1)", ())]),
            learner.writer.submit([statement(review(3))]),
        ]
        other.execute("rollback")
    first.result()
    futures[0].result()
    futures[2].result()
    assert isinstance(futures[1].exception(), sqlite3.OperationalError)
    assert count(learner.path) == 3


def test_a_full_disk_keeps_answers_until_there_is_room(
    weather: Weather, review: MakeReview
) -> None:
    weather.full()
    writer = AnswerWriter(weather.path, weather.connect)
    for number in range(3):
        error = writer.submit([statement(big(review, number))]).exception()
        assert isinstance(error, TrainerError)
        assert error.code == "disk.full"
        assert writer.kept == number + 1
    assert count(weather.path) == 0

    weather.pragmas = []
    writer.submit([statement(big(review, 3))]).result()

    assert writer.kept == 0
    assert count(weather.path) == 4
    writer.close()


def test_flush_writes_what_was_kept(weather: Weather, review: MakeReview) -> None:
    weather.full()
    writer = AnswerWriter(weather.path, weather.connect)
    assert writer.submit([statement(big(review, 1))]).exception()
    with pytest.raises(TrainerError, match=r"disk\.full"):
        writer.flush()
    weather.pragmas = []
    writer.flush()
    assert count(weather.path) == 1
    writer.close()


def test_closing_with_answers_left_can_be_tried_again(weather: Weather, review: MakeReview) -> None:
    weather.full()
    writer = AnswerWriter(weather.path, weather.connect)
    assert writer.submit([statement(big(review, 1))]).exception()
    with pytest.raises(TrainerError, match=r"disk\.full"):
        writer.close()
    weather.pragmas = []
    writer.close()
    assert count(weather.path) == 1
    writer.close()


def test_giving_up_says_what_it_costs(weather: Weather, review: MakeReview) -> None:
    weather.full()
    writer = AnswerWriter(weather.path, weather.connect)
    assert writer.submit([statement(big(review, 1))]).exception()
    assert writer.submit([statement(big(review, 2))]).exception()
    assert writer.give_up() == 2
    assert count(weather.path) == 0
    with pytest.raises(RuntimeError):
        writer.submit([])


def test_closing_waits_for_everything_submitted(learner: LearnerFile, review: MakeReview) -> None:
    writer = AnswerWriter(learner.path, learner.connect)
    futures = [writer.submit([statement(review(number))]) for number in range(300)]
    writer.close()
    assert all(future.done() and future.exception() is None for future in futures)
    assert count(learner.path) == 300


def test_a_write_protected_stick(weather: Weather, review: MakeReview) -> None:
    weather.pragmas = ["query_only = on"]
    writer = AnswerWriter(weather.path, weather.connect)
    error = writer.submit([statement(review(1))]).exception()
    assert isinstance(error, TrainerError)
    assert error.code == "disk.read-only"
    weather.pragmas = []
    writer.close()
    assert count(weather.path) == 1


def test_another_program_that_does_not_let_go(weather: Weather, review: MakeReview) -> None:
    weather.pragmas = ["busy_timeout = 20"]
    writer = AnswerWriter(weather.path, weather.connect)
    with closing(connect(weather.path)) as other:
        other.execute("begin immediate")
        error = writer.submit([statement(review(1))]).exception()
        assert isinstance(error, TrainerError)
        assert error.code == "file.locked"
        other.execute("rollback")
    writer.submit([statement(review(2))]).result()
    assert count(weather.path) == 2
    writer.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file go")
def test_a_folder_that_vanishes_and_comes_back(
    learner: LearnerFile, review: MakeReview, tmp_path: Path
) -> None:
    learner.writer.submit([statement(review(1))]).result()
    folder, away = learner.path.parent, tmp_path / "away"
    folder.rename(away)

    error = learner.writer.submit([statement(review(2))]).exception()
    assert isinstance(error, TrainerError)
    assert error.code == "disk.gone"
    assert learner.writer.kept == 1

    away.rename(folder)
    learner.writer.submit([statement(review(3))]).result()
    assert count(learner.path) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file go")
def test_a_deleted_folder_does_not_swallow_answers(
    learner: LearnerFile, review: MakeReview
) -> None:
    learner.writer.submit([statement(review(1))]).result()
    shutil.rmtree(learner.path.parent)
    error = learner.writer.submit([statement(review(2))]).exception()
    assert isinstance(error, TrainerError)
    assert error.code == "disk.gone"
    assert learner.writer.give_up() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits on the size of files are Unix's")
def test_a_quota_is_a_full_disk(learner: LearnerFile, review: MakeReview) -> None:
    import resource  # there is none on Windows

    learner.writer.submit([statement(review(1))]).result()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096 * 14, hard))
    try:
        error = learner.writer.submit([statement(review(2, response="x" * 90_000))]).exception()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert isinstance(error, TrainerError)
    assert error.code == "disk.full"
    learner.writer.flush()
    assert count(learner.path) == 2


def test_damage_met_while_writing_is_looked_into_at_the_next_opening(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    learner.close(now)
    content = bytearray(learner.path.read_bytes())
    # Every page but the first: b-trees that are none.
    content[4096:] = b"\x07" * (len(content) - 4096)
    learner.path.write_bytes(content)
    writer = AnswerWriter(learner.path, learner.connect)

    error = writer.submit([statement(review(1))]).exception()

    assert isinstance(error, TrainerError)
    assert error.code == "file.damaged"
    assert learner.path.with_name("learner.sqlite.check").exists()
    writer.give_up()
