"""The tree of decks on the teacher's desk: which rows there are and what each of them says."""

import unicodedata
from collections.abc import Collection, Sequence

from msgspec import Struct

from trainer.cards.model import Language
from trainer.presenters.handbook import SUBJECT_KINDS, short_title
from trainer.services.teacher_decks import TeacherDeck


class DeckRow(Struct, frozen=True):
    """One deck, both languages together."""

    deck_id: str
    title: str
    languages: tuple[Language, ...]
    errors: int
    editable: bool
    unsaved: bool


class DeckShelf(Struct, frozen=True):
    """A platform, product or skill with its decks."""

    subject_kind: str
    subject: str
    decks: tuple[DeckRow, ...]


def deck_rows(
    decks: Sequence[TeacherDeck], language: Language, unsaved: Collection[str] = ()
) -> Sequence[DeckShelf]:
    """All decks by subject, titles in `language` where there is one. `unsaved` are deck ids."""
    files: dict[str, list[TeacherDeck]] = {}
    for one in decks:
        files.setdefault(one.entry.deck_id, []).append(one)
    shelves: dict[tuple[str, str], list[DeckRow]] = {}
    for deck_id, both in files.items():
        shown = next((one for one in both if one.entry.language == language), both[0])
        kind, subject = shown.entry.subject_kind, shown.entry.subject
        # Products are a deck each: one shelf for all of them.
        key = (kind, "" if kind in {"", "product"} else subject)
        shelves.setdefault(key, []).append(
            DeckRow(
                deck_id=deck_id,
                title=short_title(shown.entry.title, subject) or deck_id,
                languages=tuple(one.entry.language for one in both),
                errors=sum(one.entry.errors for one in both),
                editable=all(one.editable for one in both),
                unsaved=deck_id in unsaved,
            )
        )
    order = {kind: place for place, kind in enumerate(SUBJECT_KINDS)}
    return [
        DeckShelf(kind, subject or kind, tuple(rows))
        for (kind, subject), rows in sorted(
            shelves.items(), key=lambda item: (order.get(item[0][0], 9), item[0][1])
        )
    ]


def filtered(shelves: Sequence[DeckShelf], text: str) -> Sequence[DeckShelf]:
    """The decks whose title, subject or file name holds every word of `text`."""
    words = _plain(text).split()
    if not words:
        return shelves
    found = []
    for shelf in shelves:
        rows = tuple(
            row
            for row in shelf.decks
            if all(word in _plain(f"{row.title} {row.deck_id} {shelf.subject}") for word in words)
        )
        if rows:
            found.append(DeckShelf(shelf.subject_kind, shelf.subject, rows))
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
