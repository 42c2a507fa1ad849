"""Platforms side by side: cells from tables and headings, and the cards made of them."""

from functools import lru_cache
from pathlib import Path, PurePosixPath

from trainer.cards.model import Card, Choice, Language, kind_of
from trainer.decks.addresses import address_of
from trainer.decks.comparison import Comparison, compare
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.decks.topics import TOPICS
from trainer.decks.which_platform import platforms_offered, which_platform_cards

CONTENT = Path(__file__).parents[2] / "content"
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def read(platform: str, text: str, name: str = "deck") -> Deck:
    front = f"---\ntitle: {name}\nplatform: {platform}\ncompetence: platform-rules\n---\n"
    path = PurePosixPath(f"platforms/{platform}/{name}.md")
    deck, findings = parse_deck((front + text).encode(), path, f"platforms/{platform}/{name}", "en")
    assert not [one for one in findings if one.level == "error"]
    return deck


def rule(heading: str, text: str = "Words with **7 days** in bold.") -> str:
    return f"## {heading}\n\n{text}\n\nSource: Help (2026-10)\n\n"


def track(closing: int, window: str = "365 days") -> str:
    table = (
        f"| Points | Then |\n| - | - |\n| 6 | Warning |\n| {closing} {{.closed}} | Shop closed |"
    )
    return rule(f'Points {{#points .track window="{window}" unit=points}}', table)


@lru_cache(maxsize=2)
def shipped(language: Language) -> Comparison:
    decks: dict[str, list[Deck]] = {}
    for path in sorted((CONTENT / "platforms").rglob("*.md")):
        relative = PurePosixPath(path.relative_to(CONTENT).as_posix())
        address = address_of(relative)
        if address is not None and address.language == language:
            deck, _ = parse_deck(path.read_bytes(), relative, address.deck_id, language)
            decks.setdefault(deck.subject, []).append(deck)
    return compare(decks, language)


def cells(comparison: Comparison, topic: str) -> dict[str, list[str]]:
    row = next(row for row in comparison.rows if row.topic == topic)
    return {name: [entry.value for entry in entries] for name, entries in row.cells.items()}


def test_tables_fill_their_topics_by_themselves() -> None:
    comparison = compare(
        {"wish": [read("wish", track(48))], "ebay": [read("ebay", track(60))]}, "en"
    )
    assert comparison.platforms == ("ebay", "wish")
    assert cells(comparison, "points-close") == {"ebay": ["60 points"], "wish": ["48 points"]}
    assert cells(comparison, "point-window") == {"ebay": ["365 days"], "wish": ["365 days"]}


def test_a_rule_says_its_value_or_what_it_has_in_bold() -> None:
    deck = read(
        "wish",
        rule("Posting {#a topic=dispatch-deadline}")
        + rule('Asking {#b topic="reply-time payout" value="In 7 days"}'),
    )
    comparison = compare({"wish": [deck]}, "en")
    assert cells(comparison, "dispatch-deadline") == {"wish": ["7 days"]}
    assert cells(comparison, "reply-time") == cells(comparison, "payout") == {"wish": ["In 7 days"]}


def test_a_teacher_brings_a_topic_of_her_own() -> None:
    deck = read("wish", rule('Samples {#a topic=samples topic-name="Free samples" value="7"}'))
    row = compare({"wish": [deck]}, "en").rows[-1]
    assert (row.topic, row.name) == ("samples", "Free samples")


def test_same_and_different_values_are_known() -> None:
    decks = {
        name: [read(name, track(closing))]
        for name, closing in (("amazon", 48), ("wish", 48), ("ebay", 60))
    }
    comparison = compare(decks, "en")
    closing, window = comparison.rows[:2]
    assert closing.same_as("amazon") == ("wish",)
    assert closing.same_as("ebay") == ()
    assert closing.differs
    assert window.topic == "point-window"
    assert not window.differs


def options(card: Card) -> dict[str, bool]:
    assert isinstance(card.body, Choice)
    return {option.text: option.right for option in card.body.options}


def test_which_platform_is_asked_where_nobody_else_has_the_number() -> None:
    decks = {
        name: [read(name, track(closing))]
        for name, closing in (("amazon", 48), ("wish", 48), ("ebay", 60), ("dhgate", 30))
    }
    cards = {card.card_id: card for card in which_platform_cards(compare(decks, "en"), "en")}
    alone = cards["platforms/ebay/deck#points.which-points-close"]
    both = cards["platforms/amazon/deck#points.which-points-close"]

    assert alone.question == "Which platform closes a shop at **60 points**?"
    assert options(alone) == {"Amazon": False, "eBay": True, "Wish": False, "DHgate": False}
    assert kind_of(both.body) == "multiple-response"
    assert options(both) == {"Amazon": True, "eBay": False, "Wish": True, "DHgate": False}
    assert platforms_offered(alone) == ("amazon", "ebay", "wish", "dhgate")
    # All have the same window: nothing to tell apart.
    assert not [card_id for card_id in cards if "point-window" in card_id]


def test_a_doubtful_number_is_not_asked() -> None:
    said = {"amazon": "5 days", "ebay": "5 working days", "wish": "9 days"}
    decks = {
        name: [read(name, rule(f'Mail {{#a topic=reply-time value="{value}"}}', value))]
        for name, value in said.items()
    }
    asked = [card.card_id for card in which_platform_cards(compare(decks, "en"), "en")]
    assert asked == ["platforms/wish/deck#a.which-reply-time"]


def test_the_shipped_decks_fill_the_matrix_in_both_languages() -> None:
    english, chinese = shipped("en"), shipped("zh")
    assert [row.topic for row in english.rows] == [row.topic for row in chinese.rows]
    assert len(english.rows) >= 20
    assert {row.topic for row in english.rows} <= set(TOPICS)
    for row, other in zip(english.rows, chinese.rows, strict=True):
        assert {n: [e.rule_id for e in c] for n, c in row.cells.items()} == {
            n: [e.rule_id for e in c] for n, c in other.cells.items()
        }


def test_the_shipped_cards_are_the_same_in_both_languages() -> None:
    both = [which_platform_cards(shipped(language), language) for language in LANGUAGES]
    assert [card.card_id for card in both[0]] == [card.card_id for card in both[1]]
    assert len(both[0]) > 40
    for english, chinese in zip(*both, strict=True):
        assert isinstance(english.body, Choice)
        assert isinstance(chinese.body, Choice)
        assert [o.right for o in english.body.options] == [o.right for o in chinese.body.options]
        assert platforms_offered(english) == platforms_offered(chinese)
        assert len(english.body.options) >= 3
        assert all(option.reason for option in english.body.options if not option.right)
