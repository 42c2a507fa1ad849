"""An attempt carried to another PC on a stick, and what hostile sticks cannot do."""

import shutil
from pathlib import Path

import pytest

from tests.services.exam_rooms import MINUTE, Exam, Pc, make_exam
from trainer.cards.response import Chosen
from trainer.exams.keys import ExamError
from trainer.exams.model import Answered
from trainer.services.exam_carry import carry_in


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam()


def nobody(_done: int, _total: int) -> None:
    pass


def begun(exam: Exam, folder: Path) -> Pc:
    pc = Pc(exam, folder / "one")
    attempt = pc.sit("1001")
    attempt.show("i0").result()
    attempt.answer(Answered("i0", Chosen((2,)))).result()
    pc.stop()
    return pc


def test_t37_the_attempt_goes_on_at_another_pc_with_a_code(exam: Exam, tmp_path: Path) -> None:
    pc = begun(exam, tmp_path)
    stick = tmp_path / "stick" / "anything"
    shutil.copytree(pc.folder / "attempts", stick)
    other = Pc(exam, tmp_path / "two", machine="pc-2", seed="two")
    other.clock.go(2 * MINUTE)

    (brought,) = carry_in(stick.parent, other.folder / "attempts", nobody)
    assert brought.candidate == "1001"
    entered = other.enter("1001")

    assert entered.resumed
    assert entered.held == "exam.held-machine"
    assert entered.attempt.answers["i0"].response == Chosen((2,))
    entered.attempt.use_code(exam.code("1001", "resume"))
    entered.attempt.answer(Answered("i1", Chosen((1,)))).result()
    entered.attempt.finish("candidate")
    other.stop()


def test_carrying_twice_changes_nothing_and_never_takes_back(exam: Exam, tmp_path: Path) -> None:
    pc = begun(exam, tmp_path)
    root = tmp_path / "two"
    carry_in(pc.folder / "attempts", root, nobody)
    (log,) = root.rglob("segment-001.log")
    whole = log.read_bytes()
    shorter = tmp_path / "older"
    shutil.copytree(pc.folder / "attempts", shorter)
    (old,) = shorter.rglob("segment-001.log")
    old.write_bytes(whole[:-200])

    carry_in(pc.folder / "attempts", root, nobody)
    carry_in(shorter, root, nobody)

    assert log.read_bytes() == whole


def test_a_stick_cannot_write_anywhere_else(exam: Exam, tmp_path: Path) -> None:
    pc = begun(exam, tmp_path)
    stick = tmp_path / "stick"
    shutil.copytree(pc.folder / "attempts", stick)
    (log,) = stick.rglob("segment-001.log")
    (stick / "segment-002.log").write_bytes(b"no log at all")
    (stick / "segment-003.log").symlink_to(log)
    (log.parent / "journal.bin").unlink(missing_ok=True)
    (log.parent / "journal.bin").symlink_to("/etc/passwd")
    root = tmp_path / "two" / "attempts"

    carry_in(stick, root, nobody)

    written = [path for path in (tmp_path / "two").rglob("*") if path.is_file()]
    assert [path.name for path in written] == ["segment-001.log"]


def test_an_empty_stick_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExamError, match=r"exam\.nothing-to-carry"):
        carry_in(tmp_path, tmp_path / "root", nobody)
