"""The map of a case: steps as boxes in layers, ways as lines, the road taken thick.

Every box can be walked to with the arrows; below the map stands what is decided there.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop import keys
from trainer.desktop.controls import Button, Card, FocusRing, Picture, paint_focus_ring
from trainer.desktop.layouts import row, stack
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.text import Text, Tone
from trainer.desktop.theme import CONTROL_RADIUS, token
from trainer.foundation.messages import Messages
from trainer.presenters.case_map import CaseMap, MapNode, MapWay, share

BOX_WIDTH, BOX_HEIGHT = 196, 56
LAYER_GAP, PLACE_GAP = 44, 16
SIDE_ROOM = 28  # beside the boxes, for ways that lead back


class MapBox(QAbstractButton):
    """A step on the map. Leaves the arrows to the map."""

    walked = Signal(int, int)  # which way an arrow went
    met = Signal()

    def __init__(
        self, look: Look, messages: Messages, node: MapNode, parent: QWidget, *, chinese: bool
    ) -> None:
        super().__init__(parent)
        self._look, self.node = look, node
        self._ring = FocusRing(self)
        self._font = look.font("small", bold=node.on_road)
        self._chinese = chinese
        self.setText(node.title)
        self.setToolTip(node.title)
        self.setAccessibleName(box_words(messages, node))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self.met)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        ways = {keys.LEFT: (-1, 0), keys.RIGHT: (1, 0), keys.UP: (0, -1), keys.DOWN: (0, 1)}
        way = ways.get(event.key())
        if way is not None:
            self.walked.emit(*way)
        else:
            event.ignore()  # Enter is the page's, as everywhere on it

    def focusInEvent(self, event: object, /) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type] # a QFocusEvent
        self.met.emit()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        look, colours, node = self._look, self._look.colours, self.node
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = look.px(2) if node.on_road else 1
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        radius = box.height() / 2 if node.is_end else look.px(CONTROL_RADIUS)
        painter.setPen(QPen(QColor(colours.ink if node.on_road else colours.edge), width))
        hot = self.underMouse() or self.isDown()
        painter.setBrush(QColor(colours.hover if hot else colours.surface))
        painter.drawRoundedRect(box, radius, radius)
        self._paint_words(painter)
        if self._ring.visible:
            paint_focus_ring(painter, look, QRectF(self.rect()), radius)

    def _paint_words(self, painter: QPainter) -> None:
        look, colours, node = self._look, self._look.colours, self.node
        left = look.px(18 if node.is_end else 12)
        right = left
        if node.visits:
            number = " ".join(map(str, node.visits))
            font = look.font("small", bold=True, tabular=True)
            wide = QFontMetrics(font).horizontalAdvance(number)
            painter.setFont(font)
            painter.setPen(QColor(colours.ink))
            place = QRectF(left, 0, wide + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, number)
            left += wide + look.px(8)
        painter.setFont(self._font)
        painter.setPen(QColor(colours.ink if node.on_road else colours.ink_soft))
        room = QRect(left, look.px(4), self.width() - left - right, self.height() - look.px(8))
        for words, line in _lines(QFontMetrics(self._font), node.title, room):
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)


def _lines(metrics: QFontMetrics, text: str, room: QRect) -> Sequence[tuple[str, QRect]]:
    """`text` on one or two lines in the middle of `room`; what is too long is cut."""
    lines = [text]
    if metrics.horizontalAdvance(text) > room.width():
        cut = len(text)
        while cut and metrics.horizontalAdvance(text[:cut].rstrip()) > room.width():
            blank = text.rfind(" ", 0, cut)
            cut = blank if blank > 0 else cut - 1
        lines = [text[:cut].rstrip(), text[cut:].lstrip()]
    height = metrics.height()
    top = room.top() + (room.height() - height * len(lines)) // 2
    return [
        (
            metrics.elidedText(line, Qt.TextElideMode.ElideRight, room.width()),
            QRect(room.left(), top + number * height, room.width(), height),
        )
        for number, line in enumerate(lines)
    ]


class MapBoard(QWidget):
    """The boxes and the lines between them."""

    met = Signal(object)  # the MapNode in front

    def __init__(self, look: Look, messages: Messages, case: CaseMap, *, chinese: bool) -> None:
        super().__init__()
        self._look, self._case = look, case
        self.boxes: dict[str, MapBox] = {}
        for node in case.nodes:
            box = MapBox(look, messages, node, self, chinese=chinese)
            box.walked.connect(lambda dx, dy, name=node.step_id: self._walk(name, dx, dy))
            box.met.connect(lambda one=node: self.met.emit(one))
            self.boxes[node.step_id] = box
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(messages("cases.map"))

    def sizeHint(self) -> QSize:
        look, layers = self._look, len(self._case.layers)
        height = layers * look.px(BOX_HEIGHT) + max(0, layers - 1) * look.px(LAYER_GAP)
        return QSize(look.px(400), height + look.px(4))

    def minimumSizeHint(self) -> QSize:
        return QSize(look_least(self._look), self.sizeHint().height())

    def resizeEvent(self, _event: QResizeEvent, /) -> None:
        look = self._look
        side, gap = look.px(SIDE_ROOM), look.px(PLACE_GAP)
        height, step = look.px(BOX_HEIGHT), look.px(BOX_HEIGHT + LAYER_GAP)
        room = self.width() - 2 * side
        for number, layer in enumerate(self._case.layers):
            cell = room / len(layer)
            width = round(min(look.px(BOX_WIDTH), cell - (gap if len(layer) > 1 else 0)))
            for node in layer:
                middle = side + share(node.place, len(layer)) * room
                left = round(middle - width / 2)
                self.boxes[node.step_id].setGeometry(left, number * step, width, height)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ways = [way for node in self._case.nodes for way in node.ways]
        # What was taken lies on top.
        for way in sorted(ways, key=lambda way: (way.taken, way.right)):
            self._paint_way(painter, way)

    def _paint_way(self, painter: QPainter, way: MapWay) -> None:
        look, colours = self._look, self._look.colours
        colour = colours.good if way.right else colours.warning if way.taken else colours.edge
        pen = QPen(QColor(colour), look.px(3) if way.taken else max(1.0, look.px(1.5)))
        if way.right and not way.taken:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path, tip, came = self._path(way)
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        size = look.px(5 if way.taken else 4)
        back = came * (1.6 * size)
        across = QPointF(came.y(), came.x()) * size
        head = QPainterPath(tip)
        head.lineTo(tip + back - across)
        head.lineTo(tip + back + across)
        head.closeSubpath()
        painter.drawPath(head)

    def _path(self, way: MapWay) -> tuple[QPainterPath, QPointF, QPointF]:
        """A curve from box to box, its tip, and from which side it comes: above is (0, -1)."""
        start, end = self.boxes[way.start].geometry(), self.boxes[way.end].geometry()
        begin = QPointF(self._spread(way, start), start.bottom() + 1)
        path = QPainterPath(begin)
        if end.top() > start.bottom():
            tip = QPointF(self._arrival(way, end), end.top() - 1)
            bend = (tip.y() - begin.y()) / 2
            path.cubicTo(begin.x(), begin.y() + bend, tip.x(), tip.y() - bend, tip.x(), tip.y())
            return path, tip, QPointF(0, -1)
        if end.top() == start.top():  # along the layer, below its boxes
            tip = QPointF(end.left() + end.width() * 0.85, end.bottom() + 2)
            low = begin.y() + self._look.px(LAYER_GAP) * 0.8
            path.cubicTo(begin.x(), low, tip.x(), low, tip.x(), tip.y())
            return path, tip, QPointF(0, 1)
        side = QPointF(start.right() + 1, start.center().y())
        tip = QPointF(end.right() + 2, end.center().y())
        path = QPainterPath(side)
        path.cubicTo(self.width(), side.y(), self.width(), tip.y(), tip.x(), tip.y())
        return path, tip, QPointF(1, 0)

    def _spread(self, way: MapWay, box: QRect) -> float:
        """Where a way leaves its box: the ways stand apart, in the order of where they go."""
        ways = sorted(
            self._case.node(way.start).ways,
            key=lambda one: self.boxes[one.end].geometry().center().x(),
        )
        return box.left() + box.width() * share(ways.index(way), len(ways))

    def _arrival(self, way: MapWay, box: QRect) -> float:
        """Where a way arrives: apart from the others that come from above."""
        above = [
            one
            for node in self._case.nodes
            for one in node.ways
            if one.end == way.end and self.boxes[one.start].geometry().bottom() < box.top()
        ]
        above.sort(key=lambda one: self._spread(one, self.boxes[one.start].geometry()))
        middle = box.width() * 0.6
        left = box.center().x() - middle / 2
        return left + middle * share(above.index(way), len(above))

    def _walk(self, name: str, dx: int, dy: int) -> None:
        beside = self._case.beside(name, dx, dy)
        if beside is not None:
            self.boxes[beside.step_id].setFocus(Qt.FocusReason.TabFocusReason)


def look_least(look: Look) -> int:
    return look.px(320)


class CaseMapCard(Card):
    """The map and, below it, the decisions of the step in front. `again` carries the number of the
    decision to stand before again."""

    again = Signal(int)
    shown = Signal(QWidget)  # a box the page should have in sight

    def __init__(self, look: Look, messages: Messages, case: CaseMap, *, chinese: bool) -> None:
        super().__init__(look, padding=16)
        self._look, self._messages, self._chinese = look, messages, chinese
        self.body.setSpacing(look.px(12))
        self.body.addWidget(
            Text(look, messages("cases.map-legend"), "small", tone="ink_soft", fill=True)
        )
        self.board = MapBoard(look, messages, case, chinese=chinese)
        self.body.addWidget(self.board)
        self._detail = QWidget()
        self.body.addWidget(self._detail)
        self.board.met.connect(self.show_node)
        self._node: MapNode | None = None
        road = [node for node in case.nodes if node.on_road and not node.is_end]
        if road:
            self.show_node(road[0])

    def show_node(self, node: MapNode) -> None:
        """What is decided at `node`, and where each way leads."""
        if node is self._node:
            return
        self._node = node
        look = self._look
        old, self._detail = self._detail, QWidget()
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        head = row(look, gap=12)
        title = Text(look, node.title, "control", bold=True, fill=True, chinese=self._chinese)
        head.addWidget(title, 1)
        if node.visits and node.ways:
            anew = Button(look, self._messages("cases.decide-anew"), icon="undo-2")
            anew.setAccessibleName(f"{self._messages('cases.decide-anew')}: {node.title}")
            anew.clicked.connect(lambda: self.again.emit(node.visits[-1]))
            head.addWidget(anew)
        column.addLayout(head)
        if not node.ways:
            column.addWidget(
                Text(look, self._messages("cases.ending"), "small", tone="ink_soft", fill=True)
            )
        for way in node.ways:
            column.addWidget(self._made_way(way))
        self.body.replaceWidget(old, self._detail)
        self._detail.show()
        old.hide()
        old.deleteLater()
        self.shown.emit(self.board.boxes[node.step_id])

    def _made_way(self, way: MapWay) -> QWidget:
        look, messages = self._look, self._messages
        holder = QWidget()
        line = row(look, gap=12)
        holder.setLayout(line)
        icon, tone = way_mark(way)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(Picture(look, icon, colour=token(look.colours, tone)), 0, top)
        words = stack(look, gap=0)
        text = plain_words(way.text, 400)
        bold = way.taken
        words.addWidget(Text(look, text, "control", bold=bold, fill=True, chinese=self._chinese))
        target = next(n.title for n in self._nodes() if n.step_id == way.end)
        leads = messages("cases.leads-to", step=target)
        words.addWidget(
            Text(look, leads, "small", tone="ink_soft", fill=True, chinese=self._chinese)
        )
        line.addLayout(words, 1)
        told = way_words(messages, way)
        line.addWidget(Text(look, told, "small", tone=tone, wrap=False), 0, top)
        holder.setAccessibleName(", ".join((text, told, leads)))
        return holder

    def _nodes(self) -> Sequence[MapNode]:
        return [box.node for box in self.board.boxes.values()]


def way_mark(way: MapWay) -> tuple[str, Tone]:
    if way.right:
        return ("circle-check" if way.taken else "circle"), "good"
    return ("circle-x", "warning") if way.taken else ("circle", "ink_soft")


def way_words(messages: Messages, way: MapWay) -> str:
    """ "Good decision, taken", "The better way", "Costly"."""
    code = "good" if way.right and way.taken else "better" if way.right else "costly"
    word = messages(f"cases.mark.{code}")
    return messages("cases.taken", mark=word) if way.taken else word


def box_words(messages: Messages, node: MapNode) -> str:
    """A box for people who hear it: its title, whether it was on the road, the ways from it."""
    said = [node.title]
    if node.visits:
        numbers = ", ".join(map(str, node.visits))
        said.append(messages("cases.on-road", number=numbers))
    else:
        said.append(messages("cases.off-road"))
    if node.is_end:
        said.append(messages("cases.ending"))
    said += [f"{plain_words(way.text)}: {way_words(messages, way)}" for way in node.ways]
    return ". ".join(said)
