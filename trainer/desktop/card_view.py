"""Shows Markdown of cards and rules: in our type, as high as its text, nothing fetched or run."""

import re
from collections.abc import Callable
from math import ceil
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from trainer.desktop.look import Look
from trainer.desktop.theme import Step
from trainer.desktop.typography import spaced
from trainer.presenters.answer_sheet import BLANK, FILLED_FROM, FILLED_TO

Render = Callable[[str], str]  # Markdown in, HTML without scripts or raw HTML out

_TAG = re.compile(r"(<[^>]*>)")
_GAP = '<span class="gap">' + "\N{NO-BREAK SPACE}" * 12 + "</span>"


def card_renderer() -> Render:
    """The renderer of card and rule texts."""
    # Python-Markdown takes 25 ms to load: only when the first card is shown.
    from trainer.decks.rendering import Renderer

    return Renderer().render


def polished(html: str) -> str:
    """`html` with its gaps drawn, and a thin space where Han and Latin letters touch."""
    pieces = _TAG.split(html)
    pieces[::2] = map(spaced, pieces[::2])
    return (
        "".join(pieces)
        .replace(BLANK, _GAP)
        .replace(FILLED_FROM, '<span class="filled">')
        .replace(FILLED_TO, "</span>")
    )


class CardView(QTextBrowser):
    """A text that is as high as it needs to be: the page around it scrolls, not the text.

    A link is told by `link_wanted`; what to do with it is the screen's to decide.
    """

    link_wanted = Signal(str)

    def __init__(
        self,
        look: Look,
        render: Render,
        parent: QWidget | None = None,
        *,
        step: Step = "body",
        soft: bool = False,
        bold: bool = False,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._render = render
        self._step: Step = step
        self._soft = soft
        self._bold = bold
        self._pictures: Path | None = None
        self._chinese = look.chinese
        self._shown: tuple[str, bool] | None = None
        self._heights: dict[int, int] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.anchorClicked.connect(self._tell_link)
        self.set_look(look)

    def set_look(self, look: Look) -> None:
        """Take on another theme, scale or interface language."""
        self._look = look
        shown, self._shown = self._shown, None
        if shown is not None:
            self.show_html(*shown)

    def look_for_pictures_in(self, folder: Path | None) -> None:
        """Pictures of the text stand in `folder`; without one none are shown."""
        self._pictures = folder

    def show_markdown(self, text: str, *, chinese: bool) -> None:
        self.show_html(polished(self._render(text)) if text else "", chinese=chinese)

    def show_html(self, html: str, chinese: bool) -> None:
        """Show ready HTML, in the face and line height of its language."""
        if self._shown == (html, chinese):
            return
        self._shown = (html, chinese)
        self._chinese = chinese
        typography = self._look.typography
        font = typography.font(self._step, bold=self._bold, chinese=chinese)
        document = self.document()
        document.setDefaultFont(font)
        document.setDocumentMargin(0)
        document.setDefaultStyleSheet(self._sheet())
        self.setHtml(html)
        self._lead(typography.leading(font, chinese=chinese))
        self._heights.clear()
        self.setAccessibleName(self.toPlainText())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = self.maximumWidth() if self.maximumWidth() < 10_000 else self._look.px(600)
        # The height follows the width: whoever lays this out asks `heightForWidth`.
        return QSize(width, self._heights.get(self.width(), self._look.px(24)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(80), 0)

    def heightForWidth(self, width: int, /) -> int:
        if width not in self._heights:
            document = self.document()
            document.setTextWidth(width)
            self._heights[width] = ceil(document.size().height())
        return self._heights[width]

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        # A layout may have asked for widths it did not give in the end.
        if self.document().textWidth() != self.viewport().width():
            self.document().setTextWidth(self.viewport().width())
        super().paintEvent(event)

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        event.ignore()  # the page scrolls

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        enters = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        on_link = self.textCursor().charFormat().isAnchor()
        if event.matches(QKeySequence.StandardKey.Copy) or (enters and on_link):
            super().keyPressEvent(event)
        else:
            event.ignore()  # every other key belongs to the answer

    def loadResource(self, kind: int, name: QUrl | str, /) -> object:
        """Pictures beside the deck, and nothing from anywhere else."""
        if kind != QTextDocument.ResourceType.ImageResource.value or self._pictures is None:
            return QByteArray()
        name = QUrl(name)
        folder = self._pictures.resolve()
        path = (folder / name.path()).resolve()
        if name.scheme() or name.host() or not path.is_relative_to(folder) or not path.is_file():
            return QByteArray()
        return QByteArray(path.read_bytes())

    def _tell_link(self, address: QUrl) -> None:
        self.link_wanted.emit(address.toString())

    def _lead(self, distance: float) -> None:
        """Our line height, and paragraphs apart by half a line."""
        document = self.document()
        line = QTextBlockFormat()
        line.setLineHeight(distance, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        cursor = QTextCursor(document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(line)

    def _sheet(self) -> str:
        colours, px = self._look.colours, self._look.px
        ink = colours.ink_soft if self._soft else colours.ink
        small = self._look.theme.type_size("small")
        code = self._look.typography.monospaced().family()
        return f"""
            body, p, li, td, th {{ color: {ink}; }}
            p {{ margin-top: 0; margin-bottom: {px(8)}px; }}
            ul, ol {{ margin-top: 0; margin-bottom: {px(8)}px; -qt-list-indent: 1; }}
            li {{ margin-bottom: {px(4)}px; }}
            a {{ color: {colours.accent}; text-decoration: underline; }}
            code {{ font-family: '{code}'; background: {colours.sunken}; }}
            table {{ border-collapse: collapse; margin-bottom: {px(8)}px; }}
            th, td {{ padding: {px(4)}px {px(8)}px; border: 1px solid {colours.line}; }}
            th {{ font-weight: 600; background: {colours.sunken}; text-align: left; }}
            .gap {{ background: {colours.accent_soft}; text-decoration: underline; }}
            .filled {{ color: {colours.accent}; font-weight: 600; text-decoration: underline; }}
            .soft {{ color: {colours.ink_soft}; }}
            .danger {{ color: {colours.danger}; font-weight: 600; }}
            .warning {{ color: {colours.warning}; font-weight: 600; }}
            .label {{ color: {colours.ink_soft}; font-size: {small}px; }}
            .found {{ background: {colours.accent_soft}; color: {colours.accent}; }}
        """
