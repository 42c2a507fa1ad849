"""Which orders a metric looks at, to the day."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.penalties.readings import (
    OrderCount,
    evaluated_on,
    next_evaluation,
    read_counts,
    reading_on,
    shown_on,
)
from trainer.penalties.rulebook import Evaluation, Metric
from trainer.penalties.spans import Span, parse_spans
from trainer.penalties.windows import Window


@pytest.mark.parametrize(
    ("text", "lag", "days"),
    [
        ("60 days", 0, [("2026-05-02", "2026-06-30")]),
        ("30 天", 7, [("2026-05-25", "2026-06-23")]),
        ("1 month", 0, [("2026-06-01", "2026-06-30")]),
        ("3 or 12 months", 0, [("2026-04-01", "2026-06-30"), ("2025-07-01", "2026-06-30")]),
        ("3 或 12 个月", 0, [("2026-04-01", "2026-06-30"), ("2025-07-01", "2026-06-30")]),
        ("data 14-21 days old", 0, [("2026-06-09", "2026-06-16")]),
        ("0-30 days and 63-93 days, weekly", 0,
         [("2026-05-31", "2026-06-30"), ("2026-03-29", "2026-04-28")]),
        ("monthly", 0, [("2026-05-01", "2026-05-31")]),
        ("每月", 0, [("2026-05-01", "2026-05-31")]),
        ("calendar year", 0, [("2025-01-01", "2025-12-31")]),
        ("weekly report", 0, []),
        ("not named", 0, []),
        ("", 0, []),
    ],
)  # fmt: skip
def test_spans_are_read_as_tables_write_them(
    text: str, lag: int, days: list[tuple[str, str]]
) -> None:
    found = [span.days(date(2026, 6, 30)) for span in parse_spans(text, lag)]
    assert [(str(first), str(last)) for first, last in found] == days


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 24))
def test_a_span_of_months_holds_what_a_window_of_months_has_not_ended(
    day: date, months: int
) -> None:
    window = Window("months", months)
    first, last = Span(window).days(day)
    assert last == day
    end, before = window.end_of(first), window.end_of(first - timedelta(days=1))
    assert end is not None
    assert end > day
    assert before is not None
    assert before <= day


@pytest.mark.parametrize("text", ["9999 days", "9999 weeks", "9999 months", "9999 years"])
def test_no_span_is_too_long(text: str) -> None:
    (span,) = parse_spans(text)
    first, last = span.days(date(2026, 6, 30))
    assert date.min <= first < last


METRIC = Metric(
    "m", "M", "bad", "all", "3 or 12 months", "<=", Fraction(2), "%", "", "rule",
    spans=parse_spans("3 or 12 months"), busy=400, tolerates=4,
)  # fmt: skip


@given(st.integers(0, 50), st.integers(1, 500), st.integers(0, 5))
def test_one_more_bad_order_never_mends_a_rate(bad: int, orders: int, people: int) -> None:
    before = read_counts(METRIC, bad, orders + bad, people)
    after = read_counts(METRIC, bad + 1, orders + bad + 1, people + 1)
    assert before.holds or not after.holds


@given(
    st.lists(
        st.builds(
            OrderCount,
            st.dates(date(2025, 1, 1), date(2026, 6, 30)),
            st.integers(0, 5),
            st.integers(5, 60),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_days_does_not_matter(orders: list[OrderCount], random: object) -> None:
    shuffled = sorted(orders, key=lambda _: random.random())  # type: ignore[attr-defined]
    day = date(2026, 6, 30)
    assert reading_on(METRIC, orders, day) == reading_on(METRIC, shuffled, day)
    (reading,) = reading_on(METRIC, orders, day)
    recent = sum(one.whole for one in orders if one.day >= date(2026, 4, 1))
    assert reading.first == (date(2026, 4, 1) if recent >= 400 else date(2025, 7, 1))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 31))
def test_evaluations_follow_one_another(day: date, of_month: int) -> None:
    evaluation = Evaluation(of_month, shown=5)
    last, following = evaluated_on(evaluation, day), next_evaluation(evaluation, day)
    assert last <= day < following
    assert evaluated_on(evaluation, following - timedelta(days=1)) == last
    assert last <= shown_on(evaluation, last)
