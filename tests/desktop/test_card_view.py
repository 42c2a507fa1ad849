"""Markdown on the screen: safe, as high as its text, in the face of its language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from trainer.decks.rendering import FILLED_FROM, FILLED_TO, GAP
from trainer.desktop.card_view import CardDocument, CardView, Render, polished
from trainer.desktop.look import Look

IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with a picture, and one beside it that is none of its business."""
    folder = tmp_path / "content"
    (folder / "products").mkdir(parents=True)
    picture = QImage(2000, 100, QImage.Format.Format_RGB32)
    picture.fill(QColor("#0F6B5C"))
    assert picture.save(str(folder / "products" / "plug.png"))
    assert picture.save(str(tmp_path / "secret.png"))
    return folder


@pytest.fixture
def view(qtbot: QtBot, look: Look, content: Path) -> Iterator[CardView]:
    window = QWidget()
    view = CardView(look, Render(lambda: [content]), window)
    layout = QVBoxLayout(window)
    layout.addWidget(view)
    layout.addStretch(1)
    window.resize(400, 600)
    qtbot.addWidget(window)
    window.show()
    yield view
    window.close()


def test_markdown_is_shown_and_markup_is_text(view: CardView) -> None:
    view.show_markdown("**below** 1 % <script>alert(1)</script> <b>x</b>", chinese=False)
    assert view.toPlainText() == "below 1 % <script>alert(1)</script> <b>x</b>"
    assert view.accessibleName() == view.toPlainText()


def test_it_is_as_high_as_its_text_and_the_page_scrolls(view: CardView) -> None:
    view.show_markdown("Short.", chinese=False)
    QApplication.processEvents()
    low = view.height()
    view.show_markdown("word " * 150, chinese=False)
    QApplication.processEvents()
    assert view.height() > 5 * low
    assert view.height() >= view.document().size().height()
    assert view.verticalScrollBar().maximum() == 0


def test_a_text_kept_narrower_than_its_page_is_as_high_as_it_needs(view: CardView) -> None:
    view.setMaximumWidth(200)
    view.show_markdown("word " * 40, chinese=False)
    QApplication.processEvents()
    assert view.width() == 200
    assert view.height() >= view.document().size().height()


def test_the_wheel_and_other_keys_are_left_to_the_page(view: CardView) -> None:
    view.show_markdown("text", chinese=False)
    point = QPoint(5, 5)
    event = QWheelEvent(
        point,
        view.mapToGlobal(point),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(event)
    assert not event.isAccepted()
    assert view.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_pictures_below_the_content_folder_are_shown_no_wider_than_the_text(
    view: CardView,
) -> None:
    picture = view.loadResource(IMAGE, QUrl("products/plug.png"))
    assert isinstance(picture, QImage)
    assert 0 < picture.width() <= max(view.viewport().width(), 240)


@pytest.mark.parametrize(
    "address",
    [
        "../secret.png",
        "products/../../secret.png",
        "https://example.org/x.png",
        "//share/x.png",
        "file:///etc/passwd",
    ],
)
def test_nothing_is_fetched_from_anywhere_else(view: CardView, address: str) -> None:
    picture = view.loadResource(IMAGE, QUrl(address))
    assert not isinstance(picture, QImage)


def test_a_style_sheet_or_another_document_is_never_loaded(view: CardView) -> None:
    for kind in (
        QTextDocument.ResourceType.StyleSheetResource,
        QTextDocument.ResourceType.HtmlResource,
    ):
        assert not isinstance(view.loadResource(kind.value, QUrl("products/plug.png")), QImage)


def test_a_link_is_told_and_not_followed(view: CardView) -> None:
    view.show_markdown("[source](https://example.org/a)", chinese=False)
    QApplication.processEvents()
    told = QSignalSpy(view.link_wanted)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    assert told.count() == 1
    assert told.at(0) == ["https://example.org/a"]
    assert view.toPlainText() == "source"


def test_gaps_and_what_belongs_there_are_marked() -> None:
    assert "gap" in polished(f"<p>a {GAP} b</p>")
    assert polished(f"{FILLED_FROM}claim{FILLED_TO}") == '<span class="filled">claim</span>'


def test_han_and_latin_letters_stand_apart_but_addresses_stay_whole() -> None:
    assert polished('<a href="x/规则A">满48分</a>') == (
        '<a href="x/规则A">满\N{THIN SPACE}48\N{THIN SPACE}分</a>'
    )


def test_chinese_lines_are_further_apart(view: CardView) -> None:
    view.show_markdown("word", chinese=False)
    latin = view.document().size().height()
    view.show_markdown("字", chinese=True)
    assert view.document().size().height() > latin


def test_plain_text_is_not_sent_through_markdown_but_reads_the_same(content: Path) -> None:
    render = Render(lambda: [content])
    assert render("a < b & c") == "<p>a &lt; b &amp; c</p>"
    assert render("48 points, 365 days") == "<p>48 points, 365 days</p>"
    assert "<li>" in render("1. one\n2. two")
    assert "<strong>" in render("**x**")
    assert render("") == ""


def test_pictures_are_addressed_from_the_folder_of_the_deck(content: Path) -> None:
    render = Render(lambda: [content])
    render.stand_in("products/power-bank#plug")
    assert 'src="products/plug.png"' in render("![plug](plug.png)")
    render.stand_in("platforms/amazon/orders#x")
    assert "products/plug.png" not in render("![plug](plug.png)")


def test_columns_keep_their_side(content: Path) -> None:
    table = "| A | B |\n| --- | ---: |\n| x | 1 |\n"
    assert '<td align="right">1</td>' in polished(Render(lambda: [content])(table))


def test_a_text_painted_without_a_view_fetches_no_more(content: Path, qtbot: QtBot) -> None:
    document = CardDocument(Render(lambda: [content]))
    assert isinstance(document.loadResource(IMAGE, QUrl("products/plug.png")), QImage)
    for address in ("../secret.png", "file:///etc/passwd", "https://example.org/x.png"):
        assert not isinstance(document.loadResource(IMAGE, QUrl(address)), QImage)
    assert not isinstance(CardDocument().loadResource(IMAGE, QUrl("products/plug.png")), QImage)
