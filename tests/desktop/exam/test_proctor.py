from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.services.exam_rooms import Pc, make_exam
from trainer.desktop.exam.proctor import ProctorPage, Report
from trainer.desktop.look import Look
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages


@pytest.fixture
def page(qtbot: QtBot, look: Look, messages: Messages, tmp_path: Path) -> ProctorPage:
    pc = Pc(make_exam(), tmp_path / "pc")
    attempt = pc.sit("1001")
    attempt.finish("candidate")
    pc.stop()

    def run(_title: str, work: object, done: object) -> None:
        def report(_done: int, _total: int) -> None:
            pass

        counted: Report = report
        try:
            done(work(counted))  # type: ignore[operator] # two functions
        except TrainerError as error:
            made.tell(error)

    made = ProctorPage(look, messages, pc.station(), tmp_path, run)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def test_a_pc_is_looked_at(page: ProctorPage) -> None:
    button = page.findChild(QAbstractButton, "proctor-check")
    assert button is not None

    button.click()

    assert len(page.lines) >= 6
    assert all(line and not line.startswith("exam.") for line in page.lines)


def test_results_are_collected_with_their_receipts(page: ProctorPage, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    page.collect_to(stick)

    (line,) = page.lines
    assert "1001" in line
    assert len(list(stick.glob("*.xrs"))) == 1
    page.collect_to(stick)
    assert page.lines == [line]


def test_nothing_to_carry_is_said(page: ProctorPage, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    page.carry_from(empty)

    assert "no attempt" in page.lines[0]
