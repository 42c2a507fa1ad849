"""The stops of a snippet that was put in: Tab goes on, Shift+Tab back, Esc ends it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeyEvent, QTextCursor

from trainer.desktop import keys
from trainer.services.snippets import STOP

if TYPE_CHECKING:
    from trainer.desktop.editor.source_pane import SourcePane

TAB, BACKTAB = 0x01000001, 0x01000002


class TabStops(QObject):
    """`⟦words⟧` in a snippet is a stop; its words are chosen when one gets there."""

    def __init__(self, pane: "SourcePane") -> None:
        super().__init__(pane)
        self._pane = pane
        self._stops: list[QTextCursor] = []
        self._at = 0

    @property
    def active(self) -> bool:
        return bool(self._stops)

    def clear(self) -> None:
        self._stops = []

    def insert(self, snippet: str) -> None:
        """Put `snippet` in at the cursor, as one step to undo, and choose its first stop."""
        cursor = self._pane.textCursor()
        pieces = STOP.split(snippet)
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        extents: list[tuple[int, int]] = []
        for place, piece in enumerate(pieces):
            start = cursor.position()
            cursor.insertText(piece)
            if place % 2:
                extents.append((start, cursor.position()))
        cursor.endEditBlock()
        self._stops = []
        for start, end in extents:
            stop = QTextCursor(self._pane.document())
            stop.setPosition(start)
            stop.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            # What is typed at the edge of a stop belongs to it.
            stop.setKeepPositionOnInsert(False)
            self._stops.append(stop)
        self._at = 0
        if self._stops:
            self._choose()
        else:
            self._pane.setTextCursor(cursor)

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was one of the stops'."""
        if not self._stops:
            return False
        key = event.key()
        if key == TAB:
            self._at += 1
            if self._at >= len(self._stops):
                self._end()
            else:
                self._choose()
            return True
        if key == BACKTAB:
            self._at = max(self._at - 1, 0)
            self._choose()
            return True
        if key == keys.ESCAPE:
            self._stops = []
            return True
        return False

    def _choose(self) -> None:
        stop = self._stops[self._at]
        self._pane.setTextCursor(QTextCursor(stop))
        self._pane.ensureCursorVisible()

    def _end(self) -> None:
        """Behind the last stop, at the end of its line."""
        cursor = self._pane.textCursor()
        cursor.clearSelection()
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        self._pane.setTextCursor(cursor)
        self._stops = []
