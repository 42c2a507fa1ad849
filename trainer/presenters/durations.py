"""How long, in words: which sentence, and with which number."""

from datetime import timedelta

MINUTE, HOUR, DAY = 60, 3600, 86400
MONTH, YEAR = 30.4375 * DAY, 365.25 * DAY  # mean lengths of the Gregorian calendar


def interval(length: timedelta) -> tuple[str, str]:
    """Message code and number for the time until a card comes back: ("duration.days", "3").

    Months and years have one decimal: 1.4 years and 1.9 are not the same promise.
    """
    seconds = max(length.total_seconds(), 0.0)
    if seconds < 59.5 * MINUTE:
        return "duration.minutes", str(max(1, round(seconds / MINUTE)))
    if seconds < 23.5 * HOUR:
        return "duration.hours", str(round(seconds / HOUR))
    if seconds < 30.5 * DAY:
        return "duration.days", str(max(1, round(seconds / DAY)))
    if seconds < 11.95 * MONTH:
        return "duration.months", _one_decimal(seconds / MONTH)
    return "duration.years", _one_decimal(seconds / YEAR)


def countdown(length: timedelta) -> str:
    """ "9:05", counted up to the next whole second so that it never shows 0:00 too early."""
    seconds = max(0, -(-length // timedelta(seconds=1)))
    hours, rest = divmod(seconds, HOUR)
    minutes, seconds = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def spent(length: timedelta) -> tuple[str, int]:
    """Message code and number for time that was spent: whole minutes, or seconds below one."""
    seconds = round(length.total_seconds())
    if seconds < MINUTE:
        return "duration.spent-seconds", seconds
    return "duration.spent-minutes", round(seconds / MINUTE)


def _one_decimal(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
