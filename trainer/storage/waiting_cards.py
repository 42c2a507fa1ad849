"""Which cards wait: read from the caches of a learner's file, with the library attached.

The library's cache file is attached as `library`; of it the tables `card_place`, `card` and `deck`
are read. Cards that have left the library wait for nothing (`missing`).
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from trainer.cards.model import Language
from trainer.scheduling.queue import Waiting
from trainer.storage.database import Statement, told, transaction
from trainer.storage.study_state import CardRow, row_from

# Whether the answer of a card has changed: card id, language, digest then and digest now.
Judge = Callable[[str, Language, str, str], bool]

# What was read, and by which version of the reader: either can change an answer.
_SIGNATURE = (
    "select coalesce((select value from library.about where key = 'reader'), '') || char(10)"
    " || coalesce((select group_concat(path || ' ' || digest, char(10)) from"
    " (select path, digest from library.deck order by path)), '')"
)
_ROW = (
    "select stability, difficulty, due, last_at, last_day, reviews, lapses, step, last_rating,"
    " answer_digest, language, suspended, buried_until, flagged, asks_teacher, old_digest,"
    " new_digest from card_state s left join card_change c"
    " on c.card_id = s.card_id and c.is_answer = 1 where s.card_id = ?"
)
# Retrievability falls with elapsed time over stability, so this is "most forgotten first".
_MOST_FORGOTTEN = "(:now - s.last_at) / s.stability desc, s.card_id"


def attach_library(connection: sqlite3.Connection, path: Path) -> None:
    """Raises TrainerError (file.*, disk.*)."""
    with told(path):
        connection.execute("attach database ? as library", (str(path),))


class WaitingCards:
    """The cards of a choice that wait. `chosen` gives, for the columns of `card_place`, the values
    in play; a column left out or empty is not asked about. Moments are milliseconds UTC.

    Everything raises TrainerError (file.*, disk.*) about the learner's file `path`.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        chosen: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._connection = connection
        self._path = path
        self._filter = ""
        self._values: dict[str, str | int] = {}
        for column, values in (chosen or {}).items():
            if values:
                names = [f"{column}_{number}" for number in range(len(values))]
                blanks = ", ".join(f":{name}" for name in names)
                self._filter += f" and p.{column} in ({blanks})"
                self._values.update(zip(names, values, strict=True))

    def _all(self, query: str, values: Sequence[str] | Mapping[str, str | int] = ()) -> list[Any]:
        with told(self._path):
            return self._connection.execute(query, values).fetchall()

    def row(self, card_id: str) -> tuple[CardRow, tuple[str, str] | None]:
        """What is known of a card, and the digests of its answer then and now if it changed."""
        for found in self._all(_ROW, (card_id,)):
            return row_from(found), None if found[-1] is None else found[-2:]
        return CardRow(), None

    def count_due(self, now: int) -> int:
        query = f"select count(*) from {self._due_from()}"  # noqa: S608 - our own names
        [(count,)] = self._all(query, {**self._values, "now": now})
        return int(count)

    def due(self, now: int, limit: int) -> list[Waiting]:
        """Cards in review that are due, most forgotten first."""
        query = (
            f"select s.card_id, s.due from {self._due_from()}"  # noqa: S608 - our own names
            f" order by {_MOST_FORGOTTEN} limit :limit"
        )
        rows = self._all(query, {**self._values, "now": now, "limit": limit})
        return [Waiting(card_id, self._note(card_id), due) for card_id, due in rows]

    def _due_from(self) -> str:
        """Without a filter the index answers alone, and 100,000 cards cost a few milliseconds."""
        join = "join library.card_place p on p.card_id = s.card_id" if self._filter else ""
        return (
            f"card_state s {join} where step = 0 and suspended = 0 and missing = 0"
            f" and due <= :now and buried_until <= :now{self._filter}"
        )

    def _note(self, card_id: str) -> str:
        query = "select note_id from library.card_place where card_id = ?"
        return next((str(note_id) for (note_id,) in self._all(query, (card_id,))), card_id)

    def learning(self, now: int, until: int) -> list[Waiting]:
        """Cards on a step of minutes that are due before `until`, by due."""
        rows = self._all(
            "select s.card_id, p.note_id, s.due from card_state s"  # noqa: S608 - our own names
            " join library.card_place p on p.card_id = s.card_id"
            " where step <> 0 and suspended = 0 and missing = 0 and due < :until"
            f" and buried_until <= :now{self._filter} order by due, s.card_id",
            {**self._values, "now": now, "until": until},
        )
        return [Waiting(*row) for row in rows]

    def changed(self, now: int) -> list[Waiting]:
        """Cards whose answer is another than at the last answer."""
        rows = self._all(
            # Changes are few, and SQLite does not know that: cross join keeps this order.
            "select s.card_id, p.note_id, s.due from card_change c"  # noqa: S608 - our own names
            " cross join card_state s on s.card_id = c.card_id"
            " cross join library.card_place p on p.card_id = s.card_id"
            " where c.is_answer = 1 and suspended = 0 and missing = 0 and step = 0"
            f" and buried_until <= :now{self._filter} order by p.position",
            {**self._values, "now": now},
        )
        return [Waiting(*row) for row in rows]

    def wanted(self, now: int) -> list[tuple[Waiting, bool]]:
        """Cards that are to come soon and have not been answered since, in the order in which they
        were wanted; and whether each has been met before."""
        rows = self._all(
            # Marks are few, and SQLite does not know that: cross join keeps this order.
            "select m.card_id, p.note_id, coalesce(s.due, 0), coalesce(s.reviews, 0) > 0"  # noqa: S608
            " from (select card_id, max(mark_id) as latest from mark where kind = 'soon'"
            " group by card_id) m"
            " cross join library.card_place p on p.card_id = m.card_id"
            " left join card_state s on s.card_id = m.card_id"
            " where coalesce(s.suspended, 0) = 0 and coalesce(s.step, 0) = 0"
            " and coalesce(s.buried_until, 0) <= :now and not exists (select 1"
            " from effective_review r where r.card_id = m.card_id and r.review_id > m.latest)"
            f"{self._filter} order by m.latest",
            {**self._values, "now": now},
        )
        return [(Waiting(card, note, due), bool(met)) for card, note, due, met in rows]

    def comparisons(self) -> str:
        """What the library keeps of the cards that ask which platform; "" for nothing."""
        rows = self._all("select value from library.about where key = 'comparisons'")
        return next((str(value) for (value,) in rows), "")

    def answers_to(self, card_ids: Sequence[str]) -> list[tuple[str, str, bool]]:
        """Card id, response and whether it was right of every answer to these cards that still ask
        the same, in the order of time."""
        rows = self._all(
            "select r.card_id, r.response, r.correct from json_each(:ids) j"
            " cross join effective_review r on r.card_id = j.value where exists (select 1 from"
            " library.card c where c.card_id = r.card_id and c.question_digest = r.question_digest)"
            " order by r.review_id",
            {"ids": _as_list(card_ids)},
        )
        return [(card_id, response, bool(correct)) for card_id, response, correct in rows]

    def at_hand(self, card_ids: Sequence[str], now: int) -> list[tuple[Waiting, bool]]:
        """Those of the cards that can be asked though they need not be due, in the order given;
        and whether each has been met before."""
        rows = self._all(
            "select p.card_id, p.note_id, coalesce(s.due, 0), coalesce(s.reviews, 0) > 0"  # noqa: S608
            " from json_each(:ids) j cross join library.card_place p on p.card_id = j.value"
            " left join card_state s on s.card_id = p.card_id"
            " where coalesce(s.suspended, 0) = 0 and coalesce(s.step, 0) = 0"
            f" and coalesce(s.buried_until, 0) <= :now{self._filter} order by j.key",
            {**self._values, "ids": _as_list(card_ids), "now": now},
        )
        return [(Waiting(card, note, due), bool(met)) for card, note, due, met in rows]

    def new(self, now: int) -> Iterator[Waiting]:
        """Cards never answered, in the library's order."""
        with told(self._path):
            rows = self._connection.execute(
                "select p.card_id, p.note_id from library.card_place p"  # noqa: S608 - our own names
                " left join card_state s on s.card_id = p.card_id"
                " where p.position >= (select first_new from study_cache)"
                " and (s.card_id is null or (s.reviews = 0 and s.suspended = 0"
                f" and s.buried_until <= :now)){self._filter} order by p.position",
                {**self._values, "now": now},
            )
            for card_id, note_id in rows:
                yield Waiting(card_id, note_id)

    def first_unmet(self) -> tuple[int, int]:
        """Where the search for new cards begins, and where it could."""
        [(begins, could)] = self._all(
            "select first_new, coalesce((select p.position from library.card_place p"
            " left join card_state s on s.card_id = p.card_id"
            " where p.position >= first_new and (s.card_id is null or s.reviews = 0)"
            " order by p.position limit 1),"
            " (select coalesce(max(position), 0) + 1 from library.card_place)) from study_cache"
        )
        return begins, could

    def notes_since(self, moment: int) -> set[str]:
        """The notes of the cards answered since `moment`. Ids of the log begin with their time."""
        rows = self._all(
            "select distinct coalesce(p.note_id, r.card_id) from effective_review r"
            " left join library.card_place p on p.card_id = r.card_id where r.review_id >= ?",
            (f"{max(0, moment):012x}",),
        )
        return {str(note_id) for (note_id,) in rows}

    def drawable(self) -> list[tuple[str, str, str]]:
        """Every card in play that is not suspended: card, note and rule ("" when it has none)."""
        return self._all(
            "select p.card_id, p.note_id, coalesce((select c.rule_id from library.card c"  # noqa: S608
            " where c.card_id = p.card_id limit 1), '') from library.card_place p"
            " left join card_state s on s.card_id = p.card_id"
            f" where coalesce(s.suspended, 0) = 0{self._filter} order by p.position",
            self._values,
        )

    def sums_of(self, day: str) -> tuple[int, int, int]:
        """Answers, first answers and milliseconds of a day."""
        [(answers, first_answers, taken)] = self._all(
            "select coalesce(sum(answers), 0), coalesce(sum(first_answers), 0),"
            " coalesce(sum(taken_ms), 0) from review_day where day = ?",
            (day,),
        )
        return answers, first_answers, taken


def follow_renames(connection: sqlite3.Connection, now: int) -> None:
    """Take over what the library knows of cards that have another id now, when it has changed.
    Only cards in the log are of interest. Comes before the caches are brought up to date."""
    try:
        (known,) = connection.execute("select library from study_cache").fetchone()
    except (sqlite3.OperationalError, TypeError):
        known = ""
    if connection.execute(_SIGNATURE).fetchone() != (known,):
        # A card of the log may have gone on under several ids, one after another.
        connection.execute(
            "with recursive renamed (old_id, new_id) as ("
            " select old_id, new_id from library.alias"
            " where exists (select 1 from review where card_id = old_id)"
            " or exists (select 1 from mark where card_id = old_id)"
            " union select a.old_id, a.new_id from renamed r"
            " join library.alias a on a.old_id = r.new_id)"
            " insert into card_alias select old_id, new_id, ? from renamed"
            " where true on conflict (old_id, new_id) do nothing",
            (now,),
        )


def follow_library(connection: sqlite3.Connection, judge: Judge) -> bool:
    """Notice which cards have left, come back, or changed their answer since the last time; False
    when the library is the same. Needs the caches up to date."""
    (signature,) = connection.execute(_SIGNATURE).fetchone()
    (known,) = connection.execute("select library from study_cache").fetchone()
    if signature == known:
        return False
    gone = "not exists (select 1 from library.card_place p where p.card_id = card_state.card_id)"
    with transaction(connection):
        connection.execute(f"update card_state set missing = 1 where missing = 0 and {gone}")  # noqa: S608
        connection.execute(f"update card_state set missing = 0 where missing = 1 and not {gone}")  # noqa: S608
        _judge_changes(connection, judge)
        connection.execute("update study_cache set library = ?, first_new = 0", (signature,))
    return True


def _judge_changes(connection: sqlite3.Connection, judge: Judge) -> None:
    # A card answered in a language it has no more is compared when it is answered again.
    differing = connection.execute(
        "select s.card_id, s.language, s.answer_digest, c.answer_digest from card_state s"
        " join library.card c on c.card_id = s.card_id and c.language = s.language"
        " where s.reviews > 0 and s.answer_digest <> c.answer_digest"
    ).fetchall()
    judged = {
        tuple(row[:3]): row[3]
        for row in connection.execute(
            "select card_id, old_digest, new_digest, is_answer from card_change"
        )
    }
    connection.execute("delete from card_change")
    for card_id, language, old, new in differing:
        verdict = judged.get((card_id, old, new))
        if verdict is None:
            verdict = int(judge(card_id, language, old, new))
        connection.execute(
            "insert into card_change values (?, ?, ?, ?)", (card_id, old, new, verdict)
        )


def first_new_statement(position: int) -> Statement:
    """No card before `position` is new: searches begin there, past 100,000 cards met long ago."""
    return "update study_cache set first_new = ?", (position,)


def _as_list(card_ids: Sequence[str]) -> str:
    """Ids as SQLite's json_each takes them."""
    return msgspec.json.encode(card_ids).decode("utf-8")
