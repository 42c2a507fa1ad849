"""Numbers as decks write them: `1.25 % ± 0.05`, `45,000 CNY`, `3 万元`."""

import re
from fractions import Fraction

from trainer.cards.numbers import parse_number

# What is longer than this takes the careful way: thousands, full width, 万.
_PLAIN = re.compile(
    r"([-+−]?[0-9]{1,18}(?:\.[0-9]{1,18})?)"
    r"(?![0-9.,，'’]|[ \t\u3000\xa0]*[0-9万亿])[ \t\u3000\xa0]*+"
)
_SPREAD = ("±", "+/-", "+-")


def parse_answer_number(text: str) -> tuple[str, str, str] | str:
    """Value, unit and tolerance of `1.25 % ± 0.05`, or what is wrong: bad-number, bad-tolerance.

    Value and tolerance are plain decimal strings. The unit may be repeated behind the tolerance.
    """
    value, spread = text, ""
    for mark in _SPREAD:
        if mark in text:
            value, _, spread = text.partition(mark)
            break
    number = _number(value.strip())
    if number is None:
        return "bad-number"
    if not spread:
        return (*number, "0") if value == text else "bad-tolerance"
    tolerance = _number(spread.strip())
    if tolerance is None or tolerance[0].startswith("-"):
        return "bad-tolerance"
    unit = number[1]
    if tolerance[1] and unit and tolerance[1] != unit:
        return "bad-tolerance"
    return number[0], unit or tolerance[1], tolerance[0]


def _number(text: str) -> tuple[str, str] | None:
    found = _PLAIN.match(text)
    if found:
        unit = text[found.end() :]
        if len(unit) <= 40 and "\n" not in unit:
            return found[1].replace("−", "-").removeprefix("+"), unit
        return None
    parsed = parse_number(text)
    if parsed is None:
        return None
    return _decimal(parsed[0]), parsed[1]


def _decimal(value: Fraction) -> str:
    """A fraction whose denominator is a power of ten, or divides one, as a plain decimal."""
    places, scaled = 0, value
    while scaled.denominator != 1:
        scaled *= 10
        places += 1
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    whole = digits[: len(digits) - places]
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{digits[len(digits) - places :]}" if places else f"{sign}{whole}"
