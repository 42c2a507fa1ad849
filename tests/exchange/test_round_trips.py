"""Ours to another format and back: nothing is lost that the format can carry.

Texts are compared as they are shown: rendered to HTML.
"""

from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Matching,
    Number,
    Ordering,
    Parametric,
    Recall,
    Term,
)
from trainer.decks.addresses import address_of, is_deck_file
from trainer.decks.model import Deck, Rule
from trainer.decks.parser import parse_deck
from trainer.exchange import formats
from trainer.exchange.clean_deck import About, clean_deck
from trainer.exchange.html_text import HtmlWriter
from trainer.exchange.model import Bundle
from trainer.foundation.source import Level

CONTENT = Path(__file__).resolve().parents[2] / "content"
FILES = sorted(
    path.relative_to(CONTENT).as_posix()
    for path in CONTENT.rglob("*.md")
    if is_deck_file(path.relative_to(CONTENT))
)
SAMPLE = FILES[::29]
KEYS = [one.key for one in formats.FORMATS if one.exports]
NOW = 1_796_000_000_000
HTML = HtmlWriter(lambda target: target)


@cache
def shipped(path: str) -> Deck:
    address = address_of(PurePosixPath(path))
    assert address is not None
    source = (CONTENT / path).read_bytes()
    return parse_deck(source, PurePosixPath(path), address.deck_id, address.language)[0]


def there_and_back(deck: Deck, key: str) -> Deck:
    exported = formats.write(key, Bundle((deck,), now=NOW))
    imported = formats.read(exported.content, f"x{formats.BY_KEY[key].suffixes[0]}")
    clean = clean_deck(imported, About())
    assert clean.not_carried == (), "reading our own export loses something"
    read, findings = parse_deck(clean.text, PurePosixPath("a.md"), "a", deck.language)
    assert [found for found in findings if found.level is Level.ERROR] == []
    assert read.title == deck.title
    return read


def body_of(card: Card, key: str) -> object:
    """What of the answer has to be the same again."""
    match card.body:
        case Choice(options=options, scoring=scoring):
            return scoring, [(HTML.line(o.text), o.right, HTML.html(o.reason)) for o in options]
        case Recall(answer=answer):
            return HTML.html(answer)
        case Term() as body:
            return HTML.html(body.shown), HTML.html(body.hidden)
        case Ordering(steps=steps):
            return [HTML.line(step) for step in steps]
        case Matching(pairs=pairs):
            return [(HTML.line(left), HTML.line(right)) for left, right in pairs]
        case Cloze(text=text, parts=parts):
            return HTML.html(text), [text[part.start : part.end] for part in parts]
        case Number() as body:
            return body.value, body.tolerance, "" if key == "gift" else body.unit
        case body:
            return body


def kept_of(card: Card, key: str) -> object:
    return (
        HTML.html(card.question),
        body_of(card, key),
        HTML.html(card.explanation),
        card.difficulty,
        card.tags,
        "" if key == "gift" else card.rule_id.rpartition("#")[2],
    )


def by_name(deck: Deck) -> dict[str, Card]:
    notes: dict[str, Card] = {}
    for card in deck.cards:
        notes.setdefault(card.note_id.rpartition("#")[2], card)
    return notes


def kept_of_rule(rule: Rule) -> object:
    told = (rule.penalty, rule.verify, rule.was, rule.elsewhere, rule.as_of)
    return rule.title, HTML.html(rule.text), rule.sources, told


def same(path: str, key: str) -> None:
    deck = shipped(path)
    again = there_and_back(deck, key)
    before, after = by_name(deck), by_name(again)
    assert list(after) == list(before)
    carries = formats.BY_KEY[key].carries
    for name, card in before.items():
        if isinstance(card.body, Parametric) and carries["parametric"] == "partly":
            assert isinstance(after[name].body, Number)
        elif isinstance(card.body, Ordering) and carries["ordering"] == "partly":
            assert isinstance(after[name].body, Matching)
        else:
            assert kept_of(after[name], key) == kept_of(card, key), name
    rules = {rule.rule_id.rpartition("#")[2]: rule for rule in again.rules}
    if carries["rules"] != "partly":
        for rule in deck.rules:
            if any(card.rule_id == rule.rule_id for card in deck.cards):
                one = rules[rule.rule_id.rpartition("#")[2]]
                assert kept_of_rule(one) == kept_of_rule(rule)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("path", SAMPLE)
def test_a_shipped_deck_comes_back_whole(path: str, key: str) -> None:
    same(path, key)


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("path", [path for path in FILES if path not in SAMPLE])
def test_every_shipped_deck_comes_back_whole(path: str, key: str) -> None:
    same(path, key)


@pytest.mark.parametrize("key", KEYS)
def test_the_same_deck_is_the_same_file(key: str) -> None:
    deck = shipped(SAMPLE[0])
    one, other = (formats.write(key, Bundle((deck,), now=NOW)).content for _ in range(2))
    assert one == other


@pytest.mark.parametrize("key", KEYS)
def test_what_stays_behind_is_said(key: str) -> None:
    deck = shipped("platforms/amazon/metrics.md")
    said = {one.code for one in formats.write(key, Bundle((deck,), now=NOW)).not_carried}
    carries = formats.BY_KEY[key].carries
    assert "carried.case" in said
    assert ("carried.fresh-numbers" in said) is (carries["parametric"] != "yes")
    assert ("carried.rule-text" in said) is (carries["sources"] == "no")
