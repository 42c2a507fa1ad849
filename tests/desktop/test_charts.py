"""Charts: levels, labels, keyboard, and what they tell without being seen."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from trainer.desktop.charts import Bar, Bars, CalendarHeat, Forecast, heat_level, heat_limits
from trainer.desktop.days import day_in_words, days_ago, long_day
from trainer.desktop.look import Look
from trainer.foundation.messages import Messages

TODAY = date(2026, 11, 9)


@given(st.lists(st.integers(0, 5000), max_size=400))
def test_every_day_has_a_level_and_more_answers_are_never_weaker(counts: list[int]) -> None:
    limits = heat_limits(counts)
    assert len(limits) <= 4
    levels = [heat_level(count, limits) for count in sorted(counts)]
    assert levels == sorted(levels)
    for count, level in zip(sorted(counts), levels, strict=True):
        assert (level == 0) == (count == 0)
        assert level <= len(limits)


def test_one_long_day_does_not_make_the_others_pale() -> None:
    limits = heat_limits([10, 11, 12, 13, 2000])
    assert heat_level(13, limits) >= 3


def test_the_calendar_is_walked_by_arrow_keys(qtbot: QtBot, look: Look, messages: Messages) -> None:
    yesterday = TODAY - timedelta(days=1)
    calendar = CalendarHeat(look, messages, {TODAY: 4, yesterday: 1}, TODAY)
    qtbot.addWidget(calendar)
    calendar.resize(calendar.sizeHint())
    calendar.show()
    assert "Mon 9 Nov: 4 answers" in calendar.accessibleDescription()
    QTest.keyClick(calendar, Qt.Key.Key_Up)
    assert calendar.cursor_day == yesterday
    assert "Sun 8 Nov: 1 answer" in calendar.accessibleDescription()
    QTest.keyClick(calendar, Qt.Key.Key_Left)
    assert calendar.cursor_day == yesterday - timedelta(days=7)
    QTest.keyClick(calendar, Qt.Key.Key_End)
    assert calendar.cursor_day == TODAY
    QTest.keyClick(calendar, Qt.Key.Key_Right)
    assert calendar.cursor_day == TODAY
    QTest.keyClick(calendar, Qt.Key.Key_Home)
    assert calendar.cursor_day.weekday() == 0
    assert TODAY - calendar.cursor_day < timedelta(days=371)


def test_days_with_answers_look_different(qtbot: QtBot, look: Look, messages: Messages) -> None:
    empty = CalendarHeat(look, messages, {}, TODAY)
    full = CalendarHeat(look, messages, {TODAY: 4}, TODAY)
    for calendar in (empty, full):
        qtbot.addWidget(calendar)
        calendar.resize(calendar.sizeHint())
    assert empty.grab().toImage() != full.grab().toImage()


def test_bars_tell_their_figures(qtbot: QtBot, look: Look) -> None:
    bars = Bars(
        look,
        "What you know",
        [
            Bar("Platform rules", "41 % known", 0.41, 0.5, look.colours.accent),
            Bar("Logistics", "0 % known", 0.0, 0.0, look.colours.logistics),
        ],
    )
    qtbot.addWidget(bars)
    bars.resize(bars.sizeHint())
    bars.grab()
    assert bars.accessibleName() == "What you know"
    assert bars.accessibleDescription() == "Platform rules: 41 % known; Logistics: 0 % known"


def test_a_longer_bar_shows_more(qtbot: QtBot, look: Look) -> None:
    def filled(share: float) -> int:
        bars = Bars(look, "x", [Bar("a", "b", share, share, look.colours.accent)])
        qtbot.addWidget(bars)
        bars.resize(400, bars.sizeHint().height())
        image = bars.grab().toImage()
        row = image.height() - 5
        accent = look.colours.accent.lower()
        return sum(image.pixelColor(x, row).name() == accent for x in range(image.width()))

    assert filled(0) == 0
    assert filled(0.25) < filled(0.5) < filled(1)
    assert filled(0.5) == pytest.approx(200, abs=6)


def test_the_forecast_tells_each_day(qtbot: QtBot, look: Look) -> None:
    days = [(TODAY, 3), (TODAY + timedelta(days=1), 0)]
    forecast = Forecast(look, "What comes", days)
    qtbot.addWidget(forecast)
    forecast.resize(forecast.sizeHint())
    forecast.grab()
    assert forecast.accessibleDescription() == "Mon 9 Nov: 3; Tue 10 Nov: 0"
    Forecast(look, "What comes", []).grab()


def test_days_in_words(make_test_look: Callable[..., Look]) -> None:
    english, chinese = make_test_look(), make_test_look(language="zh_CN")
    assert day_in_words(english, TODAY) == "Mon 9 Nov"
    assert day_in_words(chinese, TODAY) == "11月9日 周一"
    assert long_day(english, TODAY) == "Monday, 9 November"
    assert long_day(chinese, TODAY) == "11月9日 星期一"


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(hours=1), "Today"),
        (timedelta(days=1), "Yesterday"),
        (timedelta(days=5), "5 days ago"),
        (timedelta(days=60), "Thu 10 Sep"),
        (timedelta(days=400), "2025-10-05"),
    ],
)
def test_how_long_ago(look: Look, messages: Messages, back: timedelta, words: str) -> None:
    now = datetime(2026, 11, 9, 9, 30).astimezone()
    assert days_ago(messages, look, now - back, now) == words
