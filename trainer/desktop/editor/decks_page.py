"""The part "Decks" of the teacher's desk: the tree, the text, and beside it what students see."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QFileSystemWatcher, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from trainer.bootstrap import editable_folders, own_content
from trainer.cards.model import Language
from trainer.decks.addresses import Address
from trainer.desktop.background import BackgroundTask, ReportProgress
from trainer.desktop.controls import Button, EmptyState, bind_key
from trainer.desktop.desk import Desk
from trainer.desktop.editor.buffer import Buffer
from trainer.desktop.editor.checking import Checking
from trainer.desktop.editor.deck_head import DeckHead
from trainer.desktop.editor.decks_tree import DecksTree
from trainer.desktop.editor.source_pane import SourcePane
from trainer.desktop.question_sheet import Notice
from trainer.foundation.clock import study_day
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Setting
from trainer.presenters.deck_list import DeckShelf
from trainer.presenters.editor import Conflict, EditorPresenter
from trainer.services.deck_drafts import Draft, Drafts
from trainer.services.deck_effects import Effects
from trainer.services.deck_source import DeckSource
from trainer.services.live_check import Checked, LiveCheck, other_language
from trainer.services.teacher_decks import TeacherDecks

CHECK_MS = 25  # after the last key
DRAFT_MS = 400  # after the first key since the last draft
LAYOUT = Setting("editor-layout", "")  # widths of the panes, and which of them are shown


class DecksPage(QWidget):
    """Fits the EditorView protocol."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look = desk.look
        self._buffers: dict[Address, Buffer] = {}
        self._tasks: list[BackgroundTask] = []
        self._checked: Checked | None = None
        self._drafts = Drafts(desk.places.data / "drafts")
        decks = TeacherDecks(
            desk.library,
            own_content(desk.places),
            lambda: editable_folders(desk.places),
            desk.clock,
        )
        self._decks = decks
        # Kept here because a signal does not keep a plain object's method alive.
        self.presenter = EditorPresenter(
            decks, self._drafts, desk.settings, desk.clock, desk.language, self
        )
        self.checking = Checking(
            LiveCheck(desk.library.folders, lambda: study_day(desk.clock.now())), self
        )
        self.checking.told.connect(self._told)
        self.checking.failed.connect(self._check_failed)
        self._check_timer = self._timer(CHECK_MS, self._check)
        self._draft_timer = self._timer(DRAFT_MS, self.presenter.keep_drafts)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._file_changed)
        self._make_side()
        self._make_source()
        self._splitter = splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(look.px(5))
        splitter.addWidget(self._side)
        splitter.addWidget(self._middle)
        splitter.setStretchFactor(1, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(splitter)
        self.show_no_deck()

    # What the window asks of a screen

    def on_shown(self) -> None:
        self.presenter.show()
        (self.source if self.presenter.deck_id else self.filter).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("Ctrl+S", "editor.save"),
            ("Ctrl+I", "editor.insert"),
            ("Ctrl+L", "editor.key.language"),
            ("F9", "editor.key.tree"),
        ]

    def close_down(self) -> None:
        for timer in (self._check_timer, self._draft_timer):
            timer.stop()
        self.checking.close()
        self.presenter.keep_drafts()
        self._drafts.close()
        for task in self._tasks:
            task.stop()
            task.wait()

    # Parts

    def _make_side(self) -> None:
        look, messages = self._desk.look, self._desk.messages
        self._side = side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(*[look.px(8)] * 4)
        column.setSpacing(look.px(8))
        self.filter = QLineEdit(side)
        self.filter.setPlaceholderText(messages("editor.filter"))
        self.filter.setAccessibleName(messages("editor.filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(
            look.icons.icon("search", look.colours.ink_soft, 16),
            QLineEdit.ActionPosition.LeadingPosition,
        )
        self.filter.textChanged.connect(self.presenter.filter)
        self.tree = DecksTree(look, messages, side)
        self.tree.deck_wanted.connect(self.presenter.open)
        self.filter.returnPressed.connect(self.tree.focus_first)
        column.addWidget(self.filter)
        column.addWidget(self.tree, 1)
        side.setMinimumWidth(look.px(180))

    def _make_source(self) -> None:
        look, messages = self._desk.look, self._desk.messages
        self._middle = QStackedWidget(self)
        self._nothing = EmptyState(
            look, "square-pen", messages("editor.choose"), messages("editor.choose-more")
        )
        self._writing = QWidget(self)
        column = QVBoxLayout(self._writing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = DeckHead(look, messages, self._writing)
        self.head.save_wanted.connect(self.save)
        self.head.language_wanted.connect(self._to_language)
        self.head.tree_wanted.connect(self._toggle_tree)
        self.locked = QWidget(self._writing)
        strip = QHBoxLayout(self.locked)
        strip.setContentsMargins(look.px(12), look.px(6), look.px(12), look.px(6))
        notice = Notice(look, self.locked, step="small")
        notice.show_words("lock", "warning", messages("editor.read-only"))
        strip.addWidget(notice, 1)
        copy = Button(look, messages("editor.copy-to-own"), icon="copy")
        copy.setObjectName("copy-to-own")
        copy.clicked.connect(self.presenter.copy_to_own)
        strip.addWidget(copy)
        self.source = SourcePane(look, messages("editor.source"), self._writing)
        column.addWidget(self.head)
        column.addWidget(self.locked)
        column.addWidget(self.source, 1)
        self._middle.addWidget(self._nothing)
        self._middle.addWidget(self._writing)
        bind_key(self._writing, "Ctrl+L", self.presenter.flip)

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    # What the presenter asks for (lists and panes)

    def show_shelves(self, shelves: Sequence[DeckShelf], *, unfold: bool) -> None:
        self.tree.show_shelves(shelves, unfold=unfold)

    def open_buffer(self, source: DeckSource, *, editable: bool) -> None:
        buffer = Buffer(source, editable=editable, parent=self)
        buffer.edited.connect(partial(self._edited, source.address))
        buffer.document.modificationChanged.connect(lambda _on: self.show_modified())
        self._buffers[source.address] = buffer
        if source.digest:
            self._watcher.addPath(str(source.path))

    def close_buffer(self, address: Address) -> None:
        buffer = self._buffers.pop(address, None)
        if buffer is None:
            return
        self._watcher.removePath(str(buffer.source.path))
        if self.source.buffer is buffer:
            self.source.show_nothing()
        buffer.deleteLater()

    def show_deck(self, deck_id: str, language: Language) -> None:
        buffer = self._buffers[Address(deck_id, language)]
        self._checked = None
        self.source.show_buffer(buffer)
        self._middle.setCurrentWidget(self._writing)
        self.locked.setVisible(not buffer.editable)
        self.head.show_deck(
            self._title(deck_id), str(buffer.source.path), language, editable=buffer.editable
        )
        self.show_modified()
        self.tree.mark(deck_id)
        self.source.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def show_no_deck(self) -> None:
        self.source.show_nothing()
        self._middle.setCurrentWidget(self._nothing)

    # What the presenter asks for (texts)

    def text_of(self, address: Address) -> str:
        return self._buffers[address].text

    def is_modified(self, address: Address) -> bool:
        return self._buffers[address].modified

    def source_of(self, address: Address) -> DeckSource:
        return self._buffers[address].source

    def addresses(self) -> Sequence[Address]:
        return list(self._buffers)

    def change_text(self, address: Address, text: str) -> None:
        self._buffers[address].change_to(text)

    def saved(self, address: Address, source: DeckSource) -> None:
        self._buffers[address].saved(source)
        # A file that was replaced is no longer the one that was watched.
        self._watcher.addPath(str(source.path))

    def show_modified(self) -> None:
        here = [one for at, one in self._buffers.items() if at.deck_id == self.presenter.deck_id]
        self.head.show_saved(not any(one.modified for one in here))

    # What the presenter asks for (questions and words)

    def ask_effects(self, effects: Effects, go_on: Callable[[], None]) -> None:
        from trainer.desktop.editor.save_dialogs import EffectsDialog

        EffectsDialog(self._desk, effects, go_on, self).open()

    def ask_conflict(self, conflict: Conflict) -> None:
        from trainer.desktop.editor.save_dialogs import ConflictDialog

        ConflictDialog(
            self._desk,
            conflict,
            mine=partial(self.presenter.keep_mine, conflict),
            theirs=partial(self.presenter.take_theirs, conflict),
            parent=self,
        ).open()

    def offer_drafts(self, drafts: Sequence[Draft]) -> None:
        """The newest first; one at a time."""
        if not drafts:
            return
        from trainer.desktop.editor.draft_dialog import DraftDialog

        DraftDialog(
            self._desk,
            drafts[0],
            take=partial(self.presenter.take_up_draft, drafts[0]),
            throw_away=partial(self.presenter.throw_draft_away, drafts[0]),
            parent=self,
        ).open()

    def note(self, code: str, **blanks: object) -> None:
        self._desk.shell.toast(self._desk.messages(code, **blanks))

    def say(self, error: TrainerError) -> None:
        self._desk.shell.say(error)

    def decks_changed(self) -> None:
        def work(report: ReportProgress) -> object:
            return self._desk.library.refresh(report)

        task = BackgroundTask(work, self)
        task.succeeded.connect(lambda _refreshed: self.presenter.list_decks())
        task.failed.connect(self._refresh_failed)
        task.finished.connect(lambda: self._tasks.remove(task))
        self._tasks.append(task)
        task.start()

    # Acts

    def save(self) -> None:
        self.presenter.save()

    def _to_language(self, language: str) -> None:
        if language != self.presenter.language:
            self.presenter.flip()
            if language != self.presenter.language:
                # There is no such translation: the choice goes back.
                self.head.languages.choose(self.presenter.language)

    def _toggle_tree(self) -> None:
        self._side.setVisible(not self._side.isVisible())

    def _edited(self, address: Address) -> None:
        if address.deck_id == self.presenter.deck_id:
            self._check_timer.start()
        if not self._draft_timer.isActive():
            self._draft_timer.start()

    def _check(self) -> None:
        buffer = self.source.buffer
        if buffer is None:
            return
        address = buffer.source.address
        other = self._buffers.get(Address(address.deck_id, other_language(address.language)))
        self.checking.ask(address, buffer.text, other.text if other is not None else None)

    def _told(self, checked: Checked) -> None:
        buffer = self._buffers.get(checked.address)
        if buffer is None or checked.address.deck_id != self.presenter.deck_id:
            return
        self._checked = checked
        buffer.show_findings(checked.findings, checked.text)

    def _check_failed(self, error: Exception) -> None:
        raise error

    def _refresh_failed(self, error: Exception) -> None:
        if not isinstance(error, TrainerError):
            raise error
        self.say(error)

    def _file_changed(self, path: str) -> None:
        for address, buffer in list(self._buffers.items()):
            if buffer.source.path == Path(path):
                # Whoever writes it may not be done yet.
                QTimer.singleShot(150, self, partial(self.presenter.look_at_disk, address))

    def _title(self, deck_id: str) -> str:
        entries = [one for one in self._desk.library.decks() if one.deck_id == deck_id]
        wanted = [one for one in entries if one.language == self._desk.language]
        return next((one.title for one in [*wanted, *entries]), deck_id)


class KeptEditor(Struct, frozen=True):
    """What is open while the look changes."""

    deck_id: str
    language: str
