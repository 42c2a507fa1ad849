"""Dialogs in our own style: paper over a veiled window, verbs on the buttons, Esc to leave."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimerEvent
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trainer.desktop.background import BackgroundTask, ReportProgress
from trainer.desktop.controls import Button, Picture, ProgressLine, Variant
from trainer.desktop.layouts import row
from trainer.desktop.look import Look
from trainer.desktop.text import KeyCap, Text, fill
from trainer.desktop.theme import CARD_RADIUS
from trainer.foundation.messages import Messages


class Veil(QWidget):
    """Softens the window while a dialog is over it."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._ground = QColor(look.colours.canvas)
        self._ground.setAlphaF(0.72)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(window.size())
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return False

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        fill(QPainter(self), self.rect(), self._ground)


class Dialog(QDialog):
    """Title, text, whatever is put in `body`, and a row of buttons. Show it with `open()`."""

    def __init__(
        self,
        look: Look,
        title: str,
        text: str = "",
        *,
        icon: str = "",
        width: int = 480,
        parent: QWidget,
    ) -> None:
        super().__init__(parent.window())
        self._look = look
        self._width = width  # at 100 %; the window may be narrower
        self._window = parent.window()
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(*[look.px(24)] * 4)
        layout.setSpacing(look.px(16))
        # The size is reckoned in showEvent: a dialog is never larger than its window.
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        heading = row(look, gap=12)
        if icon:
            heading.addWidget(Picture(look, icon, size=24, colour=look.colours.ink))
        heading.addWidget(Text(look, title, "lead", bold=True, fill=True), 1)
        layout.addLayout(heading)
        self.body = QVBoxLayout()
        self.body.setSpacing(look.px(12))
        if text:
            self.body.addWidget(Text(look, text, "body"))
        layout.addLayout(self.body)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(look.px(8))
        self.buttons.addStretch(1)
        layout.addLayout(self.buttons)
        self._veil: Veil | None = None
        self.finished.connect(self._unveil)

    def add_button(
        self,
        text: str,
        act: Callable[[], object],
        *,
        variant: Variant = "secondary",
        key: str = "",
    ) -> Button:
        """A button at the foot, from left to right; `act` is called after a click."""
        button = Button(self._look, text, variant=variant, key=key)
        button.clicked.connect(act)
        self.buttons.addWidget(button)
        return button

    def showEvent(self, event: QShowEvent, /) -> None:
        window = self._window
        if self._veil is None:
            self._veil = Veil(self._look, window)
        self._veil.show()
        self._veil.raise_()
        margin = self._look.px(24)
        width = min(self._look.px(self._width), window.width() - 2 * margin)
        height = self._layout.totalHeightForWidth(width)
        height = max(height, self._layout.totalMinimumSize().height())
        self.resize(width, min(height, window.height() - margin))
        middle = window.mapToGlobal(window.rect().center())
        self.move(middle.x() - width // 2, middle.y() - self.height() // 2)
        super().showEvent(event)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.colours.edge), 1))
        painter.setBrush(QColor(self._look.colours.surface))
        radius = self._look.px(CARD_RADIUS)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _unveil(self) -> None:
        if self._veil is not None:
            self._veil.hide()
            self._veil.deleteLater()
            self._veil = None


def tell(
    look: Look, messages: Messages, parent: QWidget, title: str, text: str, *, detail: str = ""
) -> Dialog:
    """Something that has to be read. It goes with Enter or Esc."""
    dialog = Dialog(look, title, text, icon="triangle-alert", parent=parent)
    if detail:
        dialog.body.addWidget(Text(look, detail, "control", tone="ink_soft"))
    dialog.add_button(messages("shell.close"), dialog.accept, variant="primary", key="Return")
    dialog.open()
    return dialog


def ask(
    look: Look,
    messages: Messages,
    parent: QWidget,
    title: str,
    text: str,
    *,
    verb: str,
    act: Callable[[], object],
    detail: str = "",
) -> Dialog:
    """A question before something that cannot be undone. `act` runs when the answer is `verb`;
    the focus is on the way out."""
    dialog = Dialog(look, title, text, icon="circle-help", parent=parent)
    if detail:
        dialog.body.addWidget(Text(look, detail, "control", tone="ink_soft"))
    leave = dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
    dialog.add_button(verb, dialog.accept, variant="primary")
    dialog.accepted.connect(act)
    dialog.open()
    leave.setFocus(Qt.FocusReason.OtherFocusReason)
    return dialog


class ProgressDialog(Dialog):
    """Long work: how far it is, and Cancel."""

    def __init__(
        self, look: Look, messages: Messages, title: str, task: BackgroundTask, parent: QWidget
    ) -> None:
        super().__init__(look, title, parent=parent)
        self._messages = messages
        self._line = ProgressLine(look, title, thick=6)
        self._line.setRange(0, 0)
        self._words = Text(look, messages("shell.working"), "control", tone="ink_soft")
        self.body.addWidget(self._line)
        self.body.addWidget(self._words)
        self._task = task
        self.add_button(messages("shell.cancel"), self.reject, key="Esc")
        task.progressed.connect(self._progress)
        task.finished.connect(self.accept)
        self.rejected.connect(task.stop)

    def _progress(self, done: int, total: int) -> None:
        self._line.setRange(0, max(total, 1))
        self._line.setValue(done)
        self._words.set_text(self._messages("shell.progress", done=done, total=total))


class KeySheet(Dialog):
    """All keys of a screen and of the window, in two columns."""

    def __init__(
        self,
        look: Look,
        messages: Messages,
        groups: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        parent: QWidget,
    ) -> None:
        """`groups` are (heading, [(keys, words), …])."""
        super().__init__(look, messages("shell.keys"), icon="keyboard", parent=parent)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, look.px(12), 0)
        grid.setHorizontalSpacing(look.px(24))
        grid.setVerticalSpacing(look.px(8))
        grid.setColumnStretch(1, 1)
        line = 0
        for heading, keys in groups:
            if not keys:
                continue
            title = Text(look, heading, "small", tone="ink_soft", bold=True)
            title.setContentsMargins(0, look.px(12) if line else 0, 0, 0)
            grid.addWidget(title, line, 0, 1, 2)
            line += 1
            for key, words in keys:
                caps = KeyCap(look, key)
                grid.addWidget(caps, line, 0, Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(Text(look, words, "control"), line, 1)
                line += 1
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setAccessibleName(messages("shell.keys"))
        # As tall as it is, unless the window is lower: title and buttons need 160 as well.
        room = parent.window().height() - look.px(160 + 24)
        scroll.setMinimumHeight(max(min(inside.sizeHint().height() + 4, room), look.px(80)))
        self.body.addWidget(scroll)
        self.add_button(messages("shell.close"), self.accept, variant="primary", key="Esc")


def run_with_progress(
    look: Look,
    messages: Messages,
    parent: QWidget,
    title: str,
    work: Callable[[ReportProgress], object],
    done: Callable[[object], object],
    failed: Callable[[Exception], object],
) -> BackgroundTask:
    """Run `work` off the GUI thread; a progress dialog appears when it takes half a second."""
    task = BackgroundTask(work, parent)
    task.succeeded.connect(done)
    task.failed.connect(failed)
    task.finished.connect(task.deleteLater)
    waiting = Waiting(task)
    waiting.start(lambda: ProgressDialog(look, messages, title, task, parent).open())
    task.start()
    return task


class Waiting(QObject):
    """Half a second of patience before a progress dialog."""

    PATIENCE_MS = 500

    def __init__(self, task: BackgroundTask) -> None:
        super().__init__(task)
        self._task = task
        self._show: Callable[[], object] | None = None

    def start(self, show: Callable[[], object]) -> None:
        self._show = show
        self.startTimer(self.PATIENCE_MS)

    def timerEvent(self, event: QTimerEvent, /) -> None:
        self.killTimer(event.timerId())
        if self._task.isRunning() and self._show is not None:
            self._show()
