"""Cards that ask which platform a rule belongs to, from the matrix of all platforms.

A card stands for one value under one topic. Its options are the platforms that have such a rule, in
the matrix's order, so that an answer says which platform was taken for which.
"""

import re
from collections.abc import Iterator

from trainer.cards.family_words import Words
from trainer.cards.model import Card, Choice, Language, Option
from trainer.decks.comparison import Comparison, Entry, TopicRow, folded
from trainer.decks.topics import WHICH

TAG = "generated"
COMPARE = "compare"
_NOT_ASKED = frozenset({"levels", "first-step"})  # names that tell all; too many of them
_FEWEST = 3  # platforms that a choice needs
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def which_platform_cards(comparison: Comparison, language: Language) -> list[Card]:
    """A card for each value whose answer is beyond doubt: nobody else has the same numbers."""
    words = Words(language)
    found: dict[str, Card] = {}
    for row in comparison.rows:
        if row.topic not in _NOT_ASKED and len(row.cells) >= _FEWEST:
            for card in _cards_of(row, comparison, words, language):
                found.setdefault(card.card_id, card)
    return list(found.values())


def is_which_platform(card_id: str) -> bool:
    return WHICH in card_id


def platforms_offered(card: Card) -> tuple[str, ...]:
    """The platforms of a card's options, in their order."""
    return tuple(tag for tag in card.tags if tag not in {TAG, COMPARE})


def platforms_of(card: Card) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The platforms of a card's options in their order, and those that are right."""
    offered = platforms_offered(card)
    options = card.body.options if isinstance(card.body, Choice) else ()
    right = (name for name, option in zip(offered, options, strict=False) if option.right)
    return offered, tuple(right)


def _cards_of(
    row: TopicRow, comparison: Comparison, words: Words, language: Language
) -> Iterator[Card]:
    platforms = [name for name in comparison.platforms if name in row.cells]
    asked: set[tuple[str, ...]] = set()
    for platform in platforms:
        for entry in row.cells[platform]:
            value = folded(entry.value)
            numbers = _numbers(entry)
            if not numbers or numbers in asked or _gives_away(value, platforms, words):
                continue
            asked.add(numbers)
            right = [
                name
                for name in platforms
                if any(folded(one.value) == value for one in row.cells[name])
            ]
            if len(right) < len(platforms) and not _doubtful(numbers, right, row):
                yield _card(row, entry, platforms, right, words, language)


def _doubtful(numbers: tuple[str, ...], right: list[str], row: TopicRow) -> bool:
    """Whether another platform says the same numbers in other words."""
    return any(
        _numbers(entry) == numbers
        for name, entries in row.cells.items()
        if name not in right
        for entry in entries
    )


def _numbers(entry: Entry) -> tuple[str, ...]:
    """What tells a value from others: of a metric its limit, and not the window behind it."""
    found = _NUMBER.findall(entry.value)
    return tuple(found[:1] if entry.row_id else sorted(set(found)))


def _gives_away(value: str, platforms: list[str], words: Words) -> bool:
    return any(words.platform(name).casefold() in value for name in platforms)


def _card(
    row: TopicRow,
    entry: Entry,
    platforms: list[str],
    right: list[str],
    words: Words,
    language: Language,
) -> Card:
    part = f"-{entry.row_id}" if entry.row_id else ""
    return Card(
        card_id=f"{entry.rule_id}{WHICH}{row.topic}{part}",
        note_id=f"{COMPARE}#{row.topic}",
        language=language,
        question=words.which(row.topic, name=row.name, value=entry.value),
        body=Choice(
            tuple(
                Option(
                    words.platform(name),
                    name in right,
                    "" if name in right else _said_by(name, row, words),
                )
                for name in platforms
            )
        ),
        line=1,
        explanation=words(
            "which.why",
            platform=" / ".join(map(words.platform, right)),
            value=entry.value,
        ),
        rule_id=entry.rule_id,
        difficulty=3,
        tags=(TAG, COMPARE, *platforms),
    )


def _said_by(name: str, row: TopicRow, words: Words) -> str:
    values = " / ".join(entry.value for entry in row.cells[name])
    return words("which.reason", platform=words.platform(name), value=values)
