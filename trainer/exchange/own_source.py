"""A block of ours, packed so that another program carries it along and brings it back whole.

What people see there is made for that program; this goes beside it, out of sight. A digest of what
they see tells whether it has been edited since: then what they see is what counts.
"""

import binascii
import unicodedata
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from pathlib import PurePosixPath

import msgspec

from trainer.cards.model import Body, Card, Language, Term
from trainer.decks.model import Deck, Rule
from trainer.decks.parser import parse_deck
from trainer.decks.writer import card_source, rule_source
from trainer.exchange.html_text import words_of
from trainer.exchange.model import Note

_SIGN = "trainer1:"
_LARGEST = 400_000  # bytes, unpacked


class Packed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The block as deck text, and what its deck is about."""

    seen: str  # digest of what people see
    card: str
    language: Language
    rule: str = ""
    title: str = ""
    subject_kind: str = ""
    subject: str = ""
    competence: str = ""
    as_of: str = ""
    tags: tuple[str, ...] = ()
    pictures: dict[str, str] = {}  # path in the deck, name in the package


class Unpacked(msgspec.Struct, frozen=True):
    """`body` is as `model.Draft` wants it."""

    card: Card
    body: Body
    rule: Rule | None
    deck: Deck
    about: Packed


def pack(note: Note, seen: Iterable[str], pictures: Mapping[str, str]) -> str:
    """`note` in letters, digits and a few signs. `pictures` has the names its pictures go by."""
    deck = note.deck
    packed = Packed(
        seen=digest(seen),
        card=card_source(note.card),
        language=note.card.language,
        rule=rule_source(msgspec.structs.replace(note.rule, table=None)) if note.rule else "",
        title=deck.title,
        subject_kind=deck.subject_kind,
        subject=deck.subject,
        competence=deck.competence,
        as_of=deck.as_of,
        tags=deck.tags,
        pictures=dict(pictures),
    )
    return _SIGN + b64encode(zlib.compress(msgspec.json.encode(packed), 9)).decode("ascii")


def unpack(text: str, seen: Iterable[str], picture: Callable[[str, str], str]) -> Unpacked | None:
    """The block in `text`; None when there is none, or what people see has been edited.

    `picture` gives the new path of a picture by its name in the package."""
    text = text.strip()
    if not text.startswith(_SIGN):
        return None
    try:
        packed = b64decode(text[len(_SIGN) :], validate=True)
        content = zlib.decompressobj().decompress(packed, _LARGEST)
        about = msgspec.json.decode(content, type=Packed)
    except (binascii.Error, zlib.error, ValueError, msgspec.MsgspecError):
        return None
    if about.seen != digest(seen):
        return None
    source = f"{about.rule}\n\n{about.card}\n"
    for target, name in about.pictures.items():
        path = picture(name, "")
        if path:
            source = source.replace(f"]({target}", f"]({path}")
    deck, _ = parse_deck(source, PurePosixPath("a.md"), "", "en")
    notes = {card.note_id for card in deck.cards}
    if len(notes) != 1 or len(deck.rules) > 1:
        return None
    card = deck.cards[0]
    body = card.body
    if isinstance(body, Term) and body.asks_for == "term":
        body = Term(body.hidden, body.shown, "definition")
    return Unpacked(card, body, deck.rules[0] if deck.rules else None, deck, about)


def digest(texts: Iterable[str]) -> str:
    """16 hexadecimal digits that change when the words do; blanks and tags do not count."""
    plain = (words_of(unicodedata.normalize("NFC", text)) for text in texts)
    words = "\x1f".join("".join(text.split()) for text in plain)
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
