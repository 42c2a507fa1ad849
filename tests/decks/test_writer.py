"""What is written can be read again, and is the same."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from trainer.cards.model import Card, Choice, Number, Option, Ordering, Recall, Term, Typed
from trainer.decks.addresses import address_of, is_deck_file
from trainer.decks.identity import is_provisional
from trainer.decks.model import Deck, Rule
from trainer.decks.parser import parse_deck
from trainer.decks.writer import card_source, cards_source, deck_source
from trainer.foundation.source import Level

CONTENT = Path(__file__).resolve().parents[2] / "content"
DECKS = sorted(
    path
    for path in CONTENT.rglob("*.md")
    if is_deck_file(path.relative_to(CONTENT))
    and path.parent.name in {"aliexpress", "amazon", "ebay", "wish", "products"}
)


def read(text: str) -> Deck:
    return parse_deck(text, PurePosixPath("a.md"), "platforms/amazon/a", "en")[0]


def without_lines(cards: Sequence[Card]) -> list[Card]:
    """Provisional ids are left out too: they depend on the broken cards around."""
    names = [
        {"note_id": "~", "card_id": "~"} if is_provisional(card.note_id) else {} for card in cards
    ]
    return [
        msgspec.structs.replace(card, line=0, **name)
        for card, name in zip(cards, names, strict=True)
    ]


def without_line(rule: Rule) -> Rule:
    table = rule.table
    if table is not None:
        rows = tuple(msgspec.structs.replace(row, line=0) for row in table.rows)
        table = msgspec.structs.replace(table, line=0, rows=rows)
    return msgspec.structs.replace(rule, line=0, table=table)


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.name)
def test_a_shipped_deck_survives_being_written(path: Path) -> None:
    address = address_of(PurePosixPath(path.relative_to(CONTENT).as_posix()))
    assert address is not None
    deck, _ = parse_deck(path.read_bytes(), path, address.deck_id, address.language)
    again, _ = parse_deck(deck_source(deck), path, address.deck_id, address.language)

    assert without_lines(again.cards) == without_lines(deck.cards)
    assert [rule.rule_id for rule in again.rules] == [rule.rule_id for rule in deck.rules]
    assert again.introduction == deck.introduction
    for before, after in zip(deck.rules, again.rules, strict=True):
        assert without_line(before) == without_line(after)


LINES = [
    "Q: What is it", "A: x", "A: true", "A: = 3 % ± 1", "A: ~ a / b", "A:", "T: term", "D: def",
    "C: ==a== and ==b=={#k} `==`", "- [x] right", "- [ ] wrong {.last}", "  > why not", "1. one",
    "2. two", "| a | b |", "| - | - |", "| c \\| d | e |", "Why: because", "text {x}", "", "",
    "> q",
    "```params", "n: 1..9 step 2", "m: one of 2, 3", "where: n > 2", "answer: n * 2", "round: 1",
    "wrong: n | no", "```", "Q: z {#id difficulty=3}", "问：啊", "答：对", "    code", "#tag",
    "\\# no", "Q: {n} of {m}",
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(LINES), max_size=30))
@example(["Q: What is it", "| a | b |", "| - | - |", "1. one", "2. two"])
@example(["Q: z", "2. two", "1. one", "| a | b |", "| - | - |", "| c | d |", "| e | f |"])
def test_what_was_read_is_read_again_from_what_is_written(lines: list[str]) -> None:
    assume(sum(line.startswith("Why:") for line in lines) < 2)  # the second one is only text
    cards = read("\n".join(lines)).cards
    assert without_lines(read(cards_source(cards)).cards) == without_lines(cards)


WORDS = st.text(alphabet="ab Q:A\n-[x]#>|`1.=~{}\\对问：", min_size=1, max_size=40).filter(
    lambda text: text.strip() == text and "==" not in text
)
WORD = st.text(alphabet="ab问", min_size=1, max_size=8)


def card(body: Recall | Term | Choice | Ordering | Typed | Number, **more: object) -> Card:
    whole = Card("platforms/amazon/a#c", "platforms/amazon/a#c", "en", "What?", body, 1)
    return msgspec.structs.replace(whole, **more)


@given(answer=WORDS, question=WORDS, why=WORDS)
def test_any_words_make_one_card_and_no_error(answer: str, question: str, why: str) -> None:
    written = card_source(card(Recall(answer), question=question, explanation=why))
    head = "---\ntitle: T\nplatform: amazon\n---\n"
    deck, findings = parse_deck(head + written, PurePosixPath("a.md"), "platforms/amazon/a", "en")

    (one,) = deck.cards
    assert one.card_id == "platforms/amazon/a#c"
    assert isinstance(one.body, Recall)
    assert all(finding.level is not Level.ERROR for finding in findings)
    # What was added can be read, but not seen: blanks and backslashes.
    bare = str.maketrans("", "", " \\\n`")
    assert one.body.answer.translate(bare) == answer.translate(bare)
    assert one.question.translate(bare) == question.translate(bare)


@given(st.lists(st.tuples(WORD, st.booleans(), WORD), min_size=2, max_size=5))
def test_options_are_written_with_their_reasons(options: list[tuple[str, bool, str]]) -> None:
    given = (Option(*option) for option in options)
    body = Choice((Option("right", True), Option("wrong", False), *given))
    (one,) = read(card_source(card(body))).cards
    assert one.body == body


@pytest.mark.parametrize(
    ("body", "source"),
    [
        (Number("1.25", "%", "0.05"), "Q: What? {#c}\nA: = 1.25 % ± 0.05"),
        (Typed(("T/T", "t/t")), "Q: What? {#c}\nA: ~ T/T / t/t"),
        (Recall("= 3"), "Q: What? {#c}\nA: \\= 3"),
        (Recall("true"), "Q: What? {#c}\nA: \\true"),
        (Term("AHR", "A score", "definition"), "T: AHR {#c}\nD: A score"),
        (Term("A score", "AHR", "term"), "T: AHR {#c}\nD: A score"),
    ],
)
def test_how_it_is_written(body: Recall | Term | Number | Typed, source: str) -> None:
    assert card_source(card(body)) == source
