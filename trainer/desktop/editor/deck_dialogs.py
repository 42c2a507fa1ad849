"""Decks as a whole: a new one, a copy, another name."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from trainer.cards.model import Language
from trainer.desktop.controls import Segments, Toggle
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.fields import Field
from trainer.desktop.layouts import row
from trainer.desktop.text import Text
from trainer.foundation.errors import TrainerError
from trainer.foundation.identifiers import slug
from trainer.presenters.new_deck import KINDS, NewDeck, deck_id_of
from trainer.presenters.subjects import subject_name


class NewDeckDialog(Dialog):
    """Where it belongs and what it is called; the file's name follows the English title until it
    is typed."""

    def __init__(
        self,
        desk: Desk,
        subjects: dict[str, Sequence[str]],
        *,
        check: Callable[[str], None],
        make: Callable[[NewDeck], object],
        parent: QWidget,
    ) -> None:
        """`subjects` are those that have decks, by kind. `check` raises TrainerError for an id
        that cannot be."""
        look, messages = desk.look, desk.messages
        super().__init__(look, messages("editor.new"), icon="file-plus", width=560, parent=parent)
        self._desk, self._subjects, self._id_check, self._make = desk, subjects, check, make
        self.kind = Segments(
            look,
            messages("editor.new-kind"),
            [(kind, messages(f"editor.kind-{kind}")) for kind in KINDS],
            "platform",
        )
        self.kind.chosen.connect(self._list_subjects)
        self.subject = QComboBox()
        self.subject.setObjectName("new-subject")
        self.subject.setEditable(True)
        self.subject.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.english = QLineEdit()
        self.english.setObjectName("new-title-en")
        self.chinese = QLineEdit()
        self.chinese.setObjectName("new-title-zh")
        self.name = QLineEdit()
        self.name.setObjectName("new-name")
        self.english.textEdited.connect(self._name_follows)
        self.both = Toggle(look, messages("editor.new-both"))
        self.both.setChecked(True)
        self._subject_field = Field(
            look,
            messages("editor.new-subject"),
            self.subject,
            explain=messages("editor.new-subject-why"),
        )
        self._name_field = Field(look, messages("editor.new-name"), self.name)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, look.px(8), 0)
        column.setSpacing(look.px(12))
        column.addWidget(Field(look, messages("editor.new-kind"), self.kind))
        column.addWidget(self._subject_field)
        titles = row(look, gap=12)
        titles.addWidget(Field(look, messages("editor.new-title-en"), self.english), 1)
        titles.addWidget(Field(look, messages("editor.new-title-zh"), self.chinese), 1)
        column.addLayout(titles)
        column.addWidget(self._name_field)
        column.addWidget(self.both)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        # As high as the form, unless the window is lower: it then scrolls to where one types.
        room = parent.window().height() - look.px(190)
        scroll.setMinimumHeight(
            max(min(inside.sizeHint().height() + look.px(24), room), look.px(80))
        )
        self.body.addWidget(scroll)
        self.add_button(messages("shell.cancel"), self.reject, key="Esc")
        do = self.add_button(messages("editor.new-do"), self._do, variant="primary", key="Return")
        do.setObjectName("new-do")
        self._list_subjects("platform")
        self.english.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list_subjects(self, kind: str) -> None:
        self.subject.clear()
        for subject in self._subjects.get(kind, ()):
            self.subject.addItem(subject_name(self._desk.messages, subject), subject)
        # A product is a deck by itself.
        self._subject_field.setVisible(kind != "product")

    def _name_follows(self, title: str) -> None:
        if not self.name.isModified():
            self.name.setText(slug(title, fallback=""))
            self.name.setModified(False)

    def _do(self) -> None:
        chosen = self.subject.currentIndex()
        typed = self.subject.currentText()
        known = chosen >= 0 and self.subject.itemText(chosen) == typed
        subject = str(self.subject.itemData(chosen)) if known else slug(typed, fallback="")
        titles: dict[Language, str] = {
            "en": self.english.text().strip() or self.chinese.text().strip(),
            "zh": self.chinese.text().strip() or self.english.text().strip(),
        }
        messages = self._desk.messages
        if not titles["en"]:
            self._name_field.show_wrong(messages("editor.new-no-title"))
            return
        try:
            deck_id = deck_id_of(self.kind.value, subject, self.name.text().strip())
            self._id_check(deck_id)
        except TrainerError as error:
            self._name_field.show_wrong(messages(error.code, **error.blanks))
            return
        languages: Sequence[Language] = ("en", "zh") if self.both.isChecked() else ("en",)
        new = NewDeck(deck_id, {one: titles[one] for one in languages})
        self.accept()
        self._make(new)


class NameDialog(Dialog):
    """Another name for the file of a deck, or the name of a copy."""

    def __init__(
        self,
        desk: Desk,
        *,
        title: str,
        text: str,
        verb: str,
        deck_id: str,
        check: Callable[[str], None],
        act: Callable[[str], object],
        warning: str = "",
        parent: QWidget,
    ) -> None:
        look = desk.look
        super().__init__(look, title, text, icon="file-text", parent=parent)
        self._desk, self._id_check, self._act = desk, check, act
        self._folder, _, name = deck_id.rpartition("/")
        self.name = QLineEdit(name)
        self.name.setObjectName("deck-name")
        self._field = Field(look, desk.messages("editor.new-name"), self.name)
        self.body.addWidget(self._field)
        if warning:
            self.body.addWidget(Text(look, warning, "control", tone="warning"))
        self.add_button(desk.messages("shell.cancel"), self.reject, key="Esc")
        do = self.add_button(verb, self._do, variant="primary", key="Return")
        do.setObjectName("name-do")
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self) -> None:
        name = self.name.text().strip()
        deck_id = f"{self._folder}/{name}"
        try:
            self._id_check(deck_id)
        except TrainerError as error:
            self._field.show_wrong(self._desk.messages(error.code, **error.blanks))
            return
        self.accept()
        self._act(deck_id)
