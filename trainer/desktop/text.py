"""Words on the screen: headings, paragraphs with our line height, and the marks beside them."""

from html import escape
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLabel, QWidget

from trainer.desktop.look import Look
from trainer.desktop.theme import Step, blend, token

Tone = Literal[
    "ink",
    "ink_soft",
    "accent",
    "on_accent",
    "danger",
    "warning",
    "good",
    "logistics",
    "products",
    "language",
    "intercultural",
]


def fill(painter: QPainter, box: QRectF | QRect, colour: str | QColor) -> None:
    """Fill `box`. (`fillRect` has so many forms that PySide prepares 170 gradients to tell them
    apart.)"""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRect(box)


class Text(QLabel):
    """Plain text in a step of the scale.

    It wraps, no wider than our measure, unless `wrap` is False; `fill` lets it take all the width
    there is (lines of a list). `chinese` says that the text is Chinese where the interface is not,
    or the reverse.
    """

    def __init__(
        self,
        look: Look,
        text: str = "",
        step: Step = "body",
        *,
        tone: Tone = "ink",
        bold: bool = False,
        wrap: bool = True,
        fill: bool = False,
        tabular: bool = False,
        chinese: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._wrap = wrap
        self._chinese = chinese
        self._heights: dict[int, int] = {}  # by width
        self.words = ""
        font = look.typography.font(step, bold=bold, tabular=tabular, chinese=chinese)
        self.setFont(font)
        self.setWordWrap(wrap)
        if wrap and not fill:
            self.setMaximumWidth(look.typography.measure(font, chinese=chinese))
        if not wrap:
            self.setTextFormat(Qt.TextFormat.PlainText)
        self.set_tone(tone)
        self.set_text(text)

    def heightForWidth(self, width: int, /) -> int:
        # A layout asks for its own width, also where the text is kept narrower; and it asks often.
        width = min(width, self.maximumWidth())
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def set_tone(self, tone: Tone) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(token(self._look.colours, tone)))
        self.setPalette(palette)

    def set_text(self, text: str) -> None:
        self.words = text
        self._heights.clear()
        self.setAccessibleName(text)
        if not self._wrap:
            self.setText(text)
            return
        distance = round(self._look.typography.leading(self.font(), chinese=self._chinese))
        # Qt adds the distance below each line; as much above keeps the text in the middle.
        self.setContentsMargins(0, distance, 0, 0)
        style = "margin:0;-qt-line-height-type:line-distance"
        style = f"{style};line-height:{distance}px"
        lines = escape(text).replace("\n", "<br>")
        self.setText(f'<p style="{style}">{lines}</p>' if text else "")


class KeyCap(QWidget):
    """A key as it is printed on a keyboard; several in a row for a combination."""

    def __init__(self, look: Look, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._keys = keys
        self.setAccessibleName(" ".join(look.key_caps(keys)))
        self.setFixedSize(key_caps_size(look, keys))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._look.colours
        paint_key_caps(
            painter, self._look, self._keys, QPointF(0, 0), colours.ink_soft, colours.edge
        )


def key_caps_size(look: Look, keys: str) -> QSize:
    """How large the caps of `keys` are."""
    widths = [_cap_width(look, cap) for cap in look.key_caps(keys)]
    return QSize(sum(widths) + look.px(4) * (len(widths) - 1), look.px(20))


def paint_key_caps(
    painter: QPainter, look: Look, keys: str, at: QPointF, ink: str, edge: str
) -> None:
    """Paint the caps of `keys` with their left upper corner at `at`."""
    # They stand on every control and never change: painted once, then copied.
    pixmap = look.icons.kept(
        ("key-caps", keys, ink, edge),
        key_caps_size(look, keys),
        painter.device().devicePixelRatioF(),
        lambda painter: _draw_key_caps(painter, look, keys, ink, edge),
    )
    painter.drawPixmap(QPointF(round(at.x()), round(at.y())), pixmap)


def _draw_key_caps(painter: QPainter, look: Look, keys: str, ink: str, edge: str) -> None:
    x, height = 0, look.px(20)
    for cap in look.key_caps(keys):
        width = _cap_width(look, cap)
        box = QRectF(x + 0.5, 0.5, width - 1, height - 1)
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, look.px(4), look.px(4))
        painter.setPen(QColor(ink))
        painter.setFont(look.font("small"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
        x += width + look.px(4)


def _cap_width(look: Look, cap: str) -> int:
    return max(look.typography.advance(cap, "small") + look.px(10), look.px(20))


class Tag(QWidget):
    """A short word in a pill, with an icon where it carries a state (never by colour alone)."""

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        tone: Tone = "ink_soft",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._text, self._tone, self._icon = look, text, tone, icon
        self.setAccessibleName(text)
        metrics = QFontMetricsF(look.font("small"))
        icon_width = look.px(18) if icon else 0
        width = round(metrics.horizontalAdvance(text)) + icon_width + look.px(18)
        self.setFixedSize(width, max(look.px(24), round(metrics.height()) + look.px(6)))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        ink = token(colours, self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, 0.5, self.width() - 1, self.height() - 1)
        ground = colours.surface if look.theme.high_contrast else blend(ink, colours.surface, 0.05)
        painter.setPen(QPen(QColor(blend(ink, colours.surface, 0.35)), 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        left = look.px(9)
        if self._icon:
            size = look.px(14)
            icon_box = QRectF(left - look.px(2), (self.height() - size) / 2, size, size)
            look.icons.paint(painter, self._icon, ink, icon_box)
            left += look.px(16)
        painter.setPen(QColor(ink))
        painter.setFont(look.font("small"))
        box.setLeft(left)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text
        )


# Platforms appear as two letters in neutral ink, never as their logos.
MONOGRAMS = {
    "amazon": "Az",
    "ebay": "eB",
    "aliexpress": "Ae",
    "wish": "Wi",
    "dhgate": "Dh",
    "alibaba": "Al",
    "made-in-china": "Mi",
}


def monogram_of(subject: str) -> str:
    """Two letters for a platform; for any other subject the first letters of its first words."""
    if subject in MONOGRAMS:
        return MONOGRAMS[subject]
    words = [word for word in subject.replace("-", " ").split() if word]
    if len(words) >= 2:
        return (words[0][0] + words[1][0]).title()
    return words[0][:2].title() if words else ""


class Monogram(QWidget):
    """A small square tile with the letters of a subject, or of a person in their colour."""

    def __init__(
        self,
        look: Look,
        letters: str,
        *,
        colour: str = "",
        size: int = 36,
        round_shape: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._letters, self._colour, self._round = look, letters, colour, round_shape
        self.setFixedSize(look.px(size), look.px(size))
        self.setAccessibleName(letters)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_monogram(
            painter,
            self._look,
            self._letters,
            QRectF(self.rect()),
            colour=self._colour,
            round_shape=self._round,
        )


def paint_monogram(
    painter: QPainter,
    look: Look,
    letters: str,
    box: QRectF,
    *,
    colour: str = "",
    round_shape: bool = False,
) -> None:
    """`letters` in a box: neutral ink on sunken paper, or white on `colour`."""
    colours = look.colours
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
    radius = box.height() / 2 if round_shape else look.px(8)
    if colour:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
    else:
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.sunken))
    painter.drawRoundedRect(inner, radius, radius)
    font = look.font("control", bold=True)
    font.setPixelSize(max(round(box.height() * 0.42), 10))
    painter.setFont(font)
    painter.setPen(QColor(colours.surface if colour else colours.ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters)
