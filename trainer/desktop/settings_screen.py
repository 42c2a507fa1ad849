"""Settings: how one learns, in which languages, how it looks, and who one is here."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from trainer import __version__
from trainer.bootstrap import own_content
from trainer.desktop.controls import Button, Card, Divider, Segments, Stepper, Toggle
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.fields import Field, Swatches
from trainer.desktop.layouts import Beside, Page, stack
from trainer.desktop.text import Text
from trainer.desktop.theme import PERSON_COLOURS, SCALES
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error
from trainer.foundation.settings import (
    CARD_LANGUAGE,
    DESIRED_RETENTION,
    INTERFACE_LANGUAGE,
    MINUTES_A_DAY,
    NEW_CARDS_A_DAY,
    OWN_CONTENT,
    REDUCED_MOTION,
    SCALE,
    TEACHES,
    THEME,
    Setting,
    SettingsFile,
)
from trainer.presenters.settings import SettingsPresenter

RETENTIONS = (0.85, 0.9, 0.95)


class SettingsScreen(QWidget):
    """Everything here holds at once; there is nothing to save. Fits the SettingsView protocol."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._has_pin = desk.person.has_pin
        self._pin_dialog: PinDialog | None = None
        # Kept here because a signal does not keep a plain object's method alive.
        self._presenter = SettingsPresenter(
            desk.settings, desk.people, desk.person, desk.learner, self
        )
        look, messages = desk.look, desk.messages
        page = Page(look, width=720)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        column = page.column
        column.addWidget(Text(look, messages("place.settings"), "title", bold=True))
        self._add_learning(column)
        self._add_languages(column)
        self._add_look(column)
        self._add_person(column)
        self._add_about(column)
        column.addStretch(1)

    def on_shown(self) -> None:
        self._minutes.setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [("Up", "settings.key-more"), ("Down", "settings.key-less")]

    # Sections

    def _section(self, column: QVBoxLayout, title: str) -> QVBoxLayout:
        look = self._desk.look
        column.addSpacing(look.px(8))
        column.addWidget(Text(look, title, "lead", bold=True))
        card = Card(look, padding=8)
        card.body.setSpacing(0)
        column.addWidget(card)
        return card.body

    def _add(
        self, body: QVBoxLayout, label: str, control: QWidget, explain: str = "", name: str = ""
    ) -> None:
        """A line: words on the left, the control on the right, or below where it is tight."""
        look = self._desk.look
        if body.count():
            body.addWidget(Divider(look))
        line = QWidget()
        beside = Beside(line, gap=look.px(12), least=look.px(220))
        beside.setContentsMargins(*[look.px(12), look.px(8)] * 2)
        words = QWidget()
        lines = stack(look, gap=2)
        words.setLayout(lines)
        title = Text(look, label, "control", bold=True)
        title.setBuddy(control)
        lines.addWidget(title)
        if explain:
            lines.addWidget(Text(look, explain, "small", tone="ink_soft"))
        beside.addWidget(words)
        beside.addWidget(control)
        if not control.accessibleName():
            control.setAccessibleName(label)
        if explain:
            control.setAccessibleDescription(explain)
        if name:
            control.setObjectName(name)
        body.addWidget(line)

    def _choice(
        self,
        body: QVBoxLayout,
        code: str,
        setting: Setting[str],
        choices: tuple[tuple[str, str], ...],
    ) -> None:
        desk = self._desk
        label = desk.messages(f"settings.{code}")
        segments = Segments(desk.look, label, choices, desk.settings[setting])
        for value, _ in choices:
            segments.segment(value).setObjectName(f"{code}-{value or 'usual'}")
        segments.chosen.connect(partial(self._presenter.change, setting))
        why = f"settings.{code}-why"
        explain = desk.messages(why) if desk.messages.knows(why) else ""
        self._add(body, label, segments, explain)

    def _number(
        self, body: QVBoxLayout, code: str, setting: Setting[int], unit: str, step: int
    ) -> QSpinBox:
        desk = self._desk
        label = desk.messages(f"settings.{code}")
        explain = desk.messages(f"settings.{code}-why")
        stepper = Stepper(
            desk.look,
            label,
            fewer=desk.messages("settings.fewer", name=label),
            more=desk.messages("settings.more", name=label),
        )
        number = stepper.number
        number.setRange(int(setting.least or 0), int(setting.most or 999))
        number.setSingleStep(step)
        number.setSuffix(f" {unit}")
        number.setValue(desk.settings[setting])
        number.setObjectName(code)
        number.setAccessibleDescription(explain)
        number.valueChanged.connect(partial(self._presenter.change, setting))
        self._add(body, label, stepper, explain)
        return number

    def _add_learning(self, column: QVBoxLayout) -> None:
        desk, messages = self._desk, self._desk.messages
        body = self._section(column, messages("settings.learning"))
        self._minutes = self._number(
            body, "minutes", MINUTES_A_DAY, messages("settings.minutes-unit"), 5
        )
        self._number(body, "new-cards", NEW_CARDS_A_DAY, messages("settings.cards-unit"), 5)
        now = desk.settings[DESIRED_RETENTION]
        nearest = min(RETENTIONS, key=lambda share: abs(share - now))
        label = messages("settings.retention")
        retention = Segments(
            desk.look,
            label,
            [(str(share), f"{share * 100:.0f} %") for share in RETENTIONS],
            str(nearest),
        )
        for share in RETENTIONS:
            retention.segment(str(share)).setObjectName(f"retention-{share}")
        retention.chosen.connect(
            lambda value: self._presenter.change(DESIRED_RETENTION, float(value))
        )
        self._add(body, label, retention, messages("settings.retention-why"), "retention")

    def _add_languages(self, column: QVBoxLayout) -> None:
        messages = self._desk.messages
        body = self._section(column, messages("settings.languages"))
        usual = messages("settings.as-system")
        self._choice(
            body,
            "program-language",
            INTERFACE_LANGUAGE,
            (("", usual), ("zh_CN", "中文"), ("en", "English")),
        )
        self._choice(
            body,
            "card-language",
            CARD_LANGUAGE,
            (("", messages("settings.as-program")), ("zh", "中文"), ("en", "English")),
        )

    def _add_look(self, column: QVBoxLayout) -> None:
        desk, messages = self._desk, self._desk.messages
        body = self._section(column, messages("settings.look"))
        self._choice(
            body,
            "theme",
            THEME,
            tuple(
                (value, messages(f"settings.theme-{value}"))
                for value in ("system", "light", "dark", "high-contrast")
            ),
        )
        label = messages("settings.scale")
        now = desk.settings[SCALE]
        nearest = min(SCALES, key=lambda scale: abs(scale - now))
        scale = Segments(
            desk.look, label, [(str(each), f"{each} %") for each in SCALES], str(nearest)
        )
        for each in SCALES:
            scale.segment(str(each)).setObjectName(f"scale-{each}")
        scale.chosen.connect(lambda value: self._presenter.change(SCALE, int(value)))
        self._add(body, label, scale, messages("settings.scale-why"))
        self._choice(
            body,
            "motion",
            REDUCED_MOTION,
            tuple(
                (value, messages(f"settings.motion-{value}")) for value in ("system", "on", "off")
            ),
        )

    def _add_person(self, column: QVBoxLayout) -> None:
        desk, look, messages = self._desk, self._desk.look, self._desk.messages
        body = self._section(column, messages("settings.you"))
        name = QLineEdit(desk.learner.name)
        name.setMaxLength(40)
        name.setObjectName("own-name")
        name.setFixedWidth(look.px(240))
        self._name = name
        name.editingFinished.connect(lambda: self._presenter.rename(name.text()))
        self._add(body, messages("settings.name"), name, messages("settings.name-why"))
        colours = Swatches(
            look,
            [(each, messages(f"colour.{each}")) for each in PERSON_COLOURS],
            desk.person.colour,
        )
        for each in PERSON_COLOURS:
            colours.swatch(each).setObjectName(f"own-colour-{each}")
        colours.setFixedSize(look.px(6 * 44), look.px(40))
        colours.chosen.connect(self._presenter.recolour)
        self._add(body, messages("settings.colour"), colours)
        code = "settings.pin-change" if self._has_pin else "settings.pin-set"
        self._pin_button = Button(look, messages(code), icon="lock")
        self._pin_button.clicked.connect(self._ask_for_pin)
        self._add(body, messages("settings.pin"), self._pin_button, messages("sign-in.pin-why"))
        teaches = Toggle(look, "")
        teaches.setAccessibleName(messages("settings.teaches"))
        teaches.setChecked(desk.settings[TEACHES])
        teaches.toggled.connect(partial(self._presenter.change, TEACHES))
        self._add(
            body, messages("settings.teaches"), teaches, messages("settings.teaches-why"), "teaches"
        )
        if desk.settings[TEACHES]:
            choose = Button(look, messages("settings.own-content-choose"), icon="folder-open")
            choose.clicked.connect(self._choose_own_content)
            explain = messages("settings.own-content-why", path=own_content(desk.places))
            self._add(body, messages("settings.own-content"), choose, explain, "own-content")
        remove = Button(look, messages("settings.remove"), icon="trash-2")
        remove.clicked.connect(self._ask_to_remove)
        self._add(body, messages("settings.remove-title"), remove, messages("settings.remove-why"))

    def _add_about(self, column: QVBoxLayout) -> None:
        desk, look, messages = self._desk, self._desk.look, self._desk.messages
        body = self._section(column, messages("settings.about"))
        keys = Button(look, messages("shell.show-keys"), icon="keyboard", shows_key="?")
        keys.clicked.connect(self._show_keys)
        self._add(body, messages("settings.version", version=__version__), keys)
        for code, path in (("data", desk.places.data), ("content", desk.places.content)):
            copy = Button(look, messages("settings.copy-path"), icon="copy")
            copy.clicked.connect(partial(self._copy, str(path)))
            label = messages(f"settings.{code}")
            copy.setAccessibleName(f"{messages('settings.copy-path')}: {label}")
            self._add(body, label, copy, str(path))

    # What the presenter asks for

    def make_anew(self) -> None:
        self._desk.shell.settings_changed()

    def show_name_wrong(self, error: TrainerError) -> None:
        self._name.setText(self._desk.learner.name)
        self._desk.shell.say(error)

    def show_pin_wrong(self, error: TrainerError) -> None:
        if self._pin_dialog is not None:
            sentence = self._desk.messages(error.code, **error.blanks)
            self._pin_dialog.show_wrong(error, sentence)

    def show_pin_set(self, *, has_pin: bool) -> None:
        messages = self._desk.messages
        self._has_pin = has_pin
        if self._pin_dialog is not None:
            self._pin_dialog.accept()
        self._pin_button.set_text(
            messages("settings.pin-change" if has_pin else "settings.pin-set")
        )
        self._desk.shell.toast(
            messages("settings.pin-is-set" if has_pin else "settings.pin-is-gone")
        )

    def say(self, error: TrainerError) -> None:
        self._desk.shell.say(error)

    # Actions

    def _ask_for_pin(self) -> None:
        self._pin_dialog = PinDialog(self._desk, self._presenter, self, has_pin=self._has_pin)
        self._pin_dialog.finished.connect(self._pin_asked)
        self._pin_dialog.open()

    def _pin_asked(self) -> None:
        self._pin_dialog = None

    def _ask_to_remove(self) -> None:
        desk, messages = self._desk, self._desk.messages
        desk.shell.ask(
            messages("settings.remove-ask", name=desk.learner.name),
            messages("settings.remove-ask-more"),
            messages("settings.remove"),
            self._remove,
        )

    def _remove(self) -> None:
        desk, messages, presenter = self._desk, self._desk.messages, self._presenter
        name = desk.learner.name
        # The file has to be closed before its folder can be moved.
        desk.shell.sign_out()
        try:
            removed = presenter.remove_person()
        except TrainerError as error:
            desk.shell.say(error)
            return
        desk.shell.sign_out()

        def undo() -> None:
            try:
                desk.people.restore(removed)
            except TrainerError as error:
                desk.shell.say(error)
            desk.shell.sign_out()

        desk.shell.toast(messages("settings.removed", name=name), undo=undo)

    def _choose_own_content(self) -> None:
        # Nothing the page needs before somebody wants it.
        from PySide6.QtWidgets import QFileDialog

        now = own_content(self._desk.places)
        title = self._desk.messages("settings.own-content")
        folder = QFileDialog.getExistingDirectory(self, title, str(now))
        if folder:
            self.keep_own_content(Path(folder))

    def keep_own_content(self, folder: Path) -> None:
        """Decks of one's own are written to `folder` from now on, and read from there."""
        from trainer.services.teacher_decks import may_write

        desk = self._desk
        if not may_write(folder):
            desk.shell.say(TrainerError("disk.read-only", path=str(folder)))
            return
        try:
            SettingsFile(desk.places.settings_file).settings()[OWN_CONTENT] = str(folder)
        except OSError as error:
            desk.shell.say(disk_error(error, folder) or TrainerError("disk.gone", path=str(folder)))
            return
        desk.shell.run(
            desk.messages("shell.reading-decks"),
            desk.library.refresh,
            lambda _refreshed: desk.shell.settings_changed(),
        )

    def _show_keys(self) -> None:
        self._desk.shell.show_keys()

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._desk.shell.toast(self._desk.messages("settings.copied"))


class PinDialog(Dialog):
    """The old PIN, if there is one, and the new one; empty takes it away."""

    def __init__(
        self, desk: Desk, presenter: SettingsPresenter, parent: QWidget, *, has_pin: bool
    ) -> None:
        look, messages = desk.look, desk.messages
        super().__init__(
            look,
            messages("settings.pin"),
            messages("sign-in.pin-why"),
            icon="lock",
            parent=parent,
        )
        self._old = _hidden_line()
        self._new = _hidden_line()
        self._old_field = Field(look, messages("settings.pin-old"), self._old)
        self._new_field = Field(
            look,
            messages("settings.pin-new"),
            self._new,
            explain=messages("settings.pin-empty") if has_pin else "",
        )
        self._has_pin = has_pin
        if has_pin:
            self.body.addWidget(self._old_field)
        self.body.addWidget(self._new_field)
        self.add_button(messages("shell.cancel"), self.reject, key="Esc")
        self.add_button(
            messages("settings.pin-keep"),
            lambda: presenter.set_pin(self._old.text(), self._new.text()),
            variant="primary",
            key="Return",
        )

    def show_wrong(self, error: TrainerError, sentence: str) -> None:
        """Beside the PIN that is to be mended."""
        about_new = error.code == "person.pin-short" or not self._has_pin
        (self._new_field if about_new else self._old_field).show_wrong(sentence)


def _hidden_line() -> QLineEdit:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    return line
