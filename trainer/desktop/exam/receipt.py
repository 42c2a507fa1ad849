"""The end of an exam: handed in, and a receipt of eight characters to sign."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from trainer.desktop.controls import Button, Card, Picture
from trainer.desktop.layouts import Beside, Page, row, stack
from trainer.desktop.look import Look
from trainer.desktop.text import Text, fill
from trainer.foundation.messages import Messages


class QrCode(QWidget):
    """A QR code, dark on light in every theme, for readers ask for that."""

    QUIET = 4  # modules of light around it (ISO/IEC 18004)

    def __init__(self, look: Look, content: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        import segno  # only here, at the end of an exam

        self._modules = [list(line) for line in segno.make(content, error="m").matrix]
        self._side = look.px(176)
        self.setFixedSize(self._side, self._side)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        fill(painter, self.rect(), "#FFFFFF")
        count = len(self._modules) + 2 * self.QUIET
        module = max(1, self.width() // count)
        start = (self.width() - module * len(self._modules)) // 2
        for line, modules in enumerate(self._modules):
            for column, dark in enumerate(modules):
                if dark:
                    at = QRect(start + column * module, start + line * module, module, module)
                    fill(painter, at, "#000000")


class ReceiptPage(Page):
    """`quit_wanted` asks to end the program: with a code where the sheet asks for one."""

    quit_wanted = Signal()

    def __init__(
        self,
        look: Look,
        messages: Messages,
        candidate: str,
        records: int,
        receipt: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent, width=640)
        self.column.addSpacing(look.px(24))
        heading = row(look, gap=16)
        heading.addWidget(Picture(look, "circle-check", size=32, colour=look.colours.good))
        heading.addWidget(Text(look, messages("exam.handed-in"), "title", bold=True), 1)
        self.column.addLayout(heading)
        self.column.addWidget(Text(look, messages("exam.handed-in-more"), "body", tone="ink_soft"))
        card = Card(look, padding=28)
        words = QWidget()
        lines = stack(look, gap=8)
        words.setLayout(lines)
        lines.addWidget(Text(look, messages("exam.receipt"), "control", tone="ink_soft", bold=True))
        spoken = " ".join(receipt)
        self.code = Text(look, f"{receipt[:4]} {receipt[4:]}", "display", bold=True, wrap=False)
        self.code.setAccessibleName(spoken)
        lines.addWidget(self.code)
        lines.addWidget(
            Text(
                look,
                messages("exam.receipt-of", number=candidate, records=records),
                "control",
                tone="ink_soft",
                tabular=True,
            )
        )
        lines.addWidget(Text(look, messages("exam.receipt-sign"), "body"))
        both = QWidget()
        beside = Beside(both, gap=look.px(24), least=look.px(280))
        beside.addWidget(words)
        content = f"{candidate} {records} {receipt}"
        beside.addWidget(QrCode(look, content, messages("exam.receipt-code", code=spoken)))
        card.body.addWidget(both)
        self.column.addWidget(card)
        quitting = Button(look, messages("exam.quit"), variant="primary", key="Return", big=True)
        quitting.clicked.connect(self.quit_wanted)
        self.column.addWidget(quitting, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.first_control = quitting
