"""Families: for any seed the right answer is the engine's, and every wrong one is explained."""

import re
import string
import tomllib
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path, PurePosixPath

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.cards.families import UndrawableError, draw_family, track_of
from trainer.cards.family_words import WORDS_FILE, Words, parse_day
from trainer.cards.grading import grade
from trainer.cards.model import (
    Card,
    Choice,
    Day,
    Family,
    FamilyLimit,
    FamilyRow,
    FamilyStep,
    Language,
    Parametric,
    kind_of,
)
from trainer.cards.response import Chosen, Entered, GaveUp
from trainer.cards.showing import show
from trainer.decks.addresses import address_of
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.penalties.engine import Penalty, points_on, standing_of
from trainer.services.generated_cards import generated_cards

CONTENT = Path(__file__).parents[2] / "content"
LANGUAGES: tuple[Language, ...] = ("en", "zh")
SEEDS = st.integers(min_value=0, max_value=2**32)


@lru_cache(maxsize=1)
def shipped() -> dict[str, dict[str, Card]]:
    """The families of the shipped decks, by language and card id."""
    decks: list[Deck] = []
    for path in sorted((CONTENT / "platforms").rglob("*.md")):
        relative = PurePosixPath(path.relative_to(CONTENT).as_posix())
        address = address_of(relative)
        if address is not None:
            decks.append(
                parse_deck(path.read_bytes(), relative, address.deck_id, address.language)[0]
            )
    found: dict[str, dict[str, Card]] = {language: {} for language in LANGUAGES}
    for card in generated_cards(decks):
        if isinstance(card.body, Family):
            found[card.language][card.card_id] = card
    return found


FAMILY_IDS = sorted(shipped()["en"])


def given_in(question: str) -> list[Penalty]:
    """The penalties an English question lists, but for those of another record."""
    found = re.findall(r"^- (\d+ \w+ \d{4}): ([\d.]+) \w+$", question, re.MULTILINE)
    days = [(parse_day(day), points) for day, points in found]
    return [Penalty(day, "record", Fraction(points)) for day, points in days if day is not None]


def test_every_platform_with_numbers_in_its_tables_has_families() -> None:
    platforms = {card_id.split("/")[1] for card_id in FAMILY_IDS}
    assert platforms >= {"alibaba", "aliexpress", "amazon", "dhgate", "ebay", "wish"}
    assert len(FAMILY_IDS) > 60
    assert all(kind_of(card.body) == "parametric" for card in shipped()["en"].values())


def test_both_languages_have_the_same_families() -> None:
    assert sorted(shipped()["zh"]) == FAMILY_IDS


@pytest.mark.parametrize("card_id", FAMILY_IDS)
@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_a_showing_is_complete_fair_and_the_same_in_both_languages(card_id: str, seed: int) -> None:
    answers: list[tuple[Fraction, int]] = []
    for language in LANGUAGES:
        showing = show(shipped()[language][card_id], seed)
        text = showing.question + showing.explanation
        assert showing.question
        assert showing.explanation
        assert not re.search(r"[{}]|None|Fraction", text)
        body = showing.card.body
        if isinstance(body, Choice):
            texts = [option.text for option in body.options]
            assert 3 <= len(texts) <= 4
            assert len(set(texts)) == len(texts)
            assert sum(option.right for option in body.options) == 1
            assert all(option.reason for option in body.options if not option.right)
            right = next(place for place, option in enumerate(body.options) if option.right)
            assert grade(showing, Chosen((right,))).correct
            answers.append((Fraction(right), len(texts)))
        else:
            assert isinstance(body, Day | Parametric)
            assert showing.answer is not None
            wrong = [value for value, _ in showing.wrong]
            assert wrong
            assert showing.answer not in wrong
            assert len(set(wrong)) == len(wrong)
            assert all(reason for _, reason in showing.wrong)
            answers.append((showing.answer, len(wrong)))
        assert grade(showing, GaveUp()).share == 0
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "card_id", [one for one in FAMILY_IDS if re.search(r"family-(points|clean|consequence)$", one)]
)
@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_what_counts_is_what_the_engine_says_of_the_listed_penalties(
    card_id: str, seed: int
) -> None:
    card = shipped()["en"][card_id]
    family = card.body
    assert isinstance(family, Family)
    showing = show(card, seed)
    penalties, track = given_in(showing.question), track_of(family)
    named = re.findall(r"\*\*(\d+ \w+ \d{4})\*\*", showing.question)
    day = parse_day(named[0]) if named else None
    match family.about:
        case "points":
            assert day is not None
            assert showing.answer == points_on(day, penalties, track)
            assert any(points_on(day, [one], track) == 0 for one in penalties)  # one has gone
        case "clean":
            clean = standing_of(track, penalties, penalties[-1].given_on).clean_on
            assert clean is not None
            assert showing.card.body == Day(clean.isoformat())
        case _:
            assert day == penalties[-1].given_on
            assert isinstance(showing.card.body, Choice)
            before = points_on(day, penalties[:-1], track)
            crossed = track.crossed(before, points_on(day, penalties, track))
            right = next(option.text for option in showing.card.body.options if option.right)
            nothing = Words("en")("consequence.nothing")
            assert right == (crossed[-1].consequence if crossed else nothing)


IP = Family(
    about="points",
    platform="aliexpress",
    record="IP record",
    window="365 days",
    steps=(
        FamilyStep("12", "Frozen for 7 days"),
        FamilyStep("36", "Frozen for 30 days"),
        FamilyStep("48", "Closed", closes=True),
    ),
    rows=(FamilyRow("Counterfeit", low="6"),),
    others=(FamilyLimit("amazon", "180 days"),),
)


def replaced(about: str, **changes: object) -> Card:
    body = msgspec.structs.replace(IP, about=about, **changes)
    return Card("d#ip.family", "d#ip.family", "en", "", body, 1)


@pytest.mark.parametrize(
    ("entered", "correct", "mistake"),
    [
        ("{clean}", True, ""),
        ("{edge}", False, "One day too early"),
        ("{first}", False, "only the first penalty"),
        ("soon", False, ""),
    ],
)
def test_a_day_that_is_wrong_in_a_known_way_is_explained(
    entered: str, correct: bool, mistake: str
) -> None:
    showing = show(replaced("clean"), 7)
    penalties = given_in(showing.question)
    body = showing.card.body
    assert isinstance(body, Day)
    clean = date.fromisoformat(body.value)
    first = track_of(IP).window.end_of(penalties[0].given_on)
    edge = date.fromordinal(clean.toordinal() - 1)
    got = grade(showing, Entered(entered.format(clean=clean, edge=edge, first=first)))
    assert got.correct is correct
    assert mistake in got.mistake
    assert (got.hint == "grading.no-day") == (entered == "soon")


def test_the_mistake_that_reaches_the_limit_is_one_too_many() -> None:
    showing = show(replaced("room", others=()), 3)
    assert showing.answer is not None
    got = grade(showing, Entered(str(showing.answer + 1)))
    assert "already reaches" in got.mistake


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-10", date(2026, 3, 10)),
        ("2026/3/10", date(2026, 3, 10)),
        ("20260310", date(2026, 3, 10)),
        ("2026年3月10日", date(2026, 3, 10)),
        ("２０２６ 年 3 月 10 日", date(2026, 3, 10)),
        ("10 March 2026", date(2026, 3, 10)),
        ("10th of march, 2026", date(2026, 3, 10)),
        ("Mar. 10, 2026", date(2026, 3, 10)),
        ("10 Foo 2026", None),
        ("3/10/2026", None),
        ("2026-02-30", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert parse_day(text) == day


@given(st.text(max_size=60))
def test_any_text_at_all_is_a_day_or_none(text: str) -> None:
    assert parse_day(text) is None or isinstance(parse_day(text), date)


def test_a_table_without_sense_makes_no_question() -> None:
    empty = Family(about="ladder", platform="wish", record="", rows=(FamilyRow("a", "b"),))
    with pytest.raises(UndrawableError):
        draw_family(empty, "en", "x")


def test_both_languages_say_the_same_sentences_with_the_same_blanks() -> None:
    sentences = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))
    english, chinese = sentences["en"], sentences["zh"]
    assert english.keys() == chinese.keys()
    for key, sentence in english.items():
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (sentence, chinese[key])
        ]
        assert blanks[0] == blanks[1], key
