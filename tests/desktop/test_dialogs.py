"""Toasts and dialogs: what they say, how they go, what they leave behind."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from trainer.desktop import toasts
from trainer.desktop.background import BackgroundTask, ReportProgress
from trainer.desktop.controls import Button
from trainer.desktop.dialogs import (
    Dialog,
    KeySheet,
    ProgressDialog,
    Veil,
    ask,
    run_with_progress,
    tell,
)
from trainer.desktop.look import Look
from trainer.desktop.text import KeyCap, Text
from trainer.desktop.toasts import Toaster
from trainer.foundation.messages import Messages


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def activate(qtbot: QtBot, dialog: QWidget) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def buttons(widget: QWidget) -> dict[str, Button]:
    return {button.text(): button for button in widget.findChildren(Button)}


def words(widget: QWidget) -> list[str]:
    return [text.words for text in widget.findChildren(Text)]


def test_a_toast_can_be_taken_back_by_key(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget
) -> None:
    undone: list[str] = []
    toaster = Toaster(look, messages, host)
    toaster.show("Card suspended.", undo=lambda: undone.append("yes"))
    assert toaster.text == "Card suspended."
    QTest.keyClick(host, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["yes"]
    assert toaster.text == ""


def test_a_new_toast_takes_the_place_of_the_old(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget
) -> None:
    undone: list[str] = []
    toaster = Toaster(look, messages, host)
    toaster.show("One.", undo=lambda: undone.append("one"))
    toaster.show("Two.")
    assert toaster.text == "Two."
    QTest.keyClick(host, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == []


def test_a_toast_goes_by_itself(
    qtbot: QtBot,
    look: Look,
    messages: Messages,
    host: QWidget,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(toasts, "SECONDS", 0.05)
    toaster = Toaster(look, messages, host)
    toaster.show("Saved.")
    qtbot.waitUntil(lambda: toaster.text == "")


def test_a_toast_stays_inside_the_window(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget
) -> None:
    toaster = Toaster(look, messages, host)
    toaster.show("A sentence that is long. " * 8, undo=lambda: None)
    for width in (800, 400):
        host.resize(width, 500)
        QApplication.processEvents()
        toast = toaster._toast
        assert toast is not None
        assert host.rect().contains(toast.geometry())
        assert toast.words.height() >= toast.words.heightForWidth(toast.words.width())


def test_something_to_read_goes_with_enter(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget
) -> None:
    dialog = tell(look, messages, host, "This did not work", "The disk is full.")
    activate(qtbot, dialog)
    assert "The disk is full." in words(dialog)
    assert host.findChild(Veil) is not None
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.isHidden)
    veil = host.findChild(Veil)
    assert veil is None or veil.isHidden()


def test_a_question_is_answered_by_its_verb(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget
) -> None:
    done: list[str] = []
    dialog = ask(
        look, messages, host, "Remove?", "It goes.", verb="Remove", act=lambda: done.append("yes")
    )
    activate(qtbot, dialog)
    assert buttons(dialog)["Cancel"].hasFocus()
    QTest.mouseClick(buttons(dialog)["Remove"], Qt.MouseButton.LeftButton)
    assert done == ["yes"]


def test_esc_answers_no_question(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget
) -> None:
    done: list[str] = []
    dialog = ask(
        look, messages, host, "Remove?", "It goes.", verb="Remove", act=lambda: done.append("yes")
    )
    activate(qtbot, dialog)
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert done == []


@pytest.mark.parametrize("size", [(1366, 768), (640, 360)])
def test_the_sheet_of_keys_fits_the_window(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget, size: tuple[int, int]
) -> None:
    host.resize(*size)
    groups = [("Here", [("Space", "Show the answer")]), ("Everywhere", [("Ctrl+1", "Today")] * 9)]
    sheet = KeySheet(look, messages, groups, host)
    sheet.open()
    activate(qtbot, sheet)
    assert sheet.height() <= size[1]
    assert len(sheet.findChildren(KeyCap)) == 10
    assert "Show the answer" in words(sheet)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)


def test_short_work_shows_no_dialog(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget
) -> None:
    results: list[object] = []
    run_with_progress(
        look, messages, host, "Reading", lambda _report: 42, results.append, results.append
    )
    qtbot.waitUntil(lambda: host.findChild(BackgroundTask) is None)
    assert results == [42]
    assert host.findChild(Dialog) is None


def test_long_work_shows_progress_and_can_be_stopped(
    qtbot: QtBot, look: Look, messages: Messages, host: QWidget
) -> None:
    go_on = threading.Event()
    results: list[object] = []

    def work(report: ReportProgress) -> str:
        report(1, 4)
        for _ in range(1000):
            go_on.wait(0.01)
            report(2, 4)
        return "never"

    run_with_progress(look, messages, host, "Reading", work, results.append, results.append)
    qtbot.waitUntil(lambda: host.findChild(ProgressDialog) is not None)
    dialog = host.findChild(ProgressDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: "2 of 4" in words(dialog))
    QTest.mouseClick(buttons(dialog)["Cancel"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: host.findChild(QDialog) is None)
    assert results == []
