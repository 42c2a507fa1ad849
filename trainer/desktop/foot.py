"""A page whose body scrolls between a head and a foot: what to press next is always in sight."""

from PySide6.QtCore import QMargins, QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from trainer.desktop.layouts import Page
from trainer.desktop.look import Look
from trainer.desktop.theme import COLUMN

SIDE = 24


class SteadyPage(Page):
    """A page whose column does not jump aside when the scroll bar comes."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._look = look
        self._hold(0, 0)
        self.verticalScrollBar().rangeChanged.connect(self._hold)

    def _hold(self, _least: int, most: int) -> None:
        body = self.widget()
        layout = body.layout() if body is not None else None
        if layout is None:
            return
        side, look = self._look.px(SIDE), self._look
        bar = self.verticalScrollBar().sizeHint().width() if most > 0 else 0
        margins = QMargins(side, look.px(12), max(side - bar, 0), side)
        if layout.contentsMargins() != margins:
            layout.setContentsMargins(margins)


class Foot(QFrame):
    """One row in the middle, as wide as the column of the page. Put things in `row`."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        outer = QHBoxLayout(self)
        side = look.px(SIDE)
        outer.setContentsMargins(side, look.px(12), side, look.px(12))
        outer.setSpacing(0)
        inner = QWidget(self)
        inner.setMaximumWidth(look.px(COLUMN))
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer.addStretch(1)
        outer.addWidget(inner, 1000)
        outer.addStretch(1)
        self.row = QHBoxLayout(inner)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(look.px(12))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        colours = self._look.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.canvas))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(colours.line))
