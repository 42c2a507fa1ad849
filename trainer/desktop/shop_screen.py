"""The shop: set up a month, run it day by day, look back on it, rank a contest."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.background import BackgroundTask
from trainer.desktop.card_view import Render
from trainer.desktop.days import day_in_words
from trainer.desktop.desk import Desk
from trainer.desktop.foot import Foot, KeyedButton, SteadyPage, Strip
from trainer.desktop.question_sheet import SubjectMark
from trainer.desktop.settling import settling
from trainer.desktop.shop_desk import ShopDesk
from trainer.desktop.shop_end import ShopEnd
from trainer.desktop.shop_options import ShopOptions
from trainer.desktop.shop_ranking import ShopRanking
from trainer.desktop.shop_setup import ShopSetup
from trainer.desktop.text import Text
from trainer.foundation.errors import TrainerError
from trainer.presenters.shop import ShopPresenter
from trainer.presenters.shop_sheets import (
    DeskSheet,
    MonthEndSheet,
    OptionsSheet,
    SetupSheet,
    ShopPhase,
)
from trainer.services.shop import ShopWorlds
from trainer.services.shop_contest import Ranking, rank, result_files, write_result
from trainer.services.shop_records import ShopRecords

NARROW = 900


class ShopScreen(QWidget):
    """Knows how the shop looks and which key means what, not what a decision does."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._known: object = None  # the decks that the shop was read with
        self._task: BackgroundTask | None = None
        self._ranking = False
        look, messages = desk.look, desk.messages
        render = Render(desk.library.folders)
        self.setup = ShopSetup(look, messages, self)
        self.desk_page = ShopDesk(look, messages, self)
        self.options = ShopOptions(look, messages, render, self)
        self.end = ShopEnd(look, messages, render, self)
        self.ranking = ShopRanking(look, messages, self)
        self._bodies = QStackedWidget(self)
        for body in (self.setup, self.desk_page, self.options, self.end, self.ranking):
            self._bodies.addWidget(body)
        self._head = self._made_head()
        self._foot = self._made_foot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._bodies, 1)
        column.addWidget(self._foot)
        self._presenter = ShopPresenter(
            self,
            messages,
            records=ShopRecords(desk.learner, desk.clock),
            rule=desk.library.rule,
            study=desk.shell.study,
        )
        self._connect()
        self._arrange()

    @property
    def presenter(self) -> ShopPresenter:
        return self._presenter

    def _connect(self) -> None:
        desk, presenter, setup = self._desk, self._presenter, self.setup
        setup.cases_wanted.connect(lambda: desk.shell.go("cases"))
        setup.platform_chosen.connect(lambda name: presenter.choose(platform=name))
        setup.product_chosen.connect(lambda name: presenter.choose(product=name))
        setup.days_chosen.connect(lambda days: presenter.choose(days=days))
        setup.mode_chosen.connect(
            lambda mode: presenter.choose(mode="team" if mode == "team" else "alone")
        )
        setup.going_pressed.connect(lambda month: self._attempt(lambda: self._go_on(month)))
        setup.ranking_wanted.connect(self._rank)
        self.desk_page.matter_pressed.connect(presenter.open_matter)
        self.options.chosen.connect(self._take)
        self.end.rule_wanted.connect(desk.shell.read)
        self.end.save_wanted.connect(self._save_result)

    # What the window asks of a screen

    def on_shown(self) -> None:
        self._look_for_worlds()
        self._put_focus()

    def close_down(self) -> None:
        if self._task is not None:
            self._task.stop()
            self._task.wait()

    def kept(self) -> object:
        """The month, to be gone on with by another screen."""
        return self._presenter

    def take_up(self, kept: object) -> None:
        if isinstance(kept, ShopPresenter) and kept.session is not None:
            self._presenter.take_over(kept)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("1–9", "shop.key.number"),
            ("Return", "shop.key.enter"),
            ("N", "shop.next-day"),
            ("P", "shop.move.price"),
            ("V", "shop.move.way"),
            ("G", "shop.move.goods"),
            ("T", "shop.hand-over"),
            ("Backspace", "cases.back"),
            ("R", "shop.again"),
            ("S", "shop.save-result"),
            ("L", "shop.ranking"),
            ("Esc", "shop.key.leave"),
        ]

    # ShopView

    def show_setup(self, sheet: SetupSheet) -> None:
        with settling(self.setup):
            self.setup.show_sheet(sheet)
            self._show_body(self.setup)

    def show_desk(self, sheet: DeskSheet) -> None:
        messages = self._desk.messages
        self._subject.show_subject(sheet.setup.platform)
        self._title.set_text(f"{sheet.platform} · {sheet.product}")
        day = day_in_words(self._desk.look, sheet.today)
        self._position.set_text(
            messages("shop.day", day=sheet.day, days=sheet.setup.days, date=day)
        )
        self._back.setEnabled(sheet.can_take_back)
        self._hand_over.setVisible(sheet.turn is not None)
        with settling(self.desk_page):
            self.desk_page.show_sheet(sheet)
            self._show_body(self.desk_page)

    def show_options(self, sheet: OptionsSheet) -> None:
        with settling(self.options):
            self.options.show_sheet(sheet)
            self._show_body(self.options)

    def show_month_end(self, sheet: MonthEndSheet) -> None:
        messages = self._desk.messages
        self._subject.show_subject(sheet.setup.platform)
        self._title.set_text(f"{sheet.platform} · {sheet.product}")
        self._position.set_text(messages("shop.month-over"))
        count = len(sheet.debrief.cards)
        self._study.set_text(messages.count("cases.study", count))
        self._has_cards = bool(count)
        with settling(self.end):
            self.end.show_sheet(sheet)
            self._show_body(self.end)

    def say_refused(self, error: TrainerError) -> None:
        self._desk.shell.toast(self._desk.messages(error.code, **error.blanks))

    def say_changed(self) -> None:
        self._desk.shell.toast(self._desk.messages("shop.changed"))

    # Keys and buttons

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key, phase = event.key(), self._presenter.phase
        if key in keys.ENTERS and event.isAutoRepeat():
            return  # a key held too long must not end days
        if key == keys.ESCAPE:
            self._leave()
            return
        if self._ranking:
            handled = False
        elif phase is ShopPhase.SETUP:
            handled = self._setup_key(key)
        elif phase is ShopPhase.DESK:
            handled = self._desk_key(key)
        elif phase is ShopPhase.DECIDING:
            handled = self.options.take_key(event)
        else:
            handled = self._end_key(key)
        if not handled and not self._scroll(key):
            super().keyPressEvent(event)

    def _setup_key(self, key: int) -> bool:
        if key in keys.ENTERS:
            # Here and not in the field: its Enter comes to the page as well.
            if self.setup.code.hasFocus():
                self._use_code(self.setup.code.text())
            elif not self._pressed():
                self._begin()
        elif key == ord("L"):
            self._rank()
        elif key == ord("C"):
            self._desk.shell.go("cases")
        else:
            return False
        return True

    def _desk_key(self, key: int) -> bool:
        presenter = self._presenter
        moves = {ord("P"): "price", ord("V"): "way", ord("G"): "goods"}
        if ord("1") <= key <= ord("9"):
            place = key - ord("1")
            if place < len(self.desk_page.tiles):
                presenter.open_matter(place)
        elif key in moves:
            presenter.open_move(moves[key])
        elif key == ord("T"):
            if not self._hand_over.isHidden():
                presenter.hand_over()
        elif key == keys.BACKSPACE:
            self._attempt(presenter.take_back)
        elif key == ord("N"):
            self._attempt(presenter.next_day)
        elif key in keys.ENTERS:
            self._pressed()
        else:
            return False
        return True

    def _pressed(self) -> bool:
        """Press the button that has the keyboard; False when none has, or only a choice."""
        focused = self.window().focusWidget()
        if isinstance(focused, QAbstractButton) and not focused.isCheckable():
            focused.click()
            return True
        return False

    def _end_key(self, key: int) -> bool:
        if key in keys.ENTERS:
            if self._pressed():
                pass
            elif self._study.isHidden():
                self._leave()
            else:
                self._presenter.study()
        elif key == ord("R"):
            self._attempt(self._presenter.play_again)
        elif key == ord("S"):
            self._save_result()
        else:
            return False
        return True

    def _scroll(self, key: int) -> bool:
        page = self._bodies.currentWidget()
        return isinstance(page, SteadyPage) and page.scroll_by_key(key)

    def _begin(self) -> None:
        self._attempt(self._presenter.begin)

    def _begin_contest(self) -> None:
        self._attempt(lambda: self._presenter.begin(contest=True))

    def _use_code(self, text: str) -> None:
        field = self.setup.field
        if field is None:
            return
        if self._presenter.use_code(text):
            field.clear_wrong()
            self._begin_contest()
        else:
            field.show_wrong(self._desk.messages("shop.code-wrong"))

    def _go_on(self, month_id: str) -> None:
        if not self._presenter.go_on(month_id):
            self._desk.shell.toast(self._desk.messages("shop.gone"))

    def _take_back(self) -> None:
        self._attempt(self._presenter.take_back)

    def _take(self, place: int) -> None:
        self._attempt(lambda: self._presenter.take(place))

    def _leave(self) -> None:
        if self._ranking:
            self._ranking = False
            self._show_body(self.setup)
            return
        match self._presenter.phase:
            case ShopPhase.SETUP:
                self._desk.shell.go("cases")
            case ShopPhase.DECIDING:
                self._presenter.put_back()
            case _:
                self._attempt(self._presenter.leave)

    def _attempt(self, act: Callable[[], object]) -> None:
        """Do something that uses files."""
        try:
            act()
        except TrainerError as error:
            self._desk.shell.say(error)

    # Files

    def _save_result(self) -> None:
        session = self._presenter.session
        if session is None or self._presenter.phase is not ShopPhase.ENDED:
            return
        desk = self._desk
        name = f"{session.setup.platform}-{session.setup.seed}-{desk.learner.name}.json"
        path, _ = QFileDialog.getSaveFileName(
            self, desk.messages("shop.save-result"), name, "(*.json)"
        )
        if path:
            self.save_result(Path(path))

    def save_result(self, path: Path) -> None:
        """Write the month's result for a contest."""
        session, desk = self._presenter.session, self._desk
        if session is None:
            return
        self._attempt(lambda: write_result(path, session, desk.learner.name))
        if path.exists():
            desk.shell.toast(desk.messages("shop.saved", name=path.name))

    def _rank(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._desk.messages("shop.ranking.choose"))
        if folder:
            self.rank_folder(Path(folder))

    def rank_folder(self, folder: Path) -> None:
        """Show the ranking of every result file in a folder."""
        desk = self._desk
        self._title.set_text(desk.messages("shop.ranking"))
        self._position.set_text(folder.name)

        def ranked(report: Callable[[int, int], None]) -> Ranking:
            worlds = ShopWorlds(desk.library, desk.language)
            return rank(result_files([folder]), worlds, report)

        desk.shell.run(desk.messages("shop.ranking"), ranked, self._show_ranking)

    def _show_ranking(self, ranking: object) -> None:
        if isinstance(ranking, Ranking):
            self._ranking = True
            self.ranking.show_ranking(ranking)
            self._show_body(self.ranking)

    # Reading

    def _look_for_worlds(self) -> None:
        """The events and every deck of the platforms are read: not on the GUI thread, and only
        when something has changed."""
        desk = self._desk
        known = tuple(desk.library.decks(desk.language))
        if known == self._known or self._task is not None or self._presenter.session is not None:
            return
        self._known = known
        task = BackgroundTask(lambda _report: ShopWorlds(desk.library, desk.language), self)
        task.succeeded.connect(self._use_worlds)
        task.failed.connect(self._failed)
        task.finished.connect(self._finished)
        self._task = task
        task.start()

    def _use_worlds(self, worlds: object) -> None:
        if isinstance(worlds, ShopWorlds):
            self._attempt(lambda: self._presenter.use_worlds(worlds))

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
        self._subject = SubjectMark(look, "", size=28, parent=head.inner)
        self._title = Text(look, step="control", bold=True, wrap=False)
        self._position = Text(look, step="control", tone="ink_soft", tabular=True, wrap=False)
        self._leave_button = KeyedButton(
            look,
            self._desk.messages("shop.leave"),
            variant="quiet",
            shows_key="Esc",
            parent=head.inner,
        )
        self._leave_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._leave_button.clicked.connect(self._leave)
        for part in (self._subject, self._title, self._position):
            head.row.addWidget(part)
        head.row.addStretch(1)
        head.row.addWidget(self._leave_button)
        return head

    def _made_foot(self) -> Foot:
        foot = Foot(self._desk.look, self)
        self._has_cards = False
        button = self._button
        self._back = button(foot, "cases.back", "Backspace", self._take_back, icon="undo-2")
        self._price = button(foot, "shop.foot.price", "P", lambda: self._open("price"))
        self._way = button(foot, "shop.foot.way", "V", lambda: self._open("way"))
        self._goods = button(foot, "shop.foot.goods", "G", lambda: self._open("goods"))
        self._hand_over = button(foot, "shop.hand-over", "T", self._give_turn)
        self._other = button(foot, "shop.other-seed", "", self._other_seed, icon="refresh-cw")
        self._again = button(
            foot,
            "shop.again",
            "R",
            lambda: self._attempt(self._presenter.play_again),
            icon="rotate-ccw",
        )
        self._start = button(foot, "shop.begin", "Return", self._begin, primary=True)
        self._next = button(
            foot,
            "shop.next-day",
            "N",
            lambda: self._attempt(self._presenter.next_day),
            primary=True,
        )
        self._study: KeyedButton = button(
            foot, "cases.go-on", "Return", self._study_now, primary=True
        )
        for each in (self._back, self._price, self._way, self._goods, self._hand_over):
            foot.row.addWidget(each)
        foot.row.addStretch(1)
        for each in (self._other, self._again, self._start, self._next, self._study):
            foot.row.addWidget(each)
        return foot

    def _open(self, kind: str) -> None:
        self._presenter.open_move(kind)

    def _give_turn(self) -> None:
        self._presenter.hand_over()

    def _study_now(self) -> None:
        self._presenter.study()

    def _other_seed(self) -> None:
        self._presenter.other_seed()

    def _button(
        self,
        foot: Foot,
        code: str,
        key: str,
        act: Callable[[], object],
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
            big=primary,
            parent=foot,
        )
        button.setObjectName(code)
        button.clicked.connect(lambda _on=False: act())
        return button

    def _show_body(self, body: QWidget) -> None:
        self._bodies.setCurrentWidget(body)
        self._arrange()
        self._put_focus()

    def _arrange(self) -> None:
        """Head and foot for what is shown now."""
        phase = self._presenter.phase
        setup = phase is ShopPhase.SETUP and not self._ranking
        at_desk = phase is ShopPhase.DESK and not self._ranking
        ended = phase is ShopPhase.ENDED and not self._ranking
        self._head.setVisible(not setup)
        self._subject.setVisible(not self._ranking)
        self._foot.setVisible(setup or at_desk or ended)
        for each in (self._back, self._price, self._way, self._goods, self._next):
            each.setVisible(at_desk)
        session = self._presenter.session
        team = session is not None and session.setup.mode == "team"
        self._hand_over.setVisible(at_desk and team)
        self._other.setVisible(setup)
        self._start.setVisible(setup)
        self._start.setEnabled(bool(self.setup.platforms))
        self._again.setVisible(ended)
        self._study.setVisible(ended and self._has_cards)
        code = "shop.to-desk" if phase is ShopPhase.DECIDING else "shop.leave"
        code = "shop.back" if self._ranking else code
        self._fit_keys()
        self._leave_button.set_text(self._desk.messages(code))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit_keys()

    def _fit_keys(self) -> None:
        """Where room is short the words stay and the keys go."""
        narrow = self.width() < self._desk.look.px(NARROW)
        session = self._presenter.session
        team = session is not None and session.setup.mode == "team"
        for button, key in (
            (self._back, "" if team else "Backspace"),
            (self._price, "P"),
            (self._way, "V"),
            (self._goods, "G"),
            (self._hand_over, "T"),
            (self._again, "R"),
        ):
            button.show_key("" if narrow else key)

    def _put_focus(self) -> None:
        if not self.isVisible():
            return
        page = self._bodies.currentWidget()
        if page is self.setup:
            focused = self.window().focusWidget()
            if focused is None or not self.setup.isAncestorOf(focused):
                self.setup.take_focus()
        elif page is self.desk_page:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.desk_page.take_focus():
                self._next.setFocus(Qt.FocusReason.OtherFocusReason)
        elif page is self.options:
            if not self.options.take_focus():
                self._leave_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif page is self.end:
            first = self._again if self._study.isHidden() else self._study
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._leave_button.setFocus(Qt.FocusReason.OtherFocusReason)
