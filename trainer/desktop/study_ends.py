"""When no question waits: a short break, a finished sitting, or nothing to study at all."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop.controls import Button, Picture
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import Flow
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages
from trainer.presenters.durations import countdown, spent
from trainer.presenters.study import Sitting
from trainer.presenters.subjects import subject_name

MOST_SUBJECTS = 6


class Field(QWidget):
    """Every answer of a sitting as a small square, in the order given: what was done, at a look.

    Right ones are full, wrong ones are outlines, those the learner judged are half full.
    """

    def __init__(self, look: Look, answers: Sequence[bool | None], spoken: str) -> None:
        super().__init__()
        self._look = look
        self._answers = tuple(answers)
        self.setAccessibleName(spoken)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def _pitch(self) -> int:
        return self._look.px(18)

    def _columns(self, width: int) -> int:
        return max(1, min((width + self._look.px(4)) // self._pitch, 40))

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(480), self.heightForWidth(self.width()))

    def heightForWidth(self, width: int, /) -> int:
        lines = -(-len(self._answers) // self._columns(width)) if self._answers else 0
        return lines * self._pitch

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch, columns = self._pitch, self._columns(self.width())
        size = pitch - look.px(4)
        in_line = min(columns, len(self._answers))
        left = (self.width() - in_line * pitch + look.px(4)) / 2
        for place, right in enumerate(self._answers):
            line, column = divmod(place, columns)
            box = QRectF(left + column * pitch, line * pitch, size, size)
            inner = box.adjusted(0.75, 0.75, -0.75, -0.75)
            ink = QColor(colours.edge if right is False else colours.accent)
            painter.setPen(QPen(ink, 1.5))
            painter.setBrush(QColor(colours.accent) if right else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, look.px(3), look.px(3))
            if right is None:
                lower = inner.adjusted(0, inner.height() / 2, 0, 0)
                painter.setBrush(QColor(colours.accent))
                painter.drawRoundedRect(lower, look.px(3), look.px(3))


class StudyEnds(SteadyPage):
    """Pages without a question. The buttons tell what is wanted."""

    ahead_wanted = Signal()
    place_wanted = Signal(str)  # "today", "quiz", "handbook"

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._look, self._messages = look, messages
        self._body: QWidget | None = None
        self._clock: Text | None = None
        self._tomorrow: Text | None = None
        self.first_button: Button | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_waiting(self, wakes_in: timedelta, sitting: Sitting) -> None:
        """Count down to the next card; called again it only moves the clock on."""
        if self._clock is not None:
            self._clock.set_text(countdown(wakes_in))
            return
        box = self._fresh()
        messages = self._messages
        self._add_centred(box, Picture(self._look, "hourglass", size=44))
        self._add_centred(box, self._words(messages("study.waiting-title"), "lead", bold=True))
        self._clock = Text(self._look, countdown(wakes_in), "display", tabular=True, wrap=False)
        self._clock.setAccessibleName(messages("study.waiting-title"))
        self._add_centred(box, self._clock)
        self._add_centred(box, self._words(messages("study.waiting-text"), "body", soft=True))
        self._add_buttons(
            box,
            (
                ("study.ahead", "play", "Return", self.ahead_wanted.emit),
                ("study.break", "pause", "Esc", lambda: self.place_wanted.emit("today")),
            ),
        )
        if sitting.answers:
            box.addSpacing(self._look.px(16))
            self._add_field(box, sitting)
        box.addStretch(3)

    def show_finished(self, sitting: Sitting) -> None:
        box = self._fresh()
        look, messages = self._look, self._messages
        self._add_centred(box, Picture(look, "sprout", size=64, colour=look.colours.accent))
        self._add_centred(box, self._words(messages("study.finished-title"), "title", bold=True))
        self._add_centred(box, self._words(self._done_sentence(sitting), "body"))
        if sitting.answers:
            self._add_field(box, sitting)
            self._add_figures(box, sitting)
        self._tomorrow = self._words(self._messages("study.tomorrow-unknown"), "body", soft=True)
        self._add_centred(box, self._tomorrow)
        self._add_buttons(
            box,
            (
                ("study.to-today", "sun", "Return", lambda: self.place_wanted.emit("today")),
                ("study.to-quiz", "list-checks", "", lambda: self.place_wanted.emit("quiz")),
                ("study.to-handbook", "book-open", "", lambda: self.place_wanted.emit("handbook")),
            ),
        )
        box.addStretch(3)

    def show_empty(self) -> None:
        box = self._fresh()
        messages = self._messages
        self._add_centred(box, Picture(self._look, "leaf", size=44))
        self._add_centred(box, self._words(messages("study.empty-title"), "lead", bold=True))
        self._add_centred(box, self._words(messages("study.empty-text"), "body", soft=True))
        self._add_buttons(
            box,
            (
                ("study.to-quiz", "list-checks", "Return", lambda: self.place_wanted.emit("quiz")),
                ("study.to-handbook", "book-open", "", lambda: self.place_wanted.emit("handbook")),
                ("study.to-today", "sun", "Esc", lambda: self.place_wanted.emit("today")),
            ),
        )
        box.addStretch(3)

    def show_tomorrow(self, cards: int) -> None:
        """Say how many cards come back tomorrow, on the page that is shown."""
        if self._tomorrow is not None:
            self._tomorrow.set_text(self._messages.count("study.tomorrow", cards))

    def clear(self) -> None:
        """Forget the page, so that the next one is made anew."""
        self._clock = self._tomorrow = None

    def _fresh(self) -> QVBoxLayout:
        self._clock = self._tomorrow = None
        if self._body is not None:
            self.column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        box = QVBoxLayout(self._body)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(self._look.px(16))
        self.column.addWidget(self._body, 1)
        # Low in the upper half, where the eye rests.
        box.addStretch(2)
        self.verticalScrollBar().setValue(0)
        return box

    def _words(self, text: str, step: str, *, bold: bool = False, soft: bool = False) -> Text:
        label = Text(
            self._look,
            text,
            step,  # type: ignore[arg-type] # a step of the scale
            bold=bold,
            tone="ink_soft" if soft else "ink",
        )
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        return label

    def _add_centred(self, box: QVBoxLayout, widget: QWidget) -> None:
        if isinstance(widget, QLabel) and widget.wordWrap():
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(widget, 100)
            line.addStretch(1)
            box.addLayout(line)
        else:
            box.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def _add_field(self, box: QVBoxLayout, sitting: Sitting) -> None:
        spoken = self._done_sentence(sitting)
        box.addWidget(Field(self._look, sitting.results, spoken))
        key = self._words(self._messages("study.field-key"), "small", soft=True)
        self._add_centred(box, key)

    def _add_figures(self, box: QVBoxLayout, sitting: Sitting) -> None:
        """Three figures, each with its word: answers, new cards, right ones."""
        look, messages = self._look, self._messages
        figures = [(str(sitting.answers), messages.count("study.figure-answers", sitting.answers))]
        if sitting.met:
            figures.append((str(sitting.met), messages.count("study.figure-met", sitting.met)))
        if sitting.graded:
            percent = round(100 * sitting.right / sitting.graded)
            figures.append((f"{percent} %", messages("study.figure-right")))
        row = QHBoxLayout()
        row.setSpacing(look.px(48))
        row.addStretch(1)
        for figure, words in figures:
            column = QVBoxLayout()
            column.setSpacing(0)
            number = Text(look, figure, "title", bold=True, tabular=True, wrap=False)
            label = Text(look, words, "small", tone="ink_soft", wrap=False)
            number.setAccessibleName(f"{figure} {words}")
            for text in (number, label):
                text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                column.addWidget(text)
            row.addLayout(column)
        row.addStretch(1)
        box.addLayout(row)

    def _add_buttons(
        self, box: QVBoxLayout, wanted: Sequence[tuple[str, str, str, Callable[[], object]]]
    ) -> None:
        look = self._look
        holder = QWidget()
        row = Flow(holder, gap=look.px(12))
        for place, (code, icon, keys, act) in enumerate(wanted):
            button = Button(
                look,
                self._messages(code),
                variant="primary" if place == 0 else "secondary",
                icon=icon,
                shows_key=keys,
                big=True,
            )
            button.clicked.connect(act)
            if place == 0:
                self.first_button = button
            row.addWidget(button)
        box.addSpacing(look.px(8))
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(holder, 100)
        line.addStretch(1)
        holder.setMaximumWidth(row.sizeHint().width())
        box.addLayout(line)

    def _done_sentence(self, sitting: Sitting) -> str:
        messages = self._messages
        if not sitting.answers:
            return messages.count("study.done-today", sitting.done_today)
        code, number = spent(sitting.taken)
        subjects = [subject_name(messages, name) for name in sitting.by_subject][:MOST_SUBJECTS]
        return messages.count(
            "study.done-sentence",
            sitting.answers,
            time=messages.count(code, number),
            subjects=messages("study.list-mark").join(subjects),
        )
