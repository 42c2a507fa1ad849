"""One deck file that is open: its text with everything that can be undone, and its findings.

A buffer outlives the panes that show it: one can go to another deck and come back.
"""

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

from trainer.decks.attributes import list_start
from trainer.decks.colouring import code_lines
from trainer.decks.text_edits import line_edits
from trainer.foundation.source import Finding, Level
from trainer.services.deck_source import DeckSource

_PARAGRAPH = "\N{PARAGRAPH SEPARATOR}"  # what Qt keeps for a line end
_LEVELS = (Level.ERROR, Level.WARNING, Level.HINT)


class Buffer(QObject):
    """`marked`: findings or code lines have changed. `edited`: the text has."""

    marked = Signal()
    edited = Signal()

    def __init__(self, source: DeckSource, *, editable: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.source = source
        self.saved_text = source.text  # as it lies on the disk
        self.editable = editable
        self.position = self.scrolled = 0
        self.front = 0
        self.findings: Sequence[Finding] = ()
        self._text: str | None = source.text
        self.dressed: dict[int, object] = {}  # lines that wear their colours, and which
        self._code: list[tuple[int, int]] = []
        self._by_line: dict[int, list[Finding]] = {}
        self._lines = 0
        self.document = document = QTextDocument(self)
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        document.setPlainText(source.text)
        document.setModified(False)
        self._lines = document.blockCount()
        self.front, self._code = code_lines(source.text.split("\n"))
        document.contentsChange.connect(self._changed)

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = self.document.toRawText().replace(_PARAGRAPH, "\n")
        return self._text

    @property
    def modified(self) -> bool:
        return self.document.isModified()

    def saved(self, source: DeckSource) -> None:
        """The text lies on the disk now, as `source`."""
        self.source = source
        self.saved_text = source.text
        self.document.setModified(self.text != source.text)

    def change_to(self, text: str) -> None:
        """Make the text `text`, line by line where it differs: one step to undo."""
        edits = line_edits(self.text, text)
        if not edits:
            return
        cursor = QTextCursor(self.document)
        cursor.beginEditBlock()
        for start, end, words in reversed(edits):
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(words)
        cursor.endEditBlock()

    def lines_between(self, start: int, end: int) -> Sequence[str]:
        """The lines from `start` up to, not including, `end`."""
        block = self.document.findBlockByNumber(start)
        lines = []
        for _ in range(start, end):
            if not block.isValid():
                break
            lines.append(block.text())
            block = block.next()
        return lines

    # What is said about it

    def show_findings(
        self,
        findings: Sequence[Finding],
        code: tuple[int, list[tuple[int, int]]] | None = None,
    ) -> None:
        """The findings about the text of a moment ago, in file order, and its lines of code (see
        `code_lines`; None: as before)."""
        self.findings = findings
        self._by_line = {}
        for finding in findings:
            self._by_line.setdefault(finding.place.line - 1, []).append(finding)
        if code is not None:
            self.front, self._code = code
        self.marked.emit()

    def at(self, line: int) -> Sequence[Finding]:
        return self._by_line.get(line, ())

    def level_at(self, line: int) -> Level | None:
        """The gravest thing said about a line."""
        found = self._by_line.get(line)
        if not found:
            return None
        return min((one.level for one in found), key=_LEVELS.index)

    def underlined(self, line: int, text: str) -> list[tuple[int, int, Level]]:
        """From and to (code points) of what is underlined on a line; the gravest comes last."""
        found = [(*extent(one, text), one.level) for one in self._by_line.get(line, ())]
        return sorted(found, key=lambda piece: -_LEVELS.index(piece[2]))

    def in_code(self, line: int) -> bool:
        place = bisect_right(self._code, line, key=lambda block: block[0]) - 1
        return place >= 0 and line < self._code[place][1]

    def sign_of(self, line: int, revision: int) -> object:
        """Changes when the line has to be coloured anew."""
        said = tuple((one.place.column, one.level) for one in self._by_line.get(line, ()))
        return revision, line < self.front, self.in_code(line), said

    def _changed(self, position: int, removed: int, added: int) -> None:
        if not removed and not added:
            return
        self._text = None
        lines = self.document.blockCount()
        by = lines - self._lines
        self._lines = lines
        if by:
            # What was said below goes down or up with its lines until it is said anew.
            line = self.document.findBlock(position).blockNumber()
            self._by_line = {
                at + by if at > line else at: found
                for at, found in self._by_line.items()
                if not line < at <= line - by
            }
            self._code = [
                (start + by if start > line else start, end + by if end > line else end)
                for start, end in self._code
            ]
            if line < self.front:
                self.front = max(self.front + by, 0)
            self.dressed.clear()
        self.edited.emit()


def extent(finding: Finding, text: str) -> tuple[int, int]:
    """From where to where (code points) a finding underlines its line, of which `text` is all."""
    start = min(finding.place.column - 1, max(len(text) - 1, 0))
    fix = finding.fix
    if fix is not None and fix.start.line == fix.end.line == finding.place.line:
        first, last = fix.start.column - 1, fix.end.column - 1
        if first <= start < last:
            return first, min(last, len(text))
    if start == 0:
        return 0, len(text.rstrip()) or 1
    if text[start : start + 1] in {"{", "｛"}:
        closing = max(text.find("}", start), text.find("｝", start))
        return start, closing + 1 if closing > start else len(text)
    if text[:start].endswith("]("):
        closing = text.find(")", start)
        return start, closing if closing > start else len(text)
    body = text.rstrip()
    end = list_start(body) if list_start(body) > start else len(body)
    return start, max(len(text[:end].rstrip()), start + 1)


def to_utf16(line: str, column: int) -> int:
    """A column in code points as the place Qt counts to."""
    if line.isascii():
        return min(column, len(line))
    return len(line[:column].encode("utf-16-le")) // 2


def from_utf16(line: str, place: int) -> int:
    """A place as Qt counts it, as a column in code points."""
    if line.isascii():
        return place
    return len(line.encode("utf-16-le")[: 2 * place].decode("utf-16-le", "ignore"))
