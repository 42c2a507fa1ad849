"""The right way of answering for each card: made when first needed, then used again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from trainer.cards.model import kind_of
from trainer.cards.response import Response
from trainer.cards.showing import Showing
from trainer.desktop.answers.answer import Answer
from trainer.desktop.card_view import Render
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet

# Kinds that are answered in the same way share one widget.
_WAYS = {
    "recall": "reveal",
    "term": "reveal",
    "cloze": "entry",
    "number": "entry",
    "typed": "entry",
    "parametric": "entry",
    "date": "entry",
    "single-choice": "one",
    "true-false": "one",
    "multiple-response": "several",
    "ordering": "ordering",
    "matching": "matching",
}


class AnswerArea(QWidget):
    """Where a card is answered: `ask`, read `response`, `reveal`."""

    changed = Signal()
    checked = Signal()
    moved = Signal(QWidget)

    def __init__(
        self,
        look: Look,
        messages: Messages,
        render: Render,
        parent: QWidget,
        *,
        enter_chooses: bool = True,
    ) -> None:
        """`enter_chooses`: with nothing chosen, Enter takes the option that has the keyboard."""
        super().__init__(parent)
        self._enter_chooses = enter_chooses
        self._look = look
        self._messages = messages
        self._render = render
        self._answers: dict[str, Answer] = {}
        self._now: Answer | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def answer(self) -> Answer | None:
        """The way of answering in use."""
        return self._now

    def ask(self, showing: Showing, entered: Response | None = None) -> None:
        way = _WAYS[kind_of(showing.card.body)]
        answer = self._answers.get(way)
        if answer is None:
            answer = self._answers[way] = self._made(way)
            self._column.addWidget(answer)
        answer.ask(showing, entered)
        if answer is not self._now:
            if self._now is not None:
                self._now.setVisible(False)
            answer.setVisible(True)
            self._now = answer

    def response(self) -> Response | None:
        return None if self._now is None else self._now.response()

    def reveal(self, showing: Showing, sheet: AnswerSheet) -> None:
        if self._now is not None:
            self._now.reveal(showing, sheet)

    def take_focus(self) -> None:
        if self._now is not None:
            self._now.take_focus()

    def layouts(self) -> list[QLayout]:
        """The layouts of the area and of every way of answering made so far."""
        within = [answer.layout() for answer in self._answers.values()]
        return [self._column, *(layout for layout in within if layout is not None)]

    def name_focus(self, question: str) -> None:
        """Give the place where the keyboard goes the question as its description."""
        if self._now is not None:
            self._now.describe(question)

    @property
    def letters(self) -> str:
        return "" if self._now is None else self._now.letters

    @property
    def types(self) -> bool:
        return self._now is not None and self._now.types

    def _made(self, way: str) -> Answer:
        given = (self._look, self._messages, self._render, self)
        answer: Answer
        # Each way is loaded with its first card: start-up pays for one.
        match way:
            case "entry":
                from trainer.desktop.answers.entry import EntryAnswer

                answer = EntryAnswer(*given)
            case "one" | "several":
                from trainer.desktop.answers.choice import ChoiceAnswer

                one = way == "one" and self._enter_chooses
                answer = ChoiceAnswer(*given, several=way == "several", enter_chooses=one)
            case "ordering":
                from trainer.desktop.answers.ordering import OrderingAnswer

                answer = OrderingAnswer(*given)
            case "matching":
                from trainer.desktop.answers.matching import MatchingAnswer

                answer = MatchingAnswer(*given)
            case _:
                from trainer.desktop.answers.reveal import RevealAnswer

                answer = RevealAnswer(*given)
        answer.changed.connect(self.changed)
        answer.checked.connect(self.checked)
        answer.moved.connect(self.moved)
        return answer
