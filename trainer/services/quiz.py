"""A quiz: a fixed number of graded questions, feedback at once or at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from trainer.cards.response import Response
from trainer.decks.model import Rule
from trainer.services.study import Question, Selection

Feedback = Literal["at-once", "at-the-end"]


@dataclass(frozen=True, slots=True)
class QuizPlan:
    selection: Selection
    length: int
    feedback: Feedback
    seed: int


@dataclass(frozen=True, slots=True)
class QuizResult:
    answered: int
    points: float  # partial credit counts
    of: int
    taken: timedelta
    mistakes: Sequence[tuple[Question, Response]]
    rules_to_read: Sequence[Rule]


class Quiz:
    """Only machine-graded kinds are drawn. Each answer is also a review in the learner's log."""

    @property
    def question(self) -> Question | None:
        raise NotImplementedError

    @property
    def position(self) -> tuple[int, int]:
        """The present question's number, from 1, and how many there are."""
        raise NotImplementedError

    def answer(self, response: Response, taken: timedelta) -> None:
        raise NotImplementedError

    def result(self) -> QuizResult:
        raise NotImplementedError
