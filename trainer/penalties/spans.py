"""Which orders a metric looks at: those of the last 60 days, or 14 to 21 days old."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from trainer.penalties.windows import Window, parse_window

_AGES = re.compile(r"(?<![0-9.])(\d{1,3})\s*[-–—~～至到]\s*(\d{1,3})\s*(?:days?|天|日)")
_TWO = re.compile(
    r"(?P<short>\d{1,3})\s*(?:or|或)\s*(?P<long>\d{1,3})\s*(?P<unit>days?|weeks?|months?|个月|天|周)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Orders whose day is within `window` up to the day `lag` days before the one that is asked.

    With `window` 60 days and no lag: the day itself and the 59 before it.
    """

    window: Window
    lag: int = 0

    def days(self, day: date) -> tuple[date, date]:
        """The first and the last day that count on `day`."""
        last = day - timedelta(days=self.lag)
        match self.window.unit:
            case "calendar-month":  # the whole month before
                last = day.replace(day=1) - timedelta(days=1)
                return last.replace(day=1), last
            case "calendar-year":
                return date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)
            case _:
                return self._first(last), last

    def _first(self, last: date) -> date:
        """The earliest day whose window reaches beyond `last`."""
        if self.window.unit == "ever":
            return date.min
        if self.window.unit == "days":
            return last - timedelta(days=self.window.number - 1)
        # Months have no fixed length: go back far enough, then forward to the first that counts.
        back = 31 * self.window.number
        if back >= (last - date.min).days:
            return date.min
        day = last - timedelta(days=back)
        while (end := self.window.end_of(day)) is not None and end <= last:
            day += timedelta(days=1)
        return day


def parse_spans(text: str, lag: int = 0) -> tuple[Span, ...]:
    """The spans in the window cell of a metric; () when it names none.

    Knows "60 days", "3 or 12 months", "0-30 days and 63-93 days", "monthly" (the month before).
    """
    ages = _AGES.findall(text)
    if ages:
        return tuple(
            Span(Window("days", int(old) - int(young) + 1), int(young) + lag)
            for young, old in ages
            if int(young) <= int(old)
        )
    both = _TWO.search(text)
    if both:
        lengths = (parse_window(f"{both[name]} {both['unit']}") for name in ("short", "long"))
        return tuple(Span(window, lag) for window in lengths if window is not None)
    if re.fullmatch(r"\s*(?:monthly|per month|每月|按月)\s*", text, re.IGNORECASE):
        return (Span(Window("calendar-month"), 0),)
    window = parse_window(text)
    return () if window is None or window.unit == "ever" else (Span(window, lag),)
