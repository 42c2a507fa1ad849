"""The page a candidate works on: head, question, overview at the side, and what to press next."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trainer.cards.response import Response
from trainer.desktop import keys
from trainer.desktop.controls import Button, Variant, bind_key
from trainer.desktop.exam.heading import ExamHeading, SaveLook
from trainer.desktop.exam.overview import OverviewPanel
from trainer.desktop.exam.question import PaperRender, QuestionPaper
from trainer.desktop.foot import SIDE as FOOT_SIDE
from trainer.desktop.foot import Foot, KeyedButton, SteadyPage, Strip
from trainer.desktop.look import Look
from trainer.desktop.question_sheet import Notice
from trainer.desktop.text import Text, Tone
from trainer.desktop.theme import COLUMN
from trainer.foundation.messages import Messages
from trainer.presenters.exam_sheets import Clock, Overview, QuestionSheet

SIDE = 282  # five cells, their gaps and a scroll bar
NARROW = 900  # below this width the overview is opened over the question
TELL_MS = 400  # typing is told when it pauses, and always before the question is left
NOTICE_MS = 12_000
MOST = (1 << 24) - 1  # as wide as Qt lets a widget be


class WorkPage(QWidget):
    """Knows how an exam looks and which key means what, not what an answer is worth."""

    answered = Signal(object)  # Response or None
    walked = Signal(tuple)
    wanted = Signal(int)  # number of a question
    turned = Signal(int)  # -1 back, 1 on
    flagged = Signal()
    flipped = Signal()
    finish_wanted = Signal()
    code_wanted = Signal()
    look_wanted = Signal()

    def __init__(
        self,
        look: Look,
        messages: Messages,
        render: PaperRender,
        title: str,
        candidate: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self._sheet: QuestionSheet | None = None
        self._pending = False  # something was entered that has not been told
        self._wide = True
        self._worded = True  # flag, language and overview say in words what they are
        self._opened = False  # the overview, where there is no room beside the question
        self.heading = ExamHeading(look, messages, title, candidate, self)
        self.page = SteadyPage(look, self)
        self.paper = QuestionPaper(look, messages, render, self.page)
        self.page.column.addWidget(self.paper)
        notes = Strip(look, self, top=8, bottom=0)
        self.note = Notice(look, notes.inner)
        self.note.setVisible(False)
        notes.row.addWidget(self.note)
        self._notes = notes
        notes.setVisible(False)
        self.overview = OverviewPanel(look, messages)
        self._keyed: list[tuple[KeyedButton, str]] = []
        self._side = self._made_side()
        self._foot = self._made_foot()
        self._filler = QWidget(self)  # holds the foot down while the page is away
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._side)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(notes)
        middle.addWidget(self.page, 1)
        middle.addWidget(self._filler, 1)
        middle.addWidget(self._foot)
        body.addLayout(middle, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # What is wide now may become narrow: the page says itself how small it can be.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(640, 360)
        column.addWidget(self.heading)
        column.addLayout(body, 1)
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(TELL_MS)
        self._telling.timeout.connect(self.tell_now)
        self._note_timer = QTimer(self)
        self._note_timer.setSingleShot(True)
        self._note_timer.timeout.connect(self._note_over)
        self._connect()

    # What the presenter asks for

    def show_question(self, sheet: QuestionSheet) -> None:
        same = self._sheet is not None and self._sheet.item.item_id == sheet.item.item_id
        self._sheet = sheet
        self.paper.ask(sheet)
        self._back.setEnabled(sheet.number > 1)
        self._on.set_text(self._messages("exam.on" if sheet.number < sheet.of else "exam.to-end"))
        self._name_buttons()
        self._place_side()
        if not same:
            self.page.verticalScrollBar().setValue(0)
            self._open_overview(False)
            self.paper.take_focus()

    def show_overview(self, overview: Overview) -> None:
        self.overview.show_overview(overview)
        words = self._messages("exam.answered-of", answered=len(overview.cells) - overview.empty)
        self._counts.set_text(f"{words} / {len(overview.cells)}")

    def show_clock(self, clock: Clock | None) -> None:
        self.heading.show_clock(clock)

    def show_saving(self, state: SaveLook, why: str = "") -> None:
        self.heading.show_saving(state)
        if why:
            self.show_note(why, "warning", stays=True)

    def show_note(self, words: str, tone: Tone = "ink_soft", *, stays: bool = False) -> None:
        """A line above the question, read aloud too; it goes by itself unless it `stays`."""
        icon = "triangle-alert" if tone == "warning" else "info"
        self.note.show_words(icon, tone, words)
        self._notes.setVisible(True)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.note, words))
        self._note_timer.stop()
        if not stays:
            self._note_timer.start(NOTICE_MS)

    def _note_over(self) -> None:
        self._notes.setVisible(False)

    def response(self) -> Response | None:
        """What stands in the controls now, unfinished input-method text included."""
        return self.paper.response()

    def tell_now(self) -> None:
        """Tell what was entered, if it has not been told."""
        self._telling.stop()
        if self._pending:
            self._pending = False
            self.answered.emit(self.paper.response())

    # Keys and buttons

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.isAutoRepeat() and key in keys.ENTERS:
            return
        if key in keys.ENTERS:
            self._turn(1)
        elif alt and key in {keys.LEFT, keys.RIGHT}:
            self._turn(-1 if key == keys.LEFT else 1)
        elif not self.page.scroll_by_key(key):
            super().keyPressEvent(event)

    def _turn(self, by: int) -> None:
        self.tell_now()
        self.turned.emit(by)

    def _changed(self, _response: object) -> None:
        self._pending = True
        # A click is told at once; letters when they pause.
        if self.paper.answers.types:
            self._telling.start()
        else:
            self.tell_now()

    def _connect(self) -> None:
        self.paper.answered.connect(self._changed)
        self.paper.walked.connect(self.walked)
        self.paper.done.connect(lambda: self._turn(1))
        self.paper.moved.connect(self.page.show_widget)
        self.overview.chosen.connect(self._go)

        def on(button: Button, act: Callable[[], object]) -> None:
            button.clicked.connect(lambda _=False: act())

        on(self._back, lambda: self._turn(-1))
        on(self._on, lambda: self._turn(1))
        on(self._flag, self.flagged.emit)
        on(self._flip, self.flipped.emit)
        on(self._list, lambda: self._open_overview(not self._opened))
        on(self._finish, self._want_to_finish)
        on(self._code, self.code_wanted.emit)
        on(self._view, self.look_wanted.emit)
        bind_key(self, "Alt+F", self.flagged.emit)
        bind_key(self, "Alt+O", self._to_overview)
        bind_key(self, "F10", self._want_to_finish)
        bind_key(self, "F9", self.code_wanted.emit)
        bind_key(self, "F8", self.look_wanted.emit)
        bind_key(self, "Alt+L", self.flipped.emit)

    def _want_to_finish(self) -> None:
        self.tell_now()
        self.finish_wanted.emit()

    def _go(self, number: int) -> None:
        self.tell_now()
        self.wanted.emit(number)

    def _to_overview(self) -> None:
        if not self._wide:
            self._open_overview(not self._opened)
        here = next((cell for cell in self.overview.cells if cell.cell.here), None)
        if here is not None and not self._side.isHidden():
            here.setFocus(Qt.FocusReason.TabFocusReason)

    def _open_overview(self, on: bool) -> None:
        self._opened = on
        self._place_side()

    def _place_side(self) -> None:
        self._side.setVisible(self._wide or self._opened)
        self._side.setMaximumWidth(self._look.px(SIDE) if self._wide else MOST)
        self.page.setVisible(self._wide or not self._opened)
        self._filler.setVisible(self.page.isHidden())
        self._list.setVisible(not self._wide)
        # Beside the open overview there is room for the way back to the question, and the end.
        covered = self._opened and not self._wide
        self._back.setVisible(not covered)
        self._flag.setVisible(not covered)
        other = self._sheet is not None and self._sheet.has_other_language
        self._flip.setVisible(other and not covered)
        self._fit_foot()

    def _fit_foot(self) -> None:
        """Where room is short the keys are told by the sheet of keys, and then some words by their
        icons."""
        for caps, words in ((True, True), (False, True), (False, False)):
            for button, key in self._keyed:
                button.show_key(key if caps and self._wide else "")
            self._worded = words and self._wide
            self._name_buttons()
            shown = [button for button, _ in self._keyed if not button.isHidden()]
            need = sum(button.sizeHint().width() for button in shown)
            need += self._foot.row.spacing() * len(shown)
            if need <= self._foot_width():
                break

    def _foot_width(self) -> int:
        side = 0 if self._side.isHidden() else self._look.px(SIDE)
        room = self.width() - side - 2 * self._look.px(FOOT_SIDE)
        return min(room, self._look.px(COLUMN))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._wide = self.width() >= self._look.px(NARROW)
        self._place_side()

    def _name_buttons(self) -> None:
        flagged = self._sheet is not None and self._sheet.flagged
        for button, code in (
            (self._flag, "exam.unflag" if flagged else "exam.flag"),
            (self._flip, "exam.other-language"),
            (self._list, "exam.overview"),
        ):
            words = self._messages(code)
            button.setToolTip("" if self._worded else words)
            button.set_text(words if self._worded else "")

    # Parts

    def _made_side(self) -> QFrame:
        look, words = self._look, self._messages
        side = QFrame(self)
        side.setMinimumWidth(look.px(SIDE))
        column = QVBoxLayout(side)
        column.setContentsMargins(look.px(24), look.px(16), look.px(8), look.px(12))
        column.setSpacing(look.px(12))
        self._counts = Text(look, step="control", tone="ink_soft", tabular=True, fill=True)
        column.addWidget(self._counts)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, look.px(8), 0)
        inside.addWidget(self.overview)
        inside.addStretch(1)
        scroll.setWidget(holder)
        column.addWidget(scroll, 1)
        self._code = Button(look, words("exam.code"), variant="quiet", icon="lock", shows_key="F9")
        self._view = Button(look, words("exam.view"), variant="quiet", icon="sun", shows_key="F8")
        column.addWidget(self._view)
        column.addWidget(self._code)
        return side

    def _made_foot(self) -> Foot:
        look, words = self._look, self._messages
        foot = Foot(look, self)

        def button(
            code: str, key: str, icon: str = "", variant: Variant = "secondary"
        ) -> KeyedButton:
            made = KeyedButton(
                look, words(code), variant=variant, icon=icon, shows_key=key, parent=foot
            )
            self._keyed.append((made, key))
            return made

        self._back = button("exam.back", "Alt+Left", "arrow-left")
        self._flag = button("exam.flag", "Alt+F", "flag", "quiet")
        self._flip = button("exam.other-language", "Alt+L", "languages", "quiet")
        self._list = button("exam.overview", "Alt+O", "list", "quiet")
        self._finish = button("exam.finish", "F10")
        self._on = button("exam.on", "Return", variant="primary")
        for part in (self._back, self._flag, self._flip, self._list):
            foot.row.addWidget(part)
        foot.row.addStretch(1)
        foot.row.addWidget(self._finish)
        foot.row.addWidget(self._on)
        return foot
