"""A sentence at the foot of the window that goes by itself, with a way back where there is one."""

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trainer.desktop.controls import Button, Card
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages

FOOT = 88  # as high as the row of rating keys, with some air
SECONDS = 6.0
SECONDS_WITH_UNDO = 10.0


class Toast(Card):
    """One sentence, and Undo if it can be taken back."""

    def __init__(self, look: Look, text: str, undo: Button | None, parent: QWidget) -> None:
        super().__init__(look, parent, padding=0, outline=look.colours.edge)
        line = QHBoxLayout()
        line.setContentsMargins(look.px(16), look.px(8), look.px(8 if undo else 16), look.px(8))
        line.setSpacing(look.px(12))
        self.words = Text(look, text, "control")
        natural = QFontMetrics(self.words.font()).horizontalAdvance(text) + look.px(4)
        self.words.setMinimumWidth(min(natural, look.px(440)))
        self.words.setMinimumHeight(look.px(36))
        line.addWidget(self.words, 1)
        if undo is not None:
            line.addWidget(undo)
        self.body.addLayout(line)
        self.setAccessibleName(text)
        # A mouse that happens to rest where the toast appears does not hold it.
        self.touched = False
        self.setMouseTracking(True)

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        self.touched = True
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent, /) -> None:
        self.touched = False
        super().leaveEvent(event)


class Toaster(QObject):
    """Shows one toast at a time over `host`. It stays as long as mouse or focus are on it."""

    def __init__(self, look: Look, messages: Messages, host: QWidget) -> None:
        super().__init__(host)
        self._look, self._messages, self._host = look, messages, host
        self._toast: Toast | None = None
        self._undo: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._time_is_up)
        self._slide = QPropertyAnimation(self)
        self._slide.setPropertyName(b"pos")
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        host.installEventFilter(self)

    @property
    def text(self) -> str:
        """What the toast says now, "" when there is none."""
        return self._toast.words.words if self._toast is not None else ""

    def show(self, text: str, undo: Callable[[], object] | None = None) -> None:
        self.dismiss()
        button = None
        if undo is not None:
            button = Button(
                self._look,
                self._messages("shell.undo"),
                variant="quiet",
                icon="undo-2",
                key="Ctrl+Z",
            )
            button.clicked.connect(self._take_back)
        self._undo = undo
        self._toast = Toast(self._look, text, button, self._host)
        self._place(self._toast, appear=True)
        announcement = QAccessibleAnnouncementEvent(self._toast, text)
        QAccessible.updateAccessibility(announcement)
        self._timer.start(round(1000 * (SECONDS_WITH_UNDO if undo else SECONDS)))

    def dismiss(self) -> None:
        self._timer.stop()
        self._slide.stop()
        if self._toast is not None:
            self._toast.hide()
            self._toast.deleteLater()
        self._toast = None
        self._undo = None

    def eventFilter(self, _watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Resize and self._toast is not None:
            self._place(self._toast, appear=False)
        return False

    def _take_back(self) -> None:
        undo = self._undo
        self.dismiss()
        if undo is not None:
            undo()

    def _time_is_up(self) -> None:
        toast = self._toast
        if toast is not None and (toast.touched or toast.isAncestorOf(_focus(toast))):
            self._timer.start(2000)
        else:
            self.dismiss()

    def _place(self, toast: Toast, *, appear: bool) -> None:
        margin = self._look.px(24)
        width = min(toast.sizeHint().width(), self._host.width() - 2 * margin)
        toast.setFixedWidth(width)
        height = max(toast.heightForWidth(width), toast.sizeHint().height())
        toast.resize(width, height)
        # Above the foot of a page: there stand the keys that are pressed most.
        foot = self._look.px(FOOT)
        at = QPoint((self._host.width() - width) // 2, self._host.height() - height - foot)
        toast.show()
        toast.raise_()
        if appear and self._look.theme.motion_ms:
            self._slide.setTargetObject(toast)
            self._slide.setDuration(self._look.theme.motion_ms)
            self._slide.setStartValue(at + QPoint(0, self._look.px(16)))
            self._slide.setEndValue(at)
            self._slide.start()
        else:
            toast.move(at)


def _focus(widget: QWidget) -> QWidget:
    """The widget that has the focus; `widget`'s window when none has."""
    return widget.window().focusWidget() or widget.window()
