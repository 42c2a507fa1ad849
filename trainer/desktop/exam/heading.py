"""The head of the candidate's window: which exam, whether all is saved, and how long there is."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from trainer.desktop.layouts import stack
from trainer.desktop.look import Look
from trainer.desktop.question_sheet import Notice
from trainer.desktop.text import Text, Tone, fill
from trainer.foundation.messages import Messages
from trainer.presenters.exam_sheets import Clock, Urgency, as_clock

SaveLook = Literal["saved", "saving", "trouble"]

_SAVE_LOOKS: dict[SaveLook, tuple[str, Tone]] = {
    "saved": ("circle-check", "good"),
    "saving": ("circle-dashed", "ink_soft"),
    "trouble": ("triangle-alert", "warning"),
}
_CLOCK_LOOKS: dict[Urgency, tuple[str, Tone]] = {
    "calm": ("clock", "ink"),
    "soon": ("hourglass", "warning"),
    "last": ("hourglass", "warning"),
}


class ExamHeading(QFrame):
    """Stays at the top, whatever is below."""

    def __init__(
        self, look: Look, messages: Messages, title: str, candidate: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        line = QHBoxLayout(self)
        line.setContentsMargins(look.px(24), look.px(10), look.px(24), look.px(10))
        line.setSpacing(look.px(24))
        names = stack(look, gap=0)
        self.title = Text(look, title, "control", bold=True, wrap=False)
        self.candidate = Text(
            look,
            messages("exam.candidate", number=candidate),
            "small",
            tone="ink_soft",
            wrap=False,
        )
        names.addWidget(self.title)
        names.addWidget(self.candidate)
        line.addLayout(names, 1)
        self.saving = Notice(look, self, step="control", one_line=True)
        self.saving.setMinimumWidth(look.px(140))
        self.clock = Notice(look, self, step="lead", one_line=True)
        self.clock.words.setFont(look.font("lead", bold=True, tabular=True))
        self.clock.setMinimumWidth(look.px(128))
        line.addWidget(self.saving, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.clock, 0, Qt.AlignmentFlag.AlignVCenter)
        self._saved: SaveLook | None = None
        self.show_saving("saved")

    def show_saving(self, state: SaveLook) -> None:
        """Words and sign together; a change to trouble is read aloud."""
        if state == self._saved:
            return
        self._saved = state
        icon, tone = _SAVE_LOOKS[state]
        words = self._messages(f"exam.{state}")
        self.saving.show_words(icon, tone, words)
        if state == "trouble":
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def show_clock(self, clock: Clock | None) -> None:
        """None while the clock does not run."""
        self.clock.setVisible(clock is not None)
        if clock is None:
            return
        icon, tone = _CLOCK_LOOKS[clock.urgency]
        words = as_clock(clock.left)
        if clock.section_left is not None:
            words = f"{as_clock(clock.section_left)} / {words}"
        self.clock.show_words(icon, tone, words)
        minutes = -(-clock.left // 60)
        self.clock.setAccessibleName(self._messages.count("exam.minutes-left", minutes))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        fill(painter, self.rect(), self._look.colours.surface)
        fill(painter, self.rect().adjusted(0, self.height() - 1, 0, 0), self._look.colours.line)
