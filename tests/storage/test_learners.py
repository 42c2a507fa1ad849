"""A learner's file: settings, visits, newer versions, several windows at once."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from trainer.foundation.clock import milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import EXAM_DATE, SCALE
from trainer.storage.database import connect, version_of, world_error
from trainer.storage.deck_cache import DeckCache
from trainer.storage.learners import LearnerFile, open_learner, read_profile
from trainer.storage.review_log import Review, ReviewLog, statement
from trainer.storage.schema import LEARNER_VERSION
from trainer.storage.waiting_cards import follow_renames

MakeReview = Callable[..., Review]


def test_settings_are_on_the_disk_and_there_again(learner: LearnerFile, now: datetime) -> None:
    learner.settings[EXAM_DATE] = "2026-12-18"
    learner.settings[SCALE] = 125
    assert learner.settings[SCALE] == 125
    learner.close(now)
    again = open_learner(learner.path.parent, now)
    assert (again.settings[EXAM_DATE], again.settings[SCALE]) == ("2026-12-18", 125)
    again.close()


def test_a_visit_is_remembered(learner: LearnerFile, now: datetime) -> None:
    learner.close()
    open_learner(learner.path.parent, now).close()
    assert read_profile(learner.path.parent)["last-seen"] == str(milliseconds(now))


def test_a_clean_close_leaves_one_file(learner: LearnerFile, review: MakeReview) -> None:
    learner.writer.submit([statement(review(1))])
    learner.close()
    assert [path.name for path in learner.path.parent.iterdir()] == ["learner.sqlite"]


def test_a_file_of_a_newer_program_is_left_alone(learner: LearnerFile, now: datetime) -> None:
    learner.close()
    with closing(connect(learner.path)) as connection:
        assert version_of(connection) == LEARNER_VERSION
        connection.execute(f"pragma user_version = {LEARNER_VERSION + 1}")
    before = learner.path.read_bytes()
    with pytest.raises(TrainerError) as raised:
        open_learner(learner.path.parent, now)
    assert raised.value.code == "file.newer"
    assert learner.path.read_bytes() == before


def test_nobody_opens_a_person_who_is_not_there(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(TrainerError) as raised:
        open_learner(tmp_path / "nobody", now)
    assert raised.value.code == "person.gone"


def test_two_windows_can_have_the_same_learner_open(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    other = open_learner(learner.path.parent, now)
    futures = []
    for number in range(0, 60, 2):
        futures.append(learner.writer.submit([statement(review(number))]))
        futures.append(other.writer.submit([statement(review(number + 1))]))
    for future in futures:
        future.result()
    learner.close(now)
    assert ReviewLog(other.connection).count() == 60
    other.close(now + timedelta(minutes=1))


def test_opening_does_not_load_sqlite_utils() -> None:
    import subprocess
    import sys

    code = "import sys, trainer.storage.learners; sys.exit('sqlite_utils' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "no space"), "disk.full"),
        (OSError(30, "read-only"), "disk.read-only"),
        (OSError(13, "denied"), "disk.read-only"),
        (OSError(2, "not there"), "disk.gone"),
        (OSError(5, "input/output error"), "disk.gone"),
        (sqlite3.OperationalError("a bug of ours"), None),
        (OSError(22, "invalid argument"), None),
        (ValueError("something else"), None),
    ],
)
def test_what_the_system_says_becomes_a_code(
    tmp_path: Path, error: Exception, code: str | None
) -> None:
    known = world_error(error, tmp_path / "file")
    assert (known.code if known else None) == code


def test_progress_follows_a_card_without_an_id(
    learner: LearnerFile, review: MakeReview, tmp_path: Path
) -> None:
    cache = DeckCache(tmp_path / "library.sqlite")
    with cache.writing():
        cache.add_aliases([("x#~a", "x#~b"), ("x#~other", "x#~c")], 10)
        cache.add_aliases([("x#~b", "x#fee")], 20)
    learner.writer.submit([statement(review(1, card="x#~a"))]).result()
    learner.connection.execute("attach ? as library", (str(cache.path),))

    for now in (5, 6):
        follow_renames(learner.connection, now)

    rows = learner.connection.execute("select * from card_alias order by old_id").fetchall()
    assert rows == [("x#~a", "x#~b", 5), ("x#~b", "x#fee", 5)]
    learner.connection.execute("detach library")
    cache.close()
