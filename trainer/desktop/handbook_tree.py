"""The left side of the handbook: a tree of chapters and rules, or what a search has found."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from trainer.decks.model import Rule
from trainer.desktop import keys
from trainer.desktop.answers.answer import neighbour
from trainer.desktop.answers.row import Row, RowText
from trainer.desktop.foot import SteadyPage
from trainer.desktop.look import Look
from trainer.desktop.text import Text, monogram_of, paint_monogram
from trainer.foundation.messages import Messages
from trainer.presenters.handbook import MOST_HITS, Shelf, short_title
from trainer.presenters.subjects import subject_name
from trainer.services.content_library import Hit

_DECK, _RULE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_FOUND_FROM, _FOUND_TO = "\x02", "\x03"  # around a match in an excerpt


def _tip(title: str) -> str:
    """A tool tip that shows `title` as it is: Qt would take what looks like HTML for HTML."""
    return f"<span>{escape(title)}</span>"


class HandbookTree(QTreeWidget):
    """Shelves, their chapters and, once a chapter is opened, its rules."""

    chapter_wanted = Signal(str)
    rule_wanted = Signal(str)
    rules_wanted = Signal(str)  # the rules of a chapter that is unfolded

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self._chapters: dict[str, QTreeWidgetItem] = {}
        self._rules: dict[str, QTreeWidgetItem] = {}
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(look.px(16))
        self.setIconSize(QSize(look.px(24), look.px(24)))
        self.setFont(look.font("control"))
        self.setAccessibleName(messages("handbook.tree"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.itemClicked.connect(self._open)
        self.itemExpanded.connect(self._unfolded)

    def show_shelves(self, shelves: Sequence[Shelf]) -> None:
        """Build the tree anew; shelves that were open stay open."""
        open_before = {item.text(0) for item in self._tops() if item.isExpanded()}
        self.clear()
        self._chapters.clear()
        self._rules.clear()
        bold = self._look.font("control", bold=True)
        for shelf in shelves:
            name = subject_name(self._messages, shelf.subject) if shelf.subject else ""
            top = QTreeWidgetItem([name or self._messages("handbook.other")])
            top.setFont(0, bold)
            top.setIcon(0, self._monogram(shelf.subject))
            self.addTopLevelItem(top)
            for chapter in shelf.chapters:
                item = QTreeWidgetItem([short_title(chapter.title, name)])
                item.setData(0, _DECK, chapter.deck_id)
                item.setToolTip(0, _tip(chapter.title))
                if chapter.rules:
                    item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
                if chapter.errors or chapter.stale:
                    colour = self._look.colours.warning
                    item.setIcon(0, self._look.icons.icon("triangle-alert", colour, 16))
                top.addChild(item)
                self._chapters[chapter.deck_id] = item
            top.setExpanded(top.text(0) in open_before)

    def show_rules(self, deck_id: str, rules: Sequence[Rule]) -> None:
        item = self._chapters.get(deck_id)
        if item is None or item.childCount():
            return
        for rule in rules:
            child = QTreeWidgetItem([rule.title])
            child.setData(0, _DECK, deck_id)
            child.setData(0, _RULE, rule.rule_id)
            child.setToolTip(0, _tip(rule.title))
            item.addChild(child)
            self._rules[rule.rule_id] = child

    def mark(self, deck_id: str, rule_id: str) -> None:
        """Show which chapter or rule is open, unfolding what is in the way."""
        item = self._rules.get(rule_id) or self._chapters.get(deck_id)
        if item is None or item is self.currentItem():
            return
        parent = item.parent()
        while parent is not None:
            parent.setExpanded(True)
            parent = parent.parent()
        self.setCurrentItem(item)
        self.scrollToItem(item)

    def open_first(self) -> None:
        """Unfold the first shelf, when none is."""
        tops = self._tops()
        if tops and not any(item.isExpanded() for item in tops):
            tops[0].setExpanded(True)
            self.setCurrentItem(tops[0])

    def _tops(self) -> list[QTreeWidgetItem]:
        items = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        return [item for item in items if item is not None]

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        item = self.currentItem()
        if event.key() in {keys.RETURN, keys.ENTER, keys.SPACE}:
            if item is not None:
                self._open(item)
        elif (event.text() and event.text().isprintable()) or event.modifiers() not in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            event.ignore()  # letters are commands of the page, not a search in the tree
        else:
            super().keyPressEvent(event)

    def _open(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        rule_id, deck_id = item.data(0, _RULE), item.data(0, _DECK)
        if rule_id:
            self.rule_wanted.emit(rule_id)
        elif deck_id:
            self.chapter_wanted.emit(deck_id)
        else:
            item.setExpanded(not item.isExpanded())

    def _unfolded(self, item: QTreeWidgetItem) -> None:
        deck_id = item.data(0, _DECK)
        if deck_id and not item.childCount():
            self.rules_wanted.emit(deck_id)

    def _monogram(self, subject: str) -> QIcon:
        size, icon = self._look.px(24), QIcon()
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


class HitList(SteadyPage):
    """What a search has found: title, and the words around the match."""

    hit_wanted = Signal(object)

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(look, parent, side=12, top=0)
        self._messages = messages
        self._hits: tuple[Hit, ...] = ()
        self._rows: list[Row] = []
        self._said = Text(look, step="small", tone="ink_soft")
        self.column.setSpacing(look.px(4))
        self.column.addWidget(self._said)
        self._list = QVBoxLayout()
        self._list.setSpacing(look.px(4))
        self.column.addLayout(self._list)
        self.column.addStretch(1)
        self.setAccessibleName(messages("handbook.hits"))

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        self._hits = tuple(hits)
        self._said.set_text(
            self._messages.count(
                "handbook.found" if len(hits) < MOST_HITS else "handbook.found-first",
                len(hits),
                text=text,
            )
            if hits
            else self._messages("handbook.found-nothing", text=text)
        )
        while len(self._rows) < len(hits):
            place = len(self._rows)
            row = Row(self._look, "", self)
            row.clicked.connect(lambda _on=False, place=place: self.open(place))
            self._rows.append(row)
            self._list.addWidget(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(hits))
            if place < len(hits):
                row.show_text(self._row_text(hits[place]))
        self.verticalScrollBar().setValue(0)

    def open(self, place: int) -> None:
        """Open the hit at `place`, if there is one."""
        if 0 <= place < len(self._hits):
            self.hit_wanted.emit(self._hits[place])

    def focus_first(self) -> None:
        if self._hits:
            self._rows[0].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = event.key()
        if key in {keys.UP, keys.DOWN}:
            row = neighbour(self._rows, 1 if key == keys.DOWN else -1)
            if row is not None:
                row.setFocus(Qt.FocusReason.TabFocusReason)
                self.show_widget(row)
        elif key in keys.ENTERS:
            self.open(next((place for place, row in enumerate(self._rows) if row.hasFocus()), 0))
        else:
            super().keyPressEvent(event)

    def _row_text(self, hit: Hit) -> RowText:
        colours = self._look.colours
        style = f"background: {colours.accent_soft}; color: {colours.accent}; font-weight: 600"
        excerpt = (
            escape(hit.excerpt)
            .replace(_FOUND_FROM, f'<span style="{style}">')
            .replace(_FOUND_TO, "</span>")
        )
        title = hit.title.replace(_FOUND_FROM, "").replace(_FOUND_TO, "")
        spoken = hit.excerpt.replace(_FOUND_FROM, "").replace(_FOUND_TO, "")
        return RowText(
            f"<p><b>{escape(title)}</b></p>",
            f"{title}. {spoken}",
            hit.language == "zh",
            note=f"<p>{excerpt}</p>",
        )
