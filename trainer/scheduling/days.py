"""Days of study as plain numbers, for schedules that are computed a million at a time.

Moments are whole milliseconds since 1970 UTC with the offset of the clock that was read; a day
of study is counted from 1970-01-01 and begins at `foundation.clock.DAY_STARTS_AT`.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from trainer.foundation.clock import DAY_STARTS_AT, milliseconds

DAY = 86_400_000  # milliseconds
MINUTE = 60_000
STARTS_AT = DAY_STARTS_AT // timedelta(milliseconds=1)
_EPOCH = date(1970, 1, 1).toordinal()


class Moment(NamedTuple):
    """A moment and the offset of the clock it was read from."""

    at: int  # milliseconds UTC
    offset: int = 0  # milliseconds east of UTC

    @property
    def day(self) -> int:
        return (self.at + self.offset - STARTS_AT) // DAY

    def day_begins(self, day: int) -> int:
        """When day of study number `day` begins on this clock, in milliseconds UTC."""
        return day * DAY + STARTS_AT - self.offset


def moment_of(value: datetime) -> Moment:
    """`value`, which must be aware."""
    offset = value.utcoffset() or timedelta()
    return Moment(milliseconds(value), offset // timedelta(milliseconds=1))


def date_of(day: int) -> date:
    return date.fromordinal(day + _EPOCH)


def number_of(day: date) -> int:
    return day.toordinal() - _EPOCH


def zone_text(offset: int) -> str:
    """An offset as it stands in the review log: "+08:00"."""
    minutes = round(abs(offset) / MINUTE)
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def offset_of(zone: str) -> int:
    """The reverse of `zone_text`. Anything else counts as UTC: no answer is lost over a zone."""
    sign, hours, minutes = zone[:1], zone[1:3], zone[4:6]
    if len(zone) != 6 or sign not in "+-" or zone[3] != ":":
        return 0
    if not (hours.isdecimal() and minutes.isdecimal()):
        return 0
    value = (int(hours) * 60 + int(minutes)) * MINUTE
    return -value if sign == "-" else value
