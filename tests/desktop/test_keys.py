"""Our numbers for keys are Qt's."""

import pytest
from PySide6.QtCore import Qt

from trainer.desktop import keys


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (keys.SPACE, Qt.Key.Key_Space),
        (keys.ESCAPE, Qt.Key.Key_Escape),
        (keys.BACKSPACE, Qt.Key.Key_Backspace),
        (keys.RETURN, Qt.Key.Key_Return),
        (keys.ENTER, Qt.Key.Key_Enter),
        (keys.DELETE, Qt.Key.Key_Delete),
        (keys.LEFT, Qt.Key.Key_Left),
        (keys.UP, Qt.Key.Key_Up),
        (keys.RIGHT, Qt.Key.Key_Right),
        (keys.DOWN, Qt.Key.Key_Down),
        (keys.PAGE_UP, Qt.Key.Key_PageUp),
        (keys.PAGE_DOWN, Qt.Key.Key_PageDown),
    ],
)
def test_a_number_is_the_key_it_is_named_after(number: int, key: Qt.Key) -> None:
    assert number == key.value


def test_letters_are_read_off_their_keys() -> None:
    assert [keys.letter_of(key.value) for key in (Qt.Key.Key_A, Qt.Key.Key_Z)] == ["A", "Z"]
    assert keys.letter_of(Qt.Key.Key_1.value) == ""
