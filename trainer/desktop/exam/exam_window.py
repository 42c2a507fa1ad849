"""The candidate's window: over everything while the exam runs, gone without a trace after it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from trainer.cards.model import Language
from trainer.desktop.background import BackgroundTask, ReportProgress
from trainer.desktop.controls import Segments
from trainer.desktop.dialogs import Dialog, ask, run_with_progress, tell
from trainer.desktop.exam.forms import (
    CodeForm,
    ExamForm,
    IdentifyForm,
    OpenForm,
    RulesForm,
    WordsForm,
)
from trainer.desktop.exam.guard import Guard
from trainer.desktop.exam.proctor import ProctorPage, Run
from trainer.desktop.exam.question import PaperRender
from trainer.desktop.exam.receipt import ReceiptPage
from trainer.desktop.exam.work_page import WorkPage
from trainer.desktop.fields import Field as FormField
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.text import Tone
from trainer.desktop.theme import SCALES
from trainer.exams.keys import ExamError
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages
from trainer.presenters.exam_entry import Entered, EntryPresenter, Field, Opened, Room
from trainer.presenters.exam_sheets import Clock, Overview, QuestionSheet
from trainer.presenters.exam_work import Phase, Receipt, WorkPresenter

TICK_MS = 1000
LARGE_TYPE = 150  # percent
SAVING_LOOK_MS = 40
LookFor = Callable[[int, str], Look]  # scale in percent, theme


class ExamWindow(QWidget):
    """Fits the EntryView and WorkView protocols. `left` tells that it is over."""

    left = Signal()

    def __init__(
        self,
        room: Room,
        messages: Messages,
        look_for: LookFor,
        *,
        scale: int = 100,
        theme: str = "light",
        proctor: Callable[[Look, Run], ProctorPage] | None = None,
    ) -> None:
        """`proctor` makes the page for those who look after the room."""
        super().__init__()
        self._messages = messages
        self._look_for = look_for
        self._proctor = proctor
        self._scale, self._theme = scale, theme
        self._look = look_for(scale, theme)
        self._part: QWidget | None = None
        self._page: WorkPage | None = None
        self._opened: Opened | None = None
        self._entered: Entered | None = None
        self._number = ""
        self._work: WorkPresenter | None = None
        self._guard: Guard | None = None
        self._over = False
        self._tasks: list[BackgroundTask] = []
        self.setObjectName("exam-window")
        self.setWindowTitle(messages("exam.window"))
        self.setMinimumSize(640, 360)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self._tick)
        self._saving = QTimer(self)
        self._saving.setInterval(SAVING_LOOK_MS)
        self._saving.timeout.connect(self._look_at_saving)
        # Kept here because a signal does not keep a plain object's method alive.
        self._entry = EntryPresenter(room, self)
        self._entry.start()

    @property
    def part(self) -> QWidget | None:
        """What fills the window now."""
        return self._part

    @property
    def working(self) -> bool:
        return self._work is not None and self._work.phase not in {Phase.DONE, Phase.LEFT}

    # EntryView

    def look_for_packages(
        self,
        find: Callable[[], Sequence[tuple[str, str]]],
        then: Callable[[Sequence[tuple[str, str]]], None],
    ) -> None:
        """Off the GUI thread: a drive of a network that is gone may take its time."""
        self.show_packages((), looking=True)
        task = BackgroundTask(lambda _report: find(), self)
        task.succeeded.connect(then)
        self._tasks.append(task)
        task.finished.connect(lambda: self._tasks.remove(task))
        task.start()

    def show_packages(self, found: Sequence[tuple[str, str]], *, looking: bool = False) -> None:
        form = OpenForm(self._look, self._messages, found, looking=looking)
        form.chosen.connect(lambda path: self._entry.choose(Path(path)))
        form.browse_wanted.connect(self._browse)
        form.back_wanted.connect(self.close)
        form.proctor_wanted.connect(self._show_proctor)
        self._put(form)

    def ask_to_trust(self, path: Path, words: str) -> None:
        messages = self._messages
        ask(
            self._look,
            messages,
            self,
            messages("exam.trust"),
            messages("exam.trust-more", words=words),
            verb=messages("exam.trust-verb"),
            act=lambda: self._entry.trust(path),
        )

    def show_identify(self, title: str) -> None:
        form = IdentifyForm(self._look, self._messages, title)
        form.entered.connect(self._entry.identify)
        form.back_wanted.connect(self._entry.start)
        self._put(form)

    def show_words(self, opened: Opened) -> None:
        self._opened = opened
        limit = opened.header.time.limit // 60
        facts = (
            ("exam.fact-teacher", opened.teacher_words.replace("-", " ")),
            ("exam.fact-program", opened.program),
            ("exam.fact-time", self._messages.count("exam.minutes", limit)),
        )
        form = WordsForm(self._look, self._messages, opened.header.title, facts)
        form.entered.connect(self._unlock)
        form.key_wanted.connect(self._choose_key)
        form.back_wanted.connect(self._entry.back_to_identify)
        self._put(form)

    def ask_to_reopen(self, receipt: str) -> None:
        messages = self._messages
        form = CodeForm(
            self._look,
            messages,
            messages("exam.already"),
            messages("exam.already-handed-in", receipt=receipt),
        )
        form.entered.connect(self._entry.reopen)
        form.back_wanted.connect(self._entry.start)
        self._put(form)

    def show_rules(self, title: str, entered: Entered) -> None:
        self._entered = entered
        self._accommodate(entered.accommodations)
        form = RulesForm(
            self._look,
            self._messages,
            title,
            self._rules_of(entered),
            resumed=entered.resumed,
        )
        form.begun.connect(self._entry.begin)
        self._put(form)

    def show_work(self, opened: Opened, number: str, entered: Entered) -> None:
        self._opened, self._number, self._entered = opened, number, entered
        language: Language = "zh" if self._messages.language.startswith("zh") else "en"
        self._page = self._made_page()
        self._work = WorkPresenter(entered.attempt, self, language)
        self._put(self._page)
        self.cover_everything()
        self._work.start()
        self._ticks.start()
        self._saving.start()
        self._tick()

    def show_wrong(self, field: Field, error: TrainerError) -> None:
        part = self._part
        shown: FormField | None = None
        if isinstance(part, IdentifyForm):
            shown = part.number if field == "number" else part.ticket
        elif isinstance(part, WordsForm):
            shown = part.words
        elif isinstance(part, CodeForm):
            shown = part.code
        if shown is None:
            self.say(error)
            return
        shown.show_wrong(self.words_for(error))
        shown.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, error: TrainerError) -> None:
        messages = self._messages
        tell(self._look, messages, self, messages("exam.cannot"), self.words_for(error))

    # WorkView

    def show_question(self, sheet: QuestionSheet) -> None:
        if self._page is not None:
            self._page.show_question(sheet)

    def show_overview(self, overview: Overview) -> None:
        if self._page is not None:
            self._page.show_overview(overview)

    def show_clock(self, clock: Clock | None) -> None:
        if self._page is not None:
            self._page.show_clock(clock)

    def show_saving(self, state: str, why: str = "") -> None:
        if self._page is None:
            return
        if state == "saved":
            self._page.show_saving("saved")
        elif state == "saving":
            self._page.show_saving("saving")
        else:
            self._page.show_saving("trouble", self._messages("exam.trouble-more", why=why))

    def tell(self, code: str, **blanks: object) -> None:
        if self._page is not None:
            self._page.show_note(self._messages(code, **blanks))

    def announce(self, seconds: int) -> None:
        if self._page is not None:
            words = self._messages.count("exam.minutes-left", max(1, seconds // 60))
            self._page.show_note(words, "warning")

    def ask_to_finish(self, empty: int, flagged: int) -> None:
        messages = self._messages
        said = [messages("exam.finish-more")]
        if empty:
            said.append(messages.count("exam.finish-empty", empty))
        if flagged:
            said.append(messages.count("exam.finish-flagged", flagged))
        ask(
            self._look,
            messages,
            self,
            messages("exam.finish-ask"),
            " ".join(said),
            verb=messages("exam.finish"),
            act=self._finish,
        )

    def ask_to_leave_section(self, title: str, empty: int) -> None:
        messages = self._messages
        said = [messages("exam.section-more")]
        if empty:
            said.append(messages.count("exam.finish-empty", empty))
        ask(
            self._look,
            messages,
            self,
            messages("exam.section-ask", title=title),
            " ".join(said),
            verb=messages("exam.section-leave"),
            act=self._leave_section,
        )

    def show_held(self, code: str) -> None:
        if self._opened is None:
            return
        form = CodeForm(
            self._look,
            self._messages,
            self._messages("exam.held"),
            self._messages(code),
            may_leave=False,
        )
        form.entered.connect(self._use_code)
        self._put(form)

    def show_running(self) -> None:
        if self._page is not None:
            self._put(self._page)

    def show_not_ended(self, why: str) -> None:
        form = ExamForm(
            self._look,
            self._messages,
            self._messages("exam.not-ended"),
            self._messages("exam.trouble-more", why=why),
        )
        form.add_line("hourglass", self._messages("exam.not-ended-more"), "warning")
        form.add_go("exam.try-again", self._finish)
        self._put(form)

    def show_receipt(self, receipt: Receipt) -> None:
        self._ticks.stop()
        self._saving.stop()
        self._over = True
        page = ReceiptPage(
            self._look, self._messages, receipt.candidate, receipt.records, receipt.code
        )
        page.quit_wanted.connect(self.close)
        self._page = None
        self._put(page)
        self._uncover()

    def let_out(self) -> None:
        self._ticks.stop()
        self._saving.stop()
        self.close()

    def flush(self) -> None:
        if self._page is not None:
            self._page.tell_now()

    def words_for(self, error: TrainerError) -> str:
        return self._messages(error.code, **error.blanks)

    # The window

    def cover_everything(self) -> None:
        """Full screen, other screens covered, and the guard on watch."""
        if self._guard is None:
            self._guard = Guard(self._look, self._messages, self)
            self._guard.paste_refused.connect(lambda: self.tell("exam.paste-refused"))
            if self._entered is not None:
                attempt = self._entered.attempt
                self._guard.left.connect(attempt.went_away)
                self._guard.returned.connect(attempt.came_back)
                self._guard.screens_changed.connect(attempt.screens_changed)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.showFullScreen()
        self._guard.begin()

    def closeEvent(self, event: QCloseEvent, /) -> None:
        if self.working:
            event.ignore()
            self.tell("exam.no-way-out")
            return
        for task in list(self._tasks):
            task.stop()
            task.wait()
        self._uncover()
        self._entry.leave()
        self.left.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        away = self.working and self.isMinimized()
        if event.type() == QEvent.Type.WindowStateChange and away:
            self.showFullScreen()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        # Escape closes nothing here.
        event.accept()

    def _uncover(self) -> None:
        if self._guard is not None:
            self._guard.let_go()
            self._guard = None

    def _put(self, part: QWidget) -> None:
        old, self._part = self._part, part
        if old is part:
            return
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            if old is not self._page:
                old.deleteLater()
        self._column.addWidget(part)
        part.show()
        if isinstance(part, ExamForm):
            part.take_focus()
            title = part.accessibleName() or self.windowTitle()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(part, title))
        elif isinstance(part, ReceiptPage):
            part.first_control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _made_page(self) -> WorkPage:
        title = self._opened.header.title if self._opened is not None else ""
        render = PaperRender(self._picture)
        page = WorkPage(self._look, self._messages, render, title, self._number)
        page.answered.connect(self._answered)
        page.walked.connect(self._walked)
        page.wanted.connect(self._go_to)
        page.turned.connect(self._turn)
        page.flagged.connect(lambda: self._with_work(lambda work: work.flag()))
        page.flipped.connect(lambda: self._with_work(lambda work: work.flip()))
        page.finish_wanted.connect(lambda: self._with_work(lambda work: work.want_to_finish()))
        page.code_wanted.connect(self._ask_for_code)
        page.look_wanted.connect(self._choose_look)
        return page

    def _picture(self, item_id: str, name: str) -> bytes:
        if self._entered is None:
            raise ExamError("exam.not-opened")
        return self._entered.attempt.media(item_id, name)

    def _with_work(self, act: Callable[[WorkPresenter], object]) -> None:
        if self._work is not None:
            act(self._work)

    def _answered(self, response: object) -> None:
        self._with_work(lambda work: work.answer(response))  # type: ignore[arg-type] # a Response

    def _walked(self, road: tuple[int, ...]) -> None:
        self._with_work(lambda work: work.walk(road))

    def _go_to(self, number: int) -> None:
        self._with_work(lambda work: work.go_to(number))

    def _turn(self, by: int) -> None:
        self._with_work(lambda work: work.turn(by))

    def _finish(self) -> None:
        self._with_work(lambda work: work.finish("candidate"))

    def _leave_section(self) -> None:
        self._with_work(lambda work: work.leave_section())

    def _tick(self) -> None:
        self._with_work(lambda work: work.tick())

    def _look_at_saving(self) -> None:
        self._with_work(lambda work: work.look_at_saving())

    def _unlock(self, words: str) -> None:
        self._entry.unlock(words)

    def _use_code(self, text: str) -> None:
        if self._work is None:
            return
        error = self._work.use_code(text)
        if error is not None:
            self.show_wrong("code", error)

    def _ask_for_code(self) -> None:
        messages = self._messages
        dialog = Dialog(self._look, messages("exam.code"), messages("exam.code-more"), parent=self)
        form = CodeForm(self._look, messages, "", "")
        field = form.code
        dialog.body.addWidget(field)
        line = field.control

        def use() -> None:
            if self._work is None or not isinstance(line, QLineEdit):
                return
            error = self._work.use_code(line.text())
            if error is None:
                dialog.accept()
            else:
                field.show_wrong(self.words_for(error))

        dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
        dialog.add_button(messages("exam.code-use"), use, variant="primary", key="Return")
        dialog.open()
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        form.deleteLater()

    def _choose_look(self) -> None:
        """Size and colours, at any time; the answer on the screen is told first."""
        messages = self._messages
        dialog = Dialog(self._look, messages("exam.view"), parent=self)
        sizes = Segments(
            self._look,
            messages("exam.size"),
            [(str(scale), f"{scale} %") for scale in SCALES],
            str(self._scale),
        )
        themes = Segments(
            self._look,
            messages("exam.colours"),
            [
                (name, messages(f"exam.theme-{name}"))
                for name in ("light", "dark", "contrast-light", "contrast-dark")
            ],
            self._theme,
        )
        dialog.body.addWidget(FormField(self._look, messages("exam.size"), sizes))
        dialog.body.addWidget(FormField(self._look, messages("exam.colours"), themes))

        def take() -> None:
            dialog.accept()
            self._dress(int(sizes.value), themes.value)

        dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
        dialog.add_button(messages("exam.view-take"), take, variant="primary", key="Return")
        dialog.open()

    def _accommodate(self, wanted: Sequence[str]) -> None:
        """The size and colours the class list grants, from the rules on."""
        if "large-type" in wanted:
            self._scale = max(self._scale, LARGE_TYPE)
        if "high-contrast" in wanted and not self._theme.startswith("contrast"):
            self._theme = "contrast-dark" if self._theme == "dark" else "contrast-light"
        self._look = self._look_for(self._scale, self._theme)

    def _dress(self, scale: int, theme: str) -> None:
        self.flush()
        self._scale, self._theme = scale, theme
        self._look = self._look_for(scale, theme)
        if self._work is None or self._page is None:
            return
        old = self._page
        self._page = self._made_page()
        self._put(self._page)
        old.deleteLater()
        self._work.move_to(self)

    def _show_proctor(self) -> None:
        if self._proctor is None:
            return
        page = self._proctor(self._look, self._in_background)
        page.back_wanted.connect(self._entry.start)
        self._put(page)

    def _in_background(
        self,
        title: str,
        work: Callable[[ReportProgress], object],
        done: Callable[[object], object],
    ) -> None:
        asked = self._part

        def still_wanted(result: object) -> None:
            # Who went back meanwhile has closed the page that would show it.
            if self._part is asked:
                done(result)

        task = run_with_progress(
            self._look, self._messages, self, title, work, still_wanted, self._work_failed
        )
        self._tasks.append(task)
        task.finished.connect(lambda: self._tasks.remove(task))

    def _work_failed(self, error: Exception) -> None:
        if not isinstance(error, TrainerError):
            raise error
        if isinstance(self._part, ProctorPage):
            self._part.tell(error)
        else:
            self.say(error)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self._messages("exam.browse"), "", self._messages("exam.package-filter")
        )
        if path:
            self._entry.choose(Path(path))

    def _choose_key(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self._messages("exam.start-key"), "", self._messages("exam.key-filter")
        )
        if path:
            self._entry.unlock_with(Path(path))

    def _rules_of(self, entered: Entered) -> list[tuple[str, str, Tone]]:
        messages = self._messages
        minutes = messages.count("exam.minutes", entered.minutes)
        if entered.extra_minutes:
            minutes = messages(
                "exam.minutes-extra", minutes=entered.minutes, extra=entered.extra_minutes
            )
        lines: list[tuple[str, str, Tone]] = [
            ("clock", minutes, "ink"),
            ("circle-check", messages("exam.rule-saved"), "ink"),
            ("hourglass", messages("exam.rule-end"), "ink"),
            ("info", messages("exam.rule-noted"), "ink"),
        ]
        own: Language = "zh" if messages.language.startswith("zh") else "en"
        rules = entered.rules.get(own) or next(iter(entered.rules.values()), "")
        lines += [
            ("file-text", plain_words(line, 400), "ink") for line in rules.splitlines() if line
        ]
        if entered.held:
            lines.append(("triangle-alert", messages(entered.held), "warning"))
        return lines
