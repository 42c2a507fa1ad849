import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from trainer.bootstrap import assets_folder
from trainer.exams.item_analysis import Result, analyse_items, analyse_paper
from trainer.exams.marking import Mark
from trainer.exchange.gradebook import (
    Candidate,
    Change,
    Gradebook,
    Question,
    as_csv,
    as_html,
    as_xlsx,
)
from trainer.foundation.messages import Messages, load_messages


@pytest.fixture(params=["en", "zh_CN"])
def messages(request: pytest.FixtureRequest) -> Messages:
    return load_messages(assets_folder() / "translations", request.param)


def mark(item_id: str, share: Fraction, chosen: int) -> Mark:
    return Mark(item_id, share, Fraction(3), "answered", (chosen,))


MARKS = {
    "01": [mark("a", Fraction(1), 0), mark("b", Fraction(1, 3), 1)],
    "02": [mark("a", Fraction(0), 1), mark("b", Fraction(0), 1)],
}
PAPERS = {
    name: [Result(m.item_id, m.share, m.points, m.outcome, m.chosen) for m in marks]
    for name, marks in MARKS.items()
}
BOOK = Gradebook(
    "期末 <final>",
    [
        Candidate("01", "=HYPERLINK(0)", "A", "complete", MARKS["01"]),
        Candidate("02", "李 & <b>", "A", "unclean", MARKS["02"], ["A note."]),
        Candidate("03", "王芳", "B", "missing"),
    ],
    [
        Question("a", "First?", "d#a", Fraction(3), frozenset({0})),
        Question("b", "Second?", "d#b", Fraction(3), frozenset({0})),
    ],
    analyse_items(PAPERS, {"a": 2, "b": 2}),
    analyse_paper(PAPERS),
    [Change("2026-12-01 10:00", ["Question 2 dropped."], 1)],
)


def test_the_workbook_has_the_marks_and_no_formula(messages: Messages) -> None:
    workbook = load_workbook(io.BytesIO(as_xlsx(BOOK, messages)))

    assert len(workbook.sheetnames) == 4
    sheet = workbook.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[:6] for row in rows] == [
        ["01", "=HYPERLINK(0)", "A", 4, 6, 66.7],
        ["02", "李 & <b>", "A", 0, 6, 0],
        ["03", "王芳", "B", None, None, None],
    ]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "inlineStr", "n"}  # and no "f"
    by_question = [[cell.value for cell in row] for row in workbook.worksheets[1].iter_rows()]
    assert by_question[1][2:] == [3, 1]
    assert by_question[3][2:] == [None, None]


def test_csv_is_read_back_and_names_stay_names(messages: Messages) -> None:
    content = as_csv(BOOK, messages)

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows[1][:6] == ["01", "'=HYPERLINK(0)", "A", "4", "6", "66.7"]
    assert len({len(row) for row in rows}) == 1


def test_the_page_shows_names_as_they_are(messages: Messages) -> None:
    page = as_html(BOOK, messages)

    assert "李 &amp; &lt;b&gt;" in page
    assert "<b>" not in page
    assert messages("marks.history") in page


@pytest.mark.parametrize("wild", ["\x00\x01\x0b", "=1+1\x1f<b>", "x" * 40_000, "\uffff\ufffe"])
def test_what_a_changed_program_wrote_does_not_stop_the_gradebook(
    messages: Messages, wild: str
) -> None:
    first = replace(BOOK.candidates[0], name=f"甲{wild}", notes=[wild, wild])
    book = replace(BOOK, candidates=[first])

    workbook = load_workbook(io.BytesIO(as_xlsx(book, messages)))
    as_csv(book, messages)

    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(str(cell.value).startswith("甲") for cell in cells)
    assert wild[:8] not in as_html(book, messages) or "<" not in wild
