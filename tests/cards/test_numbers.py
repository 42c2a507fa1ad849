from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.numbers import parse_number, same_unit


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.25", "5/4", ""),
        ("1,25 %", "5/4", "%"),
        ("１．２５％", "5/4", "%"),
        ("1,000", "1000", ""),
        ("0,125", "1/8", ""),
        ("1.000", "1", ""),
        ("1.000,5", "2001/2", ""),
        ("1,000.5", "2001/2", ""),
        ("12 345", "12345", ""),
        ("1,234,567 pcs", "1234567", "pcs"),
        ("5万", "50000", ""),
        ("1.2亿元", "120000000", "元"),
        ("-3 days", "-3", "days"),
        ("\u22123", "-3", ""),
        (".5", "1/2", ""),
        ("48 分", "48", "分"),
        ("7.", "7", ""),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, value: str, unit: str) -> None:
    assert parse_number(text) == (Fraction(value), unit)


@pytest.mark.parametrize("text", ["", "  ", "abc", "%", "1,2,3", "1.2,3.4", "--3", "九" * 200])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@given(st.text(max_size=100))
def test_any_text_is_a_number_or_none(text: str) -> None:
    result = parse_number(text)
    assert result is None or isinstance(result[0], Fraction)


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=4))
def test_a_plain_decimal_is_itself(value: object) -> None:
    assert parse_number(f"{value} kg") == (Fraction(str(value)), "kg")


@pytest.mark.parametrize(
    ("typed", "wanted", "same"),
    [
        ("", "%", True),
        ("Points", "points", True),
        ("point", "points", True),
        ("％", "%", True),
        ("days", "hours", False),
        ("g", "kg", False),
    ],
)
def test_units_forgive_case_width_and_plural(typed: str, wanted: str, same: bool) -> None:
    assert same_unit(typed, wanted) is same
