"""What every way of answering has in common, and the keys that choose a line."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from trainer.cards.response import Response
from trainer.cards.showing import Showing
from trainer.desktop import keys
from trainer.desktop.card_view import Render, polished
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet, Mark

LETTERS = "ABCDEFGHI"


class Answer(QWidget):
    """One way of answering, used again for every card of its kinds.

    `changed` tells that what is entered has changed, `checked` that the learner wants it checked,
    `moved` which line the keyboard has gone to, so that the page can scroll there.
    """

    changed = Signal()
    checked = Signal()
    moved = Signal(QWidget)

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._messages = messages
        self._render = render

    def ask(self, showing: Showing, entered: Response | None) -> None:
        """Start afresh, or with what was `entered` already."""
        raise NotImplementedError

    def response(self) -> Response | None:
        """What is entered now; None when there is nothing to check yet."""
        raise NotImplementedError

    def reveal(self, showing: Showing, sheet: AnswerSheet) -> None:
        """Show what was right, and take no more answers."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the keyboard where answering begins."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def describe(self, question: str) -> None:
        """Name what has the keyboard first after the question."""
        self.setAccessibleName(question)

    @property
    def letters(self) -> str:
        """Letters this answer needs as keys now: they cannot be commands meanwhile."""
        return ""

    @property
    def types(self) -> bool:
        """Whether letters and figures go into a field."""
        return False

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and event.key() in keys.ENTERS and not event.isAutoRepeat():
            self.checked.emit()
        else:
            event.ignore()

    def go_to(self, row: QWidget) -> None:
        """Move the keyboard to `row`, and the page with it."""
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self.moved.emit(row)

    def inline(self, text: str) -> str:
        """A short text as HTML."""
        return polished(self._render(text))

    def literal(self, text: str) -> str:
        """Text that is no Markdown, such as what a learner has typed, as HTML."""
        return polished(f"<p>{escape(text)}</p>")

    def mark_word(self, mark: Mark) -> str:
        return "" if mark == "plain" else self._messages(f"answer.mark.{mark}")


def line_of_key(event: QKeyEvent, count: int) -> int | None:
    """The line, from 0, that 1-9 or A-I stands for; None for other keys and missing lines."""
    if event.modifiers() not in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.KeypadModifier,
        Qt.KeyboardModifier.ShiftModifier,
    ):
        return None
    key = event.key()
    line = -1
    if ord("1") <= key <= ord("9"):
        line = key - ord("1")
    elif ord("A") <= key <= ord("I"):
        line = key - ord("A")
    return line if 0 <= line < count else None


def neighbour(rows: Sequence[QWidget], by: int) -> QWidget | None:
    """The shown row before (-1) or after (1) the focused one; the ends hold."""
    shown = [row for row in rows if not row.isHidden()]
    if not shown:
        return None
    at = next((place for place, row in enumerate(shown) if row.hasFocus()), None)
    place = (0 if by > 0 else len(shown) - 1) if at is None else at + by
    return shown[min(max(place, 0), len(shown) - 1)]
