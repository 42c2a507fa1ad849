"""Whatever an honest candidate meets with, everything acknowledged counts and nothing is held
against them; whatever is tried with codes, none is made up."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exams.conftest import Entropy
from tests.services.exam_rooms import Exam, HandClock, Pc, PowerDisk, issued_to, make_exam, pick
from trainer.exams.bundle import read_bundle
from trainer.exams.keys import ExamError, new_code
from trainer.exams.model import Answered, ClockRule, CodeRefused, CodeUsed, TimeRules
from trainer.exams.verify import Result, open_result

CLOCKS: tuple[ClockRule, ...] = ("personal", "room")
EXAMS = {
    clock: make_exam(
        TimeRules(clock, 36_000, 0, 0, free_restarts=1000), seed=f"honest-{clock}", codes_each=40
    )
    for clock in CLOCKS
}
ACTS = st.one_of(
    st.tuples(st.just("answer"), st.integers(0, 4), st.integers(0, 3)),
    st.tuples(st.just("clear"), st.integers(0, 4), st.just(0)),
    st.tuples(st.just("work"), st.integers(1, 40), st.just(0)),
    st.tuples(st.just("kill"), st.integers(0, 90), st.just(0)),
    st.tuples(st.just("reboot"), st.integers(0, 90), st.just(0)),
    st.tuples(st.just("sleep"), st.integers(31, 200), st.just(0)),
    st.tuples(st.just("wall"), st.integers(-9000, 9000), st.just(0)),
    st.tuples(st.just("pause"), st.integers(0, 100), st.just(0)),
)


class Candidate:
    """Does as told, asks for a code whenever the exam stands still, and remembers."""

    def __init__(self, exam: Exam, folder: Path) -> None:
        self.exam, self.folder = exam, folder
        self.disk = PowerDisk()
        self.clock = HandClock()
        self.answers: dict[str, Answered] = {}
        self.codes = 0
        self.runs = 0
        self.begun = self.clock.ticks
        self.come_in()
        self.attempt.show("i0").result()

    def come_in(self) -> None:
        self.runs += 1
        self.pc = Pc(self.exam, self.folder, self.clock, self.disk, seed=f"run {self.runs}")
        self.attempt = self.pc.sit()
        self.go_on()

    def go_on(self) -> None:
        if self.attempt.tick().held:
            self.codes += 1
            self.attempt.use_code(self.exam.code("1001", "resume", self.codes))

    def do(self, act: str, first: int, second: int) -> None:
        match act:
            case "answer" | "clear":
                answered = pick(first, second) if act == "answer" else Answered(f"i{first}")
                self.attempt.answer(answered).result()
                self.answers[answered.item_id] = answered
            case "work":
                self.pc.work(self.attempt, first)
            case "kill" | "reboot":
                self.pc.kill()
                self.disk.cut()
                if act == "kill":
                    self.clock.go(1000 * first)
                else:
                    self.clock.reboot(off=1000 * first)
                self.come_in()
                assert dict(self.attempt.answers) == self.answers
            case "sleep":
                self.clock.go(1000 * first)
            case "wall":
                self.clock.wall += 1000 * first
            case _:
                self.attempt.use_code(self.exam.code("1001", "pause", self.codes + 1))
                self.clock.go(1000 * first)
        self.go_on()

    def end(self) -> Result:
        self.attempt.finish("candidate")
        self.pc.stop()
        package = self.pc.package()
        issued = issued_to(self.exam, "1001")
        bundle = read_bundle(self.pc.bundle())
        header = package.header
        return open_result(bundle, header, package.header_digest, issued, self.exam.teacher)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("honest")


@pytest.mark.parametrize("clock", CLOCKS)
@given(acts=st.lists(ACTS, max_size=14))
@settings(max_examples=60, deadline=None)
def test_an_honest_candidate_loses_nothing_and_is_accused_of_nothing(
    clock: ClockRule, folder: Path, acts: list[tuple[str, int, int]]
) -> None:
    candidate = Candidate(EXAMS[clock], folder)
    for act in acts:
        candidate.do(*act)

    result = candidate.end()

    assert result.state.answers == candidate.answers
    assert result.clean
    assert result.state.late == 0
    assert {remark.code for remark in result.remarks} == set()


def test_t46_a_thousand_made_up_codes(tmp_path: Path) -> None:
    pc = Pc(EXAMS["personal"], tmp_path)
    attempt = pc.sit()
    attempt.show("i0")
    entropy = Entropy("guesses")
    for number in range(1000):
        letter = "RFTPKNQ"[number % 7]
        with pytest.raises(ExamError, match="code-wrong"):
            attempt.use_code(f"{letter}{1 + number % 40}: {new_code(entropy)}")
        for _ in range(3):
            pc.clock.go(20_000)
            attempt.tick()
    pc.kill()
    events = [record.event for record in pc.records()]
    assert sum(isinstance(event, CodeRefused) for event in events) == 1000
    assert not any(isinstance(event, CodeUsed) for event in events)
