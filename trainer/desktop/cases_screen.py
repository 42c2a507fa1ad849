"""Cases: choose one, decide step by step, see what it cost, and look back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.background import BackgroundTask
from trainer.desktop.card_view import Render
from trainer.desktop.cases_debrief import CasesDebrief
from trainer.desktop.cases_list import CasesList
from trainer.desktop.cases_play import CasesPlay
from trainer.desktop.desk import Desk
from trainer.desktop.foot import Foot, KeyedButton, SteadyPage, Strip
from trainer.desktop.question_sheet import SubjectMark
from trainer.desktop.settling import settling
from trainer.desktop.text import Text
from trainer.foundation.errors import TrainerError
from trainer.presenters.cases import CaseGroup, CasesPresenter, EndSheet, Phase, StepSheet
from trainer.services.case_records import CaseRecords
from trainer.services.casework import CaseEntry, CaseSession, cases_in, open_case

NARROW = 760


class CasesScreen(QWidget):
    """Knows how a case looks and which key means what, not what a decision costs."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._known: object = None  # the decks whose cases are listed
        self._being_read: object = None
        self._task: BackgroundTask | None = None
        self._last = ""  # the case that was open last
        look, messages = desk.look, desk.messages
        render = Render(desk.library.folders)
        self.list = CasesList(look, messages, self)
        self.play = CasesPlay(look, messages, render, self)
        self.debrief = CasesDebrief(look, messages, render, self)
        self._bodies = QStackedWidget(self)
        for body in (self.list, self.play, self.debrief):
            self._bodies.addWidget(body)
        self._head = self._made_head()
        self._foot = self._made_foot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._bodies, 1)
        column.addWidget(self._foot)
        self._presenter = CasesPresenter(
            self,
            desk.language,
            open_case=self._opened,
            rule=desk.library.rule,
            study=desk.shell.study,
            keeper=CaseRecords(desk.learner, desk.clock),
        )
        self.list.case_pressed.connect(self.play_case)
        self.list.shop_wanted.connect(lambda: desk.shell.go("shop"))
        self.play.chosen.connect(self._choose)
        self.debrief.rule_wanted.connect(desk.shell.read)
        self.debrief.again_from.connect(self._again_from)
        self._arrange()

    # What the window asks of a screen

    def on_shown(self) -> None:
        self._look_for_cases()
        self._put_focus()

    def close_down(self) -> None:
        if self._task is not None:
            self._task.stop()
            self._task.wait()

    def play_case(self, scenario_id: str) -> None:
        """Begin a case."""
        self._attempt(lambda: self._presenter.open(scenario_id))

    def kept(self) -> object:
        """The case, to be gone on with by another screen."""
        return self._presenter

    def take_up(self, kept: object) -> None:
        if isinstance(kept, CasesPresenter) and kept.shown is not None:
            self._presenter.take_over(kept)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("A–I", "cases.key.choose"),
            ("1–9", "cases.key.choose"),
            ("Up", "cases.key.arrows"),
            ("Return", "cases.key.enter"),
            ("Backspace", "cases.back"),
            ("R", "cases.again"),
            ("S", "shop.open"),
            ("Esc", "cases.key.leave"),
        ]

    # CasesView

    def show_list(self, groups: Sequence[CaseGroup]) -> None:
        if self._known is not None:
            self.list.show_groups(groups)
            self._attempt(self._show_standings)
        self._show_body(self.list)

    def _show_standings(self) -> None:
        self.list.show_standings(self._presenter.standings(), self._desk.clock.now())

    def show_step(self, sheet: StepSheet) -> None:
        self._last = sheet.scenario_id
        self._subject.show_subject(sheet.subject)
        self._title.set_text(sheet.case_title)
        self._position.set_text(self._desk.messages("cases.decision", number=sheet.number))
        with settling(self.play):
            self.play.show_step(sheet)
            self._show_body(self.play)
        if sheet.decided:
            self.play.show_taken()
        if sheet.resumed:
            self._desk.shell.toast(self._desk.messages("cases.resumed"))

    def show_end(self, sheet: EndSheet) -> None:
        self._last = sheet.scenario_id
        self._subject.show_subject(sheet.subject)
        self._title.set_text(sheet.case_title)
        self._position.set_text(self._desk.messages("cases.ending"))
        self._study.set_text(self._desk.messages.count("cases.study", len(sheet.cards)))
        with settling(self.debrief):
            self.debrief.show_end(sheet)
            self._show_body(self.debrief)

    def show_gone(self) -> None:
        self._known = None
        self._desk.shell.toast(self._desk.messages("cases.gone"))
        self._look_for_cases()

    # Keys and buttons

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key, phase = event.key(), self._presenter.phase
        enter = key in keys.ENTERS
        handled = True
        if enter and event.isAutoRepeat():
            return  # a key held too long must not decide
        if key == keys.ESCAPE:
            self._leave()
        elif key == keys.BACKSPACE and phase is not Phase.CHOOSING:
            self._take_back()
        elif phase is Phase.CHOOSING and key == ord("S"):
            self._desk.shell.go("shop")
        elif phase is Phase.CHOOSING:
            handled = self.list.go(key)
        elif key == ord("R"):
            self._try_again()
        elif phase is Phase.DECIDING:
            handled = self.play.take_key(event)
        elif phase is Phase.DECIDED and (enter or key == keys.SPACE):
            self._go_on()
        elif phase is Phase.ENDED and enter:
            self._from_end()
        else:
            handled = False
        if not handled and not self._scroll(key):
            super().keyPressEvent(event)

    def _from_end(self) -> None:
        """Enter takes the first button: the cards of what was broken, or another case."""
        if self._study.isHidden():
            self._leave()
        else:
            self._presenter.study()

    def _scroll(self, key: int) -> bool:
        page = self._bodies.currentWidget()
        return isinstance(page, SteadyPage) and page.scroll_by_key(key)

    def _choose(self, place: int) -> None:
        self._attempt(lambda: self._presenter.choose(place))

    def _again_from(self, number: int) -> None:
        self._attempt(lambda: self._presenter.back_to(number))

    def _leave(self) -> None:
        if self._presenter.phase is Phase.CHOOSING:
            self._desk.shell.go("today")
        else:
            self._presenter.leave()
            self._look_for_cases()

    # Reading

    def _opened(self, scenario_id: str) -> CaseSession | None:
        desk = self._desk
        today = desk.clock.now().date()
        return open_case(desk.library, scenario_id, desk.language, today)

    def _look_for_cases(self) -> None:
        """Every deck has to be read for the list: not on the GUI thread, and only when one has
        changed."""
        desk = self._desk
        known = tuple(desk.library.decks(desk.language))
        choosing = self._presenter.phase is Phase.CHOOSING
        if known == self._known or self._task is not None or not choosing:
            return
        self._being_read = known
        task = BackgroundTask(lambda _report: cases_in(desk.library, desk.language), self)
        task.succeeded.connect(self._use_cases)
        task.failed.connect(self._failed)
        task.finished.connect(self._finished)
        self._task = task
        task.start()

    def _use_cases(self, cases: Sequence[CaseEntry]) -> None:
        self._known = self._being_read
        self._presenter.use_cases(cases)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, TrainerError):
            raise error
        self._desk.shell.say(error)

    def _finished(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
            self._task = None

    # Parts

    def _made_head(self) -> Strip:
        look = self._desk.look
        head = Strip(look, self, top=8, bottom=0)
        inner, line = head.inner, head.row
        self._subject = SubjectMark(look, "", size=28, parent=inner)
        self._title = Text(look, step="control", bold=True, wrap=False)
        self._position = Text(look, step="control", tone="ink_soft", tabular=True, wrap=False)
        self._leave_button = KeyedButton(
            look,
            self._desk.messages("cases.leave"),
            variant="quiet",
            shows_key="Esc",
            parent=inner,
        )
        self._leave_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._leave_button.clicked.connect(self._leave)
        for part in (self._subject, self._title, self._position):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(self._leave_button)
        return head

    def _made_foot(self) -> Foot:
        foot = Foot(self._desk.look, self)
        self._back = self._button(foot, "cases.back", "Backspace", self._take_back, icon="undo-2")
        self._again = self._button(foot, "cases.again", "R", self._try_again, icon="rotate-ccw")
        self._next = self._button(foot, "cases.go-on", "Return", self._go_on, primary=True)
        self._study = self._button(foot, "cases.go-on", "Return", self._study_now, primary=True)
        self._another = self._button(foot, "cases.other", "Return", self._leave, primary=True)
        foot.row.addWidget(self._back)
        foot.row.addStretch(1)
        for each in (self._again, self._next, self._study, self._another):
            foot.row.addWidget(each)
        return foot

    def _button(
        self,
        foot: Foot,
        code: str,
        key: str,
        act: Callable[[], None],
        *,
        icon: str = "",
        primary: bool = False,
    ) -> KeyedButton:
        button = KeyedButton(
            self._desk.look,
            self._desk.messages(code),
            variant="primary" if primary else "secondary",
            icon=icon,
            shows_key=key,
            big=True,
            parent=foot,
        )
        button.clicked.connect(lambda _on=False: act())
        return button

    def _take_back(self) -> None:
        self._attempt(self._presenter.go_back)

    def _try_again(self) -> None:
        self._attempt(self._presenter.try_again)

    def _go_on(self) -> None:
        self._attempt(self._presenter.go_on)

    def _attempt(self, act: Callable[[], None]) -> None:
        """Do something that reads the decks."""
        try:
            act()
        except TrainerError as error:
            self._desk.shell.say(error)

    def _study_now(self) -> None:
        self._presenter.study()

    def _show_body(self, body: QWidget) -> None:
        self._bodies.setCurrentWidget(body)
        self._arrange()
        self._put_focus()

    def _arrange(self) -> None:
        """Head and foot for what is shown now."""
        shown, phase = self._presenter.shown, self._presenter.phase
        ended = phase is Phase.ENDED
        cards = isinstance(shown, EndSheet) and bool(shown.cards)
        self._head.setVisible(phase is not Phase.CHOOSING)
        self._foot.setVisible(phase is not Phase.CHOOSING)
        self._back.setEnabled(not isinstance(shown, StepSheet) or shown.can_go_back)
        self._next.setVisible(phase is Phase.DECIDED)
        self._again.setVisible(ended or (isinstance(shown, StepSheet) and shown.can_go_back))
        self._study.setVisible(ended and cards)
        self._leave_button.set_text(
            self._desk.messages("cases.other" if ended and cards else "cases.leave")
        )
        self._another.setVisible(ended and not cards)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        # Where room is short the words stay and the keys go.
        narrow = self.width() < self._desk.look.px(NARROW)
        self._again.show_key("" if narrow else "R")
        self._back.show_key("" if narrow else "Backspace")

    def _put_focus(self) -> None:
        if not self.isVisible():
            return  # the list was read after the person had gone on
        match self._presenter.phase:
            case Phase.DECIDING:
                self.play.take_focus()
            case Phase.DECIDED:
                self._next.setFocus(Qt.FocusReason.OtherFocusReason)
            case Phase.ENDED:
                first = self._another if self._study.isHidden() else self._study
                first.setFocus(Qt.FocusReason.OtherFocusReason)
            case Phase.CHOOSING:
                focused = self.window().focusWidget() or self.window()
                inside = self.list.isAncestorOf(focused)
                # The window gives the keyboard to the first control; the cases are what counts.
                at_head = self.list.parts.isAncestorOf(focused)
                if (not inside or at_head) and not self.list.focus_case(self._last):
                    self.setFocus(Qt.FocusReason.OtherFocusReason)
