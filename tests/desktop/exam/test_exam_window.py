"""The candidate's window over a real room: from the package to the receipt, killed and taken up."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.services.exam_rooms import MINUTE, Exam, Pc, make_exam
from trainer.cards.response import Chosen
from trainer.desktop.exam.exam_window import ExamWindow
from trainer.desktop.exam.forms import CodeForm, IdentifyForm, OpenForm, RulesForm, WordsForm
from trainer.desktop.exam.receipt import ReceiptPage
from trainer.desktop.exam.work_page import WorkPage
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.services.exam_attempt import RunningAttempt
from trainer.services.exam_room import ExamRoom

LookMaker = Callable[..., Look]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam(candidates=2, questions=4)


class Seat:
    """One candidate's PC with its window."""

    def __init__(
        self, exam: Exam, folder: Path, qtbot: QtBot, look: LookMaker, words: Messages
    ) -> None:
        self.exam, self.qtbot, self._look, self._words = exam, qtbot, look, words
        self.pc = Pc(exam, folder)
        self.package = folder / "final.xpk"
        self.package.write_bytes(exam.package)
        self.window = self.open()

    def open(self) -> ExamWindow:
        self.room = ExamRoom(self.pc.station(), [self.package.parent], mirror_every=0.05)

        def look_for(scale: int, theme: str) -> Look:
            dark = theme.endswith("dark")
            return self._look("dark" if dark else "light", scale)

        window = ExamWindow(self.room, self._words, look_for)
        self.qtbot.addWidget(window, before_close_func=let_go)
        window.resize(1366, 768)
        window.show()
        return window

    def enter(self, name: str, text: str) -> None:
        field = self.window.findChild(QLineEdit, name)
        assert field is not None
        field.setText(text)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.window.focusWidget() or self.window, key)

    def part(self, kind: type[QWidget]) -> QWidget:
        self.qtbot.waitUntil(lambda: isinstance(self.window.part, kind), timeout=5000)
        part = self.window.part
        assert part is not None
        return part

    def come_in(self, number: str = "1001") -> None:
        """From the package to the rules."""
        self.window._entry.choose(self.package)
        self.part(IdentifyForm)
        self.window._entry.identify(number, self.exam.tickets[number])
        self.part(WordsForm)
        self.window._entry.unlock(self.exam.words)

    def work(self, number: str = "1001") -> WorkPage:
        self.come_in(number)
        self.part(RulesForm)
        self.window._entry.begin()
        page = self.part(WorkPage)
        assert isinstance(page, WorkPage)
        return page

    def attempt(self) -> RunningAttempt:
        entered = self.window._entered
        assert entered is not None
        assert isinstance(entered.attempt, RunningAttempt)
        return entered.attempt

    def die(self) -> None:
        """The process is gone: nothing more is written, no window is closed in order."""
        self.window._ticks.stop()
        self.window._saving.stop()
        self.attempt().retry().result()
        self.room.leave()
        self.window._work = None
        self.window.hide()


def let_go(window: QWidget) -> None:
    if isinstance(window, ExamWindow):
        window._ticks.stop()
        window._saving.stop()
        window._work = None
        window._uncover()
        window._entry.leave()


@pytest.fixture
def seat(
    exam: Exam, tmp_path: Path, qtbot: QtBot, make_test_look: LookMaker, messages: Messages
) -> Seat:
    return Seat(exam, tmp_path, qtbot, make_test_look, messages)


def dialog() -> QDialog:
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    assert shown
    return shown[-1]


def test_the_whole_way_by_keyboard(seat: Seat) -> None:
    seat.part(OpenForm)
    seat.qtbot.waitUntil(
        lambda: seat.window.findChild(QWidget, "package-1") is not None, timeout=3000
    )
    seat.press(Qt.Key.Key_1)
    form = seat.part(IdentifyForm)
    seat.enter("number", "1001")
    seat.enter("ticket", seat.exam.tickets["1001"].lower())
    seat.press(Qt.Key.Key_Return)
    seat.part(WordsForm)
    seat.enter("words", seat.exam.words.upper())
    seat.press(Qt.Key.Key_Return)
    seat.part(RulesForm)
    seat.press(Qt.Key.Key_Return)
    page = seat.part(WorkPage)
    assert seat.window.isFullScreen()

    seat.press(Qt.Key.Key_B, Qt.Key.Key_Return, Qt.Key.Key_C)
    attempt = seat.attempt()
    assert isinstance(page, WorkPage)
    seat.qtbot.waitUntil(lambda: page.heading.saving.words.words == "Saved", timeout=5000)
    assert [one.response for one in attempt.answers.values()] == [Chosen((1,)), Chosen((2,))]

    seat.press(Qt.Key.Key_F10)
    assert "2 questions have no answer" in " ".join(
        label.text() for label in dialog().findChildren(type(page.note.words))
    )
    dialog().accept()
    receipt = seat.part(ReceiptPage)
    assert isinstance(receipt, ReceiptPage)
    assert receipt.code.words.replace(" ", "") == attempt.receipt().code
    assert form is not receipt
    seat.press(Qt.Key.Key_Return)
    seat.qtbot.waitUntil(lambda: not seat.window.isVisible(), timeout=2000)


def test_what_is_wrong_is_said_at_its_field(seat: Seat) -> None:
    seat.window._entry.choose(seat.package)
    form = seat.part(IdentifyForm)
    assert isinstance(form, IdentifyForm)
    seat.window._entry.identify("999", "x")
    assert "999" in form.number.wrong
    seat.window._entry.identify("1001", "x")
    assert form.ticket.wrong

    seat.window._entry.identify("1001", seat.exam.tickets["1002"])
    words = seat.part(WordsForm)
    assert isinstance(words, WordsForm)
    seat.window._entry.unlock("one two three")
    assert "3" in words.words.wrong
    seat.window._entry.unlock(seat.exam.words)

    again = seat.part(IdentifyForm)
    assert isinstance(again, IdentifyForm)
    assert again.ticket.wrong


def test_the_window_cannot_be_closed_while_the_exam_runs(seat: Seat) -> None:
    seat.work()
    event = QCloseEvent()
    seat.window.closeEvent(event)
    assert not event.isAccepted()

    seat.window._use_code(seat.exam.code("1001", "quit"))

    assert not seat.window.isVisible()


def test_t35_time_that_runs_out_hands_in_what_stands_there(seat: Seat) -> None:
    seat.work()
    seat.press(Qt.Key.Key_A)
    attempt = seat.attempt()
    for _ in range(61 * 2):  # in half minutes, so that no sleep is suspected
        seat.pc.clock.go(MINUTE // 2)
        seat.window._tick()

    seat.part(ReceiptPage)
    assert attempt.finished
    assert [one.response for one in attempt.answers.values()] == [Chosen((0,))]


def test_a_killed_window_comes_back_with_its_answers(seat: Seat) -> None:
    seat.work()
    seat.press(Qt.Key.Key_B)
    seat.qtbot.waitUntil(lambda: bool(seat.attempt().answers), timeout=2000)
    seat.die()
    seat.pc.clock.go(30_000)

    seat.window = seat.open()
    seat.come_in()
    rules = seat.part(RulesForm)
    assert rules is not None
    seat.window._entry.begin()
    page = seat.part(WorkPage)

    assert isinstance(page, WorkPage)
    assert [one.response for one in seat.attempt().answers.values()] == [Chosen((1,))]
    assert page.overview.cells[0].cell.answered


def test_a_long_gap_stands_still_until_a_code_is_read(seat: Seat) -> None:
    seat.work()
    seat.press(Qt.Key.Key_B)
    seat.die()
    seat.pc.clock.go(10 * MINUTE)
    seat.window = seat.open()
    seat.come_in()
    seat.window._entry.begin()
    form = seat.part(CodeForm)
    assert isinstance(form, CodeForm)

    seat.window._use_code("R1: AAAAA-AAAAA")
    assert form.code.wrong
    seat.pc.clock.go(20_000)
    seat.window._use_code(seat.exam.code("1001", "resume"))

    seat.part(WorkPage)


def test_handed_in_is_handed_in_but_for_a_reopen_code(seat: Seat) -> None:
    seat.work()
    seat.window._finish()
    seat.part(ReceiptPage)
    seat.window.close()

    seat.window = seat.open()
    seat.come_in()
    form = seat.part(CodeForm)
    assert isinstance(form, CodeForm)
    seat.window._entry.reopen(seat.exam.code("1001", "reopen"))

    seat.part(RulesForm)


def test_size_and_colours_change_in_the_middle_and_nothing_is_lost(seat: Seat) -> None:
    seat.work()
    seat.press(Qt.Key.Key_C)

    seat.window._dress(150, "dark")

    page = seat.part(WorkPage)
    assert isinstance(page, WorkPage)
    assert page.response() == Chosen((2,))
    assert seat.window._look.theme.name == "dark"


def test_what_a_proctor_asked_for_and_left_is_dropped(seat: Seat) -> None:
    began, let = threading.Event(), threading.Event()
    shown: list[object] = []

    def slow(_report: object) -> object:
        began.set()
        return let.wait(5)

    seat.window._in_background("", slow, shown.append)
    began.wait(5)
    seat.window._entry.start()  # as Esc on the page
    let.set()
    seat.qtbot.waitUntil(lambda: not seat.window._tasks, timeout=5000)

    assert shown == []


def test_large_type_and_contrast_of_the_class_list_are_there_from_the_rules_on(
    seat: Seat,
) -> None:
    seat.come_in()
    seat.part(RulesForm)
    entered = seat.window._entered
    assert entered is not None
    assert entered.accommodations == ()

    granted = ("large-type", "high-contrast")
    seat.window.show_rules("Final", replace(entered, accommodations=granted))

    assert (seat.window._scale, seat.window._theme) == (150, "contrast-light")
    seat.window._entry.begin()
    page = seat.part(WorkPage)
    assert isinstance(page, WorkPage)
    assert page._look.theme.scale == 1.5
