"""The guard with the rights of a user: what it keeps apart, and that it gives everything back."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from trainer.desktop.exam.guard import Guard
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages

CONTROL = Qt.KeyboardModifier.ControlModifier


class Room(QWidget):
    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.first, self.second = QLineEdit("inside"), QLineEdit()
        column.addWidget(self.first)
        column.addWidget(self.second)


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    made = Room()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def guard(room: Room, look: Look, messages: Messages) -> Iterator[Guard]:
    made = Guard(look, messages, room)
    made.begin()
    yield made
    made.let_go()


def test_t51_paste_from_outside_is_refused_and_inside_it_works(guard: Guard, room: Room) -> None:
    refused: list[bool] = []
    guard.paste_refused.connect(lambda: refused.append(True))
    QApplication.clipboard().setText("from outside")

    QTest.keyClick(room.second, Qt.Key.Key_V, CONTROL)
    assert room.second.text() == ""
    assert refused == [True]

    room.first.selectAll()
    QTest.keyClick(room.first, Qt.Key.Key_C, CONTROL)
    QTest.keyClick(room.second, Qt.Key.Key_V, CONTROL)
    assert room.second.text() == "inside"
    assert QApplication.clipboard().text() == "from outside"


def test_t51_nothing_of_the_exam_is_left_to_paste_afterwards(guard: Guard, room: Room) -> None:
    QApplication.clipboard().clear()
    room.first.selectAll()
    QTest.keyClick(room.first, Qt.Key.Key_X, CONTROL)
    guard.let_go()

    QTest.keyClick(room.second, Qt.Key.Key_V, CONTROL)

    assert room.first.text() == ""
    assert room.second.text() == ""


def test_the_middle_button_pastes_nothing(guard: Guard, room: Room) -> None:
    QApplication.clipboard().setText("from outside")

    QTest.mouseClick(room.second, Qt.MouseButton.MiddleButton, pos=QPoint(5, 5))

    assert room.second.text() == ""


def test_t49_let_go_gives_everything_back(guard: Guard, room: Room) -> None:
    guard.let_go()
    QApplication.clipboard().setText("from outside")

    QTest.keyClick(room.second, Qt.Key.Key_V, CONTROL)

    assert room.second.text() == "from outside"
    assert guard.covers == []
