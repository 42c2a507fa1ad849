"""A learner with a long history: opening, the next card, answers that are on the disk."""

import sqlite3
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.made_up import NOW_MS, fill_log, write_library
from bench.report import Row, milliseconds, seconds
from trainer.cards.response import SelfGraded
from trainer.foundation.clock import FixedClock
from trainer.scheduling.rating import Rating
from trainer.services.content_library import Library
from trainer.services.progress import progress_of, today_of
from trainer.services.sign_in import People
from trainer.services.study import open_study

ANSWERS = 400


class Stage:
    """A content folder, a library and a learner with a history, in a folder of their own."""

    def __init__(self, folder: Path, cards: int, reviews: int) -> None:
        self.folder = folder
        self.clock = FixedClock(datetime.fromtimestamp(NOW_MS / 1000, UTC))
        self.content = write_library(folder, cards)
        self.people = People(folder, self.clock)
        self.person = self.people.create("Bench", "teal")
        library = self.library()
        self.first_scan = min(seconds(library.refresh, 1))
        path = folder / "learners" / self.person.learner_id / "learner.sqlite"
        connection = sqlite3.connect(library.path)
        rows = connection.execute("select card_id, question_digest, answer_digest from card")
        cards_there = {card_id: (question, answer) for card_id, question, answer in rows}
        connection.close()
        library.close()
        fill_log(path, cards_there, reviews, self.person.learner_id)

    def library(self) -> Library:
        return Library(self.content, self.folder / "library.sqlite", self.clock)


def rows(folder: Path, cards: int, reviews: int) -> list[Row]:
    stage = Stage(folder, cards, reviews)
    found = [
        Row(
            f"first scan of {cards:,} cards (read, keep, index)",
            f"{stage.first_scan:.1f} s",
        )
    ]

    def start_again() -> None:
        library = stage.library()
        library.refresh()
        library.close()

    start_again()
    taken = seconds(start_again, 10)
    found.append(Row(f"library start, {cards:,} cards, nothing changed", milliseconds(taken)))

    learner = stage.people.open(stage.person.learner_id)
    library = stage.library()
    library.refresh()
    replay = min(seconds(lambda: open_study(learner, library, stage.clock).close(), 1))
    rate = f"{reviews / replay / 1e6:.2f}M reviews/s"
    found.append(Row(f"all memory states anew from {reviews:,} reviews", f"{replay:.1f} s, {rate}"))

    opened = seconds(lambda: open_study(learner, library, stage.clock).close(), 10)
    found.append(Row("queue ready after opening", milliseconds(opened), goal="60 ms"))
    today = seconds(lambda: today_of(learner, library, stage.clock), 10)
    found.append(Row("what Today shows", milliseconds(today)))
    progress = seconds(lambda: progress_of(learner, library, stage.clock), 5)
    found.append(Row("statistics of everything", milliseconds(progress), goal="500 ms"))
    found += _answers(stage, learner, library)
    search = seconds(lambda: library.search("orders window", "en"), 20)
    found.append(Row("full-text search", milliseconds(search), goal="20 ms"))
    learner.close()
    library.close()
    return found


def _answers(stage: Stage, learner: object, library: Library) -> list[Row]:
    session = open_study(learner, library, stage.clock)  # type: ignore[arg-type] # a LearnerFile
    next_card, durable = [], []
    for _ in range(ANSWERS):
        if session.question is None:
            break
        language = session.question.card.language
        start = time.perf_counter()
        saved = session.answer(
            Rating.GOOD,
            SelfGraded(),
            language=language,
            correct=None,
            taken=timedelta(seconds=6),
        )
        _ = session.question
        next_card.append(time.perf_counter() - start)
        saved.result()
        durable.append(time.perf_counter() - start)
        stage.clock.advance(timedelta(seconds=6))
    session.close()
    plain = _plain_commits(stage.folder / "plain.sqlite")
    ratio = statistics.median(durable) / statistics.median(plain)
    return [
        Row("answer taken and next card there", milliseconds(next_card), goal="0.1 ms, p99 1 ms"),
        Row(
            "answer on the disk (WAL, synchronous=FULL)",
            milliseconds(durable),
            f"one plain commit {milliseconds(plain)}: {ratio:.1f} times",
            "1.5 commits, p99 5",
        ),
    ]


def _plain_commits(path: Path) -> list[float]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table plain (text)")
    insert = "insert into plain values ('x')"
    taken = seconds(lambda: connection.execute(insert), ANSWERS)
    connection.close()
    return taken
