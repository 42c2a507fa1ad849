"""Backups make and clear away themselves, and a bad copy never pushes out a good one."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.foundation.errors import TrainerError
from trainer.storage.backups import DAYS, NEWEST, WEEKS, Backups, kept_of
from trainer.storage.database import connect
from trainer.storage.learners import LearnerFile, open_learner
from trainer.storage.review_log import Review, ReviewLog, statement

MakeReview = Callable[..., Review]


def answer(learner: LearnerFile, review: Review) -> None:
    learner.writer.submit([statement(review)]).result()


def reviews_in(path: Path) -> int:
    with closing(connect(path)) as connection:
        return ReviewLog(connection).count()


def test_a_backup_is_made_at_the_end_when_something_changed(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    answer(learner, review(1))
    learner.close(now)
    (first,) = learner.backups.all()
    assert first.made_at == now
    assert reviews_in(first.path) == 1
    again = open_learner(learner.path.parent, now + timedelta(hours=1))
    again.close(now + timedelta(hours=2))
    assert learner.backups.all() == [first]


def test_a_backup_missed_at_the_end_is_made_at_the_next_start(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    answer(learner, review(1))
    learner.close()
    assert learner.backups.all() == []
    open_learner(learner.path.parent, now).close()
    assert [reviews_in(backup.path) for backup in learner.backups.all()] == [1]


def test_a_backup_has_what_is_still_in_the_log_and_nothing_unfinished(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    answer(learner, review(1))
    with closing(learner.connect()) as other:
        other.execute("begin immediate")
        other.execute("insert into profile values ('half', 'done')")
        backup = learner.backups.make(learner.path, now)
        other.execute("rollback")
    assert backup is not None
    assert reviews_in(backup.path) == 1
    with closing(connect(backup.path)) as copy:
        assert copy.execute("select 1 from profile where key = 'half'").fetchone() is None


def test_a_clock_set_back_does_not_make_the_newest_the_oldest(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    for number in range(NEWEST + 3):
        answer(learner, review(number))
        learner.backups.make(learner.path, now - timedelta(days=400 * number))
    newest = learner.backups.all()[0]
    assert reviews_in(newest.path) == NEWEST + 3


def test_years_of_daily_study_leave_a_handful(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    for day in range(40):
        answer(learner, review(day))
        learner.backups.make(learner.path, now + timedelta(days=day))
    kept = [backup.made_at for backup in learner.backups.all()]
    assert kept[:7] == [now + timedelta(days=39 - back) for back in range(7)]
    assert len(kept) <= NEWEST + DAYS + WEEKS
    assert now + timedelta(days=39) - kept[-1] > timedelta(days=14)


moments = st.sets(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    max_size=60,
)


@given(made=moments)
def test_the_rule_of_what_stays(made: set[datetime]) -> None:
    kept = kept_of(made)
    newest_first = sorted(made, reverse=True)
    assert set(newest_first[:NEWEST]) <= kept <= made
    assert len(kept) <= NEWEST + DAYS + WEEKS
    # Clearing away twice is clearing away once, and the past never comes back.
    assert kept_of(kept) == kept
    for day in sorted({moment.date() for moment in made}, reverse=True)[:DAYS]:
        assert max(moment for moment in made if moment.date() == day) in kept


def test_no_copy_is_made_of_a_damaged_file(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    for number in range(200):
        learner.writer.submit([statement(review(number))])
    learner.close(now)
    good = learner.backups.all()
    content = bytearray(learner.path.read_bytes())
    content[4096 * 2 :] = b"\x02" * (len(content) - 4096 * 2)
    learner.path.write_bytes(content)
    with pytest.raises(TrainerError) as raised:
        Backups(learner.path.parent / "backups").make(learner.path, now + timedelta(days=1))
    assert raised.value.code == "file.damaged"
    assert learner.backups.all() == good


def test_foreign_files_in_the_folder_are_left_alone(
    learner: LearnerFile, review: MakeReview, now: datetime
) -> None:
    answer(learner, review(1))
    learner.backups.make(learner.path, now)
    note = learner.path.parent / "backups" / "learner-2026-99-99T000000Z.sqlite"
    note.write_text("mine", encoding="utf-8")
    learner.backups.rotate()
    assert note.exists()
    assert len(learner.backups.all()) == 1
