"""The platform's day: its own zone, with its own summer."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.penalties.books import PLATFORMS, shipped_book
from trainer.penalties.zones import day_at, knows_zone

LOS_ANGELES = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-04-01T14:59+08:00", LOS_ANGELES, "2026-03-31"),  # summer there: UTC-7
        ("2026-04-01T15:00+08:00", LOS_ANGELES, "2026-04-01"),
        ("2026-12-01T15:59+08:00", LOS_ANGELES, "2026-11-30"),  # winter there: UTC-8
        ("2026-12-01T16:00+08:00", LOS_ANGELES, "2026-12-01"),
        ("2026-03-08T07:59+00:00", LOS_ANGELES, "2026-03-07"),  # the day the clocks go forward
        ("2026-03-08T08:00+00:00", LOS_ANGELES, "2026-03-08"),
        ("2026-03-09T06:59+00:00", LOS_ANGELES, "2026-03-08"),
        ("2026-03-09T07:00+00:00", LOS_ANGELES, "2026-03-09"),
        ("2026-11-02T07:59+00:00", LOS_ANGELES, "2026-11-01"),  # and the day they go back
        ("2026-11-02T08:00+00:00", LOS_ANGELES, "2026-11-02"),
        ("2026-03-31T23:59+08:00", "Asia/Shanghai", "2026-03-31"),
        ("2026-03-31T23:59", LOS_ANGELES, "2026-03-31"),  # the platform's own time
        ("2026-03-31T23:59+08:00", "Nowhere/Land", "2026-03-31"),
    ],
)
def test_a_moment_belongs_to_a_day_of_the_platform(moment: str, zone: str, day: str) -> None:
    assert str(day_at(datetime.fromisoformat(moment), zone)) == day


@given(st.dates(date(2000, 1, 2), date(2050, 12, 30)), st.sampled_from(PLATFORMS))
def test_every_day_is_followed_by_the_next(day: date, platform: str) -> None:
    """Hour by hour through three days: no day is missed, none comes twice."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=12)
    zone = shipped_book(platform).zone
    seen = [day_at(begin + timedelta(hours=hour), zone) for hour in range(72)]
    assert seen == sorted(seen)
    assert {(b - a).days for a, b in pairwise(seen)} <= {0, 1}


@pytest.mark.parametrize("name", ["", "Beijing", "../etc/passwd", "America", "\0", "x" * 500])
def test_no_zone_is_no_crash(name: str) -> None:
    assert not knows_zone(name)
