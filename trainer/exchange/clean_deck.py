"""An imported deck as the text of a new file: ids for everything, and nothing that is an error."""

from pathlib import PurePosixPath
from typing import Literal

import msgspec

from trainer.cards.model import Card
from trainer.decks.attributes import list_start
from trainer.decks.model import Deck, Rule
from trainer.decks.parser import parse_deck
from trainer.decks.plain_text import plain_text
from trainer.decks.stamping import stamp
from trainer.decks.writer import card_source, deck_source, rule_source
from trainer.exchange.model import Imported, NotCarried, PastReview
from trainer.foundation.source import Level


class About(msgspec.Struct, frozen=True):
    """What an imported deck is about, as the person who imports it says; "" leaves it open."""

    title: str = ""
    subject_kind: Literal["platform", "product", "skill", ""] = ""
    subject: str = ""
    competence: str = ""
    as_of: str = ""
    verify: str = ""  # said of rules that have no source


class CleanDeck(msgspec.Struct, frozen=True):
    """The text of a deck file, and what it did not take."""

    text: str
    deck: Deck  # as it is read from `text`
    cards: int
    rules: int
    not_carried: tuple[NotCarried, ...]
    reviews: tuple[PastReview, ...]  # by the ids in `text`, without the deck's id: "#odr-limit"


def clean_deck(imported: Imported, about: About) -> CleanDeck:
    """`imported` as deck text that is read without an error."""
    good, refused = _without_errors(imported.deck)
    deck = msgspec.structs.replace(
        good,
        title=about.title or good.title,
        subject_kind=about.subject_kind or good.subject_kind,
        subject=about.subject or good.subject,
        competence=about.competence or good.competence,
        as_of=about.as_of or good.as_of,
        rules=tuple(
            msgspec.structs.replace(rule, verify=rule.verify or about.verify)
            if not rule.sources
            else rule
            for rule in good.rules
        ),
    )
    text = deck_source(deck)
    stamped = stamp(text)
    whole = text if stamped is None else stamped.text
    read, _ = parse_deck(whole, PurePosixPath("imported.md"), "", deck.language)
    reviews = _renamed(imported.reviews, deck, read)
    lost = len(imported.reviews) - len(reviews)
    told = [*imported.not_carried, *refused]
    if lost:
        told.append(NotCarried("carried.reviews", "", {"number": str(lost)}))
    return CleanDeck(whole, read, len(read.cards), len(read.rules), tuple(told), tuple(reviews))


def _without_errors(deck: Deck) -> tuple[Deck, list[NotCarried]]:
    """The deck without the blocks that would be errors, each of which is named.

    A block is tried by itself: one bad block must not take others with it.
    """
    bad: set[str] = set()
    told: list[NotCarried] = []
    written: dict[str, str] = {}
    for card in deck.cards:
        if card.note_id not in written:
            written[card.note_id] = card_source(card)
    firsts: dict[str, Card] = {}
    for card in deck.cards:
        firsts.setdefault(card.note_id, card)
    for note_id, source in written.items():
        read, findings = parse_deck(source, PurePosixPath("a.md"), "", deck.language)
        errors = [finding for finding in findings if finding.level is Level.ERROR]
        notes = {card.note_id for card in read.cards}
        if errors or len(notes) != 1 or read.rules or read.scenarios:
            bad.add(note_id)
            code = errors[0].code if errors else "deck.no-answer"
            told.append(NotCarried("carried.card-refused", _words(firsts[note_id]), {"why": code}))
    rules = tuple(_clean_rule(rule, told) for rule in deck.rules if rule.title.strip())
    known = {rule.rule_id for rule in rules}
    cards = tuple(
        card if card.rule_id in known else msgspec.structs.replace(card, rule_id="")
        for card in deck.cards
        if card.note_id not in bad
    )
    return msgspec.structs.replace(deck, cards=cards, rules=rules), told


def _clean_rule(rule: Rule, told: list[NotCarried]) -> Rule:
    """The rule with a heading that is only words, and without a text that would be an error."""
    if list_start(rule.title.rstrip()) >= 0:
        plain = rule.title.translate(_NO_BRACES)
        rule = msgspec.structs.replace(rule, title=plain)
    read, findings = parse_deck(rule_source(rule), PurePosixPath("a.md"), "", rule.language)
    errors = any(finding.level is Level.ERROR for finding in findings)
    if not errors and len(read.rules) == 1 and not (read.cards or read.scenarios):
        return rule
    told.append(NotCarried("carried.rule-text", rule.title))
    return Rule(rule.rule_id, rule.language, rule.title, "", 0)


_NO_BRACES = str.maketrans("{}｛｝", "()（）")


def _words(card: Card) -> str:
    words = plain_text(card.question) or plain_text(card_source(card))
    return words if len(words) <= 60 else f"{words[:60]}…"


def _renamed(reviews: tuple[PastReview, ...], deck: Deck, read: Deck) -> list[PastReview]:
    """The reviews under the ids that stamping gave. Blocks stand in the same order in both; those
    without a rule come first."""
    if not reviews:
        return []
    by_rule: dict[str, list[Card]] = {}
    for card in deck.cards:
        by_rule.setdefault(card.rule_id, []).append(card)
    order = ["", *(rule.rule_id for rule in deck.rules)]
    before = [card for rule_id in order for card in by_rule.get(rule_id, ())]
    if len(before) != len(read.cards):
        return []
    names = {old.card_id: new.card_id for old, new in zip(before, read.cards, strict=True)}
    return [
        msgspec.structs.replace(review, card_id=names[review.card_id])
        for review in reviews
        if review.card_id in names
    ]
