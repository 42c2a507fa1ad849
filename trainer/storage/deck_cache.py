"""The parsed decks in one SQLite file that may be thrown away at any time.

Tables of other versions of the program are dropped, a damaged file is made anew, and where nothing
can be written the cache lives in a temporary folder for as long as the program runs.
"""

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from trainer.decks.topics import COMPARISON, WHICH
from trainer.foundation.errors import TrainerError
from trainer.storage.database import (
    create,
    files_of,
    shape_is_damaged,
    suspicion,
    told,
    transaction,
)

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

T = TypeVar("T")

# Raised with every change of the tables below.
_TABLES = 3

_SCHEMA = """
create table about (key text not null primary key, value text not null) strict, without rowid;
create table deck (
    deck_key integer primary key, deck_id text not null, language text not null,
    path text not null unique, title text not null, subject_kind text not null,
    subject text not null, competence text not null, as_of text not null,
    place_in_folder integer not null, position integer not null,
    size integer not null, mtime_ns integer not null, digest text not null,
    rules integer not null, cards integer not null,
    errors integer not null, warnings integer not null, stale integer not null,
    payload blob not null, findings blob not null,
    unique (deck_id, language)
) strict;
create table card (
    card_id text not null, language text not null, deck_key integer not null,
    note_id text not null, rule_id text not null, kind text not null, difficulty integer not null,
    question_digest text not null, answer_digest text not null,
    place integer not null, stale integer not null, payload blob not null,
    primary key (card_id, language)
) strict, without rowid;
create table card_place (
    card_id text not null primary key, note_id text not null, deck_id text not null,
    subject text not null, competence text not null, kind text not null, position integer not null
) strict, without rowid;
create index card_place_position on card_place (position);
create table rule (
    rule_id text not null, language text not null, deck_key integer not null,
    place integer not null, payload blob not null, primary key (rule_id, language)
) strict, without rowid;
create table alias (
    old_id text not null, new_id text not null, at integer not null,
    primary key (old_id, new_id)
) strict, without rowid;
create virtual table handbook using fts5 (
    title, text, cards, deck_id unindexed, rule_id unindexed, language unindexed,
    tokenize = 'unicode61 remove_diacritics 2'
);
"""

# How many cards (and places of the handbook) a deck can have before its numbers meet the next's.
_ROOM = 1 << 24
# Where those begin that the file does not have: cards generated from the tables of all platforms.
_GENERATED = 1 << 23


class FileState(msgspec.Struct, frozen=True):
    """What a file was like when it was last read."""

    deck_key: int
    size: int
    mtime_ns: int
    digest: str


class DeckRow(msgspec.Struct, frozen=True):
    """All of a deck but its cards and rules."""

    deck_id: str
    language: str
    path: str
    title: str
    subject_kind: str
    subject: str
    competence: str
    as_of: str
    place_in_folder: int
    size: int
    mtime_ns: int
    digest: str
    rules: int
    cards: int
    errors: int
    warnings: int
    stale: bool
    payload: bytes
    findings: bytes


_DECK_COLUMNS = DeckRow.__struct_fields__
_PUT_DECK = (
    f"insert into deck ({', '.join(_DECK_COLUMNS)}, position)"  # noqa: S608 - our own names
    f" values ({', '.join('?' * len(_DECK_COLUMNS))}, 0) on conflict (path) do update set "
    + ", ".join(f"{name} = excluded.{name}" for name in _DECK_COLUMNS)
)


class CardRow(msgspec.Struct, frozen=True):
    card_id: str
    note_id: str
    rule_id: str
    kind: str
    difficulty: int
    question_digest: str
    answer_digest: str
    stale: int  # 1: the last good version of a card that is broken now
    payload: bytes


class HandbookRow(msgspec.Struct, frozen=True):
    """A place in the handbook, as `handbook_text.indexed` text."""

    rule_id: str
    title: str
    text: str
    cards: str


class Match(msgspec.Struct, frozen=True):
    deck_id: str
    rule_id: str
    language: str
    title: str
    excerpt: str


class _Handle:
    """A connection that is closed with the thread it belongs to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self.connection.close()

    def __del__(self) -> None:
        self.close()


class DeckCache:
    """One cache file, used by any number of threads and programs at once."""

    def __init__(self, path: Path) -> None:
        """Raises TrainerError (disk.*) only when not even a temporary file can be made."""
        self.path = path
        self._temporary: TemporaryDirectory[str] | None = None
        self._mine = threading.local()
        self._handles: weakref.WeakSet[_Handle] = weakref.WeakSet()
        self._make_ready()

    @property
    def is_temporary(self) -> bool:
        return self._temporary is not None

    def close(self) -> None:
        self._let_go()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def start_anew(self) -> None:
        """Throw everything away: the file turned out to be damaged."""
        self._let_go()
        try:
            self._remove()
            self._mine.handle = self._prepared(self.path)
        except TrainerError:
            self.go_elsewhere()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's own connection."""
        handle: _Handle | None = getattr(self._mine, "handle", None)
        if handle is None:
            handle = self._prepared(self.path)
            self._mine.handle = handle
        return handle.connection

    # Opening

    def _make_ready(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists() and _is_no_database(self.path):
                self._remove()
            self._mine.handle = self._prepared(self.path)
        except OSError:
            self.go_elsewhere()
        except TrainerError as error:
            if error.code == "file.damaged":
                self.start_anew()
            else:
                self.go_elsewhere()

    def _prepared(self, path: Path) -> _Handle:
        with told(path, ours=False):
            # Closed by whichever thread comes last, and used by the one it was made for.
            connection = create(path, any_thread=True)
            try:
                # A cache may lose its last moments in a power cut, it only must not break.
                connection.execute("pragma synchronous = normal")
                if connection.execute("pragma user_version").fetchone()[0] != _TABLES:
                    with transaction(connection):
                        _set_up(connection)
                # A look at every table, so that damage shows now and not in the middle of study.
                connection.execute("select deck_key from deck limit 1").fetchone()
            except BaseException:
                connection.close()
                raise
        handle = _Handle(connection)
        self._handles.add(handle)
        return handle

    def _remove(self) -> None:
        with told(self.path, ours=False):
            for file in (*files_of(self.path), suspicion(self.path)):
                file.unlink(missing_ok=True)

    def go_elsewhere(self) -> None:
        """Nothing can be written where the cache should be, or somebody holds on to it: begin
        again in a temporary folder."""
        self._let_go()
        from tempfile import TemporaryDirectory  # almost nobody comes here

        if self._temporary is None:
            self._temporary = TemporaryDirectory(prefix="trainer-", ignore_cleanup_errors=True)
        self.path = Path(self._temporary.name) / "library.sqlite"
        self._remove()
        self._mine.handle = self._prepared(self.path)

    def _let_go(self) -> None:
        for handle in list(self._handles):
            handle.close()
        self._handles.clear()
        self._mine = threading.local()

    # Writing

    def about(self, key: str) -> str:
        row = self.connection.execute("select value from about where key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_about(self, key: str, value: str) -> None:
        with self.writing():
            self.put_about(key, value)

    def put_about(self, key: str, value: str) -> None:
        """As `set_about`, inside `writing()`."""
        self.connection.execute("insert or replace into about values (?, ?)", (key, value))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing. Raises TrainerError."""
        with told(self.path, ours=False), transaction(self.connection):
            yield

    def files(self) -> dict[str, FileState]:
        """What is known of every file, by path."""
        rows = self.connection.execute("select path, deck_key, size, mtime_ns, digest from deck")
        return {path: FileState(*rest) for path, *rest in rows}

    def state_of(self, path: str) -> FileState | None:
        row = self.connection.execute(
            "select deck_key, size, mtime_ns, digest from deck where path = ?", (path,)
        ).fetchone()
        return FileState(*row) if row else None

    def touch(self, path: str, size: int, mtime_ns: int) -> None:
        """The file was written again with the same content."""
        self.connection.execute(
            "update deck set size = ?, mtime_ns = ? where path = ?", (size, mtime_ns, path)
        )

    def mark_unreadable(self, path: str, findings: bytes) -> None:
        """The file is there and cannot be read: what was known stays in use until it can."""
        self.connection.execute(
            "update deck set mtime_ns = -1, digest = '', stale = 1, errors = 1, warnings = 0,"
            " findings = ? where path = ?",
            (findings, path),
        )

    def put(
        self,
        deck: DeckRow,
        cards: Sequence[CardRow],
        rules: Iterable[tuple[str, bytes]],
        handbook: Iterable[HandbookRow],
    ) -> None:
        """Put a deck in the place of its last version; inside `writing()`."""
        known = self.state_of(deck.path)
        if known is not None:
            self._clear(known.deck_key, deck.deck_id)
        other = self.connection.execute(
            "select path from deck where deck_id = ? and language = ? and path <> ?",
            (deck.deck_id, deck.language, deck.path),
        ).fetchone()
        if other is not None:
            self.remove(other[0])
        self.connection.execute(_PUT_DECK, msgspec.structs.astuple(deck))
        state = self.state_of(deck.path)
        if state is not None:
            self._insert_parts(deck, state.deck_key, cards, rules, handbook)

    def _insert_parts(
        self,
        deck: DeckRow,
        key: int,
        cards: Sequence[CardRow],
        rules: Iterable[tuple[str, bytes]],
        handbook: Iterable[HandbookRow],
    ) -> None:
        many = self.connection.executemany
        self._insert_cards(deck.language, key, cards)
        many(
            "insert or replace into rule values (?, ?, ?, ?, ?)",
            (
                (rule_id, deck.language, key, place, payload)
                for place, (rule_id, payload) in enumerate(rules)
            ),
        )
        many(
            "insert into handbook (rowid, title, text, cards, deck_id, rule_id, language)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(key * _ROOM + place, row.title, row.text, row.cards),
                    *(deck.deck_id, row.rule_id, deck.language),
                )
                for place, row in enumerate(handbook)
            ),
        )

    def _insert_cards(
        self, language: str, key: int, cards: Sequence[CardRow], first: int = 0
    ) -> None:
        self.connection.executemany(
            "insert or replace into card values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(card.card_id, language, key, card.note_id, card.rule_id, card.kind),
                    *(card.difficulty, card.question_digest, card.answer_digest),
                    *(place, card.stale, card.payload),
                )
                for place, card in enumerate(cards, start=first)
            ),
        )

    def put_generated(self, cards: Mapping[tuple[str, str], Sequence[CardRow]]) -> set[str]:
        """Put generated cards, by deck id and language, in the place of all earlier ones; inside
        `writing()`. Returns the ids of the decks whose cards have changed."""
        execute = self.connection.execute
        decks = {
            (deck_id, language): key
            for key, deck_id, language in execute("select deck_key, deck_id, language from deck")
        }
        changed: set[str] = set()
        for (deck_id, language), key in decks.items():
            ids = _names_of(deck_id)
            old = execute(
                "select card_id, payload from card where card_id between ? and ?"
                " and deck_key = ? and place >= ? order by place",
                (*ids, key, _GENERATED),
            ).fetchall()
            new = cards.get((deck_id, language), ())
            if old == [(card.card_id, card.payload) for card in new]:
                continue
            changed.add(deck_id)
            execute(
                "delete from card where card_id between ? and ? and deck_key = ? and place >= ?",
                (*ids, key, _GENERATED),
            )
            self._insert_cards(language, key, new, _GENERATED)
            execute(
                "update deck set cards = (select count(*) from card where card_id between ? and ?"
                " and deck_key = ?) where deck_key = ?",
                (*ids, key, key),
            )
        return changed

    def tabled(self, subject_kind: str) -> list[tuple[bytes, list[bytes]]]:
        """The payloads of all decks of a kind, and of their rules, in the library's order."""
        rows = self.connection.execute(
            "select deck_key, deck_id, payload from deck where subject_kind = ? order by path",
            (subject_kind,),
        ).fetchall()
        rules = (
            "select payload from rule where rule_id between ? and ? and deck_key = ? order by place"
        )
        return [
            (
                payload,
                [one for (one,) in self.connection.execute(rules, (*_names_of(deck_id), key))],
            )
            for key, deck_id, payload in rows
        ]

    def remove(self, path: str) -> str:
        """Forget the deck at `path`; inside `writing()`. Returns its deck id, "" when unknown."""
        row = self.connection.execute(
            "select deck_key, deck_id from deck where path = ?", (path,)
        ).fetchone()
        if row is None:
            return ""
        self._clear(row[0], row[1])
        self.connection.execute("delete from deck where deck_key = ?", (row[0],))
        return str(row[1])

    def _clear(self, deck_key: int, deck_id: str) -> None:
        for table, column in (("card", "card_id"), ("rule", "rule_id")):
            self.connection.execute(
                f"delete from {table} where {column} between ? and ? and deck_key = ?",  # noqa: S608
                (*_names_of(deck_id), deck_key),
            )
        self.connection.execute(
            "delete from handbook where rowid between ? and ?",
            (deck_key * _ROOM, (deck_key + 1) * _ROOM - 1),
        )

    def add_aliases(self, aliases: Iterable[tuple[str, str]], at: int) -> None:
        """Old and new card ids, and when that was seen (milliseconds UTC); inside `writing()`."""
        self.connection.executemany(
            "insert or replace into alias values (?, ?, ?)", [(*pair, at) for pair in aliases]
        )

    def arrange(self, changed: Iterable[str]) -> None:
        """Give every deck its place, and the cards of the deck ids `changed` (and of decks that
        moved) theirs; inside `writing()`."""
        execute = self.connection.execute
        rows = execute(
            "select deck_id, path, min(place_in_folder), position from deck group by deck_id"
        ).fetchall()
        rows.sort(key=lambda row: (row[1].rpartition("/")[0], row[2], row[0]))
        moved = set(changed)
        for position, (deck_id, _, _, old) in enumerate(rows, start=1):
            if old != position or deck_id in moved:
                moved.add(deck_id)
                execute("update deck set position = ? where deck_id = ?", (position, deck_id))
        for deck_id in sorted(moved):
            execute(
                "delete from card_place where card_id between ? and ? and deck_id in (?, ?)",
                (*_names_of(deck_id), deck_id, COMPARISON),
            )
            # English comes last and stays where there are both.
            execute(
                "insert or replace into card_place select c.card_id, c.note_id,"
                " iif(instr(c.card_id, :which), :own, d.deck_id),"
                " iif(instr(c.card_id, :which), :own, d.subject),"
                " d.competence, c.kind, d.position * :room + c.place"
                " from deck d join card c on c.deck_key = d.deck_key"
                " and c.card_id between :first and :last where d.deck_id = :deck"
                " order by d.language = 'en'",
                {
                    "which": WHICH,
                    "own": COMPARISON,
                    "room": _ROOM,
                    "deck": deck_id,
                    **dict(zip(("first", "last"), _names_of(deck_id), strict=True)),
                },
            )

    # Reading

    def entries(self, language: str | None) -> list[tuple[Any, ...]]:
        """What is known of each deck without reading it, in the library's order."""
        return self.connection.execute(
            "select deck_id, language, path, title, subject_kind, subject, competence, as_of,"
            " rules, cards, errors, warnings, stale from deck"
            " where ? is null or language = ? order by position, language",
            (language, language),
        ).fetchall()

    def findings(self) -> list[tuple[str, bytes]]:
        """Path and findings of each deck that has some, in the library's order."""
        return self.connection.execute(
            "select path, findings from deck where findings <> ? order by position, language",
            (b"[]",),
        ).fetchall()

    def deck(self, deck_id: str, language: str) -> tuple[str, bytes] | None:
        """Path and payload."""
        row: tuple[str, bytes] | None = self.connection.execute(
            "select path, payload from deck where deck_id = ? and language = ?",
            (deck_id, language),
        ).fetchone()
        return row

    def cards_of(self, path: str) -> list[CardRow]:
        """The cards of the deck at `path`, in the order of the file; none that were generated."""
        found = self.connection.execute(
            "select deck_key, deck_id from deck where path = ?", (path,)
        ).fetchone()
        if found is None:
            return []
        rows = self.connection.execute(
            "select card_id, note_id, rule_id, kind, difficulty, question_digest, answer_digest,"
            " stale, payload from card where card_id between ? and ? and deck_key = ?"
            " and place < ? order by place",
            (*_names_of(found[1]), found[0], _GENERATED),
        )
        return [CardRow(*row) for row in rows]

    def rules_of(self, path: str) -> list[tuple[str, bytes]]:
        """The rules of the deck at `path`: id and payload, in the order of the file."""
        rows = self.connection.execute(
            "select rule_id, r.payload from deck d join rule r on r.deck_key = d.deck_key"
            " and r.rule_id between d.deck_id || '#' and d.deck_id || '#\U0010ffff'"
            " where path = ? order by place",
            (path,),
        )
        return rows.fetchall()

    def card(self, card_id: str, language: str) -> bytes | None:
        """The payload in `language`, else in another one."""
        row = self.connection.execute(
            "select payload from card where card_id = ? order by language <> ? limit 1",
            (card_id, language),
        ).fetchone()
        return row[0] if row else None

    def has_card(self, card_id: str, language: str) -> bool:
        query = "select 1 from card where card_id = ? and language = ?"
        return self.connection.execute(query, (card_id, language)).fetchone() is not None

    def rule(self, rule_id: str, language: str) -> bytes | None:
        """The payload in `language`, else in another one."""
        row = self.connection.execute(
            "select payload from rule where rule_id = ? order by language <> ? limit 1",
            (rule_id, language),
        ).fetchone()
        return row[0] if row else None

    def aliases(self) -> list[tuple[str, str]]:
        return self.connection.execute("select old_id, new_id from alias").fetchall()

    def search(self, text: str, language: str | None, limit: int) -> list[Match]:
        """Places that have all of it, else any of it; best first."""
        # Its patterns take some milliseconds to compile.
        from trainer.storage.handbook_text import FIRST, LAST, query_for

        for every in (True, False):
            query = query_for(text, every=every)
            if not query:
                return []
            rows = self.connection.execute(
                "select deck_id, rule_id, language, highlight(handbook, 0, '', ''),"
                " snippet(handbook, 1, ?1, ?2, '…', 28), snippet(handbook, 2, ?1, ?2, '…', 28)"
                " from handbook where handbook match ?3 and (?4 is null or language = ?4)"
                " and rank match 'bm25(10.0, 3.0, 1.0)' order by rank limit ?5",
                (FIRST, LAST, query, language, limit),
            ).fetchall()
            if rows:
                return [_match(*row) for row in rows]
        return []

    def read(self, question: Callable[[], T]) -> T:
        """`question`, with damage told as TrainerError file.damaged."""
        with told(self.path, ours=False):
            return question()


def _match(deck_id: str, rule_id: str, language: str, title: str, text: str, cards: str) -> Match:
    """What the rule itself says comes before what its cards ask."""
    from trainer.storage.handbook_text import FIRST, excerpt  # see search

    around = cards if FIRST in cards and FIRST not in text else text
    return Match(deck_id, rule_id, language, excerpt(title), excerpt(around))


def _is_no_database(path: Path) -> bool:
    # A shorter file is one that another window is just making.
    return path.stat().st_size >= 100 and shape_is_damaged(path)


def _set_up(connection: sqlite3.Connection) -> None:
    # Read under the lock: another window may have got here first.
    if connection.execute("pragma user_version").fetchone()[0] == _TABLES:
        return
    tables = connection.execute(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        " and name not like 'handbook_%'"
    ).fetchall()
    for (name,) in tables:
        connection.execute(f'drop table "{name}"')
    for statement in _SCHEMA.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"pragma user_version = {_TABLES}")


def _names_of(deck_id: str) -> tuple[str, str]:
    """Between which ids those of a deck lie; those of "a#b" lie there for "a" too."""
    return f"{deck_id}#", f"{deck_id}#\U0010ffff"
