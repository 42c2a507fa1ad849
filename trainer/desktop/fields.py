"""Fields of a form: label above, control, and below it what is wrong, in words and with an icon."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop.controls import (
    FocusRing,
    Picture,
    paint_focus_ring,
    stop_at_the_chosen,
)
from trainer.desktop.layouts import Flow, row
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.desktop.theme import person_colour


class Field(QWidget):
    """`control` with its label. `explain` says what it is good for; `show_wrong` what to mend."""

    def __init__(
        self,
        look: Look,
        label: str,
        control: QWidget,
        *,
        explain: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.control = control
        self._explain = explain
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(6))
        self.label = Text(look, label, "control", bold=True)
        self.label.setBuddy(control)
        # Of a number in its frame it is the number that has the focus, and is read.
        self._read = control.focusProxy() or control
        self._read.setAccessibleName(label)
        self._read.setAccessibleDescription(explain)
        layout.addWidget(self.label)
        layout.addWidget(control)
        self._line = QWidget()
        line = row(look, gap=6)
        self._line.setLayout(line)
        self._icon = Picture(look, "triangle-alert", size=16, colour=look.colours.warning)
        self._words = Text(look, explain, "small", tone="ink_soft", fill=True)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._words, 1)
        layout.addWidget(self._line)
        self._icon.hide()
        self._line.setVisible(bool(explain))

    @property
    def wrong(self) -> str:
        """What is wrong now, "" for nothing."""
        return self._words.words if not self._icon.isHidden() else ""

    def show_wrong(self, sentence: str) -> None:
        self._words.set_text(sentence)
        self._words.set_tone("warning")
        self._icon.show()
        self._line.show()
        self._mark(True)
        self._read.setAccessibleDescription(sentence)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.control, sentence))

    def clear_wrong(self) -> None:
        self._words.set_text(self._explain)
        self._words.set_tone("ink_soft")
        self._icon.hide()
        self._line.setVisible(bool(self._explain))
        self._mark(False)
        self._read.setAccessibleDescription(self._explain)

    def _mark(self, wrong: bool) -> None:
        self.control.setProperty("wrong", wrong)
        # A changed property is only seen after polishing anew.
        self.control.style().unpolish(self.control)
        self.control.style().polish(self.control)


class Swatch(QRadioButton):
    """A colour to choose: a disc, ticked when chosen."""

    def __init__(self, look: Look, colour: str, name: str) -> None:
        super().__init__()
        self._look, self._colour = look, colour
        self._ring = FocusRing(self)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(40), self._look.px(40))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        inset = look.px(6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
        if self.isChecked():
            third = look.px(12)
            look.icons.paint(
                painter,
                "check",
                look.colours.surface,
                box.adjusted(third, third, -third, -third),
            )
        if self._ring.visible:
            paint_focus_ring(painter, look, box, box.height() / 2)


class Swatches(QWidget):
    """One colour of a few."""

    chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        colours: Sequence[tuple[str, str]],
        value: str,
        parent: QWidget | None = None,
    ) -> None:
        """`colours` are (name of a person's colour, word for it)."""
        super().__init__(parent)
        layout = Flow(self, gap=look.px(4))
        self._group = QButtonGroup(self)
        self._swatches: dict[str, Swatch] = {}
        for name, word in colours:
            swatch = Swatch(look, person_colour(look.theme, name), word)
            self._group.addButton(swatch)
            swatch.setChecked(name == value)
            self._swatches[name] = swatch
            layout.addWidget(swatch)
        stop_at_the_chosen(self._group)
        self._group.buttonClicked.connect(lambda _button: self.chosen.emit(self.value))

    @property
    def value(self) -> str:
        return next((name for name, each in self._swatches.items() if each.isChecked()), "")

    def swatch(self, name: str) -> Swatch:
        return self._swatches[name]
