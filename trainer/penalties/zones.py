"""Which day it is at a platform: rules count in its own time zone, not in the seller's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC = "Etc/UTC"


def knows_zone(name: str) -> bool:
    """Whether `name` is a zone of the IANA database, such as "America/Los_Angeles"."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def day_at(moment: datetime, zone: str) -> date:
    """The day at the platform when it is `moment`.

    Beijing, 1 April 2026, 14:00 is still 31 March in Los Angeles. A moment without a zone is the
    platform's own. An unknown zone counts as UTC: the linter has named it.
    """
    if moment.tzinfo is None:
        return moment.date()
    return moment.astimezone(ZoneInfo(zone if knows_zone(zone) else UTC)).date()
