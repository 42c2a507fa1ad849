"""Above the text: which deck it is, in which language, whether it is saved, and what one can do."""

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop.controls import Button, Segments, icon_button
from trainer.desktop.look import Look
from trainer.desktop.text import Tag, fill
from trainer.foundation.messages import Messages

ROOMY = 780  # the width from which on there is room for words on the buttons


class Elided(QWidget):
    """A line of words that gives way: cut off with an ellipsis where there is no room."""

    def __init__(self, look: Look, parent: QWidget, *, soft: bool = False) -> None:
        super().__init__(parent)
        self._look = look
        self._words = ""
        self._ink = look.colours.ink_soft if soft else look.colours.ink
        self.setFont(look.font("small" if soft else "control", bold=not soft))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        return self._words

    def set_text(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self.setToolTip(f"<span>{words.replace('<', '&lt;')}</span>")
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._words) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(40), QFontMetrics(self.font()).height())

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(self._ink)
        words = QFontMetrics(self.font()).elidedText(
            self._words, Qt.TextElideMode.ElideMiddle, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, words)


class DeckHead(QWidget):
    save_wanted = Signal()
    insert_wanted = Signal()
    find_wanted = Signal()
    language_wanted = Signal(str)
    tree_wanted = Signal()
    preview_wanted = Signal()
    translation_wanted = Signal()

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        line = QHBoxLayout(self)
        line.setContentsMargins(look.px(8), look.px(4), look.px(8), look.px(4))
        line.setSpacing(look.px(4))

        def tool(icon: str, code: str, key: str, signal: SignalInstance, name: str) -> Button:
            button = icon_button(look, icon, messages(code), key=key)
            button.setObjectName(name)
            button.clicked.connect(signal)
            line.addWidget(button)
            return button

        # F9 works without this head too: where the list takes all the room.
        tree = icon_button(look, "panel-left", f"{messages('editor.key.tree')} (F9)")
        tree.setObjectName("show-tree")
        tree.clicked.connect(self.tree_wanted)
        line.addWidget(tree)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title = Elided(look, self)
        self.path = Elided(look, self, soft=True)
        words.addWidget(self.title)
        words.addWidget(self.path)
        line.addLayout(words, 1)
        self.state = Tag(look, messages("editor.unsaved"), tone="warning", icon="circle-dot")
        line.addWidget(self.state)
        self.languages = Segments(
            look, messages("editor.language"), (("en", "EN"), ("zh", "中文")), "en"
        )
        self.languages.setToolTip(messages("editor.key.language") + " (Ctrl L)")
        self.languages.chosen.connect(self.language_wanted)
        line.addWidget(self.languages)
        tool("search", "editor.find", "Ctrl+F", self.find_wanted, "find")
        tool("eye", "editor.key.preview", "F6", self.preview_wanted, "show-preview")
        tool(
            "columns-2", "editor.key.translation", "F7", self.translation_wanted, "show-translation"
        )
        self.insert = Button(look, messages("editor.insert"), icon="plus", key="Ctrl+I")
        self.insert.setObjectName("insert")
        self.insert.clicked.connect(self.insert_wanted)
        line.addWidget(self.insert)
        self.save = Button(
            look, messages("editor.save"), variant="primary", icon="save", key="Ctrl+S"
        )
        self.save.setObjectName("save")
        self.save.clicked.connect(self.save_wanted)
        line.addWidget(self.save)

    def show_deck(self, title: str, path: str, language: str, *, editable: bool) -> None:
        self.title.set_text(title)
        self.path.set_text(path)
        self.languages.blockSignals(True)
        self.languages.choose(language)
        self.languages.blockSignals(False)
        self.insert.setEnabled(editable)
        self.save.setEnabled(editable)

    def show_saved(self, saved: bool) -> None:
        self.state.setVisible(not saved)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        # Icon and key say enough where there is no room for the word.
        narrow = self.width() < self._look.px(ROOMY)
        for button, code in ((self.insert, "editor.insert"), (self.save, "editor.save")):
            words = "" if narrow else self._messages(code)
            if button.text() != words:
                button.setToolTip(self._messages(code))
                button.set_text(words)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        # A hairline below, as under the parts of the desk.
        fill(
            QPainter(self),
            self.rect().adjusted(0, self.height() - 1, 0, 0),
            self._look.colours.line,
        )
