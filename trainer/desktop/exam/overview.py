"""All questions as small numbered cells: what is answered, flagged, and where one is."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.controls import FocusRing, paint_focus_ring
from trainer.desktop.layouts import Flow
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.desktop.theme import CONTROL_RADIUS
from trainer.foundation.messages import Messages
from trainer.presenters.exam_sheets import Cell, Overview

SIDE = 40


class CellButton(QAbstractButton):
    """One question. A bar below the number says that it is answered, a flag that it is flagged:
    never colour alone."""

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self._cell = Cell(0, False, False, False)
        self._ring = FocusRing(self)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(look.px(SIDE), look.px(SIDE))

    @property
    def cell(self) -> Cell:
        return self._cell

    def show_cell(self, cell: Cell) -> None:
        if cell == self._cell:
            return
        self._cell = cell
        words = self._messages
        said = [words("exam.cell", number=cell.number)]
        said.append(words("exam.cell-answered" if cell.answered else "exam.cell-empty"))
        if cell.flagged:
            said.append(words("exam.cell-flagged"))
        if cell.here:
            said.append(words("exam.cell-here"))
        self.setAccessibleName(", ".join(said))
        self.setToolTip(self.accessibleName())
        self.setEnabled(not cell.closed)
        self.update()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        # A button would go to the next by itself, in lines as it sees them.
        if event.key() in {keys.LEFT, keys.RIGHT, keys.UP, keys.DOWN}:
            event.ignore()
        elif event.key() in keys.ENTERS:
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(SIDE), self._look.px(SIDE))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours, cell = self._look, self._look.colours, self._cell
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = colours.accent_soft if cell.here else colours.surface
        if self.underMouse() and self.isEnabled() and not cell.here:
            ground = colours.hover
        edge = colours.accent if cell.here else colours.edge if self.isEnabled() else colours.line
        painter.setPen(QPen(QColor(edge), 2 if cell.here else 1))
        painter.setBrush(QColor(ground))
        radius = look.px(CONTROL_RADIUS)
        painter.drawRoundedRect(box, radius, radius)
        painter.setFont(look.font("control", bold=cell.here, tabular=True))
        painter.setPen(QColor(colours.ink if self.isEnabled() else colours.ink_soft))
        text = box.adjusted(0, 0, 0, -look.px(6))
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, str(cell.number))
        if cell.answered:
            bar = QRectF(
                box.left() + look.px(9), box.bottom() - look.px(8), look.px(20), look.px(3)
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(bar, look.px(1.5), look.px(1.5))
        if cell.flagged:
            size = look.px(14)
            at = QPointF(box.right() - size - look.px(1), box.top() + look.px(1))
            look.icons.paint(painter, "flag", colours.warning, QRectF(at.x(), at.y(), size, size))
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), radius)


class OverviewPanel(QWidget):
    """The cells in rows, a heading for each section. `chosen` carries the number of a question."""

    chosen = Signal(int)

    def __init__(self, look: Look, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self._shape: tuple[tuple[str, int], ...] = ()
        self.cells: list[CellButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.px(8))
        self._body = QWidget(self)
        self._column.addWidget(self._body)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(messages("exam.overview"))

    def show_overview(self, overview: Overview) -> None:
        shape = tuple((title, len(cells)) for title, cells in overview.sections)
        if shape != self._shape:
            self._shape = shape
            self._make(overview)
        for button, cell in zip(self.cells, overview.cells, strict=True):
            button.show_cell(cell)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Arrow keys go from cell to cell."""
        steps = {keys.LEFT: -1, keys.RIGHT: 1, keys.UP: -self._a_row(), keys.DOWN: self._a_row()}
        here = next((at for at, cell in enumerate(self.cells) if cell.hasFocus()), None)
        if here is None or event.key() not in steps:
            event.ignore()
            return
        to = here + steps[event.key()]
        if 0 <= to < len(self.cells) and self.cells[to].isEnabled():
            self.cells[to].setFocus(Qt.FocusReason.TabFocusReason)

    def _a_row(self) -> int:
        """How many cells stand in a line now."""
        tops = [cell.y() for cell in self.cells]
        return max(1, sum(top == tops[0] for top in tops)) if tops else 1

    def _make(self, overview: Overview) -> None:
        look = self._look
        old, self._body = self._body, QWidget(self)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        self.cells = []
        for title, cells in overview.sections:
            if title:
                column.addWidget(Text(look, title, "small", tone="ink_soft", bold=True, fill=True))
            grid = Flow(gap=look.px(6))
            for _ in cells:
                button = CellButton(look, self._messages, self._body)
                number = len(self.cells) + 1
                button.clicked.connect(lambda _=False, number=number: self.chosen.emit(number))
                self.cells.append(button)
                grid.addWidget(button)
            column.addLayout(grid)
        self._column.replaceWidget(old, self._body)
        self._body.show()
        old.hide()
        old.deleteLater()
