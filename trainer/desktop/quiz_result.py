"""The result of a quiz: a sentence and a figure, where it was weak, what to read again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from trainer.desktop.card_view import CardView, Render
from trainer.desktop.charts import Bar, Bars
from trainer.desktop.controls import Card, Picture
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import row, stack
from trainer.desktop.look import Look
from trainer.desktop.rules_to_read import RulesToRead
from trainer.desktop.text import Text, Tone
from trainer.desktop.theme import token
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import Said, prompt_of
from trainer.presenters.durations import spent
from trainer.presenters.quiz import Mistake, ResultSheet
from trainer.presenters.subjects import subject_name

BAND_ICONS = {"strong": "trophy", "good": "sprout", "halfway": "leaf", "early": "leaf"}


def points_in_words(points: float) -> str:
    """ "7.5", and "7" for 7.0."""
    return f"{points:.1f}".removesuffix(".0")


class QuizResultPage(SteadyPage):
    """Made anew for every result. `rule_wanted` carries a rule's id."""

    rule_wanted = Signal(str)

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, parent, top=32)
        self._look, self._messages, self._render = look, messages, render
        self._body: QWidget | None = None

    def show_result(self, sheet: ResultSheet) -> None:
        if self._body is not None:
            self.column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._look.px(16))
        column.addWidget(self._made_score(sheet))
        if len(sheet.by_subject) > 1:
            self._heading(column, self._messages("quiz.by-subject"))
            column.addWidget(self._made_bars(sheet))
        if sheet.mistakes:
            self._heading(column, self._messages.count("quiz.mistakes", len(sheet.mistakes)))
            for mistake in sheet.mistakes:
                column.addWidget(self._made_mistake(mistake))
        if sheet.rules:
            self._heading(column, self._messages("quiz.rules"))
            rules = RulesToRead(self._look, self._messages, sheet.rules)
            rules.rule_wanted.connect(self.rule_wanted)
            column.addWidget(rules)
        column.addStretch(1)
        self.column.addWidget(self._body)
        self.verticalScrollBar().setValue(0)

    def _made_score(self, sheet: ResultSheet) -> Card:
        look, messages = self._look, self._messages
        card = Card(look, padding=32)
        line = row(look, gap=24)
        figure = Text(
            look,
            messages("quiz.score", points=points_in_words(sheet.points), of=sheet.of),
            "display",
            bold=True,
            tabular=True,
            wrap=False,
        )
        words = stack(look, gap=4)
        title = row(look, gap=8)
        colour = look.colours.good if sheet.band in {"strong", "good"} else look.colours.ink_soft
        title.addWidget(Picture(look, BAND_ICONS[sheet.band], size=24, colour=colour))
        title.addWidget(Text(look, messages(f"quiz.band.{sheet.band}"), "lead", bold=True), 1)
        words.addLayout(title)
        code, number = spent(sheet.taken)
        sentence = messages.count(
            "quiz.sentence",
            sheet.of,
            points=points_in_words(sheet.points),
            percent=round(100 * sheet.share),
            time=messages.count(code, number),
        )
        words.addWidget(Text(look, sentence, "body", tone="ink_soft"))
        if sheet.answered < sheet.of:
            left = messages.count("quiz.left-out", sheet.of - sheet.answered)
            words.addWidget(Text(look, left, "control", tone="ink_soft"))
        line.addWidget(figure, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        card.body.addLayout(line)
        return card

    def _made_bars(self, sheet: ResultSheet) -> QWidget:
        look, messages = self._look, self._messages
        card = Card(look)
        bars = [
            Bar(
                subject_name(messages, score.subject),
                messages("quiz.score", points=points_in_words(score.points), of=score.of),
                score.points / score.of,
                score.points / score.of,
                look.colours.accent,
            )
            for score in sheet.by_subject
        ]
        card.body.addWidget(Bars(look, messages("quiz.by-subject"), bars))
        return card

    def _made_mistake(self, mistake: Mistake) -> Card:
        look, messages = self._look, self._messages
        chinese = mistake.language == "zh"
        self._render.stand_in(mistake.card_id)
        card = Card(look, padding=20)
        prompt = CardView(look, self._render, card, step="body", bold=True)
        prompt.show_markdown(prompt_of(mistake.prompt, answered=True), chinese=chinese)
        card.body.addWidget(prompt)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.px(12))
        grid.setVerticalSpacing(look.px(12))
        grid.setColumnStretch(2, 1)
        partly = mistake.points > 0
        lines: tuple[tuple[str, Tone, str, Said], ...] = (
            ("circle-dot" if partly else "circle-x", "warning", "answer.yours", mistake.said),
            ("check", "good", "answer.right-answer", mistake.right),
        )
        for place, (icon, tone, code, said) in enumerate(lines):
            colour = token(look.colours, tone)
            grid.addWidget(
                Picture(look, icon, size=20, colour=colour), place, 0, Qt.AlignmentFlag.AlignTop
            )
            label = Text(look, messages(code), "control", tone=tone, bold=True, wrap=False)
            grid.addWidget(label, place, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._made_said(said, card, chinese=chinese), place, 2)
        card.body.addLayout(grid)
        return card

    def _made_said(self, said: Said, parent: QWidget, *, chinese: bool) -> QWidget:
        if said.code:
            return Text(self._look, self._messages(said.code), "control", tone="ink_soft")
        view = CardView(self._look, self._render, parent, step="control")
        view.show_markdown("\n\n".join(said.lines), chinese=chinese)
        return view

    def _heading(self, column: QVBoxLayout, text: str) -> None:
        column.addSpacing(self._look.px(8))
        column.addWidget(Text(self._look, text, "lead", bold=True))
