"""Settings hold at once, by mouse and by keyboard."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox, QWidget

from trainer.desktop.controls import Button
from trainer.desktop.settings_screen import PinDialog, SettingsScreen
from trainer.desktop.text import Text
from trainer.foundation.settings import (
    CARD_LANGUAGE,
    DESIRED_RETENTION,
    INTERFACE_LANGUAGE,
    MINUTES_A_DAY,
    NEW_CARDS_A_DAY,
    REDUCED_MOTION,
    SCALE,
    THEME,
)


@pytest.fixture
def page(classroom: Any) -> SettingsScreen:
    classroom.shell.settings_changed = lambda: classroom.shell.asked.append("anew")
    classroom.shell.show_keys = lambda: classroom.shell.asked.append("keys")
    classroom.shell.ask = lambda *words: words[-1]()
    classroom.shell.sign_out = classroom.learner.close
    screen = SettingsScreen(classroom.desk())
    classroom.show(screen)
    return screen


def click(page: QWidget, name: str) -> None:
    control = page.findChild(QWidget, name)
    assert control is not None, name
    QTest.mouseClick(control, Qt.MouseButton.LeftButton)


def button(page: QWidget, words: str) -> Button:
    return next(each for each in page.findChildren(Button) if each.text() == words)


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("theme-dark", THEME, "dark"),
        ("theme-high-contrast", THEME, "high-contrast"),
        ("scale-150", SCALE, 150),
        ("motion-on", REDUCED_MOTION, "on"),
        ("program-language-zh_CN", INTERFACE_LANGUAGE, "zh_CN"),
        ("card-language-zh", CARD_LANGUAGE, "zh"),
    ],
)
def test_what_is_seen_everywhere_is_kept_and_seen_at_once(
    page: SettingsScreen, classroom: Any, name: str, setting: Any, value: object
) -> None:
    click(page, name)
    assert classroom.learner.settings[setting] == value
    assert classroom.shell.asked == ["anew"]


def test_minutes_and_new_cards_are_stepped_by_arrow_keys(
    page: SettingsScreen, classroom: Any
) -> None:
    assert page.focusWidget().objectName() == "minutes"
    classroom.press(Qt.Key.Key_Up)
    assert classroom.learner.settings[MINUTES_A_DAY] == 25
    cards = page.findChild(QSpinBox, "new-cards")
    assert cards is not None
    QTest.keyClick(cards, Qt.Key.Key_Down)
    assert classroom.learner.settings[NEW_CARDS_A_DAY] == 15
    assert classroom.shell.asked == []


def test_the_share_to_remember_can_be_chosen(page: SettingsScreen, classroom: Any) -> None:
    click(page, "retention-0.95")
    assert classroom.learner.settings[DESIRED_RETENTION] == 0.95


def test_a_name_is_changed_with_enter(page: SettingsScreen, classroom: Any) -> None:
    name = page.findChild(QLineEdit, "own-name")
    assert name is not None
    name.setText("Li Mei")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert classroom.people.all()[0].name == "Li Mei"


def test_a_name_that_is_taken_is_said_and_put_back(page: SettingsScreen, classroom: Any) -> None:
    classroom.people.create("Wang", "blue")
    name = page.findChild(QLineEdit, "own-name")
    assert name is not None
    name.setText("Wang")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert [error.code for error in classroom.shell.said] == ["person.name-taken"]
    assert name.text() == "Li"


def test_a_colour_is_chosen(page: SettingsScreen, classroom: Any) -> None:
    click(page, "own-colour-rose")
    assert classroom.people.all()[0].colour == "rose"


def pin_dialog() -> PinDialog:
    dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, PinDialog)]
    return next(dialog for dialog in dialogs if dialog.isVisible())


def test_a_pin_is_set_and_a_short_one_refused(page: SettingsScreen, classroom: Any) -> None:
    QTest.mouseClick(button(page, "Set a PIN"), Qt.MouseButton.LeftButton)
    dialog = pin_dialog()
    line = dialog.findChild(QLineEdit)
    assert line is not None
    line.setText("12")
    QTest.mouseClick(button(dialog, "Keep"), Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert any("at least" in text.words.lower() for text in dialog.findChildren(Text))
    line.setText("2468")
    QTest.mouseClick(button(dialog, "Keep"), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert classroom.people.all()[0].has_pin
    assert button(page, "Change the PIN").isVisible()


def test_leaving_this_computer_can_be_undone(page: SettingsScreen, classroom: Any) -> None:
    undo: list[Any] = []
    classroom.shell.toast = lambda _text, undo=None, keep=undo: keep.append(undo)
    QTest.mouseClick(button(page, "Remove me"), Qt.MouseButton.LeftButton)
    assert classroom.people.all() == []
    undo[0]()
    assert [person.name for person in classroom.people.all()] == ["Li"]


def test_paths_are_copied_and_keys_shown(page: SettingsScreen, classroom: Any) -> None:
    copies = [each for each in page.findChildren(Button) if each.text() == "Copy path"]
    QTest.mouseClick(copies[1], Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == str(classroom.content)
    assert classroom.shell.toasts == ["Copied."]
    QTest.mouseClick(button(page, "Show all keys"), Qt.MouseButton.LeftButton)
    assert classroom.shell.asked == ["keys"]


@pytest.mark.parametrize("scale", [100, 200])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut_off_in_settings(classroom: Any, language: str, scale: int) -> None:
    screen = SettingsScreen(classroom.desk(language=language, scale=scale))
    classroom.show(screen, width=1366 - 56 * scale // 100)
    for part in screen.findChildren(QWidget):
        if part.isVisible() and not part.findChildren(QWidget):
            right = part.mapTo(screen, part.rect().bottomRight()).x()
            assert right <= screen.width(), (part, part.objectName())
            hint = part.minimumSizeHint()
            if isinstance(part, Button) and hint.isValid():
                assert part.width() >= hint.width(), part.text()
