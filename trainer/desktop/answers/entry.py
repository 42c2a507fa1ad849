"""Answering by typing: a number, a word, or the gap of a cloze."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trainer.cards.model import Cloze, Day, Number, Parametric
from trainer.cards.response import Entered, Response, SelfGraded
from trainer.cards.showing import Showing
from trainer.desktop.answers.answer import Answer
from trainer.desktop.answers.row import Row, RowText
from trainer.desktop.card_view import Render
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet, Mark

_FIELD_WIDTH, _NUMBER_WIDTH = 480, 220


class Field(QLineEdit):
    """A field that never loses what an input method still holds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pending = ""

    def commit_pending(self) -> None:
        """Take over what is still being composed."""
        if self._pending:
            QGuiApplication.inputMethod().commit()
        if self._pending:  # this system's input method does not commit when asked
            event = QInputMethodEvent("", [])
            event.setCommitString(self._pending)
            self.inputMethodEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        self._pending = event.preeditString()
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        self.commit_pending()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        # With nothing typed there is nothing of the field to undo: let the sitting have it.
        idle = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
        if idle or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


class EntryAnswer(Answer):
    """One field, with the unit behind it where there is one."""

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, messages, render, parent)
        self._may_be_empty = False
        self.field = Field(self)
        self.field.setFont(look.font("lead"))
        self.field.textChanged.connect(self._tell_change)
        self._unit = Text(look, step="lead", tone="ink_soft", wrap=False)
        self._given = Row(look, "", self, render)
        self._right = Row(look, "", self, render)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.px(12))
        line.addWidget(self.field)
        line.addWidget(self._unit)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(line)
        column.addWidget(self._given)
        column.addWidget(self._right)

    def ask(self, showing: Showing, entered: Response | None) -> None:
        body = showing.card.body
        chinese = showing.card.language == "zh"
        in_figures = isinstance(body, Number | Parametric | Day)
        self._may_be_empty = isinstance(body, Cloze)
        self._unit.set_text(body.unit if isinstance(body, Number | Parametric) else "")
        self._unit.setVisible(bool(self._unit.words))
        look, field = self._look, self.field
        field.setFont(look.typography.font("lead", tabular=in_figures, chinese=chinese))
        field.setFixedWidth(look.px(_NUMBER_WIDTH if in_figures else _FIELD_WIDTH))
        asks_day = isinstance(body, Day)
        name = "date" if asks_day else "number" if in_figures else "text"
        field.setAccessibleName(self._messages(f"answer.field.{name}"))
        hint = "answer.field.cloze" if self._may_be_empty else "answer.field.day-example"
        field.setPlaceholderText(self._messages(hint) if self._may_be_empty or asks_day else "")
        field.setInputMethodHints(
            Qt.InputMethodHint.ImhPreferNumbers if in_figures else Qt.InputMethodHint.ImhNone
        )
        field.setText(entered.text if isinstance(entered, Entered) else "")
        field.setVisible(True)
        self._given.setVisible(False)
        self._right.setVisible(False)

    def response(self) -> Response | None:
        self.field.commit_pending()
        text = self.field.text()
        if text.strip():
            return Entered(text)
        return SelfGraded() if self._may_be_empty else None

    def reveal(self, showing: Showing, sheet: AnswerSheet) -> None:
        chinese = showing.card.language == "zh"
        self.field.setVisible(False)
        self._unit.setVisible(False)
        self._given.setVisible(bool(sheet.given) and sheet.verdict != "right")
        if sheet.given and sheet.verdict != "right":
            mark: Mark = "wrong"
            self._given.show_text(
                RowText(
                    self.literal(sheet.given),
                    sheet.given,
                    chinese,
                    mark=mark,
                    word=self._messages("answer.yours"),
                )
            )
        note = ""
        if sheet.also:
            note = self.literal(self._messages("answer.also", texts=" / ".join(sheet.also)))
        right_mark: Mark = "right" if sheet.verdict == "right" else "answer"
        word = "answer.yours-right" if sheet.verdict == "right" else "answer.right-answer"
        # A cloze shows its answer in its gap already.
        self._right.setVisible(not (self._may_be_empty and not sheet.given))
        self._right.show_text(
            RowText(
                self.inline(sheet.answer),
                sheet.answer,
                chinese,
                note=note,
                mark=right_mark,
                word=self._messages(word),
            )
        )

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def describe(self, question: str) -> None:
        self.field.setAccessibleDescription(question)

    @property
    def types(self) -> bool:
        return True

    def _tell_change(self) -> None:
        self.changed.emit()
