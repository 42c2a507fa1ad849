"""The seven platforms' tables as the engine reads them: whole, and alike in both languages."""

from dataclasses import fields, is_dataclass
from fractions import Fraction

import pytest

from tests.penalties.books import PLATFORMS, shipped_book
from trainer.penalties.charges import Charge, parse_charge
from trainer.penalties.rulebook import Fine, Violation
from trainer.penalties.zones import knows_zone

WORDS = {
    "title", "consequence", "requires", "brings", "amount", "remarks", "numerator", "denominator",
    "window", "line",
}  # fmt: skip


def without_words(value: object) -> object:
    """What must be equal whatever the language: ids, numbers, days, measures."""
    if isinstance(value, dict):
        return {key: without_words(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(without_words(one) for one in value)
    if is_dataclass(value):
        return {
            field.name: without_words(getattr(value, field.name))
            for field in fields(value)
            if field.name not in WORDS or not isinstance(getattr(value, field.name), str | int)
            if not (field.name == "unit" and type(value).__name__ == "Metric")
        }
    return value


@pytest.mark.parametrize("platform", PLATFORMS)
def test_both_languages_make_the_same_rulebook(platform: str) -> None:
    assert without_words(shipped_book(platform, "en")) == without_words(
        shipped_book(platform, "zh")
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_reference_leads_somewhere(platform: str) -> None:
    book = shipped_book(platform)
    assert knows_zone(book.zone)
    rows: list[Violation | Fine] = [*book.violations.values(), *book.fines.values()]
    for row in rows:
        assert not row.track_id or row.track_id in book.tracks
        assert all(book.knows(name) for name in row.also)
        assert row.list_id in book.price_lists
    for violation in book.violations.values():
        assert not violation.family or violation.family in book.violations
    for tiers in book.tiers.values():
        for stage in tiers:
            for condition in stage.needs:
                assert condition.sign or condition.figure in book.metrics


def test_what_closes_an_account_is_known_of_every_platform_that_says_so() -> None:
    closing = {
        (platform, track_id, int(threshold.at))
        for platform in PLATFORMS
        for track_id, track in shipped_book(platform).tracks.items()
        for threshold in track.thresholds
        if threshold.closes
    }
    assert closing == {
        ("aliexpress", "ip", 48),
        ("aliexpress", "transaction", 48),
        ("aliexpress", "ip-serious", 3),
        ("alibaba", "points", 48),
        ("alibaba", "ip-serious", 3),
        ("amazon", "section3", 1),
        ("dhgate", "red", 30),
    }


FIFTH = Charge("USD", share=Fraction(1, 5), least=Fraction(1))
CARDS = Charge("USD", Fraction(3000), most=Fraction(30000))


@pytest.mark.parametrize(
    ("text", "charge"),
    [
        ("US$50 per order", Charge("USD", Fraction(50))),
        ("每单 50 美元", Charge("USD", Fraction(50))),
        ("20 USD", Charge("USD", Fraction(20))),
        ("order value + US$500", Charge("USD", Fraction(500), Fraction(1))),
        ("20 % of the order value, at least US$1", FIFTH),
        ("订单金额的 20 %，最低 1 美元", FIFTH),
        ("up to US$10 per violation", Charge("USD", Fraction(10), up_to=True)),
        ("每次最高 10 美元", Charge("USD", Fraction(10), up_to=True)),
        ("US$3,000 per product, at most US$30,000", CARDS),
        ("每个产品 3000 美元，合计不超过 30000 美元", CARDS),
        ("double the loss", Charge("", share=Fraction(2))),
        ("双倍损失", Charge("", share=Fraction(2))),
        ("6 %", Charge("", share=Fraction(3, 50))),
        ("no fixed sum", None),
        ("final value fee", None),
        ("AHR points by grade, number not published", None),
    ],
)  # fmt: skip
def test_sums_are_read_as_tables_write_them(text: str, charge: Charge | None) -> None:
    assert parse_charge(text) == charge
