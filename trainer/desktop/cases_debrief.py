"""The end of a case: how it ended, the road that led there, and what to read and study now."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop.card_view import CardView, Render
from trainer.desktop.cases_map import CaseMapCard
from trainer.desktop.cases_play import account_card, costs
from trainer.desktop.controls import Card, Divider, Picture
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import row, stack
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.rules_to_read import RulesToRead
from trainer.desktop.text import Text, Tone
from trainer.desktop.theme import token
from trainer.foundation.messages import Messages
from trainer.presenters.cases import EndSheet, Milestone


class CasesDebrief(SteadyPage):
    """Made anew for every end. `rule_wanted` carries a rule's id."""

    rule_wanted = Signal(str)
    again_from = Signal(int)  # the number of a decision on the road

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._look, self._messages, self._render = look, messages, render
        self.map: CaseMapCard | None = None
        self._body = QWidget()
        self.column.addWidget(self._body)
        self.column.addStretch(1)

    def show_end(self, sheet: EndSheet) -> None:
        look, messages = self._look, self._messages
        chinese = sheet.language == "zh"
        self._render.stand_in(sheet.scenario_id)
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        column.addWidget(self._made_end(sheet, chinese=chinese))
        account = account_card(look, messages, sheet.account, chinese=chinese)
        if account is not None:
            column.addWidget(account)
        if sheet.road:
            self._heading(column, messages("cases.road"))
            column.addWidget(self._made_road(sheet, chinese=chinese))
        if sheet.road:
            self._heading(column, messages("cases.map"))
            self.map = CaseMapCard(look, messages, sheet.map, chinese=chinese)
            self.map.again.connect(self.again_from)
            self.map.shown.connect(self.show_widget)
            column.addWidget(self.map)
        for heading, found in (("cases.rules", sheet.rules), ("cases.rules-met", sheet.met)):
            if found:
                self._heading(column, messages(heading))
                rules = RulesToRead(self._look, self._messages, found)
                rules.rule_wanted.connect(self.rule_wanted)
                column.addWidget(rules)
        self.column.replaceWidget(old, self._body)
        self._body.show()  # else Qt shows it some time later, and nothing has its place yet
        old.hide()
        old.deleteLater()
        self.verticalScrollBar().setValue(0)

    def told(self, right: int, wrong: int) -> str:
        """ "2 good decisions, 1 costly one." """
        count = self._messages.count
        if not wrong:
            return count("cases.told.all-good", right)
        if not right:
            return count("cases.told.all-costly", wrong)
        return self._messages(
            "cases.told",
            good=count("cases.told.good", right),
            costly=count("cases.told.costly", wrong),
        )

    def _made_end(self, sheet: EndSheet, *, chinese: bool) -> Card:
        look = self._look
        card = Card(look, padding=24)
        card.body.setSpacing(look.px(8))
        card.body.addWidget(Text(look, sheet.title, "question", bold=True, chinese=chinese))
        words = CardView(look, self._render, card)
        words.show_markdown(sheet.text, chinese=chinese)
        card.body.addWidget(words)
        line = row(look, gap=8)
        icon, colour = "circle-check", look.colours.good
        if sheet.wrong:
            icon, colour = "circle-dot", look.colours.warning
        line.addWidget(Picture(look, icon, size=20, colour=colour))
        told = self.told(sheet.right, sheet.wrong)
        line.addWidget(Text(look, told, "control", bold=True, wrap=False))
        line.addStretch(1)
        card.body.addLayout(line)
        if sheet.soon:
            soon = row(look, gap=8)
            soon.addWidget(Picture(look, "history", size=20, colour=look.colours.accent))
            told_soon = self._messages.count("cases.soon", sheet.soon)
            soon.addWidget(Text(look, told_soon, "control", fill=True), 1)
            card.body.addLayout(soon)
        return card

    def _made_road(self, sheet: EndSheet, *, chinese: bool) -> Card:
        card = Card(self._look, padding=16)
        card.body.setSpacing(self._look.px(8))
        for number, milestone in enumerate(sheet.road, start=1):
            if number > 1:
                card.body.addWidget(Divider(self._look))
            card.body.addWidget(self._made_milestone(number, milestone, chinese=chinese))
        return card

    def _made_milestone(self, number: int, milestone: Milestone, *, chinese: bool) -> QWidget:
        look, messages = self._look, self._messages
        holder = QWidget()
        line = row(look, gap=12)
        holder.setLayout(line)
        top = Qt.AlignmentFlag.AlignTop
        tone: Tone = "good" if milestone.right else "warning"
        icon = "circle-check" if milestone.right else "circle-x"
        word = messages("cases.mark.good" if milestone.right else "cases.mark.costly")
        line.addWidget(Picture(look, icon, colour=token(look.colours, tone)), 0, top)
        words = stack(look, gap=0)
        step = f"{number}. {milestone.step}"
        choice = plain_words(milestone.choice, 400)
        words.addWidget(Text(look, step, "small", tone="ink_soft", fill=True, chinese=chinese))
        words.addWidget(Text(look, choice, "control", fill=True, chinese=chinese))
        line.addLayout(words, 1)
        ends = stack(look, gap=0)
        said = Text(look, word, "small", tone=tone, wrap=False)
        ends.addWidget(said, 0, Qt.AlignmentFlag.AlignRight)
        paid = costs(messages, milestone.blows)
        for each in paid:
            cost = Text(look, each, "small", tone="danger", bold=True, tabular=True, wrap=False)
            ends.addWidget(cost, 0, Qt.AlignmentFlag.AlignRight)
        ends.addStretch(1)
        line.addLayout(ends)
        holder.setAccessibleName(", ".join((step, choice, word, *paid)))
        return holder

    def _heading(self, column: QVBoxLayout, text: str) -> None:
        column.addSpacing(self._look.px(8))
        column.addWidget(Text(self._look, text, "lead", bold=True))
