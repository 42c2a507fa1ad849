"""Below the text: everything there is to say about it, line by line, and what can be done."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.controls import Button
from trainer.desktop.look import Look
from trainer.desktop.question_sheet import Notice
from trainer.foundation.messages import Messages
from trainer.foundation.source import Finding, Level

_ICONS = {Level.ERROR: "circle-x", Level.WARNING: "triangle-alert", Level.HINT: "info"}
MOST_LISTED = 500


class FindingsPane(QWidget):
    finding_wanted = Signal(object)  # Finding: go there
    next_wanted = Signal()
    fix_wanted = Signal()
    left = Signal()
    came = Signal()  # there is something to say where there was nothing
    went = Signal()  # there is nothing to say any more

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages = look, messages
        self._findings: Sequence[Finding] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(look.px(8), look.px(2), look.px(8), look.px(2))
        head.setSpacing(look.px(4))
        self.summary = Notice(look, self, step="small", one_line=True)
        head.addWidget(self.summary, 1)
        self.fix = Button(
            look, messages("editor.mend"), variant="quiet", icon="wrench", key="Ctrl+."
        )
        self.fix.setObjectName("fix")
        self.fix.clicked.connect(self.fix_wanted)
        self.next = Button(look, messages("editor.next-finding"), variant="quiet", key="F8")
        self.next.setObjectName("next-finding")
        self.next.clicked.connect(self.next_wanted)
        head.addWidget(self.fix)
        head.addWidget(self.next)
        column.addLayout(head)
        self.list = _List(look, self)
        self.list.setAccessibleName(messages("editor.findings"))
        self.list.itemActivated.connect(self._wanted)
        self.list.itemClicked.connect(self._wanted)
        column.addWidget(self.list, 1)

    def sizeHint(self) -> QSize:
        return QSize(400, self._look.px(132))

    def minimumSizeHint(self) -> QSize:
        """With something to say, two lines of it are in sight whatever the splitter did."""
        return QSize(self._look.px(200), self._look.px(84 if self._findings else 44))

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """`findings` in file order. A list that says the same as before is left alone."""
        told = [(one.place.line, one.code, one.blanks) for one in findings]
        before = self._findings
        if before is not None and told == [
            (one.place.line, one.code, one.blanks) for one in before
        ]:
            self._findings = findings
            return
        self._findings = findings
        row = self.list.currentRow()
        self.list.clear()
        for finding in findings[:MOST_LISTED]:
            self.list.addItem(self._item(finding))
        if 0 <= row < self.list.count():
            self.list.setCurrentRow(row)
        self.list.setVisible(bool(findings))
        # With nothing to say, the text has the room.
        self.setMaximumHeight(16_777_215 if findings else self._look.px(44))
        self.updateGeometry()
        if findings and not before:
            self.came.emit()
        elif before and not findings:
            self.went.emit()
        self.next.setEnabled(bool(findings))
        self._show_summary(findings)

    def show_fixable(self, fixable: bool) -> None:
        """Whether something can be done on the cursor's line."""
        self.fix.setEnabled(fixable)

    def _show_summary(self, findings: Sequence[Finding]) -> None:
        messages = self._messages
        counts = {level: sum(one.level is level for one in findings) for level in Level}
        if not findings:
            self.summary.show_words("circle-check", "good", messages("editor.findings-none"))
            return
        parts = [
            messages.count(f"editor.findings-{level}", number)
            for level, number in counts.items()
            if number
        ]
        icon = _ICONS[next(level for level in Level if counts[level])]
        tone = "warning" if counts[Level.ERROR] or counts[Level.WARNING] else "ink_soft"
        self.summary.show_words(icon, tone, messages("editor.row.join").join(parts))  # type: ignore[arg-type] # a Tone

    def _item(self, finding: Finding) -> QListWidgetItem:
        colours, messages = self._look.colours, self._messages
        sentence = messages(finding.code, **finding.blanks)
        item = QListWidgetItem(f"{finding.place.line}   {sentence}")
        ink = colours.ink_soft if finding.level is Level.HINT else colours.warning
        item.setIcon(self._look.icons.icon(_ICONS[finding.level], ink, 16))
        item.setToolTip(f"<span>{sentence.replace('<', '&lt;')}</span>")
        spoken = messages(
            "editor.finding-spoken",
            level=messages(f"editor.level-{finding.level}"),
            line=finding.place.line,
            sentence=sentence,
        )
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        return item

    def _wanted(self, item: QListWidgetItem) -> None:
        row = self.list.row(item)
        if self._findings is not None and 0 <= row < len(self._findings):
            self.finding_wanted.emit(self._findings[row])


class _List(QListWidget):
    def __init__(self, look: Look, pane: FindingsPane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.setFont(look.font("control"))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(look.px(16), look.px(16)))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == keys.ESCAPE:
            self._pane.left.emit()
        elif event.key() in keys.ENTERS and self.currentItem() is not None:
            self.itemActivated.emit(self.currentItem())
        else:
            super().keyPressEvent(event)
