"""The page for teachers is true: its examples are decks, and its table is the linter's own."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from trainer.cards.model import KINDS, kind_of
from trainer.decks.diagnostics import DIAGNOSTICS
from trainer.decks.front_matter import KNOWN_KEYS
from trainer.decks.model import TABLE_KINDS, Deck
from trainer.decks.parser import parse_deck
from trainer.decks.scanner import KEYS
from trainer.foundation.source import Finding

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "deck-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^````markdown ?(.*)\n((?:.*\n)*?)````$", PAGE, re.MULTILINE)
Read = Callable[[str], tuple[Deck, tuple[Finding, ...]]]


def read_example(text: str, read: Read) -> Deck:
    if text.startswith("---"):
        path = PurePosixPath("platforms/amazon/account-health.md")
        deck, findings = parse_deck(text, path, "platforms/amazon/account-health", "en")
    else:
        deck, findings = read(text)
    assert [one.code for one in findings if one.code != "deck.no-id"] == []
    return deck


@pytest.mark.parametrize(("about", "text"), EXAMPLES)
def test_each_example_is_a_deck_and_shows_what_it_says(about: str, text: str, read: Read) -> None:
    deck = read_example(text, read)
    what, _, value = about.partition("=")
    match what:
        case "kind":
            assert {kind_of(card.body) for card in deck.cards} == {value}
        case "table":
            assert [rule.table.kind for rule in deck.rules if rule.table] == [value]
        case "case":
            assert len(deck.scenarios) == 1
        case _:
            assert deck.rules


def test_there_is_an_example_of_everything() -> None:
    shown = {about for about, _ in EXAMPLES}
    assert shown >= {f"kind={kind}" for kind in KINDS}
    assert shown >= {f"table={kind}" for kind in TABLE_KINDS}
    assert "case=yes" in shown


def test_every_key_stands_on_the_page() -> None:
    for key in KEYS:
        assert key in PAGE
    for key in KNOWN_KEYS:
        assert f"`{key}`" in PAGE


def test_the_table_of_findings_is_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "build" / "deck_docs.py"), "--check"],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    for diagnostic in DIAGNOSTICS:
        assert f"`{diagnostic.code}`" in PAGE
