"""A quiz without a window: set up, answered, looked at, done again."""
# ruff: noqa: ARG002 - fakes take what they are given

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from trainer.cards.grading import grade
from trainer.cards.model import Card, Choice, Option, Typed
from trainer.cards.response import Chosen, Entered, Response
from trainer.cards.showing import show
from trainer.decks.model import Rule
from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.presenters.quiz import (
    Choices,
    Phase,
    QuizPresenter,
    ResultSheet,
    Setup,
    Shown,
    choices_from,
)
from trainer.presenters.saving import SaveState
from trainer.presenters.study import Asked
from trainer.services.content_library import DeckEntry
from trainer.services.quiz import GRADED_KINDS, Quiz, QuizPlan, QuizResult
from trainer.services.study import Question, Selection

PARTS = Choice((Option("a", True), Option("b", True), Option("c", False), Option("d", False)))
RULE = Rule(rule_id="platforms/amazon/x#r", language="en", title="Claims", text="", line=1)


def question(subject: str, name: str) -> Question:
    card_id = f"platforms/{subject}/x#{name}"
    body = Typed(("yes",)) if name.startswith("typed") else PARTS
    card = Card(card_id, card_id, "en", f"{name}?", body, 1, rule_id=RULE.rule_id)
    return Question(
        card,
        RULE,
        seed=1,
        is_new=False,
        change=None,
        flagged=False,
        asks_teacher=False,
        stability=0.0,
    )


def deck(deck_id: str, cards: int, language: str = "en", title: str = "") -> DeckEntry:
    _, subject, _ = deck_id.split("/")
    return DeckEntry(
        deck_id=deck_id,
        language=language,  # type: ignore[arg-type] # "en" or "zh"
        path=f"{deck_id}.md",
        title=title or deck_id,
        subject_kind="platform",
        subject=subject,
        competence="platform-rules",
        as_of="2026-10",
        rules=1,
        cards=cards,
        errors=0,
        warnings=0,
        stale=False,
    )


DECKS = [
    deck("platforms/amazon/orders", 10, title="Orders"),
    deck("platforms/amazon/orders", 10, "zh"),
    deck("platforms/amazon/listing", 5),
    deck("platforms/ebay/orders", 7),
]


class Drawn(Quiz):
    """A quiz of the given questions."""

    def __init__(self, questions: list[Question]) -> None:
        self._questions = questions
        self._given: list[tuple[Question, Response, Fraction]] = []
        self.futures: list[Future[None]] = []
        self.taken: list[timedelta] = []
        self.closed = False

    @property
    def question(self) -> Question | None:
        place = len(self._given)
        return self._questions[place] if place < len(self._questions) else None

    @property
    def position(self) -> tuple[int, int]:
        return min(len(self._given) + 1, len(self._questions)), len(self._questions)

    def answer(self, response: Response, taken: timedelta) -> "Future[None]":
        asked = self.question
        assert asked is not None
        share = grade(show(asked.card, asked.seed), response).share or Fraction(0)
        self._given.append((asked, response, share))
        self.taken.append(taken)
        self.futures.append(Future())
        return self.futures[-1]

    def result(self) -> QuizResult:
        mistakes = [(asked, given) for asked, given, share in self._given if share < 1]
        return QuizResult(
            answered=len(self._given),
            points=float(sum(share for _, _, share in self._given)),
            of=len(self._questions),
            taken=sum(self.taken, timedelta()),
            mistakes=mistakes,
            rules_to_read=[RULE] if mistakes else [],
        )

    def close(self) -> None:
        self.closed = True


class View:
    def __init__(self) -> None:
        self.setups: list[Setup] = []
        self.asked: list[tuple[str, int, int]] = []
        self.answers: list[Shown] = []
        self.results: list[ResultSheet] = []
        self.notes: list[tuple[str, dict[str, object]]] = []
        self.saving: list[str] = []

    def show_setup(self, setup: Setup) -> None:
        self.setups.append(setup)

    def show_question(self, asked: Asked, number: int, of: int) -> None:
        self.asked.append((asked.showing.question, number, of))

    def show_answer(self, shown: Shown) -> None:
        self.answers.append(shown)

    def show_result(self, sheet: ResultSheet) -> None:
        self.results.append(sheet)

    def show_note(self, code: str, **blanks: object) -> None:
        self.notes.append((code, blanks))

    def show_saving(self, state: SaveState, trouble: TrainerError | None) -> None:
        self.saving.append(state)


class Desk:
    def __init__(self, *questions: Question, remembered: str | None = None) -> None:
        self.questions = list(questions)
        self.plans: list[QuizPlan] = []
        self.quizzes: list[Drawn] = []
        self.kept: list[str] = []
        self.view = View()
        self.clock = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
        self.presenter = QuizPresenter(
            DECKS,
            self.view,
            self.clock,
            begin=self._begin,
            remember=self.kept.append,
            remembered=remembered,
            new_seed=lambda: len(self.plans),
        )
        self.presenter.show_setup()

    def _begin(self, plan: QuizPlan) -> Quiz:
        self.plans.append(plan)
        cards = plan.selection.cards
        chosen = [one for one in self.questions if not cards or one.card.card_id in cards]
        self.quizzes.append(Drawn(chosen))
        return self.quizzes[-1]

    @property
    def setup(self) -> Setup:
        return self.view.setups[-1]


THREE = (question("amazon", "one"), question("ebay", "two"), question("amazon", "three"))


def test_a_translation_is_not_counted_twice() -> None:
    cards = {tile.subject: tile.cards for tile in Desk().setup.tiles}
    assert cards == {"amazon": 15, "ebay": 7}


def test_what_is_chosen_is_what_is_drawn_from_and_remembered() -> None:
    desk = Desk(*THREE)
    desk.presenter.toggle_subject("ebay")
    desk.presenter.toggle_subject("amazon")
    desk.presenter.toggle_subject("ebay")
    desk.presenter.toggle_kind("ordering")
    desk.presenter.choose_length(30)
    desk.presenter.choose_feedback("at-the-end")
    desk.presenter.start()
    assert desk.plans == [
        QuizPlan(Selection(subjects=("amazon",), kinds=("ordering",)), 30, "at-the-end", 0)
    ]
    again = Desk(remembered=desk.kept[-1]).setup
    assert [tile.chosen for tile in again.tiles] == [True, False]
    assert dict(again.kinds)["ordering"]
    assert (again.length, again.feedback) == (30, "at-the-end")


def test_nothing_chosen_means_everything_that_can_be_graded() -> None:
    desk = Desk(*THREE)
    desk.presenter.start()
    assert desk.plans[0].selection == Selection(kinds=GRADED_KINDS)


def test_one_chapter_for_this_time_only() -> None:
    desk = Desk(*THREE)
    desk.presenter.toggle_subject("ebay")
    desk.presenter.choose_chapter("platforms/amazon/orders")
    assert desk.setup.chapter == "Orders"
    desk.presenter.start()
    assert desk.plans[0].selection.decks == ("platforms/amazon/orders",)
    assert desk.plans[0].selection.subjects == ()
    assert choices_from(desk.kept[-1]).decks == ()
    assert choices_from(desk.kept[-1]).subjects == ("ebay",)


@pytest.mark.parametrize(
    "text",
    [None, "", "{", "[]", '{"length": 7}', '{"feedback": "never"}', '{"length": "ten"}'],
)
def test_choices_that_make_no_sense_are_the_usual_ones(text: str | None) -> None:
    assert choices_from(text) == Choices()


def test_a_subject_that_is_gone_is_no_longer_chosen() -> None:
    desk = Desk(remembered=Choices(subjects=("wish", "ebay"), kinds=("recall",)).to_text())
    desk.presenter.start()
    assert desk.plans[0].selection.subjects == ("ebay",)
    assert desk.plans[0].selection.kinds == GRADED_KINDS


def test_feedback_at_once_shows_each_answer_and_waits() -> None:
    desk = Desk(*THREE)
    desk.presenter.start()
    desk.presenter.check(Chosen((0, 1)))
    assert desk.view.answers[-1].sheet.verdict == "right"
    assert not desk.view.answers[-1].last
    assert desk.view.asked == [("one?", 1, 3)]
    desk.presenter.go_on()
    assert desk.view.asked[-1] == ("two?", 2, 3)


def test_feedback_at_the_end_goes_on_by_itself() -> None:
    desk = Desk(*THREE)
    desk.presenter.choose_feedback("at-the-end")
    desk.presenter.start()
    for _ in range(3):
        desk.presenter.check(Chosen((0, 1)))
    assert desk.view.answers == []
    assert desk.view.results[-1].points == 3.0
    assert desk.presenter.phase is Phase.RESULT


def test_time_is_measured_for_each_answer() -> None:
    desk = Desk(*THREE)
    desk.presenter.start()
    desk.clock.advance(timedelta(seconds=8))
    desk.presenter.check(Chosen((0, 1)))
    desk.clock.advance(timedelta(seconds=60))
    desk.presenter.go_on()
    desk.clock.advance(timedelta(seconds=3))
    desk.presenter.check(Chosen((0, 1)))
    assert desk.quizzes[0].taken == [timedelta(seconds=8), timedelta(seconds=3)]


def finished() -> Desk:
    """Amazon 1 and 1/2 of two points, eBay 0 of one."""
    desk = Desk(*THREE)
    desk.presenter.start()
    for response in (Chosen((0, 1)), Chosen((2,)), Chosen((0,))):
        desk.presenter.check(response)
        desk.presenter.go_on()
    return desk


def test_the_result_by_subject_with_the_weakest_first() -> None:
    sheet = finished().view.results[-1]
    assert (sheet.points, sheet.of, sheet.band) == (1.5, 3, "halfway")
    assert [(score.subject, score.points, score.of) for score in sheet.by_subject] == [
        ("ebay", 0.0, 1),
        ("amazon", 1.5, 2),
    ]
    assert [mistake.points for mistake in sheet.mistakes] == [Fraction(0), Fraction(1, 2)]
    assert sheet.mistakes[0].said.lines == ("c",)
    assert sheet.mistakes[0].right.lines == ("a", "b")
    assert sheet.rules == (RULE,)


@pytest.mark.parametrize(
    ("right", "band"), [(10, "strong"), (9, "strong"), (7, "good"), (5, "halfway"), (4, "early")]
)
def test_the_band_of_a_result(right: int, band: str) -> None:
    desk = Desk(*(question("amazon", f"typed-{number}") for number in range(10)))
    desk.presenter.choose_feedback("at-the-end")
    desk.presenter.start()
    for number in range(10):
        desk.presenter.check(Entered("yes" if number < right else "no"))
    assert desk.view.results[-1].band == band


def test_again_with_the_mistakes_only() -> None:
    desk = finished()
    desk.presenter.again_with_mistakes()
    assert desk.plans[-1].selection == Selection(
        cards=("platforms/ebay/x#two", "platforms/amazon/x#three")
    )
    assert desk.plans[-1].seed != desk.plans[0].seed
    assert desk.view.asked[-1] == ("two?", 1, 2)


def test_without_mistakes_there_is_nothing_to_do_again() -> None:
    desk = Desk(question("amazon", "one"))
    desk.presenter.start()
    desk.presenter.check(Chosen((0, 1)))
    desk.presenter.go_on()
    desk.presenter.again_with_mistakes()
    assert len(desk.plans) == 1


def test_stopping_early_counts_what_was_answered() -> None:
    desk = Desk(*THREE)
    desk.presenter.start()
    desk.presenter.check(Chosen((0, 1)))
    desk.presenter.stop()
    sheet = desk.view.results[-1]
    assert (sheet.answered, sheet.of, sheet.points) == (1, 3, 1.0)
    assert desk.quizzes[0].closed


def test_stopping_before_the_first_answer_leads_back_to_the_setup() -> None:
    desk = Desk(*THREE)
    desk.presenter.start()
    desk.presenter.stop()
    assert desk.presenter.phase is Phase.CHOOSING
    assert desk.view.results == []
    assert desk.quizzes[0].closed


def test_a_choice_without_questions_stays_in_the_setup() -> None:
    desk = Desk()
    desk.presenter.start()
    assert desk.view.notes == [("quiz.no-questions", {})]
    assert desk.presenter.phase is Phase.CHOOSING


def test_fewer_questions_than_wanted_are_announced() -> None:
    desk = Desk(*THREE)
    desk.presenter.start()
    assert desk.view.notes == [("quiz.fewer", {"number": 3})]


def test_i_do_not_know_is_a_wrong_answer() -> None:
    desk = Desk(*THREE)
    desk.presenter.start()
    desk.presenter.give_up()
    assert desk.view.answers[-1].sheet.verdict == "gave-up"


def test_a_disk_that_refuses_is_told() -> None:
    desk = Desk(*THREE)
    desk.presenter.start()
    desk.presenter.check(Chosen((0, 1)))
    desk.quizzes[0].futures[0].set_exception(TrainerError("disk.full"))
    desk.presenter.look_at_saving()
    assert desk.view.saving == ["saving", "trouble"]


def test_another_screen_takes_the_quiz_over() -> None:
    first = Desk(*THREE)
    first.presenter.start()
    first.presenter.check(Chosen((0, 1)))
    second = Desk()
    second.presenter.take_over(first.presenter)
    assert second.view.asked == [("one?", 1, 3)]
    assert second.view.answers == first.view.answers
    second.presenter.go_on()
    assert second.view.asked[-1] == ("two?", 2, 3)
    assert not first.quizzes[0].closed
