"""Time by ticks: what the wall clock, sleep, kills and reboots can and cannot change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from trainer.exams.attempt_state import over, seconds_left
from trainer.exams.clock import Counted, Reading, advance, begin, resume, same_boot
from trainer.exams.deadline import Allowance, deadline, may_start, time_limit, window_closes
from trainer.exams.model import ClockFault, TimeRules

PERSONAL = TimeRules("personal", 3600, 0, 0)
ROOM = TimeRules("room", 3600, 0, 0)
HOUR = 3_600_000
T0 = Reading("boot-1", 5_000_000, 1_780_000_000_000, 480, 5_000_000)


def later(reading: Reading, ms: int, *, wall: int | None = None) -> Reading:
    """`ms` later by the ticks; the wall goes along unless it says otherwise."""
    return Reading(
        reading.boot,
        reading.ticks + ms,
        reading.wall + (ms if wall is None else wall),
        reading.zone,
        reading.uptime + ms,
    )


def rebooted(reading: Reading, off: int, uptime: int, wall: int | None = None) -> Reading:
    """The PC was off for `off` ms and has been up for `uptime`."""
    gone = off + uptime if wall is None else wall
    return Reading("boot-2", uptime, reading.wall + gone, reading.zone, uptime)


def running(reading: Reading = T0) -> Counted:
    import dataclasses

    return dataclasses.replace(begin(reading), running=True)


def work(counted: Counted, ms: int, rules: TimeRules = PERSONAL) -> Counted:
    """Work with a tick a second."""
    for _ in range(ms // 1000):
        counted = advance(counted, later(counted.last, 1000), rules).counted
    return counted


def test_t39_the_wall_clock_changes_nothing_and_is_noted() -> None:
    for jump in (HOUR, -HOUR, -20 * 365 * 24 * HOUR):
        counted = work(running(), 60_000)
        step = advance(counted, later(counted.last, 1000, wall=1000 + jump), PERSONAL)

        assert step.counted.active == 61_000
        assert step.faults == (ClockFault("wall-jump", jump // 1000),)
        assert step.held == ""
        assert step.counted.moment - T0.wall == 61_000


def test_t39_a_zone_change_is_noted_and_changes_nothing() -> None:
    counted = work(running(), 10_000)
    moved = replace(later(counted.last, 1000), zone=540)

    step = advance(counted, moved, PERSONAL)

    assert step.counted.active == 11_000
    assert step.faults == (ClockFault("zone", 3600),)


def test_t40_sleep_is_an_interruption_by_the_rule_of_the_exam() -> None:
    asleep = later(work(running(), 60_000).last, 600_000)

    personal = advance(work(running(), 60_000), asleep, PERSONAL)
    room = advance(work(running(), 60_000), asleep, ROOM)

    assert personal.held == "exam.held-gap"
    assert personal.counted.active == 60_000
    assert room.held == ""
    assert room.counted.active == 660_000
    assert ClockFault("sleep", 600) in personal.faults


def test_a_short_restart_is_free_by_the_personal_clock() -> None:
    counted = work(running(), 60_000)

    step = resume(counted, later(counted.last, 90_000), PERSONAL)

    assert step.held == ""
    assert step.counted.active == 60_000
    assert step.gap == 90_000


def test_t42_kills_gain_no_more_than_the_free_gap_and_then_ask_for_a_code() -> None:
    rules = TimeRules("personal", 3600, 0, 0, free_gap=120, free_restarts=20)
    counted = work(running(), 10_000)
    asked = 0
    for _ in range(20):
        step = resume(counted, later(counted.last, 9_000), rules)
        counted = step.counted
        if step.held:
            asked += 1
            break
    gained = counted.last.ticks - T0.ticks - counted.active
    assert asked == 1
    assert gained - 9_000 <= 120_000  # what was not counted before the code was asked for

    few = TimeRules("personal", 3600, 0, 0, free_gap=1200, free_restarts=2)
    counted = work(running(), 10_000)
    helds = []
    for _ in range(3):
        step = resume(counted, later(counted.last, 1_000), few)
        counted = step.counted
        helds.append(step.held)
    assert helds == ["", "", "exam.held-restarts"]


def test_across_a_boot_the_wall_is_believed_only_where_it_can_be() -> None:
    counted = work(running(), 60_000)

    believed = resume(counted, rebooted(counted.last, 40_000, 30_000), PERSONAL)
    assert believed.held == ""
    assert believed.gap == 70_000

    back = resume(counted, rebooted(counted.last, 0, 30_000, wall=-HOUR), PERSONAL)
    assert back.held == "exam.held-clock"
    assert back.faults[0].what == "backwards"

    short = resume(counted, rebooted(counted.last, 0, 300_000, wall=10_000), PERSONAL)
    assert short.held == "exam.held-clock"
    assert short.gap == 300_000  # G2: at least the uptime


def test_a_dead_battery_needs_a_proctor() -> None:
    counted = work(running(), 60_000)
    dead = Reading("boot-2", 30_000, 0, 480, 30_000)

    assert resume(counted, dead, PERSONAL).held == "exam.held-clock"
    assert resume(counted, dead, ROOM).held == "exam.held-clock"


def test_nothing_counts_before_the_first_question() -> None:
    counted = begin(T0)
    counted = advance(counted, later(T0, 20_000), PERSONAL).counted

    assert counted.active == 0


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("boot-1", "boot-1", True),
        ("boot-1", "boot-2", False),
        ("windows-7", "windows-8", False),
        ("about-29800000", "about-29800001", True),  # the wall clock wavers
        ("about-29800000", "about-29800005", False),
        ("about-", "about-1", False),
        ("about-x", "about-x", True),
    ],
)
def test_which_readings_are_of_one_boot(before: str, after: str, same: bool) -> None:
    first = replace(T0, boot=before)
    second = replace(later(T0, 1000), boot=after)

    assert same_boot(first, second) is same
    assert not same_boot(second, first)  # ticks that go back are another boot in any case


RULES = st.builds(
    TimeRules,
    st.sampled_from(["room", "personal"]),
    st.integers(60, 20_000),
    st.sampled_from([0, 1_000_000]),
    st.sampled_from([0, 9_000_000]),
    st.integers(0, 3600),
)
ALLOWANCES = st.builds(Allowance, st.integers(0, 100), st.integers(0, 3600), st.integers(0, 1800))


@given(RULES, ALLOWANCES, st.integers(0, 20_000_000), st.integers(1, 1800))
def test_t43_the_deadline(rules: TimeRules, allowance: Allowance, start: int, more: int) -> None:
    granted = Allowance(allowance.extra_percent, allowance.extra, allowance.grants + more)
    extra = Allowance(allowance.extra_percent, allowance.extra + more, allowance.grants)

    end = deadline(start, rules, allowance)

    assert end >= start
    assert deadline(start, rules, granted) >= end
    assert deadline(start, rules, extra) >= end
    assert time_limit(rules, granted) == time_limit(rules, allowance) + more
    closes, moved = window_closes(rules, allowance), window_closes(rules, extra)
    assert (closes is None) == (rules.window_end == 0)
    if closes is not None and moved is not None:
        assert moved - closes == 1000 * more
    if rules.window_start and rules.late_join:
        assert not may_start(rules.window_start + 1000 * rules.late_join + 1, rules)


@given(RULES, ALLOWANCES, st.integers(0, 30_000))
def test_t43_screen_and_marker_agree(rules: TimeRules, allowance: Allowance, used: int) -> None:
    from trainer.exams.clock import Stamp

    stamp = Stamp("b", 0, 0, 1000 * used, 1_000_000 + 1000 * used)

    assert over(stamp, rules, allowance) == (seconds_left(stamp, rules, allowance) == 0)


@given(
    st.lists(
        st.tuples(st.sampled_from(["work", "kill", "sleep", "wall"]), st.integers(1, 200)),
        max_size=30,
    )
)
def test_g1_g2_time_that_counts_is_never_more_than_what_passed(
    acts: list[tuple[str, int]],
) -> None:
    for rules in (PERSONAL, ROOM):
        counted = running()
        for act, seconds in acts:
            before = counted.active
            if act == "work":
                counted = work(counted, 1000 * seconds, rules)
                assert counted.active == before + 1000 * seconds
            elif act == "kill":
                counted = resume(counted, later(counted.last, 1000 * seconds), rules).counted
            elif act == "sleep":
                counted = advance(counted, later(counted.last, 1000 * seconds), rules).counted
            else:
                moved = later(counted.last, 1000, wall=-1000 * seconds * 9)
                counted = advance(counted, moved, rules).counted
            assert counted.active >= before
        passed = counted.last.ticks - T0.ticks
        assert counted.active <= passed
        if rules is ROOM:
            assert counted.active == passed
