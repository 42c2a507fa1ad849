"""What every shipped chapter promises: both languages alike, sourced, balanced, enough of it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from trainer.cards.model import Card, Choice, Cloze, TrueFalse, kind_of
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.decks.rulebooks import rulebook_of
from trainer.foundation.source import Finding

CONTENT = Path(__file__).resolve().parents[2] / "content"
FOLDERS = ("platforms", "products", "skills")

# Folder: rules, cards and branching cases at least. A platform, product or skill below that is
# not worth a lesson.
COVERAGE = {
    "platforms/aliexpress": (80, 220, 10),
    "platforms/amazon": (80, 220, 10),
    "platforms/ebay": (60, 170, 8),
    "platforms/alibaba": (60, 170, 8),
    "platforms/wish": (45, 120, 6),
    "platforms/made-in-china": (25, 60, 4),
    "platforms/dhgate": (45, 120, 6),
    "skills/logistics": (50, 130, 6),
    "products/power-bank": (15, 45, 1),
    "products/bluetooth-earphones": (15, 45, 1),
    "products/led-lighting": (15, 45, 1),
    "products/stainless-steel-drinkware": (15, 45, 1),
    "products/ceramic-tableware": (15, 45, 1),
    "products/cotton-apparel": (15, 45, 1),
    "products/down-jacket": (15, 45, 1),
    "products/plush-and-plastic-toys": (15, 45, 1),
    "products/wooden-furniture": (15, 45, 1),
    "products/cosmetics-skincare": (15, 45, 1),
    "skills/payments": (50, 130, 6),
    "skills/culture": (35, 100, 4),
    "skills/language": (35, 100, 4),
}


@dataclass(frozen=True)
class Read:
    path: Path
    deck: Deck
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        return self.path.relative_to(CONTENT).as_posix()


@cache
def read_all() -> tuple[Read, ...]:
    return tuple(_read(path) for folder in FOLDERS for path in sorted_decks(CONTENT / folder))


def sorted_decks(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.md"))


def _read(path: Path) -> Read:
    inside = path.relative_to(CONTENT).as_posix()
    chinese = inside.endswith(".zh.md")
    deck_id = inside.removesuffix(".md").removesuffix(".zh")
    deck, findings = parse_deck(path.read_bytes(), path, deck_id, "zh" if chinese else "en")
    return Read(path, deck, tuple(findings))


def pairs() -> Iterator[tuple[Read, Read]]:
    chinese = {read.deck.deck_id: read for read in read_all() if read.deck.language == "zh"}
    for read in read_all():
        if read.deck.language == "en" and read.deck.deck_id in chinese:
            yield read, chinese[read.deck.deck_id]


def test_every_chapter_stands_in_both_languages() -> None:
    languages = {(read.deck.deck_id, read.deck.language) for read in read_all()}
    ids = {deck_id for deck_id, _ in languages}
    assert languages == {(deck_id, language) for deck_id in ids for language in ("en", "zh")}


def test_no_chapter_has_a_finding() -> None:
    found = [f"{finding.place} {finding.code}" for read in read_all() for finding in read.findings]
    assert found == []


def test_both_languages_have_the_same_cards_rules_cases_and_rows() -> None:
    for english, chinese in pairs():
        one, other = english.deck, chinese.deck
        assert [shape(card) for card in by_id(one)] == [shape(card) for card in by_id(other)]
        assert [r.rule_id for r in one.rules] == [r.rule_id for r in other.rules], english.name
        assert [row_ids(r) for r in one.rules] == [row_ids(r) for r in other.rules], english.name
        assert cases(one) == cases(other), english.name


def by_id(deck: Deck) -> list[Card]:
    return sorted(deck.cards, key=lambda card: card.card_id)


def shape(card: Card) -> tuple[object, ...]:
    """What must be equal in every language."""
    match card.body:
        case Choice(options=options):
            rest: object = tuple(option.right for option in options)
        case TrueFalse(truth=truth):
            rest = truth
        case Cloze(parts=parts):
            rest = sorted(part.key for part in parts)
        case _:
            rest = None
    return card.card_id, kind_of(card.body), card.rule_id, card.difficulty, rest


def row_ids(rule: object) -> list[tuple[str, tuple[str, ...]]]:
    table = getattr(rule, "table", None)
    if table is None:
        return []
    first = 0 if table.kind == "track" else 1
    numbers = (1,) if table.kind == "violations" else (first,) if first == 0 else ()
    return [(row.row_id, tuple(digits(row.cells[n]) for n in numbers)) for row in table.rows]


def digits(text: str) -> str:
    return " ".join(re.findall(r"\d+(?:\.\d+)?", text))


def cases(deck: Deck) -> list[tuple[str, list[tuple[str, list[tuple[str, bool, object]]]]]]:
    return [
        (
            case.scenario_id,
            [
                (s.step_id, [(c.target, c.right, sorted(c.attributes.items())) for c in s.choices])
                for s in case.steps
            ],
        )
        for case in deck.scenarios
    ]


def test_every_rule_has_a_source_or_says_why_not() -> None:
    silent = [
        rule.rule_id
        for read in read_all()
        for rule in read.deck.rules
        if not rule.sources and not rule.verify
    ]
    assert silent == []


def test_no_question_is_asked_twice() -> None:
    for language in ("en", "zh"):
        asked = Counter(
            (read.deck.subject, card.question, str(card.body) if not card.question else "")
            for read in read_all()
            if read.deck.language == language
            for card in read.deck.cards
            if card.question
        )
        assert [question for question, times in asked.items() if times > 1] == []


def single_choices(folder: str, language: str) -> list[Choice]:
    return [
        card.body
        for read in read_all()
        if read.name.startswith(folder) and read.deck.language == language
        for card in read.deck.cards
        if isinstance(card.body, Choice) and not card.body.several
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("folder", COVERAGE)
def test_a_guesser_learns_nothing_from_place_or_length(folder: str, language: str) -> None:
    """The right option is first, or the longest, no more often than a fair die would have it."""
    choices = single_choices(folder, language)
    places = Counter(
        next(i for i, option in enumerate(choice.options) if option.right) for choice in choices
    )
    longest = sum(
        max(choice.options, key=lambda option: len(option.text)).right for choice in choices
    )
    assert max(places.values()) <= 0.5 * len(choices), places
    assert longest <= 0.4 * len(choices)


@pytest.mark.parametrize("folder", COVERAGE)
def test_true_and_false_are_balanced(folder: str) -> None:
    truths = Counter(
        card.body.truth
        for read in read_all()
        if read.name.startswith(folder) and read.deck.language == "en"
        for card in read.deck.cards
        if isinstance(card.body, TrueFalse)
    )
    assert abs(truths[True] - truths[False]) <= max(3, sum(truths.values()) // 3), truths


def test_every_wrong_option_says_why_it_is_wrong() -> None:
    silent = [
        f"{card.card_id} ({card.language}): {option.text}"
        for read in read_all()
        for card in read.deck.cards
        if isinstance(card.body, Choice)
        for option in card.body.options
        if not option.right and not option.reason
    ]
    assert silent == []


@pytest.mark.parametrize(("folder", "least"), COVERAGE.items())
def test_there_is_enough_to_learn(folder: str, least: tuple[int, int, int]) -> None:
    decks = [
        read.deck
        for read in read_all()
        if read.name.startswith((f"{folder}/", f"{folder}.")) and read.deck.language == "en"
    ]
    counts = (
        sum(len(deck.rules) for deck in decks),
        sum(len(deck.cards) for deck in decks),
        sum(len(deck.scenarios) for deck in decks),
    )
    assert all(have >= wanted for have, wanted in zip(counts, least, strict=True)), counts


@pytest.mark.parametrize("folder", [f for f in COVERAGE if f.startswith("platforms/")])
def test_every_consequence_in_a_case_stands_in_the_platforms_tables(folder: str) -> None:
    decks = [
        read.deck
        for read in read_all()
        if read.name.startswith(f"{folder}/") and read.deck.language == "en"
    ]
    book = rulebook_of(folder.rpartition("/")[2], decks)
    named = {
        violation
        for deck in decks
        for case in deck.scenarios
        for step in case.steps
        for choice in step.choices
        if (violation := choice.attributes.get("violation"))
    }
    assert {name for name in named if not book.knows(name)} == set()
    assert all(v.track_id in book.tracks for v in book.violations.values())


def test_links_of_sources_are_well_formed() -> None:
    address = re.compile(r"https?://[^\s()<>]+\Z")
    odd = [
        source.url
        for read in read_all()
        for rule in read.deck.rules
        for source in rule.sources
        if source.url and not address.fullmatch(source.url)
    ]
    assert odd == []
