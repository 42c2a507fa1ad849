"""Killed programs and power cuts: an answer on the screen is an answer on the disk."""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO

import pytest

from trainer.storage.database import connect, write_ahead_log
from trainer.storage.learners import LearnerFile, create_learner, open_learner
from trainer.storage.review_log import Review, ReviewLog, statement

MakeReview = Callable[..., Review]

CHILD = Path(__file__).with_name("answering_child.py")


@pytest.mark.parametrize(
    ("kills", "seed"), [(20, 1), pytest.param(1000, 2, marks=pytest.mark.slow)]
)
@pytest.mark.timeout(3600)
def test_no_acknowledged_answer_is_lost_when_the_program_is_killed(
    tmp_path: Path, now: datetime, kills: int, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's choice of moments
    folder = tmp_path / "li-1"
    create_learner(folder, {"name": "Li", "answers": "0"}).close()
    acknowledged: list[int] = []
    for _ in range(kills):
        first = acknowledged[-1] + 2 if acknowledged else 1  # the one in between may be there
        acknowledged += killed_while_answering(folder, first, chance.randint(1, 60))

    learner = open_learner(folder, now)
    assert learner.notice is None
    ids = {int(row.review_id, 16) for row in ReviewLog(learner.connection).all()}
    # The sum in the same transaction agrees with the rows: neither is there without the other.
    assert int(learner.profile("answers")) == len(ids)
    learner.close()
    assert len(acknowledged) >= kills
    assert set(acknowledged) <= ids
    assert len(ids) <= len(acknowledged) + kills


def killed_while_answering(folder: Path, first: int, answers: int) -> list[int]:
    """The numbers a child had acknowledged when it was killed after about so many `answers`."""
    child = subprocess.Popen(
        [sys.executable, CHILD, folder, str(first)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parent.parent.parent,
        env={"PYTHONPATH": str(Path(__file__).parent.parent.parent), "PATH": ""},
    )
    assert child.stdout is not None
    with child.stdout as output:
        lines = [output.readline() for _ in range(answers)]
        child.kill()
        lines += rest_of(output)
        child.wait()
    return [int(line) for line in lines if line.endswith("\n")]


def rest_of(output: IO[str]) -> list[str]:
    return output.readlines()


@pytest.mark.parametrize(
    ("cuts", "seed"), [(100, 1), pytest.param(1000, 2, marks=pytest.mark.slow)]
)
@pytest.mark.timeout(1800)
def test_no_acknowledged_answer_is_lost_in_a_power_cut(
    tmp_path: Path, now: datetime, review: MakeReview, cuts: int, seed: int
) -> None:
    """After a cut the log holds what was synced, and of what came after any sectors or none."""
    chance = random.Random(seed)  # noqa: S311
    learner, marks = with_answers(tmp_path / "li-1", review, 60)
    whole = write_ahead_log(learner.path).read_bytes()
    main = learner.path.read_bytes()
    try:
        for cut in range(cuts):
            folder = tmp_path / "cut" / "li-1"
            folder.mkdir(parents=True)
            answers = chance.randrange(len(marks))
            synced = marks[answers]
            (folder / "learner.sqlite").write_bytes(main)
            write_ahead_log(folder / "learner.sqlite").write_bytes(
                whole[:synced] + torn(whole[synced : synced + 40_000], chance)
            )
            survived(folder, answers, now, f"cut {cut}")
            shutil.rmtree(folder.parent)
    finally:
        learner.close()


@pytest.mark.parametrize(
    ("cuts", "seed"), [(100, 1), pytest.param(1000, 2, marks=pytest.mark.slow)]
)
@pytest.mark.timeout(1800)
def test_no_answer_is_lost_in_a_power_cut_while_the_log_is_carried_over(
    tmp_path: Path, now: datetime, review: MakeReview, cuts: int, seed: int
) -> None:
    """The log is whole and the file is anything between its old and its new state."""
    chance = random.Random(seed)  # noqa: S311
    learner, marks = with_answers(tmp_path / "li-1", review, 60)
    whole = write_ahead_log(learner.path).read_bytes()
    before = learner.path.read_bytes()
    old_length = len(before)
    learner.close()
    after = learner.path.read_bytes()
    before += bytes(len(after) - len(before))
    carried = pages_in(whole)
    for cut in range(cuts):
        folder = tmp_path / "cut" / "li-1"
        folder.mkdir(parents=True)
        mixed = bytearray(after)
        for start in (page + sector for page in carried for sector in range(0, 4096, 512)):
            match chance.randrange(4):
                case 0:
                    mixed[start : start + 512] = before[start : start + 512]
                case 1:
                    mixed[start : start + 512] = bytes(512)
        # What was not written does not lengthen the file either.
        length = chance.choice([len(after), chance.randrange(old_length, len(after))])
        (folder / "learner.sqlite").write_bytes(mixed[:length])
        write_ahead_log(folder / "learner.sqlite").write_bytes(whole)
        survived(folder, len(marks) - 1, now, f"cut {cut}")
        shutil.rmtree(folder.parent)


def with_answers(folder: Path, review: MakeReview, answers: int) -> tuple[LearnerFile, list[int]]:
    """A learner with answers in the log beside the file, and how long it was after each."""
    create_learner(folder, {"name": "Li"}).close()
    learner = LearnerFile(folder, connect(folder / "learner.sqlite"))
    log = write_ahead_log(learner.path)
    marks = [log.stat().st_size if log.exists() else 0]
    for number in range(answers):
        learner.writer.submit([statement(review(number))]).result()
        marks.append(log.stat().st_size)
    return learner, marks


def pages_in(log: bytes) -> list[int]:
    """Where the pages that stand in the log begin in the file."""
    frames = range(32, len(log), 24 + 4096)
    numbers = {int.from_bytes(log[start : start + 4], "big") for start in frames}
    return [(number - 1) * 4096 for number in sorted(numbers)]


def torn(content: bytes, chance: random.Random) -> bytes:
    """Sectors of `content` that reached the disk, did not, or only half did."""
    sectors = bytearray()
    for start in range(0, len(content), 512):
        sector = content[start : start + 512]
        match chance.randrange(4):
            case 0:
                sector = bytes(len(sector))
            case 1:
                sector = chance.randbytes(len(sector))
            case 2:
                sector = sector[: len(sector) // 2] + bytes(len(sector) - len(sector) // 2)
        sectors += sector
    return bytes(sectors[: chance.randrange(len(sectors) + 1)])


def survived(folder: Path, answers: int, now: datetime, which: str) -> None:
    learner = open_learner(folder, now)
    try:
        with closing(learner.connect()) as connection:
            ids = [int(row.review_id, 16) for row in ReviewLog(connection).all()]
        assert ids[:answers] == list(range(answers)), which
        assert ids == list(range(len(ids))), which
        assert learner.notice is None, which
    finally:
        learner.close()
