from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.penalties.engine import (
    Ledger,
    Penalty,
    effect_of,
    explain,
    mistakes_left,
    points_on,
    standing_of,
)
from trainer.penalties.rulebook import Metric, Rulebook, Sign, Threshold, Track, Violation
from trainer.penalties.windows import Window

FREEZES = {6: "no listing for 3 days", 12: "frozen", 24: "frozen long", 48: "closed"}
TRACK = Track(
    "ip",
    "Intellectual property",
    "points",
    "rule",
    Window("days", 365),
    tuple(Threshold(Fraction(at), text, "rule") for at, text in FREEZES.items()),
)
RULES = Rulebook("somewhere", tracks={"ip": TRACK})
COPY = Violation("copy", "Copied picture", "ip", Fraction(6), Fraction(6), "rule")


def penalty(day: str, points: object, violation: str = "copy") -> Penalty:
    return Penalty(date.fromisoformat(day), "ip", Fraction(str(points)), violation)


@pytest.mark.parametrize(
    ("day", "points"),
    [
        ("2026-03-09", 0),
        ("2026-03-10", 6),
        ("2027-03-09", 12),
        ("2027-03-10", 6),
        ("2028-01-01", 0),
    ],
)
def test_points_leave_with_their_window(day: str, points: int) -> None:
    history = [penalty("2026-03-10", 6), penalty("2026-11-20", 6)]
    assert points_on(date.fromisoformat(day), history, TRACK) == points


def test_a_standing_names_what_was_reached_and_what_comes() -> None:
    history = [penalty("2026-03-10", 6), penalty("2026-11-20", 6.5)]
    standing = standing_of(TRACK, history, date(2026, 12, 1))

    assert standing.points == Fraction("12.5")
    assert standing.reached is not None
    assert standing.reached.consequence == "frozen"
    assert standing.to_next == Fraction("11.5")
    assert [(lapse.day.isoformat(), lapse.points) for lapse in standing.lapses] == [
        ("2027-03-10", 6),
        ("2027-11-20", Fraction("6.5")),
    ]
    assert standing.clean_on == date(2027, 11, 20)


def test_one_violation_can_cross_two_thresholds() -> None:
    big = Violation("fake", "Fake", "ip", Fraction(12), Fraction(48), "rule")
    effect = effect_of(big, date(2026, 3, 10), [], RULES)
    assert [threshold.at for threshold in effect.crossed] == [6, 12]
    effect = effect_of(big, date(2026, 3, 10), [], RULES, points=Fraction(48))
    assert [threshold.at for threshold in effect.crossed] == [6, 12, 24, 48]


@pytest.mark.parametrize(("points", "left"), [(0, 7), (41, 1), (42, 0), (43, 0), (48, 0)])
def test_mistakes_left_before_the_shop_closes(points: int, left: int) -> None:
    assert mistakes_left(COPY, Fraction(points), Fraction(48)) == left


def test_what_costs_nothing_can_happen_for_ever() -> None:
    free = Violation("free", "Free", "ip", Fraction(0), Fraction(0), "rule")
    assert mistakes_left(free, Fraction(0), Fraction(48)) is None


def test_an_explanation_tells_each_day_in_order() -> None:
    history = [penalty("2026-11-20", 6), penalty("2026-03-10", 6)]
    told = explain(TRACK, history, date(2027, 4, 1))
    assert [(e.day.isoformat(), e.kind, int(e.total)) for e in told] == [
        ("2026-03-10", "given", 6),
        ("2026-11-20", "given", 12),
        ("2027-03-10", "lapsed", 6),
    ]
    assert [threshold.at for threshold in told[1].crossed] == [12]


@pytest.mark.parametrize(
    ("sign", "value", "holds"),
    [
        ("<", "1", False),
        ("<", "0.99", True),
        ("<=", "1", True),
        (">=", "1", True),
        (">", "1", False),
    ],
)
def test_a_limit_holds_up_to_its_edge(sign: Sign, value: str, holds: bool) -> None:
    metric = Metric("odr", "ODR", "bad", "all", "60 days", sign, Fraction(1), "%", "risk", "rule")
    assert metric.holds(Fraction(value)) is holds


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
penalties = st.lists(
    st.builds(
        Penalty, days, st.just("ip"), st.fractions(0, 48, max_denominator=2), st.sampled_from("abc")
    ),
    max_size=12,
)
windows = st.sampled_from([Window("days", 365), Window("months", 6), Window("calendar-year")])


@given(penalties, days, st.randoms())
def test_the_order_of_entry_changes_nothing(
    history: list[Penalty], day: date, random: object
) -> None:
    shuffled = sorted(history, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert standing_of(TRACK, history, day) == standing_of(TRACK, shuffled, day)
    assert explain(TRACK, history, day) == explain(TRACK, shuffled, day)


@given(penalties, days, windows)
def test_a_ledger_a_recount_and_an_explanation_agree(
    history: list[Penalty], day: date, window: Window
) -> None:
    track = Track("ip", "", "points", "rule", window)
    recounted = points_on(day, history, track)
    assert Ledger(track, history).points_on(day) == recounted
    told = explain(track, history, day)
    assert (told[-1].total if told else 0) == recounted


@given(penalties, days, st.fractions(0, 10, max_denominator=2))
def test_another_penalty_never_helps(history: list[Penalty], day: date, more: Fraction) -> None:
    worse = [*history, Penalty(day, "ip", more)]
    assert points_on(day, worse, TRACK) == points_on(day, history, TRACK) + more


@given(penalties, days)
def test_after_the_clean_day_nothing_counts(history: list[Penalty], day: date) -> None:
    standing = standing_of(TRACK, history, day)
    if standing.clean_on is not None:
        last = [p for p in history if p.given_on <= day]
        assert points_on(standing.clean_on, last, TRACK) == 0
        assert points_on(standing.clean_on - timedelta(days=1), standing.counted, TRACK) >= 0
