"""Studying: which card is next, what an answer does, and taking it back."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta

from trainer.cards.model import Card, Language
from trainer.cards.response import Response
from trainer.decks.model import Rule
from trainer.scheduling.rating import Rating


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cards are in play; empty tuples mean all."""

    subjects: tuple[str, ...] = ()  # amazon, power-bank, logistics …
    decks: tuple[str, ...] = ()  # deck ids
    kinds: tuple[str, ...] = ()  # names from cards.model.KINDS
    competences: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()  # card ids, for example the mistakes of a quiz


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cards wait today, and how many answers were given today."""

    new: int
    learning: int
    due: int
    done: int


@dataclass(frozen=True, slots=True)
class Change:
    """The answer of this card has changed since the learner last met it."""

    old: str  # Markdown
    new: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the screen shows now."""

    card: Card
    rule: Rule | None
    seed: int  # fixes option order and drawn numbers: see cards.showing
    is_new: bool
    change: Change | None
    flagged: bool
    asks_teacher: bool


class StudySession:
    """One sitting. Not thread-safe: it belongs to the thread that shows it."""

    @property
    def question(self) -> Question | None:
        """The card to answer now; None when nothing waits (see `wakes_in`)."""
        raise NotImplementedError

    @property
    def counts(self) -> Counts:
        raise NotImplementedError

    @property
    def can_undo(self) -> bool:
        raise NotImplementedError

    def wakes_in(self) -> timedelta | None:
        """How long until a card of today in learning is due again; None when there is none."""
        raise NotImplementedError

    def study_ahead(self) -> Question | None:
        """Bring the next card of today in learning forward, so that nobody has to sit and wait.

        None when there is none (`wakes_in` is None).
        """
        raise NotImplementedError

    def intervals(self) -> Mapping[Rating, timedelta]:
        """For each rating, when the present card would come back."""
        raise NotImplementedError

    def in_language(self, language: Language) -> Question | None:
        """The present card in another language; None when there is no translation."""
        raise NotImplementedError

    def answer(
        self,
        rating: Rating,
        response: Response,
        *,
        language: Language,
        correct: bool | None,
        taken: timedelta,
    ) -> Future[None]:
        """Rate the present card and move on at once.

        The future is done when the answer is on the disk: only then may the screen say "saved".
        It fails with TrainerError (disk full, drive gone); the answer is kept and written again
        with the next one.
        """
        raise NotImplementedError

    def undo(self) -> Question | None:
        """Take the last answer, suspension or burial of this sitting back; its card is shown
        again. None when there is nothing to take back."""
        raise NotImplementedError

    def suspend(self) -> None:
        """Never ask this card again until it is resumed (Settings or Handbook)."""
        raise NotImplementedError

    def bury(self) -> None:
        """Not today."""
        raise NotImplementedError

    def flag(self, on: bool) -> None:
        raise NotImplementedError

    def ask_teacher(self, on: bool) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Wait until everything is on the disk, then let go of the files."""
        raise NotImplementedError
