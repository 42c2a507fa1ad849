"""How things are placed: the one column of a page, rows that wrap, grids of equal tiles."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from trainer.desktop.look import Look
from trainer.desktop.theme import COLUMN


class Flow(QLayout):
    """Left to right, then the next line, as words do.

    With `cell`, every item gets the same width: at least `cell` pixels, and together the whole
    line (tiles). At most `columns` stand in a line.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        gap: int = 8,
        cell: int | None = None,
        columns: int = 99,
    ) -> None:
        super().__init__(*([parent] if parent else []))
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._cell = cell
        self._columns = columns
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem, /) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int, /) -> int:
        return self._place(QRect(0, 0, width, 0), really=False)

    def setGeometry(self, rect: QRect, /) -> None:
        super().setGeometry(rect)
        self._place(rect, really=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(hint.width() for hint in shown) + self._gap * max(0, len(shown) - 1)
        if self._cell is not None:
            width = min(len(shown), self._columns) * (self._cell + self._gap) - self._gap
        return QSize(max(width, 0), max((hint.height() for hint in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        if self._cell is not None:
            size.setWidth(min(size.width(), self._cell))
        return size

    def _place(self, rect: QRect, *, really: bool) -> int:
        shown = [item for item in self._items if not item.isEmpty()]
        height = 0
        for line in self._lines(shown, rect.width()):
            if height:
                height += self._gap
            tallest = max(_height_at(item, width) for item, width in line)
            x = rect.x()
            for item, width in line:
                if really:
                    own = tallest if self._cell is not None else _height_at(item, width)
                    top = rect.y() + height + (tallest - own) // 2
                    item.setGeometry(QRect(QPoint(x, top), QSize(width, own)))
                x += width + self._gap
            height += tallest
        return height

    def _lines(self, items: list[QLayoutItem], width: int) -> list[list[tuple[QLayoutItem, int]]]:
        if self._cell is not None:
            fitting = max(1, (width + self._gap) // (self._cell + self._gap))
            columns = min(fitting, self._columns)
            each, over = divmod(width - self._gap * (columns - 1), columns)
            # What does not divide goes to the first tiles, so that the last one ends with the line.
            widths = [each + 1] * over + [each] * (columns - over)
            return [
                list(zip(items[start : start + columns], widths, strict=False))
                for start in range(0, len(items), columns)
            ]
        lines: list[list[tuple[QLayoutItem, int]]] = []
        x = width + 1
        for item in items:
            own = min(item.sizeHint().width(), width)
            if x + own > width:
                lines.append([])
                x = 0
            lines[-1].append((item, own))
            x += own + self._gap
        return lines


class Beside(QLayout):
    """Two things: the second at the right of the first, or below it where that would leave the
    first less than `least` pixels."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8, least: int = 200) -> None:
        super().__init__(*([parent] if parent else []))
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._least = least
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem, /) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int, /) -> int:
        return self._place(QRect(0, 0, width, 0), really=False)

    def setGeometry(self, rect: QRect, /) -> None:
        super().setGeometry(rect)
        self._place(rect, really=True)

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        hints = [item.sizeHint() for item in self._items]
        width = sum(hint.width() for hint in hints) + self._gap
        height = max((hint.height() for hint in hints), default=0)
        return QSize(width, height).grownBy(margins)

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def _place(self, rect: QRect, *, really: bool) -> int:
        margins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        first, second = self._items
        wide = min(second.sizeHint().width(), inner.width())
        room = inner.width() - wide - self._gap
        beside = room >= min(self._least, first.sizeHint().width())
        first_width = room if beside else inner.width()
        first_height = _height_at(first, first_width)
        second_height = _height_at(second, wide)
        if beside:
            height = max(first_height, second_height)
            tops = ((height - first_height) // 2, (height - second_height) // 2)
            left = inner.right() + 1 - wide
        else:
            height = first_height + self._gap + second_height
            tops = (0, first_height + self._gap)
            left = inner.left()
        if really:
            first.setGeometry(QRect(inner.left(), inner.top() + tops[0], first_width, first_height))
            second.setGeometry(QRect(left, inner.top() + tops[1], wide, second_height))
        return height + margins.top() + margins.bottom()


def _height_at(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


class Page(QScrollArea):
    """A screen's body: one column in the middle, at most 860 wide, that scrolls up and down."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, width: int = COLUMN) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # One that Python knows: asked for its own, PySide looks through all classes (20 ms).
        self.setViewport(QWidget())
        body = QWidget()
        outer = QHBoxLayout(body)
        side = look.px(24)
        outer.setContentsMargins(side, look.px(32), side, look.px(48))
        outer.setSpacing(0)
        inner = QWidget()
        inner.setMaximumWidth(look.px(width))
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer.addStretch(1)
        outer.addWidget(inner, 1000)
        outer.addStretch(1)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(look.px(16))
        self.setWidget(body)

    def show_widget(self, widget: QWidget) -> None:
        """Scroll until `widget` is seen: for keyboard focus that moves out of sight."""
        self.ensureWidgetVisible(widget, 24, 48)


def row(look: Look, *, gap: int = 8) -> QHBoxLayout:
    """A row without margins."""
    box = QHBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(look.px(gap))
    return box


def stack(look: Look, *, gap: int = 8) -> QVBoxLayout:
    """A column without margins."""
    box = QVBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(look.px(gap))
    return box
