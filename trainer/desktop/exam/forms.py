"""The pages before the clock runs: open the package, say who one is, hear the words, begin."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trainer.desktop.controls import Button, Card, Picture, Tile
from trainer.desktop.fields import Field
from trainer.desktop.layouts import Flow, Page, row
from trainer.desktop.look import Look
from trainer.desktop.text import Text, Tone
from trainer.desktop.theme import token
from trainer.exams.keys import ALPHABET
from trainer.foundation.messages import Messages

WIDTH = 620


def line_of(look: Look, icon: str, words: str, tone: Tone) -> QHBoxLayout:
    """A sentence with its icon."""
    line = row(look, gap=12)
    ink = token(look.colours, tone)
    line.addWidget(Picture(look, icon, colour=ink), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Text(look, words, "body", tone=tone, fill=True), 1)
    return line


class ExamForm(Page):
    """A page with a title, what is put on `body`, and a row of buttons; Esc goes back."""

    back_wanted = Signal()

    def __init__(
        self,
        look: Look,
        messages: Messages,
        title: str,
        more: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent, width=WIDTH)
        self._look, self._messages = look, messages
        self.first_control: QWidget | None = None
        self.column.addWidget(Text(look, title, "title", bold=True))
        if more:
            self.column.addWidget(Text(look, more, "body", tone="ink_soft"))
        self.card = Card(look, padding=28)
        self.card.body.setSpacing(look.px(20))
        self.body: QVBoxLayout = self.card.body
        self.column.addWidget(self.card)
        self.foot = row(look, gap=12)
        self.column.addLayout(self.foot)
        self.column.addStretch(1)

    def take_focus(self) -> None:
        if self.first_control is not None:
            self.first_control.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_field(self, code: str, name: str, *, explain: str = "", secret: bool = False) -> Field:
        """A line to type into; what goes wrong with it is said below."""
        line = QLineEdit()
        line.setObjectName(name)
        line.setFont(self._look.font("lead"))
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        field = Field(
            self._look,
            self._messages(code),
            line,
            explain=self._messages(explain) if explain else "",
        )
        line.textEdited.connect(field.clear_wrong)
        self.body.addWidget(field)
        self.first_control = self.first_control or line
        return field

    def add_fact(self, code: str, value: str, *, tone: Tone = "ink") -> None:
        """Something to read and compare: a label, and what there is to say."""
        line = row(self._look, gap=16)
        label = Text(self._look, self._messages(code), "control", tone="ink_soft")
        label.setMinimumWidth(self._look.px(168))
        line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        words = Text(self._look, value, "body", tone=tone, bold=True, tabular=True)
        words.setAccessibleName(f"{self._messages(code)}: {value}")
        line.addWidget(words, 1)
        self.body.addLayout(line)

    def add_line(self, icon: str, words: str, tone: Tone = "ink") -> None:
        self.body.addLayout(line_of(self._look, icon, words, tone))

    def add_go(self, code: str, act: Callable[[], object]) -> Button:
        go = Button(self._look, self._messages(code), variant="primary", key="Return", big=True)
        go.clicked.connect(lambda _=False: act())
        if not self.foot.count():
            self.foot.addStretch(1)
        self.foot.addWidget(go)
        self.first_control = self.first_control or go
        return go

    def add_back(self, code: str = "exam.to-back") -> Button:
        back = Button(self._look, self._messages(code), variant="quiet", key="Esc", big=True)
        back.clicked.connect(self.back_wanted)
        self.foot.addWidget(back)
        self.foot.addStretch(1)
        return back


class OpenForm(ExamForm):
    """Which package: those that were found on sticks and shares, or a file of one's choice."""

    chosen = Signal(str)  # path
    browse_wanted = Signal()
    proctor_wanted = Signal()

    def __init__(
        self,
        look: Look,
        messages: Messages,
        found: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        *,
        looking: bool = False,
    ) -> None:
        """`found` are (path, words that say where it lies); `looking` while drives are asked."""
        super().__init__(
            look, messages, messages("exam.open-title"), messages("exam.open-more"), parent
        )
        for number, (path, where) in enumerate(found, start=1):
            tile = Tile(
                look,
                path.replace("\\", "/").rpartition("/")[2],
                where,
                icon="file-text",
                key=str(number) if number <= 9 else "",
            )
            tile.setObjectName(f"package-{number}")
            tile.clicked.connect(lambda _=False, path=path: self.chosen.emit(path))
            self.body.addWidget(tile)
            self.first_control = self.first_control or tile
        if not found:
            code = "exam.open-looking" if looking else "exam.open-none"
            self.add_line("search" if looking else "info", messages(code), "ink_soft")
        browse = Button(look, messages("exam.browse"), icon="folder-open", key="Ctrl+O", big=True)
        browse.setObjectName("browse")
        browse.clicked.connect(self.browse_wanted)
        self.body.addWidget(browse, 0, Qt.AlignmentFlag.AlignLeft)
        self.first_control = self.first_control or browse
        self.add_back()
        proctor = Button(
            look, messages("proctor.title"), variant="quiet", icon="list-checks", key="Ctrl+P"
        )
        proctor.setObjectName("proctor")
        proctor.clicked.connect(self.proctor_wanted)
        self.foot.addWidget(proctor)


class IdentifyForm(ExamForm):
    """Candidate number and the code on the slip."""

    entered = Signal(str, str)

    def __init__(
        self, look: Look, messages: Messages, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, messages, title, messages("exam.identify-more"), parent)
        self.number = self.add_field("exam.number", "number")
        self.ticket = self.add_field("exam.ticket", "ticket", explain="exam.ticket-how")
        self.add_back()
        self.add_go("exam.identify", self._enter)

    def _enter(self) -> None:
        number, ticket = self.number.control, self.ticket.control
        if isinstance(number, QLineEdit) and isinstance(ticket, QLineEdit):
            self.entered.emit(number.text(), ticket.text())


class WordsForm(ExamForm):
    """What the proctor compares and reads out; the exam opens with six words or the start key."""

    entered = Signal(str)
    key_wanted = Signal()

    def __init__(
        self,
        look: Look,
        messages: Messages,
        title: str,
        facts: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """`facts` are (message code of the label, value): teacher's words, program mark, time."""
        super().__init__(look, messages, title, messages("exam.words-more"), parent)
        for code, value in facts:
            self.add_fact(code, value)
        self.words = self.add_field("exam.words", "words", explain="exam.words-how")
        self.add_back()
        key = Button(look, messages("exam.start-key"), key="Ctrl+O", big=True)
        key.clicked.connect(self.key_wanted)
        self.foot.addWidget(key)
        self.add_go("exam.open", self._enter)

    def _enter(self) -> None:
        if isinstance(self.words.control, QLineEdit):
            self.entered.emit(self.words.control.text())


class RulesForm(ExamForm):
    """How long, how it is saved, what happens at the end; the clock runs when this page is left."""

    begun = Signal()

    def __init__(
        self,
        look: Look,
        messages: Messages,
        title: str,
        lines: Sequence[tuple[str, str, Tone]],
        *,
        resumed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`lines` are (icon, sentence, tone)."""
        more = messages("exam.rules-resumed" if resumed else "exam.rules-more")
        super().__init__(look, messages, title, more, parent)
        for icon, words, tone in lines:
            self.add_line(icon, words, tone)
        self.add_go("exam.go-on" if resumed else "exam.begin", self.begun.emit)


class CodePad(QWidget):
    """The characters of codes, to be clicked: a keyboard that died must not end an exam. Whoever
    has one does not meet these keys on the way with Tab."""

    def __init__(self, look: Look, messages: Messages, line: QLineEdit) -> None:
        super().__init__()
        keys = Flow(self, gap=look.px(4))
        acts: list[tuple[str, str, Callable[[], object]]] = [
            (letter, f"pad-{letter}", partial(line.insert, letter)) for letter in ALPHABET
        ]
        for words, name, act in (*acts, (messages("exam.code-erase"), "pad-erase", line.backspace)):
            key = Button(look, words)
            key.setObjectName(name)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.clicked.connect(lambda _=False, act=act: act())
            key.clicked.connect(lambda _=False: line.textEdited.emit(line.text()))
            keys.addWidget(key)


class CodeForm(ExamForm):
    """A code of the proctor's sheet, where the exam stands still without one."""

    entered = Signal(str)

    def __init__(
        self,
        look: Look,
        messages: Messages,
        title: str,
        why: str,
        *,
        may_leave: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, messages, title, why, parent)
        self.code = self.add_field("exam.code-field", "code", explain="exam.code-how")
        by_mouse = Button(look, messages("exam.code-mouse"), variant="quiet")
        by_mouse.setObjectName("code-mouse")
        if isinstance(self.code.control, QLineEdit):
            pad = CodePad(look, messages, self.code.control)
            pad.hide()
            self.body.addWidget(pad)
            by_mouse.clicked.connect(lambda _=False: pad.setVisible(not pad.isVisible()))
        if may_leave:
            self.add_back()
        self.foot.addWidget(by_mouse)
        if not may_leave:
            self.foot.addStretch(1)
        self.add_go("exam.code-use", self._enter)

    def _enter(self) -> None:
        if isinstance(self.code.control, QLineEdit):
            self.entered.emit(self.code.control.text())
