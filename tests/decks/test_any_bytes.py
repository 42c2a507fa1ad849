"""Any bytes at all give a deck and findings: never a traceback, never more than linear time."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.cards.showing import show
from trainer.decks.addresses import Address
from trainer.decks.identity import answer_key, follow
from trainer.decks.linter import ReadDeck, lint_library
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck, parse_with_lines
from trainer.decks.stamping import stamp
from trainer.foundation.source import Finding, Level

PATH = PurePosixPath("platforms/amazon/a.md")
HEAD = "---\ntitle: T\nplatform: amazon\n---\n"

# Pieces of decks, so that random texts reach far into the parser.
PIECES = st.sampled_from(
    ["Q: ", "A: ", "T: ", "D: ", "C: ", "Why: ", "问：", "答：= ", "填空：", "- [x] ",
     "- [ ] ",
     "- 【x】", "> ", "1. ", "2、", "| a | b |", "| - | - |", "```", "```params", "~~~",
     "n: 1..9",
     "answer: n / 0", "where: ", "one of 1, 2", "==", "{#a}", "{#b .track}", "{#c .fines}", "{",
     "}",
     "## ", "### ", "# ", "##", "## Scenario: ", "Shop: x", "[t](#a)", "[t](#b) {violation=x}",
     "---", "Source: ", "[a](b) (2026-10)", "(undated)", "As-of: 2026-02-31", "Was:", "![](",
     "x.png)", "https://", "\t", " ", "　", "\n", "\n", "\n\n", "\r", "\r\n", "\0", "\ufeff", "{x}",
     "± ", "~ a / b", "1,000", "٣", "true", "对", "\u2028", "\x0b", "𝄞", "'", '"', "\\", "="]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=60).map("".join)


def parse(source: str | bytes) -> tuple[Deck, tuple[Finding, ...]]:
    return parse_deck(source, PATH, "platforms/amazon/a", "en")


def check(source: str | bytes) -> None:
    """What every deck promises, whatever it was read from."""
    deck, findings, lines = parse_with_lines(source, PATH, "platforms/amazon/a", "en")
    for finding in findings:
        assert 1 <= finding.place.line <= len(lines)
        assert 1 <= finding.place.column <= len(lines[finding.place.line - 1]) + 1, finding
    assert [f.place for f in findings] == sorted(f.place for f in findings)
    ids = [card.card_id for card in deck.cards]
    assert len(ids) == len(set(ids))
    assert len({rule.rule_id for rule in deck.rules}) == len(deck.rules)
    # It can be kept, shown, and compared.
    assert msgspec.json.decode(msgspec.json.encode(deck), type=Deck) == deck
    for card in deck.cards:
        show(card, 1)
        assert answer_key(card)
    follow(deck.cards, ())
    one = ReadDeck(PATH, Address("platforms/amazon/a", "en"), lines, deck, findings)
    other = ReadDeck(
        PurePosixPath("a.zh.md"), Address("platforms/amazon/a", "zh"), lines, deck, findings
    )
    lint_library([one, other], lambda _: False, date(2026, 11, 23))


@settings(max_examples=600)
@given(TEXTS)
def test_any_text(text: str) -> None:
    check(text)
    check(HEAD + text)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes(source: bytes) -> None:
    check(source)


@settings(max_examples=200)
@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"]))
def test_any_text_in_any_encoding(text: str, encoding: str) -> None:
    check(text.encode(encoding, "surrogatepass" if "utf" in encoding else "replace"))


@given(TEXTS)
def test_text_and_its_bytes_are_the_same_deck(text: str) -> None:
    assert parse(text)[0] == parse(text.encode("utf-8"))[0]


MONSTERS = [
    "=", "==", "[", "![", "]", "(", ">", "> ", "{", "}", "{#", "{#a}", "`", "```\n", "~", "|", "| ",
    "| a ", "-", "- ", "---\n", "- [x] ", "- [x]\n", "#", "##\n", "## x\n", "### x\n", "1. ",
    "1.\n", "Q:", "Q:\n", "Q: x\n", "Q: x\nA: y\n", "Q: x {#A}\n", "Q: x {#a}\nA: y\n", "A:\n",
    "C: ==a", "C: ==a==\n", "==a== ", "T: x\nD: y\n", "\0", "\ud800", "\r", "\n", " ", "\t", "　",
    "  > x\n", "    x\n", "Source: ", "Source: x\n", "Penalty: x\n", "x=1 ", "{x=1 ", "a='", "a=“",
    "## Scenario: x\n", "## Scenario: x\n### y\n", "- [x] [a](#b)\n", "```params\nn: 1..2\n",
    "Q: x\n```params\nn: 1..2\nanswer: n\n```\n", "## x {.track}\n| a | b |\n", "± ", "1", "1,",
    "：", "。", "中", "\\", "\\|", "'", "/", " / ", "!", "\ufeff", "e\u0301", "\U0001f600",
    "n: 1..9\n", "where: n\n", "(1+", "**", "- [ ] x\n  > y\n", "As-of: x\n", "title: x\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", MONSTERS, ids=ascii)
def test_much_of_one_thing(piece: str) -> None:
    """In each place where it could hurt: alone, behind keys, in tables, in blocks."""
    body = piece * (10_000 // len(piece))
    for text in (
        body,
        f"{HEAD}Q: x {body}\nA: y",
        f"{HEAD}Q: x {{#a}}\nA: {body}\n",
        f"{HEAD}C: ==x== {body}",
        f"{HEAD}Q: x\n- [x] a\n- [ ] b\n  > {body}\n",
        f"{HEAD}Q: x\n```params\nn: 1..9\nanswer: n {body}\n```\n",
        f"{HEAD}## x {{#x .fines}}\n\n| a | b | c |\n| - | - | - |\n| {body} | b | c |\n",
        f"{HEAD}## Scenario: x {{#x}}\n### y {{#y}}\n- [x] [z](#{body})\n",
        f"---\ntitle: {body}\ntags: {body}\n---\n",
        f"{HEAD}## x\nSource: {body}\n",
    ):
        deck, findings = parse(text)
        assert isinstance(deck, Deck)
        assert findings


@pytest.mark.parametrize(
    "piece", ["[", "Q: x\nA: y\n", "{#a", "C: x == `", "## x\n", "- [x] a\n", "`", "| \\", "\0"]
)
def test_ten_times_the_text_takes_some_ten_times_the_time(piece: str) -> None:
    """Quadratic time would be a hundred times as long; there is room for a busy machine."""

    def seconds(size: int) -> float:
        text = HEAD + piece * (size // len(piece))
        best = 99.0
        for _ in range(3):
            start = time.process_time()
            parse(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(200_000) < 40 * seconds(20_000) + 0.05


def test_a_thousand_cards_without_an_id_can_be_stamped() -> None:
    text = "Q: The same\nA: x\n\n" * 20_000
    stamped = stamp(text)
    assert stamped is not None
    assert len(stamped.given) == 20_000


# Encodings

CHINESE = (
    "---\ntitle: 订单缺陷率\nplatform: amazon\ncompetence: platform-rules\n---\n"
    "## 规则 {#r}\n来源：标题（2026）\n\n问：订单缺陷率是多少？ {#odr}\n答：低于 1 %，六十天内。\n"
)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", ["deck.encoding-utf16"]),
        ("gb18030", ["deck.encoding-gb18030"]),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_files_as_editors_save_them(encoding: str, said: list[str], line_end: str) -> None:
    source = CHINESE.replace("\n", line_end).encode(encoding)
    deck, findings = parse(source)
    assert [finding.code for finding in findings] == said
    assert deck == parse(CHINESE)[0]
    assert deck.title == "订单缺陷率"


def test_utf16_of_the_other_order() -> None:
    deck, _ = parse(b"\xfe\xff" + CHINESE.encode("utf-16-be"))
    assert deck == parse(CHINESE)[0]


def test_a_damaged_byte_is_named_at_its_place() -> None:
    source = CHINESE.encode().replace("六十".encode(), b"\xe5\x85")
    deck, findings = parse(source)
    (finding,) = findings
    assert (finding.code, finding.level) == ("deck.encoding", Level.ERROR)
    assert (finding.place.line, finding.place.column) == (10, 10)
    assert len(deck.cards) == 1


def test_a_character_that_is_none_is_replaced() -> None:
    for text in ("Q: a\0b {#a}\nA: x", "Q: a\ud800b {#a}\nA: x"):
        deck, findings = parse(HEAD + text)
        assert deck.cards[0].question == "a\ufffdb"
        odd = next(finding for finding in findings if finding.code == "deck.odd-character")
        assert (odd.place.line, odd.place.column) == (5, 5)


def test_the_fixture_deck_is_clean(read: Callable[[str], tuple[Deck, tuple[Finding, ...]]]) -> None:
    assert read("")[1] == ()
