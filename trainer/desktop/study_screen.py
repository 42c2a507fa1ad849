"""Study: one question at a time, by keyboard alone if one likes."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trainer.cards.response import Response
from trainer.desktop import keys
from trainer.desktop.background import BackgroundTask
from trainer.desktop.card_view import Render
from trainer.desktop.controls import Button
from trainer.desktop.desk import Desk
from trainer.desktop.foot import Foot, KeyedButton, ShareLine, SteadyPage, Strip
from trainer.desktop.question_sheet import Notice, QuestionSheet
from trainer.desktop.rating_bar import RatingBar
from trainer.desktop.sittings import open_session, tomorrow_of
from trainer.desktop.text import KeyCap, Text, Tone
from trainer.foundation.errors import TrainerError
from trainer.presenters.saving import SaveState
from trainer.presenters.study import Answered, Asked, Phase, Sitting, StudyPresenter
from trainer.scheduling.rating import Rating
from trainer.services.study import Counts, Selection

if TYPE_CHECKING:
    from trainer.desktop.study_ends import StudyEnds

NOTE_MS = 4000
SAVING_LOOK_MS = 25
SECOND_MS = 1000
WIDE = 720  # from this width on the commands show their letters
LOW = 640  # below this height air is saved

# Commands on single letters, and Alt with them where letters answer: (letter, icon, code).
COMMANDS = (
    ("Z", "undo-2", "study.undo"),
    ("L", "languages", "study.flip"),
    ("F", "flag", "study.flag"),
    ("A", "message-circle-question-mark", "study.ask-teacher"),
    ("B", "clock", "study.bury"),
    ("S", "ban", "study.suspend"),
)
_RATINGS = {
    ord("1"): Rating.AGAIN,
    ord("2"): Rating.HARD,
    ord("3"): Rating.GOOD,
    ord("4"): Rating.EASY,
}


class KeptSitting(Struct, frozen=True):
    """A sitting between two screens."""

    presenter: StudyPresenter | None
    selection: Selection
    entered: Response | None

    def close(self) -> None:
        if self.presenter is not None:
            self.presenter.close()


class StudyScreen(QWidget):
    """Knows how study looks and which key means what, not what an answer does."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._selection = Selection()
        # Kept here because a signal does not keep a plain object's method alive.
        self._presenter: StudyPresenter | None = None
        self._looking_ahead: BackgroundTask | None = None
        look, messages = desk.look, desk.messages
        render = Render(desk.library.folders)
        self.progress = ShareLine(look, messages("study.progress"), self)
        self._page = SteadyPage(look, self)
        self.sheet = QuestionSheet(look, messages, render, self._page)
        self._page.column.addWidget(self.sheet)
        self.sheet.checked.connect(self.check)
        self.sheet.changed.connect(self._entry_changed)
        self.sheet.moved.connect(self._page.show_widget)
        self._ends: StudyEnds | None = None
        self._bodies = QStackedWidget(self)
        self._bodies.addWidget(self._page)
        self._foot = self._made_foot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.progress)
        column.addWidget(self._made_head())
        column.addWidget(self._bodies, 1)
        column.addWidget(self._foot)
        self._note_timer = self._timer(NOTE_MS, self._note_over, single=True)
        self._saving_timer = self._timer(SAVING_LOOK_MS, self._look_at_saving)
        self._waiting_timer = self._timer(SECOND_MS, self._tick)

    # What the window asks of a screen

    def on_shown(self) -> None:
        presenter = self._presenter
        # Something may wait by now: a new day, a card that was resumed, an updated deck.
        if presenter is None or presenter.phase in {Phase.FINISHED, Phase.EMPTY}:
            self.start(self._selection)
            return
        try:
            presenter.look_again()
        except TrainerError as error:
            self._desk.shell.say(error)
        self._put_focus()

    def start(self, selection: Selection) -> None:
        """Study the cards of `selection` from now on."""
        self.close_down()
        self._selection = selection
        try:
            session = open_session(self._desk, selection)
        except TrainerError as error:
            self.show_empty()
            self._desk.shell.say(error)
            return
        self._presenter = StudyPresenter(session, self, self._desk.clock)
        self._presenter.show_next()

    def close_down(self) -> None:
        """Wait until every answer is on the disk. A disk that refuses is told by the window."""
        self._stop_looking()
        presenter, self._presenter = self._presenter, None
        if presenter is not None:
            try:
                presenter.close()
            except TrainerError as error:
                self._desk.shell.say(error)

    def kept(self) -> object:
        """The sitting, to be gone on with by another screen."""
        self._stop_looking()
        entered = self.sheet.answers.response() if self._presenter is not None else None
        presenter, self._presenter = self._presenter, None
        return KeptSitting(presenter, self._selection, entered)

    def take_up(self, kept: object) -> None:
        if isinstance(kept, KeptSitting):
            self._selection = kept.selection
            self._presenter = kept.presenter
            if kept.presenter is not None:
                kept.presenter.move_to(self, kept.entered)

    def _stop_looking(self) -> None:
        for timer in (self._note_timer, self._saving_timer, self._waiting_timer):
            timer.stop()
        if self._looking_ahead is not None:
            self._looking_ahead.wait()
            self._looking_ahead = None

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("Return", "study.key.check"),
            ("T / F", "study.key.judge"),
            ("1–9", "study.key.option"),
            ("A–I", "study.key.option"),
            ("0", "study.key.give-up"),
            ("Ctrl+Return", "study.key.give-up-typing"),
            ("Up", "study.key.rows"),
            ("Alt+Up", "study.key.move"),
            ("1–4", "study.key.rate"),
            *((letter, code) for letter, _, code in COMMANDS),
            ("Alt+L", "study.key.alt"),
            ("Ctrl+Z", "study.undo"),
            ("Esc", "study.key.back"),
        ]

    @property
    def ends(self) -> "StudyEnds":
        """The page for when no question waits, made when that happens first."""
        if self._ends is None:
            # Start-up does not pay for the end of a sitting.
            from trainer.desktop.study_ends import StudyEnds

            self._ends = StudyEnds(self._desk.look, self._desk.messages, self)
            self._ends.ahead_wanted.connect(self._study_ahead)
            self._ends.place_wanted.connect(self._desk.shell.go)
            self._bodies.addWidget(self._ends)
        return self._ends

    # StudyView

    def show_question(self, asked: Asked, response: Response | None) -> None:
        self._waiting_timer.stop()
        if self._ends is not None:
            self._ends.clear()
        with self.sheet.changing():
            self.sheet.ask(asked, response)
            self._bodies.setCurrentWidget(self._page)
            self._rating.setVisible(False)
            self._asking.setVisible(True)
            self._foot.setVisible(True)
            self._show_commands(on_card=True)
            shows = asked.kind in {"recall", "term"}
            self._check.set_text(self._words("study.show-answer" if shows else "study.check"))
            self._give_up.setVisible(not shows)
            self._fit_keys()
            self._note_over()
        self._page.verticalScrollBar().setValue(0)
        self._put_focus()

    def show_answer(self, answered: Answered) -> None:
        with self.sheet.changing():
            self.sheet.show_answer(answered.asked, answered.sheet)
            self._asking.setVisible(False)
            self._rating.setVisible(True)
            self._rating.offer(answered.intervals, answered.proposed)
            self._fit_keys()
        self._page.show_widget(self.sheet.verdict)

    def show_counts(self, counts: Counts, share: float, *, can_undo: bool) -> None:
        self._counts.set_text(
            self._words("study.counts", new=counts.new, learning=counts.learning, due=counts.due)
        )
        self.progress.show_share(share)
        self.commands["Z"].setEnabled(can_undo)

    def show_marks(self, *, flagged: bool, asks_teacher: bool) -> None:
        self.sheet.show_marks(flagged=flagged, asks_teacher=asks_teacher)

    def show_warning(self, code: str) -> None:
        self._say("triangle-alert", "warning", self._words(code))

    def show_note(self, code: str) -> None:
        self._say("info", "ink_soft", self._words(code))

    def show_saving(self, state: SaveState, trouble: TrainerError | None) -> None:
        if state == "saving":
            self._saving_timer.start()
            return
        if not self._presenter or not self._presenter.saving:
            self._saving_timer.stop()
        if trouble is not None:
            why = self._words(trouble.code, **trouble.blanks)
            self._trouble.show_words(
                "triangle-alert", "warning", self._words("study.not-saved", why=why)
            )
        else:
            self._trouble.setVisible(False)
            self._ask_for_tomorrow()
            if not self._note_timer.isActive():
                self._note.show_words("check", "ink_soft", self._words("study.saved"))

    def show_waiting(self, wakes_in: timedelta, sitting: Sitting) -> None:
        self.ends.show_waiting(wakes_in, sitting)
        self._show_end()
        if not self._waiting_timer.isActive():
            self._waiting_timer.start()

    def show_finished(self, sitting: Sitting) -> None:
        self.ends.show_finished(sitting)
        self._show_end()
        if self._presenter is not None and not self._presenter.saving:
            self._ask_for_tomorrow()

    def show_empty(self) -> None:
        self.ends.show_empty()
        self._show_end()

    # Keys and buttons

    def check(self) -> None:
        """Check what is entered, if there is anything."""
        if self._presenter is None:
            return
        response = self.sheet.answers.response()
        if response is None:
            self._say("info", "ink_soft", self._words("study.nothing-entered"))
        else:
            self._presenter.check(response)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        presenter = self._presenter
        if presenter is None:
            super().keyPressEvent(event)
        elif event.isAutoRepeat() and not self._scrolls(event.key()):
            return  # a key held down is one answer, not twenty
        elif event.matches(QKeySequence.StandardKey.Undo):
            presenter.undo()
        elif not self._take_command(event) and not self._take_key(event, presenter):
            super().keyPressEvent(event)

    def _take_command(self, event: QKeyEvent) -> bool:
        """A letter alone where no letter answers, or with Alt anywhere."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        letter = keys.letter_of(event.key())
        if letter not in self.commands or not letter:
            return False
        alt = modifiers == Qt.KeyboardModifier.AltModifier
        alone = modifiers == Qt.KeyboardModifier.NoModifier and letter not in self._taken_letters()
        if alt or alone:
            self._command(letter)
            return True
        return False

    def _take_key(self, event: QKeyEvent, presenter: StudyPresenter) -> bool:
        key, phase = event.key(), presenter.phase
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == keys.ESCAPE:
            self._desk.shell.go("today")
        elif phase is Phase.ANSWERED and key in _RATINGS:
            presenter.rate(_RATINGS[key])
        elif phase is Phase.ANSWERED and (key in keys.ENTERS or key == keys.SPACE):
            presenter.accept()
        elif phase is Phase.ASKING and (
            (key in keys.ENTERS and control) or (key == ord("0") and not control)
        ):
            presenter.give_up()
        elif phase is Phase.ASKING and (key in keys.ENTERS or key == keys.SPACE):
            self.check()
        elif phase not in {Phase.ASKING, Phase.ANSWERED} and key in keys.ENTERS:
            if self.ends.first_button is not None:
                self.ends.first_button.click()
        else:
            return self._scroll(key)
        return True

    def _scrolls(self, key: int) -> bool:
        return key in {keys.UP, keys.DOWN, keys.PAGE_UP, keys.PAGE_DOWN}

    def _scroll(self, key: int) -> bool:
        page = self.ends if self._bodies.currentWidget() is self._ends else self._page
        return page.scroll_by_key(key)

    def _command(self, letter: str) -> None:
        presenter = self._presenter
        if presenter is None:
            return
        match letter:
            case "Z":
                presenter.undo()
            case "L":
                presenter.flip(self.sheet.answers.response())
            case "F":
                presenter.flag()
            case "A":
                presenter.ask_teacher()
            case "B":
                presenter.bury()
            case "S":
                presenter.suspend()
            case _:
                raise ValueError(letter)

    def _taken_letters(self) -> str:
        """Letters that belong to the answer now."""
        presenter = self._presenter
        if presenter is None or presenter.phase is not Phase.ASKING:
            return ""
        answers = self.sheet.answers
        if answers.types:
            return "".join(self.commands)
        return answers.letters

    def _ask_for_tomorrow(self) -> None:
        """Look up, off this thread, what comes back tomorrow; the last answer is on the disk."""
        finished = self._presenter is not None and self._presenter.phase is Phase.FINISHED
        if not finished or self._looking_ahead is not None:
            return
        ask = tomorrow_of(self._desk)
        task = BackgroundTask(lambda _report: ask(), self)
        self._looking_ahead = task
        task.succeeded.connect(self._show_tomorrow)
        task.failed.connect(self._no_tomorrow)
        task.start()

    def _show_tomorrow(self, cards: int) -> None:
        self._looking_ahead = None
        if self._presenter is not None and self._presenter.phase is Phase.FINISHED:
            self.ends.show_tomorrow(cards)

    def _no_tomorrow(self, error: Exception) -> None:
        self._looking_ahead = None
        # The page does without the figure when the file cannot be read just now.
        if not isinstance(error, TrainerError):
            raise error

    def _study_ahead(self) -> None:
        if self._presenter is not None:
            self._presenter.study_ahead()

    def _give_up_now(self) -> None:
        if self._presenter is not None:
            self._presenter.give_up()

    def _rate(self, rating: Rating) -> None:
        if self._presenter is not None:
            self._presenter.rate(rating)

    # Parts

    def _made_head(self) -> Strip:
        look = self._desk.look
        head = Strip(look, self, top=8, bottom=0)
        inner, row = head.inner, head.row
        row.setSpacing(look.px(4))
        self._counts = Text(look, step="small", tone="ink_soft", tabular=True, wrap=False)
        self._note = Notice(look, inner, step="small", one_line=True)
        self._note.setVisible(False)
        self._alt = KeyCap(look, "Alt", inner)
        self._alt.setToolTip(self._words("study.key.alt"))
        policy = self._alt.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the commands stay where they are
        self._alt.setSizePolicy(policy)
        row.addWidget(self._counts)
        row.addSpacing(look.px(12))
        row.addWidget(self._note, 1)
        row.addWidget(self._alt)
        self.commands: dict[str, KeyedButton] = {}
        for letter, icon, code in COMMANDS:
            name = self._words(code)
            command = KeyedButton(
                look, "", variant="quiet", icon=icon, shows_key=letter, parent=inner
            )
            command.setToolTip(f"{name} ({letter}, Alt+{letter})")
            command.setAccessibleName(name)
            command.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            command.clicked.connect(partial(self._command, letter))
            self.commands[letter] = command
            row.addWidget(command)
        self._trouble = Notice(look, inner)
        self._trouble.setVisible(False)
        head.lines.addWidget(self._trouble)
        return head

    def _made_foot(self) -> Foot:
        look = self._desk.look
        foot = Foot(look, self)
        self._asking = QWidget(foot)
        row = QHBoxLayout(self._asking)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        self._give_up = KeyedButton(
            look, self._words("study.give-up"), variant="quiet", shows_key="0", big=True
        )
        self._give_up.clicked.connect(self._give_up_now)
        self._check = Button(
            look, self._words("study.check"), variant="primary", shows_key="Return", big=True
        )
        self._check.clicked.connect(self.check)
        row.addWidget(self._give_up)
        row.addStretch(1)
        row.addWidget(self._check)
        self._rating = RatingBar(look, self._desk.messages, foot)
        self._rating.rated.connect(self._rate)
        self._rating.setVisible(False)
        foot.row.addWidget(self._asking, 1)
        foot.row.addWidget(self._rating, 1)
        return foot

    def _fit_keys(self) -> None:
        """Show letters where there is room, and Alt before them where letters answer."""
        wide = self.width() >= self._desk.look.px(WIDE)
        for letter, command in self.commands.items():
            command.show_key(letter if wide else "")
        taken = self._taken_letters()
        self._alt.setVisible(wide and any(letter in taken for letter in self.commands))
        self._give_up.show_key("Ctrl+Return" if self.sheet.answers.types else "0")

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        if self._presenter is not None:
            self._presenter.look_away()

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        if self._presenter is not None:
            self._presenter.look_back()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.sheet.set_tight(self.height() < self._desk.look.px(LOW))
        self._fit_keys()

    def _show_end(self) -> None:
        self._bodies.setCurrentWidget(self.ends)
        self._foot.setVisible(False)
        self._alt.setVisible(False)
        self._show_commands(on_card=False)
        self._put_focus()

    def _show_commands(self, *, on_card: bool) -> None:
        """Without a card only the last answer can be commanded: back."""
        for letter, command in self.commands.items():
            command.setVisible(on_card or letter == "Z")

    def _put_focus(self) -> None:
        phase = self._presenter.phase if self._presenter is not None else Phase.EMPTY
        if phase is Phase.ASKING:
            self.sheet.answers.take_focus()
        elif phase is Phase.ANSWERED:
            self._rating.take_focus()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _entry_changed(self) -> None:
        self._note_over()

    def _say(self, icon: str, tone: Tone, text: str) -> None:
        self._note.show_words(icon, tone, text)
        self._note_timer.start()

    def _note_over(self) -> None:
        self._note_timer.stop()
        self._note.setVisible(False)

    def _look_at_saving(self) -> None:
        if self._presenter is not None:
            self._presenter.look_at_saving()

    def _tick(self) -> None:
        if self._presenter is not None:
            self._presenter.tick()

    def _timer(self, milliseconds: int, act: Callable[[], None], *, single: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.setSingleShot(single)
        timer.timeout.connect(act)
        return timer

    def _words(self, code: str, **blanks: object) -> str:
        return self._desk.messages(code, **blanks)
