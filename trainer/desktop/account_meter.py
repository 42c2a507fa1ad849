"""How an account stands on one record: points, a scale with the thresholds, the next one named."""

from fractions import Fraction

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop.layouts import row
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.text import Text, Tone
from trainer.foundation.messages import Messages
from trainer.penalties.readings import Reading
from trainer.presenters.amounts import amount, figure
from trainer.presenters.cases import Meter

BAR = 8  # height of the scale
SIGNS = {"<=": "≤", ">=": "≥"}
TICK = 4  # how far a threshold stands out below it


class AccountMeter(QWidget):
    """Made anew for every state. `chinese` is the language of the record, not of the window."""

    def __init__(self, look: Look, messages: Messages, meter: Meter, *, chinese: bool) -> None:
        super().__init__()
        standing = meter.standing
        track = standing.track
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        points = amount(messages, track.shown(standing.points), track.unit)
        head = row(look, gap=12)
        head.addWidget(Text(look, track.title, "control", bold=True, fill=True, chinese=chinese), 1)
        if meter.added:
            code = "cases.lost" if track.falls else "cases.cost"
            cost = messages(code, amount=figure(meter.added))
            head.addWidget(
                Text(look, cost, "control", tone="danger", bold=True, tabular=True, wrap=False)
            )
        head.addWidget(Text(look, points, "control", bold=True, tabular=True, wrap=False))
        threshold = standing.next or standing.reached
        foretold = messages("cases.clean")
        if threshold is not None:
            foretold = messages(
                "cases.next" if standing.next is not None else "cases.reached",
                amount=amount(messages, track.shown(threshold.at), track.unit),
                consequence=plain_words(threshold.consequence),
            )
        self.foretold = Text(
            look,
            foretold,
            "small",
            tone="ink_soft" if standing.next is not None else "danger",
            fill=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        column.addLayout(head)
        column.addWidget(Scale(look, meter))
        column.addWidget(self.foretold)
        self.setAccessibleName(f"{track.title}: {points}. {foretold}")


class RateMeter(QWidget):
    """A metric: its value, its limit on a scale, and whether it holds."""

    def __init__(self, look: Look, messages: Messages, reading: Reading, *, chinese: bool) -> None:
        super().__init__()
        metric = reading.metric
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        value = "–" if reading.value is None else f"{figure(reading.value)} {metric.unit}".strip()
        head = row(look, gap=12)
        head.addWidget(
            Text(look, metric.title, "control", bold=True, fill=True, chinese=chinese), 1
        )
        tone: Tone = "danger" if reading.verdict == "broken" else "ink"
        head.addWidget(Text(look, value, "control", tone=tone, bold=True, tabular=True, wrap=False))
        sign = SIGNS.get(metric.sign, metric.sign)
        limit = f"{sign} {figure(metric.limit)} {metric.unit}".strip()
        told = messages(
            f"cases.metric.{reading.verdict}",
            part=reading.part,
            whole=reading.whole,
            limit=limit,
            consequence=metric.consequence,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        column.addLayout(head)
        column.addWidget(RateScale(look, reading))
        below: Tone = "danger" if reading.verdict == "broken" else "ink_soft"
        column.addWidget(Text(look, told, "small", tone=below, fill=True))
        self.setAccessibleName(f"{metric.title}: {value}. {told}")


class RateScale(QWidget):
    """A rate as a bar, with the limit across it."""

    def __init__(self, look: Look, reading: Reading) -> None:
        super().__init__()
        self._look, self._reading = look, reading
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(200), self._look.px(BAR + 2 * TICK))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours, reading = self._look, self._look.colours, self._reading
        metric, value = reading.metric, reading.value or Fraction(0)
        most = max(2 * metric.limit, value, Fraction(1))
        if metric.sign in {">", ">="} and metric.unit == "%":
            most = Fraction(100)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0.5, look.px(TICK) + 0.5, self.width() - 1, look.px(BAR) - 1)
        radius = bar.height() / 2
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(bar, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.danger if reading.verdict == "broken" else colours.ink))
        if value > 0:
            done = QRectF(bar)
            done.setWidth(max(float(min(value / most, Fraction(1))) * bar.width(), bar.height()))
            painter.drawRoundedRect(done, radius, radius)
        x = round(float(metric.limit / most) * (self.width() - 1))
        painter.setPen(QPen(QColor(colours.ink), look.px(2)))
        painter.drawLine(x, 0, x, look.px(BAR + 2 * TICK))


class Scale(QWidget):
    """The points as a bar up to the last threshold, or what is left of a score that falls;
    what changed last in danger's ink.

    The next threshold stands out; a figure that would touch its neighbour is left out.
    """

    def __init__(self, look: Look, meter: Meter) -> None:
        super().__init__()
        self._look, self._meter = look, meter
        self._font = look.font("small", tabular=True)
        self._bold = look.font("small", bold=True, tabular=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        figures = round(QFontMetricsF(self._bold).height())
        return QSize(self._look.px(200), self._look.px(BAR + TICK) + figures)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours, standing = self._look, self._look.colours, self._meter.standing
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0.5, 0.5, self.width() - 1, look.px(BAR) - 1)
        radius = bar.height() / 2
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(bar, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        old = standing.points - self._meter.added
        # A score that falls is longer before than after.
        ends = [(standing.points, colours.danger), (old, colours.ink)]
        if standing.track.falls:
            ends = [(old, colours.danger), (standing.points, colours.ink)]
        for until, ink in ends:
            if until > 0 or standing.track.falls:
                done = QRectF(bar)
                done.setWidth(max(self._x(until), bar.height()))
                painter.setBrush(QColor(ink))
                painter.drawRoundedRect(done, radius, radius)
        self._paint_thresholds(painter)

    def _x(self, points: Fraction) -> float:
        track = self._meter.standing.track
        if track.start is not None:
            most = max(track.start, track.shown(Fraction(0)))
            return float(track.shown(points) / most) * (self.width() - 1) if most else 0.0
        thresholds = self._meter.standing.track.thresholds
        most = max([points, *(threshold.at for threshold in thresholds)], default=Fraction(1))
        most = max(most, self._meter.standing.points)
        return float(points / most) * (self.width() - 1) if most else 0.0

    def _paint_thresholds(self, painter: QPainter) -> None:
        look, colours, standing = self._look, self._look.colours, self._meter.standing
        bar, tick = look.px(BAR), look.px(TICK)
        taken: list[tuple[float, float]] = []
        # The next one first: its figure is never left out.
        for threshold in sorted(standing.track.thresholds, key=lambda t: t is not standing.next):
            following = threshold is standing.next
            x = min(self._x(threshold.at), self.width() - 1.0)
            ink = QColor(colours.ink if following else colours.ink_soft)
            # On the filled part the tick is paper, so that it is seen.
            passed = threshold.at < standing.points
            painter.setPen(QPen(QColor(colours.surface) if passed else ink, look.px(1)))
            painter.drawLine(round(x), 1, round(x), bar - 1)
            painter.setPen(QPen(ink, look.px(2 if following else 1)))
            painter.drawLine(round(x), bar, round(x), bar + tick)
            font = self._bold if following else self._font
            words = figure(standing.track.shown(threshold.at))
            metrics = QFontMetricsF(font)
            wide = metrics.horizontalAdvance(words)
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            if any(
                left < end + look.px(4) and begin - look.px(4) < left + wide for begin, end in taken
            ):
                continue
            taken.append((left, left + wide))
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(
                QRectF(left, bar + tick, wide + 1, metrics.height()),
                Qt.AlignmentFlag.AlignVCenter,
                words,
            )
