"""Decks in from other programs and out to them, with a word for everything that stays behind."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath

import msgspec

from trainer.cards.model import Card, Language
from trainer.cards.response import SelfGraded, to_text
from trainer.decks.addresses import SUBJECT_FOLDERS, Address, SubjectKind
from trainer.decks.identity import answer_digest, question_digest
from trainer.decks.images import image_path
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.exchange import formats
from trainer.exchange.clean_deck import About, CleanDeck, clean_deck
from trainer.exchange.model import Bundle, Exported, Imported, NotCarried, PastReview
from trainer.exchange.names import file_stem
from trainer.foundation.clock import Clock, milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole
from trainer.foundation.identifiers import time_ordered_id
from trainer.foundation.messages import Messages
from trainer.services.content_library import ReportProgress
from trainer.storage.learners import LearnerFile
from trainer.storage.review_log import Review, ReviewLog

DEVICE = "import"
_MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Lost:
    """One kind of thing that stays behind, how often, and with what for instance."""

    code: str
    number: int
    examples: tuple[NotCarried, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A file of another program, read: what would come. Nothing is written yet."""

    path: Path
    format: formats.Format
    imported: Imported
    deck: Deck  # the cards that would come
    not_carried: tuple[NotCarried, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where an imported deck goes and what it is about."""

    folder: Path  # a content folder
    subject_kind: SubjectKind
    subject: str
    competence: str = ""
    title: str = ""
    language: Language | None = None  # None: the language of its texts
    as_of: str = ""
    verify: str = ""  # said of rules without a source
    beside: tuple[Path, ...] = ()  # other content folders, whose decks must not be covered


@dataclass(frozen=True, slots=True)
class Written:
    """A deck that was imported."""

    path: Path
    deck_id: str
    cards: int
    rules: int
    pictures: int
    seen: int  # questions in the file
    not_carried: tuple[NotCarried, ...]
    reviews: tuple[PastReview, ...]  # with the ids of cards in `path`


def summed(not_carried: Iterable[NotCarried]) -> list[Lost]:
    """What stays behind, kind by kind, the most frequent first."""
    everything = list(not_carried)
    counts = Counter(one.code for one in everything)
    found = []
    for code, number in counts.most_common():
        examples = tuple(one for one in everything if one.code == code)[:_MOST_EXAMPLES]
        found.append(Lost(code, number, examples))
    return found


def sentence(one: NotCarried, messages: Messages) -> str:
    """What `one` says to a person."""
    blanks = dict(one.blanks)
    if "why" in blanks and messages.knows(blanks["why"]):
        # The finding's own blanks are not known here; its sentence without them says enough.
        blanks["why"] = _bare(messages, blanks["why"])
    return messages(one.code, **blanks)


def _bare(messages: Messages, code: str) -> str:
    text = messages(code)
    return text if "{" not in text else code.rpartition(".")[2]


# In


def look(path: Path, report: ReportProgress | None = None, key: str = "") -> Preview:
    """Read the file at `path`. Raises TrainerError: import.*, disk.*, Cancelled."""
    try:
        if path.stat().st_size > formats.LARGEST_FILE:
            raise TrainerError("import.too-big")
        content = path.read_bytes()
    except OSError as error:
        raise disk_error(error, path) or error from error
    kind = formats.format_named(key) if key else formats.format_of(content, path.name)
    imported = formats.read(content, path.name, report or _nobody, kind.key)
    # Tried as it will be written, so that what is told before is what is told afterwards.
    clean = clean_deck(imported, About())
    return Preview(path, kind, imported, clean.deck, clean.not_carried)


def take(preview: Preview, target: Target) -> Written:
    """Write what was read as a new deck; nothing that is there is ever replaced.

    The pictures come first and the deck last, so that a deck that is seen is whole. Raises
    TrainerError: import.nothing-left, disk.*.
    """
    language = target.language or preview.deck.language
    about = About(
        title=target.title,
        subject_kind=target.subject_kind,
        subject=target.subject,
        competence=target.competence,
        as_of=target.as_of,
        verify=target.verify,
    )
    folder = _folder_of(target)
    places = [one / folder for one in (target.folder, *target.beside)]
    stem = _free_stem(places, file_stem(target.title or preview.deck.title))
    deck_id = f"{folder}/{stem}"
    if target.subject_kind == "product":  # its file is named after it
        about = msgspec.structs.replace(about, subject=stem)
    clean = clean_deck(preview.imported, about)
    if not clean.cards:
        raise TrainerError("import.nothing-left")
    address = Address(deck_id, language)
    text, pictures = _with_pictures(clean, preview.imported, stem)
    path = target.folder / address.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for name, content in pictures.items():
            place = path.parent / name
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, content)
        write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise disk_error(error, path) or error from error
    reviews = tuple(
        PastReview(f"{deck_id}{one.card_id}", one.at, one.rating, one.taken_ms)
        for one in clean.reviews
    )
    return Written(
        path,
        deck_id,
        clean.cards,
        clean.rules,
        len(pictures),
        preview.imported.seen,
        clean.not_carried,
        reviews,
    )


def _folder_of(target: Target) -> str:
    """Where decks of such a subject lie below a content folder."""
    top = next((name for name, kind in SUBJECT_FOLDERS.items() if kind == target.subject_kind), "")
    if target.subject_kind == "product" or not top:
        return top or "skills/imported"
    return f"{top}/{file_stem(target.subject)}"


def _free_stem(folders: Iterable[Path], stem: str) -> str:
    """A name that no deck in `folders` has, in any language, and no folder of pictures."""
    taken: set[str] = set()
    for folder in folders:
        try:
            taken.update(path.name.partition(".")[0].lower() for path in folder.iterdir())
        except OSError:
            continue  # there is none
    candidate, number = stem, 1
    while candidate in taken or f"{candidate}-images" in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate


def _with_pictures(clean: CleanDeck, imported: Imported, stem: str) -> tuple[str, dict[str, bytes]]:
    """The text with its pictures in a folder of their own, and those pictures."""
    text = clean.text
    pictures = {}
    for name, content in imported.pictures.items():
        moved = f"{stem}-images/{name.rpartition('/')[2]}"
        if f"]({name})" in text:
            text = text.replace(f"]({name})", f"]({moved})")
            pictures[moved] = content
    return text, pictures


def take_history(written: Written, learner: LearnerFile, cards: Sequence[Card]) -> int:
    """Add the answers given in the other program to the learner's log; how many were new.

    Taken over a second time they are known and change nothing. Raises TrainerError (disk.*).
    """
    known = {card.card_id: card for card in cards}
    reviews = [
        _review(one, known[one.card_id], learner.learner_id)
        for one in written.reviews
        if one.card_id in known
    ]
    learner.writer.flush()
    connection: sqlite3.Connection = learner.connect()
    with closing(connection):
        return ReviewLog(connection).add(reviews)


def cards_in(written: Written) -> Sequence[Card]:
    """The cards of an imported deck, as they are now."""
    content = written.path.read_bytes()
    language: Language = "zh" if written.path.name.endswith(".zh.md") else "en"
    deck, _ = parse_deck(content, PurePosixPath(written.path.name), written.deck_id, language)
    return deck.cards


def _review(past: PastReview, card: Card, learner_id: str) -> Review:
    name = f"{learner_id} {past.card_id} {past.at} {past.rating}".encode()
    digest = blake2b(name, digest_size=10).digest()
    return Review(
        review_id=time_ordered_id(past.at, lambda _count: digest),
        learner_id=learner_id,
        card_id=past.card_id,
        language=card.language,
        answered_at=past.at,
        zone="+00:00",
        rating=past.rating,
        response=to_text(SelfGraded()),
        correct=past.rating > 1,
        taken_ms=past.taken_ms,
        question_digest=question_digest(card),
        answer_digest=answer_digest(card),
        scheduler="anki",
        device=DEVICE,
    )


# Out


def give(
    key: str,
    decks: Sequence[Deck],
    folders: Sequence[Path],
    clock: Clock,
    *,
    reviews: Sequence[PastReview] = (),
    report: ReportProgress | None = None,
) -> Exported:
    """`decks` as a file of another program; pictures are looked for in the content `folders`, the
    last first. Raises TrainerError: export.*; Cancelled."""
    bundle = Bundle(tuple(decks), _pictures_in(folders), tuple(reviews), milliseconds(clock.now()))
    return formats.write(key, bundle, report or _nobody)


def history_of(learner: LearnerFile) -> list[PastReview]:
    """Every answer that counts. Raises TrainerError (disk.*, file.*)."""
    learner.writer.flush()
    with closing(learner.connect()) as connection:
        return [
            PastReview(one.card_id, one.answered_at, one.rating, one.taken_ms)
            for one in ReviewLog(connection).effective()
        ]


def _pictures_in(folders: Sequence[Path]) -> Callable[[str, str], bytes | None]:
    def picture(deck_id: str, target: str) -> bytes | None:
        path, trouble = image_path(target, deck_id.rpartition("/")[0])
        if trouble:
            return None
        for folder in reversed(folders):
            place = (folder / path).resolve()
            if place.is_relative_to(folder.resolve()) and place.is_file():
                try:
                    return place.read_bytes()
                except OSError:
                    return None
        return None

    return picture


def _nobody(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""
