"""Answering by matching: choose a left entry, then its partner by figure, letter or mouse."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trainer.cards.model import Matching
from trainer.cards.response import Matched, Response
from trainer.cards.showing import Showing
from trainer.desktop import keys
from trainer.desktop.answers.answer import LETTERS, Answer, line_of_key
from trainer.desktop.answers.row import Row, RowText
from trainer.desktop.card_view import Render
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet, PairLine


class MatchingAnswer(Answer):
    """Two columns. The chosen left row takes the right entry that is pressed, and the next empty
    one is chosen; an entry that is given anew leaves where it was."""

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, messages, render, parent)
        self._body: Matching | None = None
        self._chinese = False
        self._order: tuple[int, ...] = ()  # place on the right -> index of the pair
        self._given: list[int] = []  # left -> index of the pair, or -1
        self._chosen = 0
        self._open = False
        self._left_rows: list[Row] = []
        self._right_rows: list[Row] = []
        self._left_head = Text(look, step="small", tone="ink_soft")
        self._right_head = Text(look, step="small", tone="ink_soft")
        self._left = _column(look, self._left_head)
        self._right = _column(look, self._right_head)
        self._columns = columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(look.px(16))
        columns.addLayout(self._left, 1)
        columns.addLayout(self._right, 1)

    def ask(self, showing: Showing, entered: Response | None) -> None:
        body = showing.card.body
        if not isinstance(body, Matching):
            raise TypeError(type(body).__name__)
        self._open = True
        self._body = body
        self._chinese = showing.card.language == "zh"
        self._order = showing.order
        count = len(body.pairs)
        self._given = list(entered.rights) if isinstance(entered, Matched) else [-1] * count
        self._chosen = self._next_empty(-1)
        self._keep_rows(count)
        self._left_head.set_text(body.left)
        self._right_head.set_text(body.right)
        self._right_head.setVisible(True)
        self._columns.setStretch(1, 1)
        self._columns.setSpacing(self._look.px(16))
        self._show()

    def response(self) -> Response | None:
        if all(given < 0 for given in self._given):
            return None
        return Matched(tuple(self._given))

    def reveal(self, showing: Showing, sheet: AnswerSheet) -> None:  # noqa: ARG002 - sheet tells all
        self._open = False
        self._left_head.set_text(f"{self._left_head.words} → {self._right_head.words}")
        self._right_head.setVisible(False)
        self._columns.setStretch(1, 0)
        self._columns.setSpacing(0)
        for row in self._right_rows:
            row.setVisible(False)
        for row, line in zip(self._left_rows, sheet.lines, strict=False):
            if isinstance(line, PairLine):
                note = ""
                if line.mark == "wrong":
                    note = self.inline(self._messages("answer.pair-was", text=line.given))
                text = f"{line.left} → {line.right}"
                row.setChecked(False)
                row.show_text(
                    RowText(
                        self.inline(text),
                        text,
                        self._chinese,
                        note=note,
                        mark=line.mark,
                        tinted=line.mark == "right",
                        word=self.mark_word(line.mark),
                    )
                )

    @property
    def letters(self) -> str:
        return LETTERS[: len(self._order)] if self._open else ""

    @property
    def chosen(self) -> int:
        """The left entry that the next right one goes to."""
        return self._chosen

    def choose(self, left: int) -> None:
        """Choose the left entry at `left`."""
        if self._open and 0 <= left < len(self._given):
            self._chosen = left
            self._show()
            self.moved.emit(self._left_rows[left])

    def give(self, place: int) -> None:
        """Match the right entry at `place` with the chosen left one; again takes it back."""
        if not self._open:
            return
        index = self._order[place]
        if self._given[self._chosen] == index:
            self._given[self._chosen] = -1
        else:
            self._given = [-1 if given == index else given for given in self._given]
            self._given[self._chosen] = index
            self._chosen = self._next_empty(self._chosen)
        self._show()
        self.moved.emit(self._left_rows[self._chosen])
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = event.key()
        place = line_of_key(event, len(self._order)) if self._open else None
        if place is not None:
            self.give(place)
        elif self._open and key in {keys.UP, keys.DOWN}:
            self.choose(self._chosen + (1 if key == keys.DOWN else -1))
            if any(row.hasFocus() for row in (*self._left_rows, *self._right_rows)):
                self._left_rows[self._chosen].setFocus(Qt.FocusReason.TabFocusReason)
        elif self._open and key in {keys.BACKSPACE, keys.DELETE}:
            self._given[self._chosen] = -1
            self._show()
            self.changed.emit()
        else:
            super().keyPressEvent(event)

    def _letter(self, place: int) -> str:
        return LETTERS[place] if place < len(LETTERS) else str(place + 1)

    def _next_empty(self, after: int) -> int:
        """The next left entry without a partner, going round; the same when all have one."""
        count = len(self._given)
        for step in range(1, count + 1):
            left = (after + step) % count
            if self._given[left] < 0:
                return left
        return max(after, 0)

    def _show(self) -> None:
        if self._body is None:
            return
        for left, (text, _) in enumerate(self._body.pairs):
            given = self._given[left]
            slot = self._letter(self._order.index(given)) if given >= 0 else ""
            row = self._left_rows[left]
            row.setChecked(left == self._chosen)
            row.show_text(RowText(self.inline(text), text, self._chinese, slot=slot))
        for place, index in enumerate(self._order):
            text = self._body.pairs[index][1]
            self._right_rows[place].show_text(
                RowText(
                    self.inline(text),
                    text,
                    self._chinese,
                    caps=self._letter(place),
                    used=index in self._given,
                )
            )

    def _keep_rows(self, count: int) -> None:
        while len(self._left_rows) < count:
            place = len(self._left_rows)
            left, right = (
                Row(self._look, "", self, self._render),
                Row(self._look, "", self, self._render),
            )
            left.setCheckable(True)
            left.clicked.connect(lambda _on=False, place=place: self.choose(place))
            right.clicked.connect(lambda _on=False, place=place: self.give(place))
            self._left_rows.append(left)
            self._right_rows.append(right)
            self._left.insertWidget(self._left.count() - 1, left)
            self._right.insertWidget(self._right.count() - 1, right)
        for rows in (self._left_rows, self._right_rows):
            for place, row in enumerate(rows):
                row.setVisible(place < count)


def _column(look: Look, head: Text) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look.px(8))
    column.addWidget(head)
    column.addStretch(1)
    return column
