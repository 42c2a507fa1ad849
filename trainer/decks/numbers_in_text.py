"""The numbers a text names, in digits or in words, so that two languages can be compared."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

_DIGITS = re.compile(
    r"(?<![0-9.])(?:[0-9]{1,3}(?:,[0-9]{3}){1,9}|[0-9]{1,30})(?:\.[0-9]{1,30})?"
    r"(?P<scale> ?(?:万|亿|千|百万|thousand|million|billion|k\b))?",
    re.IGNORECASE,
)
_SCALES = {
    "千": 1000,
    "万": 10_000,
    "百万": 1_000_000,
    "亿": 100_000_000,
    "k": 1000,
    "thousand": 1000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}
_ENGLISH = {
    word: number
    for number, words in enumerate(
        (
            "zero no none nothing free",
            "one a an first once single january jan each every per",
            "two second twice double both pair february feb",
            "three third triple march mar",
            "four fourth april apr quarter",
            "five fifth may",
            "six sixth june jun",
            "seven seventh july jul week",
            "eight eighth august aug",
            "nine ninth september sep sept",
            "ten tenth october oct",
            "eleven eleventh november nov",
            "twelve twelfth december dec dozen",
        )
    )
    for word in words.split()
} | {
    "half": 2,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
    "hundred": 100,
    "thousand": 1000,
}
_CHINESE = {
    "零": 0,
    "一": 1,
    "首": 1,
    "单": 1,
    "每": 1,
    "二": 2,
    "两": 2,
    "双": 2,
    "半": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "周": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "百": 100,
    "千": 1000,
}
_WORD = re.compile("[a-z]+")
_HAN_NUMBER = re.compile("[一二两三四五六七八九十百千零]+|[首双半单每周]")


@dataclass(frozen=True, slots=True)
class NumbersNamed:
    """`digits` are those written in digits; `words` those a word could mean."""

    digits: frozenset[Fraction]
    words: frozenset[Fraction]


def numbers_named(text: str) -> NumbersNamed:
    """Every number in `text`. Words are taken generously: they only excuse a missing digit."""
    plain = unicodedata.normalize("NFKC", text)
    digits: set[Fraction] = set()
    words: set[Fraction] = set()
    for found in _DIGITS.finditer(plain):
        scale = found["scale"] or ""
        value = Fraction(found[0][: len(found[0]) - len(scale)].replace(",", ""))
        digits.add(value * _SCALES.get(scale.strip().lower(), 1))
    for word in _WORD.findall(plain.lower()):
        if word in _ENGLISH:
            words.add(Fraction(_ENGLISH[word]))
    for han in _HAN_NUMBER.findall(plain):
        words.add(Fraction(_han_value(han)))
        words.update(Fraction(_CHINESE[one]) for one in han)
    return NumbersNamed(frozenset(digits), frozenset(words))


def missing_numbers(one: NumbersNamed, other: NumbersNamed) -> list[Fraction]:
    """Numbers that one text writes in digits and the other does not name at all."""
    return sorted(one.digits - other.digits - other.words)


def _han_value(text: str) -> int:
    total = current = 0
    for one in text[:8]:
        value = _CHINESE[one]
        if value in {10, 100, 1000}:
            total += (current or 1) * value
            current = 0
        else:
            current = value
    return total + current
