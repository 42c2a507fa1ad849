"""Rows that wrap and things side by side, at any width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLabel, QLayout, QWidget
from pytestqt.qtbot import QtBot

from trainer.desktop.layouts import Beside, Flow, Page
from trainer.desktop.look import Look
from trainer.desktop.text import Text


def boxes(widths: list[int], flow: Flow, width: int) -> list[QRect]:
    host = QWidget()
    widgets = []
    for each in widths:
        widget = QWidget(host)
        widget.setFixedSize(each, 30) if flow._cell is None else widget.setMinimumSize(1, 30)
        flow.addWidget(widget)
        widgets.append(widget)
    host.setLayout(flow)
    host.resize(width, flow.heightForWidth(width))
    flow.setGeometry(QRect(0, 0, width, flow.heightForWidth(width)))
    return [widget.geometry() for widget in widgets]


@given(
    st.lists(st.integers(10, 300), min_size=1, max_size=12),
    st.integers(310, 1200),
)
def test_nothing_overlaps_or_sticks_out(qapp: object, widths: list[int], width: int) -> None:
    placed = boxes(widths, Flow(gap=8), width)
    for index, box in enumerate(placed):
        assert box.left() >= 0
        assert box.right() < width
        assert not any(box.intersects(other) for other in placed[index + 1 :])


@given(st.integers(1, 12), st.integers(200, 1600))
def test_tiles_share_the_line_evenly(qapp: object, count: int, width: int) -> None:
    placed = boxes([1] * count, Flow(gap=12, cell=180, columns=3), width)
    assert max(box.width() for box in placed) - min(box.width() for box in placed) <= 1
    columns = min(3, max(1, (width + 12) // 192))
    if count >= columns:
        assert placed[columns - 1].right() == width - 1


def test_a_flow_gives_back_what_it_took(qtbot: QtBot) -> None:
    flow = Flow()
    host = QWidget()
    qtbot.addWidget(host)
    host.setLayout(flow)
    label = QLabel("x")
    flow.addWidget(label)
    assert flow.count() == 1
    assert flow.itemAt(5) is None
    taken = flow.takeAt(0)
    assert taken is not None
    assert taken.widget() is label
    assert flow.count() == 0
    assert flow.takeAt(0) is None


@pytest.mark.parametrize(("width", "beside"), [(600, True), (260, False)])
def test_the_second_thing_drops_below_where_it_is_tight(
    qtbot: QtBot, look: Look, width: int, beside: bool
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    layout = Beside(host, gap=12, least=200)
    words = Text(look, "The share you want to answer right, in all the reviews to come")
    control = QWidget()
    control.setFixedSize(150, 36)
    layout.addWidget(words)
    layout.addWidget(control)
    layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    host.resize(width, layout.heightForWidth(width))
    host.show()
    assert (control.geometry().top() < words.geometry().bottom()) is beside
    assert not words.geometry().intersects(control.geometry())
    assert control.geometry().right() < width


@pytest.mark.parametrize("width", [500, 860, 1366, 1920])
def test_the_column_is_in_the_middle_and_never_too_wide(
    qtbot: QtBot, look: Look, width: int
) -> None:
    page = Page(look)
    qtbot.addWidget(page)
    page.column.addWidget(Text(look, "Words " * 80, fill=True))
    page.resize(width, 500)
    page.show()
    inner = page.column.parentWidget()
    assert inner is not None
    assert inner.width() <= 860
    left = inner.mapTo(page, inner.rect().topLeft()).x()
    right = page.viewport().width() - left - inner.width()
    assert abs(left - right) <= 1
    assert page.horizontalScrollBar().maximum() == 0
