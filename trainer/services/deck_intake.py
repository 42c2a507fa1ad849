"""What the library makes of a deck: cards and places of the handbook as rows for the cache."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from trainer.cards.model import Card, kind_of
from trainer.decks.card_texts import card_text
from trainer.decks.encoding import decode
from trainer.decks.identity import (
    answer_digest,
    follow,
    is_provisional,
    normalised,
    question_digest,
)
from trainer.decks.model import Deck
from trainer.decks.plain_text import plain_text
from trainer.storage.deck_cache import CardRow, HandbookRow
from trainer.storage.handbook_text import indexed

_encoder = msgspec.json.Encoder()
_card_decoder = msgspec.json.Decoder(Card)


def card_row(card: Card) -> CardRow:
    return CardRow(
        card_id=card.card_id,
        note_id=card.note_id,
        rule_id=card.rule_id,
        kind=kind_of(card.body),
        difficulty=card.difficulty,
        question_digest=question_digest(card),
        answer_digest=answer_digest(card),
        stale=0,
        payload=_encoder.encode(card),
    )


def still_written(missing: Sequence[CardRow], content: bytes) -> Iterator[CardRow]:
    """Which of the cards that are missing still stand in a broken file: they were not taken out,
    they only cannot be read any more."""
    text = decode(content).text
    words = ""
    for row in missing:
        name = row.note_id.partition("#")[2]
        if not is_provisional(row.note_id):
            if re.search(rf"#{re.escape(name)}(?![a-z0-9-])", text):
                yield row
            continue
        words = words or normalised(text)
        card = _card_decoder.decode(row.payload)
        first_line = (card.question or card_text(card)).partition("\n")[0]
        if normalised(first_line) in words:
            yield row


def followed_ids(old: Sequence[CardRow], deck: Deck) -> Mapping[str, str]:
    """Cards of the last version that go on under another id: old to new."""
    cards = [_card_decoder.decode(row.payload) for row in old]
    return {before: after for after, before in follow(cards, deck.cards).items()}


def handbook_of(deck: Deck) -> Iterator[HandbookRow]:
    """The places of a deck: its rules with their cards, and the chapter with all the rest."""
    cards: dict[str, dict[str, str]] = {}
    for card in deck.cards:
        of_rule = cards.setdefault(card.rule_id, {})
        if card.note_id not in of_rule:
            of_rule[card.note_id] = card_text(card)
    for rule in deck.rules:
        sources = (source.title for source in rule.sources)
        keys = (rule.text, rule.penalty, rule.was, rule.elsewhere, *sources)
        yield _place(rule.rule_id, rule.title, keys, cards.pop(rule.rule_id, {}).values())
    scenarios = [
        text
        for scenario in deck.scenarios
        for text in (scenario.title, scenario.text, *(step.text for step in scenario.steps))
    ]
    rest = [text for of_rule in cards.values() for text in of_rule.values()]
    yield _place("", deck.title, (deck.introduction, *scenarios), rest)


def _place(rule_id: str, title: str, texts: Iterable[str], cards: Iterable[str]) -> HandbookRow:
    return HandbookRow(
        rule_id,
        indexed(plain_text(title)),
        indexed(plain_text("\n".join(texts))),
        indexed(plain_text("\n".join(cards))),
    )
