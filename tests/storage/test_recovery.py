"""Whatever happens to the file: what can be read comes back, and the user is told once."""

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import load_messages
from trainer.foundation.settings import THEME
from trainer.storage.database import write_ahead_log
from trainer.storage.learners import LearnerFile, create_learner, open_learner
from trainer.storage.review_log import Review, ReviewLog, statement

MakeReview = Callable[..., Review]
HEX = set("0123456789abcdef")
BACKED_UP, LATER = 300, 100


@pytest.fixture
def folder(tmp_path: Path, review: MakeReview, now: datetime) -> Path:
    """A learner with a backup of 300 answers and 100 answers since."""
    folder = tmp_path / "li-1"
    learner = create_learner(folder, {"name": "李华"})
    learner.settings[THEME] = "dark"
    for number in range(BACKED_UP):
        learner.writer.submit([statement(review(number))])
    learner.close(now)
    learner = open_learner(folder, now)
    for number in range(BACKED_UP, BACKED_UP + LATER):
        learner.writer.submit([statement(review(number))])
    learner.close()
    return folder


def numbers(learner: LearnerFile) -> set[int]:
    with closing(learner.connect()) as connection:
        ids = [row.review_id for row in ReviewLog(connection).all()]
    # A flipped bit can make an id odd; the row is there all the same.
    return {int(name, 16) for name in ids if HEX.issuperset(name)}


def missing(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(30_000))  # noqa: S311


def without_beginning(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(bytes(4096) + content[4096:])


def cut_in_half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def with_a_torn_end(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-700])


def another_database(path: Path) -> None:
    import sqlite3

    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table things (name)")


DAMAGES = [
    missing,
    emptied,
    garbage,
    without_beginning,
    cut_in_half,
    with_a_torn_end,
    another_database,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_last_good_backup_takes_the_place(
    folder: Path, now: datetime, damage: Callable[[Path], None]
) -> None:
    damage(folder / "learner.sqlite")
    damaged_exists = (folder / "learner.sqlite").exists()

    learner = open_learner(folder, now + timedelta(hours=1))

    assert learner.notice is not None
    code, blanks = learner.notice
    assert code == ("recovery.restored" if damaged_exists else "recovery.restored-only")
    assert (learner.name, learner.settings[THEME]) == ("李华", "dark")
    found = numbers(learner)
    assert set(range(BACKED_UP)) <= found
    if damage is without_beginning:
        # Not one answer is lost: the rows are read without SQLite's help.
        assert found == set(range(BACKED_UP + LATER))
        assert blanks["answers"] == LATER
    learner.close()
    if damaged_exists:
        assert (folder / str(blanks["kept"])).exists()
    # Told once, repaired for good.
    again = open_learner(folder, now + timedelta(hours=2))
    assert again.notice is None
    assert numbers(again) == found
    again.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_without_a_backup_what_can_be_read_comes_back(
    folder: Path, now: datetime, damage: Callable[[Path], None]
) -> None:
    shutil.rmtree(folder / "backups")
    damage(folder / "learner.sqlite")

    learner = open_learner(folder, now)

    assert learner.notice is not None
    found = numbers(learner)
    match learner.notice[0]:
        case "recovery.salvaged":
            assert learner.notice[1]["answers"] == len(found) > 0
        case "recovery.empty":
            assert damage in {emptied, garbage, another_database}
        case "recovery.missing":
            assert damage is missing
        case other:
            pytest.fail(other)
    if damage is without_beginning:
        assert found == set(range(BACKED_UP + LATER))
        assert learner.name == "李华"
    learner.close()


def test_a_damaged_backup_is_passed_over(folder: Path, now: datetime, review: MakeReview) -> None:
    open_learner(folder, now + timedelta(days=1)).close(now + timedelta(days=1))
    newest, older = sorted((folder / "backups").iterdir(), reverse=True)
    newest.write_bytes(newest.read_bytes()[:5000])
    (folder / "learner.sqlite").write_bytes(b"")

    learner = open_learner(folder, now + timedelta(days=2))

    assert numbers(learner) == set(range(BACKED_UP))
    learner.close()
    assert older.exists()


def test_answers_that_only_stand_in_the_log_survive_the_loss_of_the_file(
    folder: Path, now: datetime, review: MakeReview
) -> None:
    learner = open_learner(folder, now)
    learner.writer.submit([statement(review(1000))]).result()
    log = write_ahead_log(learner.path).read_bytes()
    learner.close()
    (folder / "learner.sqlite").write_bytes(b"")
    write_ahead_log(folder / "learner.sqlite").write_bytes(log)

    learner = open_learner(folder, now)

    assert 1000 in numbers(learner)
    learner.close()


@pytest.mark.parametrize("rename", ["damaged", "fresh"])
def test_a_repair_that_is_interrupted_is_finished_later(
    folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, rename: str
) -> None:
    without_beginning(folder / "learner.sqlite")
    real = Path.replace

    def power_cut(self: Path, target: Path) -> Path:
        stopped = target.name == "learner.sqlite" if rename == "fresh" else "damaged" in target.name
        if stopped:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", power_cut)
    with pytest.raises(KeyboardInterrupt):
        open_learner(folder, now)
    monkeypatch.undo()

    learner = open_learner(folder, now)
    assert learner.notice is not None
    assert numbers(learner) == set(range(BACKED_UP + LATER))
    learner.close()


@pytest.mark.parametrize("seed", range(60))
def test_any_bytes_open_or_are_refused_with_a_sentence(
    folder: Path, now: datetime, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    path = folder / "learner.sqlite"
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 3, 40])):
        start = chance.randrange(len(content) if seed % 2 else 200)
        length = chance.choice([1, 1, 16, 512, 4096])
        content[start : start + length] = chance.randbytes(length)
    path.write_bytes(content)
    if seed % 3 == 0:
        write_ahead_log(path).write_bytes(chance.randbytes(9000))

    for _ in range(2):
        try:
            learner = open_learner(folder, now)
        except TrainerError as error:
            assert error.code in {"file.newer", "file.damaged"}  # noqa: PT017
            continue
        try:
            rows = numbers(learner)
        except TrainerError:
            continue
        except UnicodeError:
            pytest.fail("a row that cannot be read came through")
        finally:
            learner.close()
        assert len(rows) >= BACKED_UP - 40


def test_every_notice_has_its_sentence() -> None:
    assets = Path(__file__).parents[2] / "assets" / "translations"
    for language in ("en", "zh_CN"):
        messages = load_messages(assets, language)
        for code in ("restored", "restored-only", "finished", "salvaged", "empty", "missing"):
            assert messages.knows(f"recovery.{code}")
        for code in ("disk.full", "disk.read-only", "disk.gone", "file.damaged", "file.locked"):
            assert messages.knows(code)
