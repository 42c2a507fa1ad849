"""The matrix of Compare: topics at the left stay in sight, platforms scroll beside them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from trainer.desktop import keys
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.presenters.compare import Cell, Grid

_ROLES = Qt.ItemDataRole
_Index = QModelIndex | QPersistentModelIndex
_WRAP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_COLUMN, _TOPICS = 132, 160  # narrowest column of a platform, and width of the topics
_PAD = 10
_ROOT = QModelIndex()


class GridModel(QAbstractTableModel):
    """A `Grid` for Qt; `words` says a cell for those who hear it."""

    def __init__(self, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._messages = messages
        self.grid = Grid((), ())
        self.words: Callable[[int, int], str] = lambda _row, _column: ""
        self.same: Callable[[Cell], str] = lambda _cell: ""

    def show(self, grid: Grid) -> None:
        self.beginResetModel()
        self.grid = grid
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self.grid.rows)

    def columnCount(self, parent: _Index = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self.grid.platforms)

    def cell(self, index: _Index) -> Cell:
        return self.grid.rows[index.row()].cells[index.column()]

    def data(self, index: _Index, role: int = _ROLES.DisplayRole, /) -> Any:  # noqa: ANN401
        if not index.isValid():
            return None
        cell = self.cell(index)
        if role == _ROLES.DisplayRole:
            return self.text_of(cell)
        if role == _ROLES.AccessibleTextRole:
            return self.words(index.row(), index.column())
        if role == _ROLES.ToolTipRole and not cell.lines:
            return self._messages("compare.no-rule")
        return None

    def text_of(self, cell: Cell) -> str:
        values = [line.value for line in cell.lines]
        if len(values) > 1:
            values = [f"{number}. {value}" for number, value in enumerate(values, start=1)]
        return "\n".join(values) or self._messages("compare.none")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLES.DisplayRole, /
    ) -> Any:  # noqa: ANN401
        if role not in (_ROLES.DisplayRole, _ROLES.AccessibleTextRole):
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.grid.platforms[section] if section < len(self.grid.platforms) else None
        return self.grid.rows[section].name if section < len(self.grid.rows) else None


class CellPainter(QStyledItemDelegate):
    """What a cell says, and below it who says the same. A bar at the left marks what nobody else
    says."""

    def __init__(self, look: Look, model: GridModel, view: QTableView) -> None:
        super().__init__(view)
        self._look, self._model, self._view = look, model, view
        self._font = look.font("control")
        self._small = look.font("small")

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index, /) -> QSize:
        pad = self._look.px(_PAD)
        width = self._view.columnWidth(index.column()) - 2 * pad - self._look.px(4)
        cell = self._model.cell(index)
        height = _height(self._font, self._model.text_of(cell), width)
        if cell.same:
            height += self._look.px(4) + _height(self._small, self._model.same(cell), width)
        return QSize(self._view.columnWidth(index.column()), height + 2 * pad)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, /) -> None:
        look, colours = self._look, self._look.colours
        rect: QRect = option.rect
        cell = self._model.cell(index)
        here = index.row() == self._view.currentIndex().row() and (
            index.column() == self._view.currentIndex().column()
        )
        painter.save()
        painter.fillRect(rect, QColor(colours.accent_soft if here else colours.surface))
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if cell.differs:
            bar = QRect(rect.left(), rect.top(), look.px(3), rect.height() - 1)
            painter.fillRect(bar, QColor(colours.accent))
        pad = look.px(_PAD)
        box = rect.adjusted(pad + look.px(4), pad, -pad, -pad)
        painter.setFont(self._font)
        painter.setPen(QColor(colours.ink if cell.lines else colours.ink_soft))
        text = self._model.text_of(cell)
        painter.drawText(box, _WRAP, text)
        if cell.same:
            box.setTop(box.top() + _height(self._font, text, box.width()) + look.px(4))
            painter.setFont(self._small)
            painter.setPen(QColor(colours.ink_soft))
            painter.drawText(box, _WRAP, self._model.same(cell))
        if here and self._view.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(rect).adjusted(1, 1, -2, -2))
        painter.restore()


class Headings(QHeaderView):
    """The names of the topics or the platforms, wrapped."""

    def __init__(self, orientation: Qt.Orientation, look: Look, view: QTableView) -> None:
        super().__init__(orientation, view)
        self._look = look
        self._font = look.font("control", bold=True)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sectionSizeFromContents(self, section: int, /) -> QSize:
        pad = self._look.px(_PAD)
        if self.orientation() == Qt.Orientation.Horizontal:
            return QSize(self.sectionSize(section), QFontMetrics(self._font).height() + 2 * pad)
        width = self._look.px(_TOPICS)
        return QSize(width, _height(self._font, self._words(section), width - 2 * pad) + 2 * pad)

    def paintSection(self, painter: QPainter, rect: QRect, section: int, /) -> None:
        colours, pad = self._look.colours, self._look.px(_PAD)
        painter.save()
        painter.fillRect(rect, QColor(colours.sunken))
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setFont(self._font)
        painter.setPen(QColor(colours.ink))
        more = 0 if self.orientation() == Qt.Orientation.Vertical else self._look.px(4)
        painter.drawText(rect.adjusted(pad + more, pad, -pad, -pad), _WRAP, self._words(section))
        painter.restore()

    def _words(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "")


class CompareGrid(QTableView):
    """Arrows move, Enter reads the first rule of a cell, a figure the one of that number."""

    rule_wanted = Signal(str)
    moved = Signal()

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.cells = GridModel(messages, self)
        self.setModel(self.cells)
        self.setItemDelegate(CellPainter(look, self.cells, self))
        self.setHorizontalHeader(Headings(Qt.Orientation.Horizontal, look, self))
        self.setVerticalHeader(Headings(Qt.Orientation.Vertical, look, self))
        self.verticalHeader().setFixedWidth(look.px(_TOPICS))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(messages("compare.table"))
        self.doubleClicked.connect(self._read_at)

    def show_grid(self, grid: Grid) -> None:
        """Show `grid`; the cell that was current stays so as long as it is there."""
        was = self.currentIndex()
        known = self.current_cell()
        topic = self.cells.grid.rows[was.row()].topic if known else ""
        self.cells.show(grid)
        self._fit()
        row = next((n for n, one in enumerate(grid.rows) if one.topic == topic), 0)
        cells = grid.rows[row].cells if grid.rows else ()
        filled = next((n for n, cell in enumerate(cells) if cell.lines), 0)
        platform = known.platform if known is not None else ""
        column = next((n for n, cell in enumerate(cells) if cell.platform == platform), filled)
        self.setCurrentIndex(self.cells.index(row, column))
        self.moved.emit()

    def current_cell(self) -> Cell | None:
        index = self.currentIndex()
        return self.cells.cell(index) if index.isValid() else None

    def read(self, number: int = 1) -> None:
        """Read rule `number` of the current cell."""
        cell = self.current_cell()
        if cell is not None and 1 <= number <= len(cell.lines):
            self.rule_wanted.emit(cell.lines[number - 1].rule_id)

    def _read_at(self, _index: QModelIndex) -> None:
        self.read()

    def currentChanged(self, current: _Index, previous: _Index, /) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in keys.ENTERS:
            self.read()
        elif plain and ord("1") <= event.key() <= ord("9"):
            self.read(event.key() - ord("0"))
        elif event.text() or event.key() == keys.ESCAPE:
            event.ignore()  # keys of the page
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        """Columns share the width, and are never narrower than their words need."""
        count = self.cells.columnCount()
        if not count:
            return
        width = max(self._look.px(_COLUMN), self.viewport().width() // count)
        for column in range(count):
            self.setColumnWidth(column, width)
        pad, font = self._look.px(_PAD), self._look.font("control", bold=True)
        inside = width - 2 * pad - self._look.px(4)
        highest = max(_height(font, name, inside) for name in self.cells.grid.platforms)
        self.horizontalHeader().setFixedHeight(highest + 2 * pad)
        self.resizeRowsToContents()


def _height(font: QFont, text: str, width: int) -> int:
    box = QFontMetrics(font).boundingRect(QRect(0, 0, max(width, 1), 10_000), int(_WRAP), text)
    return box.height()
