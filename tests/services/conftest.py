"""A desk to study at: a content folder, a library, a learner and a clock that is moved by hand."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from trainer.cards.model import Language
from trainer.cards.response import Response, SelfGraded
from trainer.foundation.clock import FixedClock
from trainer.scheduling.rating import Rating
from trainer.services.content_library import Library
from trainer.services.study import Selection, StudySession, open_study
from trainer.storage.learners import LearnerFile, create_learner

_FRONT = """---
title: {title}
platform: {platform}
competence: {competence}
as-of: 2026-10
---

# {title}

"""
CHINA = timezone(timedelta(hours=8))


class StudyDesk:
    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.content.mkdir()
        self.clock = FixedClock(datetime(2026, 11, 23, 9, tzinfo=CHINA))
        self.library = Library(self.content, folder / "library.sqlite", self.clock)
        self.learner: LearnerFile = create_learner(folder / "learners" / "li", {"name": "李华"})
        self._open: list[StudySession] = []

    def write(
        self,
        text: str,
        name: str = "health",
        *,
        platform: str = "amazon",
        competence: str = "platform-rules",
        language: Language = "en",
    ) -> None:
        """Put a deck in the folder (or change it) and read it."""
        path = (
            self.content
            / "platforms"
            / platform
            / (f"{name}.md" if language == "en" else f"{name}.{language}.md")
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        front = _FRONT.format(title=name, platform=platform, competence=competence)
        path.write_text(front + text, encoding="utf-8")
        self.library.refresh()
        assert not [found for found in self.library.findings() if found.level == "error"]

    def write_cards(self, count: int, name: str = "health", **where: str) -> None:
        """A deck of `count` questions the learner grades."""
        cards = (f"Q: Question {n}? {{#c{n}}}\nA: Answer {n}\n" for n in range(count))
        self.write("\n".join(cards), name, **where)  # type: ignore[arg-type] # for brevity

    def open(self, selection: Selection | None = None, **options: Any) -> StudySession:
        session = open_study(self.learner, self.library, self.clock, selection, **options)
        self._open.append(session)
        return session

    def answer(
        self,
        session: StudySession,
        rating: Rating = Rating.GOOD,
        *,
        seconds: float = 5,
        response: Response | None = None,
        correct: bool | None = None,
        language: Language = "en",
    ) -> "Future[None]":
        taken = timedelta(seconds=seconds)
        self.clock.advance(taken)
        return session.answer(
            rating, response or SelfGraded(), language=language, correct=correct, taken=taken
        )

    def sitting(self, rating: Rating = Rating.GOOD, **options: Any) -> list[str]:
        """Study until nothing waits any more today; the cards in the order they were asked."""
        session = self.open(**options)
        asked = []
        while (question := session.question) is not None or session.wakes_in() is not None:
            if question is None:
                self.clock.advance(session.wakes_in() or timedelta())
                continue
            asked.append(question.card.card_id)
            self.answer(session, rating)
        session.close()
        return asked

    def tomorrow(self, days: float = 1) -> None:
        self.clock.advance(timedelta(days=days))

    def rows(self, query: str) -> list[Any]:
        self.learner.writer.flush()
        with closing(self.learner.connect()) as connection:
            return connection.execute(query).fetchall()

    def caches(self) -> tuple[list[Any], list[Any]]:
        """Everything that is kept besides the log."""
        return (
            self.rows("select * from card_state order by card_id"),
            self.rows("select * from review_day order by day, subject, kind"),
        )

    def made_anew(self) -> tuple[list[Any], list[Any]]:
        """The caches after they were lost."""
        self.learner.writer.flush()
        with closing(self.learner.connect()) as connection:
            for table in ("card_state", "review_day", "card_change", "study_cache"):
                connection.execute(f"drop table {table}")
        self.open().close()
        return self.caches()

    def close(self) -> None:
        for session in self._open:
            with suppress(Exception):
                session.close()
        self.learner.close()
        self.library.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StudyDesk]:
    """Use `Any` as its type: test modules cannot import from here."""
    desk = StudyDesk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def new_desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Makes a desk for each example of a property."""
    return lambda: closing(StudyDesk(tmp_path_factory.mktemp("desk")))
