"""When an attempt ends: one function that screen, engine and marker share."""

from dataclasses import dataclass

from trainer.exams.model import TimeRules


@dataclass(frozen=True, slots=True)
class Allowance:
    """A candidate's extra time: from the capsule, and from codes used so far (seconds)."""

    extra_percent: int = 0
    extra: int = 0
    grants: int = 0


def time_limit(rules: TimeRules, allowance: Allowance) -> int:
    """Seconds the candidate may work, grants included; a part of a second counts as one."""
    return rules.limit + extra_time(rules, allowance) + allowance.grants


def extra_time(rules: TimeRules, allowance: Allowance) -> int:
    return -(-rules.limit * allowance.extra_percent // 100) + allowance.extra


def window_closes(rules: TimeRules, allowance: Allowance) -> int | None:
    """The end of the window for this candidate (ms UTC); None when there is no window.

    Extra time and grants move it: a candidate with 15 minutes more is not cut off with the room.
    """
    if not rules.window_end:
        return None
    return rules.window_end + 1000 * (extra_time(rules, allowance) + allowance.grants)


def deadline(started: int, rules: TimeRules, allowance: Allowance) -> int:
    """The moment (ms UTC) after which nothing counts, for an attempt begun at `started`.

    min(start + limit + extra + grants, window end + extra + grants), never before `started`.
    """
    end = started + 1000 * time_limit(rules, allowance)
    closes = window_closes(rules, allowance)
    return max(started, end if closes is None else min(end, closes))


def may_start(now: int, rules: TimeRules) -> bool:
    """Whether the window and the late-join rule let somebody start at `now` (ms UTC)."""
    if rules.window_start and now < rules.window_start:
        return False
    if rules.window_end and now >= rules.window_end:
        return False
    last = rules.window_start + 1000 * rules.late_join
    return not (rules.window_start and rules.late_join and now > last)
