"""What penalties add up to: an account's standing on a day, what comes next, and why."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from trainer.penalties.rulebook import Rulebook, Threshold, Track, Violation


@dataclass(frozen=True, slots=True)
class Penalty:
    """Points given to an account on a day (the platform's day).

    `ended_on` is the day on which they were taken back, if they were, or the breach was mended.
    """

    given_on: date
    track_id: str
    points: Fraction
    violation_id: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Lapse:
    """Points that leave the record on a day."""

    day: date
    points: Fraction


@dataclass(frozen=True, slots=True)
class TrackStanding:
    """One record of an account on one day."""

    track: Track
    points: Fraction
    counted: tuple[Penalty, ...]  # that still count, oldest first
    reached: Threshold | None
    next: Threshold | None
    lapses: tuple[Lapse, ...]  # that are still to come, soonest first

    @property
    def to_next(self) -> Fraction | None:
        """Points until the next threshold; None above the highest."""
        return None if self.next is None else self.next.at - self.points

    @property
    def clean_on(self) -> date | None:
        """The first day without points if nothing is added; None when some never lapse."""
        if not self.counted:
            return None
        ends = [end_of(penalty, self.track) for penalty in self.counted]
        return None if None in ends else max(end for end in ends if end is not None)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the explanation: what came or went on a day, and what it led to."""

    day: date
    kind: str  # "given" or "lapsed"
    points: Fraction
    total: Fraction  # on the track, after the whole event
    violation_id: str
    crossed: tuple[Threshold, ...]  # thresholds reached by this event, ascending


@dataclass(frozen=True, slots=True)
class Effect:
    """What one more violation would do."""

    violation: Violation
    before: Fraction
    after: Fraction
    crossed: tuple[Threshold, ...]


def points_on(day: date, penalties: Iterable[Penalty], track: Track) -> Fraction:
    """Points that count against the account on `track` on `day`.

    A penalty counts from the day it is given until its window has passed: see Window.end_of.
    """
    return sum(
        (penalty.points for penalty in penalties if _counts(penalty, track, day)), Fraction(0)
    )


def standing_of(track: Track, penalties: Iterable[Penalty], day: date) -> TrackStanding:
    """The record `track` on `day`. The order of `penalties` does not matter."""
    counted = sorted((p for p in penalties if _counts(p, track, day)), key=_by_day)
    points = sum((penalty.points for penalty in counted), Fraction(0))
    leaving: dict[date, Fraction] = {}
    for penalty in counted:
        end = end_of(penalty, track)
        if end is not None:
            leaving[end] = leaving.get(end, Fraction(0)) + penalty.points
    lapses = tuple(Lapse(end, leaving[end]) for end in sorted(leaving))
    reached, following = track.reached(points), track.next_above(points)
    return TrackStanding(track, points, tuple(counted), reached, following, lapses)


def standing_on(
    day: date, penalties: Sequence[Penalty], rulebook: Rulebook
) -> Mapping[str, TrackStanding]:
    """Every record of the account on `day`, by track id."""
    return {
        track_id: standing_of(track, penalties, day) for track_id, track in rulebook.tracks.items()
    }


def effect_of(
    violation: Violation,
    day: date,
    penalties: Iterable[Penalty],
    rulebook: Rulebook,
    points: Fraction | None = None,
) -> Effect:
    """What `violation` on `day` would do; `points` where the table leaves a range, else its least.

    Raises KeyError when the violation's track is not in the rulebook.
    """
    track = rulebook.tracks[violation.track_id]
    before = points_on(day, penalties, track)
    after = before + (violation.low if points is None else points)
    return Effect(violation, before, after, track.crossed(before, after))


def mistakes_left(violation: Violation, points: Fraction, limit: Fraction) -> int | None:
    """How many more times the violation can happen before `limit` is reached.

    None when it costs nothing. With 40 points, 2 a time and a limit of 48: three, because the
    fourth reaches 48.
    """
    if violation.low <= 0:
        return None
    room = limit - points
    return max(0, -(-room // violation.low) - 1)


def explain(track: Track, penalties: Iterable[Penalty], until: date) -> list[Event]:
    """What came and went on `track` up to and including `until`, day by day.

    On one day points lapse before new ones are given, and a day's penalties are one event each, in
    the order of their violations, so the explanation does not depend on how they were entered.
    """
    moves: list[tuple[date, int, str, Fraction]] = []
    for penalty in penalties:
        if penalty.track_id != track.track_id or penalty.given_on > until:
            continue
        moves.append((penalty.given_on, 1, penalty.violation_id, penalty.points))
        end = end_of(penalty, track)
        if end is not None and end <= until:
            moves.append((end, 0, penalty.violation_id, penalty.points))
    total = Fraction(0)
    events = []
    for day, given, violation_id, points in sorted(moves):
        before = total
        total += points if given else -points
        crossed = track.crossed(before, total)
        kind = "given" if given else "lapsed"
        events.append(Event(day, kind, points, total, violation_id, crossed))
    return events


def end_of(penalty: Penalty, track: Track) -> date | None:
    """The first day on which `penalty` no longer counts on `track`; None when it always will."""
    end = track.window.end_of(penalty.given_on)
    if penalty.ended_on is None or end is None:
        return penalty.ended_on or end
    return min(end, penalty.ended_on)


class Ledger:
    """One record with many penalties, asked about many days: each answer is one search.

    Equal to `points_on` for every day; made once, never changed.
    """

    def __init__(self, track: Track, penalties: Iterable[Penalty]) -> None:
        moves: dict[date, Fraction] = {}
        for penalty in penalties:
            if penalty.track_id != track.track_id:
                continue
            moves[penalty.given_on] = moves.get(penalty.given_on, Fraction(0)) + penalty.points
            end = end_of(penalty, track)
            if end is not None:
                moves[end] = moves.get(end, Fraction(0)) - penalty.points
        self._days = sorted(moves)
        self._totals = list(accumulate((moves[day] for day in self._days), initial=Fraction(0)))

    def points_on(self, day: date) -> Fraction:
        return self._totals[bisect_right(self._days, day)]


def _counts(penalty: Penalty, track: Track, day: date) -> bool:
    if penalty.track_id != track.track_id or penalty.given_on > day:
        return False
    end = end_of(penalty, track)
    return end is None or day < end


def _by_day(penalty: Penalty) -> tuple[date, str, Fraction]:
    return penalty.given_on, penalty.violation_id, penalty.points
