"""Time in an exam, counted by the system's ticks: what the wall clock says is only noted.

What can be known without a trusted clock:

G1  within one boot, elapsed time is exact whatever happens to the wall clock, the process or sleep;
G2  across boots at least the time seen running and the new boot's uptime have passed;
G3  no upper bound across a boot exists: the wall's difference is the only estimate, and one that is
    smaller than the uptime, or negative, is a clock fault that a proctor has to settle;
G4  every jump of the wall against the ticks, every zone change and every sleep is recorded.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from trainer.cards.model import Value
from trainer.exams.model import ClockFault, TimeRules

HEARTBEAT_MS = 10_000
INTERRUPTION_MS = 30_000  # longer without a heartbeat is an interruption, whatever the boot says
WALL_JUMP_MS = 5_000
ABOUT = "about-"


class Reading(Value, frozen=True):
    """What the system says now. `ticks` count sleep, from an arbitrary beginning within a boot."""

    boot: str
    ticks: int  # ms
    wall: int  # ms UTC
    zone: int  # minutes east of UTC
    uptime: int  # ms since the boot, sleep included


class ExamClock(Protocol):
    def read(self) -> Reading: ...


class Stamp(Value, frozen=True):
    """When a record was made. `active` is the time that counts against the candidate, in ms;
    `moment` is ms UTC as reckoned from the beginning of the segment by ticks."""

    boot: str
    ticks: int
    wall: int
    active: int
    moment: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How much time has been used, and by what it is known."""

    last: Reading
    active: int = 0  # ms that count
    moment: int = 0  # ms UTC, reckoned
    gap: int = 0  # ms off so far that were not counted
    restarts: int = 0
    running: bool = False  # whether the exam has begun and is not paused

    def stamp(self) -> Stamp:
        last = self.last
        return Stamp(last.boot, last.ticks, last.wall, self.active, self.moment)


@dataclass(frozen=True, slots=True)
class Step:
    """Time went on: the new count, what has to be noted, and why a proctor is needed ("" if not):
    exam.held-gap, exam.held-restarts or exam.held-clock."""

    counted: Counted
    faults: tuple[ClockFault, ...] = ()
    held: str = ""
    gap: int = 0  # ms of the interruption, 0 for none


def begin(reading: Reading) -> Counted:
    return Counted(reading, moment=reading.wall)


def advance(counted: Counted, reading: Reading, rules: TimeRules) -> Step:
    """Time within one run of the program, asked at least once a second."""
    last = counted.last
    if not same_boot(last, reading):
        return _interrupted(counted, reading, rules, restart=False)
    elapsed = reading.ticks - last.ticks
    faults = [*_wall_faults(last, reading, elapsed)]
    if elapsed > INTERRUPTION_MS:
        faults.append(ClockFault("sleep", elapsed // 1000))
        step = _off(counted, reading, elapsed, rules, restart=False)
        return replace(step, faults=(*faults, *step.faults))
    active = counted.active + (elapsed if counted.running else 0)
    moved = replace(counted, last=reading, active=active, moment=counted.moment + elapsed)
    return Step(moved, tuple(faults))


def resume(counted: Counted, reading: Reading, rules: TimeRules) -> Step:
    """The program was started again: `counted` is what the log knows."""
    return _interrupted(counted, reading, rules, restart=True)


def same_boot(before: Reading, after: Reading) -> bool:
    """Whether the ticks of both readings count from one beginning. Where the system has no mark of
    its own, the boot is "about-" and the minute it began by the wall clock, which wavers."""
    if after.ticks < before.ticks:
        return False
    if before.boot.startswith(ABOUT) and after.boot.startswith(ABOUT):
        minutes = (before.boot[len(ABOUT) :], after.boot[len(ABOUT) :])
        if all(minute.isdigit() for minute in minutes):
            return abs(int(minutes[0]) - int(minutes[1])) <= 1
    return before.boot == after.boot


def _interrupted(counted: Counted, reading: Reading, rules: TimeRules, *, restart: bool) -> Step:
    last = counted.last
    if same_boot(last, reading):
        elapsed = reading.ticks - last.ticks
        faults = _wall_faults(last, reading, elapsed)
        step = _off(counted, reading, elapsed, rules, restart=restart)
        return replace(step, faults=(*faults, *step.faults))
    wall_gap = reading.wall - last.wall
    if wall_gap < 0 or wall_gap < reading.uptime - WALL_JUMP_MS:
        # G3: the wall contradicts what is certain. The least that passed is counted.
        fault = ClockFault("backwards" if wall_gap < 0 else "gap", wall_gap // 1000)
        step = _off(counted, reading, max(reading.uptime, 0), rules, restart=restart)
        return replace(step, faults=(fault, *step.faults), held="exam.held-clock")
    return _off(counted, reading, wall_gap, rules, restart=restart)


def _off(counted: Counted, reading: Reading, gap: int, rules: TimeRules, *, restart: bool) -> Step:
    """A time nobody worked. It counts by the room's clock; by the personal clock it is free up to
    `free_gap` in all, and beyond that the proctor decides."""
    restarts = counted.restarts + restart
    moved = replace(counted, last=reading, moment=counted.moment + gap, restarts=restarts)
    if not counted.running:
        return Step(moved, gap=gap)
    if rules.clock == "room":
        return Step(replace(moved, active=counted.active + gap), gap=gap)
    total = counted.gap + gap
    moved = replace(moved, gap=total)
    if total > 1000 * rules.free_gap:
        return Step(moved, held="exam.held-gap", gap=gap)
    if restarts > rules.free_restarts:
        return Step(moved, held="exam.held-restarts", gap=gap)
    return Step(moved, gap=gap)


def _wall_faults(last: Reading, reading: Reading, elapsed: int) -> tuple[ClockFault, ...]:
    faults = []
    jump = (reading.wall - last.wall) - elapsed
    if abs(jump) > WALL_JUMP_MS:
        faults.append(ClockFault("wall-jump", jump // 1000))
    if reading.zone != last.zone:
        faults.append(ClockFault("zone", 60 * (reading.zone - last.zone)))
    return tuple(faults)
