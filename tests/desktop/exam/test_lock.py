"""Leaving the window for too long locks it; a proctor's code opens it. A share that stalls holds
nobody up."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from tests.desktop.exam.test_exam_window import LookMaker, Seat
from tests.services.exam_rooms import make_exam
from tests.services.test_exam_sudden_end import StallingShare
from trainer.cards.response import Chosen
from trainer.desktop.exam.forms import CodeForm
from trainer.desktop.exam.receipt import ReceiptPage
from trainer.desktop.exam.work_page import WorkPage
from trainer.foundation.messages import Messages


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, make_test_look: LookMaker, messages: Messages) -> Seat:
    exam = make_exam(candidates=1, questions=3, lock_after=5)
    return Seat(exam, tmp_path, qtbot, make_test_look, messages)


def leave(seat: Seat, seconds: int) -> None:
    """As the guard tells it."""
    guard = seat.window._guard
    assert guard is not None
    guard.left.emit()
    seat.pc.clock.go(1000 * seconds)
    guard.returned.emit(1000 * seconds)
    seat.window._tick()


def test_t48_a_short_look_away_is_noted_and_locks_nothing(seat: Seat) -> None:
    page = seat.work()
    leave(seat, 3)
    assert seat.window.part is page


def test_t48_the_lock_opens_by_keyboard_only(seat: Seat) -> None:
    page = seat.work()
    seat.press(Qt.Key.Key_B)
    leave(seat, 6)
    form = seat.part(CodeForm)
    assert not page.isVisible()

    seat.press(Qt.Key.Key_Escape)
    assert seat.window.part is form
    line = form.focusWidget()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, seat.exam.code("1001", "unlock"))
    QTest.keyClick(line, Qt.Key.Key_Return)

    again = seat.part(WorkPage)
    assert isinstance(again, WorkPage)
    assert again.response() == Chosen((1,))


def test_t48_the_lock_opens_by_mouse_only(seat: Seat) -> None:
    seat.work()
    leave(seat, 6)
    form = seat.part(CodeForm)

    def click(name: str) -> None:
        button = form.findChild(QAbstractButton, name)
        assert button is not None
        assert button.isVisible(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    click("code-mouse")
    click("pad-Z")
    click("pad-erase")
    for letter in seat.exam.code("1001", "unlock"):
        if letter.isalnum():
            click(f"pad-{letter}")
    (go,) = [b for b in form.findChildren(QAbstractButton) if b.text() == "Use the code"]
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)

    seat.part(WorkPage)


def test_t48_a_code_for_more_time_does_not_unlock(seat: Seat) -> None:
    seat.work()
    leave(seat, 6)
    seat.window._use_code(seat.exam.code("1001", "plus-5"))
    seat.part(CodeForm)


def test_t33_with_a_share_that_stalls_the_window_goes_on(seat: Seat, tmp_path: Path) -> None:
    """Were anything of the window to wait for the share, this test would never end."""
    folder = tmp_path / "share"
    folder.mkdir()
    share = StallingShare(folder)
    seat.window.close()
    seat.pc.share = share
    seat.window = seat.open()
    page = seat.work()
    seat.qtbot.waitUntil(share.asked.is_set, timeout=5000)
    try:
        for key in (Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_B, Qt.Key.Key_Return):
            seat.press(key)
            seat.window._tick()
            seat.qtbot.waitUntil(lambda: page.heading.saving.words.words == "Saved", timeout=5000)
        assert len(seat.attempt().answers) == 2
        seat.window._finish()
        seat.part(ReceiptPage)
        assert list(folder.iterdir()) == []
    finally:
        share.open.set()
