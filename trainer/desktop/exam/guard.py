"""Watches over the room's rules with a user's rights alone: other screens covered, the window
left and come back to, screens that come and go, a clipboard of one's own.

It deters and leaves evidence; it prevents nothing and changes nothing of the machine. When it is
let go (or the process dies) every window and the clipboard are as they were.
"""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from trainer.desktop.look import Look
from trainer.desktop.text import fill
from trainer.foundation.messages import Messages

_BLOCKED = {QEvent.Type.ContextMenu, QEvent.Type.DragEnter, QEvent.Type.Drop}
_MOUSE = {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease}
SETTLE_MS = 150  # our own dialogs take the focus for a moment: that is no leaving


class Cover(QWidget):
    """Lies over a screen that is not the exam's, and says why."""

    def __init__(self, look: Look, words: str, screen: QScreen) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Tool)
        self._look, self._words = look, words
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setAccessibleName(words)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        fill(painter, self.rect(), self._look.colours.canvas)
        painter.setFont(self._look.font("lead"))
        painter.setPen(self._look.colours.ink_soft)
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words
        )


class Guard(QObject):
    """Watches one window from `begin` to `let_go`.

    `left` tells that another window has come to the front, `returned` how many milliseconds that
    lasted, `screens_changed` how many screens there are now.
    """

    left = Signal()
    returned = Signal(int)
    screens_changed = Signal(int)
    paste_refused = Signal()

    def __init__(self, look: Look, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._look, self._messages, self._window = look, messages, window
        self._covers: list[Cover] = []
        self._away: QElapsedTimer | None = None
        self._on = False
        self._own_clipboard = ""
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._look_who_is_in_front)

    @property
    def covers(self) -> list[Cover]:
        return list(self._covers)

    def begin(self) -> None:
        """Cover the other screens and watch."""
        if self._on:
            return
        self._on = True
        application = self._application()
        application.screenAdded.connect(self._screens_moved)
        application.screenRemoved.connect(self._screens_moved)
        application.applicationStateChanged.connect(self._settle_soon)
        application.focusWindowChanged.connect(self._settle_soon)
        application.installEventFilter(self)
        # What was copied before the exam stays outside, and comes back afterwards if nothing else
        # was copied meanwhile: we only keep our own beside it.
        self._own_clipboard = ""
        self._cover()

    def let_go(self) -> None:
        """Give the desktop back."""
        if not self._on:
            return
        self._on = False
        self._settle.stop()
        application = self._application()
        application.removeEventFilter(self)
        application.screenAdded.disconnect(self._screens_moved)
        application.screenRemoved.disconnect(self._screens_moved)
        application.applicationStateChanged.disconnect(self._settle_soon)
        application.focusWindowChanged.disconnect(self._settle_soon)
        self._own_clipboard = ""
        self._uncover()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Copying stays inside the exam: the system's clipboard is neither read nor written."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            act = self._clipboard_act(event)
            if act is not None and isinstance(watched, QWidget):
                act(watched)
                return True
        if event.type() in _MOUSE and isinstance(event, QMouseEvent):
            # On X11 the middle button pastes what is selected anywhere.
            return event.button() == Qt.MouseButton.MiddleButton
        return event.type() in _BLOCKED and isinstance(watched, QWidget)

    def _clipboard_act(self, event: QKeyEvent) -> Callable[[QWidget], None] | None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        key = event.key()
        if (control and key == Qt.Key.Key_V) or (shift and key == Qt.Key.Key_Insert):
            return self._paste
        if control and key in {Qt.Key.Key_C, Qt.Key.Key_Insert}:
            return self._copy
        if (control and key == Qt.Key.Key_X) or (shift and key == Qt.Key.Key_Delete):
            return self._cut
        return None

    def _copy(self, widget: QWidget) -> None:
        if isinstance(widget, QLineEdit) and widget.hasSelectedText():
            self._own_clipboard = widget.selectedText()

    def _cut(self, widget: QWidget) -> None:
        self._copy(widget)
        if isinstance(widget, QLineEdit) and widget.hasSelectedText():
            widget.insert("")

    def _paste(self, widget: QWidget) -> None:
        if isinstance(widget, QLineEdit) and self._own_clipboard:
            widget.insert(self._own_clipboard)
            return
        mime: QMimeData | None = self._application().clipboard().mimeData()
        if mime is not None and mime.formats():
            self.paste_refused.emit()

    # Screens

    def _screens_moved(self, _screen: QScreen) -> None:
        self._cover()
        self.screens_changed.emit(len(self._application().screens()))

    def _cover(self) -> None:
        self._uncover()
        own = self._window.screen()
        for screen in self._application().screens():
            if screen is not own:
                cover = Cover(self._look, self._messages("exam.covered"), screen)
                cover.show()
                self._covers.append(cover)

    def _uncover(self) -> None:
        for cover in self._covers:
            cover.close()
            cover.deleteLater()
        self._covers.clear()

    # Who is in front

    def _settle_soon(self, _state: object) -> None:
        # When somebody leaves, the time counts from now, not from when we are sure of it.
        if self._away is None and not self._in_front():
            self._away = QElapsedTimer()
            self._away.start()
        self._settle.start()

    def _look_who_is_in_front(self) -> None:
        if self._in_front():
            if self._away is not None:
                lasted, self._away = self._away.elapsed(), None
                if lasted > 2 * SETTLE_MS:
                    self.returned.emit(lasted - SETTLE_MS)
        elif self._away is not None:
            self.left.emit()

    def _in_front(self) -> bool:
        return self._application().focusWindow() is not None

    def _application(self) -> QApplication:
        application = QGuiApplication.instance()
        if not isinstance(application, QApplication):
            raise RuntimeError("there is no window without an application")  # noqa: TRY004
        return application
