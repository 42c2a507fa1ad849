"""The tree of decks: platform, product or skill, then the chapters, with what each is up to."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from trainer.desktop import keys
from trainer.desktop.look import Look
from trainer.desktop.text import monogram_of, paint_monogram
from trainer.foundation.messages import Messages
from trainer.presenters.deck_list import DeckRow, DeckShelf
from trainer.presenters.subjects import subject_name

_DECK = Qt.ItemDataRole.UserRole
LANGUAGE_LETTERS = {"en": "EN", "zh": "中"}


class DecksTree(QTreeWidget):
    """Enter opens a deck. What a row says beyond its title stands in its tool tip in words."""

    deck_wanted = Signal(str)

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self._items: dict[str, QTreeWidgetItem] = {}
        self._rows: dict[str, DeckRow] = {}
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(look.px(24))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setUniformRowHeights(True)
        self.setIndentation(look.px(12))
        self.setIconSize(QSize(look.px(20), look.px(20)))
        self.setFont(look.font("control"))
        self.setAccessibleName(messages("editor.tree"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.itemClicked.connect(self._open)

    def show_shelves(self, shelves: Sequence[DeckShelf], *, unfold: bool) -> None:
        """Build the tree anew; what was open stays open. `unfold`: all of it, after filtering."""
        open_before = {item.text(0) for item in self._tops() if item.isExpanded()}
        current = self.current_deck
        self.clear()
        self._items.clear()
        for shelf in shelves:
            name = subject_name(self._messages, shelf.subject) if shelf.subject else ""
            top = QTreeWidgetItem([name or self._messages("handbook.other"), ""])
            top.setFont(0, self._look.font("control", bold=True))
            top.setIcon(0, self._monogram(shelf.subject))
            self.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            for row in shelf.decks:
                item = QTreeWidgetItem(top)
                item.setData(0, _DECK, row.deck_id)
                self._items[row.deck_id] = item
                self._rows[row.deck_id] = row
                self._dress(item, row)
            top.setExpanded(unfold or top.text(0) in open_before)
        if current in self._items:
            self.mark(current)

    def show_unsaved(self, deck_id: str, *, unsaved: bool) -> None:
        """Whether a deck has changes that are not saved has changed."""
        item, row = self._items.get(deck_id), self._rows.get(deck_id)
        if item is not None and row is not None and row.unsaved is not unsaved:
            self._rows[deck_id] = row = msgspec.structs.replace(row, unsaved=unsaved)
            self._dress(item, row)

    def mark(self, deck_id: str) -> None:
        """Show which deck is open."""
        item = self._items.get(deck_id)
        if item is None:
            return
        parent = item.parent()
        if parent is not None:
            parent.setExpanded(True)
        self.setCurrentItem(item)
        self.scrollToItem(item)

    @property
    def current_deck(self) -> str:
        item = self.currentItem()
        return str(item.data(0, _DECK) or "") if item is not None else ""

    def focus_first(self) -> None:
        """Into the list, at the first deck that is seen."""
        if not self.current_deck and self._items:
            self.mark(next(iter(self._items)))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        item = self.currentItem()
        if event.key() in {keys.RETURN, keys.ENTER, keys.SPACE} and item is not None:
            self._open(item)
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _open(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        deck_id = item.data(0, _DECK)
        if deck_id:
            self.deck_wanted.emit(deck_id)
        else:
            item.setExpanded(not item.isExpanded())

    def _dress(self, item: QTreeWidgetItem, row: DeckRow) -> None:
        messages, colours = self._messages, self._look.colours
        item.setText(0, f"● {row.title}" if row.unsaved else row.title)
        missing = [each for each in ("en", "zh") if each not in row.languages]
        # The usual case, both languages, is not worth the room.
        here = " ".join(LANGUAGE_LETTERS[each] for each in row.languages)
        item.setText(1, here if missing else "")
        icon, told = "", []
        if row.unsaved:
            told.append(messages("editor.row.unsaved"))
        if row.errors:
            icon = "triangle-alert"
            told.append(messages.count("editor.row.errors", row.errors))
        elif not row.editable:
            icon = "lock"
        if not row.editable:
            told.append(messages("editor.row.read-only"))
        told += [messages(f"editor.row.missing-{each}") for each in missing]
        ink = colours.warning if row.errors else colours.ink_soft
        item.setIcon(0, self._look.icons.icon(icon, ink, 16) if icon else QIcon())
        words = messages("editor.row.join").join([row.title, *told])
        item.setToolTip(0, f"<span>{words.replace('<', '&lt;')}</span>")
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, words)
        item.setForeground(1, QBrush(QColor(colours.warning if missing else colours.ink_soft)))

    def _tops(self) -> list[QTreeWidgetItem]:
        items = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _monogram(self, subject: str) -> QIcon:
        size, icon = self._look.px(20), QIcon()
        for ratio in (1.0, 2.0):
            pixmap = QPixmap(round(size * ratio), round(size * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = pixmap.deviceIndependentSize()
            paint_monogram(
                painter, self._look, monogram_of(subject), QRectF(0, 0, box.width(), box.height())
            )
            painter.end()
            icon.addPixmap(pixmap)
        return icon
