"""Statistics, read from the caches of a learner's file with the library attached."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from trainer.scheduling.days import DAY

_SUMS = ", ".join(
    f"coalesce(sum({name}), 0)"
    for name in ("answers", "first_answers", "graded", "right", "reviews", "recalled", "taken_ms")
)


class DaySums(NamedTuple):
    """What was done on one day or several; see `study_state.sums_of` for what counts as what."""

    answers: int = 0
    first_answers: int = 0
    graded: int = 0
    right: int = 0
    reviews: int = 0
    recalled: int = 0
    taken_ms: int = 0


class StudySums:
    """Moments are milliseconds UTC; days are days of study."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def days(self) -> list[tuple[date, DaySums]]:
        """Every day with answers, oldest first."""
        rows = self._connection.execute(
            f"select day, {_SUMS} from review_day group by day order by day"  # noqa: S608
        )
        return [(date.fromisoformat(day), DaySums(*sums)) for day, *sums in rows]

    def on(self, day: date) -> DaySums:
        return self._sums("day = ?", day)

    def since(self, day: date) -> DaySums:
        return self._sums("day >= ?", day)

    def _sums(self, when: str, day: date) -> DaySums:
        query = f"select {_SUMS} from review_day where {when}"  # noqa: S608 - our own names
        return DaySums(*self._connection.execute(query, (day.isoformat(),)).fetchone())

    def answers_by_subject(self, day: date) -> dict[str, int]:
        rows = self._connection.execute(
            "select subject, sum(answers) from review_day where day = ? group by subject",
            (day.isoformat(),),
        )
        return dict(rows.fetchall())

    def waiting_by_subject(self, now: int, until: int) -> dict[str, tuple[int, int, int]]:
        """For each subject its notes not met, cards in learning until `until`, and due cards."""
        subjects = self._connection.execute("select distinct subject from library.deck")
        found = {subject: [0, 0, 0] for (subject,) in subjects}
        for place, query in enumerate((_NEW, _LEARNING, f"{_DUE} union all {_CHANGED}")):
            rows = self._connection.execute(query, {"now": now, "until": until})
            for subject, count in rows:
                found.setdefault(subject, [0, 0, 0])[place] += count
        return {subject: (new, learning, due) for subject, (new, learning, due) in found.items()}

    def changed_rules(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Rules with the cards whose answer has changed since it was learned; a card without a
        rule stands for itself."""
        rules: dict[str, list[str]] = {}
        for card_id, rule_id in self._connection.execute(
            "select x.card_id, coalesce(nullif(c.rule_id, ''), x.card_id) from card_change x"
            " cross join card_state s on s.card_id = x.card_id"
            " cross join library.card c on c.card_id = s.card_id and c.language = s.language"
            " where x.is_answer = 1 and s.suspended = 0 order by x.card_id"
        ):
            rules.setdefault(rule_id, []).append(card_id)
        return [(rule_id, tuple(cards)) for rule_id, cards in rules.items()]

    def asked(self) -> list[str]:
        """Cards marked for the teacher."""
        rows = self._connection.execute(
            "select card_id from card_state where asks_teacher = 1 order by card_id"
        )
        return [card_id for (card_id,) in rows]

    def suspended(self) -> list[str]:
        rows = self._connection.execute(
            "select card_id from card_state where suspended = 1 order by card_id"
        )
        return [card_id for (card_id,) in rows]

    def dues(self, first: int, days: int) -> Counter[int]:
        """How many cards are due on each day from `first` (the beginning of a day) on."""
        rows = self._connection.execute(
            "select (due - :first) / :day, count(*) from card_state where step = 0"
            " and suspended = 0 and missing = 0 and due >= :first and due < :end group by 1",
            {"first": first, "day": DAY, "end": first + days * DAY},
        )
        return Counter(dict(rows.fetchall()))

    def cards_by_competence(self) -> dict[str, int]:
        rows = self._connection.execute(
            "select competence, count(*) from library.card_place group by competence"
        )
        return dict(rows.fetchall())

    def memories(self, day: int) -> Iterator[tuple[str, float]]:
        """Of every card met and still there: its competence, and how many times its stability has
        passed on `day`. Right after an answer everything is known: at least one day counts."""
        return self._connection.execute(
            "select p.competence, max(1, :day - s.last_day) / s.stability from card_state s"
            " cross join library.card_place p on p.card_id = s.card_id where s.reviews > 0",
            {"day": day},
        )


# The waiting cards are few: cross joins keep SQLite from walking through the whole library.
_NEW = (
    "select p.subject, count(distinct p.note_id) from library.card_place p"
    " left join card_state s on s.card_id = p.card_id"
    " where p.position >= (select first_new from study_cache) and (s.card_id is null"
    " or (s.reviews = 0 and s.suspended = 0 and s.buried_until <= :now)) group by p.subject"
)
_LEARNING = (
    "select p.subject, count(*) from card_state s"
    " cross join library.card_place p on p.card_id = s.card_id"
    " where s.step <> 0 and s.suspended = 0 and s.missing = 0 and s.due < :until"
    " and s.buried_until <= :now group by p.subject"
)
_DUE = (
    "select p.subject, count(*) from card_state s"
    " cross join library.card_place p on p.card_id = s.card_id"
    " where s.step = 0 and s.suspended = 0 and s.missing = 0 and s.due <= :now"
    " and s.buried_until <= :now group by p.subject"
)
_CHANGED = (
    "select p.subject, count(*) from card_change c"
    " cross join card_state s on s.card_id = c.card_id"
    " cross join library.card_place p on p.card_id = s.card_id"
    " where c.is_answer = 1 and s.step = 0 and s.suspended = 0 and s.missing = 0"
    " and s.due > :now and s.buried_until <= :now group by p.subject"
)
