"""The text of a deck: numbered, coloured and underlined where it is seen, and nowhere else.

Colours and underlines are laid over the lines in sight (`QTextLayout.setFormats`), so that a deck
of thirty thousand lines opens and is typed in as quickly as one of thirty.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from trainer.decks.colouring import Role, Span, front_spans_of, spans_of
from trainer.desktop.editor.buffer import Buffer, from_utf16, to_utf16
from trainer.desktop.editor.tab_stops import TabStops
from trainer.desktop.look import Look
from trainer.desktop.theme import token
from trainer.foundation.source import Finding, Level

_LOOKS: dict[Role, tuple[str, bool]] = {  # token of the ink, bold
    "title": ("accent", True),
    "heading": ("accent", True),
    "key": ("logistics", True),
    "right": ("good", True),
    "wrong": ("ink_soft", True),
    "hidden": ("products", True),
    "attributes": ("language", False),
    "code": ("products", False),
    "front": ("ink_soft", False),
    "quote": ("ink_soft", False),
    "mark": ("logistics", True),
    "link": ("accent", False),
    "strong": ("ink", True),
    "table": ("logistics", False),
}
_WIDER = 1 << 16  # than any pane, in pixels
_LEVEL_ICONS = {Level.ERROR: "circle-x", Level.WARNING: "triangle-alert", Level.HINT: "info"}


class SourcePane(QPlainTextEdit):
    """Shows a Buffer. Tab leaves the pane, but for the stops of a snippet."""

    pictures_given = Signal(QMimeData)  # pasted or dropped
    line_changed = Signal(int)  # the cursor's, from 0
    focused = Signal()

    def __init__(self, look: Look, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.buffer: Buffer | None = None
        self._line = -1
        self._formats = _formats(look)
        self._underlines = {
            Level.ERROR: _underline(look, Level.ERROR),
            Level.WARNING: _underline(look, Level.WARNING),
            Level.HINT: _underline(look, Level.HINT),
        }
        self.stops = TabStops(self)
        self.setFont(look.typography.monospaced())
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        # Square and close to its neighbours: it is a page of the desk, not a field of a form.
        accent = look.colours.accent
        self.setStyleSheet(
            "QPlainTextEdit { border: 2px solid transparent; border-radius: 0; padding: 0; }"
            f"QPlainTextEdit:focus {{ border-color: {accent}; padding: 0; }}"
        )
        self.setCursorWidth(look.px(2))
        self.gutter = Gutter(look, self)
        self.updateRequest.connect(self._updated)
        self.cursorPositionChanged.connect(self._moved)
        self._widen()

    # What is shown

    def show_buffer(self, buffer: Buffer) -> None:
        """Show the text of `buffer`, where it was last."""
        if self.buffer is buffer:
            return
        self._leave()
        self.stops.clear()
        self.buffer = buffer
        buffer.document.setDefaultFont(self.font())
        self.setDocument(buffer.document)
        self.setReadOnly(not buffer.editable)
        buffer.document.contentsChange.connect(self._edited)
        buffer.marked.connect(self._marked)
        cursor = self.textCursor()
        cursor.setPosition(min(buffer.position, buffer.document.characterCount() - 1))
        self.setTextCursor(cursor)
        self._widen()
        self._wrap_here()
        self.verticalScrollBar().setValue(buffer.scrolled)
        self._line = -1
        self._moved()
        self._marked()

    def show_nothing(self) -> None:
        self._leave()
        self.buffer = None
        self.setDocument(_plain_document(self))

    def _leave(self) -> None:
        if self.buffer is not None:
            self.buffer.position = self.textCursor().position()
            self.buffer.scrolled = self.verticalScrollBar().value()
            self.buffer.document.contentsChange.disconnect(self._edited)
            self.buffer.marked.disconnect(self._marked)

    @property
    def line(self) -> int:
        """The line of the cursor, from 0."""
        return self.textCursor().blockNumber()

    @property
    def column(self) -> int:
        """The column of the cursor as code points, from 0."""
        cursor = self.textCursor()
        return from_utf16(cursor.block().text(), cursor.positionInBlock())

    def go_to(self, line: int, column: int = 0, *, middle: bool = False) -> None:
        """Put the cursor there; both count from 0, columns in code points."""
        block = self.document().findBlockByNumber(min(line, self.blockCount() - 1))
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + to_utf16(block.text(), column))
        self.setTextCursor(cursor)
        if middle:
            self.centerCursor()
        else:
            self.ensureCursorVisible()

    # Colours and underlines, of the lines in sight

    def lines_in_sight(self) -> tuple[int, int]:
        """The first line that is seen, and the one after the last."""
        block = self.firstVisibleBlock()
        first = block.blockNumber()
        bottom = self.viewport().height()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= bottom:
            top += self.blockBoundingRect(block).height()
            block = block.next()
        last = block.blockNumber() if block.isValid() else self.blockCount()
        return first, last

    def dress_lines(self) -> None:
        """Colour what is seen and is not coloured yet."""
        buffer = self.buffer
        if buffer is None:
            return
        first, last = self.lines_in_sight()
        block = self.document().findBlockByNumber(first)
        dirty_from = dirty_to = -1
        for number in range(first, last):
            if not block.isValid():
                break
            sign = buffer.sign_of(number, block.revision())
            if buffer.dressed.get(number) != sign:
                buffer.dressed[number] = sign
                self._dress(buffer, block, number)
                dirty_from = block.position() if dirty_from < 0 else dirty_from
                dirty_to = block.position() + block.length()
            block = block.next()
        if dirty_from >= 0:
            self.document().markContentsDirty(dirty_from, dirty_to - dirty_from)

    def _dress(self, buffer: Buffer, block: QTextBlock, number: int) -> None:
        line = block.text()
        spans: Sequence[Span]
        if number < buffer.front:
            spans = front_spans_of(line)
        elif buffer.in_code(number):
            spans = [(0, len(line), "code")]
        else:
            spans = spans_of(line)
        ranges = [
            _range(to_utf16(line, start), to_utf16(line, end), self._formats[role])
            for start, end, role in spans
        ]
        for start, end, level in buffer.underlined(number, line):
            ranges.append(
                _range(to_utf16(line, start), to_utf16(line, end), self._underlines[level])
            )
        block.layout().setFormats(ranges)

    def _updated(self, area: QRect, dy: int) -> None:
        if dy:
            self.gutter.scroll(0, dy)
        else:
            self.gutter.update(0, area.y(), self.gutter.width(), area.height())
        self.dress_lines()

    def _edited(self, _position: int, _removed: int, _added: int) -> None:
        self._widen()
        self.dress_lines()

    def _marked(self) -> None:
        self.dress_lines()
        self.gutter.update()

    def _moved(self) -> None:
        line = self.line
        self._show_line()
        if line != self._line:
            self._line = line
            self.line_changed.emit(line)
        self.gutter.update()

    def _show_line(self) -> None:
        """A soft ground under the line the cursor is on."""
        selection = QTextEdit.ExtraSelection()
        selection.format.setBackground(QColor(self._look.colours.hover))
        selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        cursor = self.textCursor()
        cursor.clearSelection()
        selection.cursor = cursor
        self.setExtraSelections([selection])

    # Keys

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if self.stops.take_key(event):
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool, /) -> bool:  # noqa: A002 - Qt's name
        # Tab goes from stop to stop while a snippet is being filled in.
        return False if self.stops.active else super().focusNextPrevChild(next)

    # Pictures

    def canInsertFromMimeData(self, source: QMimeData, /) -> bool:
        return (
            source.hasImage() or _has_picture_files(source) or super().canInsertFromMimeData(source)
        )

    def insertFromMimeData(self, source: QMimeData, /) -> None:
        if not self.isReadOnly() and (
            _has_picture_files(source) or (source.hasImage() and not source.hasText())
        ):
            self.pictures_given.emit(source)
        else:
            super().insertFromMimeData(source)

    # Room for the numbers

    def _widen(self) -> None:
        width = self.gutter.sizeHint().width()
        if width != self.viewportMargins().left():
            self.setViewportMargins(width, 0, 0, 0)
            self._place_gutter()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._place_gutter()
        self.dress_lines()

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._wrap_here()

    def _wrap_here(self) -> None:
        """Wrap the text to this pane. Qt wraps a document to the pane that showed it first, and
        listens to another one only once it is wider."""
        if self.isVisible():
            viewport, size = self.viewport(), self.viewport().size()
            viewport.resize(_WIDER, size.height())
            viewport.resize(size)

    def _place_gutter(self) -> None:
        inside = self.contentsRect()
        self.gutter.setGeometry(
            QRect(inside.left(), inside.top(), self.viewportMargins().left(), inside.height())
        )

    def paint_numbers(self, painter: QPainter, area: QRect) -> None:
        look, colours = self._look, self._look.colours
        buffer = self.buffer
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        line = self.line
        font = QFont(self.font())
        font.setPixelSize(max(round(font.pixelSize() * 0.86), 9))
        painter.setFont(font)
        height = QFontMetrics(self.font()).height()
        right = self.gutter.width() - look.px(8)
        while block.isValid() and top <= area.bottom():
            bottom = top + self.blockBoundingRect(block).height()
            if bottom >= area.top():
                number = block.blockNumber()
                level = buffer.level_at(number) if buffer is not None else None
                if level is not None:
                    size = look.px(14)
                    ink = colours.ink_soft if level is Level.HINT else colours.warning
                    box = QRectF(look.px(4), top + (height - size) / 2, size, size)
                    look.icons.paint(painter, _LEVEL_ICONS[level], ink, box)
                painter.setPen(QColor(colours.ink if number == line else colours.ink_soft))
                painter.drawText(
                    QRectF(0, top, right, height),
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                    str(number + 1),
                )
            block, top = block.next(), bottom


class Gutter(QWidget):
    """Line numbers, and a sign on lines that there is something to say about."""

    def __init__(self, look: Look, pane: SourcePane) -> None:
        super().__init__(pane)
        self._look, self._pane = look, pane

    def sizeHint(self) -> QSize:
        digits = max(len(str(self._pane.blockCount())), 2)
        width = QFontMetrics(self._pane.font()).horizontalAdvance("9") * digits
        return QSize(width + self._look.px(4 + 14 + 8), 0)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._look.colours.sunken))
        self._pane.paint_numbers(painter, event.rect())

    def mousePressEvent(self, event: object, /) -> None:
        del event  # a click here selects nothing


def findings_between(findings: Sequence[Finding], first: int, last: int) -> Sequence[Finding]:
    """Of findings in file order, those on the lines `first` (from 0) up to, not including,
    `last`."""
    start = bisect_left(findings, first + 1, key=lambda one: one.place.line)
    end = bisect_right(findings, last, key=lambda one: one.place.line)
    return findings[start:end]


def _has_picture_files(source: QMimeData) -> bool:
    return source.hasUrls() and any(
        url.isLocalFile() and url.path().lower().endswith(PICTURE_ENDINGS) for url in source.urls()
    )


PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")


def _range(start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    piece = QTextLayout.FormatRange()
    piece.start = start
    piece.length = end - start
    piece.format = look
    return piece


def _formats(look: Look) -> dict[Role, QTextCharFormat]:
    formats: dict[Role, QTextCharFormat] = {}
    for role, (ink, bold) in _LOOKS.items():
        one = QTextCharFormat()
        one.setForeground(QColor(token(look.colours, ink)))
        if bold:
            one.setFontWeight(QFont.Weight.DemiBold)
        if role == "hidden":
            one.setBackground(QColor(look.colours.accent_soft))
        formats[role] = one
    return formats


def _underline(look: Look, level: Level) -> QTextCharFormat:
    one = QTextCharFormat()
    colours = look.colours
    if level is Level.HINT:
        one.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        one.setUnderlineColor(QColor(colours.ink_soft))
    else:
        one.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        one.setUnderlineColor(QColor(colours.warning))
    if level is Level.ERROR:
        one.setBackground(QColor(colours.warning_soft))
    return one


def _plain_document(parent: QWidget) -> QTextDocument:
    from PySide6.QtWidgets import QPlainTextDocumentLayout

    document = QTextDocument(parent)
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    return document
