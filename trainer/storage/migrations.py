"""How a learner's file came to its present shape, step by step.

Imported only when a step is due, because sqlite-utils takes 80 ms to load. A step that has shipped
is never edited: add another one and raise LEARNER_VERSION.
"""

import sqlite3
from collections.abc import Callable

from sqlite_utils import Database

from trainer.storage.schema import LEARNER_VERSION


def migrate_learner(connection: sqlite3.Connection) -> None:
    """Run the steps that are due, each whole or not at all."""
    database = Database(connection, execute_plugins=False)
    for number, step in enumerate(LEARNER_STEPS, start=1):
        connection.execute("begin immediate")
        try:
            # Read under the lock: another window may have got here first.
            if connection.execute("pragma user_version").fetchone()[0] < number:
                step(database)
                connection.execute(f"pragma user_version = {number}")
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise


def _only_grows(database: Database, table: str) -> None:
    for verb in ("update", "delete"):
        database.execute(
            f"create trigger {table}_refuses_{verb} before {verb} on {table}"
            f" begin select raise(abort, 'the table {table} only grows'); end"
        )


def m001_learner(database: Database) -> None:
    """The log, the marks, what answers were, who the learner is. (Caches make themselves.)"""
    # The truth. Undo rows carry rating 0 and name the review they take back.
    database.execute(
        "create table review ("
        " review_id text not null primary key, learner_id text not null, card_id text not null,"
        " language text not null, answered_at integer not null, zone text not null,"
        " kind text not null default 'review' check (kind in ('review', 'undo')),"
        " rating integer not null check (rating between 0 and 4), response text not null,"
        " correct integer check (correct in (0, 1)), taken_ms integer not null,"
        " question_digest text not null, answer_digest text not null,"
        " scheduler text not null, device text not null, undoes text,"
        " check ((kind = 'undo') = (undoes is not null)),"
        " check ((kind = 'undo') = (rating = 0))"
        ") strict"
    )
    # Wide enough to replay every card from the index alone.
    database.execute(
        "create index review_of_card on review"
        " (card_id, review_id, answered_at, zone, rating, kind)"
    )
    database.execute("create index review_undone on review (undoes) where undoes is not null")
    database.execute(
        "create view effective_review as select * from review where kind = 'review'"
        " and review_id not in (select undoes from review where undoes is not null)"
    )
    database.table("mark").create(
        {
            "mark_id": str,
            "learner_id": str,
            "card_id": str,
            "at": int,
            "zone": str,
            "kind": str,
        },
        pk="mark_id",
        not_null={"mark_id", "learner_id", "card_id", "at", "zone", "kind"},
        strict=True,
    )
    database.table("mark").create_index(["card_id"], "mark_of_card")
    database.table("answer_text").create(
        {"digest": str, "language": str, "text": str},
        pk="digest",
        not_null={"digest", "language", "text"},
        strict=True,
    )
    # A card without an id of its own is named after its text; this says what it is named now.
    database.table("card_alias").create(
        {"old_id": str, "new_id": str, "at": int},
        pk=("old_id", "new_id"),
        not_null={"old_id", "new_id", "at"},
        strict=True,
    )
    for table in ("review", "mark", "answer_text", "card_alias"):
        _only_grows(database, table)
    database.table("profile").create(
        {"key": str, "value": str}, pk="key", not_null={"key", "value"}, strict=True
    )


def m002_case_play(database: Database) -> None:
    """The cases a learner has played. Each row holds a whole road, so that the last one is enough
    to go on from; of the rows of one play the last by id holds."""
    database.table("case_play").create(
        {
            "entry_id": str,
            "learner_id": str,
            "scenario_id": str,
            "play_id": str,
            "at": int,
            "zone": str,
            "kind": str,
            "road": str,
            "right_turns": int,
            "wrong_turns": int,
        },
        pk="entry_id",
        not_null={
            *("entry_id", "learner_id", "scenario_id", "play_id", "at", "zone", "kind", "road"),
            *("right_turns", "wrong_turns"),
        },
        strict=True,
    )
    _only_grows(database, "case_play")


def m003_shop_move(database: Database) -> None:
    """The months a learner has played in the shop, move by move."""
    database.table("shop_move").create(
        {
            "entry_id": str,
            "learner_id": str,
            "month_id": str,
            "at": int,
            "zone": str,
            "kind": str,
            "payload": str,
            "state": str,
        },
        pk="entry_id",
        not_null={
            *("entry_id", "learner_id", "month_id", "at", "zone", "kind", "payload", "state"),
        },
        strict=True,
    )
    database.table("shop_move").create_index(["month_id", "entry_id"], "shop_move_of_month")
    _only_grows(database, "shop_move")


LEARNER_STEPS: tuple[Callable[[Database], None], ...] = (
    m001_learner,
    m002_case_play,
    m003_shop_move,
)

if len(LEARNER_STEPS) != LEARNER_VERSION:
    raise AssertionError("LEARNER_VERSION does not match the steps")
