"""How long, in words."""

from datetime import timedelta

import pytest

from trainer.presenters.durations import countdown, interval, spent


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(seconds=-5), ("duration.minutes", "1")),
        (timedelta(seconds=20), ("duration.minutes", "1")),
        (timedelta(minutes=10), ("duration.minutes", "10")),
        (timedelta(minutes=59, seconds=40), ("duration.hours", "1")),
        (timedelta(hours=6), ("duration.hours", "6")),
        (timedelta(hours=23, minutes=40), ("duration.days", "1")),
        (timedelta(days=30), ("duration.days", "30")),
        (timedelta(days=31), ("duration.months", "1")),
        (timedelta(days=45), ("duration.months", "1.5")),
        (timedelta(days=360), ("duration.months", "11.8")),
        (timedelta(days=365), ("duration.years", "1")),
        (timedelta(days=511), ("duration.years", "1.4")),
    ],
)
def test_interval(length: timedelta, expected: tuple[str, str]) -> None:
    assert interval(length) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(minutes=4, seconds=12), "4:12"),
        (timedelta(seconds=59, milliseconds=1), "1:00"),
        (timedelta(milliseconds=1), "0:01"),
        (timedelta(0), "0:00"),
        (timedelta(seconds=-3), "0:00"),
        (timedelta(hours=1, minutes=2, seconds=3), "1:02:03"),
    ],
)
def test_countdown(length: timedelta, expected: str) -> None:
    assert countdown(length) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(seconds=42), ("duration.spent-seconds", 42)),
        (timedelta(seconds=90), ("duration.spent-minutes", 2)),
        (timedelta(minutes=25), ("duration.spent-minutes", 25)),
    ],
)
def test_spent(length: timedelta, expected: tuple[str, int]) -> None:
    assert spent(length) == expected
