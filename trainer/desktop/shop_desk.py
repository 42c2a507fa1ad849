"""A day at the shop's desk: what the night brought, figures, matters, the account."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop.account_meter import AccountMeter, RateMeter
from trainer.desktop.controls import Card, Picture, Tile
from trainer.desktop.days import day_in_words
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import Flow, row, stack
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.shop_chart import ChartCard, ChartDay, ShopChart
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.penalties.readings import Reading
from trainer.penalties.shop.state import DayFigures
from trainer.presenters.amounts import figure
from trainer.presenters.penalty_words import restriction_words
from trainer.presenters.shop_sheets import DeskSheet, HealthSheet, MatterLine, NightLine

SENDER_ICONS = {
    "buyer": "message-circle-question-mark",
    "supplier": "layers",
    "platform": "gavel",
    "carrier": "route",
    "competitor": "scale",
    "bank": "lock",
    "team": "user-round-plus",
}


class ShopDesk(SteadyPage):
    """`matter_pressed` carries a place in the list, from 0."""

    matter_pressed = Signal(int)

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._look, self._messages = look, messages
        self.tiles: list[Tile] = []
        self._body = QWidget()
        self.column.addWidget(self._body)
        self.column.addStretch(1)

    def show_sheet(self, sheet: DeskSheet) -> None:
        look = self._look
        self.tiles = []
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        if sheet.night:
            column.addWidget(self._night(sheet.night))
        column.addWidget(self._figures(sheet))
        self._add_matters(column, sheet)
        column.addSpacing(look.px(8))
        column.addWidget(Text(look, self._messages("shop.health"), "lead", bold=True))
        column.addWidget(
            health_card(look, self._messages, sheet.health, chinese=sheet.language == "zh")
        )
        if len(sheet.past) > 1:
            column.addSpacing(look.px(8))
            column.addWidget(Text(look, self._messages("shop.chart"), "lead", bold=True))
            column.addWidget(self._timeline(sheet))
        self.column.replaceWidget(old, self._body)
        self._body.show()  # else Qt shows it some time later, and nothing has its place yet
        old.hide()
        old.deleteLater()
        self.verticalScrollBar().setValue(0)

    def take_focus(self) -> bool:
        if self.tiles:
            self.tiles[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return bool(self.tiles)

    def _timeline(self, sheet: DeskSheet) -> Card:
        """The days so far. Whether a decision was right is not told before the end."""
        look, messages = self._look, self._messages
        days = []
        for past in sheet.past:
            figures = past.figures
            points = sum((Fraction(one) for one in figures.points.values()), Fraction(0))
            day = sheet.first_day + timedelta(days=figures.day - 1)
            words = messages(
                "shop.chart.day",
                day=day_in_words(look, day),
                profit=f"{figures.profit / 100:+,.0f} USD".replace("-", "\N{MINUS SIGN}"),
                points=f"{float(points):g}",
            )
            rates = gauge_words(figures, sheet.health.readings)
            said = " · ".join((words, *rates, *past.decided))
            broken = any(one.broken for one in figures.gauges)
            days.append(
                ChartDay(figures.day, figures.profit, points, len(past.decided), 0, said, broken)
            )
        return ChartCard(look, ShopChart(look, messages, days, sheet.setup.days, judged=False))

    def _night(self, lines: tuple[NightLine, ...]) -> Card:
        look, messages = self._look, self._messages
        card = Card(look, padding=16)
        card.body.setSpacing(look.px(4))
        card.body.addWidget(Text(look, messages("shop.night"), "small", tone="ink_soft", bold=True))
        said = []
        for one in lines:
            words = plain_words(night_words(messages, one), 400)
            said.append(words)
            line = row(look, gap=8)
            colour = look.colours.danger if one.grave else look.colours.ink_soft
            icon = "triangle-alert" if one.grave else "check"
            line.addWidget(
                Picture(look, icon, size=16, colour=colour), 0, Qt.AlignmentFlag.AlignTop
            )
            line.addWidget(Text(look, words, "control", fill=True), 1)
            card.body.addLayout(line)
        card.setAccessibleName(f"{messages('shop.night')}: {' '.join(said)}")
        return card

    def _figures(self, sheet: DeskSheet) -> Card:
        look, messages = self._look, self._messages
        card = Card(look, padding=16)
        grid = Flow(gap=look.px(12), cell=look.px(150), columns=5)
        said = []
        for code, value, below in self._figure_words(sheet):
            holder = QWidget()
            lines = stack(look, gap=0)
            holder.setLayout(lines)
            lines.addWidget(Text(look, messages(code), "small", tone="ink_soft", wrap=False))
            lines.addWidget(Text(look, value, "lead", bold=True, tabular=True, wrap=False))
            lines.addWidget(Text(look, below, "small", tone="ink_soft", tabular=True, fill=True))
            lines.addStretch(1)
            said.append(f"{messages(code)}: {value}, {below}")
            holder.setAccessibleName(said[-1])
            grid.addWidget(holder)
        card.body.addLayout(grid)
        card.setAccessibleName(". ".join(said))
        return card

    def _figure_words(self, sheet: DeskSheet) -> list[tuple[str, str, str]]:
        messages = self._messages
        packing = messages("shop.figure.packing", packable=sheet.packable, waiting=sheet.waiting)
        coming = (
            messages("shop.figure.coming", number=sheet.coming)
            if sheet.coming
            else messages("shop.figure.none-coming")
        )
        profit = f"{sheet.profit / 100:+,.0f} USD".replace("-", "\N{MINUS SIGN}")
        return [
            ("shop.figure.time", hours(messages, sheet.minutes), self._turn(sheet)),
            ("shop.figure.orders", str(sheet.waiting), packing),
            ("shop.figure.stock", f"{sheet.stock:,}", coming),
            (
                "shop.figure.cash",
                f"{sheet.cash / 100:,.0f} USD",
                messages("shop.figure.profit", profit=profit),
            ),
            (
                "shop.figure.way",
                messages("shop.figure.price", share=f"{(sheet.price - 1000) / 10:+.0f}")
                if sheet.price != 1000
                else messages("shop.figure.usual-price"),
                sheet.way,
            ),
        ]

    def _turn(self, sheet: DeskSheet) -> str:
        if sheet.turn is None:
            return self._messages("shop.figure.today")
        return self._messages(f"shop.role.{sheet.turn}")

    def _add_matters(self, column: QVBoxLayout, sheet: DeskSheet) -> None:
        look, messages = self._look, self._messages
        column.addSpacing(look.px(8))
        mine = [one for one in sheet.matters if one.mine]
        others = [one for one in sheet.matters if not one.mine]
        words = messages.count("shop.matters", len(mine))
        if sheet.turn is not None:
            role = messages(f"shop.role.{sheet.turn}")
            words = messages.count("shop.matters-of", len(mine), role=role)
        column.addWidget(Text(look, words, "lead", bold=True))
        if not mine:
            code = "shop.no-matters" if sheet.turn is None else "shop.no-matters-of"
            column.addWidget(Text(look, messages(code), "body", tone="ink_soft", fill=True))
        for place, matter in enumerate(mine):
            tile = self._tile(place, matter)
            self.tiles.append(tile)
            column.addWidget(tile)
        if others:
            column.addWidget(
                Text(look, messages("shop.others"), "small", tone="ink_soft", bold=True)
            )
        for matter in others:
            told = f"{matter.title} · {self._detail(matter)}"
            column.addWidget(Text(look, told, "small", tone="ink_soft", fill=True))

    def _detail(self, matter: MatterLine) -> str:
        messages = self._messages
        due = (
            messages("shop.due-today")
            if matter.days_left <= 0
            else messages.count("shop.due-in", matter.days_left)
        )
        return messages(
            "shop.matter-detail",
            sender=messages(f"shop.sender.{matter.sender}"),
            role=messages(f"shop.role.{matter.role}"),
            due=due,
        )

    def _tile(self, place: int, matter: MatterLine) -> Tile:
        tile = Tile(
            self._look,
            matter.title,
            self._detail(matter),
            icon=SENDER_ICONS[matter.sender],
            colour=self._look.colours.warning if matter.days_left <= 0 else "",
            key="" if place > 8 else str(place + 1),
        )
        tile.clicked.connect(lambda _on=False, place=place: self.matter_pressed.emit(place))
        return tile


def health_card(look: Look, messages: Messages, sheet: HealthSheet, *, chinese: bool) -> Card:
    """The account's records and metrics, with the next threshold of each named."""
    card = Card(look, padding=16)
    card.body.setSpacing(look.px(8))
    card.setAccessibleName(messages("shop.health"))
    meters: list[QWidget] = [
        AccountMeter(look, messages, meter, chinese=chinese) for meter in sheet.meters
    ]
    meters += [RateMeter(look, messages, one, chinese=chinese) for one in sheet.readings]
    if meters:
        grid = Flow(gap=look.px(24), cell=look.px(320), columns=2)
        for meter in meters:
            grid.addWidget(meter)
        card.body.addLayout(grid)
    else:
        card.body.addWidget(
            Text(look, messages("shop.no-records"), "control", tone="ink_soft", fill=True)
        )
    for one in sheet.in_force:
        line = row(look, gap=8)
        line.addWidget(Picture(look, "lock", size=16, colour=look.colours.danger))
        words = restriction_words(messages, one)
        line.addWidget(Text(look, words, "control", tone="danger", bold=True, fill=True), 1)
        card.body.addLayout(line)
    return card


def gauge_words(figures: DayFigures, readings: Sequence[Reading]) -> list[str]:
    """The metrics of a day: "72-hour online rate 88 %"."""
    metrics = {one.metric.metric_id: one.metric for one in readings}
    said = []
    for gauge in figures.gauges:
        metric = metrics.get(gauge.metric_id)
        if metric is not None and gauge.value:
            value = f"{figure(Fraction(gauge.value))} {metric.unit}".strip()
            mark = " (!)" if gauge.broken else ""
            said.append(f"{metric.title} {value}{mark}")
    return said


def night_words(messages: Messages, line: NightLine) -> str:
    if "number" in line.blanks and messages.knows(line.code):
        number = line.blanks["number"]
        return messages.count(line.code, number if isinstance(number, int) else 0)
    return messages(line.code, **line.blanks)


def hours(messages: Messages, minutes: int) -> str:
    """ "3.5 h"."""
    return messages("shop.hours", hours=f"{minutes / 60:.4g}")
