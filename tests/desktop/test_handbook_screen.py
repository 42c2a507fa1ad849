"""The handbook in a real window over real files."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from trainer.desktop.handbook_screen import HandbookScreen
from trainer.services.study import Selection

RULES = "".join(
    f"## Rule {number} {{#r{number}}}\n\n"
    + "Sellers ship in time and keep the papers. " * 6
    + f"\n\nSource: [Page {number}](https://example.org/{number}) (2026-10)\n\n"
    + f"Q: Question {number}? {{#q{number}}}\nA: Answer {number}\n\n"
    for number in range(12)
)
SPECIAL = (
    "## Counterfeits {#fake}\n\nNothing with a brand's mark without its permission.\n\n"
    "Penalty: 6 points.\n\nQ: Which goods? {#goods}\nA: counterfeits\n"
)
CHINESE = (
    "## 假货 {#fake}\n\n未经许可使用商标就是售假，扣六分。\n\n问：哪些商品？ {#goods}\n答：假货\n"
)


def start(room: Any, **look: Any) -> HandbookScreen:
    size = {key: look.pop(key) for key in ("width", "height") if key in look}
    screen = HandbookScreen(room.desk(**look))
    room.show(screen, **size)
    return screen


@pytest.fixture
def books(classroom: Any) -> Any:
    classroom.write(RULES, "orders", title="Orders")
    classroom.write(SPECIAL, "brands", title="Brands")
    classroom.write(CHINESE, "brands", title="品牌", language="zh")
    classroom.write(SPECIAL, "vero", platform="ebay", title="VeRO")
    return classroom


BRANDS, ORDERS = "platforms/amazon/brands", "platforms/amazon/orders"


def seen(screen: QWidget) -> str:
    shown = [label.accessibleName() for label in screen.findChildren(QLabel) if label.isVisible()]
    shown += [
        widget.accessibleName()
        for widget in screen.findChildren(QWidget)
        if widget.isVisible() and not isinstance(widget, QLabel)
    ]
    return "\n".join(shown)


def click(screen: QWidget, words: str) -> None:
    button = next(
        button
        for button in screen.findChildren(QAbstractButton)
        if button.isVisible() and button.accessibleName().startswith(words)
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def built(room: Any, screen: HandbookScreen) -> None:
    """Wait until the whole chapter is there."""
    room.wait(lambda: not screen.pane._building.isActive())
    room.settle()


def test_a_chapter_is_opened_from_the_tree_by_keyboard(books: Any) -> None:
    screen = start(books)
    assert "Choose a chapter" in seen(screen)
    assert QApplication.focusWidget() is screen.tree
    books.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    built(books, screen)
    page = screen._presenter.page
    assert page is not None
    assert page.deck.title in seen(screen)


def test_a_rule_is_opened_at_the_rule(books: Any) -> None:
    screen = start(books)
    screen.show_rule(f"{ORDERS}#r4")
    built(books, screen)
    books.settle()
    heading = screen.pane._rules[f"{ORDERS}#r4"]
    top = heading.mapTo(screen.pane.viewport(), QPoint(0, 0)).y()
    assert 0 <= top < 60
    current = screen.tree.currentItem()
    assert current is not None
    assert current.text(0) == "Rule 4"


def test_rules_stand_in_the_tree_below_their_chapter(books: Any) -> None:
    screen = start(books)
    books.press(Qt.Key.Key_Down)
    item = screen.tree.currentItem()
    assert item is not None
    item.setExpanded(True)
    assert item.childCount() == screen._presenter._shelves[0].chapters[0].rules


def test_coming_back_stays_where_one_was(books: Any) -> None:
    screen = start(books)
    screen._presenter.open_chapter(ORDERS)
    built(books, screen)
    screen.pane.verticalScrollBar().setValue(300)
    screen.on_shown()
    books.settle()
    assert screen.pane.verticalScrollBar().value() == 300


def test_a_chapter_that_was_edited_is_shown_anew(books: Any) -> None:
    screen = start(books)
    screen._presenter.open_chapter(BRANDS)
    built(books, screen)
    books.write(SPECIAL.replace("6 points", "12 points"), "brands", title="Brands")
    screen.on_shown()
    built(books, screen)
    assert "12 points." in seen(screen)


def test_search_finds_chinese_and_shows_it_marked(books: Any) -> None:
    screen = start(books, language="zh_CN", cards="zh")
    books.press("/")
    assert QApplication.focusWidget() is screen.search
    screen.search.insert("售假")  # as an input method does
    books.press(Qt.Key.Key_Return)
    built(books, screen)
    hits = [row for row in screen.hits._rows if row.isVisible()]
    assert hits
    assert "售假</span>" in hits[0].content.note
    page = screen._presenter.page
    assert page is not None
    assert page.rule_id == f"{BRANDS}#fake"


def test_search_waits_for_the_last_key_and_moves_by_arrows(books: Any) -> None:
    screen = start(books)
    QTest.keyClick(screen, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    books.press("papers")
    books.wait(screen.hits.isVisible)
    books.press(Qt.Key.Key_Down)
    assert QApplication.focusWidget() is screen.hits._rows[0]
    books.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    page = screen._presenter.page
    assert page is not None
    assert page.rule_id == screen.hits._hits[1].rule_id


def test_escape_leaves_the_search_then_the_handbook(books: Any) -> None:
    screen = start(books)
    screen.search.setFocus()
    books.press("zzzz")
    books.wait(screen.hits.isVisible)
    assert "Nothing with “zzzz”" in seen(screen)
    screen.tree.setFocus()
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.tree.isVisible()
    assert screen.search.text() == ""
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    assert books.shell.asked == [("go", "today")]


def test_the_chapter_flips_between_languages(books: Any) -> None:
    screen = start(books)
    screen._presenter.open_chapter(BRANDS)
    books.press("l")
    built(books, screen)
    assert "品牌" in seen(screen)
    screen._presenter.open_chapter(ORDERS)
    books.press("l")
    assert books.shell.toasts == ["This chapter has no translation yet."]


def test_cards_fold_out_and_are_put_away_and_resumed(books: Any) -> None:
    screen = start(books)
    screen._presenter.open_chapter(BRANDS)
    built(books, screen)
    assert "Which goods?" not in seen(screen)
    click(screen, "1 card")
    assert "Which goods?" in seen(screen)
    click(screen, "Do not ask")
    assert "Not asked" in seen(screen)
    session = books.desk()
    assert books.learner.connection.execute("select kind from mark").fetchall() == [("suspend",)]
    assert session is not None
    click(screen, "Ask again")
    kinds = books.learner.connection.execute("select kind from mark order by mark_id").fetchall()
    assert kinds == [("suspend",), ("resume",)]
    assert "Not asked" not in seen(screen)


def test_study_and_quiz_of_the_chapter(books: Any) -> None:
    screen = start(books)
    screen._presenter.open_chapter(BRANDS)
    books.press("s", "q")
    assert books.shell.asked == [
        ("study", Selection(decks=(BRANDS,))),
        ("quiz", BRANDS),
    ]


def test_chapters_follow_each_other(books: Any) -> None:
    screen = start(books)
    titles = []
    for _ in range(3):
        QTest.keyClick(screen, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        page = screen._presenter.page
        assert page is not None
        titles.append(page.deck.title)
    assert sorted(titles) == ["Brands", "Orders", "VeRO"]
    QTest.keyClick(screen, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert screen._presenter.page is not None
    assert screen._presenter.page.deck.title == titles[1]


def test_a_mistake_in_a_deck_is_told_kindly(classroom: Any) -> None:
    classroom.write(SPECIAL + "\nQ: Without an answer? {#none}\n", "brands", title="Brands")
    screen = start(classroom)
    screen._presenter.open_chapter(BRANDS)
    built(classroom, screen)
    told = seen(screen)
    assert "all others work" in told
    assert "Line " in told
    assert "Which goods?" not in told


def test_a_title_that_looks_like_markup_is_shown_as_it_is(classroom: Any) -> None:
    title = "<img src='file:///etc/x.png'> & more"
    classroom.write(SPECIAL, "odd", title=title)
    screen = start(classroom)
    item = screen.tree._chapters["platforms/amazon/odd"]
    assert item.text(0) == title
    assert "<img" not in item.toolTip(0)


def test_no_decks_at_all(classroom: Any) -> None:
    assert "No decks yet" in seen(start(classroom))


def test_another_look_opens_the_same_chapter(books: Any) -> None:
    first = start(books)
    first.show_rule(f"{ORDERS}#r5")
    kept = first.kept()
    second = HandbookScreen(books.desk(theme="dark", scale=150))
    second.take_up(kept)
    books.show(second)
    page = second._presenter.page
    assert page is not None
    assert page.rule_id == f"{ORDERS}#r5"


def test_a_narrow_page_shows_the_tree_or_the_chapter(books: Any) -> None:
    screen = start(books, width=627, height=384)
    assert screen.tree.isVisible()
    assert not screen.pane.isVisible()
    screen._presenter.open_chapter(BRANDS)
    built(books, screen)
    assert screen.pane.isVisible()
    assert not screen.tree.isVisible()
    books.press("s")
    assert books.shell.asked == [("study", Selection(decks=(BRANDS,)))]
    books.press(Qt.Key.Key_Escape)
    assert screen.tree.isVisible()
    assert QApplication.focusWidget() is screen.tree
    books.press(Qt.Key.Key_Return)
    built(books, screen)
    books.press("/")
    assert QApplication.focusWidget() is screen.search
    screen.resize(1190, 768)
    books.settle()
    assert screen.tree.isVisible()
    assert screen.pane.isVisible()


def test_typing_in_the_search_is_no_command(books: Any, qtbot: QtBot) -> None:
    screen = start(books)
    screen._presenter.open_chapter(BRANDS)
    screen.search.setFocus()
    books.press("slq/")
    assert screen.search.text() == "slq/"
    assert books.shell.asked == []
    qtbot.wait(150)


def test_every_shortcut_and_control_has_words(
    books: Any, messages: Any, chinese_messages: Any
) -> None:
    screen = start(books)
    screen._presenter.open_chapter(BRANDS)
    built(books, screen)
    for _, code in screen.shortcuts():
        assert messages.knows(code)
        assert chinese_messages.knows(code)
    for part in screen.findChildren(QWidget):
        if part.isVisible() and isinstance(part, (QAbstractButton, QLineEdit)):
            inside = part.parent()
            assert part.accessibleName() or isinstance(inside, QLineEdit), part


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("scale", "width", "height"), [(100, 1190, 768), (200, 1254, 768), (100, 627, 384)]
)
def test_nothing_sticks_out(books: Any, language: str, scale: int, width: int, height: int) -> None:
    screen = start(books, language=language, scale=scale, width=width, height=height)
    screen._presenter.open_chapter(ORDERS)
    built(books, screen)
    click(screen, "1 card" if language == "en" else "1 张卡")
    page = QRect(QPoint(0, 0), screen.size())
    for part in screen.findChildren(QWidget):
        if part.isVisible() and part.width():
            box = QRect(part.mapTo(screen, QPoint(0, 0)), part.size())
            assert page.left() <= box.left(), (part, part.accessibleName(), box)
            assert box.right() <= page.right(), (part, part.accessibleName(), box)
