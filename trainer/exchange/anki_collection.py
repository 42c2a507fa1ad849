"""Anki's collection file, both shapes it has had: notes, cards, note types and the review log.

Schema 11 keeps note types and decks as JSON in the table `col`; schema 18 has tables of their own
with protocol-buffer records (Anki's source, rslib/src/storage and proto/anki/notetypes.proto).
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import msgspec

from trainer.exchange import protobuf
from trainer.foundation.errors import TrainerError

_MOST_STEPS = 400  # of a million instructions of SQLite's machine each: some seconds
_LONGEST_TEXT = 4_000_000  # bytes of one field
_MOST_ROWS = 2_000_000


class Template(msgspec.Struct, frozen=True):
    name: str
    front: str
    back: str


class NoteType(msgspec.Struct, frozen=True):
    name: str
    is_cloze: bool
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    image_occlusion: bool = False


class AnkiCard(msgspec.Struct, frozen=True):
    card_id: int
    deck: str  # "Platform::Chapter"
    place: int  # of its template, or of its cloze number, from 0


class AnkiNote(msgspec.Struct, frozen=True):
    note_id: int
    kind: int
    tags: tuple[str, ...]
    values: tuple[str, ...]
    cards: tuple[AnkiCard, ...]


class AnkiReview(msgspec.Struct, frozen=True):
    card_id: int
    at: int  # milliseconds UTC
    ease: int  # 1 to 4; 0 for what was no answer
    taken_ms: int
    kind: int  # 0 learn, 1 review, 2 relearn, 3 filtered, 4 manual, 5 rescheduled


class Collection(msgspec.Struct, frozen=True):
    note_types: dict[int, NoteType]
    notes: tuple[AnkiNote, ...]
    reviews: tuple[AnkiReview, ...]


def read_collection(content: bytes) -> Collection:
    """Raises TrainerError: import.damaged, import.too-big."""
    if not content.startswith(b"SQLite format 3\0"):
        raise TrainerError("import.damaged")
    # A file that was in write-ahead mode cannot be opened in memory under that name.
    content = content[:18] + b"\x01\x01" + content[20:]
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(content)
            _be_careful(connection)
            return _read(connection)
    except (sqlite3.Error, OverflowError, MemoryError, UnicodeDecodeError) as error:
        raise TrainerError("import.damaged") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        # JSON or rows that are not what Anki writes.
        raise TrainerError("import.damaged") from error


def _be_careful(connection: sqlite3.Connection) -> None:
    """A made-up file may name functions, views without end and texts without measure."""
    connection.execute("pragma trusted_schema = off")
    connection.execute("pragma cell_size_check = on")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_TEXT * 4)
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    connection.create_collation("unicase", _compare)
    steps = 0

    def count() -> bool:
        nonlocal steps
        steps += 1
        return steps > _MOST_STEPS

    connection.set_progress_handler(count, 1_000_000)


def _compare(one: str, other: str) -> int:
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)


def _read(connection: sqlite3.Connection) -> Collection:
    tables = {
        name
        for name, sql in connection.execute(
            "select name, sql from sqlite_master where type = 'table'"
        )
        if isinstance(sql, str) and not sql.lower().startswith("create virtual")
    }
    if not {"col", "notes", "cards"} <= tables:
        raise TrainerError("import.damaged")
    if "notetypes" in tables:
        note_types, decks = _new_types(connection), _new_decks(connection)
    else:
        note_types, decks = _old_types(connection)
    cards: dict[int, list[AnkiCard]] = {}
    query = f"select id, nid, did, ord from cards order by ord limit {_MOST_ROWS}"  # noqa: S608
    for card_id, note_id, deck_id, place in connection.execute(query):
        one = AnkiCard(int(card_id), decks.get(int(deck_id), ""), int(place))
        cards.setdefault(int(note_id), []).append(one)
    notes = [
        AnkiNote(
            int(note_id),
            int(kind),
            tuple(str(tags).split()),
            tuple(str(values)[:_LONGEST_TEXT].split("\x1f")),
            tuple(cards.get(int(note_id), ())),
        )
        for note_id, kind, tags, values in connection.execute(
            f"select id, mid, tags, flds from notes order by id limit {_MOST_ROWS}"  # noqa: S608
        )
    ]
    reviews = tuple(_reviews(connection)) if "revlog" in tables else ()
    return Collection(note_types, tuple(notes), reviews)


def _reviews(connection: sqlite3.Connection) -> Iterator[AnkiReview]:
    query = f"select cid, id, ease, time, type from revlog order by id limit {_MOST_ROWS}"  # noqa: S608
    for row in connection.execute(query):
        yield AnkiReview(*map(int, row))


def _old_types(
    connection: sqlite3.Connection,
) -> tuple[dict[int, NoteType], dict[int, str]]:
    models, decks = connection.execute("select models, decks from col").fetchone()
    types = {}
    for key, model in json.loads(models).items():
        templates = sorted(model["tmpls"], key=lambda one: int(one.get("ord", 0)))
        fields = sorted(model["flds"], key=lambda one: int(one.get("ord", 0)))
        types[int(key)] = NoteType(
            name=str(model.get("name", "")),
            is_cloze=model.get("type") == 1,
            fields=tuple(str(field["name"]) for field in fields),
            templates=tuple(
                Template(str(one.get("name", "")), str(one["qfmt"]), str(one["afmt"]))
                for one in templates
            ),
            image_occlusion=model.get("originalStockKind") == _OCCLUSION,
        )
    names = {int(key): str(deck.get("name", "")) for key, deck in json.loads(decks).items()}
    return types, names


_OCCLUSION = 6  # Anki's number for the stock note type "Image Occlusion"


def _new_types(connection: sqlite3.Connection) -> dict[int, NoteType]:
    fields: dict[int, list[str]] = {}
    for kind, name in connection.execute("select ntid, name from fields order by ntid, ord"):
        fields.setdefault(int(kind), []).append(str(name))
    templates: dict[int, list[Template]] = {}
    query = "select ntid, name, config from templates order by ntid, ord"
    for kind, name, config in connection.execute(query):
        record = bytes(config)
        one = Template(str(name), protobuf.text(record, 1), protobuf.text(record, 2))
        templates.setdefault(int(kind), []).append(one)
    types = {}
    for kind, name, config in connection.execute("select id, name, config from notetypes"):
        record = bytes(config)
        types[int(kind)] = NoteType(
            name=str(name),
            is_cloze=protobuf.first(record, 1) == 1,
            fields=tuple(fields.get(int(kind), ())),
            templates=tuple(templates.get(int(kind), ())),
            image_occlusion=protobuf.first(record, 9) == _OCCLUSION,
        )
    return types


def _new_decks(connection: sqlite3.Connection) -> dict[int, str]:
    return {
        int(deck_id): str(name).replace("\x1f", "::")
        for deck_id, name in connection.execute("select id, name from decks")
    }
