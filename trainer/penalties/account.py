"""An account through time: what the platform established in, where the account stands out.

One incident falls under one row of the tables or several; it is priced by how often it happened
before, by what else happened on the day, and by what it is merged with. Everything that follows
is kept as steps that name their rule and table row, so that no consequence comes from nowhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar

from trainer.penalties.charges import Bill
from trainer.penalties.engine import Penalty, TrackStanding, standing_of
from trainer.penalties.measures import Measure
from trainer.penalties.rulebook import (
    Fine,
    PriceList,
    Rulebook,
    Threshold,
    Track,
    Violation,
)
from trainer.penalties.windows import Window

T = TypeVar("T")

Reason = Literal["", "merged", "capped", "unknown", "not-in-force"]
StepKind = Literal["given", "billed", "reached", "begins", "lapsed", "annulled", "ends", "closed"]
_AS_PRICED: Reason = ""
_ORDER: Mapping[StepKind, int] = {
    "ends": 0, "lapsed": 1, "annulled": 2, "given": 3, "billed": 4, "reached": 5, "begins": 6,
    "closed": 7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incident:
    """A violation that the platform established on `day` (the platform's day: zones.day_at).

    `points` where the table leaves a range or names no number; `value` in money is what a share
    is taken of; `count` is for how many pieces a fine is due; `annulled` is the day on which an
    appeal took it back.
    """

    day: date
    violation_id: str
    points: Fraction | None = None
    value: Fraction | None = None
    count: int = 1
    annulled: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident on the record: the row it fell under, and what that came to."""

    incident: Incident
    row: Violation | Fine
    time: int  # which time it was, from 1
    price: Fraction  # what the row says
    points: Fraction  # what was counted
    reason: Reason = ""  # why the two differ
    bill: Bill | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """A measure on the account, from the day it began until, not including, `until`."""

    measure: Measure
    since: date
    until: date | None  # None: for ever, or until a day that nobody publishes
    rule_id: str
    line: int
    consequence: str
    track_id: str = ""
    at: Fraction | None = None  # it lasts while the track stands at so many points

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation, with the rule and the line of the table row behind it."""

    day: date
    kind: StepKind
    rule_id: str
    line: int
    title: str  # of the violation, or what the threshold's row says
    track_id: str = ""
    row_id: str = ""
    time: int = 0
    price: Fraction = Fraction(0)
    points: Fraction = Fraction(0)
    total: Fraction = Fraction(0)  # on the track, after this step
    at: Fraction = Fraction(0)  # of a threshold
    reason: Reason = ""
    bill: Bill | None = None
    measure: Measure | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one more incident would do: the account after it, and what would be new."""

    account: "Account"
    entries: tuple[Entry, ...]
    steps: tuple[Step, ...]
    restrictions: tuple[Restriction, ...]

    @property
    def closes(self) -> bool:
        return any(one.measure.kind == "closed" for one in self.restrictions)


@dataclass(frozen=True, slots=True)
class Account:
    """Everything on an account's record. Never changed: `after` makes the next one.

    Equal whether built incident by incident or from all at once, and whatever the order of the
    incidents of a day. `opening` is what stood on the record before the first incident.
    """

    book: Rulebook
    opening: tuple[Entry, ...] = ()
    incidents: tuple[Incident, ...] = ()
    entries: tuple[Entry, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    steps: tuple[Step, ...] = ()  # as things were added; `explain` has what ended, too
    _morning: "Account | None" = field(default=None, compare=False, repr=False)

    @property
    def day(self) -> date | None:
        """The day of the latest incident."""
        return self.incidents[-1].day if self.incidents else None

    def after(self, *incidents: Incident) -> "Account":
        """The account after further incidents.

        An incident of a day that has passed is put into its place, and what came later is computed
        anew. Raises KeyError for a violation that no table names, ValueError for one annulled on
        its own day or before.
        """
        for incident in incidents:
            if incident.annulled is not None and incident.annulled <= incident.day:
                raise ValueError(incident.annulled)
        account = self
        by_day: dict[date, list[Incident]] = {}
        for incident in sorted(incidents, key=_place):
            by_day.setdefault(incident.day, []).append(incident)
        for day, new in by_day.items():
            account = account._with_day(day, new)
        return account

    def what_if(self, incident: Incident) -> Outcome:
        """What `incident` would do; its day is not before the latest on the record."""
        then = self.after(incident)
        return Outcome(
            then,
            _added(self.entries, then.entries),
            _added(self.steps, then.steps),
            _added(self.restrictions, then.restrictions),
        )

    # Asking

    def penalties(self) -> tuple[Penalty, ...]:
        """What counts on tracks, as the plain engine knows it."""
        return tuple(
            Penalty(
                entry.incident.day,
                entry.row.track_id,
                entry.points,
                entry.row.violation_id,
                entry.incident.annulled,
            )
            for entry in self.entries
            if entry.row.track_id and entry.points
        )

    def points(self, track_id: str, day: date) -> Fraction:
        track = self.book.tracks[track_id]
        return _points(self.entries, track, day)

    def standing(self, track_id: str, day: date) -> TrackStanding:
        return standing_of(self.book.tracks[track_id], self.penalties(), day)

    def standings(self, day: date) -> Mapping[str, TrackStanding]:
        """Every track's standing on `day`, by track id."""
        penalties = self.penalties()
        return {
            track_id: standing_of(track, penalties, day)
            for track_id, track in self.book.tracks.items()
        }

    def in_force(self, day: date) -> tuple[Restriction, ...]:
        """The lasting measures on `day`; the same one twice is named once, with its later end.

        `until` of one that lasts while points stand is the day they will have lapsed.
        """
        longest: dict[tuple[str, str], Restriction] = {}
        for begun in self.restrictions:
            if not begun.measure.lasting or not begun.in_force(day):
                continue
            one = begun
            if begun.at is not None:
                if self.points(begun.track_id, day) < begun.at:
                    continue
                one = replace(begun, until=self._falls_below(begun, day))
            key = one.measure.kind, one.track_id
            other = longest.get(key)
            if other is None or _later(one.until, other.until):
                longest[key] = one
        return tuple(longest.values())

    def frozen_until(self, day: date) -> date | None:
        """The day the account thaws; None when it is not frozen on `day`, or nobody knows."""
        ends = [one.until for one in self.in_force(day) if one.measure.kind == "frozen"]
        return None if not ends or None in ends else max(end for end in ends if end is not None)

    def is_frozen(self, day: date) -> bool:
        return any(one.measure.kind == "frozen" for one in self.in_force(day))

    def closed_on(self) -> date | None:
        """The day the account was closed; None when it was not."""
        days = [r.since for r in self.restrictions if r.measure.kind == "closed" and not r.until]
        return min(days, default=None)

    def billed(self, until: date) -> Mapping[str, Bill]:
        """Money taken up to and including `until`, by currency."""
        sums: dict[str, Bill] = {}
        for entry in self.entries:
            bill, annulled = entry.bill, entry.incident.annulled
            if bill is None or entry.incident.day > until or (annulled and annulled <= until):
                continue
            so_far = sums.get(bill.currency, Bill(Fraction(0), Fraction(0), bill.currency))
            sums[bill.currency] = Bill(
                so_far.low + bill.low, so_far.high + bill.high, bill.currency
            )
        return sums

    def next_change(self, day: date) -> date | None:
        """The first day after `day` on which something ends by itself."""
        ends = [one.until for one in self.restrictions]
        ends += [self._end(entry) for entry in self.entries if entry.points]
        return min((end for end in ends if end is not None and end > day), default=None)

    def explain(self, until: date) -> tuple[Step, ...]:
        """What happened up to and including `until`, day by day, ends and lapses included."""
        steps = [step for step in self.steps if step.day <= until]
        for begun in self.restrictions:
            end = begun.until
            if begun.at is not None:
                end = self._falls_below(begun, begun.since)
            if begun.measure.lasting and end is not None and end <= until:
                steps.append(_step_of(begun, end, "ends"))
        steps += self._lapses(until)
        return tuple(sorted(steps, key=_by_day_and_kind))

    def _lapses(self, until: date) -> list[Step]:
        leaving: dict[tuple[date, str, int, bool], tuple[Entry, Fraction]] = {}
        for entry in self.entries:
            end = self._end(entry)
            if not entry.points or end is None or end > until:
                continue
            taken_back = end == entry.incident.annulled
            key = end, entry.row.track_id, entry.row.line, taken_back
            _, so_far = leaving.get(key, (entry, Fraction(0)))
            leaving[key] = entry, so_far + entry.points
        steps: list[Step] = []
        left: dict[tuple[date, str], Fraction] = {}
        for (end, track_id, line, taken_back), (entry, points) in sorted(
            leaving.items(), key=lambda item: item[0]
        ):
            track = self.book.tracks[track_id]
            place = end, track_id
            if place not in left:
                left[place] = _sum(
                    one
                    for one in self.entries
                    if one.row.track_id == track_id
                    and one.incident.day < end
                    and ((its := self._end(one)) is None or its >= end)
                )
            left[place] -= points
            steps.append(
                Step(
                    end,
                    "annulled" if taken_back else "lapsed",
                    entry.row.rule_id if taken_back else track.rule_id,
                    line if taken_back else track.line,
                    entry.row.title,
                    track_id,
                    entry.row.violation_id,
                    points=points,
                    total=left[place],
                )
            )
        return steps

    def _falls_below(self, begun: Restriction, day: date) -> date | None:
        """The first day after `day` on which the points that brought a measure stand no longer."""
        if begun.at is None:
            return begun.until
        ends = {self._end(one) for one in self.entries if one.row.track_id == begun.track_id}
        later = sorted(end for end in ends if end is not None and end > day)
        return next((end for end in later if self.points(begun.track_id, end) < begun.at), None)

    def _end(self, entry: Entry) -> date | None:
        track = self.book.tracks.get(entry.row.track_id)
        return entry.incident.annulled if track is None else _end_of(entry, track)

    # Adding

    def _with_day(self, day: date, new: Sequence[Incident]) -> "Account":
        """This account with more incidents on `day`; the day is worked out as a whole."""
        if self.day is None or day > self.day:
            return self._lived(new)
        if day == self.day and self._morning is not None:
            before = self._morning
            same = self.incidents[len(before.incidents) :]
            return before._lived([*same, *new])  # noqa: SLF001 - another account, its own kind
        account = Account(self.book, self.opening, entries=self.opening)
        by_day: dict[date, list[Incident]] = {}
        for incident in sorted((*self.incidents, *new), key=_place):
            by_day.setdefault(incident.day, []).append(incident)
        for incidents in by_day.values():
            account = account._lived(incidents)
        return account

    def _lived(self, incidents: Iterable[Incident]) -> "Account":
        ordered = sorted(incidents, key=_place)
        entries = list(self.entries)
        restrictions = list(self.restrictions)
        steps = list(self.steps)
        for incident in ordered:
            for row in self._rows(incident, entries):
                entry = self._priced(incident, row, entries)
                new_steps, new_measures = self._followed(entry, entries)
                entries.append(entry)
                steps += new_steps
                restrictions += new_measures
        return Account(
            self.book,
            self.opening,
            (*self.incidents, *ordered),
            tuple(entries),
            tuple(restrictions),
            tuple(steps),
            Account(
                self.book,
                self.opening,
                self.incidents,
                self.entries,
                self.restrictions,
                self.steps,
            ),
        )

    def _rows(self, incident: Incident, entries: Sequence[Entry]) -> list[Violation | Fine]:
        """The row an incident falls under this time, and those it falls under as well."""
        row = self.book.row(incident.violation_id)
        if row is None:
            raise KeyError(incident.violation_id)
        if isinstance(row, Violation):
            family = self.book.family(row.family or row.violation_id)
            if len(family) > 1:
                time = self._time(incident, row, entries)
                row = [one for one in family if one.from_time <= time][-1]
        also = (self.book.row(name) for name in row.also)
        return [row, *(one for one in also if one is not None)]

    def _time(self, incident: Incident, row: Violation | Fine, entries: Sequence[Entry]) -> int:
        """Which time this is: remembered cases of the family, and at least what the row says."""
        if not isinstance(row, Violation):
            return 1
        first = row.family or row.violation_id
        day = incident.day
        past = [
            entry
            for entry in entries
            if isinstance(entry.row, Violation)
            and (entry.row.family or entry.row.violation_id) == first
            and entry.reason != "merged"
            and not (entry.incident.annulled and entry.incident.annulled <= day)
        ]
        named = self.book.violations[incident.violation_id].from_time
        repeats = self._list_of(row).repeats
        if repeats.from_first:
            past = _of_this_year(past, repeats.window, day)
            before = past[-1].time if past else 0
        else:
            before = sum(
                1
                for entry in past
                if (end := repeats.window.end_of(entry.incident.day)) is None or day < end
            )
        return max(before + 1, named)

    def _priced(self, incident: Incident, row: Violation | Fine, entries: Sequence[Entry]) -> Entry:
        own = row.violation_id == incident.violation_id or (
            isinstance(row, Violation) and row.family == self._first_id(incident)
        )
        named = incident.points if own else None
        time = self._time(incident, row, entries) if own else 1
        if not row.holds_on(incident.day):
            return Entry(incident, row, time, Fraction(0), Fraction(0), "not-in-force")
        if isinstance(row, Fine):
            bill = row.charge.of(incident.value, incident.count) if row.charge else None
            points = (named if row.track_id else None) or Fraction(0)
            reason: Reason = "unknown" if row.track_id and named is None else ""
            return Entry(incident, row, time, points, points, reason, bill)
        price = row.low if named is None else named
        points, reason = self._brakes(row, incident.day, price, entries)
        return Entry(incident, row, time, price, points, reason)

    def _first_id(self, incident: Incident) -> str:
        row = self.book.violations.get(incident.violation_id)
        return (row.family or row.violation_id) if row else ""

    def _brakes(
        self, row: Violation, day: date, price: Fraction, entries: Sequence[Entry]
    ) -> tuple[Fraction, Reason]:
        """What of a price counts after merging, and after the most a day may cost."""
        prices, track = self._list_of(row), self.book.tracks.get(row.track_id)
        of_list = [entry for entry in entries if entry.row.list_id == row.list_id]
        brakes = [(prices.merge, prices.most_a_day, of_list)]
        if track is not None:
            of_track = [entry for entry in entries if entry.row.track_id == row.track_id]
            brakes.append((track.merge, track.most_a_day, of_track))
        points, reason = price, _AS_PRICED
        for merge, _, past in brakes:
            together = _merged_with(past, merge, day) if merge is not None else []
            if together:
                points, reason = max(Fraction(0), min(points, price - _sum(together))), "merged"
        for _, most, past in brakes:
            if most is None:
                continue
            room = max(Fraction(0), most - _sum(e for e in past if e.incident.day == day))
            if points > room:
                points, reason = room, "capped"
        return points, reason

    def _followed(
        self, entry: Entry, entries: Sequence[Entry]
    ) -> tuple[list[Step], list[Restriction]]:
        """What an entry leads to: its own measures, and those of the thresholds it crosses."""
        row, incident = entry.row, entry.incident
        track = self.book.tracks.get(row.track_id)
        before = _points(entries, track, incident.day) if track else Fraction(0)
        after = before + entry.points
        steps = [_given(entry, after)]
        restrictions: list[Restriction] = []
        if entry.reason not in {"not-in-force", "merged"}:
            restrictions += [
                _begun(one, incident, row.rule_id, row.line, row.title, row.track_id)
                for one in row.measures
            ]
        if track is not None:
            crossed = track.crossed(before, after)
            for threshold in crossed:
                steps.append(_reached(threshold, entry, after))
                restrictions += [
                    _begun(
                        one,
                        incident,
                        threshold.rule_id,
                        threshold.line,
                        threshold.consequence,
                        track.track_id,
                        threshold.at if one.standing else None,
                    )
                    for one in threshold.measures
                ]
        steps += [
            _step_of(one, one.since, "closed" if one.measure.kind == "closed" else "begins")
            for one in restrictions
        ]
        return steps, restrictions

    def _list_of(self, row: Violation | Fine) -> PriceList:
        return self.book.price_lists.get(row.list_id) or PriceList(row.list_id, row.rule_id)


def account_with(book: Rulebook, standing: Mapping[str, Fraction], day: date) -> Account:
    """An account on whose tracks so many points stand, all of them given on `day`.

    Their thresholds have been crossed before: nothing of that is in force any more. Tracks that
    the book does not know are left out.
    """
    opening = tuple(
        Entry(
            Incident(day, ""),
            Violation("", track.title, track_id, points, points, track.rule_id, track.line),
            1,
            points,
            points,
        )
        for track_id, points in standing.items()
        if (track := book.tracks.get(track_id)) is not None
    )
    return Account(book, opening, entries=opening)


def account_of(book: Rulebook, incidents: Iterable[Incident]) -> Account:
    """The account after `incidents`, in whatever order they come."""
    return Account(book).after(*incidents)


def _place(incident: Incident) -> tuple[date, str, bool, Fraction, bool, Fraction, int, date]:
    """Where an incident stands among others: what it says decides, not how it was entered."""
    return (
        incident.day,
        incident.violation_id,
        incident.points is not None,
        incident.points or Fraction(0),
        incident.value is not None,
        incident.value or Fraction(0),
        incident.count,
        incident.annulled or date.max,
    )


def _by_day_and_kind(step: Step) -> tuple[date, int]:
    """Within a day, what ends comes first; given, reached and begun stay as they happened."""
    order = _ORDER[step.kind]
    return step.day, min(order, _ORDER["given"])


def _end_of(entry: Entry, track: Track) -> date | None:
    end, annulled = track.window.end_of(entry.incident.day), entry.incident.annulled
    if annulled is None or end is None:
        return annulled or end
    return min(end, annulled)


def _sum(entries: Iterable[Entry]) -> Fraction:
    return sum((entry.points for entry in entries), Fraction(0))


def _points(entries: Iterable[Entry], track: Track, day: date) -> Fraction:
    return _sum(
        entry
        for entry in entries
        if entry.row.track_id == track.track_id
        and entry.incident.day <= day
        and ((end := _end_of(entry, track)) is None or day < end)
    )


def _merged_with(past: Sequence[Entry], merge: Window, day: date) -> list[Entry]:
    """The entries that one of `day` counts together with: from the last that stood for itself."""
    first = next((e for e in reversed(past) if e.reason != "merged"), None)
    if first is None:
        return []
    end = merge.end_of(first.incident.day)
    if end is not None and day >= end:
        return []
    return [entry for entry in past if entry.incident.day >= first.incident.day]


def _of_this_year(past: Sequence[Entry], window: Window, day: date) -> list[Entry]:
    """Those of `past` in the year that is open on `day`; [] when a new one begins."""
    begun: date | None = None
    inside: list[Entry] = []
    for entry in past:
        end = None if begun is None else window.end_of(begun)
        if begun is None or (end is not None and entry.incident.day >= end):
            begun, inside = entry.incident.day, []
        inside.append(entry)
    end = None if begun is None else window.end_of(begun)
    return [] if end is not None and day >= end else inside


def _begun(
    measure: Measure,
    incident: Incident,
    rule_id: str,
    line: int,
    words: str,
    track_id: str,
    at: Fraction | None = None,
) -> Restriction:
    until = measure.until(incident.day)
    annulled = incident.annulled
    if annulled is not None and at is None and (until is None or annulled < until):
        until = annulled
    return Restriction(measure, incident.day, until, rule_id, line, words, track_id, at)


def _given(entry: Entry, total: Fraction) -> Step:
    row = entry.row
    return Step(
        entry.incident.day,
        "billed" if isinstance(row, Fine) and not entry.points else "given",
        row.rule_id,
        row.line,
        row.title,
        row.track_id,
        row.violation_id,
        entry.time,
        entry.price,
        entry.points,
        total,
        reason=entry.reason,
        bill=entry.bill,
    )


def _reached(threshold: Threshold, entry: Entry, total: Fraction) -> Step:
    return Step(
        entry.incident.day,
        "reached",
        threshold.rule_id,
        threshold.line,
        threshold.consequence,
        entry.row.track_id,
        total=total,
        at=threshold.at,
    )


def _step_of(restriction: Restriction, day: date, kind: StepKind) -> Step:
    return Step(
        day,
        kind,
        restriction.rule_id,
        restriction.line,
        restriction.consequence,
        restriction.track_id,
        measure=restriction.measure,
        until=restriction.until,
    )


def _added(before: Sequence[T], after: Sequence[T]) -> tuple[T, ...]:
    """What `after` has more than `before`, each as often as it is more."""
    left = list(before)
    more = []
    for one in after:
        if one in left:
            left.remove(one)
        else:
            more.append(one)
    return tuple(more)


def _later(one: date | None, other: date | None) -> bool:
    return other is not None and (one is None or one > other)
