"""Answering by choosing: one option, several, or true and false."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.cards.model import Choice, TrueFalse
from trainer.cards.response import Chosen, Judged, Response
from trainer.cards.showing import Showing
from trainer.desktop import keys
from trainer.desktop.answers.answer import LETTERS, Answer, line_of_key, neighbour
from trainer.desktop.answers.row import Row, RowText, Shape
from trainer.desktop.card_view import Render
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages
from trainer.presenters.answer_sheet import AnswerSheet, OptionLine

# Letters that mean true and false, and the places of the two on the screen.
_JUDGED = {ord("T"): 0, ord("F"): 1, ord("1"): 0, ord("2"): 1}


class ChoiceAnswer(Answer):
    """Options with letters. 1-9 and A-I press them; rows are kept and used again."""

    def __init__(
        self,
        look: Look,
        messages: Messages,
        render: Render,
        parent: QWidget,
        *,
        several: bool,
        enter_chooses: bool = True,
    ) -> None:
        super().__init__(look, messages, render, parent)
        self._several = several
        self._enter_chooses = enter_chooses
        self._order: tuple[int, ...] = ()
        self._judging = False
        self._rows: list[Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.px(8))

    def ask(self, showing: Showing, entered: Response | None) -> None:
        body = showing.card.body
        chinese = showing.card.language == "zh"
        if isinstance(body, TrueFalse):
            self._judging, self._order = True, (0, 1)
            texts = [self._messages("answer.true"), self._messages("answer.false")]
            caps = ["T", "F"]
            chinese = self._look.chinese
        elif isinstance(body, Choice):
            self._judging, self._order = False, showing.order
            texts = [body.options[index].text for index in self._order]
            caps = list(LETTERS)
        else:
            raise TypeError(type(body).__name__)
        chosen = _chosen_of(entered)
        self._keep_rows(len(texts))
        for place, text in enumerate(texts):
            row = self._rows[place]
            row.setChecked(self._order[place] in chosen)
            cap = caps[place] if place < len(caps) else ""
            row.show_text(RowText(self.inline(text), text, chinese, caps=cap))

    def response(self) -> Response | None:
        chosen = tuple(
            sorted(
                index
                for index, row in zip(self._order, self._rows, strict=False)
                if row.isChecked()
            )
        )
        if not chosen:
            return None
        return Judged(chosen[0] == 0) if self._judging else Chosen(chosen)

    def reveal(self, showing: Showing, sheet: AnswerSheet) -> None:
        for row, line in zip(self._rows, sheet.lines, strict=False):
            if isinstance(line, OptionLine):
                before = row.content
                chinese = showing.card.language == "zh"
                text = line.text or before.spoken
                html = self.inline(line.text) if line.text else before.html
                row.show_text(
                    RowText(
                        html,
                        text,
                        chinese if line.text else before.chinese,
                        caps=before.caps,
                        note=self.inline(line.reason),
                        mark=line.mark,
                        word=self.mark_word(line.mark),
                    )
                )

    @property
    def letters(self) -> str:
        return "TF" if self._judging else LETTERS[: len(self._order)]

    def press(self, place: int) -> None:
        """Choose the line at `place`, or take the choice back."""
        row = self._rows[place]
        if not row.isEnabled():
            return
        on = not row.isChecked() if self._several else True
        if not self._several:
            for other in self._rows:
                other.setChecked(False)
        row.setChecked(on)
        self.go_to(row)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        place = self._place_of(event)
        if place is not None and self._rows[place].isEnabled():
            self.press(place)
        elif event.key() in {keys.UP, keys.DOWN}:
            row = neighbour(self._rows, 1 if event.key() == keys.DOWN else -1)
            if row is not None:
                self.go_to(row)
        elif event.key() in keys.ENTERS:
            self._choose_focused()
            super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def _choose_focused(self) -> None:
        """Enter on the only thing looked at means that one, where only one can be chosen."""
        if not self._enter_chooses or self.response() is not None:
            return
        for place, row in enumerate(self._rows):
            if row.hasFocus():
                self.press(place)

    def _place_of(self, event: QKeyEvent) -> int | None:
        if not self._judging:
            return line_of_key(event, len(self._order))
        if event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            return None
        return _JUDGED.get(event.key())

    def _keep_rows(self, count: int) -> None:
        shape: Shape = "square" if self._several else "circle"
        while len(self._rows) < count:
            row = Row(self._look, shape, self, self._render)
            row.setCheckable(True)
            place = len(self._rows)
            row.clicked.connect(lambda _on=False, place=place: self._clicked(place))
            self._rows.append(row)
            self._column.addWidget(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < count)

    def _clicked(self, place: int) -> None:
        # The button has toggled itself already; single choice never ends up with none.
        if not self._several:
            for other, row in enumerate(self._rows):
                row.setChecked(other == place)
        self.changed.emit()


def _chosen_of(entered: Response | None) -> tuple[int, ...]:
    match entered:
        case Chosen(options=options):
            return options
        case Judged(truth=truth):
            return (0,) if truth else (1,)
        case _:
            return ()
