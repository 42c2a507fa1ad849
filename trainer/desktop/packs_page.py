"""The part "Packs" of the teacher's desk: what is installed, what comes, and what one hands out."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from trainer.bootstrap import open_packs, own_content, pack_share
from trainer.desktop.controls import Button, Card, Divider, EmptyState, Picture, bind_key
from trainer.desktop.desk import Desk
from trainer.desktop.dropping import dropped_file
from trainer.desktop.exchange_page import empty
from trainer.desktop.fields import Field
from trainer.desktop.layouts import Flow, Page, row, stack
from trainer.desktop.long_work import run_for
from trainer.desktop.text import Tag, Text, Tone
from trainer.exchange.content_pack import SUFFIX
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import PACK_FOLDER, SettingsFile
from trainer.presenters.packs import AuthorRow, PackRow, PackSheet, PacksPresenter
from trainer.services.content_library import ReportProgress
from trainer.services.content_packs import Standing

_TONES: dict[Standing, tuple[Tone, str]] = {
    Standing.TRUSTED: ("good", "circle-check"),
    Standing.UNKNOWN: ("warning", "triangle-alert"),
    Standing.UNSIGNED: ("warning", "triangle-alert"),
    Standing.OTHER: ("warning", "triangle-alert"),
}


class PacksPage(QWidget):
    """Fits the PacksView protocol."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look, messages = desk.look, desk.messages
        # Kept here because a signal does not keep a plain object's method alive.
        self.presenter = PacksPresenter(
            partial(open_packs, desk.places, desk.clock),
            desk.library,
            own_content(desk.places),
            desk.places.keys,
            desk.clock,
            messages,
            self,
        )
        self.setAcceptDrops(True)
        page = Page(look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        column = page.column
        column.addWidget(Text(look, messages("desk.part.packs"), "title", bold=True))
        column.addWidget(Text(look, messages("packs.text"), "control", tone="ink_soft"))
        column.addWidget(self._make_head())
        self._looked = Card(look)
        self._looked.setObjectName("pack")
        self._looked.hide()
        column.addWidget(self._looked)
        self._list = Card(look, padding=16)
        column.addWidget(self._list)
        column.addWidget(self._make_share())
        column.addWidget(self._make_maker())
        self._authors = Card(look, padding=16)
        column.addWidget(self._authors)
        column.addStretch(1)
        bind_key(self, "Ctrl+O", self.choose_file)

    # What the window asks of a screen

    def on_shown(self) -> None:
        self._fill_maker()
        self.presenter.show()
        self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [("Ctrl+O", "packs.choose"), ("Ctrl+M", "packs.make")]

    # Building

    def _make_head(self) -> QWidget:
        look, messages = self._desk.look, self._desk.messages
        head = QWidget()
        flow = Flow(head, gap=look.px(8))
        self.open_button = Button(
            look,
            messages("packs.choose"),
            variant="primary",
            icon="folder-open",
            shows_key="Ctrl+O",
        )
        self.open_button.clicked.connect(self.choose_file)
        flow.addWidget(self.open_button)
        return head

    def _make_share(self) -> QWidget:
        desk = self._desk
        look, messages = desk.look, desk.messages
        card = Card(look)
        card.body.addWidget(Text(look, messages("packs.share-title"), "lead", bold=True))
        card.body.addWidget(Text(look, messages("packs.share-text"), "control", tone="ink_soft"))
        self._share = Text(look, "", "control", fill=True)
        card.body.addWidget(self._share)
        line = row(look)
        for code, act, name in (
            ("packs.share-choose", self.choose_share, "share"),
            ("packs.share-look", self.look_now, "look-now"),
        ):
            button = Button(look, messages(code))
            button.setObjectName(name)
            button.clicked.connect(act)
            line.addWidget(button)
        line.addStretch(1)
        card.body.addLayout(line)
        self._show_share()
        return card

    def _show_share(self) -> None:
        folder = pack_share(self._desk.places)
        self._share.set_text(str(folder) if folder else self._desk.messages("packs.no-share"))

    def _make_maker(self) -> QWidget:
        look, messages = self._desk.look, self._desk.messages
        card = Card(look)
        card.body.addWidget(Text(look, messages("packs.make-title"), "lead", bold=True))
        self._author = Text(look, "", "control", tone="ink_soft", fill=True)
        card.body.addWidget(self._author)
        self.source = QComboBox()
        self.pack_title = QLineEdit()
        self.author_name = QLineEdit()
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._name_field = Field(look, messages("packs.author-name"), self.author_name)
        self._secret_field = Field(
            look,
            messages("packs.passphrase"),
            self.passphrase,
            explain=messages("packs.passphrase-why"),
        )
        card.body.addWidget(Field(look, messages("packs.source"), self.source))
        title = Field(
            look,
            messages("packs.title"),
            self.pack_title,
            explain=messages("packs.title-why"),
        )
        for field in (title, self._name_field, self._secret_field):
            card.body.addWidget(field)
        line = row(look)
        button = Button(look, messages("packs.make"), icon="save", key="Ctrl+M")
        button.setObjectName("make")
        button.clicked.connect(self.choose_target)
        line.addWidget(button)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def _fill_maker(self) -> None:
        self.source.clear()
        for words, path in self.presenter.sources():
            self.source.addItem(words, str(path))
        self._show_author()

    def _show_author(self) -> None:
        messages = self._desk.messages
        known = self.presenter.author()
        self._name_field.setVisible(known is None)
        self._secret_field.setVisible(known is None or known[2])
        if known is None:
            self._author.set_text(messages("packs.no-key"))
        else:
            self._author.set_text(messages("pack.signed-by", name=known[0], words=known[1]))

    # What the person does

    def choose_file(self) -> None:
        messages = self._desk.messages
        name, _ = QFileDialog.getOpenFileName(
            self, messages("packs.choose"), "", f"{messages('desk.part.packs')} (*{SUFFIX})"
        )
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Look at the pack in the file at `path`, chosen or dropped."""
        self.presenter.look(path)

    def choose_share(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self._desk.messages("packs.share-choose"))
        if name:
            # A setting of this PC, not of the person.
            SettingsFile(self._desk.places.settings_file).settings()[PACK_FOLDER] = name
            self._show_share()

    def look_now(self) -> None:
        folder = pack_share(self._desk.places)
        if folder is None:
            self.choose_share()
        else:
            self.presenter.update(folder)

    def choose_target(self) -> None:
        if not self.pack_title.text().strip():
            self.pack_title.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        name, _ = QFileDialog.getSaveFileName(
            self, self._desk.messages("packs.make"), f"pack{SUFFIX}", f"(*{SUFFIX})"
        )
        if name:
            self.make(Path(name))

    def make(self, target: Path) -> None:
        self.presenter.make(
            Path(str(self.source.currentData())),
            self.pack_title.text(),
            self.author_name.text(),
            self.passphrase.text(),
            target.with_suffix(SUFFIX),
        )

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.take(path)

    # What the presenter shows

    def show_packs(self, rows: Sequence[PackRow], authors: Sequence[AuthorRow]) -> None:
        look, messages = self._desk.look, self._desk.messages
        empty(self._list.body)
        if not rows:
            self._list.body.addWidget(
                EmptyState(look, "layers", messages("packs.none"), messages("packs.none-more"))
            )
        for number, one in enumerate(rows):
            if number:
                self._list.body.addWidget(Divider(look))
            self._list.body.addWidget(self._pack_line(one, last=number == len(rows) - 1))
        empty(self._authors.body)
        self._authors.setVisible(bool(authors))
        self._authors.body.addWidget(Text(look, messages("packs.authors"), "lead", bold=True))
        for author in authors:
            line = row(look, gap=12)
            words = stack(look, gap=0)
            words.addWidget(Text(look, author.name, "control", bold=True))
            words.addWidget(Text(look, author.words, "small", tone="ink_soft", fill=True))
            line.addLayout(words, 1)
            button = Button(look, messages("packs.distrust"), variant="quiet")
            button.clicked.connect(partial(self.presenter.distrust, author.key))
            line.addWidget(button)
            self._authors.body.addLayout(line)
        self._show_author()

    def _pack_line(self, one: PackRow, *, last: bool) -> QWidget:
        look, messages = self._desk.look, self._desk.messages
        line = QWidget()
        lines = stack(look, gap=6)
        line.setLayout(lines)
        lines.addWidget(Text(look, one.title, "body", bold=True, fill=True))
        told = messages.count("packs.line", one.decks, author=one.author or "-", date=one.made)
        lines.addWidget(Text(look, told, "control", tone="ink_soft", fill=True))
        tags = QWidget()
        flow = Flow(tags, gap=look.px(8))
        tone, icon = _TONES[one.standing]
        flow.addWidget(Tag(look, one.standing_words, tone=tone, icon=icon))
        if one.earlier:
            back = Button(look, messages("packs.roll-back", date=one.earlier), icon="history")
            back.setObjectName(f"back-{one.pack_id}")
            back.clicked.connect(partial(self.presenter.roll_back, one.pack_id))
            flow.addWidget(back)
        if not last:
            up = Button(look, messages("packs.move"), icon="chevron-down", variant="quiet")
            up.clicked.connect(partial(self.presenter.move_up, one.pack_id))
            flow.addWidget(up)
        remove = Button(look, messages("packs.remove"), icon="trash-2", variant="quiet")
        remove.setObjectName(f"remove-{one.pack_id}")
        remove.clicked.connect(partial(self._ask_remove, one))
        flow.addWidget(remove)
        lines.addWidget(tags)
        return line

    def _ask_remove(self, one: PackRow) -> None:
        messages = self._desk.messages
        self._desk.shell.ask(
            messages("packs.remove"),
            messages("packs.remove-ask", title=one.title),
            messages("packs.remove"),
            partial(self.presenter.remove, one.pack_id),
        )

    def show_pack(self, sheet: PackSheet | None) -> None:
        look, messages = self._desk.look, self._desk.messages
        empty(self._looked.body)
        self._looked.setVisible(sheet is not None)
        if sheet is None:
            self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        body = self._looked.body
        head = row(look, gap=8)
        tone, icon = _TONES[sheet.standing]
        known = sheet.standing is Standing.TRUSTED
        colour = look.colours.good if known else look.colours.warning
        head.addWidget(Picture(look, icon, size=24, colour=colour))
        head.addWidget(Text(look, sheet.told, "body", fill=True), 1)
        body.addLayout(head)
        tags = QWidget()
        flow = Flow(tags, gap=look.px(8))
        flow.addWidget(Tag(look, sheet.standing_words, tone=tone, icon=icon))
        body.addWidget(tags)
        if sheet.words:
            told = messages("pack.signed-by", name=sheet.author, words=sheet.words)
            body.addWidget(Text(look, told, "body", fill=True))
        if not known:
            code = "packs.unsigned-why" if not sheet.words else "packs.unknown-why"
            body.addWidget(Text(look, messages(code), "control", tone="ink_soft"))
        if sheet.covers:
            told = messages("pack.covers", decks=", ".join(sheet.covers[:6]))
            body.addWidget(Text(look, told, "control", tone="warning", fill=True))
        if sheet.installed:
            told = messages("packs.installed-already")
            body.addWidget(Text(look, told, "control", tone="ink_soft"))
        foot = QWidget()
        buttons = Flow(foot, gap=look.px(8))
        choices = [("packs.install", False)]
        if sheet.words and not known:
            choices = [("packs.install-trust", True), ("packs.install-once", False)]
        elif not sheet.words:
            choices = [("packs.install-anyway", False)]
        for number, (code, trust) in enumerate(choices):
            button = Button(
                look,
                messages(code),
                variant="primary" if known else "secondary",
                key="Ctrl+Return" if known and not number else "",
            )
            button.setObjectName("install-trust" if trust else "install")
            button.clicked.connect(partial(self._install, trust=trust))
            buttons.addWidget(button)
        leave = Button(look, messages("shell.cancel"), key="Esc")
        leave.clicked.connect(self.presenter.forget)
        buttons.addWidget(leave)
        body.addWidget(foot)
        leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _install(self, _checked: bool = False, *, trust: bool) -> None:
        self.presenter.install(trust=trust)

    def run(
        self,
        title: str,
        work: Callable[[ReportProgress], object],
        done: Callable[[object], object],
    ) -> None:
        run_for(self, self._desk.shell, title, work, done)

    def say(self, error: TrainerError) -> None:
        self._desk.shell.say(error)

    def toast(self, text: str, undo: Callable[[], object] | None) -> None:
        self._desk.shell.toast(text, undo=undo)
