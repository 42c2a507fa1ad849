"""The whole review log read at once, as fast as SQLite gives it: for caches made anew."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from trainer.scheduling.days import DAY, STARTS_AT, Moment, offset_of
from trainer.scheduling.memory import Scheduler, State
from trainer.scheduling.replay import History, states_of

ReportProgress = Callable[[int, int], None]  # done, total; raises Cancelled to stop

_NOT_UNDONE = " and review_id not in (select undoes from review where undoes is not null)"
# One row a card, from the index alone: its answers as day * 8 + rating, and the last one.
_HISTORIES = (
    "select card_id, '[' || group_concat((answered_at + iif(zone = :zone, :offset,"
    " offset_of(zone)) - :starts_at) / :day * 8 + rating) || ']', max(review_id), answered_at,"
    " zone from review indexed by review_of_card where kind = 'review'"
)
_ANSWERS = (
    "select card_id, answered_at, zone, rating, correct, taken_ms,"
    " substr(response, 10, instr(substr(response, 10, 20), '\"') - 1)"
    " from review where kind = 'review'"
)


class Replayed(NamedTuple):
    card_id: str
    state: State
    last_review: str  # its id


class WholeLog:
    """The answers that count in one learner's file. Cards that were renamed (`names`) have to be
    looked at one by one."""

    def __init__(self, connection: sqlite3.Connection, names: Mapping[str, str]) -> None:
        self._connection = connection
        self._names = names
        connection.create_function("offset_of", 1, offset_of, deterministic=True)
        undone = "select exists (select 1 from review where undoes is not null)"
        self._counts = _NOT_UNDONE if connection.execute(undone).fetchone()[0] else ""
        (self._rows,) = connection.execute("select coalesce(max(rowid), 0) from review").fetchone()

    def states(self, scheduler: Scheduler, report: ReportProgress) -> Iterator[Replayed]:
        """The state of every card that was not renamed."""
        last_reviews: dict[str, str] = {}
        for done, (card_id, state) in enumerate(
            states_of(scheduler, self._histories(last_reviews))
        ):
            if done % 2000 == 0:
                report(min(done * 10, self._rows), self._rows)
            yield Replayed(card_id, state, last_reviews.pop(card_id))

    def histories(self) -> Iterator[History]:
        """The answers of every card that was not renamed."""
        return self._histories({})

    def _histories(self, last_reviews: dict[str, str]) -> Iterator[History]:
        # 0.2 us a number less than splitting the text.
        from msgspec.json import Decoder

        decode = Decoder(list[int]).decode
        renamed = {*self._names, *self._names.values()}
        usual = self._connection.execute(
            "select zone from review order by rowid desc limit 1"
        ).fetchone()
        zone = usual[0] if usual else ""
        for card_id, codes, last_review, at, its_zone in self._connection.execute(
            f"{_HISTORIES}{self._counts} group by card_id",
            {"zone": zone, "offset": offset_of(zone), "starts_at": STARTS_AT, "day": DAY},
        ):
            if card_id not in renamed:
                last_reviews[card_id] = last_review
                yield History(card_id, decode(codes), Moment(at, offset_of(its_zone)))

    def days(
        self, subject_of: Callable[[str], str], report: ReportProgress
    ) -> dict[tuple[int, str, str], list[int]]:
        """By day of study, subject and way of answering, the sums of `study_state.sums_of`."""
        sums: dict[tuple[int, str, str], list[int]] = {}
        known: dict[str, list[int]] = {}  # last day of each card
        subjects: dict[str, str] = {}
        offsets: dict[str, int] = {}
        rows = self._connection.execute(f"{_ANSWERS}{self._counts} order by review_id")
        for done, (card_id, at, zone, rating, correct, taken, kind) in enumerate(rows):
            if done % 20_000 == 0:
                report(done, self._rows)
            if zone not in offsets:
                offsets[zone] = offset_of(zone) - STARTS_AT
            day = (at + offsets[zone]) // DAY
            name = self._names.get(card_id, card_id)
            last = known.get(name)
            if last is None:
                subjects[name] = subject_of(name)
            key = (day, subjects[name], kind)
            total = sums.get(key)
            if total is None:
                sums[key] = total = [0] * 7
            recalled = rating > 1
            total[0] += 1
            if correct is not None:
                total[2] += 1
                total[3] += correct
            elif recalled:
                total[3] += 1
            total[6] += taken
            if last is None:
                total[1] += 1
                known[name] = [day]
            elif day > last[0]:
                total[4] += 1
                total[5] += recalled
                last[0] = day
        report(self._rows, self._rows)
        return sums
