"""Kills, power cuts, full disks, shares that stall: what was shown as saved is never lost."""

import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from tests.services.exam_rooms import Exam, HandClock, Pc, PowerDisk, endless_exam, make_exam, pick
from trainer.cards.response import Chosen
from trainer.exams.attempt_state import replay
from trainer.exams.bundle import read_bundle, write_bundle
from trainer.exams.deadline import Allowance
from trainer.exams.keys import ExamError
from trainer.exams.log import read_segment
from trainer.exams.model import Answered, TimeRules
from trainer.foundation.chance import Chance
from trainer.foundation.errors import TrainerError
from trainer.services.exam_attempt import RunningAttempt
from trainer.storage.exam_log import SystemDisk
from trainer.storage.exam_mirror import FolderShare, Mirror, Stored

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def exam() -> Exam:
    return endless_exam()


def numbers(pc: Pc) -> list[int]:
    """What was answered, in the order of the log."""
    found: list[int] = []
    for record in pc.records():
        if isinstance(record.event, Answered) and isinstance(record.event.response, Chosen):
            found += record.event.response.options
    return found


def killed(exam: Exam, folder: Path, runs: int, chance: Chance) -> None:
    saved: list[int] = []
    attempts = set()
    first = 1
    for run in range(runs):
        words = [sys.executable, "-m", "tests.services.exam_child", folder, run, first]
        with subprocess.Popen(
            [str(word) for word in words], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
        ) as child:
            assert child.stdout is not None
            attempts.add(child.stdout.readline())
            time.sleep(chance.unit() * 0.15)
            child.send_signal(signal.SIGKILL)
            told = re.findall(r"^saved (\d+)$", child.stdout.read(), re.MULTILINE)
        saved += map(int, told)
        pc = Pc(exam, folder)
        logged = numbers(pc)
        assert len(logged) - len(saved) in {0, 1} or run > 0
        assert [one for one in saved if one not in set(logged)] == []
        first = max([first - 1, *logged]) + 1
    assert len(attempts) == 1
    logged = numbers(Pc(exam, folder))
    assert logged == sorted(set(logged))
    assert len(logged) - len(saved) <= runs  # at most one a run that was not told
    state = replay(Pc(exam, folder).records(), exam.header.time, Allowance())
    last = {f"i{n % 5}": n for n in logged}
    assert {at: one.response for at, one in state.answers.items()} == {
        at: Chosen((n,)) for at, n in last.items()
    }


def test_t29_killed_twenty_times_nothing_told_as_saved_is_lost(exam: Exam, tmp_path: Path) -> None:
    killed(exam, tmp_path, 20, Chance("kills"))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_t29_killed_two_hundred_times(exam: Exam, tmp_path: Path) -> None:
    killed(exam, tmp_path, 200, Chance("many kills"))


def play(attempt: RunningAttempt, saved: list[int], count: int, first: int = 1) -> None:
    attempt.show("i0").result()
    for number in range(first, first + count):
        attempt.answer(pick(number % 5, number)).result()
        saved.append(number)


@pytest.mark.parametrize("step", range(14))
def test_t30_cut_off_at_each_step_it_goes_on_as_one_attempt(
    exam: Exam, tmp_path: Path, step: int
) -> None:
    """The power goes at the n-th flush: of the genesis, an entry, a record, the end, the bundle."""
    disk = PowerDisk(Chance(f"step {step}"))
    pc = Pc(exam, tmp_path, disk=disk)
    saved: list[int] = []
    ended = False
    disk.cut_after = step
    try:
        attempt = pc.sit()
        play(attempt, saved, 4)
        attempt.finish("candidate")
        ended = True
    except TrainerError:
        pass
    pc.kill()
    disk.cut()

    again = Pc(exam, tmp_path, disk=disk, seed="again", clock=HandClock(ticks=5_060_000))
    if ended:
        with pytest.raises(ExamError, match="already-handed-in"):
            again.enter()
    else:
        attempt = again.sit()
        on_screen = {n for n in saved if attempt.answers.get(f"i{n % 5}") == pick(n % 5, n)}
        assert on_screen == set(saved)
        attempt.finish("candidate")
    again.stop()
    assert set(saved) <= set(numbers(again))
    chain = read_bundle(again.bundle()).chain
    assert chain.complete
    assert not chain.forked
    assert len({link.segment.binding.attempt_id for link in chain.links}) == 1


def power_cuts(exam: Exam, folder: Path, schedules: int) -> None:
    for schedule in range(schedules):
        chance = Chance(f"power {schedule}")
        disk = PowerDisk(chance)
        saved: list[int] = []
        clock = HandClock()
        for run in range(1 + chance.below(4)):
            pc = Pc(exam, folder, disk=disk, seed=f"{schedule}/{run}", clock=clock)
            disk.cut_after = chance.below(30)
            with suppress(TrainerError):
                play(pc.sit(), saved, 5, first=1 + max([0, *saved]) + run)
            pc.kill()
            disk.cut()
            clock.reboot()
        last = Pc(exam, folder, disk=disk, seed=f"{schedule}/last", clock=clock)
        last.sit().finish("candidate")
        last.stop()
        assert set(saved) <= set(numbers(last))
        assert read_bundle(last.bundle()).chain.complete


def test_t31_power_cuts_lose_nothing_that_was_flushed(exam: Exam, tmp_path: Path) -> None:
    power_cuts(exam, tmp_path, 100)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_t31_a_thousand_power_cuts(exam: Exam, tmp_path: Path) -> None:
    power_cuts(exam, tmp_path, 1000)


def test_a_full_disk_is_told_and_what_waited_follows(exam: Exam, tmp_path: Path) -> None:
    disk = PowerDisk()
    pc = Pc(exam, tmp_path, disk=disk)
    attempt = pc.sit()
    attempt.show("i0").result()
    disk.full = True
    refused = attempt.answer(pick(0, 1)).exception()
    assert isinstance(refused, TrainerError)
    assert refused.code == "disk.full"
    with pytest.raises(TrainerError, match=r"disk\.full"):
        attempt.finish("candidate")
    disk.full = False

    first, second = attempt.finish("candidate"), attempt.finish("time")

    assert first == second
    pc.stop()
    assert numbers(pc) == [1]
    chain = read_bundle(pc.bundle()).chain
    assert (chain.complete, chain.records) == (True, first.records)


class HalfDisk(SystemDisk):
    """Its local folder refuses from the moment somebody says so."""

    def __init__(self, refuses: Path) -> None:
        self._refuses = refuses
        self.full = False

    def append(self, path: Path, at: int, content: bytes) -> None:
        if self.full and path.is_relative_to(self._refuses):
            raise TrainerError("disk.full", path=str(path))
        super().append(path, at, content)


def test_when_the_disk_refuses_answers_go_to_a_second_place(exam: Exam, tmp_path: Path) -> None:
    disk = HalfDisk(tmp_path / "attempts")
    pc = Pc(exam, tmp_path, disk=disk, spare=tmp_path / "spare")
    attempt = pc.sit()
    play(attempt, [], 2)
    disk.full = True
    attempt.answer(pick(3, 3)).result()
    attempt.answer(pick(4, 4)).result()
    pc.kill()
    disk.full = False

    again = Pc(exam, tmp_path, disk=disk, spare=tmp_path / "spare", seed="again", clock=pc.clock)
    again.sit().finish("candidate")
    again.stop()

    logs = [*(tmp_path / "attempts").rglob("*.log"), *(tmp_path / "spare").rglob("*.log")]
    chain = read_bundle(write_bundle([path.read_bytes() for path in logs])).chain
    assert (chain.complete, chain.forked, chain.loose) == (True, False, ())
    assert len(chain.links[0].segment.bodies) == 6


class StallingShare(FolderShare):
    """Answers when it is let."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.open = threading.Event()
        self.asked = threading.Event()

    def append(self, name: str, content: bytes) -> None:
        self.asked.set()
        self.open.wait()
        super().append(name, content)


def test_t33_a_share_that_stalls_holds_nobody_up_and_catches_up(exam: Exam, tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    share = StallingShare(folder)
    pc = Pc(exam, tmp_path, share=share)
    attempt = pc.sit()
    assert share.asked.wait(10)
    saved: list[int] = []
    play(attempt, saved, 50)  # every one is acknowledged while the share says nothing
    attempt.finish("candidate")
    assert len(saved) == 50
    assert list(folder.iterdir()) == []
    share.open.set()
    pc.stop()

    (copy,) = folder.iterdir()
    assert copy.read_bytes() == next((tmp_path / "attempts").rglob("*.log")).read_bytes()


class FlickeringShare(FolderShare):
    """Breaks off in the middle of every other append."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._count = 0

    def append(self, name: str, content: bytes) -> None:
        self._count += 1
        if self._count % 2:
            super().append(name, content[: len(content) // 2])
            raise OSError(5, "gone")
        super().append(name, content)


def test_t33_a_copy_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    content = bytes(range(256)) * 20
    mirror = Mirror(FlickeringShare(tmp_path), [("one.log", Stored(content))], every=0.01)
    deadline = time.monotonic() + 20
    while not (tmp_path / "one.log").exists() or (tmp_path / "one.log").stat().st_size < 5120:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert mirror.close(5)

    assert (tmp_path / "one.log").read_bytes() == content


def test_t33_a_share_that_is_not_there_is_no_obstacle(exam: Exam, tmp_path: Path) -> None:
    pc = Pc(exam, tmp_path, share=FolderShare(tmp_path / "nowhere"))
    saved: list[int] = []
    play(pc.sit(), saved, 3)
    assert saved == [1, 2, 3]
    (tmp_path / "nowhere").mkdir()
    pc.stop()
    (copy,) = (tmp_path / "nowhere").iterdir()
    assert read_segment(copy.read_bytes()).records == 5


def test_after_a_restart_the_mirror_has_what_it_missed(exam: Exam, tmp_path: Path) -> None:
    pc = Pc(exam, tmp_path)
    play(pc.sit(), [], 3)
    pc.kill()
    share = tmp_path / "share"
    share.mkdir()
    again = Pc(exam, tmp_path, share=FolderShare(share), clock=pc.clock, seed="again")
    again.sit().finish("candidate")
    again.stop()

    chain = read_bundle(write_bundle([path.read_bytes() for path in share.iterdir()])).chain
    assert chain.complete
    assert len(chain.links) == 2


def test_a_lost_or_foreign_journal_costs_the_screen_and_no_answer(
    exam: Exam, tmp_path: Path
) -> None:
    for way in ("lost", "foreign", "torn", "older"):
        folder = tmp_path / way
        pc = Pc(exam, folder)
        attempt = pc.sit()
        play(attempt, [], 2)
        journal = next(folder.rglob("journal.bin"))
        early = journal.read_bytes()
        attempt.answer(pick(1, 9)).result()
        pc.kill()
        if way == "lost":
            journal.unlink()
        elif way == "foreign":
            journal.write_bytes(b"\0\0\0\x50" + b"x" * 80)
        elif way == "torn":
            journal.write_bytes(journal.read_bytes()[:-3])
        else:
            journal.write_bytes(early)
        again = Pc(exam, folder, clock=pc.clock, seed="again")
        attempt = again.sit()
        attempt.answer(pick(0, 5)).result()
        attempt.finish("candidate")
        again.stop()

        state = replay(again.records(), exam.header.time, Allowance())

        assert state.answers == {"i0": pick(0, 5), "i1": pick(1, 9), "i2": pick(2, 2)}, way


@pytest.mark.skipif(sys.platform != "linux", reason="time namespaces are Linux's")
def test_t40_a_boot_clock_that_jumped_is_an_interruption(tmp_path: Path) -> None:
    """The system's own clock: a child lives an hour later in the same boot."""
    shifted = ["unshare", "-T", "--boottime", "3600"]
    try:
        subprocess.run([*shifted, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no right to shift the boot clock of a child (needs root)")
    words = [sys.executable, "-m", "tests.services.exam_child", str(tmp_path), "held"]
    now = str(time.time_ns() // 1_000_000)

    def run(*before: str) -> list[str]:
        child = subprocess.run(
            [*before, *words, now], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
        )
        return child.stdout.split()

    assert run() == ["new", "3600", "-"]
    assert run()[::2] == ["resumed", "-"]
    how, left, held = run(*shifted)
    assert (how, held) == ("resumed", "exam.held-gap")
    assert int(left) >= 3590  # by the personal clock it is not counted


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_t38_four_hours_and_twenty_thousand_events(tmp_path: Path) -> None:
    import tracemalloc

    long = make_exam(TimeRules("personal", 14_400, 0, 0), seed="long", codes_each=0)
    pc = Pc(long, tmp_path)
    attempt = pc.sit()
    attempt.show("i0")
    sizes = []
    tracemalloc.start()
    for round_ in range(4):
        for number in range(5000):
            pc.clock.go(700)
            done = attempt.answer(pick(number % 5, number % 4))
        done.result()
        log = next(tmp_path.rglob("segment-001.log")).stat().st_size
        sizes.append((log, tracemalloc.get_traced_memory()[0]))
        assert round_ < 4
    tracemalloc.stop()
    pc.kill()
    growth = [later[0] - earlier[0] for earlier, later in pairwise(sizes)]
    assert max(growth) < 1.02 * min(growth)  # linear
    memory = sizes[-1][1] - sizes[0][1]
    assert memory < 2.5 * (sizes[-1][0] - sizes[0][0])  # the log itself, and nothing that piles up

    began = time.monotonic()
    later = Pc(long, tmp_path, clock=pc.clock, seed="again")
    again = later.sit()
    took = time.monotonic() - began

    assert len(again.answers) == 5
    later.kill()
    print(f"resume {took:.2f} s, log {sizes[-1][0] / 20_000:.0f} bytes an event")
