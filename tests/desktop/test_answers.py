"""Answering by keyboard and by mouse, each kind as a learner does it."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from trainer.cards.grading import grade
from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Cloze,
    ClozePart,
    Matching,
    Number,
    Option,
    Ordering,
    Recall,
    TrueFalse,
    Typed,
)
from trainer.cards.response import (
    Chosen,
    Entered,
    GaveUp,
    Judged,
    Matched,
    Ordered,
    Response,
    SelfGraded,
)
from trainer.cards.showing import Showing, show
from trainer.desktop.answers.answer import Answer
from trainer.desktop.answers.area import AnswerArea
from trainer.desktop.answers.entry import EntryAnswer
from trainer.desktop.answers.row import Row
from trainer.desktop.card_view import Render
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import answer_sheet

ONE = Choice((Option("red", True), Option("blue", False, "no"), Option("green", False)))
MANY = Choice((Option("a", True), Option("b", False, "why not"), Option("c", True)))
STEPS = Ordering(("read", "mend", "appeal", "wait"))
PAIRS = Matching("Metric", "Limit", (("defects", "1 %"), ("late", "4 %"), ("cancelled", "2.5 %")))
CLOZE = Cloze("after a claim or a chargeback", (ClozePart("1", 8, 13),), "1")
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def shown(body: Body, seed: int = 5) -> Showing:
    return show(Card("p/a/x#c", "p/a/x#c", "en", "Which?", body, 1), seed)


class Bench:
    """An answer area in a window."""

    def __init__(self, qtbot: QtBot, look: Look, messages: Messages) -> None:
        self.window = QWidget()
        self.area = AnswerArea(look, messages, Render(), self.window)
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.area)
        layout.addStretch(1)
        self.window.resize(800, 600)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.checked = QSignalSpy(self.area.checked)

    def ask(self, body: Body, entered: Response | None = None) -> Showing:
        showing = shown(body)
        self.area.ask(showing, entered)
        self.area.take_focus()
        QApplication.processEvents()
        return showing

    @property
    def answer(self) -> Answer:
        assert self.area.answer is not None
        return self.area.answer

    def key(
        self,
        key: Qt.Key | str,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        if isinstance(key, str):
            QTest.keyClicks(focused, key, modifiers)
        else:
            QTest.keyClick(focused, key, modifiers)
        QApplication.processEvents()

    def keys(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            self.key(key)

    def rows(self) -> Sequence[Row]:
        return [row for row in self.answer.findChildren(Row) if row.isVisible()]

    def row(self, text: str) -> Row:
        return next(row for row in self.rows() if row.content.spoken == text)

    def reveal(self, showing: Showing, response: Response) -> None:
        self.area.reveal(showing, answer_sheet(showing, response, grade(showing, response), None))
        QApplication.processEvents()


@pytest.fixture
def bench(qtbot: QtBot, look: Look, messages: Messages) -> Bench:
    return Bench(qtbot, look, messages)


def placed(showing: Showing, text: str) -> int:
    """The place of an option on the screen, from 0."""
    assert isinstance(showing.card.body, Choice)
    texts = [showing.card.body.options[index].text for index in showing.order]
    return texts.index(text)


@pytest.mark.parametrize("keys", ["123456789", "ABCDEFGHI"])
def test_single_choice_by_figure_and_by_letter(bench: Bench, keys: str) -> None:
    showing = bench.ask(ONE)
    assert bench.area.response() is None
    bench.key(keys[placed(showing, "green")])
    assert bench.area.response() == Chosen((2,))
    bench.key(keys[placed(showing, "red")])
    assert bench.area.response() == Chosen((0,))
    bench.key(Qt.Key.Key_Return)
    assert bench.checked.count() == 1


def test_single_choice_never_ends_up_with_none(bench: Bench) -> None:
    showing = bench.ask(ONE)
    bench.keys("A", "A")
    QTest.mouseClick(bench.rows()[0], Qt.MouseButton.LeftButton)
    assert bench.area.response() == Chosen((showing.order[0],))


def test_enter_on_a_row_reached_by_arrows_means_that_row(bench: Bench) -> None:
    showing = bench.ask(ONE)
    bench.keys(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert bench.area.response() == Chosen((showing.order[1],))
    assert bench.checked.count() == 1


def test_multiple_response_toggles_by_key_space_and_mouse(bench: Bench) -> None:
    showing = bench.ask(MANY)
    bench.key(str(placed(showing, "a") + 1))
    bench.key("ABC"[placed(showing, "b")])
    QTest.mouseClick(bench.row("c"), Qt.MouseButton.LeftButton)
    assert bench.area.response() == Chosen((0, 1, 2))
    bench.key("ABC"[placed(showing, "b")])
    bench.key(Qt.Key.Key_Space)  # the row that was pressed last has the keyboard
    assert bench.area.response() == Chosen((0, 1, 2))
    bench.key("ABC"[placed(showing, "b")])
    assert bench.area.response() == Chosen((0, 2))


@pytest.mark.parametrize(
    ("key", "truth"),
    [("T", True), ("F", False), ("t", True), ("1", True), ("2", False)],
)
def test_true_and_false(bench: Bench, key: str, truth: bool) -> None:
    bench.ask(TrueFalse(True))
    bench.key(key)
    assert bench.area.response() == Judged(truth)


def test_a_letter_without_a_line_is_left_to_the_page(bench: Bench) -> None:
    bench.ask(TrueFalse(True))
    bench.keys("A", "3")
    assert bench.area.response() is None
    assert bench.area.letters == "TF"


def test_typing_starts_at_once_and_spaces_alone_are_nothing(bench: Bench) -> None:
    bench.ask(Typed(("colour",)))
    bench.key(Qt.Key.Key_Space)
    assert bench.area.response() is None
    bench.keys("c", "o", "l")
    assert bench.area.response() == Entered(" col")
    bench.key(Qt.Key.Key_Return)
    assert bench.checked.count() == 1


def field_of(bench: Bench) -> EntryAnswer:
    assert isinstance(bench.answer, EntryAnswer)
    return bench.answer


def compose(bench: Bench, text: str) -> None:
    """An input method holds `text`, not committed yet."""
    QApplication.sendEvent(field_of(bench).field, QInputMethodEvent(text, []))


def test_what_an_input_method_still_holds_is_part_of_the_answer(bench: Bench) -> None:
    bench.ask(Typed(("假货",)))
    compose(bench, "假货")
    assert field_of(bench).field.text() == ""
    assert bench.area.response() == Entered("假货")


def test_a_commit_is_not_taken_twice(bench: Bench) -> None:
    bench.ask(Typed(("假货",)))
    compose(bench, "jia'huo")
    event = QInputMethodEvent("", [])
    event.setCommitString("假货")
    QApplication.sendEvent(field_of(bench).field, event)
    assert bench.area.response() == Entered("假货")


def test_composing_survives_the_loss_of_focus(bench: Bench) -> None:
    bench.ask(Typed(("假货",)))
    compose(bench, "假")
    bench.window.setFocus()
    assert field_of(bench).field.text() == "假"


def test_a_cloze_may_be_thought_or_typed(bench: Bench) -> None:
    bench.ask(CLOZE)
    assert bench.area.response() == SelfGraded()
    bench.keys("c", "l")
    assert bench.area.response() == Entered("cl")


def test_a_number_has_its_unit_beside_it(bench: Bench) -> None:
    bench.ask(Number("1.25", "%"))
    words = [child.words for child in bench.answer.findChildren(QWidget) if hasattr(child, "words")]
    assert "%" in words
    bench.keys("1", ".", "2", "5")
    assert bench.area.response() == Entered("1.25")


def test_recall_has_nothing_to_enter_and_enter_asks_to_see(bench: Bench) -> None:
    bench.ask(Recall("1 %"))
    assert bench.area.response() == SelfGraded()
    bench.key(Qt.Key.Key_Return)
    assert bench.checked.count() == 1


def order_of(bench: Bench) -> tuple[int, ...]:
    response = bench.area.response()
    assert isinstance(response, Ordered)
    return response.steps


@pytest.mark.parametrize("modifier", [ALT, CONTROL])
def test_a_step_is_moved_with_arrows(bench: Bench, modifier: Qt.KeyboardModifier) -> None:
    start = bench.ask(STEPS).order
    bench.key(Qt.Key.Key_Down)
    bench.key(Qt.Key.Key_Down, modifier)
    assert order_of(bench) == (start[0], start[2], start[1], start[3])
    bench.key(Qt.Key.Key_Up, modifier)
    bench.key(Qt.Key.Key_Up, modifier)
    bench.key(Qt.Key.Key_Up, modifier)  # the end holds
    assert order_of(bench) == (start[1], start[0], start[2], start[3])


def test_space_picks_a_step_up_and_puts_it_down(bench: Bench) -> None:
    start = bench.ask(STEPS).order
    bench.keys(Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space)
    moved = (start[1], start[2], start[0], start[3])
    assert order_of(bench) == moved
    bench.key(Qt.Key.Key_Down)  # put down: only the focus goes on
    assert order_of(bench) == moved
    bench.keys(Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Up)
    assert order_of(bench) == moved


def test_a_figure_moves_the_step_to_that_place(bench: Bench) -> None:
    start = bench.ask(STEPS).order
    bench.keys("4", "2")
    assert order_of(bench) == (start[1], start[0], start[2], start[3])


def test_a_step_is_dragged_by_mouse(bench: Bench) -> None:
    start = bench.ask(STEPS).order
    first, third = bench.rows()[0], bench.rows()[2]
    middle = first.rect().center()
    QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=middle)
    target = first.mapFromGlobal(third.mapToGlobal(third.rect().center() + QPoint(0, 5)))
    QTest.mouseMove(first, target)
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=target)
    assert order_of(bench) == (start[1], start[2], start[0], start[3])


def test_all_steps_are_put_right_by_keyboard_alone(bench: Bench) -> None:
    bench.ask(STEPS)
    for place in range(4):
        order = order_of(bench)
        # Go to the row that belongs at `place`, then send it there.
        bench.keys(*[Qt.Key.Key_Up] * 4, *[Qt.Key.Key_Down] * order.index(place))
        bench.key(str(place + 1))
    assert order_of(bench) == (0, 1, 2, 3)


def test_matching_goes_from_line_to_line(bench: Bench) -> None:
    showing = bench.ask(PAIRS)
    assert bench.area.response() is None
    for left in range(3):
        bench.key("ABC"[showing.order.index(left)])
    assert bench.area.response() == Matched((0, 1, 2))


def test_an_entry_given_anew_leaves_where_it_was(bench: Bench) -> None:
    showing = bench.ask(PAIRS)
    first = "123"[showing.order.index(0)]
    bench.key(first)
    bench.key(first)
    assert bench.area.response() == Matched((-1, 0, -1))


def test_matching_takes_back_and_goes_up_and_down(bench: Bench) -> None:
    showing = bench.ask(PAIRS)
    bench.key("ABC"[showing.order.index(2)])
    bench.keys(Qt.Key.Key_Up, Qt.Key.Key_Backspace)
    assert bench.area.response() is None
    bench.keys(Qt.Key.Key_Down, Qt.Key.Key_Down)
    bench.key("ABC"[showing.order.index(2)])
    assert bench.area.response() == Matched((-1, -1, 2))


def test_matching_by_mouse(bench: Bench) -> None:
    bench.ask(PAIRS)
    QTest.mouseClick(bench.row("late"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(bench.row("4 %"), Qt.MouseButton.LeftButton)
    assert bench.area.response() == Matched((-1, 1, -1))


@pytest.mark.parametrize(
    ("body", "response"),
    [
        (ONE, Chosen((2,))),
        (MANY, Chosen((0, 2))),
        (TrueFalse(False), Judged(False)),
        (Typed(("colour",)), Entered("colo")),
        (STEPS, Ordered((3, 2, 1, 0))),
        (PAIRS, Matched((2, -1, 0))),
    ],
)
def test_what_was_entered_is_there_again(bench: Bench, body: Body, response: Response) -> None:
    bench.ask(body, response)
    assert bench.area.response() == response


def test_a_widget_used_again_remembers_nothing(bench: Bench) -> None:
    bench.ask(ONE)
    bench.key("A")
    bench.ask(TrueFalse(True))
    assert bench.area.response() is None
    bench.ask(Typed(("x",)))
    bench.key("x")
    bench.ask(Number("1"))
    assert bench.area.response() is None
    bench.ask(MANY)
    assert len(bench.rows()) == 3


def test_afterwards_every_option_says_what_it_was_and_why(bench: Bench) -> None:
    showing = bench.ask(MANY)
    bench.reveal(showing, Chosen((0, 1)))
    told = {row.content.spoken: (row.content.mark, row.content.word) for row in bench.rows()}
    assert told == {"a": ("right", "Right"), "b": ("wrong", "Wrong"), "c": ("missed", "Missed")}
    assert "why not" in bench.row("b").content.note
    assert "Wrong" in bench.row("b").accessibleName()


def test_afterwards_nothing_can_be_changed(bench: Bench) -> None:
    showing = bench.ask(MANY)
    bench.reveal(showing, Chosen((0,)))
    before = bench.area.response()
    bench.window.setFocus()
    QTest.mouseClick(bench.row("b"), Qt.MouseButton.LeftButton)
    QTest.keyClicks(bench.answer, "B")
    assert bench.area.response() == before
    steps = bench.ask(STEPS)
    order = order_of(bench)
    bench.reveal(steps, Ordered(order))
    QTest.keyClick(bench.answer, Qt.Key.Key_Down, ALT)
    assert order_of(bench) == order


def test_afterwards_own_answer_and_right_answer_stand_side_by_side(bench: Bench) -> None:
    showing = bench.ask(Typed(("colour", "color")))
    bench.keys("c", "o")
    bench.reveal(showing, Entered("co *x*"))
    texts = [(row.content.spoken, row.content.word) for row in bench.rows()]
    assert texts == [("co *x*", "Your answer"), ("colour", "Right answer")]
    assert "color" in bench.rows()[1].content.note
    assert "<em>" not in bench.rows()[0].content.html


def test_afterwards_steps_stand_in_the_right_order(bench: Bench) -> None:
    showing = bench.ask(STEPS)
    bench.reveal(showing, Ordered((1, 0, 2, 3)))
    assert [row.content.spoken for row in bench.rows()] == list(STEPS.steps)
    assert bench.rows()[0].content.word == "You put it at 2"


def test_afterwards_pairs_name_what_was_given(bench: Bench) -> None:
    showing = bench.ask(PAIRS)
    bench.reveal(showing, Matched((1, 0, 2)))
    assert [row.content.spoken for row in bench.rows()] == [
        "defects → 1 %",
        "late → 4 %",
        "cancelled → 2.5 %",
    ]
    assert "4 %" in bench.rows()[0].content.note


def test_who_gave_up_sees_what_was_right_and_no_blame(bench: Bench) -> None:
    showing = bench.ask(MANY)
    bench.reveal(showing, GaveUp())
    assert {row.content.mark for row in bench.rows()} == {"answer", "plain"}
