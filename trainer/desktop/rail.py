"""The narrow rail of places at the left: each with its icon, its word and its key."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop.controls import FocusRing, paint_focus_ring
from trainer.desktop.look import Look
from trainer.desktop.text import paint_monogram
from trainer.desktop.theme import CONTROL_RADIUS, NARROW_RAIL, RAIL, person_colour


class RailButton(QAbstractButton):
    """A place, or the person, in the rail. In a narrow rail the word becomes a tool tip."""

    def __init__(
        self,
        look: Look,
        words: str,
        *,
        icon: str = "",
        letters: str = "",
        colour: str = "",
        keys: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._icon, self._letters, self._colour, self._keys = icon, letters, colour, keys
        self._narrow = False
        self._ring = FocusRing(self)
        caps = " ".join(look.key_caps(keys)) if keys else ""
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(caps)
        self._hint = f"{words} ({caps})" if caps else words
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.setToolTip(self._hint if narrow else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(40), self._look.px(40))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = look.px(CONTROL_RADIUS)
        here = self.isChecked()
        if here or self.underMouse():
            outlined = here and look.theme.high_contrast
            painter.setPen(QPen(QColor(colours.accent), 1) if outlined else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if here else colours.hover))
            painter.drawRoundedRect(box, radius, radius)
        if here:
            # A mark beside the colour: where one is must not hang on hue alone.
            bar = QRectF(0, box.height() * 0.24, look.px(3), box.height() * 0.52)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(bar, look.px(1.5), look.px(1.5))
        self._paint_content(painter, colours.accent if here else colours.ink)
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), radius)

    def _paint_content(self, painter: QPainter, ink: str) -> None:
        look, colours = self._look, self._look.colours
        size = look.px(24 if self._letters else 20)
        left = (self.width() - size) / 2 if self._narrow else look.px(12)
        mark = QRectF(round(left), round((self.height() - size) / 2), size, size)
        if self._letters:
            paint_monogram(
                painter, look, self._letters, mark, colour=self._colour, round_shape=True
            )
        else:
            look.icons.paint(painter, self._icon, ink, mark)
        if self._narrow:
            return
        right = self.width() - look.px(8)
        if self._keys:
            # Plain, not as caps: six pairs of boxes would shout down the words.
            keys = " ".join(look.key_caps(self._keys))
            small = look.font("small", tabular=True)
            width = QFontMetrics(small).horizontalAdvance(keys)
            painter.setFont(small)
            painter.setPen(QColor(colours.ink_soft))
            right -= width
            painter.drawText(
                QRectF(right, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, keys
            )
            right -= look.px(8)
        font = look.font("control", bold=self.isChecked())
        words_left = look.px(12 + 20 + 10) + (look.px(4) if self._letters else 0)
        room = int(right - words_left)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(
            QRectF(words_left, 0, room, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room),
        )


class Rail(QWidget):
    """Places from the top, person and keys at the foot."""

    chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        name: str,
        places: Sequence[tuple[str, str, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """`places` are (place, icon, words, keys)."""
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(look.px(2))
        self._buttons: dict[str, RailButton] = {}
        self._all: list[RailButton] = []
        for place, icon, words, keys in places:
            button = RailButton(look, words, icon=icon, keys=keys)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(place))
            self._buttons[place] = button
            self._all.append(button)
            self._layout.addWidget(button)
        self._layout.addStretch(1)
        self.set_narrow(False)

    def add_foot(self, button: RailButton) -> None:
        self._all.append(button)
        self._layout.addWidget(button)

    def mark(self, place: str) -> None:
        """Show `place` as where one is."""
        for name, button in self._buttons.items():
            button.setChecked(name == place)

    def button(self, place: str) -> RailButton:
        return self._buttons[place]

    def set_narrow(self, narrow: bool) -> None:
        look = self._look
        side = look.px(8)
        self._layout.setContentsMargins(side, look.px(16), side, look.px(12))
        self.setFixedWidth(look.px(NARROW_RAIL if narrow else RAIL))
        for button in self._all:
            button.set_narrow(narrow)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._look.colours.line), 1))
        x = self.width() - 0.5
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))


def initials(name: str) -> str:
    """One or two letters for a person's tile: 李 for 李雷, LM for Li Mei, Az for azra."""
    words = name.split()
    if not words:
        return ""
    first = words[0]
    if "\u3400" <= first[0] <= "\u9fff":
        # The given name tells classmates apart, the family name rarely does.
        return first[-1]
    if len(words) > 1:
        return (first[0] + words[-1][0]).upper()
    return first[:2].capitalize()


def person_button(look: Look, name: str, colour: str, hint: str) -> RailButton:
    """The person who is signed in; pressing it leads to the sign-in page."""
    button = RailButton(
        look, name, letters=initials(name), colour=person_colour(look.theme, colour)
    )
    button.setAccessibleDescription(hint)
    return button
