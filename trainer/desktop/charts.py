"""Charts painted by hand: a calendar of days, bars, a forecast. Ink for data, labels on the data.

Each chart has an accessible description that says in words what it shows; the sentence above it is
the screen's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from trainer.desktop.controls import FocusRing
from trainer.desktop.days import day_in_words, locale_of
from trainer.desktop.look import Look
from trainer.desktop.theme import blend
from trainer.foundation.messages import Messages


class CalendarHeat(QWidget):
    """A year of days, a week in each column; the darker, the more answers. Arrow keys move a
    cursor whose day is told in words below and to screen readers."""

    CELL, GAP = 13, 3
    WEEKS = 53

    def __init__(
        self,
        look: Look,
        messages: Messages,
        answers: Mapping[date, int],
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self._answers, self._today = answers, today
        self._cursor = today
        self._ring = FocusRing(self)
        self._limits = heat_limits(answers.values())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(messages("progress.calendar"))
        self._describe()

    @property
    def cursor_day(self) -> date:
        return self._cursor

    def sizeHint(self) -> QSize:
        step = self._look.px(self.CELL + self.GAP)
        labels = QFontMetrics(self._look.font("small")).height()
        return QSize(self._left + self.WEEKS * step, labels + 7 * step + self._look.px(16) + labels)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._left + 8 * self._look.px(16), self.sizeHint().height())

    @property
    def _left(self) -> int:
        metrics = QFontMetrics(self._look.font("small"))
        locale = locale_of(self._look)
        names = (locale.dayName(day, QLocale.FormatType.ShortFormat) for day in range(1, 8))
        return max(metrics.horizontalAdvance(name) for name in names) + self._look.px(8)

    @property
    def _weeks(self) -> int:
        step = self._look.px(self.CELL + self.GAP)
        return max(4, min(self.WEEKS, (self.width() - self._left) // step))

    @property
    def _first_day(self) -> date:
        monday = self._today - timedelta(days=self._today.weekday())
        return monday - timedelta(weeks=self._weeks - 1)

    def _cell(self, day: date) -> QRectF:
        look = self._look
        step, size = look.px(self.CELL + self.GAP), look.px(self.CELL)
        weeks, weekday = divmod((day - self._first_day).days, 7)
        top = QFontMetrics(look.font("small")).height() + look.px(4)
        return QRectF(self._left + weeks * step, top + weekday * step, size, size)

    def _day_at(self, point: QPointF) -> date | None:
        day = self._first_day
        while day <= self._today:
            if self._cell(day).adjusted(-1, -1, 2, 2).contains(point):
                return day
            day += timedelta(days=1)
        return None

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font("small", tabular=True))
        self._paint_labels(painter)
        radius = look.px(3)
        day = self._first_day
        while day <= self._today:
            level = heat_level(self._answers.get(day, 0), self._limits)
            box = self._cell(day)
            if level == 0:
                painter.setPen(QPen(QColor(colours.line), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                box = box.adjusted(0.5, 0.5, -0.5, -0.5)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.heat[level - 1]))
            painter.drawRoundedRect(box, radius, radius)
            day += timedelta(days=1)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.ink), look.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._cell(self._cursor).adjusted(-1, -1, 1, 1), radius, radius)
        self._paint_foot(painter)

    def _paint_labels(self, painter: QPainter) -> None:
        look = self._look
        locale, short = locale_of(look), QLocale.FormatType.ShortFormat
        metrics = QFontMetrics(look.font("small"))
        painter.setPen(QColor(look.colours.ink_soft))
        for weekday in (0, 2, 4):
            box = self._cell(self._first_day + timedelta(days=weekday))
            painter.drawText(
                QRectF(0, box.top() - 4, self._left, box.height() + 8),
                Qt.AlignmentFlag.AlignVCenter,
                locale.dayName(weekday + 1, short),
            )
        free_from = 0.0
        for week in range(self._weeks):
            monday = self._first_day + timedelta(weeks=week)
            x = self._cell(monday).x()
            # A month is named over the first week that begins in it.
            if monday.day <= 7 and x >= free_from:
                name = locale.monthName(monday.month, short)
                width = metrics.horizontalAdvance(name)
                if x + width <= self.width():
                    painter.drawText(QPointF(x, metrics.ascent()), name)
                    free_from = x + width + look.px(8)

    def _paint_foot(self, painter: QPainter) -> None:
        """The day under the cursor on the left, the scale with its numbers on the right."""
        look, colours = self._look, self._look.colours
        metrics = QFontMetrics(look.font("small"))
        baseline = self.height() - metrics.descent() - 1
        if self.hasFocus():
            painter.setPen(QColor(colours.ink))
            painter.drawText(QPointF(self._left, baseline), self._words(self._cursor))
            return
        if not self._limits:
            return
        painter.setPen(QColor(colours.ink_soft))
        size = look.px(self.CELL)
        x = float(self._left)
        low = 1
        for level, limit in enumerate(self._limits):
            words = f"{low}–{limit}" if low < limit else str(limit)
            if level == len(self._limits) - 1:
                words = f"{low}+"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.heat[level]))
            painter.drawRoundedRect(
                QRectF(x, baseline - size + metrics.descent() / 2 + 1, size, size), 3, 3
            )
            x += size + look.px(5)
            painter.setPen(QColor(colours.ink_soft))
            painter.drawText(QPointF(x, baseline), words)
            x += metrics.horizontalAdvance(words) + look.px(12)
            low = limit + 1
        painter.drawText(QPointF(x, baseline), self._messages("progress.answers-a-day"))

    def _words(self, day: date) -> str:
        answers = self._answers.get(day, 0)
        told = self._messages.count("progress.answers", answers)
        return self._messages("progress.day", day=day_in_words(self._look, day), answers=told)

    def _describe(self) -> None:
        days = sum(1 for count in self._answers.values() if count)
        summary = self._messages.count("progress.calendar-described", days)
        self.setAccessibleDescription(f"{summary} {self._words(self._cursor)}")

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        steps = {
            Qt.Key.Key_Left: -7,
            Qt.Key.Key_Right: 7,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Home: -7 * self.WEEKS,
            Qt.Key.Key_End: 7 * self.WEEKS,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        moved = self._cursor + timedelta(days=step)
        self._cursor = min(max(moved, self._first_day), self._today)
        self._describe()
        self.update()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        day = self._day_at(event.position())
        if day is not None:
            self._cursor = day
            self._describe()
            self.update()

    def event(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self._day_at(QPointF(event.pos()))
            if day is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._words(day), self)
            return True
        return super().event(event)


def heat_limits(counts: Iterable[int]) -> tuple[int, ...]:
    """Upper bounds of four levels: quarters of the days that have answers, so that one long day
    does not make all others pale. Fewer where days are few; empty without any."""
    ordered = sorted(count for count in counts if count > 0)
    if not ordered:
        return ()
    last = len(ordered) - 1
    bounds = [ordered[round(last * share)] for share in (0.25, 0.5, 0.75, 1.0)]
    return tuple(sorted(set(bounds)))


def heat_level(count: int, limits: Sequence[int]) -> int:
    """0 for a day without answers, else 1 to len(limits)."""
    if count <= 0:
        return 0
    return next(
        (level for level, limit in enumerate(limits, start=1) if count <= limit), len(limits)
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its words: `share` of the whole is filled, `reach` of it is hatched paler."""

    label: str
    value: str
    share: float  # 0..1
    reach: float  # 0..1, at least `share`
    colour: str


class Bars(QWidget):
    """Horizontal bars, one a line: words above, figures at the right."""

    def __init__(
        self, look: Look, name: str, bars: Sequence[Bar], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._bars = look, tuple(bars)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setAccessibleDescription("; ".join(f"{bar.label}: {bar.value}" for bar in self._bars))

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(480), len(self._bars) * self._line - self._look.px(16))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(240), self.sizeHint().height())

    @property
    def _line(self) -> int:
        metrics = QFontMetrics(self._look.font("control"))
        return metrics.height() + self._look.px(4 + 10 + 16)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label_font, value_font = look.font("control"), look.font("control", tabular=True)
        metrics = QFontMetrics(label_font)
        thick = look.px(10)
        for index, bar in enumerate(self._bars):
            top = index * self._line
            words = QRectF(0, top, self.width(), metrics.height())
            painter.setFont(value_font)
            painter.setPen(QColor(colours.ink_soft))
            painter.drawText(words, Qt.AlignmentFlag.AlignRight, bar.value)
            room = self.width() - metrics.horizontalAdvance(bar.value) - look.px(16)
            painter.setFont(label_font)
            painter.setPen(QColor(colours.ink))
            painter.drawText(
                words,
                Qt.AlignmentFlag.AlignLeft,
                metrics.elidedText(bar.label, Qt.TextElideMode.ElideRight, room),
            )
            track = QRectF(0, top + metrics.height() + look.px(4), self.width(), thick)
            self._paint_bar(painter, bar, track)

    def _paint_bar(self, painter: QPainter, bar: Bar, track: QRectF) -> None:
        colours = self._look.colours
        radius = track.height() / 2
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, colour in (
            (bar.reach, blend(bar.colour, colours.surface, 0.28)),
            (bar.share, bar.colour),
        ):
            if share > 0:
                filled = QRectF(track)
                filled.setWidth(max(track.width() * min(share, 1.0), track.height()))
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(filled, radius, radius)


class Forecast(QWidget):
    """Upright bars for the coming days, the number on each, the weekday below."""

    HEIGHT = 96

    def __init__(
        self,
        look: Look,
        name: str,
        days: Sequence[tuple[date, int]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._days = look, tuple(days)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setAccessibleDescription(
            "; ".join(f"{day_in_words(look, day)}: {count}" for day, count in self._days)
        )

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._look.font("small"))
        return QSize(self._look.px(480), self._look.px(self.HEIGHT + 8) + 3 * metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(240), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        if not self._days:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = look.font("small", tabular=True)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        locale = locale_of(look)
        most = max(1, *(count for _, count in self._days))
        slot = self.width() / len(self._days)
        floor = metrics.height() + look.px(self.HEIGHT)
        wide = min(slot * 0.62, look.px(36))
        for index, (day, count) in enumerate(self._days):
            middle = (index + 0.5) * slot
            height = look.px(self.HEIGHT - 4) * count / most
            if count:
                height = max(height, look.px(3))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.ink if count == most else colours.ink_soft))
                box = QRectF(middle - wide / 2, floor - height, wide, height)
                painter.drawRoundedRect(box, look.px(2), look.px(2))
            painter.setPen(QColor(colours.ink if count else colours.ink_soft))
            above = QRectF(middle - slot / 2, floor - height - metrics.height(), slot, floor)
            painter.drawText(
                above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, str(count)
            )
            painter.setPen(QColor(colours.ink_soft))
            name = locale.dayName(day.isoweekday(), QLocale.FormatType.NarrowFormat)
            for line, words in enumerate((name, str(day.day))):
                below = QRectF(
                    middle - slot / 2, floor + look.px(4) + line * metrics.height(), slot, 99
                )
                painter.drawText(
                    below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words
                )
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(QPointF(0, floor + 0.5), QPointF(self.width(), floor + 0.5))
