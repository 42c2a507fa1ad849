"""A month as a chart: profit and points day by day, each decision marked, walked by keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from trainer.desktop import keys
from trainer.desktop.controls import Card, FocusRing, paint_focus_ring
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages

_HEIGHT = 96  # of the profit's part
_POINTS_HEIGHT = 72
_MARKS = 28
_PAD = 8  # inside the ring of focus


@dataclass(frozen=True, slots=True)
class ChartDay:
    """A day of the chart. `wrong` decisions were costly ones or deadlines that passed."""

    day: int
    profit: int  # cents
    points: Fraction  # on all records together
    right: int
    wrong: int
    words: str  # what happened, for the line below and for screen readers
    broken: bool = False  # whether a metric was over its limit


class ShopChart(QWidget):
    """`moved` carries the day under the cursor: arrows left and right go from day to day."""

    moved = Signal(int)

    def __init__(
        self,
        look: Look,
        messages: Messages,
        days: Sequence[ChartDay],
        length: int,
        *,
        judged: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self._days = tuple(days)
        self._judged = judged  # whether the marks say what was right
        self._length = max(length, 2)
        self._cursor = len(self._days) - 1
        self._ring = FocusRing(self)
        self._font = look.font("small", tabular=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(messages("shop.chart"))
        self._describe()

    @property
    def cursor_day(self) -> int:
        return self._days[self._cursor].day if self._days else 0

    @property
    def words(self) -> str:
        """What happened on the day under the cursor."""
        return self._days[self._cursor].words if self._days else ""

    def sizeHint(self) -> QSize:
        line = QFontMetrics(self._font).height()
        look = self._look
        height = look.px(_HEIGHT + _POINTS_HEIGHT + _MARKS + 56) + 3 * line
        return QSize(look.px(480), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(240), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        steps = {keys.LEFT: -1, keys.RIGHT: 1}
        step = steps.get(event.key())
        if step is None or not self._days:
            super().keyPressEvent(event)
            return
        self._go(self._cursor + step)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        place = self._place_at(event.position().x())
        if place is not None:
            self._go(place)

    def event(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._place_at(float(event.pos().x()))
            if place is not None:
                QToolTip.showText(event.globalPos(), self._days[place].words, self)
            return True
        return super().event(event)

    def _go(self, place: int) -> None:
        self._cursor = min(max(place, 0), len(self._days) - 1)
        self._describe()
        self.update()
        self.moved.emit(self.cursor_day)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.words)

    # Where things are

    def _left(self) -> int:
        figures = [one.profit for one in self._days] or [0]
        labels = [_dollars(min(figures)), _dollars(max(figures))]
        widest = max(QFontMetrics(self._font).horizontalAdvance(one) for one in labels)
        return widest + self._look.px(_PAD + 8)

    def _x(self, day: int) -> float:
        left = self._left()
        return left + (day - 1) / (self._length - 1) * (
            self.width() - left - self._look.px(_PAD + 12)
        )

    def _place_at(self, x: float) -> int | None:
        places = range(len(self._days))
        return min(places, key=lambda at: abs(self._x(self._days[at].day) - x), default=None)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        if not self._days:
            return
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        line = QFontMetrics(self._font).height()
        wide = self.width() - look.px(_PAD)
        profit = QRectF(0, line + look.px(20), wide, look.px(_HEIGHT))
        top = profit.bottom() + line + look.px(24)
        points = QRectF(0, top, wide, look.px(_POINTS_HEIGHT))
        marks = points.bottom() + look.px(12)
        self._paint_cursor(painter, profit.top(), marks + look.px(18))
        self._paint_profit(painter, profit)
        self._paint_points(painter, points)
        self._paint_broken(painter, points.bottom() + look.px(4))
        self._paint_marks(painter, marks)
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), look.px(6))

    def _paint_cursor(self, painter: QPainter, top: float, bottom: float) -> None:
        x = self._x(self._days[self._cursor].day)
        wide = self._look.px(10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.colours.sunken))
        painter.drawRoundedRect(QRectF(x - wide / 2, top, wide, bottom - top), 3, 3)

    def _paint_profit(self, painter: QPainter, box: QRectF) -> None:
        look, colours = self._look, self._look.colours
        values = [one.profit for one in self._days]
        low, high = min(0, *values), max(1, *values)

        def y(value: int) -> float:
            return box.bottom() - (value - low) / (high - low) * box.height()

        painter.setPen(QColor(colours.ink_soft))
        painter.drawText(
            QPointF(look.px(_PAD), box.top() - look.px(12)), self._messages("shop.chart.profit")
        )
        for value in dict.fromkeys((low, 0, high)):
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QPointF(self._left(), y(value)), QPointF(box.right(), y(value)))
            painter.setPen(QColor(colours.ink_soft))
            words = QRectF(0, y(value) - 10, self._left() - 8, 20)
            painter.drawText(
                words,
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                _dollars(value),
            )
        painter.setPen(QPen(QColor(colours.ink), look.px(2)))
        curve = QPolygonF([QPointF(self._x(one.day), y(one.profit)) for one in self._days])
        painter.drawPolyline(curve)

    def _paint_points(self, painter: QPainter, box: QRectF) -> None:
        look, colours = self._look, self._look.colours
        high = max([Fraction(12), *(one.points for one in self._days)])
        painter.setPen(QColor(colours.ink_soft))
        painter.drawText(
            QPointF(look.px(_PAD), box.top() - look.px(12)), self._messages("shop.chart.points")
        )
        for value in (Fraction(0), high):
            y = box.bottom() - float(value / high) * box.height()
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QPointF(self._left(), y), QPointF(box.right(), y))
            painter.setPen(QColor(colours.ink_soft))
            words = QRectF(0, y - 10, self._left() - 8, 20)
            painter.drawText(
                words,
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                f"{float(value):g}",
            )
        corners = []
        before = Fraction(0)
        for one in self._days:
            x = self._x(one.day)
            corners += [
                QPointF(x, box.bottom() - float(value / high) * box.height())
                for value in (before, one.points)
            ]
            before = one.points
        painter.setPen(QPen(QColor(colours.danger), look.px(2)))
        painter.drawPolyline(QPolygonF(corners))

    def _paint_broken(self, painter: QPainter, y: float) -> None:
        """A bar below the days on which a metric was over its limit."""
        half = (self._x(2) - self._x(1)) / 2
        painter.setPen(QPen(QColor(self._look.colours.warning), self._look.px(4)))
        for one in self._days:
            if one.broken:
                x = self._x(one.day)
                painter.drawLine(QPointF(x - half, y), QPointF(x + half, y))

    def _paint_marks(self, painter: QPainter, y: float) -> None:
        """A mark for each day with decisions: right ones below, costly ones with a cross."""
        look, colours = self._look, self._look.colours
        size = look.px(12)
        for one in self._days:
            x = self._x(one.day)
            box = QRectF(x - size / 2, y, size, size)
            if not self._judged and (one.wrong or one.right):
                look.icons.paint(painter, "circle-dot", colours.ink_soft, box)
            elif one.wrong:
                look.icons.paint(painter, "circle-x", colours.warning, box)
            elif one.right:
                look.icons.paint(painter, "circle-check", colours.good, box)
        line = QFontMetrics(self._font)
        painter.setPen(QColor(colours.ink_soft))
        step = 1 if self._length <= 7 else 5 if self._length <= 30 else 15
        for day in sorted({1, *range(step, self._length + 1, step)}):
            box = QRectF(self._x(day) - 20, y + size + look.px(4), 40, line.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, str(day))


class ChartCard(Card):
    """The chart on paper, with a sentence above and the words of the day under the cursor below."""

    def __init__(self, look: Look, chart: ShopChart, sentence: str = "") -> None:
        super().__init__(look, padding=16)
        self.chart = chart
        self._below = Text(look, chart.words, "small", tone="ink_soft", fill=True)
        if sentence:
            self.body.addWidget(Text(look, sentence, "control", fill=True))
        self.body.addWidget(chart)
        self.body.addWidget(self._below)
        chart.moved.connect(self._tell)

    def _tell(self, _day: int) -> None:
        self._below.set_text(self.chart.words)


def _dollars(cents: int) -> str:
    return f"{cents / 100:,.0f}".replace("-", "\N{MINUS SIGN}")
