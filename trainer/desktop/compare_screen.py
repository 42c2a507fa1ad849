"""Compare: platforms side by side, each cell a way into the Handbook."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from trainer.desktop import keys
from trainer.desktop.compare_grid import CompareGrid
from trainer.desktop.controls import Button, EmptyState, Toggle
from trainer.desktop.desk import Desk
from trainer.desktop.layouts import Flow
from trainer.desktop.quiz_setup import Chip
from trainer.desktop.text import Text
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import write_whole
from trainer.presenters.compare import ComparePresenter, Grid

_SEARCH_MS = 120  # after the last key


class CompareScreen(QWidget):
    """Knows how the matrix is chosen and which key means what."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look, messages = desk.look, desk.messages
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(messages("compare.search"))
        self.search.setAccessibleName(messages("compare.search"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(look.px(160))
        self.search.addAction(
            look.icons.icon("search", look.colours.ink_soft, 16),
            QLineEdit.ActionPosition.LeadingPosition,
        )
        self.topic = QComboBox(self)
        self.topic.setAccessibleName(messages("compare.topic"))
        self.topic.setFixedWidth(look.px(160))
        self.differ = Toggle(look, messages("compare.differ"), self)
        self.copy = Button(
            look, messages("compare.copy"), variant="quiet", icon="copy", shows_key="Ctrl+C"
        )
        self.save = Button(
            look, messages("compare.save"), variant="quiet", icon="save", shows_key="Ctrl+S"
        )
        self._chips: dict[str, Chip] = {}
        self.grid = CompareGrid(look, messages, self)
        self.read = Button(look, messages("compare.key.open"), icon="book-open", shows_key="Return")
        self._said = Text(look, step="control", fill=True)
        self._stack = QStackedWidget(self)
        self._lay_out()
        # Kept here because a signal does not keep a plain object's method alive.
        self._presenter = ComparePresenter(desk.library, self, messages, desk.language)
        self.grid.cells.words = self._presenter.cell_words
        self.grid.cells.same = self._presenter.same_words
        self._timer = QTimer(self)
        self._timer.setInterval(_SEARCH_MS)
        self._timer.setSingleShot(True)
        self._connect()

    # What the window asks of a screen

    def on_shown(self) -> None:
        self._attempt(self._presenter.show)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def kept(self) -> object:
        return self._presenter.chosen

    def take_up(self, kept: object) -> None:
        match kept:
            case (tuple() as hidden, str() as topic, str() as text, bool() as differences):
                self._presenter.choose(hidden, topic, text, differences)
                self.search.setText(text)
                self.differ.setChecked(differences)
                self._timer.stop()
                self._attempt(self._presenter.show)
                self.topic.setCurrentIndex(max(0, self.topic.findData(topic)))
            case _:
                pass

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("Up", "compare.key.move"),
            ("Return", "compare.key.open"),
            ("1", "compare.key.next"),
            ("/", "compare.search"),
            ("Ctrl+F", "compare.search"),
            ("D", "compare.differ"),
            ("Space", "compare.key.platform"),
            ("Ctrl+C", "compare.copy"),
            ("Ctrl+S", "compare.save"),
            ("Esc", "compare.key.back"),
        ]

    # CompareView

    def show_choices(
        self, platforms: Sequence[tuple[str, str, bool]], topics: Sequence[tuple[str, str]]
    ) -> None:
        if list(self._chips) != [name for name, _, _ in platforms]:
            self._make_chips(platforms)
        for name, _, shown in platforms:
            self._chips[name].setChecked(shown)
        if self.topic.count() != len(topics) + 1:
            chosen = self.topic.currentData() or ""
            self.topic.blockSignals(True)
            self.topic.clear()
            self.topic.addItem(self._desk.messages("compare.all-topics"), "")
            for topic, name in topics:
                self.topic.addItem(name, topic)
            self.topic.setCurrentIndex(max(0, self.topic.findData(chosen)))
            self.topic.blockSignals(False)

    def show_grid(self, grid: Grid) -> None:
        self._stack.setCurrentIndex(0 if grid.rows else 1)
        self.grid.show_grid(grid)

    def show_no_decks(self) -> None:
        self._stack.setCurrentIndex(2)

    # Keys

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        alone = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        if event.matches(QKeySequence.StandardKey.Find) or event.text() in {"/", "、", "／"}:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.matches(QKeySequence.StandardKey.Save):
            self._save()
        elif alone and event.key() == ord("D"):
            self.differ.toggle()
        elif event.key() in {keys.DOWN, *keys.ENTERS} and self.search.hasFocus():
            self._search_now()
            self.grid.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == keys.ESCAPE:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        """Out of the search first, then out of the page."""
        if self.search.text():
            self.search.clear()
            self._search_now()
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._desk.shell.go("today")

    # What is done

    def _read(self, _checked: bool = False) -> None:
        self.grid.read()

    def _show_everything(self) -> None:
        for control in (self.search, self.topic, self.differ):
            control.blockSignals(True)
        self.search.clear()
        self.topic.setCurrentIndex(0)
        self.differ.setChecked(False)
        for control in (self.search, self.topic, self.differ):
            control.blockSignals(False)
        self._presenter.show_everything()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._presenter.as_text())
        self._desk.shell.toast(self._desk.messages("compare.copied"))

    def _save(self) -> None:
        messages = self._desk.messages
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            messages("compare.save"),
            messages("compare.file-name"),
            messages("compare.file"),
        )
        if chosen:
            self._attempt(lambda: self.save_to(Path(chosen)))

    def save_to(self, path: Path) -> None:
        """Write what is shown to `path`. Raises TrainerError (disk.*, file.locked)."""
        path = path if path.suffix else path.with_suffix(".csv")
        write_whole(path, self._presenter.as_csv())
        self._desk.shell.toast(self._desk.messages("compare.saved", path=path.name))

    def _search_now(self) -> None:
        self._timer.stop()
        self._presenter.search(self.search.text())

    def _tell_cell(self) -> None:
        """Say below the table what the current cell is made of."""
        cell, index = self.grid.current_cell(), self.grid.currentIndex()
        messages = self._desk.messages
        if cell is None:
            self._said.set_text("")
            self.read.setEnabled(False)
            return
        self.read.setEnabled(bool(cell.lines))
        said = [f"{line.title}{self._doubt(line.to_verify)}" for line in cell.lines] or [
            messages("compare.no-rule")
        ]
        if len(said) > 1:
            said = [f"{number}. {words}" for number, words in enumerate(said, start=1)]
        platform = self.grid.cells.grid.platforms[index.column()]
        self._said.set_text(f"{platform}  ·  {'   '.join(said)}")

    def _doubt(self, to_verify: bool) -> str:
        return f" ({self._desk.messages('compare.to-verify')})" if to_verify else ""

    def _attempt(self, act: Callable[[], None]) -> None:
        """Do something that the disk may refuse."""
        try:
            act()
        except TrainerError as error:
            self._desk.shell.say(error)

    # Making

    def _connect(self) -> None:
        presenter = self._presenter
        self.search.textChanged.connect(lambda _text: self._timer.start())
        self._timer.timeout.connect(self._search_now)
        self.topic.activated.connect(
            lambda _place: presenter.choose_topic(self.topic.currentData() or "")
        )
        self.differ.toggled.connect(presenter.only_differences)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.grid.rule_wanted.connect(self._desk.shell.read)
        self.grid.moved.connect(self._tell_cell)
        self.read.clicked.connect(self._read)

    def _make_chips(self, platforms: Sequence[tuple[str, str, bool]]) -> None:
        for chip in self._chips.values():
            self._platforms.removeWidget(chip)
            chip.deleteLater()
        self._chips = {}
        for name, words, _ in platforms:
            chip = Chip(self._desk.look, words)
            chip.clicked.connect(partial(self._press, name))
            self._platforms.addWidget(chip)
            self._chips[name] = chip

    def _press(self, platform: str, _checked: bool = False) -> None:
        self._presenter.press_platform(platform)

    def _lay_out(self) -> None:
        look, messages = self._desk.look, self._desk.messages
        everything = Button(look, messages("compare.show-all"), icon="rotate-ccw")
        everything.clicked.connect(self._show_everything)
        nothing = EmptyState(
            look,
            "search",
            messages("compare.nothing"),
            messages("compare.nothing-why"),
            button=everything,
        )
        no_decks = EmptyState(
            look, "scale", messages("compare.no-decks"), messages("compare.no-decks-why")
        )
        for page in (self.grid, nothing, no_decks):
            self._stack.addWidget(page)
        choices = QWidget(self)
        line = Flow(choices, gap=look.px(8))
        for control in (self.search, self.topic, self.differ, self.copy, self.save):
            line.addWidget(control)
        chips = QWidget(self)
        chips.setAccessibleName(messages("compare.platforms"))
        self._platforms = Flow(chips, gap=look.px(6))
        foot = QHBoxLayout()
        foot.setSpacing(look.px(12))
        foot.addWidget(self._said, 1)
        foot.addWidget(self.read)
        column = QVBoxLayout(self)
        side = look.px(16)
        column.setContentsMargins(side, side, side, look.px(12))
        column.setSpacing(look.px(8))
        column.addWidget(choices)
        column.addWidget(chips)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
