"""A line that can be answered with: its key, its text, and afterwards whether it was right."""

from math import ceil
from typing import Literal

from msgspec import Struct, field
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from trainer.desktop import keys
from trainer.desktop.card_view import CardDocument, Render
from trainer.desktop.controls import paint_focus_ring
from trainer.desktop.look import Look
from trainer.desktop.text import key_caps_size, paint_key_caps
from trainer.desktop.theme import CARD_RADIUS, Step, token
from trainer.presenters.answer_sheet import Mark

Shape = Literal["", "circle", "square", "grip"]

# How a mark looks: icon, ink, ground. A wrong answer is no penalty, so it never wears danger.
MARK_LOOKS: dict[Mark, tuple[str, str, str]] = {
    "right": ("circle-check", "good", "good_soft"),
    "wrong": ("circle-x", "warning", "warning_soft"),
    "missed": ("circle-dashed", "good", "surface"),
    "answer": ("check", "good", "surface"),
    "plain": ("", "ink_soft", "surface"),
}


class RowText(Struct, frozen=True):
    """What a row shows. `html` and `note` are ready HTML; `spoken` is read aloud.

    `caps` are key caps in front ("A"); `slot` is a cap at the end for what was matched, or None.
    """

    html: str
    spoken: str
    chinese: bool
    caps: str = ""
    slot: str | None = None
    note: str = ""
    mark: Mark | None = None
    word: str = ""  # the mark in words
    tinted: bool = True  # whether the mark colours the row; not where the text itself is right
    used: bool = False  # given already: still there, but softer


class _Flowed(Struct):
    """A text laid out once a width."""

    document: CardDocument
    shown: tuple[str, bool] | None = None
    heights: dict[int, int] = field(default_factory=dict)  # by width

    def show(self, look: Look, html: str, step: Step, *, chinese: bool) -> None:
        if self.shown == (html, chinese):
            return
        dressed = self.shown is not None and self.shown[1] == chinese
        self.shown = (html, chinese)
        self.heights.clear()
        if not dressed:
            self._dress(look, step, chinese=chinese)
        self.document.setHtml(html)
        look.typography.lead(self.document, chinese=chinese)

    def _dress(self, look: Look, step: Step, *, chinese: bool) -> None:
        self.document.setDefaultFont(look.typography.font(step, chinese=chinese))
        self.document.setDocumentMargin(0)
        self.document.setUndoRedoEnabled(False)
        code = look.typography.monospaced().family()
        self.document.setDefaultStyleSheet(
            f"p, ul, ol {{ margin: 0; }} a {{ color: {look.colours.accent}; }}"
            f"code {{ font-family: '{code}'; }}"
        )
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document.setDefaultTextOption(option)

    def height(self, width: int) -> int:
        if not self.shown or not self.shown[0]:
            return 0
        if width not in self.heights:
            self.document.setTextWidth(max(width, 1))
            self.heights[width] = ceil(self.document.size().height())
        return self.heights[width]

    def paint(self, painter: QPainter, at: QPointF, width: int, ink: str) -> None:
        if self.document.textWidth() != width:
            self.document.setTextWidth(max(width, 1))
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, QColor(ink))
        painter.save()
        painter.translate(at)
        self.document.documentLayout().draw(painter, context)
        painter.restore()


class Row(QAbstractButton):
    """One option, step or entry. Keys other than Space are left to the answer around it."""

    def __init__(
        self, look: Look, shape: Shape, parent: QWidget, render: Render | None = None
    ) -> None:
        """`render` knows where the pictures of the text are; without it there are none."""
        super().__init__(parent)
        self._look = look
        self._shape: Shape = shape
        self._content = RowText("", "", chinese=look.chinese)
        self._text, self._note = _Flowed(CardDocument(render)), _Flowed(CardDocument(render))
        self._caps_width = 0
        self._lifted = False
        self._by_mouse = False  # who brought the keyboard here
        self._heights: dict[int, int] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def content(self) -> RowText:
        return self._content

    def show_text(self, content: RowText) -> None:
        """Show `content`; a row with a mark can no longer be pressed."""
        before, self._content = self._content, content
        if content == before:
            return
        if content.caps != before.caps:
            self._caps_width = key_caps_size(self._look, content.caps).width()
        self._text.show(self._look, content.html, "body", chinese=content.chinese)
        self._note.show(self._look, content.note, "control", chinese=content.chinese)
        self.setEnabled(content.mark is None)
        if content.mark is None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        self._name()
        self._heights.clear()
        if (before.html, before.note, before.word, before.slot) != (
            content.html,
            content.note,
            content.word,
            content.slot,
        ):
            self.updateGeometry()
        self.update()

    def lift(self, lifted: bool) -> None:
        """Whether the row is held, to be moved."""
        if lifted != self._lifted:
            self._lifted = lifted
            self._name()
            self.update()

    def _name(self) -> None:
        content = self._content
        parts = [content.caps.replace("+", " "), content.spoken, content.slot or "", content.word]
        self.setAccessibleName(", ".join(part for part in parts if part))

    # geometry: padding, cap or mark, text, slot or shape, padding

    @property
    def _padding(self) -> int:
        return self._look.px(12)

    def _left(self) -> int:
        wide = self._caps_width + self._look.px(12) if self._content.caps else 0
        return self._padding + wide

    def _right(self) -> int:
        look, content = self._look, self._content
        if content.mark is not None:
            word = QFontMetrics(look.font("small")).horizontalAdvance(content.word)
            return self._padding + ((look.px(20 + 6 + 12) + word) if content.word else 0)
        if content.slot is not None:
            return self._padding + look.px(28 + 12)
        return self._padding + (look.px(20 + 12) if self._shape else 0)

    def sizeHint(self) -> QSize:
        # The height follows the width: whoever lays this out asks `heightForWidth`.
        return QSize(self._look.px(400), self._heights.get(self.width(), self._look.px(44)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(44))

    def heightForWidth(self, width: int, /) -> int:
        known = self._heights.get(width)
        if known is not None:
            return known
        left = self._left()
        height = self._text.height(width - left - self._right())
        if self._content.note:
            height += self._look.px(4) + self._note.height(width - left - self._padding)
        height = max(height + self._look.px(2 * 10), self._look.px(44))
        self._heights[width] = height
        return height

    @property
    def _shows_focus(self) -> bool:
        # As `controls.FocusRing`, without a filter that sees every event of every row.
        return self.hasFocus() and not self._by_mouse

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if self._by_mouse:
            self._by_mouse = False
            self.update()
        # At the press, not at the release: an answer should not wait for a finger.
        if event.key() == keys.SPACE and not event.isAutoRepeat():
            self.click()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent, /) -> None:
        event.ignore()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours, content = self._look, self._look.colours, self._content
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = look.px(CARD_RADIUS)
        self._paint_ground(painter, radius)
        left = self._left()
        inner = self.width() - left - self._right()
        height = self._text.height(inner)
        line = min(QFontMetrics(self._text.document.defaultFont()).height(), height)
        top = look.px(10)
        if not content.note:
            top = max(top, (self.height() - height) // 2)
        middle = top + line / 2
        if content.caps:
            at = QPointF(self._padding, round(middle - look.px(20) / 2))
            chosen = self.isChecked() and content.mark is None
            ink = colours.accent if chosen else colours.ink_soft
            paint_key_caps(
                painter, look, content.caps, at, ink, colours.accent if chosen else colours.edge
            )
        ink = colours.ink_soft if content.mark == "plain" or content.used else colours.ink
        self._text.paint(painter, QPointF(left, top), inner, ink)
        if content.note:
            note_at = QPointF(left, top + height + look.px(4))
            note_width = self.width() - left - self._padding
            self._note.paint(painter, note_at, note_width, colours.ink_soft)
        self._paint_end(painter, middle)
        if self._shows_focus:
            paint_focus_ring(painter, look, QRectF(self.rect()), radius)

    def _paint_ground(self, painter: QPainter, radius: float) -> None:
        look, colours, content = self._look, self._look.colours, self._content
        outline, ground, width = colours.line, colours.surface, 1.0
        dashed = False
        if content.mark is not None:
            _, ink, soft = MARK_LOOKS[content.mark if content.tinted else "plain"]
            plain = content.mark == "plain" or not content.tinted
            outline = colours.line if plain else token(colours, ink)
            ground = token(colours, soft)
            dashed = content.mark == "missed"
        elif self._lifted:
            outline, ground, width = colours.accent, colours.accent_soft, 2.0
        elif self.isChecked():
            outline, ground, width = colours.accent, colours.accent_soft, 1.5
        elif content.used or self.underMouse() or self.isDown():
            outline = colours.line if content.used else colours.edge
            ground = colours.hover
        pen = QPen(QColor(outline), look.px(width))
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(ground))
        inset = look.px(width) / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, radius, radius)

    def _paint_end(self, painter: QPainter, middle: float) -> None:
        """At the right end: the mark in an icon and a word, the slot, or the shape to press."""
        look, colours, content = self._look, self._look.colours, self._content
        size = look.px(20)
        right = self.width() - self._padding
        if content.mark is not None:
            icon, ink_name, _ = MARK_LOOKS[content.mark]
            if not content.word:
                return
            ink = token(colours, ink_name)
            font = look.font("small")
            width = QFontMetrics(font).horizontalAdvance(content.word)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            box = QRectF(right - width, middle - size, width + 1, 2 * size)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, content.word)
            if icon:
                left = right - width - look.px(6) - size
                look.icons.paint(painter, icon, ink, QRectF(left, middle - size / 2, size, size))
        elif content.slot is not None:
            self._paint_slot(painter, right, middle)
        elif self._shape == "grip":
            box = QRectF(right - size, middle - size / 2, size, size)
            look.icons.paint(painter, "grip-vertical", colours.ink_soft, box)
        elif self._shape:
            box = QRectF(right - size, middle - size / 2, size, size)
            full = "circle-dot" if self._shape == "circle" else "square-check"
            name = full if self.isChecked() else self._shape
            ink = colours.accent if self.isChecked() else colours.edge
            look.icons.paint(painter, name, ink, box)

    def _paint_slot(self, painter: QPainter, right: float, middle: float) -> None:
        look, colours, slot = self._look, self._look.colours, self._content.slot
        size = look.px(28)
        box = QRectF(right - size, middle - size / 2, size, size).adjusted(0.5, 0.5, -0.5, -0.5)
        pen = QPen(QColor(colours.accent if slot else colours.edge), 1)
        if not slot:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.accent_soft if slot else colours.surface))
        painter.drawRoundedRect(box, look.px(4), look.px(4))
        if slot:
            painter.setFont(look.font("control", bold=True))
            painter.setPen(QColor(colours.accent))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, slot)
