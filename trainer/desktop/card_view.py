"""Shows Markdown of cards and rules: in our type, as high as its text, nothing fetched or run."""

import re
from collections.abc import Callable, Sequence
from html import escape
from math import ceil
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from trainer.decks.rendering import FILLED_FROM, FILLED_TO, GAP, Renderer
from trainer.desktop import keys
from trainer.desktop.look import Look
from trainer.desktop.theme import Step
from trainer.desktop.typography import spaced

_TAG = re.compile(r"(<[^>]*>)")
# A cell with a style of its own forgets the lines around it: Qt takes the old attribute instead.
_ALIGNED = re.compile(r'style="text-align: (left|center|right);"')
_GAP = '<span class="gap">' + "\N{NO-BREAK SPACE}" * 12 + "</span>"

# Text without any of these is the same in Markdown and without: no need to render it.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>&#|!~=\n]|^\s*(?:[-+>]|\d+[.)])|https?:")
_MOST_KEPT = 500  # rendered texts: some sittings' worth of rules and options


class Render:
    """Markdown of decks in, HTML without scripts or raw HTML out; what was rendered is kept.

    Pictures are addressed by their path below a content folder; `folders` are all of them, and
    the last one that has the picture is asked.
    """

    def __init__(self, folders: Callable[[], Sequence[Path]] = tuple) -> None:
        self._folders = folders
        self._renderer: Renderer | None = None
        self._folder = ""
        self._kept: dict[tuple[str, str], str] = {}

    def stand_in(self, deck_id: str) -> None:
        """What is rendered from now on lies in the folder of this deck (or card or rule)."""
        self._folder = deck_id.partition("#")[0].rpartition("/")[0]

    def __call__(self, text: str) -> str:
        if not text:
            return ""
        if not _MARKDOWN.search(text):
            return f"<p>{escape(text)}</p>"
        key = (self._folder, text)
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._rendered(text)
        return self._kept[key]

    def resource(self, kind: int, address: QUrl, most: int) -> QImage | QByteArray:
        """Pictures below the content folders, at most `most` pixels wide, and nothing else."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return QByteArray()
        path = self._picture(address)
        if path is None:
            return QByteArray()
        picture = QImage(str(path))
        if picture.width() > most:
            picture = picture.scaledToWidth(most, Qt.TransformationMode.SmoothTransformation)
        return picture

    def _picture(self, address: QUrl) -> Path | None:
        if address.scheme() or address.host():
            return None
        for each in reversed(self._folders()):
            folder = each.resolve()
            path = (folder / address.path()).resolve()
            if path.is_relative_to(folder) and path.is_file():
                return path
        return None

    def _rendered(self, text: str) -> str:
        if self._renderer is None:
            self._renderer = Renderer()
        self._renderer.folder = self._folder
        return self._renderer.render(text)


def polished(html: str) -> str:
    """`html` with its gaps drawn, and a thin space where Han and Latin letters touch."""
    pieces = _TAG.split(_ALIGNED.sub(r'align="\1"', html))
    pieces[::2] = map(spaced, pieces[::2])
    return (
        "".join(pieces)
        .replace(GAP, _GAP)
        .replace(FILLED_FROM, '<span class="filled">')
        .replace(FILLED_TO, "</span>")
    )


class CardDocument(QTextDocument):
    """A text that is painted without a view; it fetches no more than a view does."""

    def __init__(self, render: Render | None = None) -> None:
        super().__init__()
        self._render = render

    def loadResource(self, kind: int, name: QUrl | str, /) -> object:
        if self._render is None:
            return QByteArray()
        return self._render.resource(kind, QUrl(name), max(round(self.textWidth()), 240))


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
        self._dressed_for: bool | None = None  # Chinese or not, once it is dressed
        self._line = QTextBlockFormat()
        self._shown: tuple[str, bool] | None = None
        self._heights: dict[int, int] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.anchorClicked.connect(self._tell_link)

    def show_markdown(self, text: str, *, chinese: bool) -> None:
        self.show_html(polished(self._render(text)), chinese=chinese)

    def show_html(self, html: str, chinese: bool) -> None:
        """Show ready HTML, in the face and line height of its language."""
        if self._shown == (html, chinese):
            return
        self._shown = (html, chinese)
        if self._dressed_for is not chinese:
            self._dress(chinese=chinese)
        self.setHtml(html)
        self._lead()
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
        # A layout asks for its own width, also where the text is kept narrower.
        width = min(width, self.maximumWidth())
        if width not in self._heights:
            document = self.document()
            document.setTextWidth(width)
            self._heights[width] = ceil(document.size().height())
        return self._heights[width]

    def paintEvent(self, event: QPaintEvent, /) -> None:
        # A layout may have asked for widths it did not give in the end. (Not the viewport's width:
        # to hand over one of Qt's own widgets PySide prepares all its classes, 20 ms at start.)
        width = self.contentsRect().width()
        if self.document().textWidth() != width:
            self.document().setTextWidth(width)
        super().paintEvent(event)

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        event.ignore()  # the page scrolls

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        enters = event.key() in keys.ENTERS
        on_link = self.textCursor().charFormat().isAnchor()
        if event.matches(QKeySequence.StandardKey.Copy) or (enters and on_link):
            super().keyPressEvent(event)
        else:
            event.ignore()  # every other key belongs to the answer

    def loadResource(self, kind: int, name: QUrl | str, /) -> object:
        return self._render.resource(kind, QUrl(name), max(self.viewport().width(), 240))

    def _dress(self, *, chinese: bool) -> None:
        """Face, line height and style sheet of a language."""
        typography = self._look.typography
        font = typography.font(self._step, bold=self._bold, chinese=chinese)
        document = self.document()
        document.setDefaultFont(font)
        document.setDocumentMargin(0)
        document.setDefaultStyleSheet(self._sheet())
        self._line = QTextBlockFormat()
        self._line.setLineHeight(
            typography.leading(font, chinese=chinese),
            QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value,
        )
        self._dressed_for = chinese

    def _tell_link(self, address: QUrl) -> None:
        self.link_wanted.emit(address.toString())

    def _lead(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(self._line)

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
            table {{ border-collapse: collapse; margin-top: {px(8)}px; margin-bottom: {px(8)}px; }}
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
