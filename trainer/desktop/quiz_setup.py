"""The page where a quiz is put together: from what, which kinds, how long, feedback when."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop.controls import Button, FocusRing, Segments, Tile, paint_focus_ring
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import Flow, row, stack
from trainer.desktop.look import Look
from trainer.desktop.text import Text, monogram_of
from trainer.foundation.messages import Messages
from trainer.presenters.quiz import LENGTHS, Setup, SubjectTile
from trainer.presenters.subjects import subject_name

# Products are many and small: they come last.
SUBJECT_KINDS = ("platform", "skill", "product")


class Chip(QAbstractButton):
    """A word that is chosen or not, with a tick when it is."""

    def __init__(self, look: Look, text: str) -> None:
        super().__init__()
        self._look = look
        self._ring = FocusRing(self)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFont(look.font("control"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        px = self._look.px
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        # Room for the tick is always there, so that choosing moves nothing.
        return QSize(width + px(10 + 16 + 6 + 14), px(34))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours = self._look, self._look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, hot = self.isChecked(), self.underMouse() or self.isDown()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(colours.accent if on else colours.edge), 1))
        ground = colours.accent_soft if on else colours.hover if hot else colours.surface
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        size = look.px(16)
        mark = QRectF(look.px(10), (self.height() - size) / 2, size, size)
        ink = colours.accent if on else colours.ink_soft
        look.icons.paint(painter, "check" if on else "plus", ink, mark)
        painter.setFont(self.font())
        painter.setPen(QColor(colours.ink))
        words = QRectF(mark.right() + look.px(6), 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), box.height() / 2)


class QuizSetup(SteadyPage):
    """Shows a `Setup`, and tells what is pressed."""

    subject_pressed = Signal(str)
    all_subjects_pressed = Signal()
    kind_pressed = Signal(str)
    all_kinds_pressed = Signal()
    length_chosen = Signal(int)
    feedback_chosen = Signal(str)

    def __init__(self, look: Look, messages: Messages, parent: QWidget) -> None:
        super().__init__(look, parent, top=32)
        self._look, self._messages = look, messages
        self._made_for: tuple[object, ...] = ()
        self._tiles: dict[str, Tile] = {}
        self._chips: dict[str, Chip] = {}
        self._all_subjects: Tile | None = None
        self._all_kinds: Chip | None = None
        self._length: Segments | None = None
        self._feedback: Segments | None = None
        self._body: QWidget | None = None
        self._chapter = Text(look, step="body")

    def show_setup(self, setup: Setup) -> None:
        """Show `setup`; controls stay the same ones, so that the focus stays where it is."""
        shape = (tuple((tile.subject, tile.cards) for tile in setup.tiles), setup.chapter)
        if shape != self._made_for:
            self._made_for = shape
            self._build(setup)
        for tile in setup.tiles:
            if tile.subject in self._tiles:
                self._tiles[tile.subject].setChecked(tile.chosen)
        if self._all_subjects is not None:
            self._all_subjects.setChecked(not any(tile.chosen for tile in setup.tiles))
        for kind, chosen in setup.kinds:
            self._chips[kind].setChecked(chosen)
        if self._all_kinds is not None:
            self._all_kinds.setChecked(not any(chosen for _, chosen in setup.kinds))
        if self._length is not None and self._feedback is not None:
            self._length.choose(str(setup.length))
            self._feedback.choose(setup.feedback)

    def first_control(self) -> QWidget | None:
        return self._all_subjects

    def _build(self, setup: Setup) -> None:
        if self._body is not None:
            self.column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._tiles.clear()
        self._chips.clear()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._look.px(12))
        head = stack(self._look, gap=4)
        head.addWidget(Text(self._look, self._messages("place.quiz"), "title", bold=True))
        lead = Text(self._look, self._messages("quiz.lead"), "body", tone="ink_soft")
        head.addWidget(lead)
        column.addLayout(head)
        self._add_subjects(column, setup)
        self._add_kinds(column, setup)
        self._add_length_and_feedback(column, setup)
        column.addStretch(1)
        self.column.addWidget(self._body)

    def _add_subjects(self, column: QVBoxLayout, setup: Setup) -> None:
        look, messages = self._look, self._messages
        self._heading(column, "quiz.from")
        if setup.chapter:
            self._all_subjects = None
            line = row(look, gap=12)
            line.addWidget(Text(look, messages("quiz.chapter", title=setup.chapter), "body"), 1)
            everything = Button(look, messages("quiz.not-only"), icon="x")
            everything.clicked.connect(self.all_subjects_pressed)
            line.addWidget(everything)
            column.addLayout(line)
            return
        total = sum(tile.cards for tile in setup.tiles)
        self._all_subjects = Tile(
            look,
            messages("quiz.everything"),
            messages.count("quiz.cards", total),
            icon="layers",
            checkable=True,
        )
        self._all_subjects.clicked.connect(self._press_all_subjects)
        for kind in SUBJECT_KINDS:
            of_kind = [tile for tile in setup.tiles if tile.kind == kind]
            if not of_kind and kind != SUBJECT_KINDS[0]:
                continue
            column.addWidget(
                Text(look, messages(f"subject-kind.{kind}"), "small", tone="ink_soft", bold=True)
            )
            grid = Flow(gap=look.px(8), cell=look.px(240), columns=3)
            if kind == SUBJECT_KINDS[0]:
                grid.addWidget(self._all_subjects)
            for tile in of_kind:
                grid.addWidget(self._made_tile(tile))
            column.addLayout(grid)

    def _made_tile(self, tile: SubjectTile) -> Tile:
        made = Tile(
            self._look,
            subject_name(self._messages, tile.subject),
            self._messages.count("quiz.cards", tile.cards),
            letters=monogram_of(tile.subject),
            checkable=True,
        )
        made.clicked.connect(lambda: self.subject_pressed.emit(tile.subject))
        self._tiles[tile.subject] = made
        return made

    def _add_kinds(self, column: QVBoxLayout, setup: Setup) -> None:
        look, messages = self._look, self._messages
        self._heading(column, "quiz.kinds")
        flow = Flow(gap=look.px(8))
        self._all_kinds = Chip(look, messages("quiz.all-kinds"))
        self._all_kinds.clicked.connect(self._press_all_kinds)
        flow.addWidget(self._all_kinds)
        for kind, _ in setup.kinds:
            chip = Chip(look, messages(f"kind.{kind}"))
            chip.clicked.connect(lambda _on=False, kind=kind: self.kind_pressed.emit(kind))
            self._chips[kind] = chip
            flow.addWidget(chip)
        column.addLayout(flow)

    def _add_length_and_feedback(self, column: QVBoxLayout, setup: Setup) -> None:
        look, messages = self._look, self._messages
        column.addSpacing(look.px(12))
        flow = Flow(gap=look.px(32))
        lengths = [(str(length), str(length)) for length in LENGTHS]
        self._length = Segments(look, messages("quiz.length"), lengths, str(setup.length))
        self._length.chosen.connect(lambda value: self.length_chosen.emit(int(value)))
        ways = [(way, messages(f"quiz.feedback.{way}")) for way in ("at-once", "at-the-end")]
        self._feedback = Segments(look, messages("quiz.feedback"), ways, setup.feedback)
        self._feedback.chosen.connect(self.feedback_chosen)
        for name, control in (("quiz.length", self._length), ("quiz.feedback", self._feedback)):
            holder = QWidget()
            lines = stack(look, gap=8)
            holder.setLayout(lines)
            lines.addWidget(Text(look, messages(name), "lead", bold=True, wrap=False))
            lines.addWidget(control)
            flow.addWidget(holder)
        column.addLayout(flow)

    def _heading(self, column: QVBoxLayout, code: str) -> None:
        column.addSpacing(self._look.px(12))
        column.addWidget(Text(self._look, self._messages(code), "lead", bold=True))

    def _press_all_subjects(self) -> None:
        if self._all_subjects is not None:
            self._all_subjects.setChecked(True)
        self.all_subjects_pressed.emit()

    def _press_all_kinds(self) -> None:
        if self._all_kinds is not None:
            self._all_kinds.setChecked(True)
        self.all_kinds_pressed.emit()
