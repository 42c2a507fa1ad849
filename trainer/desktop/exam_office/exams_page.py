"""The part of the desk for exams: what there is to do, and the page of each."""

from collections.abc import Callable, Sequence
from pathlib import Path

from nacl.utils import random as entropy
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from trainer.bootstrap import program_folder
from trainer.desktop.controls import Button, Tile
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.exam_office.keys_page import KeysPage
from trainer.desktop.exam_office.plan_page import PlanPage
from trainer.desktop.fields import Field
from trainer.desktop.layouts import Page
from trainer.desktop.text import Text
from trainer.exams.teacher_keys import TeacherKeys
from trainer.foundation.errors import TrainerError
from trainer.services.exam_office import open_shelf


class ExamsPage(QWidget):
    """A front with what to do next; Esc on a page leads back to it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.shelf = open_shelf(desk.places.data, program_folder(), entropy)
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._page: QWidget | None = None
        self.first_control: QWidget | None = None
        self.show_front()

    @property
    def page(self) -> QWidget | None:
        """What is open now: the front, or a page."""
        return self._page

    def on_shown(self) -> None:
        take_focus = getattr(self._page, "take_focus", None)
        if take_focus is not None:
            take_focus()
        elif self.first_control is not None:
            self.first_control.setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcuts(self) -> list[tuple[str, str]]:
        keys = [("Esc", "exam.to-back")]
        if isinstance(self._page, PlanPage):
            keys += self._page.shortcuts()
        return keys

    def close_down(self) -> None:
        close_down = getattr(self._page, "close_down", None)
        if close_down is not None:
            close_down()

    def show_front(self) -> None:
        look, messages = self._desk.look, self._desk.messages
        front = Page(look, width=760)
        front.column.addWidget(Text(look, messages("exams.title"), "title", bold=True))
        front.column.addWidget(Text(look, messages("exams.more"), "body", tone="ink_soft"))
        self.first_control = None
        for number, (name, icon, act) in enumerate(self._acts(), start=1):
            tile = Tile(
                look,
                messages(f"exams.{name}"),
                messages(f"exams.{name}-more"),
                icon=icon,
                key=str(number),
            )
            tile.setObjectName(f"exams-{name}")
            tile.clicked.connect(lambda _=False, act=act: act())
            front.column.addWidget(tile)
            self.first_control = self.first_control or tile
        front.column.addStretch(1)
        self._put(front)

    def show_keys(self) -> None:
        page = KeysPage(self._desk, self.shelf)
        page.back_wanted.connect(self.show_front)
        self._put(page)
        page.take_focus()

    def show_plan(self) -> None:
        """The decks are read first, with progress: a plan is held against all cards."""
        from trainer.services.exam_pool import ExamPool

        library = self._desk.library

        def opened(pool: object) -> None:
            if not isinstance(pool, ExamPool):
                return
            page = PlanPage(self._desk, self.shelf, pool)
            page.back_wanted.connect(self.show_front)
            page.keys_wanted.connect(self.show_keys)
            self._put(page)
            page.take_focus()

        title = self._desk.messages("exams.reading")
        self._desk.shell.run(title, lambda report: ExamPool(library, report), opened)

    def show_results(self) -> None:
        """Choose the teacher's file and say the passphrase; then what was collected is read."""
        from trainer.desktop.exam_office.results_page import LAST_KEY

        desk = self._desk
        look, messages = desk.look, desk.messages
        dialog = Dialog(look, messages("exams.results"), messages("results.open-more"), parent=self)
        path = QLineEdit(desk.settings[LAST_KEY])
        path.setObjectName("results-key")
        word = QLineEdit()
        word.setObjectName("results-passphrase")
        word.setEchoMode(QLineEdit.EchoMode.Password)
        key_field = Field(look, messages("results.key"), path)
        word_field = Field(look, messages("keys.passphrase"), word)
        choose = Button(look, messages("exam.browse"), icon="folder-open")

        def browse() -> None:
            found, _ = QFileDialog.getOpenFileName(
                self, messages("results.key"), path.text(), messages("results.key-filter")
            )
            if found:
                path.setText(found)

        choose.clicked.connect(browse)
        for part in (key_field, choose, word_field):
            dialog.body.addWidget(part)

        def go() -> None:
            try:
                keys = self.shelf.open(word.text())
            except TrainerError as error:
                word_field.show_wrong(messages(error.code, **error.blanks))
                return
            try:
                self.open_results(Path(path.text()), keys)
            except TrainerError as error:
                key_field.show_wrong(messages(error.code, **error.blanks))
                return
            desk.settings[LAST_KEY] = path.text()
            dialog.accept()

        dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
        dialog.add_button(messages("results.open"), go, variant="primary", key="Return")
        dialog.open()
        (word if path.text() else path).setFocus(Qt.FocusReason.OtherFocusReason)

    def open_results(self, path: Path, keys: TeacherKeys) -> None:
        """The page of a sitting's results. Raises TrainerError."""
        from trainer.desktop.exam_office.results_page import ResultsPage
        from trainer.services.exam_results import open_results

        page = ResultsPage(self._desk, open_results(path, keys))
        page.back_wanted.connect(self.show_front)
        self._put(page)
        page.take_focus()

    def _acts(self) -> Sequence[tuple[str, str, Callable[[], None]]]:
        return (
            ("plan", "file-text", self.show_plan),
            ("results", "list-checks", self.show_results),
            ("keys", "lock", self.show_keys),
        )

    def _put(self, page: QWidget) -> None:
        old, self._page = self._page, page
        if old is not None:
            close_down = getattr(old, "close_down", None)
            if close_down is not None:
                close_down()
            self._stack.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        if self.isVisible():
            self.on_shown()
