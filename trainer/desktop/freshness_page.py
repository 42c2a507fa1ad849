"""The part "Freshness" of the teacher's desk: rules by age and doubt, and the paper about them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from trainer.bootstrap import editable_folders, own_content
from trainer.desktop.controls import Button, Segments, bind_key
from trainer.desktop.desk import Desk
from trainer.desktop.layouts import Flow, stack
from trainer.desktop.long_work import run_for
from trainer.desktop.printing import print_pdf
from trainer.desktop.text import Text
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Setting
from trainer.presenters.freshness import Board, FreshnessPresenter, Order, Row
from trainer.services.content_library import ReportProgress
from trainer.services.freshness import Freshness
from trainer.services.teacher_decks import TeacherDecks

ORDER = Setting("freshness-order", Order.URGENT.value, allowed=tuple(one.value for one in Order))
_RULE = Qt.ItemDataRole.UserRole
_REPORTS = {"pdf": ".pdf", "markdown": ".md", "csv": ".csv"}


class FreshnessPage(QWidget):
    """Fits the FreshnessView protocol."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look, messages = desk.look, desk.messages
        decks = TeacherDecks(
            desk.library,
            own_content(desk.places),
            lambda: editable_folders(desk.places),
            desk.clock,
        )
        # Kept here because a signal does not keep a plain object's method alive.
        self.presenter = FreshnessPresenter(
            desk.library, decks, desk.clock, messages, desk.language, self
        )
        self.presenter.order = Order(desk.settings[ORDER])
        column = stack(look, gap=12)
        # The part's name stands in the row of parts above: the room is for the rules.
        column.setContentsMargins(*[look.px(side) for side in (24, 16, 24, 16)])
        self.setLayout(column)
        column.addWidget(self._make_filters())
        self.summary = Text(look, "", "control", tone="ink_soft", fill=True)
        column.addWidget(self.summary)
        self.board = QTreeWidget()
        self.board.setColumnCount(3)
        self.board.setHeaderLabels(
            [messages(f"freshness.column.{one}") for one in ("rule", "state", "checked")]
        )
        self.board.setHeaderHidden(True)
        self.board.setRootIsDecorated(False)
        self.board.setUniformRowHeights(False)
        self.board.setWordWrap(True)
        self.board.setAlternatingRowColors(False)
        self.board.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.board.setAccessibleName(messages("freshness.title"))
        self.board.itemActivated.connect(self._open)
        self.board.itemSelectionChanged.connect(self._selection_changed)
        column.addWidget(self.board, 1)
        column.addWidget(self._make_actions())
        bind_key(self, "Ctrl+F", self._to_filter)
        self._first = True

    # What the window asks of a screen

    def on_shown(self) -> None:
        self.presenter.show()
        self.board.setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("Ctrl+F", "freshness.filter"),
            ("Return", "freshness.open"),
            ("Ctrl+D", "freshness.mark"),
            ("Ctrl+Shift+D", "freshness.confirm"),
            ("Ctrl+P", "freshness.report-pdf"),
        ]

    # Building

    def _make_filters(self) -> QWidget:
        look, messages = self._desk.look, self._desk.messages
        filters = QWidget()
        flow = Flow(filters, gap=look.px(12))
        states = [("", messages("freshness.need-a-look"))]
        states += [(one.value, messages(f"freshness.{one}")) for one in Freshness]
        states.append(("all", messages("freshness.all")))
        self.states = Segments(look, messages("freshness.column.state"), states, "")
        self.states.chosen.connect(lambda state: self.presenter.choose(state=state))
        flow.addWidget(self.states)
        self.words = QLineEdit()
        self.words.setPlaceholderText(messages("freshness.filter"))
        self.words.setAccessibleName(messages("freshness.filter"))
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(look.px(160))
        self.words.textChanged.connect(lambda words: self.presenter.choose(words=words))
        flow.addWidget(self.words)
        self.subject = QComboBox()
        self.subject.setAccessibleName(messages("freshness.subject"))
        self.subject.setMinimumWidth(look.px(150))
        self.subject.currentIndexChanged.connect(self._subject_changed)
        flow.addWidget(self.subject)
        self.order = QComboBox()
        self.order.setMinimumWidth(look.px(150))
        self.order.setAccessibleName(messages("freshness.order"))
        for one in Order:
            self.order.addItem(messages(f"freshness.order-{one}"), one.value)
        self.order.setCurrentIndex(self.order.findData(self.presenter.order.value))
        self.order.currentIndexChanged.connect(self._order_changed)
        flow.addWidget(self.order)
        return filters

    def _make_actions(self) -> QWidget:
        look, messages = self._desk.look, self._desk.messages
        actions = QWidget()
        flow = Flow(actions, gap=look.px(8))
        self.mark_button = Button(
            look, messages("freshness.mark"), variant="primary", icon="check", key="Ctrl+D"
        )
        self.mark_button.clicked.connect(lambda: self.presenter.mark(self.selected()))
        self.confirm_button = Button(
            look, messages("freshness.confirm"), icon="circle-check", key="Ctrl+Shift+D"
        )
        self.confirm_button.clicked.connect(
            lambda: self.presenter.mark(self.selected(), confirmed=True)
        )
        self.open_button = Button(look, messages("freshness.open"), icon="book-open")
        self.open_button.clicked.connect(lambda: self._open(self.board.currentItem()))
        for button in (self.mark_button, self.confirm_button, self.open_button):
            flow.addWidget(button)
        for kind in _REPORTS:
            button = Button(
                look,
                messages(f"freshness.report-{kind}"),
                variant="quiet",
                icon="file-text",
                key="Ctrl+P" if kind == "pdf" else "",
            )
            button.setObjectName(f"report-{kind}")
            button.clicked.connect(partial(self._choose_report, kind))
            flow.addWidget(button)
        return actions

    # What the person does

    def selected(self) -> list[str]:
        """The rules that are selected."""
        found = (str(item.data(0, _RULE) or "") for item in self.board.selectedItems())
        return [rule_id for rule_id in found if rule_id]

    def _to_filter(self) -> None:
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    def _subject_changed(self, *_: object) -> None:
        self.presenter.choose(subject=str(self.subject.currentData() or ""))

    def _order_changed(self, *_: object) -> None:
        order = str(self.order.currentData())
        self._desk.settings[ORDER] = order
        self.presenter.choose(order=order)

    def _open(self, item: QTreeWidgetItem | None, _column: int = 0) -> None:
        rule_id = str(item.data(0, _RULE) or "") if item is not None else ""
        if rule_id:
            self._desk.shell.read(rule_id)

    def _choose_report(self, kind: str, _checked: bool = False) -> None:
        suffix = _REPORTS[kind]
        title = self._desk.messages(f"freshness.report-{kind}")
        name, _ = QFileDialog.getSaveFileName(self, title, f"rules{suffix}", f"(*{suffix})")
        if name:
            self.presenter.report(kind, Path(name), print_pdf)

    def _selection_changed(self) -> None:
        chosen = bool(self.selected())
        for button in (self.mark_button, self.confirm_button, self.open_button):
            button.setEnabled(chosen)

    # What the presenter shows

    def show_board(self, board: Board) -> None:
        selected = set(self.selected())
        self._fill_subjects()
        self.summary.set_text(board.summary)
        self.board.clear()
        look = self._desk.look
        tones = {
            Freshness.TO_VERIFY: look.colours.warning,
            Freshness.OLD: look.colours.warning,
            Freshness.UNDATED: look.colours.ink_soft,
            Freshness.FRESH: look.colours.good,
        }
        items = [self._item(one, tones) if one.rule_id else self._group(one) for one in board.rows]
        self.board.addTopLevelItems(items)
        self._share_out()
        again = [item for item in items if str(item.data(0, _RULE) or "") in selected]
        first = next(iter(again or [item for item in items if item.data(0, _RULE)]), None)
        if first is not None:
            self.board.setCurrentItem(first)
        for item in again:
            item.setSelected(True)
        self._selection_changed()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """The title has what the other columns leave; those take no more than half."""
        look, header = self._desk.look, self.board.header()
        room = self.board.viewport().width()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, header.ResizeMode.Stretch)
        self.board.setColumnWidth(1, min(look.px(110), room // 6))
        self.board.setColumnWidth(2, min(look.px(320), room // 3))

    def _group(self, one: Row) -> QTreeWidgetItem:
        item = QTreeWidgetItem([one.title])
        font = QFont(self._desk.look.font("control", bold=True))
        item.setFont(0, font)
        item.setFirstColumnSpanned(True)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _item(self, one: Row, tones: dict[Freshness, str]) -> QTreeWidgetItem:
        look = self._desk.look
        title = f"{one.title}\n{one.doubt}" if one.doubt else one.title
        item = QTreeWidgetItem([title, one.state_words, one.detail])
        item.setData(0, _RULE, one.rule_id)
        item.setForeground(1, QColor(tones[one.state]))
        item.setForeground(2, QColor(look.colours.ink_soft))
        item.setToolTip(0, one.doubt or one.title)
        item.setToolTip(2, one.detail)
        item.setSizeHint(0, QSize(0, look.px(48 if one.doubt else 34)))
        return item

    def _fill_subjects(self) -> None:
        if self.subject.count() > 1:
            return
        self.subject.blockSignals(True)
        self.subject.clear()
        for value, words in self.presenter.subjects():
            self.subject.addItem(words, value)
        self.subject.blockSignals(False)

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
