"""A page whose body scrolls between a head and a foot: what to press next is always in sight."""

from PySide6.QtCore import QMargins, QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.controls import Button, ProgressLine
from trainer.desktop.layouts import Page
from trainer.desktop.look import Look
from trainer.desktop.text import fill
from trainer.desktop.theme import COLUMN

SIDE = 24


class SteadyPage(Page):
    """A page whose column does not jump aside when the scroll bar comes."""

    def __init__(self, look: Look, parent: QWidget, *, side: int = SIDE, top: int = 12) -> None:
        super().__init__(look, parent)
        self._look = look
        self._side, self._top = look.px(side), look.px(top)
        self._hold(0, 0)
        self.verticalScrollBar().rangeChanged.connect(self._hold)

    def _hold(self, _least: int, most: int) -> None:
        body = self.widget()
        layout = body.layout() if body is not None else None
        if layout is None:
            return
        bar = self.verticalScrollBar().sizeHint().width() if most > 0 else 0
        side = self._side
        margins = QMargins(side, self._top, max(side - bar, 0), max(side, self._top))
        if layout.contentsMargins() != margins:
            layout.setContentsMargins(margins)

    def scroll_by_key(self, key: int) -> bool:
        """Scroll as `key` asks; False when it is no key for scrolling."""
        bar = self.verticalScrollBar()
        steps = {
            keys.UP: -self._look.px(48),
            keys.DOWN: self._look.px(48),
            keys.PAGE_UP: -bar.pageStep(),
            keys.PAGE_DOWN: bar.pageStep(),
        }
        if key not in steps:
            return False
        bar.setValue(bar.value() + steps[key])
        return True


class ShareLine(ProgressLine):
    """How much is done. QProgressBar paints at once when its value changes; this one waits for
    the page."""

    def __init__(self, look: Look, name: str, parent: QWidget) -> None:
        super().__init__(look, name, parent=parent)
        self._share = 0.0

    def show_share(self, share: float) -> None:
        """`share` is 0 to 1."""
        if share != self._share:
            self._share = share
            self.setAccessibleDescription(f"{round(100 * share)} %")
            self.update()

    @property
    def share(self) -> float:
        return self._share

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        colours = self._look.colours
        painter = QPainter(self)
        # Where every hairline is ink, a track of that ink would look like work that is done.
        track = colours.hover if self._look.theme.high_contrast else colours.line
        fill(painter, self.rect(), track)
        done = round(self.width() * self._share)
        fill(painter, QRect(0, 0, done, self.height()), colours.accent)


class Strip(QFrame):
    """A strip across the page whose content is as wide as the column below or above it."""

    def __init__(self, look: Look, parent: QWidget, *, top: int, bottom: int) -> None:
        super().__init__(parent)
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        outer = QHBoxLayout(self)
        side = look.px(SIDE)
        outer.setContentsMargins(side, look.px(top), side, look.px(bottom))
        outer.setSpacing(0)
        self.inner = QWidget(self)
        self.inner.setMaximumWidth(look.px(COLUMN))
        self.inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer.addStretch(1)
        outer.addWidget(self.inner, 1000)
        outer.addStretch(1)
        self.lines = QVBoxLayout(self.inner)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.setSpacing(look.px(8))
        self.row = QHBoxLayout()
        self.row.setSpacing(look.px(12))
        self.lines.addLayout(self.row)


class Foot(Strip):
    """What to press next, below a hairline. Put things in `row`."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent, top=12, bottom=12)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        colours = self._look.colours
        painter = QPainter(self)
        fill(painter, self.rect(), colours.canvas)
        fill(painter, QRect(0, 0, self.width(), 1), colours.line)


class KeyedButton(Button):
    """A button whose key changes with what is asked, or goes where room is short."""

    def show_key(self, keys: str) -> None:
        if keys != self._keys:
            self._keys = keys
            self.updateGeometry()
            self.update()

    def _inks(self) -> tuple[str, str, str]:
        if self._variant == "quiet" and not self.isEnabled():
            return "", "", self._look.colours.edge
        return super()._inks()
