from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.penalties.windows import EVER, Window, parse_window


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("365 days", Window("days", 365)),
        ("365 天", Window("days", 365)),
        ("180days", Window("days", 180)),
        ("12 weeks", Window("days", 84)),
        ("3 months", Window("months", 3)),
        ("6 个月", Window("months", 6)),
        ("1 year", Window("months", 12)),
        ("calendar year", Window("calendar-year")),
        ("自然年", Window("calendar-year")),
        ("calendar month", Window("calendar-month")),
        ("", EVER),
        ("ever", EVER),
        ("3 or 12 months", None),
        ("weekly report", None),
    ],
)
def test_windows_are_read_as_decks_write_them(text: str, window: Window | None) -> None:
    assert parse_window(text) == window


@pytest.mark.parametrize(
    ("window", "given_on", "end"),
    [
        (Window("days", 365), "2026-03-10", "2027-03-10"),
        (Window("days", 365), "2024-02-29", "2025-02-28"),
        (Window("days", 180), "2025-01-01", "2025-06-30"),
        (Window("months", 1), "2026-01-31", "2026-02-28"),
        (Window("months", 12), "2024-02-29", "2025-02-28"),
        (Window("calendar-year"), "2026-12-31", "2027-01-01"),
        (Window("calendar-month"), "2026-12-31", "2027-01-01"),
        (EVER, "2026-12-31", None),
    ],
)
def test_a_window_ends_on_the_first_day_that_no_longer_counts(
    window: Window, given_on: str, end: str | None
) -> None:
    assert window.end_of(date.fromisoformat(given_on)) == (end and date.fromisoformat(end))


@given(st.dates(), st.sampled_from(["days", "months", "calendar-year"]), st.integers(1, 9999))
def test_no_day_is_too_far_away(day: date, unit: str, number: int) -> None:
    end = Window(unit, number).end_of(day)  # type: ignore[arg-type] # sampled from the units
    assert end is None or end > day
