"""Time as an argument: the clock that is passed in, and the day a moment belongs to."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

# A student who studies past midnight is still in yesterday's session; the new day begins at four.
DAY_STARTS_AT = timedelta(hours=4)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in the learner's own zone."""
        ...


class SystemClock:
    """The computer's clock. Made in `bootstrap`, passed to whoever needs the time."""

    def now(self) -> datetime:
        return datetime.now(UTC).astimezone()


class FixedClock:
    """A clock that stands still until it is moved: for tests, simulations and previews."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def advance(self, by: timedelta) -> None:
        self._moment += by


def study_day(moment: datetime) -> date:
    """The day of study `moment` belongs to, in the moment's own zone."""
    return (moment - DAY_STARTS_AT).date()


def day_begins(day: date, zone: tzinfo | None) -> datetime:
    """The first moment of a day of study."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) + DAY_STARTS_AT


def milliseconds(moment: datetime) -> int:
    """`moment` as whole milliseconds since 1970 UTC: what is written to disk."""
    return round(moment.timestamp() * 1000)


def from_milliseconds(value: int, zone: tzinfo | None = UTC) -> datetime:
    return datetime.fromtimestamp(value / 1000, tz=UTC).astimezone(zone)
