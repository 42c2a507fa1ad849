"""Cards that nobody writes: what the penalty tables of all platforms together ask by themselves.

They need the tables of every platform at once, so they are made after decks were read, and anew
whenever one of a platform has changed.
"""

from collections.abc import Iterable, Mapping

from trainer.cards.model import Card, Language
from trainer.decks.comparison import compare
from trainer.decks.families import families_of
from trainer.decks.model import Deck
from trainer.decks.rulebooks import rulebook_of
from trainer.decks.which_platform import which_platform_cards

PLATFORM = "platform"


def generated_cards(decks: Iterable[Deck]) -> list[Card]:
    """All of them, for each language that `decks` are in. Only the rules of the decks are used."""
    by_language: dict[Language, dict[str, list[Deck]]] = {}
    for deck in decks:
        if deck.subject_kind == PLATFORM:
            by_language.setdefault(deck.language, {}).setdefault(deck.subject, []).append(deck)
    cards: list[Card] = []
    for language in sorted(by_language):
        cards += _in_language(by_language[language], language)
    return cards


def home_of(card_id: str) -> str:
    """The deck a generated card lies in: that of its rule."""
    return card_id.partition("#")[0]


def _in_language(platforms: Mapping[str, list[Deck]], language: Language) -> list[Card]:
    books = {name: rulebook_of(name, decks) for name, decks in platforms.items()}
    titles = {
        rule.rule_id: rule.title
        for decks in platforms.values()
        for deck in decks
        for rule in deck.rules
    }
    families = [
        card for name in sorted(books) for card in families_of(name, books, titles, language)
    ]
    return families + which_platform_cards(compare(platforms, language), language)
