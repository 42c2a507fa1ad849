"""What the braces of a penalty table may say: on its heading, and at the end of a row's first cell.

The linter checks with the same readers that the rulebook is made with.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from trainer.decks.model import TableKind
from trainer.decks.topics import FROM_HEADINGS
from trainer.penalties.measures import KINDS, WHILE_REACHED
from trainer.penalties.rulebook import Condition, Repeats
from trainer.penalties.windows import Window, parse_window

_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_EARNS = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) per ([1-9][0-9]{0,5}) orders")
_FROM_FIRST = re.compile(r"(.+?)\s+from the first", re.IGNORECASE)
_CONDITION = re.compile(
    r"([a-z0-9]+(?:-[a-z0-9]+)*)(?:\s*(<=|>=|<|>)\s*([0-9]{1,9}(?:\.[0-9]{1,6})?))?"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """How an attribute is read, and how it looks when it is right."""

    read: Callable[[str], object | None]
    example: str


def as_length(text: str) -> Window | None:
    """A length such as "7 days"; None for none, and for "ever", which needs no attribute."""
    window = parse_window(text)
    return None if window is None or window.unit == "ever" else window


def as_number(text: str) -> Fraction | None:
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def as_whole(text: str) -> int | None:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


def as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def as_day_of_month(text: str) -> int | None:
    """1 to 31; 0 for "end", the last day of a month."""
    if text == "end":
        return 0
    day = as_whole(text)
    return day if day is not None and day <= 31 else None


def as_earning(text: str) -> tuple[Fraction, int] | None:
    found = _EARNS.fullmatch(text)
    return (Fraction(found[1]), int(found[2])) if found else None


def as_repeats(text: str) -> Repeats | None:
    """ "365 days", or "365 days from the first": a year that the first case opens."""
    first = _FROM_FIRST.fullmatch(text)
    window = as_length(first[1] if first else text)
    return None if window is None else Repeats(window, from_first=bool(first))


def as_conditions(text: str) -> tuple[Condition, ...] | None:
    """ "m-tdr, orders-90d >= 50": a metric that holds, and a figure with a limit."""
    conditions = []
    for piece in text.replace(";", ",").split(","):
        found = _CONDITION.fullmatch(piece.strip())
        if found is None:
            return None
        sign, limit = found[2] or "", Fraction(found[3] or 0)
        conditions.append(Condition(found[1], sign, limit))  # type: ignore[arg-type] # the pattern lets only signs through
    return tuple(conditions)


def _as_names(text: str) -> tuple[str, ...] | None:
    return tuple(text.replace(",", " ").split()) or None


def _as_topic(text: str) -> str | None:
    return text if text in FROM_HEADINGS else None


def _flag(text: str) -> bool | None:
    return True if not text else None


def _as_measure(text: str) -> object | None:
    return True if not text or text == WHILE_REACHED else as_length(text)


_LENGTH = Meaning(as_length, "7 days")
_POINTS = Meaning(as_number, "12")
_WHOLE = Meaning(as_whole, "6")
_DAY = Meaning(as_day, "2022-02-21")
_WORDS = Meaning(lambda text: text or None, "points")
_NAMES = Meaning(_as_names, "late-parcel")

_VALID = {"since": _DAY, "until": _DAY}
_MEASURES: Mapping[str, Meaning] = dict.fromkeys(KINDS, Meaning(_as_measure, "7 days"))

HEADING: Mapping[TableKind, Mapping[str, Meaning]] = {
    "track": {
        "window": Meaning(lambda text: text, "365 days"),  # has a finding of its own
        "unit": _WORDS,
        "most-a-day": _POINTS,
        "merge": _LENGTH,
        "falls-from": _POINTS,
        "ceiling": _POINTS,
        "earns": Meaning(as_earning, "4 per 200 orders"),
    },
    "violations": {
        "track": _NAMES,
        "most-a-day": _POINTS,
        "merge": _LENGTH,
        "repeats": Meaning(as_repeats, "365 days from the first"),
        **_VALID,
    },
    "metrics": {"busy": _WHOLE, "lag": _LENGTH},
    "tiers": {
        "evaluated": Meaning(as_day_of_month, "20"),
        "shown": Meaning(as_whole, "5"),
        "looks-back": _LENGTH,
    },
    "fines": {"track": _NAMES, **_VALID},
    "ladder": {},
}
ROW: Mapping[TableKind, Mapping[str, Meaning]] = {
    "track": {**_MEASURES, "every": _POINTS},
    "violations": {**_MEASURES, **_VALID, "of": _NAMES, "from": _WHOLE, "also": _NAMES},
    "metrics": {"tolerates": _WHOLE, "needs": _WHOLE, "topic": Meaning(_as_topic, "defect-limit")},
    "tiers": {
        "needs": Meaning(as_conditions, "late-rate, orders-90d >= 50"),
        "unknown": Meaning(_flag, ""),
    },
    "fines": {**_MEASURES, **_VALID, "also": _NAMES},
    "ladder": _MEASURES,
}
