"""The paper a question stands on; after the answer, what was right and the rule behind it."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDesktopServices,
    QFontMetrics,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trainer.cards.response import Response
from trainer.desktop.answers.area import AnswerArea
from trainer.desktop.card_view import CardView, Render
from trainer.desktop.controls import Card
from trainer.desktop.look import Look
from trainer.desktop.settling import settling
from trainer.desktop.text import Monogram, Tag, Text, Tone, monogram_of
from trainer.desktop.theme import Step, token
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet, Verdict, instruction_of, prompt_of
from trainer.presenters.study import Asked
from trainer.presenters.subjects import subject_name
from trainer.services.study import Change

if TYPE_CHECKING:
    from trainer.desktop.rule_panel import RulePanel

# What a verdict looks like: icon and ink. Wrong is no penalty: it never wears danger.
VERDICT_LOOKS: dict[Verdict, tuple[str, Tone]] = {
    "right": ("circle-check", "good"),
    "partly": ("circle-dot", "warning"),
    "wrong": ("circle-x", "warning"),
    "gave-up": ("lightbulb", "ink_soft"),
    "self": ("lightbulb", "ink_soft"),
}


class Sign(QWidget):
    """An icon that can become another."""

    def __init__(self, look: Look, size: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._icon, self._colour = look, "", ""
        self.setFixedSize(look.px(size), look.px(size))

    def show_icon(self, icon: str, tone: Tone) -> None:
        self._icon, self._colour = icon, token(self._look.colours, tone)
        self.update()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        if self._icon:
            self._look.icons.paint(QPainter(self), self._icon, self._colour, QRectF(self.rect()))


class Notice(QWidget):
    """An icon and a line of words."""

    def __init__(
        self, look: Look, parent: QWidget, *, step: Step = "control", one_line: bool = False
    ) -> None:
        super().__init__(parent)
        small = step == "small"
        self._sign = Sign(look, 16 if small else 20, self)
        self.words = Text(look, step=step, bold=not small, wrap=not one_line, fill=True)
        if one_line:  # cut off rather than push others aside
            self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        # The icon stands on the first line of the words.
        line = QFontMetrics(self.words.font()).height()
        leading = look.typography.leading(self.words.font())
        self._sign.setFixedHeight(
            max(self._sign.height(), round(line + (0 if one_line else leading)))
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        middle = Qt.AlignmentFlag.AlignVCenter
        row.addWidget(self._sign, 0, middle if one_line else Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)

    def show_words(self, icon: str, tone: Tone, text: str) -> None:
        self._sign.show_icon(icon, tone)
        self.words.set_tone(tone)
        self.words.set_text(text)
        self.setVisible(True)


def _say(label: Text, words: str) -> None:
    """Put `words` on `label`, unless they stand there already."""
    if label.words != words:
        label.set_text(words)


class SubjectMark(Monogram):
    """The letters of a subject, which change from card to card."""

    def show_subject(self, subject: str) -> None:
        letters = monogram_of(subject)
        if letters != self._letters:
            self._letters = letters
            self.setVisible(bool(subject))
            self.update()


def open_in_browser(address: str) -> None:
    """Follow a source: only because somebody pressed it, and only to the web."""
    if address.startswith(("https://", "http://")):
        QDesktopServices.openUrl(QUrl(address))


class ChangePanel(Card):
    """What the answer used to be, and what it is now."""

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, parent, padding=16)
        self._notice = Notice(look, self)
        self._notice.show_words("history", "warning", messages("study.rule-changed"))
        self.body.addWidget(self._notice)
        self._unknown = messages("study.answer-unknown")
        self._sides = QWidget(self)
        sides = QHBoxLayout(self._sides)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(look.px(24))
        self.old = CardView(look, render, self, step="control", soft=True)
        self.new = CardView(look, render, self, step="control")
        for view, code in ((self.old, "study.answer-before"), (self.new, "study.answer-now")):
            side = QVBoxLayout()
            side.setSpacing(look.px(4))
            side.addWidget(Text(look, messages(code), "small", tone="ink_soft", bold=True))
            side.addWidget(view)
            side.addStretch(1)
            sides.addLayout(side, 1)
        self.body.addWidget(self._sides)

    def announce(self) -> None:
        """Say that the rule has changed; the new answer is not given away yet."""
        self._sides.setVisible(False)
        self.setVisible(True)

    def compare(self, change: Change, *, chinese: bool) -> None:
        # Whoever learned it in an early version of the program has no text of it.
        old = change.old or f"*{self._unknown}*"
        self.old.show_markdown(old, chinese=chinese)
        self.new.show_markdown(change.new, chinese=chinese)
        self._sides.setVisible(True)
        self.setVisible(True)


class QuestionSheet(QWidget):
    """A question alone on paper, and later its answer, explanation and rule."""

    changed = Signal()
    checked = Signal()
    moved = Signal(QWidget)

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages, self._render = look, messages, render
        self._asked: Asked | None = None
        self._tight = False
        self._measures: dict[bool, int] = {}  # widest lines of a question, Chinese or not
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

        self._change: ChangePanel | None = None
        self._rule: RulePanel | None = None
        self._rule_card: Card | None = None
        self.paper = Card(look, self, padding=32)
        self.paper.body.setSpacing(look.px(16))
        self._head = self._made_head()
        self.question = CardView(look, render, self.paper, step="question")
        self.instruction = Text(look, step="control", tone="ink_soft", parent=self.paper)
        self.verdict = Notice(look, self.paper)
        self.hint = Text(look, step="control", tone="ink_soft", parent=self.paper)
        self.answers = AnswerArea(look, messages, render, self.paper)
        self.answers.changed.connect(self.changed)
        self.answers.checked.connect(self.checked)
        self.answers.moved.connect(self.moved)
        self.mistake = CardView(look, render, self.paper, step="body")
        self.explanation = CardView(look, render, self.paper, step="body")
        for part in (
            self.question,
            self.instruction,
            self.verdict,
            self.hint,
            self.answers,
            self.mistake,
            self.explanation,
        ):
            self.paper.body.addWidget(part)

        column.addWidget(self.paper)
        column.addStretch(1)

    @property
    def change(self) -> ChangePanel:
        """Old and new answer, made for the first card whose rule has changed."""
        if self._change is None:
            self._change = ChangePanel(self._look, self._messages, self._render, self)
            self._column.insertWidget(0, self._change)
        return self._change

    @property
    def rule(self) -> "RulePanel":
        """The rule behind the card, made after the first answer."""
        if self._rule is None:
            # The first question need not wait for it.
            from trainer.desktop.rule_panel import RulePanel

            self._rule = RulePanel(self._look, self._messages, self._render, self)
            self._rule.link_wanted.connect(open_in_browser)
            self._rule_card = Card(self._look, self, padding=24, ground=self._look.colours.canvas)
            self._rule_card.body.addWidget(self._rule)
            self._column.insertWidget(self._column.indexOf(self.paper) + 1, self._rule_card)
        return self._rule

    def ask(self, asked: Asked, entered: Response | None) -> None:
        """Show the question, with whatever was `entered` before."""
        self._asked = asked
        self._render.stand_in(asked.showing.card.card_id)
        self.verdict.setVisible(False)
        self._show_question(asked, answered=False)
        _say(self.instruction, self._messages(instruction_of(asked.showing.card)))
        self.instruction.setVisible(not self._tight)
        for part in (self.hint, self.mistake, self.explanation, self._rule_card, self._change):
            if part is not None:
                part.setVisible(False)
        self.answers.ask(asked.showing, entered)
        # Whoever hears the page hears the question when the keyboard gets there.
        self.answers.name_focus(self.question.accessibleName())
        self.show_marks(flagged=asked.question.flagged, asks_teacher=asked.question.asks_teacher)
        if asked.question.change is not None:
            self.change.announce()

    def show_answer(self, asked: Asked, sheet: AnswerSheet) -> None:
        """Show what was right, why, and the rule."""
        self._asked = asked
        self._render.stand_in(asked.showing.card.card_id)
        chinese = asked.language == "zh"
        self.instruction.setVisible(False)
        self._show_verdict(sheet)
        self._show_question(asked, answered=True)
        self.answers.reveal(asked.showing, sheet)
        for view, text in (
            (self.mistake, sheet.mistake),
            (self.explanation, sheet.explanation),
        ):
            view.setVisible(bool(text))
            view.show_markdown(text, chinese=chinese)
        if asked.question.change is not None:
            self.change.compare(asked.question.change, chinese=chinese)
        if sheet.rule is not None:
            self.rule.show_rule(sheet.rule)
        if self._rule_card is not None:
            self._rule_card.setVisible(sheet.rule is not None)

    def show_marks(self, *, flagged: bool, asks_teacher: bool) -> None:
        """What the learner has marked this card with, and whether it is new."""
        is_new = self._asked is not None and self._asked.question.is_new
        marks = (("new", is_new), ("flag", flagged), ("teacher", asks_teacher))
        for name, tag in self._tags.items():
            tag.setVisible(dict(marks)[name])

    def changing(self) -> AbstractContextManager[None]:
        """Whatever is changed within is placed once, and painted once."""
        return settling(self, self.paper.body, *self.answers.layouts())

    def set_tight(self, tight: bool) -> None:
        """Save height on a low or magnified screen: less air, and what to do beside the subject."""
        if tight == self._tight:
            return
        self._tight = tight
        px = self._look.px
        self.paper.body.setContentsMargins(*[px(16 if tight else 32)] * 4)
        self.paper.body.setSpacing(px(12 if tight else 16))
        self.instruction.setVisible(not tight and self.verdict.isHidden())
        self._show_head()

    def _show_head(self) -> None:
        if self._asked is None:
            return
        words = subject_name(self._messages, self._asked.subject)
        if self._tight and self.verdict.isHidden():
            words += "  ·  " + self._messages(instruction_of(self._asked.showing.card))
        _say(self._head, words)

    def _show_question(self, asked: Asked, *, answered: bool) -> None:
        chinese = asked.language == "zh"
        self._tile.show_subject(asked.subject)
        self._show_head()
        text = prompt_of(asked.showing, answered=answered)
        if chinese not in self._measures:
            typography = self._look.typography
            font = typography.font("question", chinese=chinese)
            self._measures[chinese] = typography.measure(font, chinese=chinese)
        self.question.setMaximumWidth(self._measures[chinese])
        self.question.show_markdown(text, chinese=chinese)

    def _show_verdict(self, sheet: AnswerSheet) -> None:
        icon, tone = VERDICT_LOOKS[sheet.verdict]
        words = self._messages(f"answer.verdict.{sheet.verdict}")
        if sheet.verdict == "partly" and sheet.share is not None:
            words = self._messages("answer.verdict.partly-share", percent=round(100 * sheet.share))
        self.verdict.show_words(icon, tone, words)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.verdict.words, words))
        self.hint.setVisible(bool(sheet.hint))
        if sheet.hint:
            self.hint.set_text(self._messages(f"answer.{sheet.hint}"))

    def _made_head(self) -> Text:
        look, messages = self._look, self._messages
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        self._tile = SubjectMark(look, "", size=24, parent=self.paper)
        head = Text(look, step="small", tone="ink_soft", wrap=False, parent=self.paper)
        self._tags = {
            "new": Tag(look, messages("study.tag-new"), tone="accent", icon="sprout"),
            "flag": Tag(look, messages("study.tag-flag"), tone="ink_soft", icon="flag"),
            "teacher": Tag(
                look,
                messages("study.tag-teacher"),
                tone="ink_soft",
                icon="message-circle-question-mark",
            ),
        }
        row.addWidget(self._tile)
        row.addWidget(head)
        row.addStretch(1)
        for tag in self._tags.values():
            row.addWidget(tag)
        self.paper.body.addLayout(row)
        return head
