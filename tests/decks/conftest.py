"""Small decks for the tests: a sourced rule with whatever stands below it."""

from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath

import pytest

from trainer.cards.model import Card
from trainer.decks.addresses import address_of
from trainer.decks.linter import ReadDeck, lint_library
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck, parse_with_lines
from trainer.foundation.source import Finding

HEAD = """---
title: Orders
platform: amazon
competence: platform-rules
as-of: 2026-10
---
## Late parcels {#late}
Parcels leave on time.
Source: [Help](https://example.org) (2026-10)

"""
PATH = PurePosixPath("platforms/amazon/orders.md")
TODAY = date(2026, 11, 23)

Read = Callable[[str], tuple[Deck, tuple[Finding, ...]]]
LintExample = Callable[[str], list[Finding]]


@pytest.fixture
def read() -> Read:
    """Reads what stands below a sourced rule."""

    def read_text(text: str) -> tuple[Deck, tuple[Finding, ...]]:
        return parse_deck(HEAD + text, PATH, "platforms/amazon/orders", "en")

    return read_text


@pytest.fixture
def read_card(read: Read) -> Callable[[str], Card]:
    """Reads the one card in a text that has nothing wrong with it."""

    def read_text(text: str) -> Card:
        deck, findings = read(text)
        assert findings == ()
        (card,) = deck.cards
        return card

    return read_text


@pytest.fixture
def lint_example() -> LintExample:
    """Lints an example as `decks.diagnostics` writes them: one deck, or several files."""

    def lint_files(example: str) -> list[Finding]:
        if example.startswith("=== "):
            files = dict(part.split("\n", 1) for part in ("\n" + example).split("\n=== ")[1:])
        elif example.startswith(("---", "# Orders")):
            files = {str(PATH): example}
        else:
            files = {str(PATH): HEAD + example}
        decks = []
        for name, text in files.items():
            path = PurePosixPath(name)
            address = address_of(path)
            if address is None:
                continue
            source = text.encode("utf-8", "surrogateescape")
            deck, findings, lines = parse_with_lines(
                source, path, address.deck_id, address.language
            )
            decks.append(ReadDeck(path, address, lines, deck, findings))
        told = lint_library(decks, lambda _: False, TODAY)
        return [finding for findings in told.values() for finding in findings]

    return lint_files
