"""What a student sees of the place where the cursor is: the very sheet that Study shows, to be
answered; a rule with its penalty where there is no card; a step of a case."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trainer.cards.response import GaveUp
from trainer.decks.model import Deck, Rule, Scenario
from trainer.desktop import keys
from trainer.desktop.card_view import CardView, Render
from trainer.desktop.controls import Button, Card, icon_button
from trainer.desktop.foot import SteadyPage
from trainer.desktop.look import Look
from trainer.desktop.question_sheet import Notice, QuestionSheet
from trainer.desktop.rule_panel import RulePanel
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet
from trainer.presenters.preview import PreviewPresenter, Shown
from trainer.presenters.study import Asked
from trainer.services.live_check import Under


class PreviewPane(QWidget):
    """Fits the PreviewView protocol. Esc leads back to the text."""

    left = Signal()

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages, self._render = look, messages, render
        # Kept here because a signal does not keep a plain object's method alive.
        self.presenter = PreviewPresenter(self)
        self.setAccessibleName(messages("editor.preview"))
        self._bodies = QStackedWidget(self)
        self._page = SteadyPage(look, self, side=12)
        self.sheet = QuestionSheet(look, messages, render, self._page)
        self.sheet.set_tight(True)
        self.sheet.checked.connect(self.check)
        self.sheet.moved.connect(self._page.show_widget)
        self._page.column.addWidget(self.sheet)
        self._rules = SteadyPage(look, self, side=12)
        self._paper = Card(look, padding=16)
        self._rule = RulePanel(look, messages, render, self._paper)
        self._rule_note = Text(look, messages("editor.preview-rule"), "small", tone="ink_soft")
        self._paper.body.addWidget(self._rule_note)
        self._paper.body.addWidget(self._rule)
        self._rules.column.addWidget(self._paper)
        self._rules.column.addStretch(1)
        self._cases = SteadyPage(look, self, side=12)
        self._case = Card(look, padding=16)
        self._case_title = Text(look, "", "lead", bold=True)
        self._case_text = CardView(look, render, self._case)
        self._case.body.addWidget(self._case_title)
        self._case.body.addWidget(self._case_text)
        self._cases.column.addWidget(self._case)
        self._cases.column.addStretch(1)
        self._nothing = QWidget(self)
        column = QVBoxLayout(self._nothing)
        column.setContentsMargins(*[look.px(24)] * 4)
        self._nothing_note = Notice(look, self._nothing)
        column.addWidget(self._nothing_note)
        column.addStretch(1)
        for page in (self._page, self._rules, self._cases, self._nothing):
            self._bodies.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._made_head())
        layout.addWidget(self._bodies, 1)
        layout.addWidget(self._made_foot())
        self.setMinimumWidth(look.px(240))
        self.show_nothing()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(420), self._look.px(400))

    def show_under(self, under: Under, other: Deck | None) -> None:
        """Show what the cursor is on."""
        self.presenter.show(under, other)

    def take_focus(self) -> None:
        """The keyboard goes to the answer, or to what can be read."""
        if self._bodies.currentWidget() is self._page:
            self.sheet.answers.take_focus()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # What the presenter asks for

    def ask(self, asked: Asked, shown: Shown) -> None:
        with self.sheet.changing():
            self.sheet.ask(asked, None)
        self._bodies.setCurrentWidget(self._page)
        several = shown.of > 1
        self._next.setVisible(several)
        if several:
            self._next.set_text(
                self._messages("editor.preview-next", place=shown.place, number=shown.of)
            )
        self._flip.setEnabled(shown.other_language)
        self._head_tools(visible=True)
        self._check.setVisible(True)
        self._check.set_text(
            self._messages(
                "study.show-answer"
                if self.sheet.answers.answer is not None and asked.kind in {"recall", "term"}
                else "study.check"
            )
        )
        self._again.setVisible(False)
        self._foot.setVisible(True)

    def show_answer(self, asked: Asked, sheet: AnswerSheet) -> None:
        had_focus = self.isAncestorOf(self.window().focusWidget() or self.window())
        with self.sheet.changing():
            self.sheet.show_answer(asked, sheet)
        self._check.setVisible(False)
        self._again.setVisible(True)
        if had_focus:
            self._again.setFocus(Qt.FocusReason.OtherFocusReason)
        self._page.show_widget(self.sheet.verdict)

    def show_rule(self, rule: Rule) -> None:
        self._rule.show_rule(rule)
        self._show_reading(self._rules)

    def show_case(self, scenario: Scenario, step: int) -> None:
        chinese = scenario.language == "zh"
        self._render.stand_in(scenario.scenario_id)
        one = scenario.steps[step] if 0 <= step < len(scenario.steps) else None
        title = f"{scenario.title} · {one.title}" if one else scenario.title
        self._case_title.set_text(title)
        text = one.text if one else scenario.text
        choices = one.choices if one else ()
        lines = [f"- {'✓' if each.right else '✗'} {each.text}" for each in choices]
        self._case_text.show_markdown("\n\n".join([text, "\n".join(lines)]), chinese=chinese)
        self._show_reading(self._cases)

    def show_broken(self) -> None:
        words = self._messages("editor.preview-broken")
        self._nothing_note.show_words("circle-x", "warning", words)
        self._show_reading(self._nothing)

    def show_nothing(self) -> None:
        words = self._messages("editor.preview-nothing")
        self._nothing_note.show_words("info", "ink_soft", words)
        self._show_reading(self._nothing)

    def _show_reading(self, page: QWidget) -> None:
        self._bodies.setCurrentWidget(page)
        self._head_tools(visible=False)
        self._foot.setVisible(False)

    def _head_tools(self, *, visible: bool) -> None:
        self._flip.setVisible(visible)
        self._other_numbers.setVisible(visible)
        if not visible:
            self._next.setVisible(False)

    # Keys

    def check(self) -> None:
        """Check what is entered; with nothing entered, show the answer."""
        if not self.presenter.answered:
            response = self.sheet.answers.response()
            self.presenter.check(GaveUp() if response is None else response)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = event.key()
        if key == keys.ESCAPE:
            self.left.emit()
        elif key in keys.ENTERS or key == keys.SPACE:
            if self.presenter.answered:
                self._ask_again()
            else:
                self.check()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.sheet.set_tight(True)

    def _ask_again(self) -> None:
        self.presenter.again()
        self.sheet.answers.take_focus()

    # Parts

    def _made_head(self) -> QHBoxLayout:
        look, messages = self._look, self._messages
        line = QHBoxLayout()
        line.setContentsMargins(look.px(12), look.px(6), look.px(8), look.px(2))
        line.setSpacing(look.px(4))
        title = Text(look, messages("editor.preview"), "small", tone="ink_soft", bold=True)
        line.addWidget(title, 1)
        self._next = Button(look, "", variant="quiet", icon="chevron-right")
        self._next.setObjectName("preview-next")
        self._next.clicked.connect(self.presenter.next_card)
        self._other_numbers = icon_button(look, "refresh-cw", messages("editor.preview-again"))
        self._other_numbers.setObjectName("preview-again")
        self._other_numbers.clicked.connect(self.presenter.again)
        self._flip = icon_button(look, "languages", messages("editor.preview-flip"))
        self._flip.setObjectName("preview-flip")
        self._flip.clicked.connect(self.presenter.flip)
        for each in (self._next, self._other_numbers, self._flip):
            line.addWidget(each)
        return line

    def _made_foot(self) -> QWidget:
        look, messages = self._look, self._messages
        self._foot = QWidget(self)
        line = QHBoxLayout(self._foot)
        line.setContentsMargins(look.px(12), look.px(4), look.px(12), look.px(8))
        self._check = Button(look, messages("study.check"), shows_key="Return")
        self._check.setObjectName("preview-check")
        self._check.clicked.connect(self.check)
        self._again = Button(look, messages("editor.preview-ask"), shows_key="Return")
        self._again.setObjectName("preview-ask")
        self._again.clicked.connect(self._ask_again)
        line.addWidget(self._check)
        line.addWidget(self._again)
        line.addStretch(1)
        return self._foot
