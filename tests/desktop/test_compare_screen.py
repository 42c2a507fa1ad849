"""Compare in a real window: the matrix by keyboard, and the way into the Handbook."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from trainer.desktop.compare_screen import CompareScreen

TABLE = (
    '## Points {{#points .track window="365 days" unit=points}}\n\n| Points | Then |\n| - | - |\n'
    "| 6 | Warning |\n| {closing} {{.closed}} | Shop closed |\n\nSource: Help (2026-10)\n\n"
)
PAID = (
    '## Money {{#money topic=payout value="{days} days"}}\n\nIt comes after {days} days.\n\n'
    "Source: Help (2026-10)\n"
)


@pytest.fixture
def platforms(classroom: Any) -> Any:
    for platform, closing, days in (("amazon", 40, 7), ("ebay", 48, 7), ("wish", 48, 90)):
        text = TABLE.format(closing=closing) + PAID.format(days=days)
        classroom.write(text, "rules", platform=platform, title="Rules")
    return classroom


def start(room: Any, **look: Any) -> CompareScreen:
    size = {key: look.pop(key) for key in ("width", "height") if key in look}
    screen = CompareScreen(room.desk(**look))
    room.show(screen, **size)
    return screen


def text_at(screen: CompareScreen, row: int, column: int) -> str:
    model = screen.grid.model()
    return str(model.index(row, column).data())


def test_the_grid_is_walked_and_opens_its_rules(platforms: Any) -> None:
    screen = start(platforms)
    assert QApplication.focusWidget() is screen.grid
    assert text_at(screen, 0, 0) == "40 points"
    assert screen.grid.model().headerData(0, Qt.Orientation.Vertical) == "Points that close a shop"

    platforms.press(Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert platforms.shell.asked == [("read", "platforms/ebay/rules#points")]
    platforms.press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_1)
    assert platforms.shell.asked[-1] == ("read", "platforms/ebay/rules#money")


def test_what_is_typed_filters_and_escape_takes_it_back(platforms: Any) -> None:
    screen = start(platforms)
    platforms.press(Qt.Key.Key_Slash)
    assert screen.search.hasFocus()
    QTest.keyClicks(screen.search, "paid")
    platforms.press(Qt.Key.Key_Return)
    assert screen.grid.model().rowCount() == 1
    assert screen.grid.hasFocus()

    platforms.press(Qt.Key.Key_Escape)
    assert screen.grid.model().rowCount() == 4


def test_d_leaves_only_what_differs(platforms: Any) -> None:
    screen = start(platforms)
    platforms.press(Qt.Key.Key_D)
    assert screen.differ.isChecked()
    assert {text_at(screen, row, 0) for row in range(screen.grid.model().rowCount())} == {
        "40 points",
        "7 days",
    }


def test_the_table_is_copied_and_saved(platforms: Any, tmp_path: Path) -> None:
    screen = start(platforms)
    QTest.keyClick(screen.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "Points that close a shop\t40 points\t48 points" in QApplication.clipboard().text()

    screen.save_to(tmp_path / "rules")
    assert "40 points" in (tmp_path / "rules.csv").read_text(encoding="utf-8-sig")


def test_a_cell_says_what_it_is_made_of(platforms: Any) -> None:
    screen = start(platforms)
    index = screen.grid.model().index(0, 1)
    heard = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == "eBay, Points that close a shop: 48 points (the same on Wish)"


def test_the_choice_outlives_a_change_of_the_look(platforms: Any) -> None:
    screen = start(platforms)
    screen._press("wish")
    platforms.press(Qt.Key.Key_D)
    other = CompareScreen(platforms.desk())
    other.take_up(screen.kept())
    platforms.show(other)
    assert other.grid.model().columnCount() == 2
    assert other.differ.isChecked()


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_topics_stay_in_sight_and_nothing_is_cut(platforms: Any, scale: int) -> None:
    screen = start(platforms, scale=scale, width=1366 - 60, height=768)
    grid = screen.grid
    grid.horizontalScrollBar().setValue(grid.horizontalScrollBar().maximum())
    assert grid.verticalHeader().isVisible()
    assert grid.viewport().height() > 100
    painter = grid.itemDelegate()
    for row in range(grid.model().rowCount()):
        for column in range(grid.model().columnCount()):
            needed = painter.sizeHint(QStyleOptionViewItem(), grid.model().index(row, column))
            assert grid.rowHeight(row) >= needed.height()
