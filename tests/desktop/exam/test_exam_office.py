"""The teacher's part before an exam, in a real window over real decks and files."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QAbstractButton, QDateTimeEdit, QLineEdit, QSpinBox, QWidget

from tests.desktop.conftest import Classroom, RecordingShell
from trainer.desktop.exam_office import plan_page
from trainer.desktop.exam_office.exams_page import ExamsPage
from trainer.desktop.exam_office.keys_page import KeysPage
from trainer.desktop.exam_office.plan_page import PlanPage
from trainer.desktop.exam_office.preview_dialog import PreviewDialog
from trainer.exams.keys import KDF_FLOOR
from trainer.exams.package import read_package
from trainer.foundation.clock import milliseconds
from trainer.services import exam_packing
from trainer.services.exam_keys import make_spare
from trainer.services.exam_packing import Cost, Packed

QUICK = Cost(KDF_FLOOR, KDF_FLOOR)

CARD = "Q: Which limit is number {0}? {{#c{0}}}\n- [x] right {0}\n- [ ] wrong {0}\n"
CARDS = "\n".join(CARD.format(number) for number in range(8))
CHINESE = CARDS.replace("Which limit is number", "第几个限制").replace("?", "？")


class Shell(RecordingShell):
    """Long work is done at once."""

    def run(
        self,
        title: str,  # noqa: ARG002
        work: Callable[[Callable[[int, int], None]], object],
        done: Callable[[object], object],
    ) -> None:
        done(work(lambda _done, _total: None))


@pytest.fixture
def room(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    classroom.shell = Shell()
    classroom.write(CARDS)
    classroom.write(CHINESE, language="zh")
    monkeypatch.setattr(plan_page, "pack", partial(exam_packing.pack, cost=QUICK))
    return classroom


def control(page: QWidget, name: str) -> QWidget:
    found = page.findChild(QWidget, name)
    assert found is not None, name
    return found


def click(page: QWidget, name: str) -> None:
    button = control(page, name)
    assert isinstance(button, QAbstractButton)
    button.click()


def type_into(page: QWidget, name: str, text: str) -> None:
    line = control(page, name)
    assert isinstance(line, QLineEdit)
    line.setText(text)
    line.textEdited.emit(text)


def make_keys(page: ExamsPage) -> None:
    page.show_keys()
    keys = page.page
    assert isinstance(keys, KeysPage)
    type_into(keys, "keys-passphrase", "a short sentence")
    type_into(keys, "keys-again", "a short sentence")
    click(keys, "keys-make")


def test_keys_are_made_once_and_then_shown(room: Classroom) -> None:
    page = ExamsPage(room.desk())
    room.show(page)
    page.show_keys()
    keys = page.page
    assert isinstance(keys, KeysPage)

    type_into(keys, "keys-passphrase", "a short sentence")
    type_into(keys, "keys-again", "another sentence")
    click(keys, "keys-make")
    assert page.shelf.mine() is None

    type_into(keys, "keys-passphrase", "short")
    type_into(keys, "keys-again", "short")
    click(keys, "keys-make")
    assert page.shelf.mine() is None

    make_keys(page)
    mine = page.shelf.mine()
    assert mine is not None
    assert mine.name == "Li"
    again = page.page
    assert again is not None
    assert again.findChild(QWidget, "keys-copy") is not None


def open_plan(room: Classroom) -> tuple[ExamsPage, PlanPage]:
    page = ExamsPage(room.desk())
    room.show(page)
    page.show_plan()
    plan = page.page
    assert isinstance(plan, PlanPage)
    return page, plan


def class_list(folder: Path) -> Path:
    path = folder / "名单.csv"
    rows = "学号,姓名,加时\n1001,李明,\n1002,王芳,25%\n"
    path.write_bytes(rows.encode("gb18030"))
    return path


def test_an_exam_from_nothing_to_a_folder(room: Classroom, tmp_path: Path) -> None:
    page, plan = open_plan(room)
    assert not plan._pack.isEnabled()

    type_into(plan, "plan-title", "Final")
    plan.take_class(class_list(tmp_path))
    count = control(plan, "count-0")
    assert isinstance(count, QSpinBox)
    count.setValue(99)
    assert room.desk().messages("exam.why-few") in plan._lines[0].states[0].words.words
    assert not plan._pack.isEnabled()
    count.setValue(6)
    assert plan._pack.isEnabled()

    make_keys(page)
    keys = page.shelf.open("a short sentence")
    page.show_plan()
    plan = page.page  # type: ignore[assignment] # a new page with the same draft
    assert plan.draft.title == "Final"
    assert len(plan.draft.entrants) == 2
    plan.pack_into(tmp_path, keys)

    packed = plan.packed
    assert isinstance(packed, Packed)
    assert packed.package.exists()
    assert packed.key_file.exists()
    assert len([sheet for sheet in packed.sheets if sheet.suffix == ".pdf"]) == 10
    assert room.shell.said == []


def test_window_late_comers_lock_and_spare_key_reach_the_package(
    room: Classroom, tmp_path: Path
) -> None:
    page, plan = open_plan(room)
    make_keys(page)
    make_spare("Ms Wang", "another sentence", tmp_path / "spare.key", os.urandom)
    spare = page.shelf.set_spare(tmp_path / "spare.key")
    page.show_plan()
    plan = page.page  # type: ignore[assignment] # a new page with the same draft
    type_into(plan, "plan-title", "Final")
    plan.take_class(class_list(tmp_path))
    click(plan, "plan-window")
    for name, value in (("plan-late", 20), ("plan-lock", 30), ("plan-minutes", 45)):
        box = control(plan, name)
        assert isinstance(box, QSpinBox)
        box.setValue(value)
    begins, ends = control(plan, "plan-begins"), control(plan, "plan-ends")
    assert isinstance(begins, QDateTimeEdit)
    assert isinstance(ends, QDateTimeEdit)
    begins.setDateTime(QDateTime(2026, 12, 8, 9, 0, 0))
    ends.setDateTime(QDateTime(2026, 12, 8, 8, 0, 0))
    assert not plan._pack.isEnabled()
    ends.setDateTime(QDateTime(2026, 12, 8, 10, 0, 0))
    assert plan._pack.isEnabled()

    plan.pack_into(tmp_path, page.shelf.open("a short sentence"))

    packed = plan.packed
    assert isinstance(packed, Packed)
    mine = page.shelf.mine()
    assert mine is not None
    now = milliseconds(room.clock.now())
    header = read_package(
        packed.package.read_bytes(), [mine.sign_public], "1.0", now, KDF_FLOOR
    ).header
    hour = header.time.window_end - header.time.window_start
    assert hour == 3_600_000
    assert header.time.window_start == begins.dateTime().toMSecsSinceEpoch()
    assert header.time.late_join == 20 * 60
    assert header.lock_after == 30
    assert header.recipients == (mine.box_public, spare.box_public)
    assert header.valid_until > header.time.window_end


def test_no_window_is_one_click_and_comes_back_by_undo(room: Classroom) -> None:
    _, plan = open_plan(room)
    click(plan, "plan-window")
    assert plan.draft.window_end - plan.draft.window_start == 75 * 60_000
    click(plan, "plan-window")
    assert plan.draft.window_end == 0

    click(plan, "plan-undo")

    assert plan.draft.has_window
    assert control(plan._body, "plan-begins").isVisible()


def test_a_list_with_mistakes_is_not_taken_and_says_where(room: Classroom, tmp_path: Path) -> None:
    _, plan = open_plan(room)
    plan.take_class(class_list(tmp_path))
    bad = tmp_path / "bad.csv"
    bad.write_text("学号,姓名\n1,甲\n1,乙\n", encoding="utf-8")

    plan.take_class(bad)

    assert [one.number for one in plan.draft.entrants] == ["1001", "1002"]
    assert "3:1" in plan._findings.words.words


def test_what_was_entered_can_be_taken_back(room: Classroom) -> None:
    _, plan = open_plan(room)
    type_into(plan, "plan-title", "Final")
    click(plan, "plan-anew")
    assert plan.draft.title == ""

    click(plan, "plan-undo")

    assert plan.draft.title == "Final"


def test_forms_can_be_looked_at_before_there_is_a_class(room: Classroom) -> None:
    _, plan = open_plan(room)
    type_into(plan, "plan-title", "Final")
    plan._show_preview()
    dialog = plan.window().findChild(PreviewDialog)
    assert dialog is not None

    shown = dialog.page.toPlainText()

    assert "Final" in shown
    assert shown.count("right") == 5
    dialog.close()


def test_lines_and_sections_come_and_go(room: Classroom) -> None:
    _, plan = open_plan(room)
    click(plan, "add-line")
    assert [len(section.lines) for section in plan.draft.sections] == [2]
    click(plan, "plan-add-section")
    assert len(plan._lines) == 2

    plan._presenter.remove_line(0, 1)
    plan._presenter.remove_section(1)

    assert [len(section.lines) for section in plan.draft.sections] == [1]
    assert plan._presenter.report.questions == 5
