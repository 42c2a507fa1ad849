"""Numbers as people type them: comma or point, thousands, full width, 万, and a unit behind."""

import re
import unicodedata
from fractions import Fraction

_NUMBER = re.compile(
    r"""\s*(?P<sign>[-+\u2212]?)\s*
    (?P<digits>\d[\d\s.,'\u2019]*|[.,]\d+)\s*
    (?P<scale>[万亿]?)\s*(?P<unit>.{0,40}?)\s*""",
    re.VERBOSE | re.DOTALL,
)
_SCALES = {"": 1, "万": 10_000, "亿": 100_000_000}


def parse_number(text: str) -> tuple[Fraction, str] | None:
    """The number in `text` and the unit behind it, or None when there is none.

    Of two kinds of mark the last is the decimal mark. A single comma before exactly three digits
    parts thousands ("1,000"), any other comma is a decimal mark ("1,5"); a point is always one
    unless it stands more than once.
    """
    plain = unicodedata.normalize("NFKC", text)
    match = _NUMBER.fullmatch(plain)
    if match is None or len(plain) > 80:
        return None
    digits = re.sub(r"[\s'\u2019]", "", match["digits"])
    decimal = _plain_decimal(digits)
    if decimal is None:
        return None
    value = Fraction(decimal) * _SCALES[match["scale"]]
    return (-value if match["sign"] in {"-", "\u2212"} else value), match["unit"]


def same_unit(typed: str, wanted: str) -> bool:
    """Whether a typed unit will do; none at all always does."""
    return not typed or _folded(typed) == _folded(wanted)


def _folded(unit: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", unit).casefold().split()).rstrip(".。")
    return folded[:-1] if len(folded) > 2 and folded.endswith("s") else folded


def _plain_decimal(digits: str) -> str | None:
    digits = digits.rstrip(".,") or digits
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        mark = max(",", ".", key=digits.rfind)
        other = "." if mark == "," else ","
        if digits.count(mark) > 1:
            return None
        return digits.replace(other, "").replace(mark, ".")
    if commas > 1 or (commas == 1 and re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits)):
        return digits.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", digits) else None
    if points > 1:
        return digits.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", digits) else None
    return digits.replace(",", ".")
