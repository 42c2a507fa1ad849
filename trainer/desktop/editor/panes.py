"""The panes of the editor side by side: widths are remembered, each can be put away by a key."""

import json
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from trainer.desktop.card_view import Render
from trainer.desktop.controls import Button, EmptyState, icon_button
from trainer.desktop.editor.deck_head import DeckHead, Elided
from trainer.desktop.editor.decks_tree import DecksTree
from trainer.desktop.editor.find_bar import FindBar
from trainer.desktop.editor.findings_pane import FindingsPane
from trainer.desktop.editor.preview_pane import PreviewPane
from trainer.desktop.editor.source_pane import SourcePane
from trainer.desktop.look import Look
from trainer.desktop.question_sheet import Notice
from trainer.foundation.messages import Messages

ROOMY = 1100  # from this width on, tree, text and preview all have room
WIDE = 1500  # … and the translation beside the preview
NARROW = 760  # below it there is room for the list or the text
PANES = ("tree", "preview", "translation", "findings")


class Panes(QWidget):
    """Makes and places them; what they do is wired by the page."""

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self.side = SidePane(look, messages, self)
        self.tree, self.filter = self.side.tree, self.side.filter
        self.middle = QStackedWidget(self)
        # Its own least width is that of the page that is not seen; the head gives way by itself.
        self.middle.setMinimumWidth(look.px(300))
        # The key is that of the button above the list: bound twice it would do nothing.
        self.begin = Button(
            look, messages("editor.new"), variant="primary", icon="file-plus", shows_key="Ctrl+N"
        )
        self.nothing = EmptyState(
            look,
            "square-pen",
            messages("editor.choose"),
            messages("editor.choose-more"),
            button=self.begin,
        )
        self.writing = QWidget(self)
        column = QVBoxLayout(self.writing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = DeckHead(look, messages, self.writing)
        self.locked = QWidget(self.writing)
        self.copy = self._fill_locked()
        self.source = SourcePane(look, messages("editor.source"), self.writing)
        self.translation = TranslationPane(look, messages, self)
        self.find_bar = FindBar(look, messages, self.source, self.writing)
        self.findings = FindingsPane(look, messages, self)
        self.preview = PreviewPane(look, messages, render, self)
        self._texts = self._splitter(Qt.Orientation.Horizontal, self.source, self.translation)
        self._upright = self._splitter(Qt.Orientation.Vertical, self._texts, self.findings)
        self._upright.setStretchFactor(0, 1)
        self._beside = self._splitter(Qt.Orientation.Horizontal, self._upright, self.preview)
        self._beside.setStretchFactor(0, 1)
        for part in (self.head, self.locked, self.find_bar):
            column.addWidget(part)
        column.addWidget(self._beside, 1)
        self.middle.addWidget(self.nothing)
        self.middle.addWidget(self.writing)
        self._across = self._splitter(Qt.Orientation.Horizontal, self.side, self.middle)
        self._across.setStretchFactor(1, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._across)
        self._parts: Mapping[str, QWidget] = {
            "tree": self.side,
            "preview": self.preview,
            "translation": self.translation,
            "findings": self.findings,
        }
        self.findings.came.connect(lambda: self._give_room("findings"))
        self.findings.went.connect(self._give_text_the_room)
        self._wanted = {"tree": True, "preview": True, "translation": False, "findings": True}
        self._widths: dict[str, list[int]] = {}
        self._writes = False

    def show_writing(self, writing: bool) -> None:
        """A deck is open, or none is."""
        self._writes = writing
        self.middle.setCurrentWidget(self.writing if writing else self.nothing)
        self.arrange()

    def toggle(self, part: str) -> None:
        """Show or hide one of PANES. The preview and the translation take turns where there is
        no room for both, and in a narrow window the tree makes room for them."""
        on = not self._parts[part].isVisible()
        self._wanted[part] = on
        if on and part in {"preview", "translation"}:
            if self.width() < self._look.px(WIDE):
                self._wanted["translation" if part == "preview" else "preview"] = False
            if not self._roomy:
                self._wanted["tree"] = False
        if on and part == "tree" and not self._roomy:
            self._wanted["preview"] = self._wanted["translation"] = False
        self.arrange()
        if on:
            self._give_room(part)

    def _give_room(self, part: str) -> None:
        """A pane that comes back without a width to speak of gets its usual one."""
        px = self._look.px
        splitter, place, least, usual = {
            "tree": (self._across, 0, px(190), px(230)),
            "preview": (self._beside, 1, px(300), px(430)),
            "translation": (self._texts, 1, px(260), self._texts.width() // 2),
            "findings": (self._upright, 1, px(84), min(px(132), self.height() // 4)),
        }[part]
        sizes = splitter.sizes()
        if sizes[place] < least:
            whole = sum(sizes)
            sizes[place] = min(usual, whole // 2)
            sizes[1 - place] = whole - sizes[place]
            splitter.setSizes(sizes)

    def _give_text_the_room(self) -> None:
        """Below it one line is left; the splitter by itself would leave an empty band."""
        text, told = self._upright.sizes()
        least = self.findings.minimumSizeHint().height()
        self._upright.setSizes([text + told - least, least])

    def shows(self, part: str) -> bool:
        return self._parts[part].isVisible()

    def arrange(self) -> None:
        for part, widget in self._parts.items():
            if part == "tree":
                on = self._wanted[part] or not self._writes
            else:
                on = self._wanted[part] and self._writes
            widget.setVisible(on)
        # In a very narrow window the list and the text take turns.
        alone = self._wanted["tree"] and self._writes and self.width() < self._look.px(NARROW)
        self.middle.setVisible(not alone)
        if "across" not in self._widths:
            whole, px = max(self.width(), 600), self._look.px
            side, beside = px(230), min(px(430), whole // 3)
            self._across.setSizes([side, whole - side])
            self._beside.setSizes([whole - side - beside, beside])
            told = min(px(132), max(self.height() // 4, px(72)))
            self._upright.setSizes([max(self.height() - told, 200), told])
            self._texts.setSizes([500, 500])

    def fit(self) -> None:
        """A deck is opened: in a narrow window the list makes room for it."""
        if not self._roomy:
            self._wanted["tree"] = False
            if not self._widths:
                self._wanted["preview"] = False

    @property
    def _roomy(self) -> bool:
        return self.width() >= self._look.px(ROOMY)

    # What is remembered

    def to_text(self) -> str:
        sizes = {name: splitter.sizes() for name, splitter in self._splitters()}
        return json.dumps({"sizes": sizes, "shown": self._wanted})

    def restore(self, text: str) -> None:
        """As `to_text` wrote it; anything else changes nothing."""
        try:
            kept = json.loads(text)
            sizes, shown = dict(kept["sizes"]), dict(kept["shown"])
        except (ValueError, KeyError, TypeError):
            return
        for name, splitter in self._splitters():
            widths = sizes.get(name)
            if (
                isinstance(widths, list)
                and len(widths) == splitter.count()
                and all(isinstance(one, int) for one in widths)
            ):
                splitter.setSizes(widths)
                self._widths[name] = widths
        for part in PANES:
            if isinstance(shown.get(part), bool):
                self._wanted[part] = shown[part]

    def _splitters(self) -> Sequence[tuple[str, QSplitter]]:
        return (
            ("across", self._across),
            ("beside", self._beside),
            ("upright", self._upright),
            ("texts", self._texts),
        )

    def _splitter(self, orientation: Qt.Orientation, *parts: QWidget) -> QSplitter:
        splitter = QSplitter(orientation, self)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(self._look.px(5))
        for part in parts:
            splitter.addWidget(part)
        return splitter

    def _fill_locked(self) -> Button:
        look, messages = self._look, self._messages
        strip = QHBoxLayout(self.locked)
        strip.setContentsMargins(look.px(12), look.px(6), look.px(12), look.px(6))
        notice = Notice(look, self.locked, step="small")
        notice.show_words("lock", "warning", messages("editor.read-only"))
        strip.addWidget(notice, 1)
        copy = Button(look, messages("editor.copy-to-own"), icon="copy", key="Ctrl+E")
        copy.setObjectName("copy-to-own")
        strip.addWidget(copy)
        return copy


class SidePane(QWidget):
    """The list of decks, with what one does to decks as a whole."""

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look.px(8)] * 4)
        column.setSpacing(look.px(8))
        line = QHBoxLayout()
        line.setSpacing(look.px(2))
        self.filter = QLineEdit(self)
        self.filter.setObjectName("deck-filter")
        self.filter.setPlaceholderText(messages("editor.filter"))
        self.filter.setAccessibleName(messages("editor.filter"))
        self.filter.setClearButtonEnabled(True)
        self.new = icon_button(look, "file-plus", messages("editor.new"), key="Ctrl+N")
        self.new.setObjectName("new-deck")
        self.more = icon_button(look, "list", messages("editor.deck-menu"), key="Ctrl+M")
        self.more.setObjectName("deck-menu")
        line.addWidget(self.filter, 1)
        line.addWidget(self.new)
        line.addWidget(self.more)
        self.tree = DecksTree(look, messages, self)
        column.addLayout(line)
        column.addWidget(self.tree, 1)
        self.setMinimumWidth(look.px(190))


class TranslationPane(QWidget):
    """The deck in the other language, beside the text."""

    next_wanted = Signal()
    make_wanted = Signal()

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._messages = messages
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(look.px(8), look.px(2), look.px(8), look.px(2))
        self.told = Elided(look, self, soft=True)
        self.next = icon_button(look, "chevron-down", messages("editor.next-difference"))
        self.next.setObjectName("next-difference")
        self.next.clicked.connect(self.next_wanted)
        line.addWidget(self.told, 1)
        line.addWidget(self.next)
        column.addLayout(line)
        self.source = SourcePane(look, messages("editor.translation"), self)
        column.addWidget(self.source, 1)
        self.missing = EmptyState(
            look,
            "languages",
            messages("editor.no-translation"),
            messages("editor.no-translation-more"),
            button=self._made_button(look),
        )
        column.addWidget(self.missing, 1)
        self.setMinimumWidth(look.px(200))

    def sizeHint(self) -> QSize:
        return QSize(400, 300)

    def show_state(self, *, there: bool, missing: int, differing: int) -> None:
        messages = self._messages
        self.source.setVisible(there)
        self.missing.setVisible(not there)
        parts = []
        if missing:
            parts.append(messages.count("editor.missing", missing))
        if differing:
            parts.append(messages.count("editor.differing", differing))
        words = messages("editor.row.join").join(parts) or messages("editor.languages-agree")
        self.told.set_text(words if there else "")
        self.next.setVisible(there and bool(parts))

    def _made_button(self, look: Look) -> Button:
        make = Button(look, self._messages("editor.fix.translation"), icon="languages")
        make.setObjectName("make-translation")
        make.clicked.connect(self.make_wanted)
        return make
