"""What a new deck is called and begins with."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from trainer.cards.model import Language
from trainer.decks.addresses import SUBJECT_FOLDERS
from trainer.foundation.clock import Clock, study_day
from trainer.foundation.errors import TrainerError
from trainer.foundation.identifiers import SLUG
from trainer.services.snippets import new_deck
from trainer.services.teacher_decks import TeacherDeck

KINDS = ("platform", "product", "skill")
_FOLDERS: dict[str, str] = {kind: folder for folder, kind in SUBJECT_FOLDERS.items()}
_COMPETENCES = {
    "platform": "platform-rules",
    "product": "product-knowledge",
    "logistics": "logistics-finance",
    "payments": "logistics-finance",
    "language": "foreign-language",
    "culture": "intercultural",
}


class NewDeck(Struct, frozen=True):
    deck_id: str
    titles: Mapping[Language, str]


def deck_id_of(kind: str, subject: str, name: str) -> str:
    """ "platforms/amazon/orders"; a product is named by its file alone. Raises TrainerError:
    deck.bad-name."""
    if not SLUG.fullmatch(name) or (kind != "product" and not SLUG.fullmatch(subject)):
        raise TrainerError("deck.bad-name", name=name or subject)
    folder = _FOLDERS[kind]
    return f"{folder}/{name}" if kind == "product" else f"{folder}/{subject}/{name}"


def texts_of(new: NewDeck, assets: Path, clock: Clock) -> Mapping[Language, str]:
    """The text it begins with, in each of its languages."""
    parts = new.deck_id.split("/")
    kind = SUBJECT_FOLDERS[parts[0]]
    competence = _COMPETENCES.get(kind) or _COMPETENCES.get(parts[1], "platform-rules")
    month = study_day(clock.now()).strftime("%Y-%m")
    return {
        language: new_deck(
            assets,
            language,
            deck_id=new.deck_id,
            title=title,
            competence=competence,
            month=month,
        )
        for language, title in new.titles.items()
    }


def subjects_of(decks: Sequence[TeacherDeck]) -> dict[str, Sequence[str]]:
    """The subjects that have decks, by kind."""
    found: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for one in decks:
        if one.entry.subject_kind in found and one.entry.subject:
            found[one.entry.subject_kind][one.entry.subject] = None
    return {kind: sorted(subjects) for kind, subjects in found.items()}
