"""A step of a case: the account, what happens, the decisions, and what the one taken cost."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.account_meter import AccountMeter, RateMeter
from trainer.desktop.answers.answer import LETTERS, line_of_key, neighbour
from trainer.desktop.answers.row import Row, RowText
from trainer.desktop.card_view import CardView, Render, polished
from trainer.desktop.controls import Card, Picture
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import Flow, row, stack
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.penalties.account import Entry, Restriction
from trainer.penalties.rulebook import Fine
from trainer.presenters.amounts import amount
from trainer.presenters.cases import AccountSheet, Blow, Line, StepSheet, worked_out
from trainer.presenters.penalty_words import bill_words, measure_name, money, restriction_words


class CasesPlay(SteadyPage):
    """`chosen` carries the place of a decision, from 0."""

    chosen = Signal(int)

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._look, self._messages, self._render = look, messages, render
        self.rows: list[Row] = []
        self.blows: list[BlowPanel] = []
        self._body = QWidget()
        self.column.addWidget(self._body)
        self.column.addStretch(1)

    def show_step(self, sheet: StepSheet) -> None:
        look = self._look
        chinese = sheet.language == "zh"
        self._render.stand_in(sheet.scenario_id)
        top = self.verticalScrollBar().value() if sheet.decided else 0
        self.rows, self.blows = [], []
        old, self._body = self._body, QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        account = account_card(look, self._messages, sheet.account, chinese=chinese)
        if account is not None:
            column.addWidget(account)
        column.addWidget(self._made_story(sheet, chinese=chinese))
        for place, line in enumerate(sheet.lines):
            made = self._made_row(place, line, chinese=chinese)
            column.addWidget(made)
            if line.taken:
                for blow in sheet.blows:
                    panel = BlowPanel(look, self._messages, blow, chinese=chinese)
                    self.blows.append(panel)
                    column.addWidget(panel)
        self.column.replaceWidget(old, self._body)
        self._body.show()  # else Qt shows it some time later, and nothing has its place yet
        old.hide()
        old.deleteLater()
        self.verticalScrollBar().setValue(top)
        if sheet.decided:
            self._announce()

    def show_taken(self) -> None:
        """Scroll to the decision that was taken and what it cost."""
        taken = next((r for r in self.rows if r.content.mark in {"right", "wrong"}), None)
        for part in (*self.blows[-1:], taken):
            if part is not None:
                self.show_widget(part)

    def take_focus(self) -> None:
        if self.rows:
            self.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        event.ignore()  # arrows are the screen's: the page would scroll

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether `event` chose a decision or went to one."""
        place = line_of_key(event, len(self.rows))
        if place is None and event.key() in keys.ENTERS:
            place = next((at for at, each in enumerate(self.rows) if each.hasFocus()), None)
        if place is not None:
            self.chosen.emit(place)
            return True
        if event.key() in {keys.UP, keys.DOWN}:
            beside = neighbour(self.rows, 1 if event.key() == keys.DOWN else -1)
            if beside is not None:
                beside.setFocus(Qt.FocusReason.TabFocusReason)
                self.show_widget(beside)
            return True
        return False

    def _made_story(self, sheet: StepSheet, *, chinese: bool) -> Card:
        look = self._look
        card = Card(look, padding=20)
        card.body.setSpacing(look.px(8))
        title = Text(look, sheet.title, "lead", bold=True, chinese=chinese)
        card.body.addWidget(title)
        for text in (sheet.case_text, sheet.text):
            if text:
                words = CardView(look, self._render, card)
                words.show_markdown(text, chinese=chinese)
                card.body.addWidget(words)
        return card

    def _made_row(self, place: int, line: Line, *, chinese: bool) -> Row:
        choice = line.choice
        made = Row(self._look, "", self._body)
        made.show_text(
            RowText(
                polished(self._render(choice.text)),
                plain_words(choice.text),
                chinese,
                caps=LETTERS[place],
                note=polished(self._render(choice.reason)) if line.mark else "",
                mark=line.mark,
                word=self._messages(line.word) if line.word else "",
            )
        )
        if line.mark and choice.reason:
            made.setAccessibleDescription(plain_words(choice.reason, 1000))
        made.clicked.connect(lambda: self.chosen.emit(place))
        self.rows.append(made)
        return made

    def _announce(self) -> None:
        taken = next((each for each in self.rows if each.content.mark in {"right", "wrong"}), None)
        if taken is None:
            return
        parts = [taken.content.word, taken.accessibleDescription()]
        parts += [blow.accessibleName() for blow in self.blows]
        words = " ".join(part for part in parts if part)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(taken, words))


class BlowPanel(Card):
    """What a decision did to the account: what, how much, which lines were crossed."""

    def __init__(self, look: Look, messages: Messages, blow: Blow, *, chinese: bool) -> None:
        colours = look.colours
        super().__init__(look, padding=12, ground=colours.danger_soft, outline=colours.danger)
        self.body.setSpacing(look.px(4))
        cost = cost_words(messages, blow)
        said = [messages("cases.fined", title=blow.title, amount=cost) if cost else blow.title]
        if blow.reason in {"merged", "capped", "not-in-force"}:
            said.append(messages(f"cases.note.{blow.reason}"))
        if blow.track:
            after = amount(messages, blow.after, blow.unit)
            before = amount(messages, blow.before, blow.unit)
            said.append(messages("cases.fell", track=blow.track, before=before, after=after))
        if blow.remarks and blow.reason != "not-in-force":
            remarks = plain_words(blow.remarks, 400)
            said.append(remarks[:1].upper() + remarks[1:])
        crossed = [
            messages(
                "cases.reached",
                amount=amount(messages, threshold.at, blow.unit),
                consequence=plain_words(threshold.consequence, 400),
            )
            for threshold in blow.crossed
        ]
        crossed += [
            restriction_words(messages, one)
            for one in blow.begun
            if one.measure.lasting and (one.until is not None or not blow.crossed)
        ]
        line = row(look, gap=12)
        mark = Picture(look, "gavel", colour=colours.danger)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = stack(look, gap=0)
        words.addWidget(
            Text(look, said[0], "control", tone="danger", bold=True, fill=True, chinese=chinese)
        )
        for each in said[1:]:
            words.addWidget(Text(look, each, "control", fill=True, chinese=chinese))
        for each in crossed:
            words.addWidget(
                Text(look, each, "control", tone="danger", bold=True, fill=True, chinese=chinese)
            )
        line.addLayout(words, 1)
        self.body.addLayout(line)
        self.setAccessibleName(". ".join((*said, *crossed)))


def account_card(
    look: Look, messages: Messages, account: AccountSheet, *, chinese: bool
) -> Card | None:
    """The account's health; None when there is nothing to say of it."""
    if account.empty:
        return None
    card = Card(look, padding=16)
    card.body.setSpacing(look.px(8))
    card.setAccessibleName(messages("cases.account"))
    figures = [*_day_and_money(messages, account)]
    if figures:
        line = row(look, gap=24)
        for words in figures:
            line.addWidget(Text(look, words, "control", bold=True, tabular=True, wrap=False))
        line.addStretch(1)
        card.body.addLayout(line)
    meters: list[QWidget] = [
        AccountMeter(look, messages, meter, chinese=chinese) for meter in account.meters
    ]
    meters += [RateMeter(look, messages, one, chinese=chinese) for one in account.readings]
    if meters:
        grid = Flow(gap=look.px(24), cell=look.px(320), columns=min(len(meters), 2))
        for meter in meters:
            grid.addWidget(meter)
        card.body.addLayout(grid)
    for one in account.in_force:
        _add_line(card, look, "lock", _in_force(messages, account, one), chinese=chinese)
    for entry in account.fined:
        told = fine_words(entry)
        title = entry.row.title
        words = messages("cases.fined", title=title, amount=told) if told else title
        _add_line(card, look, "gavel", words, chinese=chinese)
    return card


def _in_force(messages: Messages, account: AccountSheet, one: Restriction) -> str:
    """A measure with its end: as a day of the story where days are counted."""
    if not account.day or account.began is None or one.until is None:
        return restriction_words(messages, one)
    number = (one.until - account.began).days + 1
    return messages("cases.until-day", measure=measure_name(messages, one.measure), number=number)


def _add_line(card: Card, look: Look, icon: str, words: str, *, chinese: bool) -> None:
    line = row(look, gap=8)
    line.addWidget(Picture(look, icon, size=16, colour=look.colours.danger))
    line.addWidget(Text(look, words, "small", fill=True, chinese=chinese), 1)
    card.body.addLayout(line)


def _day_and_money(messages: Messages, account: AccountSheet) -> Iterator[str]:
    if account.day:
        yield messages("cases.day", number=account.day)
    if account.money is not None:
        yield messages("cases.money", sum=f"{money(account.money)} {account.currency}".strip())
        if account.spent > 0:
            yield f"\N{MINUS SIGN}{money(account.spent)}"
        elif account.spent < 0:
            yield f"+{money(-account.spent)}"


def fine_words(entry: Entry) -> str:
    """What a fine came to, or what the table says of it."""
    if not isinstance(entry.row, Fine) or entry.reason == "not-in-force":
        return ""
    bill = worked_out(entry.row, entry.bill)
    return entry.row.amount if bill is None else bill_words(bill)


def cost_words(messages: Messages, blow: Blow) -> str:
    """What a breach cost: "6 points", "512 USD", or what the table says instead of a number."""
    if blow.reason == "not-in-force":
        return ""
    if blow.bill is not None:
        return bill_words(blow.bill)
    if blow.track:
        return amount(messages, blow.points, blow.unit)
    return blow.amount


def costs(messages: Messages, blows: Sequence[Blow]) -> Sequence[str]:
    """What a decision cost, as short as can be: "+6 points"."""
    told = [(blow, cost_words(messages, blow)) for blow in blows]
    return [
        messages("cases.lost" if blow.falls else "cases.cost", amount=words)
        if blow.points
        else words
        for blow, words in told
        if words
    ]
