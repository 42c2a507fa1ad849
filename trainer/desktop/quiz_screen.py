"""Quiz: put together, answered without ratings, and looked at in the end."""

from collections.abc import Callable
from random import SystemRandom

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.card_view import Render
from trainer.desktop.controls import Button
from trainer.desktop.desk import Desk
from trainer.desktop.foot import Foot, KeyedButton, ShareLine, SteadyPage, Strip
from trainer.desktop.question_sheet import Notice, QuestionSheet
from trainer.desktop.quiz_result import QuizResultPage
from trainer.desktop.quiz_setup import QuizSetup
from trainer.desktop.sittings import begin_quiz
from trainer.desktop.text import Text
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Setting
from trainer.presenters.quiz import Phase, QuizPresenter, ResultSheet, Setup, Shown
from trainer.presenters.saving import SaveState
from trainer.presenters.study import Asked
from trainer.services.quiz import Feedback

CHOICES = Setting("quiz-choices", "")  # as `Choices.to_text` writes them
SAVING_LOOK_MS = 25
LOW = 640  # below this height air is saved


class QuizScreen(QWidget):
    """Knows how a quiz looks and which key means what, not what an answer is worth."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._of = 1  # questions of the quiz
        self._given_away = False  # the quiz goes on in another screen
        look, messages = desk.look, desk.messages
        render = Render(desk.library.folders)
        self.progress = ShareLine(look, messages("quiz.progress"), self)
        self._page = SteadyPage(look, self)
        self.sheet = QuestionSheet(look, messages, render, self._page)
        self._page.column.addWidget(self.sheet)
        self.setup = QuizSetup(look, messages, self)
        self.result = QuizResultPage(look, messages, render, self)
        self.result.rule_wanted.connect(desk.shell.read)
        self._bodies = QStackedWidget(self)
        for body in (self.setup, self._page, self.result):
            self._bodies.addWidget(body)
        self._head = self._made_head()
        notes = Strip(look, self, top=8, bottom=0)
        self.note = Notice(look, notes.inner)
        self.note.setVisible(False)
        notes.row.addWidget(self.note)
        self._foot = self._made_foot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.progress, self._head, notes):
            column.addWidget(part)
        column.addWidget(self._bodies, 1)
        column.addWidget(self._foot)
        self._saving_timer = QTimer(self)
        self._saving_timer.setInterval(SAVING_LOOK_MS)
        # Kept here because a signal does not keep a plain object's method alive.
        self._presenter = QuizPresenter(
            desk.library.decks(desk.language),
            self,
            desk.clock,
            begin=lambda plan: begin_quiz(desk, plan),
            remember=self._remember,
            remembered=desk.settings[CHOICES],
            new_seed=lambda: SystemRandom().getrandbits(48),
        )
        self._connect()
        self._presenter.show_setup()

    # What the window asks of a screen

    def on_shown(self) -> None:
        self._presenter.use_decks(self._desk.library.decks(self._desk.language))
        self._put_focus()

    def choose_chapter(self, deck_id: str) -> None:
        """Set up a quiz about one chapter."""
        self._presenter.choose_chapter(deck_id)

    def close_down(self) -> None:
        self._saving_timer.stop()
        if not self._given_away:
            self._presenter.close()

    def kept(self) -> object:
        """The quiz, to be gone on with by another screen."""
        self._given_away = True
        return self._presenter

    def take_up(self, kept: object) -> None:
        if isinstance(kept, QuizPresenter):
            self._presenter.take_over(kept)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("Return", "quiz.key.enter"),
            ("1–9", "study.key.option"),
            ("A–I", "study.key.option"),
            ("0", "study.key.give-up"),
            ("Ctrl+Return", "study.key.give-up-typing"),
            ("Alt+Up", "study.key.move"),
            ("Esc", "quiz.key.stop"),
            ("M", "quiz.again-mistakes"),
            ("N", "quiz.new"),
        ]

    # QuizView

    def show_setup(self, setup: Setup) -> None:
        self.setup.show_setup(setup)
        self.note.setVisible(False)
        self._show_body(self.setup)

    def show_question(self, asked: Asked, number: int, of: int) -> None:
        self.note.setVisible(False)
        self._of = max(of, 1)
        self.progress.show_share((number - 1) / self._of)
        self._position.set_text(self._words("quiz.position", number=number, of=of))
        with self.sheet.changing():
            self.sheet.ask(asked, None)
            self._give_up.show_key("Ctrl+Return" if self.sheet.answers.types else "0")
            self._show_body(self._page)
        self._page.verticalScrollBar().setValue(0)

    def show_answer(self, shown: Shown) -> None:
        self.progress.show_share(self.progress.share + 1 / self._of)
        with self.sheet.changing():
            self.sheet.show_answer(shown.asked, shown.sheet)
            self._next.set_text(self._words("quiz.to-result" if shown.last else "quiz.next"))
            self._show_body(self._page)
        self._page.show_widget(self.sheet.verdict)

    def show_result(self, sheet: ResultSheet) -> None:
        self.result.show_result(sheet)
        self._mistakes.setVisible(bool(sheet.mistakes))
        self._show_body(self.result)

    def show_note(self, code: str, **blanks: object) -> None:
        self.note.show_words("info", "ink_soft", self._words(code, **blanks))

    def show_saving(self, state: SaveState, trouble: TrainerError | None) -> None:
        if state == "saving":
            self._saving_timer.start()
            return
        if not self._presenter.saving:
            self._saving_timer.stop()
        if trouble is not None:
            why = self._words(trouble.code, **trouble.blanks)
            self.note.show_words(
                "triangle-alert", "warning", self._words("study.not-saved", why=why)
            )

    # Keys and buttons

    def check(self) -> None:
        """Check what is entered; an empty answer is asked for once more."""
        response = self.sheet.answers.response()
        if response is None:
            self.show_note("study.nothing-entered")
        else:
            self._presenter.check(response)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key, phase = event.key(), self._presenter.phase
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = key in keys.ENTERS
        if event.isAutoRepeat() and (enter or key == keys.SPACE):
            return  # a key held down is one answer, not twenty
        if key == keys.ESCAPE:
            self._stop()
        elif phase is Phase.ASKING and ((enter and control) or (key == ord("0") and not control)):
            self._presenter.give_up()
        elif phase is Phase.ASKING and enter:
            self.check()
        elif phase is Phase.ANSWERED and (enter or key == keys.SPACE):
            self._presenter.go_on()
        elif phase is Phase.CHOOSING and enter:
            self._presenter.start()
        elif phase is Phase.RESULT and (enter or key in {ord("M"), ord("N")}):
            self._from_result(key)
        elif not self._scroll(key):
            super().keyPressEvent(event)

    def _from_result(self, key: int) -> None:
        """Enter takes the first button: again with the mistakes, or a new quiz."""
        mistakes = not self._mistakes.isHidden()
        if mistakes and key != ord("N"):
            self._presenter.again_with_mistakes()
        elif key != ord("M"):
            self._presenter.show_setup()

    def _scroll(self, key: int) -> bool:
        page = self._bodies.currentWidget()
        if not isinstance(page, SteadyPage):
            return False
        return page.scroll_by_key(key)

    def _stop(self) -> None:
        if self._presenter.phase in {Phase.ASKING, Phase.ANSWERED}:
            self._presenter.stop()
        elif self._presenter.phase is Phase.RESULT:
            self._presenter.show_setup()
        else:
            self._desk.shell.go("today")

    def _remember(self, choices: str) -> None:
        self._desk.settings[CHOICES] = choices

    # Parts

    def _connect(self) -> None:
        setup, presenter = self.setup, self._presenter
        self.sheet.checked.connect(self.check)
        self.sheet.moved.connect(self._page.show_widget)
        self._saving_timer.timeout.connect(presenter.look_at_saving)
        setup.subject_pressed.connect(presenter.toggle_subject)
        setup.all_subjects_pressed.connect(presenter.all_subjects)
        setup.kind_pressed.connect(presenter.toggle_kind)
        setup.all_kinds_pressed.connect(presenter.all_kinds)
        setup.length_chosen.connect(presenter.choose_length)
        setup.feedback_chosen.connect(self._choose_feedback)
        self._on_click(self._start, presenter.start)
        self._on_click(self._give_up, presenter.give_up)
        self._on_click(self._check, self.check)
        self._on_click(self._next, presenter.go_on)
        self._on_click(self._mistakes, presenter.again_with_mistakes)
        self._on_click(self._new, presenter.show_setup)
        self._on_click(self._stop_button, self._stop)

    def _on_click(self, button: Button, act: Callable[[], None]) -> None:
        button.clicked.connect(lambda _on=False: act())

    def _choose_feedback(self, value: str) -> None:
        feedback: Feedback = "at-the-end" if value == "at-the-end" else "at-once"
        self._presenter.choose_feedback(feedback)

    def _made_head(self) -> Strip:
        look = self._desk.look
        head = Strip(look, self, top=8, bottom=0)
        inner, line = head.inner, head.row
        self._position = Text(look, step="control", tone="ink_soft", tabular=True, wrap=False)
        self._stop_button = KeyedButton(
            look, self._words("quiz.stop"), variant="quiet", shows_key="Esc", parent=inner
        )
        self._stop_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line.addWidget(self._position)
        line.addStretch(1)
        line.addWidget(self._stop_button)
        return head

    def _made_foot(self) -> Foot:
        look, words = self._desk.look, self._words
        foot = Foot(look, self)

        def button(code: str, key: str, *, primary: bool = False, icon: str = "") -> KeyedButton:
            return KeyedButton(
                look,
                words(code),
                variant="primary" if primary else "secondary",
                icon=icon,
                shows_key=key,
                big=True,
                parent=foot,
            )

        self._give_up = KeyedButton(
            look, words("study.give-up"), variant="quiet", shows_key="0", big=True, parent=foot
        )
        self._start = button("quiz.start", "Return", primary=True)
        self._check = button("study.check", "Return", primary=True)
        self._next = button("quiz.next", "Return", primary=True)
        self._mistakes = button("quiz.again-mistakes", "M", primary=True, icon="rotate-ccw")
        self._new = button("quiz.new", "N", icon="list-checks")
        foot.row.addWidget(self._give_up)
        foot.row.addWidget(self._new)
        foot.row.addStretch(1)
        for each in (self._start, self._check, self._next, self._mistakes):
            foot.row.addWidget(each)
        return foot

    def _show_body(self, body: QWidget) -> None:
        phase = self._presenter_phase()
        running = phase in {Phase.ASKING, Phase.ANSWERED}
        self._bodies.setCurrentWidget(body)
        self.progress.setVisible(running)
        self._head.setVisible(running)
        self._give_up.setVisible(phase is Phase.ASKING)
        self._check.setVisible(phase is Phase.ASKING)
        self._next.setVisible(phase is Phase.ANSWERED)
        self._start.setVisible(phase is Phase.CHOOSING)
        self._new.setVisible(phase is Phase.RESULT)
        if phase is not Phase.RESULT:
            self._mistakes.setVisible(False)
        self._put_focus()

    def _presenter_phase(self) -> Phase:
        presenter: QuizPresenter | None = getattr(self, "_presenter", None)
        return Phase.CHOOSING if presenter is None else presenter.phase

    def _put_focus(self) -> None:
        phase = self._presenter_phase()
        if phase is Phase.ASKING:
            self.sheet.answers.take_focus()
        elif phase is Phase.ANSWERED:
            self._next.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.isAncestorOf(self.window().focusWidget() or self.window()):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.sheet.set_tight(self.height() < self._desk.look.px(LOW))

    def _words(self, code: str, **blanks: object) -> str:
        return self._desk.messages(code, **blanks)
