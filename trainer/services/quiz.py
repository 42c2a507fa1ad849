"""A quiz: a fixed number of graded questions, feedback at once or at the end."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import Literal

from trainer.cards.grading import grade
from trainer.cards.model import KINDS, Language, kind_of
from trainer.cards.response import Response
from trainer.cards.showing import show
from trainer.decks.model import Rule
from trainer.foundation.clock import Clock
from trainer.foundation.settings import Settings
from trainer.scheduling.memory import draw
from trainer.scheduling.proposal import propose
from trainer.services.content_library import Library
from trainer.services.learning_record import LearningRecord
from trainer.services.study import Question, Selection, card_language, question_about
from trainer.storage.learners import LearnerFile

# What only the learner can judge has no place in a quiz; a cloze is typed.
GRADED_KINDS = tuple(kind for kind in KINDS if kind not in {"recall", "term"})

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

    def __init__(
        self, record: LearningRecord, library: Library, card_ids: Sequence[str], language: Language
    ) -> None:
        """Made by `open_quiz`."""
        self._record = record
        self._library = library
        self._card_ids = card_ids
        self._language = language
        self._answered: list[tuple[Question, Response, Fraction]] = []
        self._taken = timedelta()
        self._question = self._next()

    @property
    def question(self) -> Question | None:
        """The card to answer now; None after the last one."""
        return self._question

    @property
    def position(self) -> tuple[int, int]:
        """The present question's number, from 1, and how many there are."""
        return min(len(self._answered) + 1, len(self._card_ids)), len(self._card_ids)

    def answer(self, response: Response, taken: timedelta) -> "Future[None]":
        """Grade the answer, write it down as a review, and move on. The future is done when it is
        on the disk. Raises ValueError after the last question, TypeError for a response that does
        not fit the card."""
        question = self._question
        if question is None:
            raise ValueError("the quiz is over")
        card = question.card
        graded = grade(show(card, question.seed), response)
        share = graded.share or Fraction(0)
        rating = propose(share == 1, taken, kind_of(card.body), question.stability)
        _, write = self._record.give(card, rating, response, share == 1, taken)
        future = write()
        self._answered.append((question, response, share))
        self._taken += taken
        self._question = self._next()
        return future

    def result(self) -> QuizResult:
        """What has come out so far; rules that were missed most often come first."""
        mistakes = [(asked, given) for asked, given, share in self._answered if share < 1]
        rules = [asked.rule for asked, _ in mistakes if asked.rule is not None]
        missed = Counter(rule.rule_id for rule in rules)
        first = {rule.rule_id: rule for rule in reversed(rules)}
        return QuizResult(
            answered=len(self._answered),
            points=float(sum(share for _, _, share in self._answered)),
            of=len(self._card_ids),
            taken=self._taken,
            mistakes=mistakes,
            rules_to_read=[first[rule_id] for rule_id, _ in missed.most_common()],
        )

    def close(self) -> None:
        """Let go of the files; after the last question it has happened by itself. Answers on
        their way to the disk still get there."""
        self._record.release()

    def _next(self) -> Question | None:
        for card_id in self._card_ids[len(self._answered) :]:
            question = question_about(card_id, self._language, self._record, self._library)
            if question is not None:
                return replace(question, change=None)
            # The deck has gone since the quiz was drawn: it is one question shorter.
            self._card_ids = [other for other in self._card_ids if other != card_id]
        self._record.release()
        return None


def open_quiz(
    learner: LearnerFile,
    library: Library,
    clock: Clock,
    plan: QuizPlan,
    *,
    settings: Settings | None = None,
    language: Language | None = None,
    device: str = "",
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> Quiz:
    """The quiz that `plan` and its seed stand for; shorter when there are not enough cards.

    `language` None is the card language of `settings` (None: the learner's own). Raises
    TrainerError (disk.*, file.*).
    """
    kinds = tuple(kind for kind in plan.selection.kinds or GRADED_KINDS if kind in GRADED_KINDS)
    record = LearningRecord(learner, library, clock, device=device, random_bytes=random_bytes)
    selection = replace(plan.selection, kinds=kinds)
    cards = record.waiting(selection.columns()).drawable() if kinds else []
    drawn = drawn_cards(cards, plan.length, plan.seed)
    return Quiz(record, library, drawn, language or card_language(settings or learner.settings))


def drawn_cards(cards: Iterable[tuple[str, str, str]], length: int, seed: int) -> list[str]:
    """Up to `length` of `cards` (card, note, rule), one of each note: a first card of every rule in
    random order, then a second one of every rule, and so on. The seed decides."""
    shuffled = sorted(cards, key=lambda card: (draw(f"{seed}/{card[0]}", 0), card))
    notes: set[str] = set()
    rules: dict[str, list[str]] = {}
    for card_id, note_id, rule_id in shuffled:
        if note_id not in notes:
            notes.add(note_id)
            rules.setdefault(rule_id or note_id, []).append(card_id)
    rounds = zip_longest(*rules.values())
    return [card_id for cards in rounds for card_id in cards if card_id is not None][:length]
