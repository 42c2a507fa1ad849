"""The end of a month: profit and standing, why the shop was lost, the chart, every decision."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop.card_view import Render
from trainer.desktop.controls import Button, Card, Divider, Picture
from trainer.desktop.days import day_in_words
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import row, stack
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.rules_to_read import RulesToRead
from trainer.desktop.shop_chart import ChartCard, ChartDay, ShopChart
from trainer.desktop.shop_desk import gauge_words, health_card
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.penalties.shop.simulation import INSOLVENT
from trainer.penalties.shop.state import DayFigures
from trainer.presenters.amounts import amount
from trainer.presenters.shop_sheets import MonthEndSheet
from trainer.services.shop import Decided, Told

_GRADE_ICONS = ("trophy", "circle-check", "triangle-alert", "ban")


class ShopEnd(SteadyPage):
    """`rule_wanted` carries a rule's id."""

    rule_wanted = Signal(str)
    save_wanted = Signal()

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._look, self._messages, self._render = look, messages, render
        self.chart: ShopChart | None = None
        self._body = QWidget()
        self.column.addWidget(self._body)
        self.column.addStretch(1)

    def show_sheet(self, sheet: MonthEndSheet) -> None:
        look, messages = self._look, self._messages
        chinese = sheet.language == "zh"
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        column.addWidget(self._summary(sheet))
        if sheet.chain:
            self._heading(column, messages("shop.why"))
            column.addWidget(self._chain(sheet, chinese=chinese))
        self._heading(column, messages("shop.chart"))
        column.addWidget(self._chart(sheet))
        if sheet.debrief.decisions:
            self._heading(column, messages("shop.decisions"))
            column.addWidget(self._decisions(sheet, chinese=chinese))
        if sheet.debrief.by_itself:
            self._heading(column, messages("shop.by-itself"))
            column.addWidget(self._lines(sheet, sheet.debrief.by_itself, chinese=chinese))
        self._heading(column, messages("shop.health-end"))
        column.addWidget(health_card(look, messages, sheet.health, chinese=chinese))
        for code, rules in (("shop.rules", sheet.rules), ("shop.rules-met", sheet.met)):
            if rules:
                self._heading(column, messages(code))
                card = RulesToRead(look, messages, rules)
                card.rule_wanted.connect(self.rule_wanted)
                column.addWidget(card)
        self.column.replaceWidget(old, self._body)
        self._body.show()  # else Qt shows it some time later, and nothing has its place yet
        old.hide()
        old.deleteLater()
        self.verticalScrollBar().setValue(0)

    def _summary(self, sheet: MonthEndSheet) -> Card:
        look, messages = self._look, self._messages
        result = sheet.debrief.result
        card = Card(look, padding=24)
        card.body.setSpacing(look.px(8))
        colours = look.colours
        colour = (colours.good, colours.good, colours.warning, colours.danger)[result.grade]
        line = row(look, gap=12)
        icon = _GRADE_ICONS[result.grade]
        line.addWidget(Picture(look, icon, size=28, colour=colour))
        title = messages(f"shop.grade.{result.grade}")
        line.addWidget(Text(look, title, "question", bold=True, fill=True), 1)
        card.body.addLayout(line)
        card.body.addWidget(Text(look, self._closing_words(sheet), "body", fill=True))
        profit = f"{result.profit / 100:+,.0f} USD".replace("-", "\N{MINUS SIGN}")
        figures = messages(
            "shop.end.figures",
            profit=profit,
            days=result.days,
            right=result.right,
            wrong=result.wrong,
            passed=result.passed,
        )
        card.body.addWidget(Text(look, figures, "control", bold=True, tabular=True, fill=True))
        if sheet.debrief.soon:
            soon = row(look, gap=8)
            soon.addWidget(Picture(look, "history", size=20, colour=colours.accent))
            words = messages.count("cases.soon", len(sheet.debrief.soon))
            soon.addWidget(Text(look, words, "control", fill=True), 1)
            card.body.addLayout(soon)
        line = row(look, gap=12)
        line.addWidget(
            Text(
                look,
                messages("shop.end.code", code=sheet.code),
                "small",
                tone="ink_soft",
                fill=True,
            ),
            1,
        )
        save = Button(look, messages("shop.save-result"), icon="save", shows_key="S")
        save.clicked.connect(self.save_wanted)
        line.addWidget(save)
        card.body.addLayout(line)
        card.setAccessibleName(f"{title}. {figures}")
        return card

    def _closing_words(self, sheet: MonthEndSheet) -> str:
        messages, told = self._messages, sheet.debrief
        if not told.closed_on:
            return messages(f"shop.end.grade.{told.result.grade}")
        if told.closed_by == INSOLVENT:
            return messages("shop.end.insolvent", day=told.closed_on)
        if sheet.chain:
            last = sheet.chain[-1]
            closing = next((step.title for step in last.steps if step.kind == "closed"), "")
            return messages(
                "shop.end.closed",
                day=told.closed_on,
                title=last.row.title,
                consequence=plain_words(closing or last.row.remarks, 300),
            )
        for reading in sheet.health.readings:
            if reading.metric.metric_id == told.closed_by:
                return messages("shop.end.metric", day=told.closed_on, title=reading.metric.title)
        return messages("shop.end.closed-plain", day=told.closed_on)

    def _chain(self, sheet: MonthEndSheet, *, chinese: bool) -> Card:
        return self._lines(sheet, sheet.chain, chinese=chinese)

    def _lines(self, sheet: MonthEndSheet, told: Sequence[Told], *, chinese: bool) -> Card:
        """What stands on the record: day, row, points, the total, where it came from."""
        look = self._look
        card = Card(look, padding=16)
        card.body.setSpacing(look.px(8))
        for number, one in enumerate(told):
            if number:
                card.body.addWidget(Divider(look))
            card.body.addWidget(self._told(sheet, one, chinese=chinese))
        return card

    def _told(self, sheet: MonthEndSheet, one: Told, *, chinese: bool) -> QWidget:
        look, messages = self._look, self._messages
        holder = QWidget()
        line = row(look, gap=12)
        holder.setLayout(line)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(Picture(look, "gavel", colour=look.colours.danger), 0, top)
        words = stack(look, gap=0)
        said = [one.row.title]
        words.addWidget(Text(look, one.row.title, "control", bold=True, fill=True, chinese=chinese))
        origin = self._origin(sheet, one)
        details = [messages("shop.told.from", day=self._day(sheet, one.day), origin=origin)]
        if one.track and one.points:
            details.append(
                messages(
                    "shop.told.total",
                    track=one.track,
                    total=amount(messages, one.total, one.unit),
                )
            )
        for each in details:
            said.append(each)
            words.addWidget(Text(look, each, "small", tone="ink_soft", fill=True))
        for step in one.steps:
            if step.kind in {"reached", "closed"} or (step.kind == "begins" and not one.track):
                text = plain_words(step.title, 300)
                if text not in said:
                    said.append(text)
                    words.addWidget(
                        Text(
                            look,
                            text,
                            "control",
                            tone="danger",
                            bold=True,
                            fill=True,
                            chinese=chinese,
                        )
                    )
        line.addLayout(words, 1)
        cost = self._cost(one)
        if cost:
            line.addWidget(
                Text(look, cost, "control", tone="danger", bold=True, tabular=True, wrap=False),
                0,
                top,
            )
        holder.setAccessibleName(". ".join((*said, cost)))
        return holder

    def _cost(self, one: Told) -> str:
        if one.points:
            words = amount(self._messages, one.points, one.unit)
            return self._messages("cases.cost", amount=words)
        return f"\N{MINUS SIGN}{one.cents / 100:,.0f} USD" if one.cents else ""

    def _origin(self, sheet: MonthEndSheet, one: Told) -> str:
        messages = self._messages
        if one.cause.trigger:
            return messages(f"shop.trigger.{one.cause.trigger}")
        for decided in sheet.debrief.decisions:
            if one in decided.told:
                day = self._day(sheet, decided.day)
                choice = plain_words(decided.text, 200)
                code = "shop.told.decided" if decided.choice_id else "shop.told.passed"
                return messages(code, day=day, title=decided.event.title, choice=choice)
        return ""

    def _chart(self, sheet: MonthEndSheet) -> Card:
        look, messages = self._look, self._messages
        by_day: dict[int, list[Decided]] = {}
        for one in sheet.debrief.decisions:
            by_day.setdefault(one.day, []).append(one)
        days = []
        for figures in sheet.figures:
            points = sum((Fraction(one) for one in figures.points.values()), Fraction(0))
            decided = by_day.get(figures.day, [])
            days.append(
                ChartDay(
                    figures.day,
                    figures.profit,
                    points,
                    sum(one.right for one in decided),
                    sum(not one.right for one in decided),
                    self._day_words(sheet, figures, points, decided),
                    any(one.broken for one in figures.gauges),
                )
            )
        sentence = messages(
            "shop.chart.says",
            profit=f"{sheet.debrief.result.profit / 100:+,.0f} USD".replace("-", "\N{MINUS SIGN}"),
            number=len(sheet.debrief.decisions),
        )
        self.chart = ShopChart(look, messages, days, sheet.setup.days)
        return ChartCard(look, self.chart, sentence)

    def _day_words(
        self,
        sheet: MonthEndSheet,
        figures: DayFigures,
        points: Fraction,
        decided: Sequence[Decided],
    ) -> str:
        messages = self._messages
        parts = [
            messages(
                "shop.chart.day",
                day=self._day(sheet, figures.day),
                profit=f"{figures.profit / 100:+,.0f} USD".replace("-", "\N{MINUS SIGN}"),
                points=f"{float(points):g}",
            )
        ]
        parts += gauge_words(figures, sheet.health.readings)
        for one in decided:
            word = messages("cases.mark.good" if one.right else "cases.mark.costly")
            parts.append(f"{one.event.title}: {plain_words(one.text, 120)} ({word})")
        return "  ·  ".join(parts)

    def _decisions(self, sheet: MonthEndSheet, *, chinese: bool) -> Card:
        look = self._look
        card = Card(look, padding=16)
        card.body.setSpacing(look.px(8))
        for number, decided in enumerate(sheet.debrief.decisions):
            if number:
                card.body.addWidget(Divider(look))
            card.body.addWidget(self._decision(sheet, decided, chinese=chinese))
        return card

    def _decision(self, sheet: MonthEndSheet, decided: Decided, *, chinese: bool) -> QWidget:
        look, messages = self._look, self._messages
        holder = QWidget()
        line = row(look, gap=12)
        holder.setLayout(line)
        top = Qt.AlignmentFlag.AlignTop
        icon = "circle-check" if decided.right else "circle-x"
        colour = look.colours.good if decided.right else look.colours.warning
        line.addWidget(Picture(look, icon, colour=colour), 0, top)
        words = stack(look, gap=0)
        head = f"{self._day(sheet, decided.day)} · {self._filled(sheet, decided.event.title)}"
        choice = plain_words(self._filled(sheet, decided.text), 400)
        if not decided.choice_id:
            choice = messages("shop.passed", text=choice)
        reason = plain_words(self._filled(sheet, decided.reason), 600)
        words.addWidget(Text(look, head, "small", tone="ink_soft", fill=True, chinese=chinese))
        words.addWidget(Text(look, choice, "control", fill=True, chinese=chinese))
        if reason:
            words.addWidget(
                Text(look, reason, "small", tone="ink_soft", fill=True, chinese=chinese)
            )
        line.addLayout(words, 1)
        ends = stack(look, gap=0)
        costs = [cost for one in decided.told if (cost := self._cost(one))]
        for cost in costs:
            said = Text(look, cost, "small", tone="danger", bold=True, tabular=True, wrap=False)
            ends.addWidget(said, 0, Qt.AlignmentFlag.AlignRight)
        ends.addStretch(1)
        line.addLayout(ends)
        word = messages("cases.mark.good" if decided.right else "cases.mark.costly")
        holder.setAccessibleName(", ".join((head, choice, word, reason, *costs)))
        return holder

    def _filled(self, sheet: MonthEndSheet, text: str) -> str:
        return (
            text.replace("{product}", sheet.product)
            .replace("{platform}", sheet.platform)
            .replace("{count}", "1")
        )

    def _day(self, sheet: MonthEndSheet, day: int) -> str:
        return day_in_words(self._look, sheet.first_day + timedelta(days=day - 1))

    def _heading(self, column: QVBoxLayout, text: str) -> None:
        column.addSpacing(self._look.px(8))
        column.addWidget(Text(self._look, text, "lead", bold=True))
