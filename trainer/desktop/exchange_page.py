"""The part "Import & export" of the teacher's desk. Files may also be dropped on it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from trainer.bootstrap import own_content
from trainer.cards.model import Language
from trainer.desktop.controls import Button, Card, Picture, Segments, Toggle, bind_key
from trainer.desktop.desk import Desk
from trainer.desktop.dropping import dropped_file
from trainer.desktop.fields import Field
from trainer.desktop.layouts import Flow, Page, row, stack
from trainer.desktop.long_work import run_for
from trainer.desktop.text import Tag, Text
from trainer.exchange.formats import FORMATS, THINGS
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Setting
from trainer.presenters.exchange import (
    ExchangePresenter,
    LostLine,
    Place,
    PreviewSheet,
    ResultSheet,
)
from trainer.services.content_library import ReportProgress

LAST_FORMAT = Setting("export-format", "xlsx")
LAST_FOLDER = Setting("exchange-folder", "")
_SUFFIXES = sorted({suffix for one in FORMATS if one.imports for suffix in one.suffixes})


class ExchangePage(QWidget):
    """Fits the ExchangeView protocol."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look, messages = desk.look, desk.messages
        # Kept here because a signal does not keep a plain object's method alive.
        self.presenter = ExchangePresenter(
            desk.library,
            own_content(desk.places),
            desk.learner,
            desk.clock,
            messages,
            self,
        )
        self.setAcceptDrops(True)
        self._places: Sequence[Place] = ()
        page = Page(look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        column = page.column
        column.addWidget(Text(look, messages("desk.part.exchange"), "title", bold=True))
        self._result = Card(look, padding=16)
        self._result.setObjectName("result")
        self._result.hide()
        column.addWidget(self._result)
        column.addWidget(self._make_import())
        column.addWidget(self._make_export())
        column.addStretch(1)
        bind_key(self, "Ctrl+O", self.choose_file)

    # What the window asks of a screen

    def on_shown(self) -> None:
        self._fill_chapters()
        if self._preview_box.isHidden():
            self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [("Ctrl+O", "exchange.choose"), ("Ctrl+E", "exchange.export")]

    # Building

    def _make_import(self) -> QWidget:
        look, messages = self._desk.look, self._desk.messages
        card = Card(look)
        card.body.addWidget(Text(look, messages("exchange.import-title"), "lead", bold=True))
        self._start = QWidget()
        start = stack(look, gap=12)
        self._start.setLayout(start)
        start.addWidget(Text(look, messages("exchange.import-text"), "control", tone="ink_soft"))
        line = row(look)
        self.open_button = Button(
            look,
            messages("exchange.choose"),
            variant="primary",
            icon="folder-open",
            shows_key="Ctrl+O",
        )
        self.open_button.clicked.connect(self.choose_file)
        line.addWidget(self.open_button)
        line.addStretch(1)
        start.addLayout(line)
        card.body.addWidget(self._start)
        self._preview_box = QWidget()
        self._preview_lines = stack(look, gap=12)
        self._preview_box.setLayout(self._preview_lines)
        self._preview_box.hide()
        card.body.addWidget(self._preview_box)
        return card

    def _make_export(self) -> QWidget:
        desk = self._desk
        look, messages = desk.look, desk.messages
        card = Card(look)
        card.body.addWidget(Text(look, messages("exchange.export-title"), "lead", bold=True))
        card.body.addWidget(
            Text(look, messages("exchange.export-text"), "control", tone="ink_soft")
        )
        self.language = Segments(
            look,
            messages("exchange.language"),
            (("en", messages("exchange.english")), ("zh", messages("exchange.chinese"))),
            desk.language,
        )
        self.language.chosen.connect(self._fill_chapters)
        self.chapter = QComboBox()
        self.format = QComboBox()
        for one in FORMATS:
            if one.exports:
                self.format.addItem(f"{one.name} ({one.suffixes[0]})", one.key)
        self.format.setCurrentIndex(max(0, self.format.findData(desk.settings[LAST_FORMAT])))
        self.format.currentIndexChanged.connect(self._format_changed)
        for label, control in (
            ("exchange.what", self.chapter),
            ("exchange.format", self.format),
        ):
            card.body.addWidget(Field(look, messages(label), control))
        card.body.addWidget(Field(look, messages("exchange.language"), self.language))
        self._carries = Text(look, "", "small", tone="ink_soft", fill=True)
        card.body.addWidget(self._carries)
        self.with_answers = Toggle(look, messages("exchange.with-answers"))
        card.body.addWidget(self.with_answers)
        line = row(look)
        button = Button(look, messages("exchange.export"), icon="save", key="Ctrl+E")
        button.setObjectName("export")
        button.clicked.connect(self.choose_target)
        line.addWidget(button)
        line.addStretch(1)
        card.body.addLayout(line)
        self._format_changed()
        return card

    def _fill_chapters(self, *_: object) -> None:
        kept = self.chapter.currentData()
        self.chapter.clear()
        for value, words in self.presenter.chapters(cast("Language", self.language.value)):
            self.chapter.addItem(words, value)
        self.chapter.setCurrentIndex(max(0, self.chapter.findData(kept)))

    def _format_changed(self, *_: object) -> None:
        messages = self._desk.messages
        one = next(one for one in FORMATS if one.key == self.format.currentData())
        missing = [messages(f"thing.{thing}") for thing in THINGS if one.carries[thing] == "no"]
        parts = [messages(f"thing.{thing}") for thing in THINGS if one.carries[thing] == "partly"]
        comma = messages("exchange.comma")
        told = [messages("exchange.not-carried", things=comma.join(missing))]
        if parts:
            told.append(messages("exchange.partly-carried", things=comma.join(parts)))
        self._carries.set_text("\n".join(told))
        self.with_answers.setEnabled(one.carries["history"] == "yes")

    # What the person does

    def choose_file(self) -> None:
        messages = self._desk.messages
        patterns = " ".join(f"*{suffix}" for suffix in (*_SUFFIXES, ".txt"))
        name, _ = QFileDialog.getOpenFileName(
            self,
            messages("exchange.choose"),
            self._desk.settings[LAST_FOLDER],
            f"{messages('exchange.files')} ({patterns});;(*)",
        )
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Look at the file at `path`, chosen or dropped."""
        self._desk.settings[LAST_FOLDER] = str(path.parent)
        self.presenter.look(path)

    def choose_target(self) -> None:
        key = str(self.format.currentData())
        one = next(one for one in FORMATS if one.key == key)
        self._desk.settings[LAST_FORMAT] = key
        suggested = Path(self._desk.settings[LAST_FOLDER]) / f"decks{one.suffixes[0]}"
        name, _ = QFileDialog.getSaveFileName(
            self, self._desk.messages("exchange.export"), str(suggested), f"(*{one.suffixes[0]})"
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        self._desk.settings[LAST_FOLDER] = str(path.parent)
        self.presenter.export(
            str(self.chapter.currentData() or ""),
            cast("Language", self.language.value),
            str(self.format.currentData()),
            path,
            with_answers=self.with_answers.isEnabled() and self.with_answers.isChecked(),
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

    def show_start(self) -> None:
        self._preview_box.hide()
        self._result.hide()
        self._start.show()
        self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_preview(self, sheet: PreviewSheet) -> None:
        desk = self._desk
        look, messages = desk.look, desk.messages
        self._result.hide()
        self._start.hide()
        empty(self._preview_lines)
        lines = self._preview_lines
        head = QWidget()
        flow = Flow(head, gap=look.px(8))
        flow.addWidget(Tag(look, sheet.format, icon="file-text"))
        for words, number in sheet.kinds:
            flow.addWidget(Tag(look, f"{words} {number}"))
        if sheet.pictures:
            words = messages.count("exchange.pictures", sheet.pictures)
            flow.addWidget(Tag(look, words, icon="image-plus"))
        told = messages(
            "exchange.would-come", name=sheet.name, questions=sheet.questions, cards=sheet.cards
        )
        lines.addWidget(Text(look, told, "body"))
        lines.addWidget(head)
        for words in sheet.first:
            lines.addWidget(Text(look, f"• {words}", "control", tone="ink_soft", fill=True))
        self._add_lost(lines, sheet.lost)
        self.deck_title = QLineEdit(sheet.title)
        lines.addWidget(Field(look, messages("exchange.deck-title"), self.deck_title))
        self._places = self.presenter.places()
        self.place = QComboBox()
        for place in self._places:
            self.place.addItem(place.name)
        lines.addWidget(Field(look, messages("exchange.about"), self.place))
        self.take_answers: Toggle | None = None
        if sheet.answers:
            self.take_answers = Toggle(
                look,
                messages.count("exchange.take-answers", sheet.answers, name=desk.person.name),
            )
            lines.addWidget(self.take_answers)
        foot = row(look)
        self.write_button = Button(
            look, messages("exchange.import"), variant="primary", icon="check", key="Ctrl+Return"
        )
        self.write_button.setObjectName("import")
        self.write_button.setEnabled(sheet.cards > 0)
        self.write_button.clicked.connect(self._write)
        leave = Button(look, messages("shell.cancel"), key="Esc")
        leave.clicked.connect(self.presenter.forget)
        foot.addWidget(self.write_button)
        foot.addWidget(leave)
        foot.addStretch(1)
        lines.addLayout(foot)
        self._preview_box.show()
        self.deck_title.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self) -> None:
        answers = self.take_answers is not None and self.take_answers.isChecked()
        place = self._places[max(0, self.place.currentIndex())]
        self.presenter.write(self.deck_title.text(), place, with_answers=answers)

    def show_result(self, sheet: ResultSheet) -> None:
        look, messages = self._desk.look, self._desk.messages
        self._preview_box.hide()
        self._start.show()
        empty(self._result.body)
        line = row(look, gap=8)
        line.addWidget(Picture(look, "circle-check", colour=look.colours.good))
        line.addWidget(Text(look, sheet.sentence, "body", fill=True), 1)
        self._result.body.addLayout(line)
        path = Text(look, str(sheet.path), "small", tone="ink_soft", fill=True)
        self._result.body.addWidget(path)
        self._add_lost(self._result.body, sheet.lost)
        foot = row(look)
        show = Button(look, messages("exchange.show-folder"), icon="folder-open")
        folder = QUrl.fromLocalFile(str(sheet.path.parent))
        show.clicked.connect(lambda: QDesktopServices.openUrl(folder))
        foot.addWidget(show)
        foot.addStretch(1)
        self._result.body.addLayout(foot)
        self._result.show()

    def _add_lost(self, lines: QVBoxLayout, lost: Sequence[LostLine]) -> None:
        look, messages = self._desk.look, self._desk.messages
        if not lost:
            told = messages("exchange.nothing-lost")
            lines.addWidget(Text(look, told, "control", tone="good"))
            return
        lines.addWidget(Text(look, messages("exchange.lost-title"), "control", bold=True))
        for one in lost:
            line = row(look, gap=8)
            line.addWidget(Tag(look, f"{one.number} ×", tone="warning", icon="triangle-alert"))
            words = stack(look, gap=0)
            words.addWidget(Text(look, one.sentence, "control", fill=True))
            if one.examples:
                names = messages("exchange.comma").join(one.examples)
                words.addWidget(Text(look, names, "small", tone="ink_soft", fill=True))
            line.addLayout(words, 1)
            lines.addLayout(line)

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


def empty(layout: QVBoxLayout) -> None:
    """Take everything out of a layout, and out of the layouts in it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)  # what is on its way out is found no more
            widget.deleteLater()
        elif inner is not None:
            empty(cast("QVBoxLayout", inner))
