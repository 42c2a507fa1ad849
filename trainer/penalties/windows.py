"""How long a penalty counts: rolling days or months, the calendar year, or for ever."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["days", "months", "calendar-year", "calendar-month", "ever"]

_WRITTEN = re.compile(
    r"""\s*(?:(?P<number>\d{1,4})\s*(?:
        (?P<days>days?|d|天|日)|(?P<weeks>weeks?|周)|(?P<months>months?|个月)|(?P<years>years?|年))
      |(?P<calendar>calendar[ -](?:year|month)|自然年|自然月|日历年)
      |(?P<ever>ever|never|永久)?)\s*""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Window:
    """A penalty given on a day counts on that day and until, not including, `end_of` it."""

    unit: Unit
    number: int = 0

    def end_of(self, given_on: date) -> date | None:
        """The first day on which a penalty of `given_on` no longer counts; None for never.

        Under 365 days, points given on 10 March 2026 are gone on 10 March 2027. A month that has
        no such day ends on its last one: 31 January and one month is 28 February.
        """
        match self.unit:
            case "days":
                return _plus_days(given_on, self.number)
            case "months":
                return _plus_months(given_on, self.number)
            case "calendar-year":
                return date(given_on.year + 1, 1, 1) if given_on.year < date.max.year else None
            case "calendar-month":
                return _plus_months(given_on.replace(day=1), 1)
            case "ever":
                return None


EVER = Window("ever")


def parse_window(text: str) -> Window | None:
    """A window as decks write it: "365 days", "6 months", "calendar year", "" for ever.

    None when the text is none of these (a deck may say "3 or 12 months", which only people read).
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    if match["number"]:
        number = int(match["number"])
        if match["days"]:
            return Window("days", number)
        if match["weeks"]:
            return Window("days", 7 * number)
        return Window("months", number if match["months"] else 12 * number)
    if match["calendar"]:
        is_month = "month" in match["calendar"].lower() or match["calendar"] == "自然月"
        return Window("calendar-month" if is_month else "calendar-year")
    return EVER


def _plus_days(day: date, number: int) -> date | None:
    try:
        return day + timedelta(days=number)
    except OverflowError:
        return None


def _plus_months(day: date, number: int) -> date | None:
    index = day.year * 12 + day.month - 1 + number
    year, month = divmod(index, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
