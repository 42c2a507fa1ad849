"""A matter on the desk, or a move of the day: what it is about, and what can be chosen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.answers.answer import neighbour
from trainer.desktop.answers.row import Row, RowText
from trainer.desktop.card_view import CardView, Render, polished
from trainer.desktop.controls import Card, Picture
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import row
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.shop_desk import SENDER_ICONS, hours
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.presenters.shop_sheets import Option, OptionsSheet


class ShopOptions(SteadyPage):
    """`chosen` carries the place of an option, from 0."""

    chosen = Signal(int)

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._look, self._messages, self._render = look, messages, render
        self.rows: list[Row] = []
        self._body = QWidget()
        self.column.addWidget(self._body)
        self.column.addStretch(1)

    def show_sheet(self, sheet: OptionsSheet) -> None:
        look = self._look
        chinese = sheet.language == "zh"
        self._render.stand_in("shop/events")
        self.rows = []
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        column.addWidget(self._story(sheet, chinese=chinese))
        for place, option in enumerate(sheet.options):
            column.addWidget(self._row(place, option, chinese=chinese))
        self.column.replaceWidget(old, self._body)
        self._body.show()  # else Qt shows it some time later, and nothing has its place yet
        old.hide()
        old.deleteLater()
        self.verticalScrollBar().setValue(0)

    def take_focus(self) -> bool:
        first = next((one for one in self.rows if one.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        return first is not None

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether `event` chose an option or went to one."""
        key = event.key()
        if ord("1") <= key <= ord("9"):
            if key - ord("1") < len(self.rows):
                self.chosen.emit(key - ord("1"))
            return True
        if key in keys.ENTERS:
            place = next((at for at, each in enumerate(self.rows) if each.hasFocus()), None)
            if place is not None:
                self.chosen.emit(place)
            return place is not None
        if key in {keys.UP, keys.DOWN}:
            able = [one for one in self.rows if one.isEnabled()]
            beside = neighbour(able, 1 if key == keys.DOWN else -1)
            if beside is not None:
                beside.setFocus(Qt.FocusReason.TabFocusReason)
                self.show_widget(beside)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        event.ignore()  # arrows are the screen's: the page would scroll

    def _story(self, sheet: OptionsSheet, *, chinese: bool) -> Card:
        look, messages = self._look, self._messages
        card = Card(look, padding=20)
        card.body.setSpacing(look.px(8))
        if sheet.sender is not None and sheet.role is not None:
            line = row(look, gap=8)
            line.addWidget(Picture(look, SENDER_ICONS[sheet.sender], size=16))
            due = (
                messages("shop.due-today")
                if sheet.days_left <= 0
                else messages.count("shop.due-in", sheet.days_left)
            )
            words = messages(
                "shop.matter-detail",
                sender=messages(f"shop.sender.{sheet.sender}"),
                role=messages(f"shop.role.{sheet.role}"),
                due=due,
            )
            line.addWidget(Text(look, words, "small", tone="ink_soft", fill=True), 1)
            card.body.addLayout(line)
        card.body.addWidget(Text(look, sheet.title, "lead", bold=True, chinese=chinese))
        text = CardView(look, self._render, card)
        text.show_markdown(sheet.text, chinese=chinese)
        card.body.addWidget(text)
        left = messages("shop.time-left", hours=hours(messages, sheet.minutes))
        card.body.addWidget(Text(look, left, "small", tone="ink_soft", tabular=True))
        return card

    def _row(self, place: int, option: Option, *, chinese: bool) -> Row:
        made = Row(self._look, "", self._body)
        note = self.cost_words(option)
        if option.why_not:
            note = f"{note} · {self._messages(option.why_not)}"
        made.show_text(
            RowText(
                polished(self._render(option.text)),
                f"{plain_words(option.text, 400)}. {note}",
                chinese,
                caps=str(place + 1),
                note=note,
            )
        )
        made.setEnabled(not option.why_not)
        made.clicked.connect(lambda: self.chosen.emit(place))
        self.rows.append(made)
        return made

    def cost_words(self, option: Option) -> str:
        """ "1.5 h · −40 USD"."""
        parts = [hours(self._messages, option.minutes)]
        if option.cents:
            sign = "+" if option.cents > 0 else "\N{MINUS SIGN}"
            parts.append(f"{sign}{abs(option.cents) / 100:,.2f} USD".replace(".00 ", " "))
        return " · ".join(parts)
