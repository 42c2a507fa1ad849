"""The four ratings, each with its figure and when the card would come back."""

from collections.abc import Mapping
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from trainer.desktop import keys
from trainer.desktop.controls import Button
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.presenters.durations import interval
from trainer.scheduling.rating import Rating


class RatingKey(Button):
    """One rating. It acts at the press of a key, and leaves Up and Down to the page."""

    def __init__(self, look: Look, text: str, rating: Rating, parent: QWidget) -> None:
        super().__init__(look, text, shows_key=str(rating.value), big=True, parent=parent)
        self.rating = rating
        self.setFont(look.font("control", bold=True))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def propose(self, proposed: bool) -> None:
        """Whether this is the rating that Enter takes."""
        self._variant = "primary" if proposed else "secondary"
        self.update()

    def _padding(self) -> int:
        return self._look.px(8)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in {keys.RETURN, keys.ENTER, keys.SPACE}:
            if not event.isAutoRepeat():
                self.click()
        elif event.key() in {keys.LEFT, keys.RIGHT}:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent, /) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.update()


class RatingBar(QWidget):
    """Again, hard, good, easy. `rated` carries the Rating."""

    rated = Signal(object)

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._messages = messages
        self._proposed = Rating.GOOD
        self.keys: dict[Rating, RatingKey] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        for rating in Rating:
            key = RatingKey(look, messages(f"rating.{rating.name.lower()}"), rating, self)
            key.clicked.connect(lambda _on=False, rating=rating: self.rated.emit(rating))
            self.keys[rating] = key
            row.addWidget(key, 1)

    def offer(self, intervals: Mapping[Rating, timedelta], proposed: Rating) -> None:
        """Show the ratings with when the card comes back, and focus the proposed one."""
        for rating, key in self.keys.items():
            detail = ""
            if rating in intervals:
                code, number = interval(intervals[rating])
                detail = self._messages(code, number=number)
            key.set_text(key.text(), detail)
            key.propose(rating is proposed)
        self._proposed = proposed
        self.take_focus()

    def take_focus(self) -> None:
        """Put the keyboard on the proposed rating, so that Enter takes it."""
        self.keys[self._proposed].setFocus(Qt.FocusReason.OtherFocusReason)
