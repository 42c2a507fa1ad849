"""How a sitting of study behaves: ask, check, rate, take back; without a word or pixel of Qt."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

import msgspec
from msgspec import Struct

from trainer.cards.grading import Grade, grade
from trainer.cards.model import Language, kind_of
from trainer.cards.response import GaveUp, Response
from trainer.cards.showing import Showing, show
from trainer.decks.topics import COMPARISON, WHICH
from trainer.foundation.clock import Clock
from trainer.foundation.errors import TrainerError
from trainer.presenters.answer_sheet import AnswerSheet, answer_sheet
from trainer.presenters.saving import SaveState, Saving
from trainer.scheduling.proposal import propose
from trainer.scheduling.rating import Rating
from trainer.services.study import Counts, Question, StudySession

# Nobody thinks about one card for longer; whoever does has left the desk.
LONGEST_THOUGHT = timedelta(minutes=10)


class Phase(Enum):
    ASKING = auto()
    ANSWERED = auto()
    WAITING = auto()
    FINISHED = auto()
    EMPTY = auto()


class Asked(Struct, frozen=True):
    """A question as it stands on the screen."""

    question: Question
    showing: Showing
    kind: str  # one of cards.model.KINDS
    language: Language
    subject: str  # "amazon"; "" when the card's place does not say


class Answered(Struct, frozen=True):
    """An answer, and the four ways to go on."""

    asked: Asked
    response: Response
    sheet: AnswerSheet
    proposed: Rating
    intervals: Mapping[Rating, timedelta]


class Sitting(Struct, frozen=True):
    """What was done in this sitting: for the finished screen."""

    results: tuple[bool | None, ...]  # of each answer, in order; None: the learner judged
    met: int  # new cards among them
    taken: timedelta
    by_subject: Mapping[str, int]
    done_today: int  # other sittings of today included

    @property
    def answers(self) -> int:
        return len(self.results)

    @property
    def graded(self) -> int:
        """Answers a machine could judge."""
        return sum(result is not None for result in self.results)

    @property
    def right(self) -> int:
        return sum(result is True for result in self.results)


class StudyView(Protocol):
    """What the presenter needs of a screen."""

    def show_question(self, asked: Asked, response: Response | None) -> None:
        """Ask; `response` is what was already entered (after a change of language)."""

    def show_answer(self, answered: Answered) -> None: ...

    def show_counts(self, counts: Counts, share: float, *, can_undo: bool) -> None:
        """`share` of today's work that is done, 0 to 1."""

    def show_marks(self, *, flagged: bool, asks_teacher: bool) -> None: ...

    def show_warning(self, code: str) -> None:
        """A sentence about something that is wrong with this PC."""
        ...

    def show_note(self, code: str) -> None:
        """A short word about what just happened; it goes by itself."""

    def show_saving(self, state: SaveState, trouble: TrainerError | None) -> None: ...

    def show_waiting(self, wakes_in: timedelta, sitting: Sitting) -> None: ...

    def show_finished(self, sitting: Sitting) -> None: ...

    def show_empty(self) -> None: ...


class _Done(Struct, frozen=True):
    """One rated card, remembered so that it can be taken back from the sums."""

    subject: str
    was_new: bool
    correct: bool | None
    taken: timedelta


def subject_of(card_id: str) -> str:
    """ "amazon" for "platforms/amazon/account-health#odr"; what asks for a platform names none."""
    if WHICH in card_id:
        return COMPARISON
    parts = card_id.partition("#")[0].split("/")
    return parts[1] if len(parts) > 1 else ""


class StudyPresenter:
    """One sitting on one screen."""

    def __init__(
        self,
        session: StudySession,
        view: StudyView,
        clock: Clock,
    ) -> None:
        self._session = session
        self._view = view
        self._clock = clock
        self._phase = Phase.EMPTY
        self._asked: Asked | None = None
        self._answered: Answered | None = None
        self._grade = Grade(None)
        self._taken = timedelta(0)
        self._asked_at: datetime = clock.now()
        self._away_since: datetime | None = None
        self._acts: list[_Done | None] = []  # None: a card was put away, not rated
        self._saving = Saving()
        self._clock_told = False

    def move_to(self, view: StudyView, entered: Response | None) -> None:
        """Go on in another view, at the same place: the look of the program has changed."""
        self._view = view
        if self._asked is None:
            self._show_end()
        else:
            self._view.show_question(self._asked, entered)
            if self._answered is not None:
                self._view.show_answer(self._answered)
        self._show_counts()

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def asked(self) -> Asked | None:
        return self._asked

    @property
    def answered(self) -> Answered | None:
        return self._answered

    def show_next(self) -> None:
        """Ask the session's present card, or say why there is none."""
        self._answered = None
        question = self._session.question
        if question is None:
            self._asked = None
            self._show_end()
        else:
            self._ask(question, None)
        self._show_counts()
        self._tell_of_clock()

    def check(self, response: Response) -> None:
        """Grade `response` and show the answer."""
        asked = self._asked
        if asked is None or self._phase is not Phase.ASKING:
            return
        thought = max(self._clock.now() - self._asked_at, timedelta(0))
        self._taken = min(thought, LONGEST_THOUGHT)
        self._grade = grade(asked.showing, response)
        self._phase = Phase.ANSWERED
        self._show_answer(asked, response)

    def look_away(self) -> None:
        """The page is no longer seen: reading elsewhere is no time to answer."""
        if self._away_since is None:
            self._away_since = self._clock.now()

    def look_back(self) -> None:
        if self._away_since is not None:
            self._asked_at += max(self._clock.now() - self._away_since, timedelta(0))
            self._away_since = None

    def give_up(self) -> None:
        self.check(GaveUp())

    def rate(self, rating: Rating) -> None:
        """Write the answer down and ask the next card at once."""
        answered = self._answered
        if answered is None or self._phase is not Phase.ANSWERED:
            return
        asked = answered.asked
        correct = self._grade.correct
        future = self._session.answer(
            rating,
            answered.response,
            language=asked.language,
            correct=correct,
            taken=self._taken,
        )
        self._saving.add(future)
        self._acts.append(_Done(asked.subject, asked.question.is_new, correct, self._taken))
        self.show_next()
        self._view.show_saving("saving", None)

    def accept(self) -> None:
        """Rate as proposed."""
        if self._answered is not None:
            self.rate(self._answered.proposed)

    def undo(self) -> None:
        question = self._session.undo()
        if question is None:
            self._view.show_note("study.nothing-to-undo")
            return
        if self._acts:
            self._acts.pop()
        self._answered = None
        self._ask(question, None)
        self._show_counts()
        self._view.show_note("study.undone")

    def suspend(self) -> None:
        self._put_away(self._session.suspend, "study.suspended")

    def bury(self) -> None:
        self._put_away(self._session.bury, "study.buried")

    def flag(self) -> None:
        """Flag the card, or take the flag away."""
        if self._asked is not None:
            on = not self._asked.question.flagged
            self._session.flag(on)
            self._mark(flagged=on, asks_teacher=self._asked.question.asks_teacher)
            self._view.show_note("study.flagged" if on else "study.unflagged")

    def ask_teacher(self) -> None:
        """Put the card on the list for the teacher, or take it off."""
        if self._asked is not None:
            on = not self._asked.question.asks_teacher
            self._session.ask_teacher(on)
            self._mark(flagged=self._asked.question.flagged, asks_teacher=on)
            self._view.show_note("study.asking" if on else "study.not-asking")

    def flip(self, entered: Response | None) -> None:
        """The card in its other language. `entered` is what the learner has given so far."""
        asked = self._asked
        if asked is None:
            return
        other: Language = "en" if asked.language == "zh" else "zh"
        question = self._session.in_language(other)
        if question is None:
            self._view.show_note("study.no-translation")
            return
        flipped = self._as_asked(question)
        self._asked = flipped
        if self._answered is None:
            self._view.show_question(flipped, entered)
        else:
            response = self._answered.response
            # The mistake and its reason are told in the card's own language.
            self._grade = replace(self._grade, mistake=_mistake(flipped, response))
            self._show_answer(flipped, response)

    def study_ahead(self) -> None:
        """Do not wait for the learning cards: ask the next of them now."""
        if self._phase is Phase.WAITING:
            question = self._session.study_ahead()
            if question is not None:
                self._ask(question, None)
                self._show_counts()

    def tick(self) -> None:
        """Called every second while waiting."""
        if self._phase is Phase.WAITING:
            self.show_next()

    @property
    def saving(self) -> bool:
        """Whether an answer is still on its way to the disk."""
        return self._saving.busy

    def look_at_saving(self) -> None:
        """Tell the view how the writing goes. Raises what is no TrainerError: that is a bug."""
        saved, trouble = self._saving.look()
        if trouble is not None:
            self._view.show_saving("trouble", trouble)
        elif saved:
            self._view.show_saving("saved", None)

    def look_again(self) -> None:
        """Somebody comes back to the sitting: cards may be wanted soon by now."""
        if not self._session.take_wanted():
            return
        if self.phase is Phase.WAITING:
            self.show_next()
        else:
            self._show_counts()

    def close(self) -> None:
        """Wait until everything is on the disk. Raises TrainerError when that fails."""
        self._session.close()

    def sitting(self) -> Sitting:
        done = [act for act in self._acts if act is not None]
        return Sitting(
            results=tuple(act.correct for act in done),
            met=sum(act.was_new for act in done),
            taken=sum((act.taken for act in done), timedelta(0)),
            by_subject=Counter(act.subject for act in done),
            done_today=self._session.counts.done,
        )

    def _as_asked(self, question: Question) -> Asked:
        card = question.card
        return Asked(
            question,
            show(card, question.seed),
            kind_of(card.body),
            card.language,
            subject_of(card.card_id),
        )

    def _ask(self, question: Question, entered: Response | None) -> None:
        self._phase = Phase.ASKING
        self._asked = self._as_asked(question)
        self._view.show_question(self._asked, entered)
        self._asked_at = self._clock.now()
        self._away_since = None

    def _show_answer(self, asked: Asked, response: Response) -> None:
        sheet = answer_sheet(asked.showing, response, self._grade, asked.question.rule)
        proposed = propose(self._grade.correct, self._taken, asked.kind, asked.question.stability)
        intervals = self._session.intervals()
        self._answered = Answered(asked, response, sheet, proposed, intervals)
        self._view.show_answer(self._answered)

    def _show_end(self) -> None:
        wakes_in = self._session.wakes_in()
        if wakes_in is not None:
            self._phase = Phase.WAITING
            self._view.show_waiting(wakes_in, self.sitting())
        elif any(self._acts) or self._session.counts.done:
            self._phase = Phase.FINISHED
            self._view.show_finished(self.sitting())
        else:
            self._phase = Phase.EMPTY
            self._view.show_empty()

    def _tell_of_clock(self) -> None:
        """Once a sitting: with a clock that is behind, cards come on the wrong day."""
        if self._session.clock_went_back and not self._clock_told:
            self._clock_told = True
            self._view.show_warning("study.clock-back")

    def _show_counts(self) -> None:
        counts = self._session.counts
        left = counts.new + counts.learning + counts.due
        share = counts.done / (counts.done + left) if counts.done + left else 0.0
        self._view.show_counts(counts, share, can_undo=self._session.can_undo)

    def _put_away(self, put_away: Callable[[], None], code: str) -> None:
        if self._asked is not None:
            put_away()
            self._acts.append(None)
            self.show_next()
            self._view.show_note(code)

    def _mark(self, *, flagged: bool, asks_teacher: bool) -> None:
        if self._asked is None:
            return
        question = replace(self._asked.question, flagged=flagged, asks_teacher=asks_teacher)
        self._asked = msgspec.structs.replace(self._asked, question=question)
        if self._answered is not None:
            self._answered = msgspec.structs.replace(self._answered, asked=self._asked)
        self._view.show_marks(flagged=flagged, asks_teacher=asks_teacher)


def _mistake(asked: Asked, response: Response) -> str:
    return grade(asked.showing, response).mistake
