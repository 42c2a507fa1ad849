"""The part "Decks" of the teacher's desk: the tree, the text, and beside it what students see."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QFileSystemWatcher, QMimeData, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from trainer.bootstrap import editable_folders, own_content
from trainer.cards.model import Language
from trainer.decks.addresses import Address
from trainer.desktop.background import BackgroundTask
from trainer.desktop.card_view import Render
from trainer.desktop.controls import bind_key
from trainer.desktop.desk import Desk
from trainer.desktop.editor.buffer import Buffer
from trainer.desktop.editor.checking import Checking
from trainer.desktop.editor.insert_menu import insert_menu, put_in, show_below
from trainer.desktop.editor.panes import Panes
from trainer.desktop.editor.source_pane import SourcePane
from trainer.foundation.clock import study_day
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Setting
from trainer.foundation.source import Finding, Level
from trainer.presenters.deck_list import DeckShelf
from trainer.presenters.editor import Conflict, EditorPresenter
from trainer.presenters.new_deck import NewDeck, subjects_of, texts_of
from trainer.services.deck_drafts import Draft, Drafts
from trainer.services.deck_effects import Effects
from trainer.services.deck_fixes import (
    QuickFix,
    Texts,
    can_be_mended,
    fixes_at,
    fixes_for,
    translation_fix,
)
from trainer.services.deck_source import DeckSource
from trainer.services.live_check import (
    Checked,
    LiveCheck,
    line_of,
    other_language,
    piece_around,
    under,
    under_piece,
)
from trainer.services.snippets import load_snippets
from trainer.services.teacher_decks import TeacherDecks

CHECK_MS = 25  # after the last key
PREVIEW_MS = 15  # after the last key, or the cursor's last move
DRAFT_MS = 400  # after the first key since the last draft
LAYOUT = Setting("editor-layout", "")  # as `Panes.to_text` wrote it
DIFFERENCES = {
    "deck.not-translated",
    "deck.orphaned",
    "deck.number-differs",
    "deck.answer-differs",
    "deck.kind-differs",
    "deck.table-differs",
    "deck.steps-differ",
    "deck.dates-differ",
    "deck.line-missing",
}
MISSING = {"deck.not-translated", "deck.orphaned"}


class KeptEditor(Struct, frozen=True):
    """What is open while the look changes. Texts that are not saved lie in their drafts too."""

    deck_id: str
    language: Language
    buffers: dict[Address, Buffer]


class DecksPage(QWidget):
    """Fits the EditorView protocol."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look, messages = desk.look, desk.messages
        self._buffers: dict[Address, Buffer] = {}
        self._tasks: list[BackgroundTask] = []
        self._checked: Checked | None = None
        self._menu: QMenu | None = None
        self._offered = False  # drafts of an earlier time
        self._drafts = Drafts(desk.places.data / "drafts")
        self._decks = TeacherDecks(
            desk.library,
            own_content(desk.places),
            lambda: editable_folders(desk.places),
            desk.clock,
        )
        # Kept here because a signal does not keep a plain object's method alive.
        self.presenter = EditorPresenter(
            self._decks, self._drafts, desk.settings, desk.clock, desk.language, self
        )
        self.checking = Checking(
            LiveCheck(desk.library.folders, lambda: study_day(desk.clock.now())), self
        )
        self._check_timer = self._timer(CHECK_MS, self._check)
        self._preview_timer = self._timer(PREVIEW_MS, self._show_under)
        self._draft_timer = self._timer(DRAFT_MS, self.presenter.keep_drafts)
        self._watcher = QFileSystemWatcher(self)
        self.panes = panes = Panes(look, messages, Render(desk.library.folders), self)
        panes.restore(desk.settings[LAYOUT])
        self.source, self.preview = panes.source, panes.preview
        self.translation = panes.translation.source
        self._active: SourcePane = self.source
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(panes)
        self._connect()
        self.show_no_deck()

    # What the window asks of a screen

    def on_shown(self) -> None:
        self.presenter.show()
        if not self.presenter.deck_id:
            last = self.presenter.last_deck()
            if last is None or not self.presenter.open(*last):
                self.panes.filter.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._active.setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("Ctrl+S", "editor.save"),
            ("Ctrl+Shift+S", "editor.effects"),
            ("Ctrl+I", "editor.insert"),
            ("Ctrl+L", "editor.key.language"),
            ("Ctrl+F", "editor.find"),
            ("Ctrl+H", "editor.key.replace"),
            ("F3", "editor.find-next"),
            ("F8", "editor.next-finding"),
            ("Shift+F8", "editor.finding-before"),
            ("Ctrl+.", "editor.mend"),
            ("Ctrl+N", "editor.new"),
            ("Ctrl+M", "editor.deck-menu"),
            ("F6", "editor.key.preview"),
            ("F7", "editor.key.translation"),
            ("F9", "editor.key.tree"),
            ("Ctrl+Return", "editor.key.answer"),
            ("Esc", "editor.key.back"),
        ]

    def kept(self) -> object:
        self.presenter.keep_drafts()
        for pane in (self.source, self.translation):
            pane.show_nothing()
        buffers, self._buffers = self._buffers, {}
        for buffer in buffers.values():
            buffer.edited.disconnect()
            buffer.document.modificationChanged.disconnect()
            buffer.setParent(None)
        return KeptEditor(self.presenter.deck_id, self.presenter.language, buffers)

    def take_up(self, kept: object) -> None:
        if not isinstance(kept, KeptEditor):
            return
        for address, buffer in kept.buffers.items():
            buffer.setParent(self)
            buffer.dressed.clear()
            self._adopt(address, buffer)
        if kept.deck_id:
            self.presenter.open(kept.deck_id, kept.language)

    def close_down(self) -> None:
        for timer in (self._check_timer, self._preview_timer, self._draft_timer):
            timer.stop()
        self.checking.close()
        self.presenter.keep_drafts()
        self._drafts.close()
        for task in self._tasks:
            task.stop()
            task.wait()
        try:
            self._desk.settings[LAYOUT] = self.panes.to_text()
        except TrainerError:
            return  # no more is lost than the widths

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self.panes.arrange()

    # Wiring

    def _connect(self) -> None:
        panes, presenter = self.panes, self.presenter
        panes.tree.deck_wanted.connect(self._open)
        panes.filter.textChanged.connect(presenter.filter)
        panes.filter.returnPressed.connect(panes.tree.focus_first)
        panes.side.new.clicked.connect(self.new_deck)
        panes.begin.clicked.connect(self.new_deck)
        panes.side.more.clicked.connect(self.deck_menu)
        panes.tree.customContextMenuRequested.connect(lambda _at: self.deck_menu())
        panes.head.save_wanted.connect(self.save)
        panes.head.insert_wanted.connect(self.insert_menu)
        panes.head.find_wanted.connect(partial(panes.find_bar.open, replace=False))
        panes.head.language_wanted.connect(self._to_language)
        panes.head.tree_wanted.connect(partial(self._toggle, "tree"))
        panes.head.preview_wanted.connect(partial(self._toggle, "preview"))
        panes.head.translation_wanted.connect(partial(self._toggle, "translation"))
        panes.copy.clicked.connect(presenter.copy_to_own)
        panes.find_bar.left.connect(self._back)
        panes.preview.left.connect(self._back)
        panes.findings.left.connect(self._back)
        panes.findings.finding_wanted.connect(self._go_to_finding)
        panes.findings.next_wanted.connect(partial(self.step_finding, 1))
        panes.findings.fix_wanted.connect(self.fix_menu)
        panes.translation.next_wanted.connect(self._next_difference)
        panes.translation.make_wanted.connect(self._make_translation)
        for pane in (self.source, self.translation):
            pane.line_changed.connect(partial(self._moved, pane))
            pane.focused.connect(partial(self._activate, pane))
            pane.pictures_given.connect(partial(self._pictures_given, pane))
        self.checking.told.connect(self._told)
        self.checking.failed.connect(self._failed)
        self._watcher.fileChanged.connect(self._file_changed)
        for keys, act in (
            ("Ctrl+L", presenter.flip),
            ("Ctrl+Shift+S", self.show_effects),
            ("Ctrl+H", partial(panes.find_bar.open, replace=True)),
            ("Shift+F8", partial(self.step_finding, -1)),
            ("Ctrl+Return", self._to_answer),
        ):
            bind_key(panes.writing, keys, act)
        bind_key(panes, "F9", partial(self._toggle, "tree"))

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    # What the presenter asks for (lists and panes)

    def show_shelves(self, shelves: Sequence[DeckShelf], *, unfold: bool) -> None:
        self.panes.tree.show_shelves(shelves, unfold=unfold)

    def open_buffer(self, source: DeckSource, *, editable: bool) -> None:
        self._adopt(source.address, Buffer(source, editable=editable, parent=self))

    def _adopt(self, address: Address, buffer: Buffer) -> None:
        buffer.edited.connect(partial(self._edited, address))
        buffer.document.modificationChanged.connect(lambda _on: self.show_modified())
        self._buffers[address] = buffer
        if buffer.source.digest:
            self._watcher.addPath(str(buffer.source.path))

    def close_buffer(self, address: Address) -> None:
        buffer = self._buffers.pop(address, None)
        if buffer is None:
            return
        self._watcher.removePath(str(buffer.source.path))
        for pane in (self.source, self.translation):
            if pane.buffer is buffer:
                pane.show_nothing()
        buffer.deleteLater()

    def show_deck(self, deck_id: str, language: Language) -> None:
        buffer = self._buffers[Address(deck_id, language)]
        panes = self.panes
        self._checked = None
        self._active = self.source
        other = self._buffers.get(Address(deck_id, other_language(language)))
        if other is None or self.translation.buffer is not other:
            self.translation.show_nothing()
        self.source.show_buffer(buffer)
        if other is not None:
            self.translation.show_buffer(other)
        panes.fit()
        panes.locked.setVisible(not buffer.editable)
        panes.show_writing(True)
        panes.head.show_deck(
            self._title(deck_id), str(buffer.source.path), language, editable=buffer.editable
        )
        panes.translation.show_state(there=other is not None, missing=0, differing=0)
        panes.findings.show_findings(buffer.findings)
        self.show_modified()
        panes.tree.mark(deck_id)
        self.source.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()
        self._show_under()

    def show_no_deck(self) -> None:
        self.source.show_nothing()
        self.translation.show_nothing()
        self.panes.show_writing(False)

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
        saved = not any(one.modified for one in here)
        self.panes.head.show_saved(saved)
        self.panes.tree.show_unsaved(self.presenter.deck_id, unsaved=not saved)

    # What the presenter asks for (questions and words)

    def ask_effects(self, effects: Effects, go_on: Callable[[], None]) -> None:
        self._show_effects(effects, go_on)

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
        """The newest first, once: whoever decides later is not asked at every turn."""
        if not drafts or self._offered:
            return
        self._offered = True
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
        task = BackgroundTask(self._desk.library.refresh, self)
        task.succeeded.connect(self._refreshed)
        task.failed.connect(self._failed)
        task.finished.connect(partial(self._tasks.remove, task))
        self._tasks.append(task)
        task.start()

    def _refreshed(self, _refreshed: object) -> None:
        self.presenter.list_decks()
        if self.presenter.deck_id:
            self.panes.head.title.set_text(self._title(self.presenter.deck_id))
            self.panes.tree.mark(self.presenter.deck_id)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, TrainerError):
            raise error
        self.say(error)

    # Saving

    def save(self) -> None:
        self.presenter.save()

    def show_effects(self) -> None:
        """What saving would do to students, without saving."""
        if self.presenter.deck_id:
            self._show_effects(self.presenter.effects(), None)

    def _show_effects(self, effects: Effects, go_on: Callable[[], None] | None) -> None:
        from trainer.desktop.editor.save_dialogs import EffectsDialog

        EffectsDialog(self._desk, effects, go_on, self).open()

    def _file_changed(self, path: str) -> None:
        for address, buffer in list(self._buffers.items()):
            if buffer.source.path == Path(path):
                # Whoever writes it may not be done yet.
                QTimer.singleShot(150, self, partial(self._look_at_disk, address))

    def _look_at_disk(self, address: Address) -> None:
        self.presenter.look_at_disk(address)
        buffer = self._buffers.get(address)
        if buffer is not None and str(buffer.source.path) not in self._watcher.files():
            self._watcher.addPath(str(buffer.source.path))

    # Moving about

    def _open(self, deck_id: str) -> None:
        self.presenter.open(deck_id)

    def _to_language(self, language: str) -> None:
        if language != self.presenter.language:
            self.presenter.flip()
            # Where there is no such translation the choice goes back.
            self.panes.head.languages.choose(self.presenter.language)

    def _toggle(self, part: str) -> None:
        self.panes.toggle(part)
        self._show_under()
        self._follow(self._active)
        if part == "tree" and self.panes.shows("tree") and not self.panes.middle.isVisible():
            self.panes.tree.focus_first()
        elif not self.isAncestorOf(self.window().focusWidget() or self.window()):
            self._back()

    def _back(self) -> None:
        pane = self._active if self._active.isVisible() else self.source
        pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _activate(self, pane: SourcePane) -> None:
        self._active = pane
        self._preview_timer.start()

    def _moved(self, pane: SourcePane, _line: int) -> None:
        if pane is self._active:
            self._preview_timer.start()
            self._follow(pane)

    def _follow(self, pane: SourcePane) -> None:
        """The other language goes along with the cursor."""
        checked = self._checked
        there = self.translation if pane is self.source else self.source
        if checked is None or checked.other is None or not self.panes.shows("translation"):
            return
        if there.buffer is None or pane.buffer is None:
            return
        own, other = checked.deck, checked.other
        if pane.buffer.source.address != checked.address:
            own, other = other, own
        line = line_of(other, under(own, pane.line + 1))
        if line:
            there.go_to(line - 1, middle=True)

    def _to_answer(self) -> None:
        if not self.panes.shows("preview"):
            self.panes.toggle("preview")
        self._show_under()
        self.preview.take_focus()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self.presenter.deck_id:
            self._back()
        else:
            super().keyPressEvent(event)

    def _title(self, deck_id: str) -> str:
        entries = [one for one in self._desk.library.decks() if one.deck_id == deck_id]
        wanted = [one for one in entries if one.language == self._desk.language]
        return next((one.title for one in [*wanted, *entries]), deck_id)

    # Findings and preview

    def _edited(self, address: Address) -> None:
        if address.deck_id == self.presenter.deck_id:
            self._check_timer.start()
            self._preview_timer.start()
        if not self._draft_timer.isActive():
            self._draft_timer.start()

    def _check(self) -> None:
        buffer = self.source.buffer
        if buffer is None:
            return
        other = self._other_of(buffer)
        self.checking.ask(
            buffer.source.address, buffer.text, other.text if other is not None else None
        )

    def _other_of(self, buffer: Buffer) -> Buffer | None:
        address = buffer.source.address
        return self._buffers.get(Address(address.deck_id, other_language(address.language)))

    def _told(self, checked: Checked) -> None:
        buffer = self._buffers.get(checked.address)
        if buffer is None or buffer is not self.source.buffer:
            return
        self._checked = checked
        if not checked.whole:
            # What only the library tells stays until it is told anew.
            kept = [one for one in buffer.findings if one.code in DIFFERENCES]
            own = sorted((*checked.findings, *kept), key=lambda one: one.place)
            buffer.show_findings(own, checked.code)
            return
        buffer.show_findings(checked.findings, checked.code)
        other = self._other_of(buffer)
        if other is not None:
            other.show_findings(checked.other_findings)
        self.panes.findings.show_findings(checked.findings)
        # What differs is said of the translation, what is missing of the one that has it.
        both = (*checked.findings, *checked.other_findings)
        self.panes.translation.show_state(
            there=other is not None,
            missing=sum(one.code in MISSING for one in both),
            differing=sum(one.code in DIFFERENCES - MISSING for one in both),
        )
        self._show_under()

    def _show_under(self) -> None:
        """The preview of what the cursor is on, from the text as it is at this moment."""
        pane = self._active
        buffer = pane.buffer
        if buffer is None:
            return
        line = pane.line
        in_table = pane.textCursor().block().text()[:1] == "|"
        self.panes.findings.show_fixable(
            buffer.editable and (in_table or any(map(can_be_mended, buffer.at(line))))
        )
        if not self.panes.shows("preview"):
            return
        checked = self._checked
        other: object = None
        if checked is not None:
            other = checked.other if buffer.source.address == checked.address else checked.deck
        total = buffer.document.blockCount()
        piece, at = piece_around(buffer.lines_between, total, buffer.front, line)
        deck = self.checking.read_piece(buffer.source.address, piece)
        self.preview.show_under(under_piece(deck, piece, at + 1), other)  # type: ignore[arg-type] # a Deck

    def step_finding(self, by: int) -> None:
        """F8: to the next finding, round the end; while there are errors, to the next of them."""
        buffer = self.source.buffer
        if buffer is None or not buffer.findings:
            self.note("editor.findings-none")
            return
        here = self.source.line + 1, self.source.column + 1
        gravest = min((one.level for one in buffer.findings), key=list(Level).index)
        findings = [one for one in buffer.findings if one.level is gravest]
        places = [(one.place.line, one.place.column) for one in findings]
        if by > 0:
            at = next((n for n, place in enumerate(places) if place > here), 0)
        else:
            before = [n for n, place in enumerate(places) if place < here]
            at = before[-1] if before else len(places) - 1
        self._go_to_finding(findings[at])

    def _go_to_finding(self, finding: Finding) -> None:
        self.source.go_to(finding.place.line - 1, finding.place.column - 1, middle=True)
        self.source.setFocus(Qt.FocusReason.OtherFocusReason)
        sentence = self._desk.messages(finding.code, **finding.blanks)
        self.source.setAccessibleDescription(sentence)

    def _next_difference(self) -> None:
        """To the next place where the two languages differ, in the pane it is said of."""
        for pane in (self.translation, self.source):
            if pane.buffer is None:
                continue
            lines = [one.place.line - 1 for one in pane.buffer.findings if one.code in DIFFERENCES]
            if lines:
                line = next((one for one in lines if one > pane.line), lines[0])
                self._active = pane
                pane.setFocus(Qt.FocusReason.OtherFocusReason)
                pane.go_to(line, middle=True)
                return

    # Mending

    def _fixes(self, pane: SourcePane) -> Sequence[QuickFix]:
        buffer, checked = pane.buffer, self._checked
        if buffer is None or checked is None or not buffer.editable:
            return []
        is_own = buffer.source.address == checked.address
        deck = checked.deck if is_own else checked.other
        if deck is None:
            return []
        language = buffer.source.address.language
        found: list[QuickFix] = []
        for finding in buffer.at(pane.line):
            found += fixes_for(finding, self._texts(), language, deck, buffer.findings)
        if not found and pane.textCursor().block().text()[:1] == "|":
            found += fixes_at(pane.line, {language: buffer.text}, language)
        return found

    def _texts(self) -> Texts:
        return {
            at.language: one.text
            for at, one in self._buffers.items()
            if at.deck_id == self.presenter.deck_id
        }

    def fix_menu(self) -> None:
        """Ctrl+.: what can be done about the cursor's line; one thing alone is done at once."""
        pane = self._active
        fixes = self._fixes(pane)
        if not fixes:
            self.note("editor.no-fix")
        elif len(fixes) == 1:
            self._mend(fixes[0])
        else:
            self._menu = menu = QMenu(self)
            for number, one in enumerate(fixes, start=1):
                words = self._desk.messages(one.code, **one.blanks).replace("&", "&&")
                act = menu.addAction(f"&{number}  {words}")
                act.setObjectName(f"fix-{one.code.rpartition('.')[2]}")
                act.triggered.connect(partial(self._mend, one))
            menu.setActiveAction(menu.actions()[0])
            menu.popup(pane.viewport().mapToGlobal(pane.cursorRect().bottomLeft()))

    def _mend(self, fix: QuickFix, _checked: bool = False) -> None:
        before = self._texts()
        after = fix.apply(before)
        for language, text in after.items():
            address = Address(self.presenter.deck_id, language)
            if language not in before:
                self.presenter.add_translation(text)
            elif text != before[language]:
                self.change_text(address, text)
        self.note("editor.mended", what=self._desk.messages(fix.code, **fix.blanks))
        self._check()

    def _make_translation(self) -> None:
        buffer = self.source.buffer
        if buffer is not None:
            self._mend(translation_fix(buffer.source.address.language))

    # Putting in

    def insert_menu(self) -> None:
        self._menu = menu = insert_menu(
            self._desk.messages, self.put_in, self._choose_pictures, self
        )
        show_below(menu, self.panes.head.insert)
        menu.setActiveAction(menu.actions()[0])

    def put_in(self, name: str, _checked: bool = False) -> None:
        """Put a block of that name behind the one the cursor is in."""
        pane = self._active
        if pane.buffer is None or not pane.buffer.editable:
            return
        language = pane.buffer.source.address.language
        snippet = load_snippets(self._desk.places.assets, language)[name]
        pane.setFocus(Qt.FocusReason.OtherFocusReason)
        put_in(pane, snippet, inside=name == "why")

    def _choose_pictures(self, _checked: bool = False) -> None:
        from trainer.desktop.editor.pictures import choose_pictures, read_picture

        files = choose_pictures(self, self._desk.messages("editor.insert-picture"))
        self._keep_pictures(self._active, lambda: [read_picture(file) for file in files])

    def _pictures_given(self, pane: SourcePane, given: QMimeData) -> None:
        from trainer.desktop.editor.pictures import pictures_of

        self._keep_pictures(pane, lambda: pictures_of(given))

    def _keep_pictures(
        self, pane: SourcePane, read: Callable[[], Sequence[tuple[object, str, str]]]
    ) -> None:
        from trainer.desktop.editor.pictures import keep

        buffer = pane.buffer
        if buffer is None or not buffer.editable:
            return
        try:
            for image, name, ending in read():
                file = keep(buffer.source.path, image, name, ending)  # type: ignore[arg-type] # a QImage
                pane.textCursor().insertText(f"![{name}]({file})")
        except TrainerError as error:
            self.say(error)

    # Decks as a whole

    def new_deck(self) -> None:
        from trainer.desktop.editor.deck_dialogs import NewDeckDialog

        NewDeckDialog(
            self._desk,
            subjects_of(self._decks.all()),
            check=self._decks.check_new,
            make=self._make_deck,
            parent=self,
        ).open()

    def _make_deck(self, new: NewDeck) -> None:
        texts = texts_of(new, self._desk.places.assets, self._desk.clock)
        if self.presenter.create(new.deck_id, texts):
            # Behind the front matter, where there is something to write.
            buffer = self.source.buffer
            self.source.go_to(buffer.front if buffer is not None else 0)

    def deck_menu(self) -> None:
        """What can be done with the deck that is chosen in the list."""
        deck_id = self.panes.tree.current_deck or self.presenter.deck_id
        if not deck_id:
            return
        messages = self._desk.messages
        self._menu = menu = QMenu(self)
        for letter, code, act in (
            ("D", "editor.duplicate", self._ask_duplicate),
            ("R", "editor.rename", self._ask_rename),
            ("X", "editor.remove", self._remove),
        ):
            one = menu.addAction(f"{messages(code)}  (&{letter})")
            one.setObjectName(code.partition(".")[2])
            one.triggered.connect(partial(act, deck_id))
            editable = self._decks.is_editable(self._decks.path_of(f"{deck_id}.md")) or (
                self._decks.is_editable(self._decks.path_of(f"{deck_id}.zh.md"))
            )
            one.setEnabled(editable or code == "editor.duplicate")
        show_below(menu, self.panes.side.more)
        menu.setActiveAction(menu.actions()[0])

    def _ask_duplicate(self, deck_id: str, _checked: bool = False) -> None:
        messages = self._desk.messages
        if self.presenter.deck_id != deck_id and not self.presenter.open(deck_id):
            return
        self._name_dialog(
            deck_id,
            messages("editor.duplicate"),
            messages("editor.duplicate-more"),
            self.presenter.duplicate,
        )

    def _ask_rename(self, deck_id: str, _checked: bool = False) -> None:
        messages = self._desk.messages
        if any(at.deck_id == deck_id and one.modified for at, one in self._buffers.items()):
            self.note("editor.save-first")
            return
        self._name_dialog(
            deck_id,
            messages("editor.rename"),
            messages("editor.rename-more"),
            partial(self.presenter.rename, deck_id),
            warning=messages("editor.rename-warning"),
        )

    def _name_dialog(
        self,
        deck_id: str,
        title: str,
        text: str,
        act: Callable[[str], object],
        warning: str = "",
    ) -> None:
        from trainer.desktop.editor.deck_dialogs import NameDialog

        NameDialog(
            self._desk,
            title=title,
            text=text,
            verb=title,
            deck_id=deck_id,
            check=self._decks.check_new,
            act=act,
            warning=warning,
            parent=self,
        ).open()

    def _remove(self, deck_id: str, _checked: bool = False) -> None:
        title = self._title(deck_id)
        bring_back = self.presenter.remove(deck_id)
        if bring_back is not None:
            self._desk.shell.toast(
                self._desk.messages("editor.removed", title=title), undo=bring_back
            )
