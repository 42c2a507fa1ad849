"""A penalty case in an exam: step by step, without a word about what was right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.answers.answer import LETTERS, line_of_key, neighbour
from trainer.desktop.answers.row import Row, RowText
from trainer.desktop.card_view import CardView, Render, polished
from trainer.desktop.controls import Button
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.text import Text
from trainer.exams.model import PaperStep
from trainer.foundation.messages import Messages


class CasePaper(QWidget):
    """The road so far as a short list, then the step one stands before. Every decision can be
    taken back until the exam ends."""

    walked = Signal(tuple)
    moved = Signal(QWidget)

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages, self._render = look, messages, render
        self._steps: dict[str, PaperStep] = {}
        self._first = ""
        self._road: list[int] = []
        self._chinese = False
        self.rows: list[Row] = []
        self.back: Button | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._body = QWidget(self)
        self._column.addWidget(self._body)

    def ask(
        self,
        steps: Sequence[PaperStep],
        road: Sequence[int],
        *,
        chinese: bool,
    ) -> None:
        self._steps = {step.step_id: step for step in steps}
        self._first = steps[0].step_id if steps else ""
        self._road = list(road)
        self._chinese = chinese
        self._show()

    @property
    def road(self) -> tuple[int, ...]:
        return tuple(self._road)

    def choose(self, place: int) -> None:
        """Take the decision at `place` of the step one stands before."""
        self._road.append(place)
        self._changed()

    def go_back(self) -> None:
        if self._road:
            self._road.pop()
            self._changed()

    def take_focus(self) -> None:
        first: QWidget | None = self.rows[0] if self.rows else self.back
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        place = line_of_key(event, len(self.rows))
        if place is None and event.key() in keys.ENTERS:
            place = next((at for at, each in enumerate(self.rows) if each.hasFocus()), None)
        if place is not None:
            self.choose(place)
        elif event.key() == keys.BACKSPACE:
            self.go_back()
        elif event.key() in {keys.UP, keys.DOWN}:
            beside = neighbour(self.rows, 1 if event.key() == keys.DOWN else -1)
            if beside is not None:
                beside.setFocus(Qt.FocusReason.TabFocusReason)
                self.moved.emit(beside)
        else:
            event.ignore()

    def _changed(self) -> None:
        self._show()
        self.take_focus()
        self.walked.emit(self.road)

    def _show(self) -> None:
        look = self._look
        old, self._body = self._body, QWidget(self)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        step = self._steps.get(self._first)
        for number, place in enumerate(self._road, start=1):
            if step is None or place >= len(step.choices):
                break
            text, target = step.choices[place]
            said = self._messages("exam.decided", number=number, text=plain_words(text, 200))
            column.addWidget(
                Text(look, said, "control", tone="ink_soft", fill=True, chinese=self._chinese)
            )
            step = self._steps.get(target)
        self.rows = []
        if step is not None:
            self._add_step(column, step)
        self.back = None
        if self._road:
            self.back = Button(
                look, self._messages("cases.back"), icon="undo-2", shows_key="Backspace"
            )
            self.back.clicked.connect(self.go_back)
            column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.replaceWidget(old, self._body)
        self._body.show()
        old.hide()
        old.deleteLater()

    def _add_step(self, column: QVBoxLayout, step: PaperStep) -> None:
        look = self._look
        column.addWidget(Text(look, step.title, "lead", bold=True, chinese=self._chinese))
        story = CardView(look, self._render, self._body)
        story.show_markdown(step.text, chinese=self._chinese)
        column.addWidget(story)
        if not step.choices:
            column.addWidget(
                Text(look, self._messages("exam.case-over"), "control", tone="ink_soft", fill=True)
            )
        for place, (text, _) in enumerate(step.choices):
            row = Row(look, "", self._body)
            html = polished(self._render(text))
            row.show_text(RowText(html, plain_words(text), self._chinese, caps=LETTERS[place]))
            row.clicked.connect(lambda _=False, place=place: self.choose(place))
            self.rows.append(row)
            column.addWidget(row)
