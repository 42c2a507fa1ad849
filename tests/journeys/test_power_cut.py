"""A learner who answers as fast as the program takes it, and a plug that is pulled again and again.

An answer counts as acknowledged when the program said it is saved; none of those may be lost.
"""

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainer.foundation.clock import SystemClock
from trainer.services.content_library import Library
from trainer.services.sign_in import People

ROOT = Path(__file__).resolve().parents[2]

# Studies for ever: answers, waits until it is saved, says so.
STUDENT = """
import sys
from datetime import timedelta
from pathlib import Path
from trainer.cards.response import SelfGraded
from trainer.foundation.clock import SystemClock
from trainer.scheduling.queue import Limits
from trainer.scheduling.rating import Rating
from trainer.services.content_library import Library
from trainer.services.sign_in import People
from trainer.services.study import open_study

data, content, learner_id = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
clock = SystemClock()
library = Library(content, data / "library.sqlite", clock)
library.refresh()
learner = People(data, clock).open(learner_id)
session = open_study(learner, library, clock, limits=Limits(new_a_day=100_000))
print("ready", flush=True)
while session.question or session.study_ahead():
    card = session.question.card
    saved = session.answer(
        Rating.EASY, SelfGraded(), language=card.language, correct=None,
        taken=timedelta(seconds=3),
    )
    saved.result()
    print(card.card_id, flush=True)
"""


def pull_the_plug(data: Path, content: Path, learner_id: str, after: float) -> list[str]:
    """Study for `after` seconds, then SIGKILL. The cards whose answers were acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", STUDENT, str(data), str(content), learner_id],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    time.sleep(after)
    process.kill()
    told, _ = process.communicate(timeout=20)
    # A line torn by the plug was not heard.
    return told.split("\n")[:-1]


def answered(data: Path) -> list[str]:
    (path,) = data.glob("learners/*/learner.sqlite")
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("select card_id from review order by review_id").fetchall()
        assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"
    finally:
        connection.close()
    return [card_id for (card_id,) in rows]


@pytest.mark.parametrize(
    "pulls", [6, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])]
)
def test_no_acknowledged_answer_is_lost(tmp_path: Path, pulls: int) -> None:
    clock = SystemClock()
    content = ROOT / "content"
    library = Library(content, tmp_path / "library.sqlite", clock)
    library.refresh()
    library.close()
    learner_id = People(tmp_path, clock).create("Li", "teal").learner_id
    dice = random.Random(20)  # noqa: S311 - when the plug is pulled
    heard: list[str] = []
    for pull in range(1, pulls + 1):
        heard += pull_the_plug(tmp_path, content, learner_id, dice.uniform(0.0, 0.25))
        there = answered(tmp_path)
        lost = [card for card in heard if card not in there]
        assert lost == []
        # Each pull may have cut off one answer after it was written and before it was told.
        assert len(there) <= len(heard) + pull
    assert len(heard) > pulls
