"""The decks on this PC: found, read, kept, searched, and picked up again when they change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.cards.model import Card, Language
from trainer.decks.model import Deck, Rule
from trainer.foundation.source import Finding

ReportProgress = Callable[[int, int], None]  # done, total; raises Cancelled to stop


@dataclass(frozen=True, slots=True)
class DeckEntry:
    """What is known of a deck without reading it."""

    deck_id: str
    language: Language
    path: str  # below the content folder, forward slashes
    title: str
    subject_kind: str
    subject: str
    competence: str
    as_of: str
    rules: int
    cards: int
    errors: int
    warnings: int
    stale: bool  # the file is broken; the last good cards are in use


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a scan found changed, as deck paths."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the handbook that matches a search."""

    deck_id: str
    rule_id: str
    language: Language
    title: str
    excerpt: str  # plain text with the matches between U+0002 and U+0003


class Library:
    """All decks below one content folder, kept in a cache file that can be thrown away."""

    @property
    def path(self) -> Path:
        """The cache file: study reads `card_place`, `card` and `deck` of it side by side with the
        learner's own file."""
        raise NotImplementedError

    def refresh(self, report: ReportProgress | None = None) -> Refreshed:
        """One directory scan; only files that changed are read again."""
        raise NotImplementedError

    def decks(self, language: Language | None = None) -> Sequence[DeckEntry]:
        raise NotImplementedError

    def deck(self, deck_id: str, language: Language) -> Deck | None:
        raise NotImplementedError

    def card(self, card_id: str, language: Language) -> Card | None:
        """The card in `language`, else in another language it has, else None."""
        raise NotImplementedError

    def has_card(self, card_id: str, language: Language) -> bool:
        raise NotImplementedError

    def rule(self, rule_id: str, language: Language) -> Rule | None:
        """The rule in `language`, else in another language it has, else None."""
        raise NotImplementedError

    def findings(self) -> Sequence[Finding]:
        raise NotImplementedError

    def search(self, text: str, language: Language | None = None, limit: int = 50) -> Sequence[Hit]:
        """Rules and cards that match, best first. Chinese is found from one character on."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
