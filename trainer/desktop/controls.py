"""Controls that a person presses: buttons with their key, toggles, segments, options, tiles.

All take a `Look`, show a ring where the keyboard is, and carry an accessible name.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHideEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from trainer.desktop.look import Look
from trainer.desktop.text import Text, fill, key_caps_size, paint_key_caps, paint_monogram
from trainer.desktop.theme import (
    BIG_CONTROL_HEIGHT,
    CARD_RADIUS,
    CONTROL_HEIGHT,
    CONTROL_RADIUS,
    FOCUS_RING,
)

Variant = Literal["primary", "secondary", "quiet"]

_BY_MOUSE = (
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class FocusRing(QObject):
    """Knows whether a control shows where the keyboard is: not when a mouse brought the focus."""

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self._control = control
        self._by_mouse = False
        control.installEventFilter(self)

    @property
    def visible(self) -> bool:
        return self._control.hasFocus() and not self._by_mouse

    def eventFilter(self, _watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
                self._by_mouse = event.reason() in _BY_MOUSE
        elif event.type() == QEvent.Type.KeyPress and self._by_mouse:
            self._by_mouse = False
            self._control.update()
        return False


def paint_focus_ring(painter: QPainter, look: Look, box: QRectF, radius: float) -> None:
    """The ring that says where the keyboard is, just inside `box`."""
    width = look.px(FOCUS_RING)
    painter.setPen(QPen(QColor(look.colours.accent), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)


def bind_key(owner: QWidget, keys: str, act: Callable[[], object]) -> QShortcut:
    """Let `keys` do `act` while `owner` is seen and enabled, at once (a QAbstractButton's own
    shortcut waits for an animation)."""
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(act)
    return shortcut


class Button(QAbstractButton):
    """A verb, an icon where it helps, and the key that does the same.

    `key` is bound and shown. `shows_key` is shown alone, where the screen handles keys itself.
    `detail` is a second, softer word (the next interval on a rating key).
    """

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        variant: Variant = "secondary",
        icon: str = "",
        key: str = "",
        shows_key: str = "",
        detail: str = "",
        big: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._variant: Variant = variant
        self._icon = icon
        self._keys = key or shows_key
        self._detail = detail
        self._big = big
        self._ring = FocusRing(self)
        self.setText(text)
        self._name()
        self.setFont(look.font("body" if big else "control", bold=variant == "primary"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if key:
            bind_key(self, key, self.click)

    def set_text(self, text: str, detail: str | None = None) -> None:
        self.setText(text)
        if detail is not None:
            self._detail = detail
        self._name()
        self.updateGeometry()
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(f"{self.text()} {self._detail}".strip() or self.toolTip())
        self.setAccessibleDescription(" ".join(self._look.key_caps(self._keys)))

    def sizeHint(self) -> QSize:
        look, metrics = self._look, QFontMetrics(self.font())
        height = look.px(BIG_CONTROL_HEIGHT if self._big else CONTROL_HEIGHT)
        width = self._content_width(metrics) + 2 * self._padding()
        return QSize(max(width, height), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _padding(self) -> int:
        if not self.text():
            return self._look.px(8)
        return self._look.px(24 if self._big else 12 if self._variant == "quiet" else 16)

    def _content_width(self, metrics: QFontMetrics) -> int:
        look = self._look
        parts = [metrics.horizontalAdvance(self.text())] if self.text() else []
        if self._icon:
            parts.append(look.px(20))
        if self._detail:
            parts.append(QFontMetrics(look.font("small")).horizontalAdvance(self._detail))
        if self._keys:
            parts.append(key_caps_size(look, self._keys).width())
        return sum(parts) + look.px(8) * (len(parts) - 1)

    def _inks(self) -> tuple[str, str, str]:
        """Ground ("" for none), outline ("" for none) and ink in the present state."""
        colours = self._look.colours
        hot = self.isEnabled() and (self.underMouse() or self.isDown())
        if not self.isEnabled():
            return "", colours.line, colours.ink_soft
        if self._variant == "primary":
            return (
                colours.accent_hover if hot else colours.accent,
                "",
                colours.on_accent,
            )
        if self._variant == "secondary":
            return colours.hover if hot else colours.surface, colours.edge, colours.ink
        return colours.hover if hot else "", "", colours.ink

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look = self._look
        ground, outline, ink = self._inks()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = look.px(CONTROL_RADIUS)
        gap = look.px(FOCUS_RING) + 1 if self._ring.visible else 0
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if gap:
            box.adjust(gap, gap, -gap, -gap)
        painter.setPen(QPen(QColor(outline), 1) if outline else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius - gap / 2, radius - gap / 2)
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), radius)
        self._paint_content(painter, ink)

    def _paint_content(self, painter: QPainter, ink: str) -> None:
        look, metrics = self._look, QFontMetrics(self.font())
        middle = self.height() / 2
        x = (self.width() - min(self._content_width(metrics), self.width())) / 2
        soft = ink if self._variant == "primary" else look.colours.ink_soft
        if self._icon:
            size = look.px(20)
            look.icons.paint(painter, self._icon, ink, QRectF(x, middle - size / 2, size, size))
            x += size + look.px(8)
        if self.text():
            painter.setPen(QColor(ink))
            painter.setFont(self.font())
            width = metrics.horizontalAdvance(self.text())
            painter.drawText(
                QRectF(x, 0, width + 1, self.height()),
                Qt.AlignmentFlag.AlignVCenter,
                self.text(),
            )
            x += width + look.px(8)
        if self._detail:
            font = look.font("small", tabular=True)
            painter.setFont(font)
            painter.setPen(QColor(soft))
            width = QFontMetrics(font).horizontalAdvance(self._detail)
            painter.drawText(
                QRectF(x, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, self._detail
            )
            x += width + look.px(8)
        if self._keys:
            size_of_caps = key_caps_size(look, self._keys)
            at = QPointF(round(x), round(middle - size_of_caps.height() / 2))
            edge = ink if self._variant == "primary" else look.colours.edge
            paint_key_caps(painter, look, self._keys, at, soft, edge)


def icon_button(
    look: Look, icon: str, name: str, *, key: str = "", parent: QWidget | None = None
) -> Button:
    """A quiet button that is an icon alone; `name` is its tool tip and accessible name."""
    button = Button(look, "", variant="quiet", icon=icon, parent=parent)
    button.setToolTip(f"{name} ({' '.join(look.key_caps(key))})" if key else name)
    button.setAccessibleName(name)
    if key:
        bind_key(button, key, button.click)
    return button


class Toggle(QCheckBox):
    """A switch with its words on the left."""

    def __init__(self, look: Look, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._look = look
        self._ring = FocusRing(self)
        self._knob = 0.0
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(look.theme.motion_ms)
        self._motion.valueChanged.connect(self._move_knob)
        self.setFont(look.font("control"))
        self.setAccessibleName(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._toggled)

    def _toggled(self, on: bool) -> None:
        target = 1.0 if on else 0.0
        if self._look.theme.motion_ms == 0 or not self.isVisible():
            self._move_knob(target)
            return
        self._motion.stop()
        self._motion.setStartValue(self._knob)
        self._motion.setEndValue(target)
        self._motion.start()

    def _move_knob(self, value: float) -> None:
        self._knob = value
        self.update()

    def hideEvent(self, event: QHideEvent, /) -> None:
        self._motion.stop()
        self._knob = 1.0 if self.isChecked() else 0.0
        super().hideEvent(event)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(width + self._look.px(16 + 40 + 8), self._look.px(CONTROL_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = look.px(36), look.px(20)
        track = QRectF(
            self.width() - width - look.px(4), (self.height() - height) / 2, width, height
        )
        painter.setPen(QColor(colours.ink if self.isEnabled() else colours.ink_soft))
        painter.setFont(self.font())
        words = QRectF(look.px(4), 0, track.left() - look.px(8), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        on = self.isChecked()
        painter.setPen(QPen(QColor(colours.accent if on else colours.edge), 1))
        painter.setBrush(QColor(colours.accent if on else colours.surface))
        inner = track.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)
        knob = height - look.px(8)
        left = track.left() + look.px(4) + self._knob * (width - knob - look.px(8))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.on_accent if on else colours.edge))
        painter.drawEllipse(QRectF(left, track.top() + look.px(4), knob, knob))
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), look.px(CONTROL_RADIUS))


class Segment(QRadioButton):
    """One choice of `Segments`."""

    def __init__(self, look: Look, text: str, icon: str = "") -> None:
        super().__init__(text)
        self._look = look
        self._icon = icon
        self._ring = FocusRing(self)
        self.setFont(look.font("control"))
        self.setAccessibleName(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = self._look
        bold = QFontMetrics(look.font("control", bold=True))
        width = bold.horizontalAdvance(self.text()) + look.px(24)
        return QSize(width + (look.px(26) if self._icon else 0), look.px(CONTROL_HEIGHT - 6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = look.px(CONTROL_RADIUS - 2)
        on = self.isChecked()
        if on or (self.underMouse() and self.isEnabled()):
            painter.setPen(QPen(QColor(colours.accent), 1) if on else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if on else colours.hover))
            painter.drawRoundedRect(box, radius, radius)
        ink = colours.accent if on else colours.ink if self.isEnabled() else colours.ink_soft
        font = look.font("control", bold=on)
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(self.text()) + (look.px(26) if self._icon else 0)
        x = (self.width() - width) / 2
        if self._icon:
            size = look.px(18)
            look.icons.paint(
                painter, self._icon, ink, QRectF(x, (self.height() - size) / 2, size, size)
            )
            x += look.px(26)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(
            QRectF(x, 0, self.width() - x, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self.text(),
        )
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), radius)


def stop_at_the_chosen(group: QButtonGroup) -> None:
    """Let Tab stop at the chosen one of a group (Qt by itself stops at the first at first)."""
    chosen = group.checkedButton()
    for button in group.buttons():
        stop = chosen is None or button is chosen
        policy = Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus
        button.setFocusPolicy(policy)


class Segments(QFrame):
    """One of a few, all in sight; arrow keys move the choice. `chosen` carries the value."""

    chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        name: str,
        choices: Sequence[tuple[str, str]],
        value: str,
        *,
        icons: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`choices` are (value, words); `name` is what is chosen, for screen readers."""
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[look.px(3)] * 4)
        layout.setSpacing(look.px(2))
        self._group = QButtonGroup(self)
        self._values: dict[str, Segment] = {}
        for index, (key, words) in enumerate(choices):
            segment = Segment(look, words, icons[index] if icons else "")
            segment.setAccessibleDescription(name)
            self._group.addButton(segment)
            segment.setChecked(key == value)
            segment.toggled.connect(partial(self._toggled, key))
            self._values[key] = segment
            layout.addWidget(segment)
        stop_at_the_chosen(self._group)

    def _toggled(self, value: str, on: bool) -> None:
        if on:
            stop_at_the_chosen(self._group)
            self.chosen.emit(value)

    @property
    def value(self) -> str:
        return next((key for key, segment in self._values.items() if segment.isChecked()), "")

    def choose(self, value: str) -> None:
        """Choose `value`. Raises KeyError for one that is not among the choices."""
        self._values[value].setChecked(True)

    def segment(self, value: str) -> Segment:
        return self._values[value]

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.colours.edge), 1))
        painter.setBrush(QColor(self._look.colours.surface))
        radius = self._look.px(CONTROL_RADIUS)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


class SpinFrame(QFrame):
    """The frame around a spin box. A style sheet cannot draw it: without buttons it leaves the
    text no room (Qt 6.11)."""

    def __init__(
        self, look: Look, box: QAbstractSpinBox, width: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look, self._box = look, box
        inset = look.px(CONTROL_RADIUS) // 2
        layout = QHBoxLayout(self)
        layout.setContentsMargins(inset, inset, inset, inset)
        layout.addWidget(box)
        box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.setFont(look.font("control", tabular=True))
        box.setFrame(False)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.installEventFilter(self)
        self.setFocusProxy(box)
        self.setFixedSize(look.px(width), look.px(CONTROL_HEIGHT))

    def eventFilter(self, _watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Wheel and not self._box.hasFocus():
            # Scrolling the page must not change a number that passes under the mouse.
            event.ignore()
            return True
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return False

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        colours = self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self._box.hasFocus()
        pen = QPen(QColor(colours.accent if focused else colours.edge), 2 if focused else 1)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.surface))
        inset = pen.widthF() / 2
        radius = self._look.px(CONTROL_RADIUS)
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, radius, radius)


class Stepper(QWidget):
    """A number with a key for less and one for more; `number` is the spin box between them."""

    def __init__(
        self, look: Look, name: str, *, fewer: str, more: str, parent: QWidget | None = None
    ) -> None:
        """`fewer` and `more` are what the two buttons are called, for screen readers."""
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(look.px(4))
        self.number = QSpinBox()
        self.number.setKeyboardTracking(False)
        self.number.setAccessibleName(name)
        self.setAccessibleName(name)
        less_button = icon_button(look, "minus", fewer)
        more_button = icon_button(look, "plus", more)
        less_button.clicked.connect(self.number.stepDown)
        more_button.clicked.connect(self.number.stepUp)
        for button in (less_button, more_button):
            # The arrow keys of the number do the same.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(less_button)
        layout.addWidget(SpinFrame(look, self.number, 104))
        layout.addWidget(more_button)
        self.setFocusProxy(self.number)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class Tile(QAbstractButton):
    """A large choice: monogram or icon, a title, a softer line below. Checkable where several can
    be chosen; a tick then shows the state."""

    def __init__(
        self,
        look: Look,
        title: str,
        detail: str = "",
        *,
        letters: str = "",
        colour: str = "",
        round_mark: bool = False,
        icon: str = "",
        trailing_icon: str = "",
        key: str = "",
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._title, self._detail = title, detail
        self._letters, self._colour, self._round = letters, colour, round_mark
        self._icon, self._trailing, self._keys = icon, trailing_icon, key
        self._ring = FocusRing(self)
        self.setText(title)
        self.setCheckable(checkable)
        self.setAccessibleName(f"{title}, {detail}" if detail else title)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if key:
            bind_key(self, key, self.click)

    @property
    def title(self) -> str:
        return self._title

    def set_detail(self, detail: str) -> None:
        self._detail = detail
        self.setAccessibleName(f"{self._title}, {detail}" if detail else self._title)
        self.update()

    def sizeHint(self) -> QSize:
        look = self._look
        title = QFontMetrics(look.font("control", bold=True)).horizontalAdvance(self._title)
        detail = QFontMetrics(look.font("small")).horizontalAdvance(self._detail)
        return QSize(
            max(title, detail) + look.px(36 + 12 + 2 * 12 + (28 if self._right_mark else 0)),
            look.px(64),
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(140), self._look.px(64))

    @property
    def _right_mark(self) -> bool:
        return self.isCheckable() or bool(self._trailing) or bool(self._keys)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = look.px(CARD_RADIUS)
        on = self.isChecked()
        hot = self.underMouse() or self.isDown()
        painter.setPen(QPen(QColor(colours.accent if on else colours.line), 1))
        ground = colours.accent_soft if on else colours.hover if hot else colours.surface
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, radius, radius)
        self._paint_mark(painter)
        self._paint_words(painter)
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), radius)

    def _paint_mark(self, painter: QPainter) -> None:
        look, colours = self._look, self._look.colours
        size = look.px(36)
        mark = QRectF(look.px(12), (self.height() - size) / 2, size, size)
        if self._icon:
            inset = look.px(7)
            look.icons.paint(
                painter,
                self._icon,
                self._colour or colours.ink_soft,
                mark.adjusted(inset, inset, -inset, -inset),
            )
        elif self._letters:
            paint_monogram(
                painter, look, self._letters, mark, colour=self._colour, round_shape=self._round
            )
        right = self.width() - look.px(12)
        small = look.px(20)
        place = QRectF(right - small, (self.height() - small) / 2, small, small)
        if self.isCheckable():
            name = "circle-check" if self.isChecked() else "circle"
            ink = colours.accent if self.isChecked() else colours.edge
            look.icons.paint(painter, name, ink, place)
        elif self._trailing:
            look.icons.paint(painter, self._trailing, colours.ink_soft, place)
        elif self._keys:
            caps = key_caps_size(look, self._keys)
            at = QPointF(right - caps.width(), round((self.height() - caps.height()) / 2))
            paint_key_caps(painter, look, self._keys, at, colours.ink_soft, colours.edge)

    def _paint_words(self, painter: QPainter) -> None:
        look, colours = self._look, self._look.colours
        marked = bool(self._icon or self._letters)
        left = look.px(12 + 36 + 12) if marked else look.px(16)
        right = look.px(12 + 28) if self._right_mark else look.px(12)
        width = self.width() - left - right
        title_font, detail_font = look.font("control", bold=True), look.font("small", tabular=True)
        title, detail = QFontMetrics(title_font), QFontMetrics(detail_font)
        height = title.height() + (detail.height() if self._detail else 0)
        top = (self.height() - height) / 2
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(title_font)
        painter.setPen(QColor(colours.ink))
        painter.drawText(
            QRectF(left, top, width, title.height()),
            flags,
            title.elidedText(self._title, Qt.TextElideMode.ElideRight, width),
        )
        if self._detail:
            painter.setFont(detail_font)
            painter.setPen(QColor(colours.ink_soft))
            painter.drawText(
                QRectF(left, top + title.height(), width, detail.height()),
                flags,
                detail.elidedText(self._detail, Qt.TextElideMode.ElideRight, width),
            )


class Card(QFrame):
    """A sheet of paper: surface, hairline, round corners. Put things in `body`."""

    def __init__(
        self,
        look: Look,
        parent: QWidget | None = None,
        *,
        padding: int = 24,
        ground: str = "",
        outline: str = "",
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._outline = outline or look.colours.line
        self._ground = ground or look.colours.surface
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*[look.px(padding)] * 4)
        self.body.setSpacing(look.px(12))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._outline), 1))
        painter.setBrush(QColor(self._ground))
        radius = self._look.px(CARD_RADIUS)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


class ProgressLine(QProgressBar):
    """How far, as a thin line. Set `setRange` and `setValue` as on any progress bar."""

    def __init__(
        self, look: Look, name: str = "", *, thick: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setTextVisible(False)
        self.setFixedHeight(look.px(thick))
        self.setAccessibleName(name)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        colours = self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        radius = box.height() / 2
        if self._look.theme.high_contrast:
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.setBrush(QColor(colours.surface))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        if not self._look.theme.high_contrast:
            painter.setBrush(QColor(colours.line))
            painter.drawRoundedRect(box, radius, radius)
        span = self.maximum() - self.minimum()
        share = (self.value() - self.minimum()) / span if span > 0 else 0.0
        if share > 0:
            box.setWidth(max(box.width() * share, box.height()))
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(box, radius, radius)


class Divider(QFrame):
    """A hairline across."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = look.colours.line
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        fill(QPainter(self), self.rect(), self._colour)


class EmptyState(QWidget):
    """Nothing here yet: says so, and what to do next."""

    def __init__(
        self,
        look: Look,
        icon: str,
        title: str,
        text: str,
        *,
        button: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, look.px(48), 0, look.px(48))
        layout.setSpacing(look.px(12))
        middle = Qt.AlignmentFlag.AlignHCenter
        picture = Picture(look, icon, size=44)
        layout.addWidget(picture, 0, middle)
        heading = Text(look, title, "lead", bold=True)
        words = Text(look, text, "body", tone="ink_soft")
        for label in (heading, words):
            label.setAlignment(middle)
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(label, 100)
            line.addStretch(1)
            layout.addLayout(line)
        if button is not None:
            layout.addSpacing(look.px(8))
            layout.addWidget(button, 0, middle)


class Picture(QWidget):
    """An icon as a picture, `size` pixels at 100 %."""

    def __init__(
        self,
        look: Look,
        icon: str,
        *,
        size: int = 20,
        colour: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._icon = look, icon
        self._colour = colour or look.colours.ink_soft
        self.setFixedSize(look.px(size), look.px(size))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        self._look.icons.paint(QPainter(self), self._icon, self._colour, QRectF(self.rect()))
