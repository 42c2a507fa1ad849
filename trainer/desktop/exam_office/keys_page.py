"""The teacher's keys in plain words: make them once, copy them, give the public part to IT."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from trainer.desktop.controls import Button, Card
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.fields import Field
from trainer.desktop.layouts import Flow, Page, row
from trainer.desktop.text import Text
from trainer.exams.teacher_keys import PublicKeys
from trainer.foundation.errors import TrainerError
from trainer.services.exam_keys import KeyShelf


class KeysPage(Page):
    """One look says whether there are keys, whose they are, and what is still to be done."""

    back_wanted = Signal()

    def __init__(self, desk: Desk, shelf: KeyShelf, parent: QWidget | None = None) -> None:
        super().__init__(desk.look, parent, width=720)
        self._desk, self._shelf = desk, shelf
        self._first: QWidget | None = None
        self._body: QWidget | None = None
        look, messages = desk.look, desk.messages
        head = row(look, gap=12)
        head.addWidget(Text(look, messages("exams.keys"), "title", bold=True), 1)
        back = Button(look, messages("exam.to-back"), variant="quiet", key="Esc")
        back.clicked.connect(self.back_wanted)
        head.addWidget(back)
        self.column.addLayout(head)
        self._holder = QWidget()
        self.column.addWidget(self._holder)
        self.column.addStretch(1)
        self.refresh()

    def take_focus(self) -> None:
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show how things stand."""
        self._first = None
        card = Card(self._desk.look, padding=24)
        card.body.setSpacing(self._desk.look.px(16))
        try:
            mine = self._shelf.mine()
            spare = self._shelf.spare() if mine is not None else None
        except TrainerError as error:
            self._desk.shell.say(error)
            mine = spare = None
        if mine is None:
            self._add_making(card)
        else:
            self._add_keys(card, mine, spare)
        self.column.replaceWidget(self._holder, card)
        self._holder.hide()
        self._holder.deleteLater()
        self._holder = card
        card.show()
        if self.isVisible():
            self.take_focus()

    # No keys yet

    def _add_making(self, card: Card) -> None:
        look, messages = self._desk.look, self._desk.messages
        card.body.addWidget(Text(look, messages("keys.none"), "body"))
        name, word, again = QLineEdit(self._desk.learner.name), QLineEdit(), QLineEdit()
        for line in (word, again):
            line.setEchoMode(QLineEdit.EchoMode.Password)
        name.setObjectName("keys-name")
        word.setObjectName("keys-passphrase")
        again.setObjectName("keys-again")
        fields = [
            Field(look, messages("keys.name"), name, explain=messages("keys.name-why")),
            Field(look, messages("keys.passphrase"), word, explain=messages("keys.passphrase-why")),
            Field(look, messages("keys.again"), again),
        ]
        for field, line in zip(fields, (name, word, again), strict=True):
            line.textEdited.connect(field.clear_wrong)
            card.body.addWidget(field)

        def make() -> None:
            if word.text() != again.text():
                fields[2].show_wrong(messages("keys.differ"))
                again.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            try:
                self._shelf.make(name.text(), word.text())
            except TrainerError as error:
                wrong = fields[0] if error.code == "exam.name-missing" else fields[1]
                wrong.show_wrong(messages(error.code, **error.blanks))
                return
            self.refresh()
            self._desk.shell.toast(messages("keys.made"))

        foot = Flow(gap=look.px(8))
        do = Button(look, messages("keys.make"), variant="primary", key="Return", big=True)
        do.setObjectName("keys-make")
        do.clicked.connect(make)
        restore = Button(look, messages("keys.restore"), icon="folder-open", big=True)
        restore.clicked.connect(self._restore)
        foot.addWidget(do)
        foot.addWidget(restore)
        card.body.addLayout(foot)
        self._first = word if name.text() else name

    # Keys are there

    def _add_keys(self, card: Card, mine: PublicKeys, spare: PublicKeys | None) -> None:
        look, messages = self._desk.look, self._desk.messages
        card.body.addWidget(Text(look, messages("keys.of", name=mine.name), "lead", bold=True))
        card.body.addWidget(Text(look, messages("keys.words"), "control", tone="ink_soft"))
        words = Text(look, mine.words.replace("-", " "), "lead", bold=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addWidget(words)
        self._add_step(card, "keys.copy-why", "keys.copy", "copy", self._back_up)
        self._add_step(card, "keys.public-why", "keys.public", "file-text", self._write_public)
        if spare is None:
            self._add_step(card, "keys.spare-none", "keys.spare-make", "lock", self._make_spare)
            self._add_step(card, "keys.spare-have", "keys.spare-choose", "folder-open", self._spare)
        else:
            said = messages("keys.spare-is", name=spare.name, words=spare.words.replace("-", " "))
            card.body.addWidget(Text(look, said, "body"))

    def _add_step(
        self, card: Card, why: str, verb: str, icon: str, act: Callable[[], None]
    ) -> None:
        look, messages = self._desk.look, self._desk.messages
        line = row(look, gap=16)
        line.addWidget(Text(look, messages(why), "body", fill=True), 1)
        button = Button(look, messages(verb), icon=icon)
        button.setObjectName(verb.replace(".", "-"))
        button.clicked.connect(act)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(line)
        self._first = self._first or button

    def _restore(self) -> None:
        path = self._chosen("keys.restore")
        if path is not None:
            self._try(lambda: self._shelf.restore(path), "keys.restored")

    def _back_up(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._desk.messages("keys.copy"))
        if folder:
            self._try(lambda: self._shelf.back_up(Path(folder)), "keys.copied")

    def _write_public(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._desk.messages("keys.public"))
        if folder:
            self._try(lambda: self._shelf.write_public(Path(folder)), "keys.written")

    def _spare(self) -> None:
        path = self._chosen("keys.spare-choose")
        if path is not None:
            self._try(lambda: self._shelf.set_spare(path), "keys.spare-set")

    def _make_spare(self) -> None:
        """A key of the school's, on a stick, under a passphrase of a second person."""
        from nacl.utils import random as entropy

        from trainer.services.exam_keys import make_spare

        look, messages = self._desk.look, self._desk.messages
        dialog = Dialog(look, messages("keys.spare-make"), messages("keys.spare-more"), parent=self)
        word = QLineEdit()
        word.setEchoMode(QLineEdit.EchoMode.Password)
        field = Field(look, messages("keys.passphrase"), word, explain=messages("keys.spare-word"))
        dialog.body.addWidget(field)

        def make() -> None:
            folder = QFileDialog.getExistingDirectory(self, messages("keys.spare-make"))
            if not folder:
                return
            target = Path(folder) / "school-spare.keys"
            try:
                public = make_spare(messages("keys.school"), word.text(), target, entropy)
                self._shelf.set_spare(target.with_suffix(".pub"))
            except TrainerError as error:
                field.show_wrong(messages(error.code, **error.blanks))
                return
            dialog.accept()
            self.refresh()
            self._desk.shell.toast(messages("keys.spare-made", words=public.words))

        dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
        dialog.add_button(messages("keys.spare-where"), make, variant="primary", key="Return")
        dialog.open()
        word.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self, code: str) -> Path | None:
        path, _ = QFileDialog.getOpenFileName(self, self._desk.messages(code))
        return Path(path) if path else None

    def _try(self, act: Callable[[], object], told: str) -> None:
        try:
            act()
        except TrainerError as error:
            self._desk.shell.say(error)
            return
        self.refresh()
        self._desk.shell.toast(self._desk.messages(told))
