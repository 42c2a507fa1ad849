"""Played cases on the disk: only growing, in old files and damaged ones, united from anywhere."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trainer.storage import migrations
from trainer.storage.case_log import CaseLog, CasePlay, statement
from trainer.storage.database import create
from trainer.storage.marks import Mark, Marks
from trainer.storage.migrations import migrate_learner
from trainer.storage.review_log import ReviewLog


def a_play(number: int, play: str = "p", kind: str = "going", road: str = "a:0:b") -> CasePlay:
    entry = f"{number:032x}"
    return CasePlay(entry, "li-1", "platforms/x/a#c", play, number, "+08:00", kind, road, 1, 0)  # type: ignore[arg-type] # one of the kinds


def add(connection: sqlite3.Connection, *plays: CasePlay) -> None:
    for play in plays:
        connection.execute(*statement(play))


def new_file(path: Path) -> sqlite3.Connection:
    connection = create(path)
    migrate_learner(connection)
    return connection


def test_the_last_row_of_a_play_holds(tmp_path: Path) -> None:
    with closing(new_file(tmp_path / "a")) as connection:
        add(connection, a_play(1), a_play(3, kind="ended", road="a:0:b b:1:c"), a_play(2, "q"))
        found = [(play.play_id, play.kind) for play in CaseLog(connection).latest()]
        assert found == [("q", "going"), ("p", "ended")]
        assert CaseLog(connection).newest_id() == f"{3:032x}"


@pytest.mark.parametrize("verb", ["delete from case_play", "update case_play set road = ''"])
def test_nothing_is_ever_changed(tmp_path: Path, verb: str) -> None:
    with closing(new_file(tmp_path / "a")) as connection:
        add(connection, a_play(1))
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            connection.execute(verb)


def test_a_file_of_the_first_version_gets_its_table_and_keeps_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(create(tmp_path / "a")) as connection:
        with monkeypatch.context() as before:
            before.setattr(migrations, "LEARNER_STEPS", migrations.LEARNER_STEPS[:1])
            migrate_learner(connection)
        Marks(connection).add([Mark(f"{1:032x}", "li-1", "x#a", 1, "UTC", "flag")])
        assert connection.execute("pragma user_version").fetchone() == (1,)

        migrate_learner(connection)
        assert Marks(connection).of("x#a").flagged
        assert list(CaseLog(connection).latest()) == []
        add(connection, a_play(1))


def test_a_file_without_the_table_unites_with_one_that_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(create(tmp_path / "old")) as old, monkeypatch.context() as before:
        before.setattr(migrations, "LEARNER_STEPS", migrations.LEARNER_STEPS[:1])
        migrate_learner(old)
        Marks(old).add([Mark(f"{1:032x}", "li-1", "x#a", 1, "UTC", "flag")])
    with closing(new_file(tmp_path / "new")) as connection:
        add(connection, a_play(2))
        merged = ReviewLog(connection).merge_from(tmp_path / "old")
        assert (merged.marks, merged.cases) == (1, 0)


def test_cases_are_read_from_a_damaged_file(tmp_path: Path) -> None:
    plays = [a_play(number, f"{number}") for number in range(1, 60)]
    with closing(new_file(tmp_path / "b")) as other:
        add(other, *plays)
        Marks(other).add([Mark(f"{99:032x}", "li-1", "x#a", 99, "UTC", "soon")])
        other.execute("pragma wal_checkpoint(truncate)")
    damaged = bytearray((tmp_path / "b").read_bytes())
    damaged[0:100] = bytes(100)
    (tmp_path / "b").write_bytes(damaged)
    with closing(new_file(tmp_path / "a")) as mine:
        merged = ReviewLog(mine).merge_from(tmp_path / "b")
        assert merged.damaged
        assert (merged.cases, merged.marks) == (59, 1)
        assert list(CaseLog(mine).latest()) == plays
