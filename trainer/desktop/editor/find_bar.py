"""Find and replace in the text of a deck, with regular expressions where they are wanted."""

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLineEdit, QWidget

from trainer.desktop import keys
from trainer.desktop.controls import Button, Toggle, icon_button
from trainer.desktop.editor.source_pane import SourcePane
from trainer.desktop.layouts import Flow
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages

MOST_COUNTED = 999
_CASE = QTextDocument.FindFlag.FindCaseSensitively


class FindBar(QWidget):
    """Enter finds the next, Shift+Enter the one before, Esc goes back to the text."""

    left = Signal()

    def __init__(self, look: Look, messages: Messages, source: SourcePane, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages, self._source = look, messages, source
        line = Flow(self, gap=look.px(6))
        line.setContentsMargins(look.px(8), look.px(4), look.px(8), look.px(4))
        self.what = self._field("editor.find-what")
        self.what.textChanged.connect(self._changed)
        line.addWidget(self.what)
        self._told = Text(look, "", "small", tone="ink_soft", wrap=False, tabular=True)
        self._told.setMinimumWidth(look.px(72))
        before = icon_button(look, "chevron-up", messages("editor.find-before"), key="Shift+F3")
        before.clicked.connect(self.find_before)
        after = icon_button(look, "chevron-down", messages("editor.find-next"), key="F3")
        after.clicked.connect(self.find_next)
        self.expression = Toggle(look, messages("editor.find-regex"))
        self.expression.setObjectName("find-regex")
        self.expression.toggled.connect(self._changed)
        self.case = Toggle(look, messages("editor.find-case"))
        self.case.setObjectName("find-case")
        self.case.toggled.connect(self._changed)
        tools: tuple[QWidget, ...] = (self._told, before, after, self.expression, self.case)
        for part in tools:
            line.addWidget(part)
        self.by = self._field("editor.replace-by")
        self._one = Button(look, messages("editor.replace-one"), key="Ctrl+Shift+H")
        self._one.setObjectName("replace-one")
        self._one.clicked.connect(self.replace_one)
        self._all = Button(look, messages("editor.replace-all"), key="Ctrl+Alt+Return")
        self._all.setObjectName("replace-all")
        self._all.clicked.connect(self.replace_all)
        self._replacing: tuple[QWidget, ...] = (self.by, self._one, self._all)
        for part in self._replacing:
            line.addWidget(part)
        close = icon_button(look, "x", messages("shell.close"))
        close.clicked.connect(self.leave)
        line.addWidget(close)
        self.hide()

    def open(self, *, replace: bool) -> None:
        """Show the bar; what is chosen in the text is looked for."""
        chosen = self._source.textCursor().selectedText()
        if chosen and "\u2029" not in chosen:
            self.what.setText(chosen)
        for part in self._replacing:
            part.setVisible(replace and not self._source.isReadOnly())
        self.show()
        self.what.selectAll()
        self.what.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._count()

    def leave(self) -> None:
        self.hide()
        self.left.emit()

    def find_next(self) -> None:
        self._find(backwards=False)

    def find_before(self) -> None:
        self._find(backwards=True)

    def replace_one(self) -> None:
        """Replace what is chosen, if it is a match, and find the next."""
        cursor = self._source.textCursor()
        expression = self._expression()
        if expression is None or self._source.isReadOnly():
            return
        found = expression.match(cursor.selectedText())
        whole = found.hasMatch() and found.capturedLength() == len(cursor.selectedText())
        if cursor.hasSelection() and whole:
            cursor.insertText(self._replacement(found))
        self.find_next()

    def replace_all(self) -> int:
        """Replace every match, as one step to undo; how many there were."""
        expression = self._expression()
        if expression is None or self._source.isReadOnly():
            return 0
        document = self._source.document()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        number = 0
        block = document.firstBlock()
        while block.isValid():
            # From the end of a line to its beginning: what lies before stays in its place.
            matches = []
            found = expression.globalMatch(block.text())
            while found.hasNext():
                matches.append(found.next())
            for match in reversed(matches):
                if match.capturedLength() == 0:
                    continue
                cursor.setPosition(block.position() + match.capturedStart())
                cursor.setPosition(
                    block.position() + match.capturedEnd(), QTextCursor.MoveMode.KeepAnchor
                )
                cursor.insertText(self._replacement(match))
                number += 1
            block = block.next()
        cursor.endEditBlock()
        self._told.set_text(self._messages.count("editor.replaced", number))
        return number

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == keys.ESCAPE:
            self.leave()
        elif event.key() in keys.ENTERS:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._find(backwards=back)
        else:
            super().keyPressEvent(event)

    def _find(self, *, backwards: bool) -> None:
        expression = self._expression()
        if expression is None:
            return
        flags = QTextDocument.FindFlag(0)
        if backwards:
            flags |= QTextDocument.FindFlag.FindBackward
        if self.case.isChecked():
            flags |= _CASE
        document, cursor = self._source.document(), self._source.textCursor()
        found = document.find(expression, cursor, flags)
        if found.isNull():
            # Round the end.
            ends = QTextCursor(document)
            if backwards:
                ends.movePosition(QTextCursor.MoveOperation.End)
            found = document.find(expression, ends, flags)
        if not found.isNull():
            self._source.setTextCursor(found)
            self._source.centerCursor()
        self._count()

    def _expression(self) -> QRegularExpression | None:
        """What is looked for; None while it is empty or no expression."""
        text = self.what.text()
        if not text:
            return None
        if not self.expression.isChecked():
            text = QRegularExpression.escape(text)
        option = QRegularExpression.PatternOption.UseUnicodePropertiesOption
        if not self.case.isChecked():
            option |= QRegularExpression.PatternOption.CaseInsensitiveOption
        expression = QRegularExpression(text, option)
        return expression if expression.isValid() else None

    def _replacement(self, match: object) -> str:
        """The words to put in; `\\1` stands for the first group of an expression."""
        words = self.by.text()
        if not self.expression.isChecked():
            return words
        pieces = words.split("\\\\")
        for number in range(9, -1, -1):
            group = match.captured(number)  # type: ignore[attr-defined] # a QRegularExpressionMatch
            pieces = [piece.replace(f"\\{number}", group) for piece in pieces]
        return "\\".join(pieces)

    def _changed(self) -> None:
        wrong = bool(self.what.text()) and self._expression() is None
        self.what.setProperty("wrong", wrong)
        self.what.style().unpolish(self.what)
        self.what.style().polish(self.what)
        self._count()

    def _count(self) -> None:
        expression = self._expression()
        if expression is None:
            said = self._messages("editor.find-wrong") if self.what.text() else ""
            self._told.set_text(said)
            return
        number = 0
        found = expression.globalMatch(self._source.document().toRawText())
        while found.hasNext() and number <= MOST_COUNTED:
            found.next()
            number += 1
        shown = f"{MOST_COUNTED}+" if number > MOST_COUNTED else number
        self._told.set_text(self._messages("editor.found", number=shown))

    def _field(self, code: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(code.partition(".")[2])
        field.setPlaceholderText(self._messages(code))
        field.setAccessibleName(self._messages(code))
        field.setFixedWidth(self._look.px(200))
        return field
