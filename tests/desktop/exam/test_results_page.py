"""The teacher's part after an exam, over results that were really sat and collected."""
# ruff: noqa: F811 - a fixture of another file is asked for by its name

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLineEdit

from tests.desktop.conftest import Classroom
from tests.desktop.exam.test_exam_office import Shell
from tests.services.test_exam_results import School, school  # noqa: F401 - a fixture
from trainer.desktop.exam_office.results_page import ResultsPage
from trainer.desktop.question_sheet import Notice


@pytest.fixture
def page(classroom: Classroom, school: School) -> ResultsPage:
    classroom.shell = Shell()
    school.sit("1001", 5)
    school.sit("1002", 2)
    school.sit("1003", 1, answers=3, finish=False)
    made = ResultsPage(classroom.desk(), school.results())
    made.on_shown = made.take_focus  # type: ignore[attr-defined] # shown on its own here
    classroom.show(made)
    return made


def rows(page: ResultsPage) -> list[list[str]]:
    table = page.table
    found = []
    for at in range(table.rowCount()):
        cells = [table.item(at, column) for column in range(table.columnCount())]
        found.append([cell.text() if cell else "" for cell in cells])
    return found


def said(page: ResultsPage) -> str:
    return " | ".join(notice.words.words for notice in page._holder.findChildren(Notice))


def test_candidates_with_state_score_and_what_is_odd(page: ResultsPage) -> None:
    assert [row[:5] for row in rows(page)] == [
        ["1001", "Name 0", "complete", "10", "/ 10"],
        ["1002", "Name 1", "complete", "4", "/ 10"],
        ["1003", "Name 2", "no clean end", "2", "/ 10"],
        ["1004", "Name 3", "missing", "", ""],
    ]
    assert said(page) == "Nothing odd."

    page.table.setCurrentCell(2, 0)
    assert "not handed in" in said(page)


def test_a_question_is_dropped_and_taken_back(page: ResultsPage) -> None:
    page._side.choose("questions")
    page.refresh()
    page.table.setCurrentCell(0, 0)
    assert "Answered by 3:" in said(page)
    item_id = page._analysis.items[0].item_id if page._analysis else ""

    page._try(lambda: page.results.void(item_id, "drop", "misprint", 1))
    page._side.choose("papers")
    page.refresh()
    assert rows(page)[0][3:5] == ["8", "/ 8"]

    page._decide_back(page.results.decided.book.decisions[0])
    assert rows(page)[0][3:5] == ["10", "/ 10"]


def test_export_and_release(
    page: ResultsPage,
    classroom: Classroom,
    school: School,
    tmp_path: Path,
) -> None:
    page.export(tmp_path / "marks.pdf")
    page.release(tmp_path / "marks.xrv", "score", school.packed.package)

    assert (tmp_path / "marks.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "marks.xrv").exists()
    assert len(classroom.shell.toasts) == 2
    assert classroom.shell.said == []


def test_more_is_read_from_another_folder(page: ResultsPage, school: School) -> None:
    pc = school.sit("1004", 3)

    page.collect([pc.folder])

    assert rows(page)[3][:4] == ["1004", "Name 3", "complete", "6"]


def test_another_answer_is_accepted_and_old_marks_stay(page: ResultsPage) -> None:
    page._side.choose("questions")
    page.refresh()
    page.table.setCurrentCell(0, 0)
    page.results.mark_now(1)
    item_id = page._analysis.items[0].item_id if page._analysis else ""
    (button,) = [
        one
        for one in page._holder.findChildren(QAbstractButton)
        if one.text() == "Accept another answer"
    ]

    button.click()
    dialog = page.findChild(QDialog)
    assert dialog is not None
    line = dialog.findChild(QLineEdit, "also-answer")
    go = dialog.findChild(QAbstractButton, "also-go")
    assert line is not None
    assert go is not None
    for wrong in ("", "Z", "AB"):
        line.setText(wrong)
        go.click()
        assert dialog.result() == 0
    assert page.results.decided.book.decisions == ()
    for letter in "BC":
        page.results.accept_written(item_id, letter, "true too", 2)
    line.setText("a")
    go.click()

    assert dialog.result() == QDialog.DialogCode.Accepted
    marks = [mark for paper in page.results.papers() for mark in paper.marks or ()]
    assert [mark.share for mark in marks if mark.item_id == item_id] == [1, 1, 1]
    assert len(page.results.decided.book.runs) == 4
