"""The teacher's desk: a row of parts at its head, and the part that is open below it.

A part is a page like any other, made with the Desk when it is opened for the first time.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from trainer.desktop.controls import FocusRing, bind_key, paint_focus_ring, stop_at_the_chosen
from trainer.desktop.desk import Desk
from trainer.desktop.look import Look
from trainer.desktop.text import key_caps_size, paint_key_caps
from trainer.desktop.theme import CONTROL_RADIUS

if TYPE_CHECKING:
    from trainer.desktop.main_window import Screen

HEAD = 48  # height of the row of parts


def _decks(desk: Desk) -> QWidget:
    from trainer.desktop.editor.decks_page import DecksPage

    return DecksPage(desk)


def _exams(desk: Desk) -> QWidget:
    from trainer.desktop.exam_office.exams_page import ExamsPage

    return ExamsPage(desk)


def _freshness(desk: Desk) -> QWidget:
    from trainer.desktop.freshness_page import FreshnessPage

    return FreshnessPage(desk)


def _packs(desk: Desk) -> QWidget:
    from trainer.desktop.packs_page import PacksPage

    return PacksPage(desk)


def _exchange(desk: Desk) -> QWidget:
    from trainer.desktop.exchange_page import ExchangePage

    return ExchangePage(desk)


class PartEntry(Struct, frozen=True):
    """A part of the desk. Its key is Alt and its number; its words are "desk.part.<part>"."""

    part: str
    make: Callable[[Desk], QWidget]

    @property
    def code(self) -> str:
        return f"desk.part.{self.part}"


PARTS = (
    PartEntry("decks", _decks),
    PartEntry("freshness", _freshness),
    PartEntry("packs", _packs),
    PartEntry("exchange", _exchange),
    PartEntry("exams", _exams),
)


class TeachersDesk(QWidget):
    """Hands everything the window asks of a screen on to the part that is open."""

    opened = Signal(str)  # part

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._pages: dict[str, QWidget] = {}
        self._kept: dict[str, object] = {}
        self._part = PARTS[0].part
        look = desk.look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = Head(
            look,
            desk.messages("place.desk"),
            [(one.part, desk.messages(one.code)) for one in PARTS],
            self,
        )
        self._head.setVisible(len(PARTS) > 1)
        self._head.chosen.connect(self.open)
        for number, one in enumerate(PARTS, start=1):
            bind_key(self, f"Alt+{number}", partial(self.open, one.part))
        self._stack = QStackedWidget(self)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)

    @property
    def part(self) -> str:
        return self._part

    def page(self, part: str) -> QWidget:
        """The page of `part`, made when it is asked for the first time."""
        if part not in self._pages:
            entry = next(one for one in PARTS if one.part == part)
            page = entry.make(self._desk)
            if part in self._kept and hasattr(page, "take_up"):
                page.take_up(self._kept.pop(part))
            self._pages[part] = page
            self._stack.addWidget(page)
        return self._pages[part]

    def open(self, part: str) -> QWidget:
        """Show `part` and return its page."""
        page = self.page(part)
        self._part = part
        self._head.mark(part)
        self._stack.setCurrentWidget(page)
        cast("Screen", page).on_shown()
        self.opened.emit(part)
        return page

    # What the window asks of a screen

    def on_shown(self) -> None:
        self.open(self._part)

    def shortcuts(self) -> list[tuple[str, str]]:
        parts = [(f"Alt+{number}", one.code) for number, one in enumerate(PARTS, start=1)]
        page = self._pages.get(self._part)
        own = cast("Screen", page).shortcuts() if page is not None else []
        return [*own, *(parts if len(parts) > 1 else [])]

    def kept(self) -> object:
        kept = dict(self._kept)
        for part, page in self._pages.items():
            if hasattr(page, "kept"):
                kept[part] = page.kept()
        return KeptDesk(self._part, kept)

    def take_up(self, kept: object) -> None:
        if isinstance(kept, KeptDesk):
            self._part = kept.part
            self._kept = dict(kept.pages)

    def close_down(self) -> None:
        for page in self._pages.values():
            close_down = getattr(page, "close_down", None)
            if close_down is not None:
                close_down()


class KeptDesk(Struct, frozen=True):
    """What the parts had open while the look changes."""

    part: str
    pages: dict[str, object]

    def close(self) -> None:
        """The person has left before the desk was opened again."""
        for page in self.pages.values():
            close = getattr(page, "close", None)
            if close is not None:
                close()


class Head(QWidget):
    """The row of parts: one is open. Arrow keys move along it."""

    chosen = Signal(str)

    def __init__(
        self, look: Look, name: str, parts: Sequence[tuple[str, str]], parent: QWidget
    ) -> None:
        """`parts` are (part, words)."""
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)
        self.setFixedHeight(look.px(HEAD))
        line = QHBoxLayout(self)
        line.setContentsMargins(look.px(12), 0, look.px(12), 0)
        line.setSpacing(look.px(4))
        self._group = QButtonGroup(self)
        self._tabs: dict[str, Tab] = {}
        for number, (part, words) in enumerate(parts, start=1):
            tab = Tab(look, words, f"Alt+{number}")
            tab.setObjectName(f"part-{part}")
            tab.clicked.connect(lambda _on=False, part=part: self.chosen.emit(part))
            self._group.addButton(tab)
            self._tabs[part] = tab
            line.addWidget(tab)
        line.addStretch(1)

    def mark(self, part: str) -> None:
        self._tabs[part].setChecked(True)
        stop_at_the_chosen(self._group)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._look.colours.line), 1))
        y = self.height() - 0.5
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))


class Tab(QRadioButton):
    """The name of a part and its key; the open one is underlined."""

    def __init__(self, look: Look, words: str, keys: str) -> None:
        super().__init__(words)
        self._look, self._keys = look, keys
        self._ring = FocusRing(self)
        self.setFont(look.font("control"))
        self.setAccessibleName(words)
        self.setAccessibleDescription(" ".join(look.key_caps(keys)))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        caps = key_caps_size(self._look, self._keys).width()
        least = self.minimumSizeHint()
        return QSize(least.width() + caps + self._look.px(8), least.height())

    def minimumSizeHint(self) -> QSize:
        """Without its key, where a large scale leaves no room for it."""
        look = self._look
        words = QFontMetrics(look.font("control", bold=True)).horizontalAdvance(self.text())
        return QSize(words + look.px(12 + 12), look.px(HEAD))

    def hitButton(self, pos: QPoint, /) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        box = QRectF(self.rect()).adjusted(0, look.px(6), 0, -look.px(6))
        if self.underMouse() and not on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.hover))
            painter.drawRoundedRect(box, look.px(CONTROL_RADIUS), look.px(CONTROL_RADIUS))
        font = look.font("control", bold=on)
        painter.setFont(font)
        painter.setPen(QColor(colours.accent if on else colours.ink))
        left, width = look.px(12), QFontMetrics(font).horizontalAdvance(self.text())
        painter.drawText(
            QRectF(left, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self.width() >= self.sizeHint().width():
            caps = key_caps_size(look, self._keys)
            right = self.width() - look.px(12) - caps.width()
            at = QPointF(right, round((self.height() - caps.height()) / 2))
            paint_key_caps(painter, look, self._keys, at, colours.ink_soft, colours.edge)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawRect(
                QRectF(left, self.height() - look.px(3), self.width() - 2 * left, look.px(3))
            )
        if self._ring.visible:
            paint_focus_ring(painter, look, box, look.px(CONTROL_RADIUS))
