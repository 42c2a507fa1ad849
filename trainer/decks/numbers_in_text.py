"""The numbers a text names, in digits or in words, so that two languages can be compared."""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

_RUN = re.compile(
    r"[0-9][0-9.,]*(?: ?(?:万|亿|千|百万|thousand\b|million\b|billion\b|k\b))?", re.IGNORECASE
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DISCOUNT = re.compile(r"([0-9](?:\.[0-9]|[0-9])?) ?折")
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
            "two second twice double both pair february feb half",
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
            "thirteen thirteenth",
            "fourteen fourteenth fortnight",
            "fifteen fifteenth",
            "sixteen sixteenth",
            "seventeen seventeenth",
            "eighteen eighteenth",
            "nineteen nineteenth",
        )
    )
    for word in words.split()
} | {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_TENS = {
    word: 10 * place
    for place, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
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
_HAN_NUMBER = re.compile("[一二两三四五六七八九十百千零]+成?|[首双半单每周]")


def differing_numbers(one: str, other: str) -> tuple[set[Fraction], set[Fraction]]:
    """The numbers that `one` writes in digits and `other` does not name at all, and the reverse.

    Words are taken generously ("may" could be the fifth month): they only excuse a missing digit.
    """
    one, other = _plain(one), _plain(other)
    runs, other_runs = set(_RUN.findall(one)), set(_RUN.findall(other))
    if runs == other_runs:
        return set(), set()
    here, there = _in_digits(runs), _in_digits(other_runs)
    return here - there - _in_words(other), there - here - _in_words(one)


def _plain(text: str) -> str:
    if text.isascii():
        return text
    # A full-width comma parts sentences, never thousands; normalised it would look like one.
    text = unicodedata.normalize("NFKC", text.replace("，", "、"))
    return _DISCOUNT.sub(_percent_off, text) if "折" in text else text


def _percent_off(discount: re.Match[str]) -> str:
    """95 折 and 9.5 折 are 5 % off, 8 折 is 20 % off."""
    paid = Fraction(discount[1])
    off = 100 - (paid * 10 if paid < 10 else paid)
    return f"{int(off)} %"


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
    found: set[Fraction] = set()
    tens = 0
    for word in _WORD.findall(text.lower()):
        number = _ENGLISH.get(word)
        if number is not None:
            found.add(Fraction(number))
            if tens and 0 < number < 10:
                found.add(Fraction(tens + number))
        tens = _TENS.get(word, 0)
        if tens:
            found.add(Fraction(tens))
    for han in _HAN_NUMBER.findall(text):
        if han[-1] == "成":  # 三成 is 30 %
            found.add(Fraction(10 * _han_value(han[:-1])))
            continue
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
