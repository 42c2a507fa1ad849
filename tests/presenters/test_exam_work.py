"""A candidate at work without a window: order, sections, time, codes, one way to end."""
# ruff: noqa: ARG002 - fakes take what they are given

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

import pytest

from trainer.cards.response import Chosen, Entered
from trainer.exams.keys import ExamError
from trainer.exams.model import Answered, FormItem, Item, PaperItem, Section
from trainer.foundation.errors import TrainerError
from trainer.presenters.exam_sheets import Clock, Overview, QuestionSheet
from trainer.presenters.exam_work import Moment, Phase, Reason, Receipt, WorkPresenter


def done() -> "Future[None]":
    future: Future[None] = Future()
    future.set_result(None)
    return future


class FakeAttempt:
    def __init__(self, sections: Sequence[Section], counts: Sequence[int]) -> None:
        self.sections = sections
        self.placed = [
            FormItem(f"{section.section_id}{number}", b"", section.section_id)
            for section, count in zip(sections, counts, strict=True)
            for number in range(count)
        ]
        self.answers: dict[str, Answered] = {}
        self.flags: frozenset[str] = frozenset()
        self.log: list[str] = []
        self.moment = Moment(3600)
        self.next_future: Future[None] = done()
        self.refusing = False

    def item(self, item_id: str) -> Item:
        papers = tuple(PaperItem(language, f"{item_id}?") for language in ("zh", "en"))
        return Item(item_id, "typed", "1", papers)

    def show(self, item_id: str) -> "Future[None]":
        self.log.append(f"show {item_id}")
        return done()

    def answer(self, answered: Answered) -> "Future[None]":
        self.answers[answered.item_id] = answered
        self.log.append(f"answer {answered.item_id}")
        return self.next_future

    def flag(self, item_id: str, on: bool) -> "Future[None]":
        self.flags = self.flags | {item_id} if on else self.flags - {item_id}
        return done()

    def enter_section(self, section_id: str) -> "Future[None]":
        self.log.append(f"enter {section_id}")
        return done()

    def tick(self) -> Moment:
        return self.moment

    def use_code(self, text: str) -> str:
        if text == "quit":
            return "exam.code-quit"
        if text != "good":
            raise ExamError("exam.code-wrong", seconds=2)
        self.moment = Moment(3900)
        return "exam.code-plus-5"

    def went_away(self) -> None:
        self.log.append("away")

    def came_back(self, lasted: int) -> None:
        self.log.append(f"back {lasted}")

    def screens_changed(self, number: int) -> None:
        self.log.append(f"screens {number}")

    def media(self, item_id: str, name: str) -> bytes:
        return b""

    def retry(self) -> "Future[None]":
        self.log.append("retry")
        return self.next_future

    def finish(self, reason: Reason) -> Receipt:
        self.log.append(f"finish {reason}")
        if self.refusing:
            raise TrainerError("disk.full", path="x")
        return Receipt("17", len(self.log), "ABCD2345")


class View:
    """Writes down what it was told; what stands in its field is told when it is flushed."""

    def __init__(self) -> None:
        self.sheets: list[QuestionSheet] = []
        self.overview = Overview(())
        self.told: list[str] = []
        self.clock: Clock | None = None
        self.presenter: WorkPresenter | None = None
        self.typed: str | None = None

    def show_question(self, sheet: QuestionSheet) -> None:
        self.sheets.append(sheet)

    def show_overview(self, overview: Overview) -> None:
        self.overview = overview

    def show_clock(self, clock: Clock | None) -> None:
        self.clock = clock

    def show_saving(self, state: str, why: str = "") -> None:
        self.told.append(f"{state} {why}".strip())

    def tell(self, code: str, **blanks: object) -> None:
        self.told.append(code)

    def announce(self, seconds: int) -> None:
        self.told.append(f"{seconds} left")

    def ask_to_finish(self, empty: int, flagged: int) -> None:
        self.told.append(f"finish? {empty} {flagged}")

    def ask_to_leave_section(self, title: str, empty: int) -> None:
        self.told.append(f"leave {title}? {empty}")

    def show_held(self, code: str) -> None:
        self.told.append(f"held {code}")

    def show_running(self) -> None:
        self.told.append("running")

    def show_not_ended(self, why: str) -> None:
        self.told.append(f"not ended {why}")

    def show_receipt(self, receipt: Receipt) -> None:
        self.told.append(f"receipt {receipt.code}")

    def let_out(self) -> None:
        self.told.append("out")

    def flush(self) -> None:
        if self.typed is not None and self.presenter is not None:
            typed, self.typed = self.typed, None
            self.presenter.answer(Entered(typed))

    def words_for(self, error: TrainerError) -> str:
        return error.code


class Desk:
    def __init__(self, *sections: Section, counts: Sequence[int] = (3,)) -> None:
        self.attempt = FakeAttempt(sections or [Section("s", "All")], counts)
        self.view = View()
        self.presenter = WorkPresenter(self.attempt, self.view, "zh")
        self.view.presenter = self.presenter
        self.presenter.start()

    @property
    def here(self) -> str:
        return self.view.sheets[-1].item.item_id


def test_it_begins_with_the_first_question_without_an_answer() -> None:
    desk = Desk()
    assert desk.here == "s0"

    desk.attempt.answers["s0"] = Answered("s0", Entered("x"))
    desk.presenter.start()

    assert desk.here == "s1"


def test_enter_goes_on_and_past_the_end_asks_to_hand_in() -> None:
    desk = Desk()
    desk.presenter.answer(Entered("x"))
    for _ in range(3):
        desk.presenter.turn(1)

    assert desk.here == "s2"
    assert desk.view.told[-1] == "finish? 2 0"
    desk.presenter.turn(-1)
    assert desk.here == "s1"


def test_an_answer_is_told_saved_only_when_it_is() -> None:
    desk = Desk()
    desk.attempt.next_future = Future()

    desk.presenter.answer(Entered("x"))
    desk.presenter.look_at_saving()
    assert desk.view.told[-1] == "saving"

    desk.attempt.next_future.set_result(None)
    desk.presenter.look_at_saving()
    assert desk.view.told[-1] == "saved"


def test_a_disk_that_refuses_is_said_with_the_reason() -> None:
    desk = Desk()
    desk.attempt.next_future = Future()
    desk.presenter.answer(Entered("x"))
    desk.attempt.next_future.set_exception(TrainerError("disk.full", path="x"))

    desk.presenter.look_at_saving()

    assert desk.view.told[-1] == "trouble disk.full"


def test_taking_an_answer_back_makes_the_question_empty_again() -> None:
    desk = Desk()
    desk.presenter.answer(Chosen((1,)))
    assert desk.view.overview.empty == 2
    desk.presenter.answer(None)
    assert desk.view.overview.empty == 3


def test_t35_time_that_runs_out_takes_what_is_half_typed() -> None:
    desk = Desk()
    desk.view.typed = "half"
    desk.attempt.moment = Moment(0, over=True)

    desk.presenter.tick()

    assert desk.attempt.answers["s0"].response == Entered("half")
    assert desk.attempt.log[-2:] == ["answer s0", "finish time"]
    assert desk.view.told[-1] == "receipt ABCD2345"
    assert desk.presenter.phase is Phase.DONE


def test_t45_after_the_end_nothing_is_taken_any_more() -> None:
    desk = Desk()
    desk.presenter.finish()
    count = len(desk.attempt.log)

    desk.presenter.answer(Entered("late"))
    desk.presenter.finish()
    desk.presenter.go_to(2)
    desk.presenter.tick()

    assert len(desk.attempt.log) == count


def test_held_until_a_code_is_used() -> None:
    desk = Desk()
    desk.attempt.moment = Moment(3600, held="exam.held-gap")
    desk.presenter.tick()
    desk.presenter.answer(Entered("not now"))
    assert desk.attempt.answers == {}

    error = desk.presenter.use_code("bad")
    assert error is not None
    assert error.code == "exam.code-wrong"
    assert desk.presenter.use_code("good") is None

    assert desk.presenter.phase is Phase.WORKING
    assert desk.view.clock == Clock(3900)
    assert "held exam.held-gap" in desk.view.told
    assert "running" in desk.view.told


def test_announcements_are_passed_on() -> None:
    desk = Desk()
    desk.attempt.moment = Moment(300, due=(300,))
    desk.presenter.tick()
    assert desk.view.told[-1] == "300 left"


SEQUENTIAL = (Section("a", "Rules", "sequential"), Section("b", "Cases"))


def test_a_sequential_section_is_left_once_and_for_all() -> None:
    desk = Desk(*SEQUENTIAL, counts=(2, 2))
    desk.presenter.go_to(3)
    assert desk.view.told[-1] == "leave Rules? 2"
    assert desk.here == "a0"

    desk.presenter.leave_section()
    assert desk.here == "b0"
    desk.presenter.go_to(1)
    assert desk.here == "b0"
    assert [cell.closed for cell in desk.view.overview.cells] == [True, True, False, False]


def test_a_section_whose_time_is_over_is_left_with_what_is_typed() -> None:
    desk = Desk(*SEQUENTIAL, counts=(2, 2))
    desk.view.typed = "half"
    desk.attempt.moment = Moment(600, 0, section_over=True)

    desk.presenter.tick()

    assert desk.attempt.answers["a0"].response == Entered("half")
    assert desk.here == "b0"


def test_another_view_goes_on_at_the_same_place() -> None:
    desk = Desk()
    desk.presenter.go_to(3)
    other = View()
    desk.presenter.move_to(other)

    assert other.sheets[-1].item.item_id == "s2"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_flipping_keeps_the_question(language: str) -> None:
    desk = Desk()
    kept: Mapping[str, str] = {}
    desk.presenter.flip()
    if language == "zh":
        desk.presenter.flip()

    assert desk.view.sheets[-1].language == language
    assert desk.here == "s0"
    assert kept == {}


def test_an_end_that_no_disk_takes_is_tried_until_one_does() -> None:
    desk = Desk()
    desk.attempt.refusing = True
    desk.presenter.finish()
    assert desk.presenter.phase is Phase.ENDING
    assert desk.view.told[-1] == "not ended disk.full"
    desk.presenter.answer(Entered("late"))
    assert desk.attempt.answers == {}

    desk.attempt.refusing = False
    for _ in range(3):
        desk.presenter.tick()

    assert desk.view.told[-1] == "receipt ABCD2345"


def test_what_was_refused_is_tried_again_by_itself() -> None:
    desk = Desk()
    desk.attempt.next_future = Future()
    desk.presenter.answer(Entered("x"))
    desk.attempt.next_future.set_exception(TrainerError("disk.full", path="x"))
    desk.presenter.look_at_saving()

    desk.attempt.next_future = done()
    for _ in range(3):
        desk.presenter.tick()
    desk.presenter.look_at_saving()

    assert "retry" in desk.attempt.log
    assert desk.view.told[-1] == "saved"


def test_a_quit_code_lets_out_with_what_is_typed() -> None:
    desk = Desk()
    desk.view.typed = "half"

    assert desk.presenter.use_code("quit") is None
    desk.presenter.tick()

    assert desk.view.told[-1] == "out"
    assert desk.attempt.answers["s0"].response == Entered("half")
    assert desk.presenter.phase is Phase.LEFT
    assert "finish" not in " ".join(desk.attempt.log)
