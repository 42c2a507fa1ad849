"""Studying: which card is next, what an answer does, and taking it back."""

import os
from collections import deque
from collections.abc import Callable, Container, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple
from zlib import crc32

from trainer.cards.model import Card, Language
from trainer.cards.response import Response
from trainer.decks.model import Rule
from trainer.foundation.clock import Clock
from trainer.foundation.settings import CARD_LANGUAGE, INTERFACE_LANGUAGE, NEW_CARDS_A_DAY, Settings
from trainer.scheduling.days import MINUTE, Moment, date_of
from trainer.scheduling.memory import IN_REVIEW, wait, went_back
from trainer.scheduling.queue import Limits, Queue, Waiting, one_a_note
from trainer.scheduling.rating import Rating
from trainer.services.answers import answer_markdown
from trainer.services.content_library import Library, ReportProgress
from trainer.services.learning_record import Answered, LearningRecord
from trainer.services.mixed_up import mixed_up
from trainer.storage.learners import LearnerFile
from trainer.storage.marks import MarkKind
from trainer.storage.waiting_cards import WaitingCards

# Due cards held at a time; the rest wait in the file until these run low.
_BATCH = 300
_LOW = 20
# Cards that were wanted soon (after a case, for instance) and come first in one sitting.
MOST_WANTED = 20
# How many acts can be taken back: more than anybody remembers, and memory stays flat.
_UNDO_LEVELS = 500


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cards are in play; empty tuples mean all."""

    subjects: tuple[str, ...] = ()  # amazon, power-bank, logistics …
    decks: tuple[str, ...] = ()  # deck ids
    kinds: tuple[str, ...] = ()  # names from cards.model.KINDS
    competences: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()  # card ids, for example the mistakes of a quiz

    def columns(self) -> dict[str, Sequence[str]]:
        """The choice in terms of the table `card_place`."""
        return {
            "subject": self.subjects,
            "deck_id": self.decks,
            "kind": self.kinds,
            "competence": self.competences,
            "card_id": self.cards,
        }


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
    stability: float = 0.0  # days; 0 for a new card: what `scheduling.proposal` wants to know


class _Act(NamedTuple):
    """Something that can be taken back, and the queue before it."""

    card: Waiting
    queue: Queue
    answered: Answered | None  # None: a suspension or burial
    back: MarkKind = "resume"


class StudySession:
    """One sitting. Not thread-safe: it belongs to the thread that shows it."""

    def __init__(
        self,
        record: LearningRecord,
        library: Library,
        selection: Selection,
        language: Language,
        limits: Limits,
    ) -> None:
        """Made by `open_study`."""
        self._record = record
        self._library = library
        self._cards = record.waiting(selection.columns())
        self._language = language
        self._limits = limits
        self._queue = Queue()
        self._acts: deque[_Act] = deque(maxlen=_UNDO_LEVELS)
        self._current: Waiting | None = None
        self._question: Question | None = None
        self._next: Question | None = None  # made ready while the learner reads the answer
        self._done = 0
        self._spent = 0  # milliseconds of study today
        self._day = record.now().day
        # The PC's clock is behind what the log knows: people should be told to look at it.
        self.clock_went_back = record.clock_is_back()
        self._load(record.now())
        self._advance()

    @property
    def question(self) -> Question | None:
        """The card to answer now; None when nothing waits (see `wakes_in`)."""
        if self._question is None:
            self._advance()
        return self._question

    @property
    def counts(self) -> Counts:
        queue = self._queue
        return Counts(
            len(queue.new),
            len(queue.learning),
            len(queue.soon) + len(queue.due) + queue.behind,
            self._done,
        )

    @property
    def can_undo(self) -> bool:
        return bool(self._acts)

    def wakes_in(self) -> timedelta | None:
        """How long until a card of today in learning is due again; None when there is none."""
        wakes_at = self._queue.wakes_at()
        if wakes_at is None:
            return None
        return timedelta(milliseconds=max(0, wakes_at - self._record.now().at))

    def study_ahead(self) -> Question | None:
        """Bring the next card of today in learning forward, so that nobody has to sit and wait.

        None when there is none (`wakes_in` is None).
        """
        for card in self._queue.learning:
            if self._show(card):
                break
        return self._question

    def intervals(self) -> Mapping[Rating, timedelta]:
        """For each rating, when the present card would come back."""
        if self._current is None:
            return {}
        now = self._record.now()
        self._prepare_next(now)
        outlook = self._record.outlook(self._current.card_id)
        return {rating: wait(state, now) for rating, state in outlook.items()}

    def in_language(self, language: Language) -> Question | None:
        """The present card in another language; None when there is no translation."""
        if self._current is None:
            return None
        if not self._library.has_card(self._current.card_id, language):
            return None
        return self._asked(self._current, language)

    def answer(
        self,
        rating: Rating,
        response: Response,
        *,
        language: Language,
        correct: bool | None,
        taken: timedelta,
    ) -> "Future[None]":
        """Rate the present card and move on at once.

        The future is done when the answer is on the disk: only then may the screen say "saved".
        It fails with TrainerError (disk full, drive gone); the answer is kept and written again
        with the next one. Raises ValueError when no card is shown.
        """
        current, question = self._present()
        card = question.card
        if card.language != language:
            card = self._library.card(card.card_id, language) or card
        before = self._queue
        answered, write = self._record.give(card, rating, response, correct, taken)
        now = self._record.now()
        if went_back(answered.before.state, now):
            self.clock_went_back = True
        self._queue = before.without(current.card_id)
        state = answered.after.state
        if state is not None and state.step != IN_REVIEW and state.due < self._day_ends(now):
            self._queue = self._queue.with_learning(current._replace(due=state.due))
        self._acts.append(_Act(current, before, answered))
        self._done += 1
        self._spent += answered.review.taken_ms
        try:
            self._advance()
        finally:
            future = write()
        return future

    def undo(self) -> Question | None:
        """Take the last answer, suspension or burial of this sitting back; its card is shown
        again. None when there is nothing to take back."""
        if not self._acts:
            return None
        act = self._acts.pop()
        if act.answered is None:
            self._record.mark(act.card.card_id, act.back)
        else:
            self._record.take_back(act.answered)
            self._done -= 1
            self._spent -= act.answered.review.taken_ms
        self._queue = act.queue
        self._next = None
        self._show(act.card)
        return self._question

    def suspend(self) -> None:
        """Never ask this card again until it is resumed (Settings or Handbook)."""
        self._put_away("suspend", "resume")

    def bury(self) -> None:
        """Not today."""
        self._put_away("bury", "unbury")

    def flag(self, on: bool) -> None:
        current, question = self._present()
        self._record.mark(current.card_id, "flag" if on else "unflag")
        self._question = replace(question, flagged=on)

    def ask_teacher(self, on: bool) -> None:
        current, question = self._present()
        self._record.mark(current.card_id, "ask" if on else "unask")
        self._question = replace(question, asks_teacher=on)

    def take_wanted(self) -> bool:
        """Put the cards that were wanted soon since the sitting began before all others, behind the
        one that is shown; whether there were any."""
        ahead, queue = self._record.ahead, self._queue
        shown = self._current.card_id if self._current is not None else ""
        wanted = tuple(
            card
            for card, _ in self._cards.wanted(self._record.now().at)[:MOST_WANTED]
            if card.card_id not in ahead and card.card_id != shown
        )
        if set(wanted) <= set(queue.soon):
            return False
        names = {card.card_id for card in wanted}
        self._queue = replace(
            queue,
            soon=wanted,
            due=tuple(card for card in queue.due if card.card_id not in names),
            new=tuple(card for card in queue.new if card.card_id not in names),
        )
        self._next = None
        return True

    def close(self) -> None:
        """Wait until everything is on the disk, then let go of the files.

        Raises TrainerError when the disk does not take it; it can be tried again.
        """
        self._record.close()

    def _present(self) -> tuple[Waiting, Question]:
        if self._current is None or self._question is None:
            raise ValueError("no card is shown")
        return self._current, self._question

    def _put_away(self, kind: MarkKind, back: MarkKind) -> None:
        current, _ = self._present()
        before = self._queue
        self._record.mark(current.card_id, kind)
        self._queue = before.without(current.card_id, asked=False)
        self._acts.append(_Act(current, before, None, back))
        self._advance()

    def _advance(self) -> None:
        """Show the next card that can be shown; one whose deck is gone meanwhile is passed over."""
        now = self._record.now()
        if now.day != self._day:
            self._load(now)
        self._refill(now)
        self._current = self._question = None
        while (card := self._queue.pick(now.at, only_learning=self._time_is_up())) is not None:
            if self._show(card):
                return
            self._queue = self._queue.without(card.card_id, asked=False)

    def _prepare_next(self, now: Moment) -> None:
        if self._current is None or self._next is not None:
            return
        queue = self._queue.without(self._current.card_id)
        card = queue.pick(now.at, only_learning=self._time_is_up())
        if card is not None:
            self._next = self._asked(card, self._language)

    def _show(self, card: Waiting) -> bool:
        question, self._next = self._next, None
        if question is None or question.card.card_id != card.card_id:
            question = self._asked(card, self._language)
        if question is not None:
            self._current, self._question = card, question
        return question is not None

    def _asked(self, waiting: Waiting, language: Language) -> Question | None:
        return question_about(waiting.card_id, language, self._record, self._library)

    def _time_is_up(self) -> bool:
        minutes = self._limits.minutes_a_day
        return minutes is not None and self._spent >= minutes * MINUTE

    def _day_ends(self, now: Moment) -> int:
        return now.day_begins(now.day + 1)

    def _load(self, now: Moment) -> None:
        """What waits on the day of `now`. Acts of another day are no longer taken back."""
        self._day = now.day
        self._acts.clear()
        ahead = self._record.ahead
        answers, first_answers, spent = self._cards.sums_of(date_of(now.day).isoformat())
        self._done, self._spent = answers, spent
        touched = self._cards.notes_since(now.day_begins(now.day))
        wanted = [
            one for one in wanted_first(self._cards, now.at, touched) if one[0].card_id not in ahead
        ]
        soon = [card for card, _ in wanted[:MOST_WANTED]]
        changed = [card for card in self._cards.changed(now.at) if card not in soon]
        due = [card for card in self._cards.due(now.at, _BATCH) if card.card_id not in ahead]
        due = [*changed, *(card for card in due if card not in changed and card not in soon)]
        both = sum(met and card.due <= now.at for card, met in wanted[:MOST_WANTED])
        waiting = max(self._cards.count_due(now.at) - both, len(due))
        touched |= {card.note_id for card in soon}
        room = max(0, self._limits.new_a_day - first_answers)
        new = one_a_note(self._cards.new(now.at), touched, room)
        self._queue = Queue(
            due=tuple(due),
            soon=tuple(soon),
            new=tuple(new),
            learning=tuple(self._cards.learning(now.at, self._day_ends(now))),
            due_total=waiting,
            new_total=len(new),
            behind=waiting - len(due),
        )

    def _refill(self, now: Moment) -> None:
        if self._queue.behind == 0 or len(self._queue.due) >= _LOW:
            return
        ahead = self._record.ahead
        more = self._cards.due(now.at, _BATCH + len(ahead))
        self._queue = self._queue.with_more(card for card in more if card.card_id not in ahead)


def wanted_first(
    cards: WaitingCards, now: int, touched: Container[str]
) -> list[tuple[Waiting, bool]]:
    """Cards that come before all others though they need not be due, and whether each has been
    met: those somebody asked for, then some about platforms that the learner mixes up."""
    wanted = cards.wanted(now)
    known = {card.card_id for card, _ in wanted}
    return wanted + [one for one in mixed_up(cards, now, touched) if one[0].card_id not in known]


def question_about(
    card_id: str, language: Language, record: LearningRecord, library: Library
) -> Question | None:
    """The card as it is asked now; None when the library has it no more."""
    card = library.card(card_id, language)
    if card is None:
        return None
    record.ask(card)
    row, digests = record.standing(card_id)
    return Question(
        card=card,
        rule=library.rule(card.rule_id, card.language) if card.rule_id else None,
        seed=seed_of(card_id, row.state.reviews if row.state else 0),
        is_new=row.state is None,
        change=Change(record.answer_text(digests[0]), answer_markdown(card)) if digests else None,
        flagged=row.signs.flagged,
        asks_teacher=row.signs.asks_teacher,
        stability=row.state.stability if row.state else 0.0,
    )


def seed_of(card_id: str, reviews: int) -> int:
    """The seed of a card's showing after so many reviews: the same on every PC."""
    return crc32(f"{card_id}/{reviews}".encode())


def card_language(settings: Settings) -> Language:
    """The language in which cards are asked: as set, else that of the interface, else English."""
    chosen = settings[CARD_LANGUAGE] or settings[INTERFACE_LANGUAGE]
    return "zh" if chosen.startswith("zh") else "en"


def open_study(
    learner: LearnerFile,
    library: Library,
    clock: Clock,
    selection: Selection | None = None,
    *,
    settings: Settings | None = None,
    language: Language | None = None,
    limits: Limits | None = None,
    device: str = "",
    random_bytes: Callable[[int], bytes] = os.urandom,
    report: ReportProgress | None = None,
) -> StudySession:
    """A sitting over the cards of `selection` (all when None).

    What is None comes from `settings`, which are the learner's own when they are None too: the card
    language and the new cards a day. `report` is called when the caches have to be made anew (after
    a restore, or with another retention) and may raise Cancelled. Raises TrainerError (disk.*,
    file.*).
    """
    chosen = settings or learner.settings
    record = LearningRecord(
        learner, library, clock, device=device, random_bytes=random_bytes, report=report
    )
    return StudySession(
        record,
        library,
        selection or Selection(),
        language or card_language(chosen),
        limits or Limits(new_a_day=chosen[NEW_CARDS_A_DAY]),
    )
