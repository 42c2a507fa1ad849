"""Answering by putting things in order: with arrow keys, figures, or the mouse."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.cards.model import Ordering
from trainer.cards.response import Ordered, Response
from trainer.cards.showing import Showing
from trainer.desktop import keys
from trainer.desktop.answers.answer import Answer, line_of_key
from trainer.desktop.answers.row import Row, RowText
from trainer.desktop.card_view import Render
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet, StepLine

_MOVING = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier


class OrderingAnswer(Answer):
    """Rows that change places. The row with the keyboard is the one that is moved:

    Up/Down go to another row, with Alt or Ctrl (or after Space has picked the row up) they move
    it; a figure moves it to that place.
    """

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, messages, render, parent)
        self._steps: tuple[str, ...] = ()
        self._chinese = False
        self._order: list[int] = []
        self._held: int | None = None  # the place of the row that was picked up
        self._dragged: int | None = None
        self._rows: list[Row] = []
        self._open = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.px(8))

    def ask(self, showing: Showing, entered: Response | None) -> None:
        body = showing.card.body
        if not isinstance(body, Ordering):
            raise TypeError(type(body).__name__)
        self._open = True
        self._steps = body.steps
        self._chinese = showing.card.language == "zh"
        self._order = list(entered.steps if isinstance(entered, Ordered) else showing.order)
        self._held = self._dragged = None
        self._keep_rows(len(self._steps))
        self._show()

    def response(self) -> Response | None:
        return Ordered(tuple(self._order))

    def reveal(self, showing: Showing, sheet: AnswerSheet) -> None:  # noqa: ARG002 - sheet tells all
        self._open = False
        self._held = self._dragged = None
        for row, line in zip(self._rows, sheet.lines, strict=False):
            if isinstance(line, StepLine):
                word = "answer.place-right" if line.mark == "right" else "answer.place-was"
                blank = {"place": line.given} if line.mark == "wrong" else {}
                row.lift(False)
                row.show_text(
                    RowText(
                        self.inline(line.text),
                        line.text,
                        self._chinese,
                        caps=str(line.place),
                        mark=line.mark,
                        tinted=line.mark == "right",
                        word="" if line.mark == "answer" else self._messages(word, **blank),
                    )
                )

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(self._order)

    def move_step(self, place: int, to: int) -> None:
        """Move the row at `place` to the place `to`; the others make way."""
        to = min(max(to, 0), len(self._order) - 1)
        if not self._open or to == place:
            return
        self._order.insert(to, self._order.pop(place))
        if self._held == place:
            self._held = to
        self._show()
        self.go_to(self._rows[to])
        self.changed.emit()

    def take_focus(self) -> None:
        if self._rows:
            self._rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def describe(self, question: str) -> None:
        super().describe(question)
        for row in self._rows:
            row.setAccessibleDescription(question)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key, place = event.key(), self._focused()
        if not self._open or place is None:
            super().keyPressEvent(event)
            return
        line = line_of_key(event, len(self._order)) if key <= ord("9") else None
        if key in {keys.UP, keys.DOWN}:
            by = 1 if key == keys.DOWN else -1
            if event.modifiers() & _MOVING or self._held is not None:
                self.move_step(place, place + by)
            else:
                to = min(max(place + by, 0), len(self._order) - 1)
                self.go_to(self._rows[to])
        elif line is not None:
            self.move_step(place, line)
        elif key == keys.ESCAPE and self._held is not None:
            self._hold(None)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Drag a row over its neighbours."""
        if not isinstance(watched, Row) or not isinstance(event, QMouseEvent) or not self._open:
            return False
        if event.type() == QEvent.Type.MouseButtonPress:
            self._dragged = self._rows.index(watched)
            watched.setFocus(Qt.FocusReason.MouseFocusReason)
            watched.lift(True)
            return True
        if event.type() == QEvent.Type.MouseMove and self._dragged is not None:
            self._drag_to(watched.mapTo(self, event.position()))
            return True
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._dragged = None
            self._hold(None)
            return True
        return False

    def _drag_to(self, at: QPointF) -> None:
        if self._dragged is None:
            return
        for place, row in enumerate(self._rows[: len(self._order)]):
            box = row.geometry()
            if place != self._dragged and box.top() <= at.y() <= box.bottom():
                # Wait for the middle, so that a tall neighbour does not flicker.
                beyond = at.y() > box.center().y()
                if beyond == (place > self._dragged):
                    self._order.insert(place, self._order.pop(self._dragged))
                    self._dragged = place
                    self._show()
                    self.changed.emit()
                return

    def _hold(self, place: int | None) -> None:
        self._held = place
        for index, row in enumerate(self._rows):
            row.lift(index in {self._held, self._dragged})

    def _focused(self) -> int | None:
        return next((place for place, row in enumerate(self._rows) if row.hasFocus()), None)

    def _show(self) -> None:
        for place, index in enumerate(self._order):
            step = self._steps[index]
            row = self._rows[place]
            row.lift(place in {self._held, self._dragged})
            row.show_text(RowText(self.inline(step), step, self._chinese, caps=str(place + 1)))

    def _keep_rows(self, count: int) -> None:
        while len(self._rows) < count:
            row = Row(self._look, "grip", self, self._render)
            row.installEventFilter(self)
            place = len(self._rows)
            row.clicked.connect(lambda _on=False, place=place: self._pressed(place))
            self._rows.append(row)
            self._column.addWidget(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < count)

    def _pressed(self, place: int) -> None:
        """Space picks the row up, and puts it down again."""
        self._hold(None if self._held == place else place)
