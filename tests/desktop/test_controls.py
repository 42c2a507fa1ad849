"""Controls by mouse and by keyboard, and what screen readers are told."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from trainer.desktop.controls import (
    Button,
    Card,
    EmptyState,
    ProgressLine,
    Segments,
    Stepper,
    Tile,
    Toggle,
    bind_key,
    icon_button,
)
from trainer.desktop.fields import Field, Swatches
from trainer.desktop.look import Look
from trainer.desktop.text import KeyCap, Monogram, Tag, Text, monogram_of
from trainer.desktop.theme import PERSON_COLOURS


@pytest.fixture
def room(qtbot: QtBot) -> QWidget:
    """A window to put controls in."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
    window.resize(500, 400)
    qtbot.addWidget(window)
    return window


def put(qtbot: QtBot, room: QWidget, *widgets: QWidget) -> None:
    layout = room.layout()
    assert layout is not None
    for widget in widgets:
        layout.addWidget(widget)
    with qtbot.waitActive(room):
        room.show()
        room.activateWindow()


def role_of(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def test_a_button_is_pressed_by_mouse_and_by_its_key(
    qtbot: QtBot, look: Look, room: QWidget
) -> None:
    pressed: list[str] = []
    button = Button(look, "Check", key="Ctrl+K")
    button.clicked.connect(lambda: pressed.append("yes"))
    put(qtbot, room, button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(room, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == ["yes"] * 3


def test_a_hidden_or_disabled_button_hears_no_key(qtbot: QtBot, look: Look, room: QWidget) -> None:
    pressed: list[str] = []
    button = Button(look, "Check", key="Ctrl+K")
    button.clicked.connect(lambda: pressed.append("yes"))
    put(qtbot, room, button)
    button.setEnabled(False)
    QTest.keyClick(room, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    button.setEnabled(True)
    button.hide()
    QTest.keyClick(room, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert pressed == []


def test_a_key_held_down_counts_once(qtbot: QtBot, look: Look, room: QWidget) -> None:
    button = Button(look, "Check")
    assert not bind_key(button, "Ctrl+K", button.click).autoRepeat()


def test_a_button_tells_its_name_and_key(look: Look) -> None:
    button = Button(look, "Good", detail="4 d", shows_key="3")
    assert role_of(button) == QAccessible.Role.Button
    assert button.accessibleName() == "Good 4 d"
    assert button.accessibleDescription() == "3"
    button.set_text("Good", "5 d")
    assert button.accessibleName() == "Good 5 d"


def test_a_button_that_is_an_icon_has_words_all_the_same(look: Look) -> None:
    button = icon_button(look, "x", "Close", key="Esc")
    assert button.accessibleName() == "Close"
    assert button.toolTip() == "Close (Esc)"


def test_a_button_grows_with_words_key_and_scale(make_test_look: Callable[..., Look]) -> None:
    small, large = make_test_look(), make_test_look(scale=200)
    plain = Button(small, "Check").sizeHint()
    keyed = Button(small, "Check", key="Space").sizeHint()
    doubled = Button(large, "Check").sizeHint()
    assert keyed.width() > plain.width()
    assert doubled.height() == 2 * plain.height()
    assert doubled.width() == pytest.approx(2 * plain.width(), abs=6)


def test_the_focus_ring_is_for_the_keyboard(qtbot: QtBot, look: Look, room: QWidget) -> None:
    first, second = Button(look, "One"), Button(look, "Two")
    put(qtbot, room, first, second)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    with_ring = first.grab().toImage()
    second.setFocus(Qt.FocusReason.MouseFocusReason)
    without_focus = first.grab().toImage()
    first.setFocus(Qt.FocusReason.MouseFocusReason)
    by_mouse = first.grab().toImage()
    assert with_ring != without_focus
    assert by_mouse == without_focus


def test_a_toggle_is_a_check_box_to_screen_readers(qtbot: QtBot, look: Look, room: QWidget) -> None:
    toggle = Toggle(look, "I have a date")
    put(qtbot, room, toggle)
    assert role_of(toggle) == QAccessible.Role.CheckBox
    QTest.keyClick(toggle, Qt.Key.Key_Space)
    assert toggle.isChecked()
    off, on = Toggle(look, "a"), Toggle(look, "a")
    on.setChecked(True)
    assert off.grab().toImage() != on.grab().toImage()


def test_segments_move_with_arrow_keys_and_say_what_is_chosen(
    qtbot: QtBot, look: Look, room: QWidget
) -> None:
    segments = Segments(look, "Theme", [("light", "Light"), ("dark", "Dark")], "light")
    put(qtbot, room, segments)
    segments.segment("light").setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(segments.chosen) as chosen:
        QTest.keyClick(segments.segment("light"), Qt.Key.Key_Right)
    assert chosen.args == ["dark"]
    assert segments.value == "dark"
    assert role_of(segments.segment("dark")) == QAccessible.Role.RadioButton
    with pytest.raises(KeyError):
        segments.choose("purple")


def test_a_stepper_counts_by_buttons_and_arrow_keys(
    qtbot: QtBot, look: Look, room: QWidget
) -> None:
    stepper = Stepper(look, "Minutes a day", fewer="Less", more="More")
    stepper.number.setRange(1, 60)
    stepper.number.setSingleStep(5)
    stepper.number.setValue(20)
    put(qtbot, room, stepper)
    buttons = {button.accessibleName(): button for button in stepper.findChildren(Button)}
    QTest.mouseClick(buttons["More"], Qt.MouseButton.LeftButton)
    assert stepper.number.value() == 25
    QTest.keyClick(stepper.number, Qt.Key.Key_Down)
    QTest.keyClick(stepper.number, Qt.Key.Key_Down)
    assert stepper.number.value() == 15
    line = stepper.number.findChild(QLineEdit)
    assert line is not None
    assert line.width() > look.px(60)  # the number can be read


def test_the_wheel_changes_no_number_in_passing(qtbot: QtBot, look: Look, room: QWidget) -> None:
    stepper = Stepper(look, "Minutes a day", fewer="Less", more="More")
    other = QLineEdit()
    put(qtbot, room, stepper, other)
    other.setFocus()
    wheel = QWheelEvent(
        QPoint(5, 5),
        stepper.number.mapToGlobal(QPoint(5, 5)),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(stepper.number, wheel)
    assert stepper.number.value() == 0


def test_a_tile_tells_title_and_detail_and_shows_that_it_is_chosen(look: Look) -> None:
    tile = Tile(look, "Amazon", "5 due", letters="Az", checkable=True)
    tile.resize(tile.sizeHint())
    assert tile.accessibleName() == "Amazon, 5 due"
    before = tile.grab().toImage()
    tile.setChecked(True)
    assert tile.grab().toImage() != before
    tile.set_detail("4 due")
    assert tile.accessibleName() == "Amazon, 4 due"


def test_a_progress_line_is_a_progress_bar_to_screen_readers(look: Look) -> None:
    line = ProgressLine(look, "8 of 20 minutes")
    line.setRange(0, 20)
    line.setValue(8)
    assert role_of(line) == QAccessible.Role.ProgressBar
    assert line.accessibleName() == "8 of 20 minutes"


def test_a_progress_line_grows(look: Look) -> None:
    line = ProgressLine(look)
    line.resize(100, 4)
    line.setRange(0, 10)

    def filled() -> int:
        image = line.grab().toImage()
        accent = look.colours.accent.lower()
        return sum(image.pixelColor(x, 2).name() == accent for x in range(100))

    line.setValue(0)
    assert filled() == 0
    line.setValue(5)
    assert filled() == pytest.approx(50, abs=3)
    line.setValue(10)
    assert filled() >= 97


def test_text_says_itself_and_wraps_at_our_measure(look: Look) -> None:
    text = Text(look, "An <order> & a parcel\nand more")
    assert text.accessibleName() == "An <order> & a parcel\nand more"
    assert "&lt;order&gt;" in text.text()
    assert text.maximumWidth() == look.typography.measure(text.font())
    assert Text(look, "x", fill=True).maximumWidth() > 10_000


@pytest.mark.parametrize(
    ("keys", "caps"),
    [
        ("Ctrl+1", ["Ctrl", "1"]),
        ("Space", ["Space"]),
        ("Return", ["Enter"]),
        ("+", ["+"]),
        ("Ctrl++", ["Ctrl", "+"]),
    ],
)
def test_key_caps_are_what_is_printed_on_the_keyboard(
    look: Look, keys: str, caps: list[str]
) -> None:
    assert look.key_caps(keys) == caps
    assert KeyCap(look, keys).accessibleName() == " ".join(caps)


def test_key_caps_are_chinese_in_chinese(make_test_look: Callable[..., Look]) -> None:
    assert make_test_look(language="zh_CN").key_caps("Space") == ["空格"]


@pytest.mark.parametrize(
    ("subject", "letters"),
    [
        ("amazon", "Az"),
        ("ebay", "eB"),
        ("made-in-china", "Mi"),
        ("power-bank", "Pb"),
        ("logistics", "lo".title()),
        ("", ""),
    ],
)
def test_subjects_have_two_letters(subject: str, letters: str) -> None:
    assert monogram_of(subject) == letters


def test_small_marks_tell_their_words(look: Look) -> None:
    assert Tag(look, "5 days in a row", icon="calendar-days").accessibleName() == "5 days in a row"
    assert Monogram(look, "Az").accessibleName() == "Az"


def test_an_empty_state_says_what_to_do(qtbot: QtBot, look: Look, room: QWidget) -> None:
    button = Button(look, "Study")
    state = EmptyState(look, "sprout", "Nothing yet", "Begin here.", button=button)
    put(qtbot, room, state)
    words = [text.words for text in state.findChildren(Text)]
    assert words == ["Nothing yet", "Begin here."]
    assert button.isVisible()


def test_a_field_says_what_is_wrong_where_it_is(qtbot: QtBot, look: Look, room: QWidget) -> None:
    line = QLineEdit()
    field = Field(look, "Your name", line, explain="As on your tile.")
    put(qtbot, room, field, Card(look))
    assert line.accessibleName() == "Your name"
    assert line.accessibleDescription() == "As on your tile."
    field.show_wrong("This name is taken.")
    assert field.wrong == "This name is taken."
    assert line.accessibleDescription() == "This name is taken."
    field.clear_wrong()
    assert field.wrong == ""
    assert line.accessibleDescription() == "As on your tile."


def test_swatches_are_told_apart_by_more_than_colour(
    qtbot: QtBot, look: Look, room: QWidget
) -> None:
    swatches = Swatches(look, [(name, name.title()) for name in PERSON_COLOURS], "teal")
    put(qtbot, room, swatches)
    with qtbot.waitSignal(swatches.chosen) as chosen:
        QTest.mouseClick(swatches.swatch("rose"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["rose"]
    assert swatches.swatch("rose").accessibleName() == "Rose"
    assert swatches.swatch("rose").isChecked()
