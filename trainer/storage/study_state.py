"""What the review log comes to: the state of each card, and sums for each day.

All of it is a cache. It is kept up with every answer in the answer's own transaction, caught up
when rows arrive from elsewhere, and made anew when it is missing, old or in doubt.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from trainer.scheduling.days import STARTS_AT, Moment, date_of, offset_of
from trainer.scheduling.memory import SCHEDULER, Scheduler, State
from trainer.scheduling.rating import Rating
from trainer.storage.database import SqlValue, Statement, transaction
from trainer.storage.study_replay import ReportProgress, WholeLog

# Raised when the tables below or what they mean change; caches of another version are made anew.
_VERSION = f"1 {SCHEDULER} {STARTS_AT}"

_CACHES = ("card_state", "review_day", "card_change", "study_cache")
_SCHEMA = """
create table card_state (
    card_id text not null primary key,
    stability real, difficulty real,
    due integer, last_at integer, last_day integer,
    reviews integer not null, lapses integer not null, step integer, last_rating integer,
    answer_digest text not null, language text not null,
    suspended integer not null, buried_until integer not null,
    flagged integer not null, asks_teacher integer not null,
    missing integer not null default 0
) strict;
create index card_state_due on card_state (due, last_at, stability, buried_until)
    where step = 0 and suspended = 0 and missing = 0;
create index card_state_learning on card_state (due, buried_until)
    where step <> 0 and suspended = 0 and missing = 0;
create table review_day (
    day text not null, subject text not null, kind text not null,
    answers integer not null, first_answers integer not null,
    graded integer not null, right integer not null,
    reviews integer not null, recalled integer not null, taken_ms integer not null,
    primary key (day, subject, kind)
) strict, without rowid;
create table card_change (
    card_id text not null primary key, old_digest text not null, new_digest text not null,
    is_answer integer not null
) strict, without rowid;
create table study_cache (
    one integer primary key check (one = 1), version text not null, parameters text not null,
    review_row integer not null, mark_row integer not null, alias_row integer not null,
    library text not null, first_new integer not null
) strict;
"""

_UPSERT = f"insert or replace into card_state values ({', '.join('?' * 16)}, 0)"  # noqa: S608
_INSERT = _UPSERT.replace("insert or replace", "insert").replace(", 0)", ", ?)")
# Until here the id of a card's last review stands in the place of that review's language.
_LAST_ANSWERS = (
    "update card_state set answer_digest = r.answer_digest, language = r.language"
    " from review r where r.review_id = card_state.language"
)
_DELETE = "delete from card_state where card_id = ?"
_SUMS = ("answers", "first_answers", "graded", "right", "reviews", "recalled", "taken_ms")
_INSERT_DAY = f"insert into review_day values ({', '.join('?' * 10)})"  # noqa: S608
# Stands right behind the row of the log in one transaction: a row written for the second time
# (after a failure nobody knew the outcome of) is skipped, and then its sums are as well.
_ADD_DAY = (
    "insert into review_day select ?, ?, ?, ?, ?, ?, ?, ?, ?, ? where changes() > 0"
    " on conflict (day, subject, kind) do update set "
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in _SUMS)
)
_EMPTY_DAY = "delete from review_day where day = ? and subject = ? and kind = ? and answers = 0"
# Rows that came in between from elsewhere have not been counted: then all is made anew.
_COUNT = (
    "update study_cache set {name}_row = last,"
    " version = case when last = {name}_row + 1 then version else '' end"
    " from (select max(rowid) as last from {name}) where changes() > 0"
)
_COUNT_REVIEW = _COUNT.format(name="review")
_COUNT_MARK = _COUNT.format(name="mark")


class Signs(NamedTuple):
    """What the marks of a card come to."""

    suspended: bool = False
    buried_until: int = 0  # milliseconds UTC
    flagged: bool = False
    asks_teacher: bool = False


class CardRow(NamedTuple):
    """All that is known of a learner and a card. `state` is None until the first answer."""

    state: State | None = None
    answer_digest: str = ""  # at the last answer, in the language of that answer
    language: str = ""
    signs: Signs = Signs()


NOTHING = CardRow()


class DayKey(NamedTuple):
    day: str  # "2026-11-23"
    subject: str
    kind: str  # how it was answered: self, chosen, judged, entered, ordered, matched, gave-up


class Given(NamedTuple):
    """What the caches need of one row of the log."""

    moment: Moment
    rating: int
    correct: bool | None
    taken_ms: int
    kind: str  # as in DayKey
    language: str
    answer_digest: str


def sums_of(state: State | None, given: Given) -> tuple[int, ...]:
    """What one answer adds to its day, in the order of `_SUMS`. `state` is that before it.

    A review is an answer on a later day of study than the one before; recalled, when not Again.
    An answer that only the learner can judge counts as right when it was not Again.
    """
    recalled = given.rating > 1
    review = state is not None and given.moment.day > state.last_day
    right = recalled if given.correct is None else given.correct
    return (
        1,
        int(state is None),
        int(given.correct is not None),
        int(right),
        int(review),
        int(review and recalled),
        given.taken_ms,
    )


def subject_of(card_id: str) -> str:
    """ "amazon" for "platforms/amazon/account-health#odr"."""
    parts = card_id.partition("#")[0].split("/")
    return parts[1] if len(parts) > 1 else parts[0]


def kind_in(response: str) -> str:
    """How it was answered, read off `cards.response.to_text`: "chosen"."""
    return response.partition('"type":"')[2].partition('"')[0]


def day_key(card_id: str, given: Given) -> DayKey:
    return DayKey(_day_text(given.moment.day), subject_of(card_id), given.kind)


def _day_text(day: int) -> str:
    return date_of(day).isoformat()


def answer_statements(
    card_id: str, row: CardRow, key: DayKey, sums: Sequence[int]
) -> tuple[Statement, ...]:
    """How the caches follow one row of the log: right behind it in the same transaction.

    `row` is the card's new row; `sums` are those of the answer, negative to take one back.
    """
    count: tuple[Statement, ...] = ((_ADD_DAY, (*key, *sums)), (_COUNT_REVIEW, ()))
    if sums[0] < 0:
        count += ((_EMPTY_DAY, tuple(key)),)
    return (*count, write_statement(card_id, row))


def mark_statements(card_id: str, row: CardRow) -> tuple[Statement, ...]:
    """How the caches follow one mark: right behind it in the same transaction."""
    return (_COUNT_MARK, ()), write_statement(card_id, row)


def seen_statement(card_id: str) -> Statement:
    """The changed answer of a card has been met."""
    return "delete from card_change where card_id = ?", (card_id,)


def changed_statement(card_id: str, old: str, new: str) -> Statement:
    """The reverse of `seen_statement`."""
    return "insert or replace into card_change values (?, ?, ?, 1)", (card_id, old, new)


def write_statement(card_id: str, row: CardRow) -> Statement:
    return (_DELETE, (card_id,)) if row == NOTHING else (_UPSERT, _values(card_id, row))


def _values(card_id: str, row: CardRow) -> tuple[SqlValue, ...]:
    s = row.state
    state = (None, None, None, None, None, 0, 0, None, None) if s is None else s
    return card_id, *state, row.answer_digest, row.language, *map(int, row.signs)


def row_from(values: Sequence[Any]) -> CardRow:
    """A row of `card_state` without its card_id."""
    state = State(*values[:9]) if values[5] else None
    suspended, buried_until, flagged, asks = values[11:15]
    signs = Signs(bool(suspended), buried_until, bool(flagged), bool(asks))
    return CardRow(state, values[9], values[10], signs)


def signed(signs: Signs, kind: str, moment: Moment) -> Signs:
    """`signs` with one more mark; a kind of a later version changes nothing."""
    match kind:
        case "suspend" | "resume":
            return signs._replace(suspended=kind == "suspend")
        case "bury":
            return signs._replace(buried_until=moment.day_begins(moment.day + 1))
        case "unbury":
            return signs._replace(buried_until=0)
        case "flag" | "unflag":
            return signs._replace(flagged=kind == "flag")
        case "ask" | "unask":
            return signs._replace(asks_teacher=kind == "ask")
        case _:
            return signs


class Names:
    """Cards that had no id in their deck are named after their text, and renamed with it. A family
    is all names of one card, the present one first."""

    def __init__(self, renames: Iterable[tuple[str, str]]) -> None:
        """`renames` are old and new names, oldest rename first; a name can come back."""
        self.now: dict[str, str] = {}
        for old, new in renames:
            self.now.pop(new, None)
            for earlier, name in self.now.items():
                if name == old:
                    self.now[earlier] = new
            if old != new:
                self.now[old] = new
        self._families: dict[str, list[str]] = {}
        for old, new in self.now.items():
            self._families.setdefault(new, [new]).append(old)

    def name(self, card_id: str) -> str:
        return self.now.get(card_id, card_id)

    def family(self, card_id: str) -> list[str]:
        name = self.name(card_id)
        return self._families.get(name, [name])

    def renamed(self) -> list[str]:
        """The present names of all cards that have had others."""
        return sorted(self._families)


class StudyState:
    """The caches of one learner's file, through a connection that may write."""

    def __init__(self, connection: sqlite3.Connection, scheduler: Scheduler) -> None:
        self._connection = connection
        self._scheduler = scheduler
        self._parameters = repr(scheduler.parameters)

    def bring_up_to_date(self, report: ReportProgress = lambda _done, _total: None) -> None:
        """Follow everything that is in the log. With nothing to do: well below a millisecond.

        Raises Cancelled when `report` does; what was there before stays.
        """
        known = self._known()
        if known == (self._parameters, *self._ends()):
            return
        with transaction(self._connection):
            if known is None or not self._catch_up(*known[1:]):
                self._rebuild(report)
            elif known[0] != self._parameters:
                self._reschedule(report)

    def _known(self) -> tuple[str, int, int, int] | None:
        """With which parameters the caches were made, and up to which rows of the log, the marks
        and the renames they go; None when they cannot be used."""
        try:
            version, *rows = self._connection.execute(
                "select version, parameters, review_row, mark_row, alias_row from study_cache"
            ).fetchone()
        except (sqlite3.OperationalError, TypeError, ValueError):
            return None
        parameters, reviews, marks, aliases = rows
        return (parameters, reviews, marks, aliases) if version == _VERSION else None

    def _ends(self) -> tuple[int, ...]:
        """How far the log, the marks and the renames go. What only grows numbers its rows in the
        order they came, wherever they came from."""
        found: tuple[int, ...] = self._connection.execute(_ENDS).fetchone()
        return found

    def _catch_up(self, reviews: int, marks: int, aliases: int) -> bool:
        """Replay the cards that rows from elsewhere are about; False when that does not do."""
        ends = self._ends()
        if reviews > ends[0] or marks > ends[1] or aliases > ends[2]:
            return False
        execute = self._connection.execute
        touched = {
            card_id
            for (card_id,) in execute(
                "select card_id from review where rowid > ?"
                " union select card_id from mark where rowid > ?"
                " union select old_id from card_alias where rowid > ?"
                " union select new_id from card_alias where rowid > ? limit ?",
                (reviews, marks, aliases, aliases, _FEW_CARDS),
            )
        }
        if len(touched) == _FEW_CARDS:
            return False
        before, after = self._names(aliases), self._names(ends[2])
        touched = {name for card_id in touched for name in after.family(card_id)}
        days: Counter[tuple[DayKey, int]] = Counter()
        for card_id in {before.name(card_id) for card_id in touched}:
            self._count(card_id, self._history(before.family(card_id), reviews), days, -1)
        for card_id in touched:
            execute(_DELETE, (card_id,))
        for card_id in sorted({after.name(card_id) for card_id in touched}):
            family = after.family(card_id)
            self._count(card_id, self._history(family, ends[0]), days, 1)
            execute(*write_statement(card_id, self._replayed(family)))
        for key in {key for key, _ in days}:
            sums = [days[key, column] for column in range(len(_SUMS))]
            execute(_ADD_DAY.replace("changes() > 0", "true"), (*key, *sums))
            execute(_EMPTY_DAY, key)
        if touched:
            execute(
                "update study_cache set review_row = ?, mark_row = ?, alias_row = ?, library = ''",
                ends,
            )
        return True

    def _rebuild(self, report: ReportProgress) -> None:
        execute = self._connection.execute
        for table in _CACHES:
            execute(f"drop table if exists {table}")
        for statement in _SCHEMA.split(";\n"):
            if statement.strip():
                execute(statement)
        execute(
            "insert into study_cache values (1, ?, ?, ?, ?, ?, '', 0)",
            (_VERSION, self._parameters, *self._ends()),
        )
        names = self._names(self._ends()[2])
        log = WholeLog(self._connection, names.now)
        signs = self._signs(names)
        rows = (
            (*_values(card_id, CardRow(state, "", last_review, signs.pop(card_id, Signs()))), 0)
            for card_id, state, last_review in log.states(self._scheduler, _half(report, 0))
        )
        self._connection.executemany(_INSERT, rows)
        execute(_LAST_ANSWERS)
        for card_id in names.renamed():
            signs.pop(card_id, None)
            execute(*write_statement(card_id, self._replayed(names.family(card_id))))
        for card_id, left in signs.items():
            execute(*write_statement(card_id, CardRow(signs=left)))
        days = log.days(subject_of, _half(report, 1))
        self._connection.executemany(
            _INSERT_DAY,
            (
                (_day_text(day), subject, kind, *sums)
                for (day, subject, kind), sums in sorted(days.items())
            ),
        )

    def _reschedule(self, report: ReportProgress) -> None:
        """Other weights or another retention: all states anew, the sums of the days stay."""
        names = self._names(self._ends()[2])
        states = WholeLog(self._connection, names.now).states(self._scheduler, report)
        update = "update card_state set stability = ?, difficulty = ?, due = ? where card_id = ?"
        self._connection.executemany(
            update,
            (
                (state.stability, state.difficulty, state.due, card_id)
                for card_id, state, _ in states
            ),
        )
        for card_id in names.renamed():
            row = self._replayed(names.family(card_id))
            self._connection.execute(*write_statement(card_id, row))
        self._connection.execute(
            "update study_cache set parameters = ?, library = ''", (self._parameters,)
        )

    def _replayed(self, card_ids: Sequence[str]) -> CardRow:
        """The row of a card that has had several names, the present one first."""
        (last, *_) = self._ends()
        history = self._history(card_ids, last)
        row = CardRow(signs=self._signs_of(card_ids))
        if history:
            state = self._count(card_ids[0], history, Counter(), 1)
            newest = history[-1]
            row = CardRow(state, newest.answer_digest, newest.language, row.signs)
        return row

    def _count(
        self,
        card_id: str,
        history: Iterable[Given],
        days: Counter[tuple[DayKey, int]],
        sign: int,
    ) -> State | None:
        """The state after `history`; what it adds to each day, times `sign`, goes into `days`."""
        state: State | None = None
        for given in history:
            key = day_key(card_id, given)
            for column, value in enumerate(sums_of(state, given)):
                days[key, column] += sign * value
            state = self._scheduler.after(card_id, state, Rating(given.rating), given.moment)
        return state

    def _history(self, card_ids: Sequence[str], last: int) -> list[Given]:
        """The answers that count up to row `last`, oldest first."""
        blanks = {f"card{number}": card_id for number, card_id in enumerate(card_ids)}
        query = f"{_LOG} and card_id in ({', '.join(f':{name}' for name in blanks)})"
        rows = self._connection.execute(f"{query} order by review_id", {"last": last, **blanks})
        return [_given(row) for _, *row in rows]

    def _signs(self, names: Names) -> dict[str, Signs]:
        signs: dict[str, Signs] = {}
        for card_id, at, zone, kind in self._connection.execute(
            "select card_id, at, zone, kind from mark order by mark_id"
        ):
            name = names.name(card_id)
            signs[name] = signed(signs.get(name, Signs()), kind, Moment(at, offset_of(zone)))
        return signs

    def _signs_of(self, card_ids: Sequence[str]) -> Signs:
        query = (
            f"select at, zone, kind from mark where card_id in ({', '.join('?' * len(card_ids))})"  # noqa: S608
        )
        signs = Signs()
        for at, zone, kind in self._connection.execute(f"{query} order by mark_id", card_ids):
            signs = signed(signs, kind, Moment(at, offset_of(zone)))
        return signs

    def _names(self, last: int) -> Names:
        """What cards that were renamed up to row `last` are called then."""
        rows = self._connection.execute(
            "select at, old_id, new_id from card_alias where rowid <= ?"
            " order by at, old_id, new_id",
            (last,),
        )
        return Names(
            rename
            for _, together in groupby(rows, itemgetter(0))
            for rename in in_turn((old, new) for _, old, new in together)
        )


def in_turn(renames: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Renames that became known at the same moment, as they follow from each other."""
    left = list(renames)
    while left:
        later = {new for _, new in left}
        now = [rename for rename in left if rename[0] not in later] or left[:1]
        yield from now
        left = [rename for rename in left if rename not in now]


# More cards than this are replayed all together.
_FEW_CARDS = 5000
_COLUMNS = (
    "card_id, answered_at, zone, rating, correct, taken_ms, response, language, answer_digest"
)
# What counts among the rows up to :last: what is not taken back by one of them.
_LOG = (
    f"select {_COLUMNS} from review where kind = 'review' and rowid <= :last"  # noqa: S608
    " and review_id not in (select undoes from review where undoes is not null and rowid <= :last)"
)
_ENDS = (
    "select (select coalesce(max(rowid), 0) from review),"
    " (select coalesce(max(rowid), 0) from mark),"
    " (select coalesce(max(rowid), 0) from card_alias)"
)


def _given(row: Sequence[Any]) -> Given:
    at, zone, rating, correct, taken, response, language, digest = row
    judged = None if correct is None else bool(correct)
    moment = Moment(at, offset_of(zone))
    return Given(moment, rating, judged, taken, kind_in(response), language, digest)


def _half(report: ReportProgress, number: int) -> ReportProgress:
    """Progress of the first (0) or second (1) half of the work."""
    return lambda done, total: report(done + number * total, 2 * total)
