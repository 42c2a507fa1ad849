"""A learner's record while it is open: writes answers and marks, and knows what they come to before
they are on the disk. Studying and quizzes share it.
"""

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import NamedTuple

from trainer.cards.model import Card, Language
from trainer.cards.response import Response, to_text
from trainer.foundation.clock import Clock, milliseconds
from trainer.foundation.identifiers import time_ordered_id
from trainer.foundation.settings import DESIRED_RETENTION
from trainer.scheduling.days import MINUTE, Moment, moment_of, zone_text
from trainer.scheduling.memory import SCHEDULER, Parameters, Scheduler, State
from trainer.scheduling.rating import Rating
from trainer.services.answers import KeptAnswer, answer_markdown, kept_answer
from trainer.services.content_library import Library, ReportProgress
from trainer.storage import marks, review_log
from trainer.storage.database import Statement, told
from trainer.storage.learners import LearnerFile
from trainer.storage.marks import Mark, MarkKind
from trainer.storage.review_log import Review
from trainer.storage.study_state import (
    CardRow,
    DayKey,
    Given,
    StudyState,
    answer_statements,
    changed_statement,
    day_key,
    kind_in,
    mark_statements,
    seen_statement,
    signed,
    sums_of,
)
from trainer.storage.waiting_cards import (
    WaitingCards,
    attach_library,
    first_new_statement,
    follow_library,
    follow_renames,
)

WEIGHTS = "fsrs-weights"  # of the learner's profile: 21 numbers parted by blanks


class Answered(NamedTuple):
    """One answer and what it changed, so that it can be taken back."""

    review: Review
    before: CardRow
    after: CardRow
    day: DayKey
    sums: tuple[int, ...]
    change: tuple[str, str] | None  # digests of the answer then and now, when it had changed


def parameters_of(learner: LearnerFile) -> Parameters:
    """What the memory model is told for this learner; what cannot be read is the default."""
    retention = learner.settings[DESIRED_RETENTION]
    try:
        weights = tuple(map(float, learner.profile(WEIGHTS).split()))
        return Parameters(weights, retention)
    except ValueError:
        return Parameters(retention=retention)


def open_caches(
    learner: LearnerFile,
    library: Library,
    clock: Clock,
    scheduler: Scheduler,
    report: ReportProgress | None = None,
) -> sqlite3.Connection:
    """A connection to the learner's file with the library attached and the caches up to date; the
    caller closes it. Raises TrainerError (disk.*, file.*), and Cancelled when `report` does."""
    # What is still on its way to the disk would be missing in everything that is read here.
    learner.writer.flush()
    connection = learner.connect()
    try:
        with told(library.path):
            attach_library(connection, library.path)
            follow_renames(connection, milliseconds(clock.now()))
        with told(learner.path):
            state = StudyState(connection, scheduler)
            state.bring_up_to_date(report or (lambda _done, _total: None))
        with told(library.path):
            follow_library(connection, _Judge(connection, library))
    except BaseException:
        connection.close()
        raise
    return connection


class LearningRecord:
    """The record of one learner in one library. Belongs to one thread.

    Raises TrainerError (disk.*, file.*) when the files cannot be used.
    """

    def __init__(
        self,
        learner: LearnerFile,
        library: Library,
        clock: Clock,
        *,
        device: str = "",
        random_bytes: Callable[[int], bytes] = os.urandom,
        report: ReportProgress | None = None,
    ) -> None:
        self._learner = learner
        self._library = library
        self._clock = clock
        self._device = device
        self._random_bytes = random_bytes
        self.scheduler = Scheduler(parameters_of(learner))
        self._connection = open_caches(learner, library, clock, self.scheduler, report)
        try:
            (newest,) = self._connection.execute(
                "select max(coalesce((select max(review_id) from review), ''),"
                " coalesce((select max(mark_id) from mark), ''))"
            ).fetchone()
        except BaseException:
            self._connection.close()
            raise
        self._newest_id = int(newest[:12] or "0", 16)
        self._rows = WaitingCards(self._connection, learner.path)
        begins, could = self._rows.first_unmet()
        if could >= begins + _WORTH_SKIPPING:
            learner.writer.submit([first_new_statement(could)])
        # What the disk does not have yet, by card; and the answers it still owes.
        self._ahead: dict[str, CardRow] = {}
        self._changes: dict[str, tuple[str, str] | None] = {}
        # The digests of the cards that are on the screen: the library may change behind it.
        self._asked: dict[tuple[str, str], tuple[str, str]] = {}
        self._owed: deque[tuple[str, CardRow, Future[None]]] = deque()

    def clock_is_back(self) -> bool:
        """Whether the clock reads clearly less than when the learner last did something."""
        return self._newest_id > self.now().at + _CLOCKS_DIFFER

    def waiting(self, chosen: dict[str, Sequence[str]]) -> WaitingCards:
        return WaitingCards(self._connection, self._learner.path, chosen)

    def now(self) -> Moment:
        return moment_of(self._clock.now())

    def row(self, card_id: str) -> CardRow:
        """What is known of a card, answers on their way to the disk included."""
        return self.standing(card_id)[0]

    def standing(self, card_id: str) -> tuple[CardRow, tuple[str, str] | None]:
        """The row of a card, and the digests of its answer then and now when it has changed since
        the last answer."""
        row = self.ahead.get(card_id)
        if row is not None:
            return row, self._changes.get(card_id)
        row, change = self._rows.row(card_id)
        return row, self._changes.get(card_id, change)

    @property
    def ahead(self) -> dict[str, CardRow]:
        """The cards whose rows on the disk are behind."""
        self._settle()
        return self._ahead

    def outlook(self, card_id: str) -> dict[Rating, State]:
        """The state after each rating, given now."""
        return dict(self.scheduler.choices(card_id, self.row(card_id).state, self.now()))

    def ask(self, card: Card) -> None:
        """Remember what `card` was when it was shown."""
        if len(self._asked) >= _ON_SCREEN:
            del self._asked[next(iter(self._asked))]
        self._asked[card.card_id, card.language] = self._digests(card)

    def answer_text(self, digest: str) -> str:
        """What the answer of that digest was, as Markdown; "" when nobody wrote it down."""
        return _kept(self._connection, digest).markdown

    def give(
        self,
        card: Card,
        rating: Rating,
        response: Response,
        correct: bool | None,
        taken: timedelta,
    ) -> tuple[Answered, Callable[[], "Future[None]"]]:
        """Take an answer to `card`, given in the card's language, into account. What is returned
        beside it sends it on its way to the disk, and has to be called: before that the screen can
        be given the next card without the writer's thread getting in the way."""
        # Not needed before the first answer: start-up does not wait for it.
        from trainer.decks.identity import answer_key

        now = self.now()
        before, change = self.standing(card.card_id)
        key = card.card_id, card.language
        asked, right = self._asked.get(key) or self._digests(card)
        written = to_text(response)
        review = Review(
            review_id=self._new_id(now),
            learner_id=self._learner.learner_id,
            card_id=card.card_id,
            language=card.language,
            answered_at=now.at,
            zone=zone_text(now.offset),
            rating=int(rating),
            response=written,
            correct=correct,
            taken_ms=max(0, taken // timedelta(milliseconds=1)),
            question_digest=asked,
            answer_digest=right,
            scheduler=SCHEDULER,
            device=self._device,
        )
        given = Given(
            *(now, review.rating, correct, review.taken_ms, kind_in(written)),
            *(card.language, right),
        )
        state = self.scheduler.after(card.card_id, before.state, rating, now)
        after = before._replace(state=state, answer_digest=right, language=card.language)
        answered = Answered(
            review,
            before,
            after,
            day_key(card.card_id, given),
            sums_of(before.state, given),
            change,
        )
        statements = [
            review_log.statement(review),
            *answer_statements(card.card_id, after, answered.day, answered.sums),
        ]
        if change:
            statements.append(seen_statement(card.card_id))
            self._changes[card.card_id] = None
        if (before.answer_digest, before.language) != (right, card.language):
            kept = KeptAnswer(answer_markdown(card), answer_key(card)).to_text()
            statements.append((_KEEP_TEXT, (right, card.language, kept)))
        self._ahead[card.card_id] = after
        return answered, lambda: self._write(card.card_id, after, statements)

    def take_back(self, answered: Answered) -> "Future[None]":
        """Undo an answer, the latest one to its card."""
        now = self.now()
        card_id = answered.review.card_id
        undo = review_log.undo_of(
            answered.review, self._new_id(now), now.at, zone_text(now.offset), self._device
        )
        # Marks set since stay: only the answer is taken back.
        row = answered.before._replace(signs=self.row(card_id).signs)
        less = [-value for value in answered.sums]
        statements = [
            review_log.statement(undo),
            *answer_statements(card_id, row, answered.day, less),
        ]
        if answered.change:
            statements.append(changed_statement(card_id, *answered.change))
            self._changes[card_id] = answered.change
        if row.state is None:
            statements.append(first_new_statement(0))
        return self._write(card_id, row, statements)

    def mark(self, card_id: str, kind: MarkKind) -> "Future[None]":
        now = self.now()
        before = self.row(card_id)
        row = before._replace(signs=signed(before.signs, kind, now))
        mark = Mark(
            self._new_id(now),
            self._learner.learner_id,
            card_id,
            now.at,
            zone_text(now.offset),
            kind,
        )
        return self._write(card_id, row, [marks.statement(mark), *mark_statements(card_id, row)])

    def close(self) -> None:
        """Wait until everything is on the disk. Raises TrainerError when the disk does not take it;
        the record then stays open."""
        self._learner.writer.flush()
        self.release()

    def release(self) -> None:
        """Let go of the file without waiting; the learner's file sees to the rest."""
        self._connection.close()

    def _write(self, card_id: str, row: CardRow, statements: Sequence[Statement]) -> "Future[None]":
        future = self._learner.writer.submit(statements)
        self._ahead[card_id] = row
        self._owed.append((card_id, row, future))
        self._settle()
        return future

    def _settle(self) -> None:
        """Forget what has reached the disk. What the disk refused is written later, nobody can say
        when: it is remembered until the end."""
        while self._owed and self._owed[0][2].done():
            card_id, row, future = self._owed.popleft()
            if future.exception() is None and self._ahead.get(card_id) is row:
                del self._ahead[card_id]

    def _new_id(self, now: Moment) -> str:
        """Above every id of the log, whatever the clock says: the log's order is the order in
        which things happened."""
        self._newest_id = max(now.at, self._newest_id + 1)
        return time_ordered_id(self._newest_id, self._random_bytes)

    def _digests(self, card: Card) -> tuple[str, str]:
        """Of the question and the answer, as the library has them: changes are told by them."""
        found: tuple[str, str] | None = self._connection.execute(
            "select question_digest, answer_digest from library.card"
            " where card_id = ? and language = ?",
            (card.card_id, card.language),
        ).fetchone()
        if found is None:
            # The deck has gone while its card was on the screen.
            from trainer.decks.identity import answer_digest, question_digest

            found = question_digest(card), answer_digest(card)
        return found


class _Judge:
    """Whether another digest is another answer, or the same in other words."""

    def __init__(self, connection: sqlite3.Connection, library: Library) -> None:
        self._connection = connection
        self._library = library

    def __call__(self, card_id: str, language: Language, old: str, _new: str) -> bool:
        from trainer.decks.identity import Change, answer_key, judge_change  # changed decks only

        card = self._library.card(card_id, language)
        old_key = _kept(self._connection, old).key
        if card is None or not old_key:
            return True
        return judge_change(old_key, answer_key(card)) is Change.ANSWER


def _kept(connection: sqlite3.Connection, digest: str) -> KeptAnswer:
    found = connection.execute(
        "select text from answer_text where digest = ?", (digest,)
    ).fetchone()
    return kept_answer(found[0]) if found else KeptAnswer("")


_ON_SCREEN = 8  # cards, in all their languages, the next one included
_CLOCKS_DIFFER = 15 * MINUTE  # on PCs that are right enough
_WORTH_SKIPPING = 100  # cards: fewer are read in no time
_KEEP_TEXT = (
    "insert into answer_text (digest, language, text) values (?, ?, ?)"
    " on conflict (digest) do nothing"
)
