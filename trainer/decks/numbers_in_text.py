"""The numbers a text names, in digits or in words, so that two languages can be compared."""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

_RUN = re.compile(
    r"[0-9][0-9.,]*(?: ?(?:万|亿|千|百万|thousand\b|million\b|billion\b|k\b))?", re.IGNORECASE
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?")
_LETTERS = "千万百亿kKthousandmillionbTHOUSANDMILLIONB"
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


def differing_numbers(one: str, other: str) -> list[Fraction]:
    """Numbers that one text writes in digits and the other does not name at all.

    Words are taken generously ("may" could be the fifth month): they only excuse a missing digit.
    """
    one, other = _plain(one), _plain(other)
    runs, other_runs = set(_RUN.findall(one)), set(_RUN.findall(other))
    if runs == other_runs:
        return []
    here, there = _in_digits(runs), _in_digits(other_runs)
    missing = (here - there - _in_words(other)) | (there - here - _in_words(one))
    return sorted(missing)


def _plain(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _in_digits(runs: Iterable[str]) -> set[Fraction]:
    """The numbers in runs of digits, points and commas: "1,000.5", "2,6,12", "3 万", "60."."""
    found: set[Fraction] = set()
    for run in runs:
        digits = run.rstrip(_LETTERS).rstrip(" ")
        scale = _SCALES.get(run[len(digits) :].strip().lower(), 1)
        digits = digits.rstrip(".,")
        if _THOUSANDS.fullmatch(digits):
            digits = digits.replace(",", "")
        found.update(Fraction(number) * scale for number in _NUMBER.findall(digits))
    return found


def _in_words(text: str) -> set[Fraction]:
    found = {Fraction(_ENGLISH[word]) for word in _WORD.findall(text.lower()) if word in _ENGLISH}
    for han in _HAN_NUMBER.findall(text):
        found.add(Fraction(_han_value(han)))
        found.update(Fraction(_CHINESE[one]) for one in han)
    return found


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
