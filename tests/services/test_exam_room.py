"""A candidate's session without a window: begin, work, interruptions, codes, the end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.services.exam_rooms import MINUTE, PERSONAL, ROOM, Exam, Pc, make_exam, pick
from trainer.cards.response import Entered
from trainer.exams.attempt_state import State, replay
from trainer.exams.bundle import read_bundle
from trainer.exams.clock import Stamp
from trainer.exams.deadline import Allowance
from trainer.exams.keys import ExamError
from trainer.exams.log import Record
from trainer.exams.model import Answered, Event, Section, SectionEntered, Started, TimeRules
from trainer.services.exam_earlier import HELD_MACHINE


@pytest.fixture(scope="module")
def exam() -> Exam:
    return make_exam()


@pytest.fixture
def pc(exam: Exam, tmp_path: Path) -> Iterator[Pc]:
    one = Pc(exam, tmp_path)
    yield one
    one.kill()


def state_of(pc: Pc) -> State:
    """What the teacher reads from this PC's files."""
    return replay(pc.records(), pc.exam.header.time, Allowance())


def chosen(state: State) -> dict[str, object]:
    return {at: one.response and one.response.options for at, one in state.answers.items()}  # type: ignore[union-attr]


def test_what_is_answered_is_what_the_teacher_reads(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0").result()
    attempt.answer(pick(0, 1)).result()
    attempt.answer(pick(0, 2)).result()
    attempt.flag("i3", True).result()
    pc.work(attempt, 30)
    receipt = attempt.finish("candidate")
    pc.stop()

    state = state_of(pc)

    assert chosen(state) == {"i0": (2,)}
    assert state.flags == {"i3"}
    assert state.finished == "candidate"
    assert state.last is not None
    assert state.last.active == 30_000
    bundle = read_bundle(next((pc.folder / "attempts").rglob("result.xrs")).read_bytes())
    assert (bundle.index.receipt, bundle.index.records) == (receipt.code, receipt.records)
    assert bundle.index.finished


def test_t30_a_restarted_program_shows_what_was_answered_in_one_attempt(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    attempt.answer(pick(0, 1)).result()
    attempt.answer(pick(1, 3)).result()
    attempt.flag("i1", True).result()
    known = attempt.attempt_id
    pc.work(attempt, 10)
    pc.kill()
    pc.clock.go(20_000)

    entered = pc.enter()

    again = entered.attempt
    assert entered.resumed
    assert entered.held == ""
    assert {at: one.response for at, one in again.answers.items()} == {
        "i0": pick(0, 1).response,
        "i1": pick(1, 3).response,
    }
    assert again.flags == {"i1"}
    assert again.tick().left == 3600 - 10  # personal clock: the 20 seconds off are free
    assert getattr(again, "attempt_id", "") == known
    again.finish("candidate")
    pc.stop()
    state = state_of(pc)
    assert (state.restarts, state.gap) == (1, 20)
    assert chosen(state) == {"i0": (1,), "i1": (3,)}


def test_by_the_rooms_clock_time_off_counts(tmp_path: Path) -> None:
    pc = Pc(make_exam(ROOM), tmp_path)
    attempt = pc.sit()
    attempt.show("i0")
    pc.work(attempt, 60)
    pc.kill()
    pc.clock.go(10 * MINUTE)

    entered = pc.enter()

    assert entered.held == ""
    assert entered.attempt.tick().left == 3600 - 660
    pc.kill()


def test_t42_twenty_restarts_gain_no_more_than_the_rules_allow(tmp_path: Path) -> None:
    rules = replace(PERSONAL, free_restarts=50)
    pc = Pc(make_exam(rules), tmp_path)
    attempt = pc.sit()
    attempt.show("i0")
    began = pc.clock.ticks
    held = []
    for _ in range(20):
        pc.work(attempt, 5)
        pc.kill()
        pc.clock.go(9_000)
        attempt = pc.sit()
        held.append(attempt.held)
        if attempt.held:
            break
    assert held[-1] == "exam.held-gap"
    # 9 seconds off and 5 that no heartbeat has seen: nine times 14 are the first above 120.
    assert len(held) == 9
    left = attempt.tick().left
    passed = (pc.clock.ticks - began) // 1000
    assert passed - (3600 - left) <= 120 + 14

    assert attempt.answer(pick(0, 1)).exception() is None  # the second in which it was held
    pc.clock.go(2000)
    assert isinstance(attempt.answer(pick(0, 1)).exception(), ExamError)
    pc.kill()
    attempt = pc.sit()
    assert attempt.held == "exam.held-gap"  # starting again does not get round it
    code = pc.exam.code("1001", "resume")
    assert attempt.use_code(code) == "exam.code-resume"
    assert attempt.tick().held == ""
    attempt.answer(pick(0, 2)).result()
    pc.kill()


def test_t42_after_the_free_restarts_each_one_asks(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    helds = []
    for _ in range(3):
        pc.kill()
        pc.clock.go(1000)
        helds.append(pc.enter().held)
    assert helds == ["", "", "exam.held-restarts"]


def test_t45_resumed_after_the_deadline_nothing_can_be_changed(tmp_path: Path) -> None:
    pc = Pc(make_exam(ROOM), tmp_path)
    attempt = pc.sit()
    attempt.show("i0")
    attempt.answer(pick(0, 1)).result()
    pc.kill()
    pc.clock.go(3_601_000)

    again = pc.sit()
    assert again.tick().over
    pc.clock.go(1_000)
    assert isinstance(again.answer(pick(0, 3)).exception(), ExamError)
    again.finish("time")
    pc.stop()

    state = state_of(pc)
    assert chosen(state) == {"i0": (1,)}
    assert state.finished == "time"


def test_the_flush_at_time_out_counts(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    pc.work(attempt, 3600)
    assert attempt.tick().over
    attempt.answer(pick(0, 2)).result()
    attempt.finish("time")
    pc.stop()

    assert chosen(state_of(pc)) == {"i0": (2,)}


def test_t37_an_attempt_moved_to_another_pc_goes_on_with_a_code(pc: Pc, tmp_path: Path) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    attempt.answer(pick(0, 1)).result()
    pc.work(attempt, 60)
    pc.kill()
    other = Pc(pc.exam, tmp_path / "other", machine="pc-2", seed="other")
    other.clock.wall = pc.clock.wall + 90_000
    other.clock.boot, other.clock.up = "another", 20_000_000
    shutil.copytree(pc.folder / "attempts", other.folder / "attempts")

    entered = other.enter()

    again = entered.attempt
    assert entered.held == HELD_MACHINE
    assert again.answers["i0"] == pick(0, 1)
    assert again.use_code(other.exam.code("1001", "resume")) == "exam.code-resume"
    assert again.tick().held == ""
    assert again.tick().left == 3600 - 60
    again.answer(pick(1, 2)).result()
    again.finish("candidate")
    other.stop()
    state = state_of(other)
    assert chosen(state) == {"i0": (1,), "i1": (2,)}
    assert "exam.note-machine" in {note.code for note in state.notes}


@pytest.mark.parametrize("jump", [3_600_000, -3_600_000, -20 * 365 * 86_400_000])
def test_t39_the_wall_clock_changes_nothing(pc: Pc, jump: int) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    pc.work(attempt, 60)
    pc.clock.wall += jump
    pc.clock.zone += 60
    pc.work(attempt, 60)
    assert attempt.tick().left == 3600 - 120
    attempt.finish("candidate")
    pc.stop()

    notes = {note.code for note in state_of(pc).notes}
    assert {"exam.note-clock-wall-jump", "exam.note-clock-zone"} <= notes


def test_t40_sleep_is_coded_by_the_personal_clock(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    pc.clock.go(10 * MINUTE)

    moment = attempt.tick()

    assert moment.held == "exam.held-gap"
    assert moment.left == 3600
    pc.clock.go(5000)
    assert attempt.tick().left == 3600  # waiting for the proctor costs nothing
    attempt.use_code(pc.exam.code("1001", "resume"))
    assert attempt.tick().held == ""


def test_t46_codes_that_are_none(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    exam = pc.exam
    good = exam.code("1001", "plus-5")
    assert attempt.use_code(good) == "exam.code-plus-5"
    assert attempt.tick().left == 3900
    delays = []

    def refused(text: str, code: str = "exam.code-wrong") -> None:
        with pytest.raises(ExamError) as caught:
            attempt.use_code(text)
        assert caught.value.code == code
        with pytest.raises(ExamError) as waiting:
            attempt.use_code(exam.code("1001", "plus-10"))
        delays.append(int(str(waiting.value.blanks["seconds"])))
        pc.clock.go(1000 * delays[-1])

    refused(good, "exam.code-used")
    refused(exam.code("1002", "plus-5"))
    refused(exam.code("1001", "plus-5").replace("F1", "T1"))
    refused(exam.code("1001", "plus-5").replace("F1", "F2"))
    refused("F9: 00000-00000")
    assert delays == [1, 2, 4, 8, 16]
    for _ in range(3):
        refused("F3: ZZZZZ-ZZZZZ")
    assert delays[-3:] == [30, 30, 30] or delays[-3:] == [32, 60, 60]
    assert attempt.use_code(exam.code("1001", "plus-10")) == "exam.code-plus-10"
    attempt.finish("candidate")
    pc.stop()
    state = state_of(pc)
    assert state.grants == 900
    assert sum(note.code == "exam.note-code-refused" for note in state.notes) == 8


def test_t46_a_used_code_stays_used_after_a_restart_and_so_does_the_wait(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    attempt.use_code(pc.exam.code("1001", "plus-5"))
    for _ in range(3):
        with pytest.raises(ExamError):
            attempt.use_code("F3: ZZZZZ-ZZZZZ")
        pc.clock.go(4000)
    pc.kill()

    again = pc.sit()

    with pytest.raises(ExamError, match=r"code-wrong\(seconds=4\)"):
        again.use_code(pc.exam.code("1001", "plus-5"))
    pc.clock.go(4000)
    with pytest.raises(ExamError, match=r"code-used"):
        again.use_code(pc.exam.code("1001", "plus-5"))
    assert again.tick().left > 3600


def test_a_code_that_would_do_nothing_is_not_used_up(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    for action in ("resume", "unlock", "reopen"):
        with pytest.raises(ExamError, match="code-idle"):
            attempt.use_code(pc.exam.code("1001", action))

    assert attempt.use_code(pc.exam.code("1001", "pause")) == "exam.code-pause"
    pc.work(attempt, 300)
    assert attempt.tick().held == "exam.held-pause"
    assert attempt.tick().left == 3600
    attempt.use_code(pc.exam.code("1001", "resume"))
    pc.work(attempt, 10)
    assert attempt.tick().left == 3590


def test_a_pause_outlives_the_program(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    attempt.use_code(pc.exam.code("1001", "pause"))
    pc.kill()
    pc.clock.go(600_000)

    again = pc.enter()

    assert again.held == "exam.held-pause"
    assert again.attempt.tick().left == 3600


def test_away_too_long_a_proctor_unlocks(tmp_path: Path) -> None:
    pc = Pc(make_exam(lock_after=10), tmp_path)
    attempt = pc.sit()
    attempt.show("i0")
    attempt.went_away()
    attempt.came_back(3_000)
    assert attempt.tick().held == ""
    attempt.came_back(12_000)
    assert attempt.tick().held == "exam.held-away"
    pc.work(attempt, 60)
    assert attempt.tick().left == 3540  # being locked out is no pause
    pc.kill()
    attempt = pc.sit()
    assert attempt.tick().held == "exam.held-away"
    attempt.use_code(pc.exam.code("1001", "unlock"))
    assert attempt.tick().held == ""
    pc.kill()


def test_what_was_handed_in_opens_again_with_a_code_alone(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    attempt.answer(pick(0, 1)).result()
    receipt = attempt.finish("candidate")
    pc.stop()

    with pytest.raises(ExamError, match="already-handed-in") as caught:
        pc.enter()
    assert caught.value.blanks["receipt"] == receipt.code
    with pytest.raises(ExamError, match="code-wrong"):
        pc.enter(code=pc.exam.code("1001", "resume"))

    again = pc.sit(code=pc.exam.code("1001", "reopen"))
    again.answer(pick(1, 2)).result()
    again.finish("candidate")
    pc.stop()
    state = state_of(pc)
    assert chosen(state) == {"i0": (1,), "i1": (2,)}
    with pytest.raises(ExamError, match="code-used"):
        pc.enter(code=pc.exam.code("1001", "reopen"))


def test_a_second_window_on_the_same_attempt_is_refused(pc: Pc, tmp_path: Path) -> None:
    pc.sit().show("i0").result()
    second = Pc(pc.exam, tmp_path, clock=pc.clock, seed="second")

    with pytest.raises(Exception, match=r"exam\.running"):
        second.enter()
    second.kill()


def test_another_candidates_ticket_opens_nothing(pc: Pc) -> None:
    with pytest.raises(ExamError, match=r"ticket-wrong"):
        pc.enter("1001", ticket=pc.exam.tickets["1002"])
    assert not list((pc.folder / "attempts").rglob("*")) if pc.folder.exists() else True


def test_t09_wrong_words_make_the_next_try_wait(exam: Exam, tmp_path: Path) -> None:
    from tests.exams.conftest import Entropy
    from trainer.exams.keys import new_passphrase

    pc = Pc(exam, tmp_path)
    from trainer.services.exam_room import ExamRoom

    room = ExamRoom(pc.station())
    room.open_content(exam.package)
    with pytest.raises(ExamError, match="words-wrong"):
        room.unlock(new_passphrase(Entropy("guess")))
    with pytest.raises(ExamError, match=r"exam\.wait\(seconds=1\)"):
        room.unlock(exam.words)
    pc.clock.go(1000)
    room.unlock(exam.words)


def test_late_comers_and_early_ones_do_not_start(tmp_path: Path) -> None:
    from tests.exams.conftest import NOW

    rules = TimeRules("room", 3600, NOW, NOW + 4_000_000, late_join=600)
    pc = Pc(make_exam(rules), tmp_path)
    pc.clock.wall = NOW - 1000
    with pytest.raises(ExamError, match="window-early"):
        pc.enter()
    pc.clock.wall = NOW + 601_000
    with pytest.raises(ExamError, match="window-late"):
        pc.enter()
    pc.clock.wall = NOW + 600_000
    attempt = pc.sit()
    attempt.show("i0")
    assert attempt.tick().left == 3400  # the window closes before the hour is over
    pc.kill()


def test_announcements_come_once_each(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    attempt.tick()
    told: list[int] = []
    for _ in range(3600):
        pc.clock.go(1000)
        told += attempt.tick().due
    assert told == [900, 300, 60]


def test_a_section_has_its_own_time_however_often_it_is_left(tmp_path: Path) -> None:
    sections = (Section("s1", "One", limit=60), Section("s2", "Two"))
    pc = Pc(make_exam(sections=sections), tmp_path)
    attempt = pc.sit()
    attempt.enter_section("s1")
    attempt.show("i0")
    pc.work(attempt, 40)
    attempt.enter_section("s2")
    pc.work(attempt, 30)
    attempt.enter_section("s1")
    assert attempt.tick().section_left == 20
    pc.kill()
    attempt = pc.sit()
    assert attempt.tick().section_left == 20
    pc.work(attempt, 19)
    pc.clock.go(1000)
    assert attempt.tick().section_over
    assert not attempt.tick().section_over
    pc.kill()


def test_t21_a_restored_copy_is_told_by_the_ticks(pc: Pc, tmp_path: Path) -> None:
    attempt = pc.sit()
    attempt.show("i0")
    attempt.answer(pick(0, 1)).result()
    pc.work(attempt, 20)
    attempt.retry().result()
    shutil.copytree(pc.folder / "attempts", tmp_path / "copy")
    attempt.answer(pick(0, 2)).result()
    pc.work(attempt, 60)
    pc.kill()
    shutil.rmtree(pc.folder / "attempts")
    shutil.copytree(tmp_path / "copy", pc.folder / "attempts")

    again = pc.sit()
    again.finish("candidate")
    pc.stop()

    state = state_of(pc)
    assert (state.restarts, state.gap) == (1, 60)
    assert chosen(state) == {"i0": (1,)}


def test_files_that_were_planted_do_not_hide_the_next_segment(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0").result()
    pc.kill()
    folder = next(pc.folder.rglob("segment-001.log")).parent
    for name in ("segment-002.log", "segment-999999.log", "segment-９９９.log", "x.log"):
        (folder / name).write_bytes(b"junk")

    again = pc.sit()
    again.answer(pick(0, 1)).result()
    pc.kill()
    third = pc.sit()

    assert third.answers == {"i0": pick(0, 1)}
    assert (folder / "segment-002.log").read_bytes() == b"junk"
    assert (folder / "segment-003.log").exists()
    assert (folder / "segment-004.log").exists()


def test_an_answer_no_frame_could_hold_is_refused(pc: Pc) -> None:
    attempt = pc.sit()
    attempt.show("i0").result()
    refused = attempt.answer(Answered("i0", Entered("学" * 9000))).exception()

    assert isinstance(refused, ExamError)
    assert refused.code == "exam.answer-long"
    assert attempt.answers == {}
    assert isinstance(attempt.answer(pick(77, 0)).exception(), ExamError)  # none of this form


def test_when_a_sections_time_is_over_its_questions_are_closed(tmp_path: Path) -> None:
    sections = (Section("s1", "One", limit=60), Section("s2", "Two"))
    pc = Pc(make_exam(sections=sections), tmp_path)
    attempt = pc.sit()
    attempt.enter_section("s1")
    attempt.show("i0")
    pc.work(attempt, 60)
    attempt.answer(pick(0, 1)).result()  # the flush as it ends
    pc.work(attempt, 5)
    assert isinstance(attempt.answer(pick(0, 2)).exception(), ExamError)
    attempt.enter_section("s2")
    attempt.answer(pick(4, 3)).result()
    assert isinstance(attempt.answer(pick(1, 2)).exception(), ExamError)
    pc.kill()


def test_the_marker_keeps_to_a_sections_time_too() -> None:
    """A patched program would take the answer; the log's own times tell."""

    def at(seconds: int) -> Stamp:
        return Stamp("b", 1000 * seconds, 0, 1000 * seconds, 1000 * seconds)

    sections = (Section("s1", "One", limit=60), Section("s2", "Two"))
    events: list[tuple[int, Event]] = [
        (0, Started()),
        (0, SectionEntered("s1")),
        (30, pick(0, 1)),
        (61, pick(1, 1)),
        (62, SectionEntered("s2")),
        (70, pick(4, 1)),
        (80, SectionEntered("s1")),
        (90, pick(0, 2)),
    ]
    records = [Record(at(seconds), event) for seconds, event in events]
    where = {"i0": "s1", "i1": "s1", "i4": "s2"}

    state = replay(records, PERSONAL, Allowance(), None, sections, where)

    assert state.answers == {"i0": pick(0, 1), "i1": pick(1, 1), "i4": pick(4, 1)}
    assert state.late == 1
    assert replay(records, PERSONAL, Allowance(10), None, sections, where).late == 1
    assert replay(records, PERSONAL, Allowance(50), None, sections, where).late == 0
