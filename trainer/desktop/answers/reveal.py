"""Answering by thinking: the answer is hidden, then shown, and the learner judges."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.cards.response import Response, SelfGraded
from trainer.cards.showing import Showing
from trainer.desktop.answers.answer import Answer
from trainer.desktop.card_view import CardView, Render
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet


class RevealAnswer(Answer):
    """Nothing to enter; afterwards the answer on its own."""

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, messages, render, parent)
        self.answer = CardView(look, render, self, step="lead")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.answer)

    def ask(self, showing: Showing, entered: Response | None) -> None:  # noqa: ARG002 - nothing is
        self.answer.setVisible(False)

    def response(self) -> Response | None:
        return SelfGraded()

    def reveal(self, showing: Showing, sheet: AnswerSheet) -> None:
        self.answer.show_markdown(sheet.answer, chinese=showing.card.language == "zh")
        self.answer.setVisible(True)
