"""A sitting without a window: what is asked, shown, written, taken back."""
# ruff: noqa: ARG002 - fakes take what they are given

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trainer.cards.model import Body, Card, Choice, Language, Option, Recall, Typed
from trainer.cards.response import Chosen, Entered, GaveUp, Response, SelfGraded
from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.presenters.saving import SaveState
from trainer.presenters.study import (
    LONGEST_THOUGHT,
    Answered,
    Asked,
    Phase,
    Sitting,
    StudyPresenter,
    subject_of,
)
from trainer.scheduling.rating import Rating
from trainer.services.study import Counts, Question, StudySession

LIMIT = Choice((Option("1 %", True), Option("2 %", False)))
INTERVALS = {rating: timedelta(days=rating.value) for rating in Rating}


def question(name: str, language: Language = "en", **marks: bool) -> Question:
    card_id = f"platforms/amazon/health#{name}"
    kind = name.partition("-")[0]
    bodies: dict[str, Body] = {"recall": Recall("1 %"), "typed": Typed(("colour",))}
    body = bodies.get(kind, LIMIT)
    card = Card(card_id, card_id, language, f"{name} in {language}?", body, 1)
    return Question(
        card,
        None,
        seed=1,
        is_new=marks.get("is_new", False),
        change=None,
        flagged=False,
        asks_teacher=False,
        stability=0.0,
    )


class Session(StudySession):
    """Cards in a row; every answer is on the disk when `futures` says so."""

    def __init__(self, *questions: Question, wakes_in: timedelta | None = None) -> None:
        self.row = list(questions)
        self.place = 0
        self.done = 0
        self.wait = wakes_in
        self.futures: list[Future[None]] = []
        self.given: list[tuple[Rating, Response, Language, bool | None, timedelta]] = []
        self.acts: list[str] = []
        self.closed = False
        self.clock_went_back = False

    @property
    def question(self) -> Question | None:
        return self.row[self.place] if self.place < len(self.row) else None

    @property
    def counts(self) -> Counts:
        return Counts(0, 0, len(self.row) - self.place, self.done)

    @property
    def can_undo(self) -> bool:
        return bool(self.acts)

    def wakes_in(self) -> timedelta | None:
        return self.wait

    def study_ahead(self) -> Question | None:
        self.row.append(question("recall-early"))
        return self.question

    def intervals(self) -> Mapping[Rating, timedelta]:
        return INTERVALS

    def in_language(self, language: Language) -> Question | None:
        now = self.question
        if now is None or now.card.card_id.endswith("untranslated"):
            return None
        return question(now.card.card_id.partition("#")[2], language)

    def answer(
        self,
        rating: Rating,
        response: Response,
        *,
        language: Language,
        correct: bool | None,
        taken: timedelta,
    ) -> "Future[None]":
        self.given.append((rating, response, language, correct, taken))
        self.acts.append("answer")
        self.place += 1
        self.done += 1
        self.futures.append(Future())
        return self.futures[-1]

    def undo(self) -> Question | None:
        if not self.acts:
            return None
        if self.acts.pop() == "answer":
            self.done -= 1
        self.place -= 1
        return self.question

    def suspend(self) -> None:
        self.acts.append("suspend")
        self.place += 1

    def bury(self) -> None:
        self.acts.append("bury")
        self.place += 1

    def flag(self, on: bool) -> None:
        self.row[self.place] = replace(self.row[self.place], flagged=on)

    def ask_teacher(self, on: bool) -> None:
        self.row[self.place] = replace(self.row[self.place], asks_teacher=on)

    def close(self) -> None:
        self.closed = True


class View:
    """Writes down what it was told to show."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Response | None]] = []
        self.answers: list[Answered] = []
        self.shares: list[float] = []
        self.marks = (False, False)
        self.notes: list[str] = []
        self.saving: list[tuple[str, str]] = []
        self.ends: list[tuple[str, Sitting | None]] = []

    def show_question(self, asked: Asked, response: Response | None) -> None:
        self.asked.append((asked.showing.question, response))

    def show_answer(self, answered: Answered) -> None:
        self.answers.append(answered)

    def show_counts(self, counts: Counts, share: float, *, can_undo: bool) -> None:
        self.shares.append(share)

    def show_marks(self, *, flagged: bool, asks_teacher: bool) -> None:
        self.marks = (flagged, asks_teacher)

    def show_warning(self, code: str) -> None:
        self.notes.append(code)

    def show_note(self, code: str) -> None:
        self.notes.append(code)

    def show_saving(self, state: SaveState, trouble: TrainerError | None) -> None:
        self.saving.append((state, trouble.code if trouble else ""))

    def show_waiting(self, wakes_in: timedelta, sitting: Sitting) -> None:
        self.ends.append(("waiting", sitting))

    def show_finished(self, sitting: Sitting) -> None:
        self.ends.append(("finished", sitting))

    def show_empty(self) -> None:
        self.ends.append(("empty", None))


class Desk:
    def __init__(self, *questions: Question, wakes_in: timedelta | None = None) -> None:
        self.session = Session(*questions, wakes_in=wakes_in)
        self.view = View()
        self.clock = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
        self.presenter = StudyPresenter(self.session, self.view, self.clock)
        self.presenter.show_next()

    def answer(self, response: Response, rating: Rating, seconds: float = 5) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        self.presenter.check(response)
        self.presenter.rate(rating)


def test_an_answer_goes_into_the_log_as_it_was_given() -> None:
    desk = Desk(question("one"), question("two"))
    desk.clock.advance(timedelta(seconds=7))
    desk.presenter.check(Chosen((1,)))
    desk.presenter.rate(Rating.HARD)
    assert desk.session.given == [(Rating.HARD, Chosen((1,)), "en", False, timedelta(seconds=7))]
    assert desk.view.asked[-1] == ("two in en?", None)


def test_the_time_to_read_the_answer_is_not_time_to_answer() -> None:
    desk = Desk(question("one"))
    desk.clock.advance(timedelta(seconds=4))
    desk.presenter.check(Chosen((0,)))
    desk.clock.advance(timedelta(minutes=3))
    desk.presenter.accept()
    assert desk.session.given[0][4] == timedelta(seconds=4)


def test_time_away_from_the_page_is_not_counted() -> None:
    desk = Desk(question("one"))
    desk.clock.advance(timedelta(seconds=5))
    desk.presenter.look_away()
    desk.clock.advance(timedelta(minutes=3))
    desk.presenter.look_back()
    desk.clock.advance(timedelta(seconds=2))
    desk.presenter.check(Chosen((0,)))
    desk.presenter.accept()
    assert desk.session.given[0][4] == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("away", "counted"),
    [(timedelta(hours=2), LONGEST_THOUGHT), (timedelta(seconds=-30), timedelta(0))],
)
def test_a_break_or_a_clock_set_back_is_not_counted(away: timedelta, counted: timedelta) -> None:
    desk = Desk(question("one"))
    desk.clock.advance(away)
    desk.presenter.check(Chosen((0,)))
    desk.presenter.accept()
    assert desk.session.given[0][4] == counted


@pytest.mark.parametrize(
    ("name", "response", "proposed"),
    [
        ("one", Chosen((0,)), Rating.GOOD),
        ("one", Chosen((1,)), Rating.AGAIN),
        ("one", GaveUp(), Rating.AGAIN),
        ("recall", SelfGraded(), Rating.GOOD),
        ("recall", GaveUp(), Rating.AGAIN),
    ],
)
def test_enter_takes_the_proposed_rating(name: str, response: Response, proposed: Rating) -> None:
    desk = Desk(question(name))
    desk.clock.advance(timedelta(seconds=9))
    desk.presenter.check(response)
    assert desk.view.answers[0].proposed is proposed
    assert desk.view.answers[0].intervals == INTERVALS
    desk.presenter.accept()
    assert desk.session.given[0][0] is proposed


def test_nothing_is_rated_before_the_answer_is_seen_nor_checked_twice() -> None:
    desk = Desk(question("one"), question("two"))
    desk.presenter.rate(Rating.EASY)
    desk.presenter.accept()
    assert desk.session.given == []
    desk.presenter.check(Chosen((0,)))
    desk.presenter.check(Chosen((1,)))
    assert len(desk.view.answers) == 1


def test_undo_asks_the_card_again_and_takes_it_out_of_the_sums() -> None:
    desk = Desk(question("one", is_new=True), question("two"))
    desk.answer(Chosen((1,)), Rating.AGAIN)
    assert desk.presenter.sitting().results == (False,)
    desk.presenter.undo()
    assert desk.view.asked[-1] == ("one in en?", None)
    assert desk.presenter.sitting().results == ()
    assert desk.presenter.phase is Phase.ASKING
    assert desk.view.notes == ["study.undone"]
    desk.presenter.undo()
    assert desk.view.notes[-1] == "study.nothing-to-undo"


def test_a_card_put_away_comes_back_by_undo_and_is_no_answer() -> None:
    desk = Desk(question("one"), question("two"), question("three"))
    desk.presenter.suspend()
    desk.presenter.bury()
    assert desk.view.notes == ["study.suspended", "study.buried"]
    assert desk.view.asked[-1][0] == "three in en?"
    assert desk.presenter.sitting().answers == 0
    desk.presenter.undo()
    desk.presenter.undo()
    assert desk.view.asked[-1][0] == "one in en?"


def test_marks_stay_with_the_card_through_the_answer() -> None:
    desk = Desk(question("one"))
    desk.presenter.flag()
    desk.presenter.check(Chosen((0,)))
    desk.presenter.ask_teacher()
    assert desk.view.marks == (True, True)
    assert desk.session.question is not None
    assert desk.session.question.flagged
    desk.presenter.flag()
    assert desk.view.marks == (False, True)


def test_the_card_flips_with_what_was_entered_so_far() -> None:
    desk = Desk(question("one"))
    desk.presenter.flip(Chosen((1,)))
    assert desk.view.asked[-1] == ("one in zh?", Chosen((1,)))
    desk.presenter.check(Chosen((1,)))
    desk.presenter.flip(None)
    assert desk.view.answers[-1].asked.language == "en"
    assert desk.view.answers[-1].response == Chosen((1,))
    desk.presenter.accept()
    assert desk.session.given[0][2] == "en"


def test_a_card_without_translation_says_so() -> None:
    desk = Desk(question("untranslated"))
    desk.presenter.flip(None)
    assert desk.view.notes == ["study.no-translation"]
    assert len(desk.view.asked) == 1


def test_saved_is_said_only_when_it_is() -> None:
    desk = Desk(question("one"), question("two"), question("three"))
    desk.answer(Chosen((0,)), Rating.GOOD)
    desk.presenter.look_at_saving()
    assert desk.view.saving == [("saving", "")]
    desk.answer(Chosen((0,)), Rating.GOOD)
    desk.session.futures[0].set_result(None)
    desk.presenter.look_at_saving()
    assert desk.view.saving[-1][0] == "saving"
    desk.session.futures[1].set_result(None)
    desk.presenter.look_at_saving()
    assert not desk.presenter.saving
    assert desk.view.saving[-1] == ("saved", "")
    assert [state for state, _ in desk.view.saving].count("saved") == 1


def test_a_full_disk_is_told_until_a_later_answer_is_written() -> None:
    desk = Desk(question("one"), question("two"))
    desk.answer(Chosen((0,)), Rating.GOOD)
    desk.session.futures[0].set_exception(TrainerError("disk.full"))
    desk.presenter.look_at_saving()
    assert desk.view.saving[-1] == ("trouble", "disk.full")
    desk.answer(Chosen((0,)), Rating.GOOD)
    desk.session.futures[1].set_result(None)
    desk.presenter.look_at_saving()
    assert desk.view.saving[-1] == ("saved", "")


def test_a_bug_while_saving_is_not_swallowed() -> None:
    desk = Desk(question("one"))
    desk.answer(Chosen((0,)), Rating.GOOD)
    desk.session.futures[0].set_exception(KeyError("bug"))
    with pytest.raises(KeyError):
        desk.presenter.look_at_saving()


def test_a_finished_sitting_says_what_was_done() -> None:
    desk = Desk(question("one", is_new=True), question("recall"), question("two"))
    desk.answer(Chosen((0,)), Rating.GOOD)
    desk.answer(SelfGraded(), Rating.HARD, seconds=10)
    desk.answer(Chosen((1,)), Rating.AGAIN)
    name, sitting = desk.view.ends[-1]
    assert name == "finished"
    assert sitting is not None
    assert sitting.results == (True, None, False)
    assert (sitting.answers, sitting.graded, sitting.right, sitting.met) == (3, 2, 1, 1)
    assert sitting.taken == timedelta(seconds=20)
    assert dict(sitting.by_subject) == {"amazon": 3}
    assert desk.view.shares[-1] == 1.0


def test_nothing_to_study_at_all() -> None:
    desk = Desk()
    assert desk.view.ends == [("empty", None)]
    assert desk.presenter.phase is Phase.EMPTY


def test_learning_cards_are_waited_for_or_brought_forward() -> None:
    desk = Desk(question("one"), wakes_in=timedelta(minutes=4))
    desk.answer(Chosen((0,)), Rating.GOOD)
    assert desk.view.ends[-1][0] == "waiting"
    desk.presenter.tick()
    assert len(desk.view.ends) == 2
    desk.presenter.study_ahead()
    assert desk.view.asked[-1][0] == "recall-early in en?"
    assert desk.presenter.phase is Phase.ASKING


def test_waiting_ends_by_itself_when_a_card_is_due() -> None:
    desk = Desk(question("one"), wakes_in=timedelta(minutes=1))
    desk.answer(Chosen((0,)), Rating.GOOD)
    desk.session.row.append(question("again"))
    desk.presenter.tick()
    assert desk.view.asked[-1][0] == "again in en?"


def test_another_view_goes_on_at_the_same_place() -> None:
    desk = Desk(question("typed"))
    view = View()
    desk.presenter.move_to(view, Entered("colo"))
    assert view.asked == [("typed in en?", Entered("colo"))]
    desk.presenter.check(Entered("colour"))
    later = View()
    desk.presenter.move_to(later, None)
    assert later.answers == view.answers
    assert desk.view.answers == []


def test_closing_closes_the_session() -> None:
    desk = Desk(question("one"))
    desk.presenter.close()
    assert desk.session.closed


@pytest.mark.parametrize(
    ("card_id", "subject"),
    [
        ("platforms/amazon/health#odr", "amazon"),
        ("products/power-bank#ports", "power-bank"),
        ("loose#card", ""),
    ],
)
def test_the_subject_is_read_from_the_place_of_the_deck(card_id: str, subject: str) -> None:
    assert subject_of(card_id) == subject


def test_a_clock_that_is_behind_is_told_once_a_sitting() -> None:
    desk = Desk(question("one"), question("two"))
    desk.session.clock_went_back = True

    desk.presenter.show_next()
    desk.presenter.show_next()

    assert desk.view.notes == ["study.clock-back"]
