"""Days of study as numbers agree with the clock's own."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.foundation.clock import day_begins, milliseconds, study_day
from trainer.scheduling.days import date_of, moment_of, number_of, offset_of, zone_text

offsets = st.integers(-14 * 60, 14 * 60)
moments = st.builds(
    lambda moment, minutes: moment.replace(tzinfo=timezone(timedelta(minutes=minutes))),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 - zone given above
    offsets,
)


@given(moments)
def test_a_day_number_is_the_day_of_study(moment: datetime) -> None:
    assert date_of(moment_of(moment).day) == study_day(moment)


@given(moments)
def test_a_day_begins_when_the_clock_says(moment: datetime) -> None:
    day = study_day(moment)

    begins = moment_of(moment).day_begins(number_of(day))

    assert begins == milliseconds(day_begins(day, moment.tzinfo))


@given(offsets)
def test_an_offset_survives_the_log(minutes: int) -> None:
    assert offset_of(zone_text(minutes * 60_000)) == minutes * 60_000


@pytest.mark.parametrize("zone", ["", "Asia/Shanghai", "+8:00", "+08-00", "*08:00", "+aa:bb"])
def test_a_zone_nobody_knows_is_utc(zone: str) -> None:
    assert offset_of(zone) == 0


def test_four_in_the_morning_begins_the_day() -> None:
    early = moment_of(datetime(2026, 11, 2, 3, 59, tzinfo=UTC))
    late = moment_of(datetime(2026, 11, 2, 4, 0, tzinfo=UTC))

    assert late.day == early.day + 1
