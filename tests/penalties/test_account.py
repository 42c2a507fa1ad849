"""An account through time: what lapses, what is in force, what happens the next time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.penalties.books import written_book
from trainer.penalties.account import Account, Incident, account_of
from trainer.penalties.engine import Ledger, points_on

BOOK = written_book("""
## Record {#ip .track window="365 days"}

| Points | What happens |
| ---: | --- |
| 2 {.warned} | Warning |
| 6 {no-listing="3 days"} | No new goods for 3 days |
| 12 {frozen="7 days"} | Frozen for 7 days |
| 24 {frozen="14 days" no-marketing="while reached"} | Frozen for 14 days, no campaigns |
| 48 {.closed} | Closed |

## Strikes {#grave .track window="365 days" unit=strikes}

| Strikes | What happens |
| ---: | --- |
| 1 {.frozen} | Frozen for a time that is not published |
| 3 {.closed} | Closed |
| ? {.hidden} | Hidden |

## Quality {#quality .track window="365 days"}

| Points | What happens |
| ---: | --- |
| 12 {frozen="7 days" every=12} | Frozen for 7 days |

## Prices {#prices .violations track=ip}

| Violation | Points |
| --- | ---: |
| Small {#small} | 2 |
| Big {#big} | 12 |
| Open {#open} | 2–48 |
| Double {#double also=strike} | 6 |
| Old {#old until=2025-12-31} | 6 |
| Graded {#graded} | ? |

## Copies {#copies .violations track=ip most-a-day=6 repeats="365 days"}

| Violation | Points |
| --- | ---: |
| Copy, first time {#copy} | 0 |
| Copy, later {#copy-2 of=copy from=2} | 6 |

## Promises {#promises .violations track=ip repeats="365 days from the first"}

| Violation | Points |
| --- | ---: |
| Promise {#promise} | 1 |
| Promise, from the 3rd time {#promise-3 of=promise from=3} | 2 |

## Grave ones {#grave-ones .violations track=grave merge="3 days"}

| Violation | Strikes |
| --- | ---: |
| Strike {#strike} | 1 |

## Spam {#spam-list .violations track=quality}

| Violation | Points |
| --- | ---: |
| Spam {#spam} | 12 |

## Money {#money .fines}

| Violation | Amount | Remarks |
| --- | --- | --- |
| Late {#late} | 20 % of the order value, at least US$1 | |
| Fake {#fake} | order value + US$500 | |
| Cards {#cards} | US$3,000 per product, at most US$30,000 | |
""")


def on(day: str, violation: str = "small", **more: object) -> Incident:
    return Incident(date.fromisoformat(day), violation, **more)  # type: ignore[arg-type] # of the test's own rows


def points(account: Account, day: str, track: str = "ip") -> Fraction:
    return account.points(track, date.fromisoformat(day))


def kinds(account: Account, day: str) -> set[str]:
    return {one.measure.kind for one in account.in_force(date.fromisoformat(day))}


def test_a_frozen_account_thaws_when_its_days_are_over() -> None:
    account = account_of(BOOK, [on("2026-03-10", "big")])
    assert kinds(account, "2026-03-09") == set()
    assert kinds(account, "2026-03-10") == {"frozen", "no-listing"}
    assert kinds(account, "2026-03-13") == {"frozen"}
    assert account.frozen_until(date(2026, 3, 16)) == date(2026, 3, 17)
    assert kinds(account, "2026-03-17") == set()
    assert points(account, "2026-03-17") == 12, "a freeze that is over removes no points"


def test_a_later_step_lasts_longer_than_the_one_before() -> None:
    account = account_of(BOOK, [on("2026-03-10", "big"), on("2026-03-12", "big")])
    assert account.frozen_until(date(2026, 3, 12)) == date(2026, 3, 26)


def test_some_measures_last_as_long_as_the_points_stand() -> None:
    account = account_of(BOOK, [on("2026-03-10", "big"), on("2026-06-10", "big")])
    account = account.after(on("2026-08-01", "double"))
    assert "no-marketing" in kinds(account, "2027-03-09")
    assert "no-marketing" not in kinds(account, "2027-03-10"), "12 of the 30 points are gone"
    (end,) = (
        s for s in account.explain(date(2027, 4, 1)) if s.kind == "ends" and s.day.year > 2026
    )
    assert (end.day, end.measure and end.measure.kind) == (date(2027, 3, 10), "no-marketing")


def test_points_that_lapsed_make_room_for_the_same_step_again() -> None:
    account = account_of(BOOK, [on("2026-03-10", "big"), on("2027-03-10", "big")])
    assert points(account, "2027-03-10") == 12
    assert account.frozen_until(date(2027, 3, 10)) == date(2027, 3, 17)


def test_the_last_step_repeats_at_every_multiple() -> None:
    days = ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"]
    account = account_of(BOOK, [on(day, "spam") for day in days])
    assert [account.is_frozen(date.fromisoformat(day)) for day in days] == [True] * 5
    assert account.standing("quality", date(2026, 7, 1)).to_next == 12


def test_a_step_that_repeats_very_often_ends_all_the_same() -> None:
    book = written_book("""
## R {#r .track}

| Points | Then |
| - | - |
| 1 {every=0.000001} | x |

## P {#p .violations track=r}

| Act | Points |
| - | - |
| Act {#act} | 9999 |
""")
    account = account_of(book, [on("2026-01-01", "act")])
    assert account.points("r", date(2026, 1, 1)) == 9999


@pytest.mark.parametrize(
    ("days", "total"),
    [
        (["2026-01-01"], 0),
        (["2026-01-01", "2026-01-01"], 6),
        (["2026-01-01", "2026-02-01", "2026-02-01", "2026-02-01"], 6),
        (["2026-01-01", "2026-02-01", "2026-02-02"], 12),
    ],
)
def test_the_first_time_is_free_and_a_day_costs_no_more_than_its_most(
    days: Sequence[str], total: int
) -> None:
    account = account_of(BOOK, [on(day, "copy") for day in days])
    assert points(account, "2026-03-01") == total


def test_a_time_is_forgotten_with_its_window() -> None:
    account = account_of(BOOK, [on("2026-01-01", "copy"), on("2027-01-01", "copy")])
    assert points(account, "2027-01-01") == 0
    account = account_of(BOOK, [on("2026-01-01", "copy"), on("2026-12-31", "copy")])
    assert points(account, "2027-01-01") == 6


def test_a_performance_year_begins_with_its_first_case() -> None:
    year = [on("2026-01-01", "promise"), on("2026-06-01", "promise"), on("2026-12-01", "promise")]
    account = account_of(BOOK, year)
    assert [entry.points for entry in account.entries] == [1, 1, 2]
    # 1 January 2027 opens the next year, though two of the cases are younger than 365 days.
    assert account.after(on("2027-01-01", "promise")).entries[-1].points == 1


def test_naming_a_later_row_says_how_often_it_happened() -> None:
    account = account_of(BOOK, [on("2026-01-01", "promise-3"), on("2026-02-01", "promise")])
    assert [(one.time, int(one.points)) for one in account.entries] == [(3, 2), (4, 2)]


def test_strikes_within_three_days_count_once() -> None:
    account = account_of(BOOK, [on(f"2026-01-0{day}", "strike") for day in (1, 2, 3, 4, 6, 7)])
    assert [int(entry.points) for entry in account.entries] == [1, 0, 0, 1, 0, 1]
    assert account.closed_on() == date(2026, 1, 7)


def test_one_act_can_fall_under_two_rows() -> None:
    account = account_of(BOOK, [on("2026-01-01", "double")])
    assert points(account, "2026-01-01") == 6
    assert points(account, "2026-01-01", "grave") == 1
    assert "frozen" in kinds(account, "2036-01-01"), "nobody says when it ends"
    assert account.frozen_until(date(2026, 1, 2)) is None


def test_a_row_that_no_longer_held_costs_nothing() -> None:
    account = account_of(BOOK, [on("2025-12-31", "old"), on("2026-01-01", "old")])
    assert [(int(one.points), str(one.reason)) for one in account.entries] == [
        (6, ""),
        (0, "not-in-force"),
    ]


def test_a_price_nobody_published_is_said_to_be_unknown_until_it_is_named() -> None:
    account = account_of(BOOK, [on("2026-01-01", "graded")])
    assert account.entries[0].reason == "unknown"
    account = account_of(BOOK, [on("2026-01-01", "graded", points=Fraction(4))])
    assert points(account, "2026-01-01") == 4


def test_an_open_price_is_its_least_unless_it_is_named() -> None:
    account = account_of(BOOK, [on("2026-01-01", "open")])
    assert points(account, "2026-01-01") == 2
    worst = account_of(BOOK, [on("2026-01-01", "open", points=Fraction(48))])
    assert worst.closed_on() == date(2026, 1, 1)


def test_an_appeal_that_is_won_takes_points_and_freeze_away() -> None:
    account = account_of(BOOK, [on("2026-03-10", "big", annulled=date(2026, 3, 12))])
    assert account.is_frozen(date(2026, 3, 11))
    assert not account.is_frozen(date(2026, 3, 12))
    assert points(account, "2026-03-12") == 0
    assert [step.kind for step in account.explain(date(2026, 4, 1))][-1] == "annulled"


def test_fines_are_summed_by_currency() -> None:
    account = account_of(
        BOOK,
        [
            on("2026-01-01", "late", value=Fraction(4), count=3),
            on("2026-01-02", "fake", value=Fraction(12)),
            on("2026-01-03", "cards", count=12),
            on("2026-01-04", "late"),
        ],
    )
    assert account.billed(date(2026, 1, 1))["USD"].high == 3
    assert account.billed(date(2026, 1, 31))["USD"].high == 3 + 512 + 30000


def test_what_the_next_violation_would_do_is_told_without_doing_it() -> None:
    account = account_of(BOOK, [on("2026-03-10", "small")] * 5)
    outcome = account.what_if(on("2026-03-11", "small"))
    assert [one.measure.kind for one in outcome.restrictions] == ["frozen"]
    assert [step.kind for step in outcome.steps] == ["given", "reached", "begins"]
    assert points(account, "2026-03-11") == 10
    assert not outcome.closes


def test_every_step_names_its_rule_and_row() -> None:
    account = account_of(BOOK, [on("2026-03-10", "big"), on("2026-03-11", "strike")])
    for step in account.explain(date(2028, 1, 1)):
        assert step.rule_id.startswith("platforms/somewhere/points#")
        assert step.line > 0


def test_a_violation_of_no_table_is_refused() -> None:
    with pytest.raises(KeyError):
        account_of(BOOK, [on("2026-03-10", "nothing")])


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
incidents = st.lists(
    st.builds(
        Incident,
        days | st.sampled_from([date(2026, 1, day) for day in range(1, 6)]),
        st.sampled_from(sorted({*BOOK.violations, *BOOK.fines})),
        st.none() | st.fractions(0, 20, max_denominator=2),
        st.none() | st.fractions(0, 50, max_denominator=2),
        st.integers(1, 3),
        st.none() | days,
    ).map(
        lambda one: (
            replace(one, annulled=max(one.annulled, one.day + timedelta(days=1)))
            if one.annulled
            else one
        )
    ),
    max_size=10,
)


def test_a_value_of_nothing_is_not_the_same_as_none() -> None:
    plain = Incident(date(2024, 1, 1), "big")
    worthless = Incident(date(2024, 1, 1), "big", value=Fraction(0))

    assert account_of(BOOK, [plain, worthless]) == account_of(BOOK, [worthless, plain])


@given(incidents, st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_nothing(history: list[Incident], random: object) -> None:
    shuffled = sorted(history, key=lambda _: random.random())  # type: ignore[attr-defined]
    account, other = account_of(BOOK, history), account_of(BOOK, shuffled)
    assert account == other
    assert account.explain(date(2029, 1, 1)) == other.explain(date(2029, 1, 1))


@given(incidents, st.randoms(use_true_random=False))
def test_incident_by_incident_is_the_same_as_all_at_once(
    history: list[Incident], random: object
) -> None:
    account = Account(BOOK)
    for incident in sorted(history, key=lambda _: random.random()):  # type: ignore[attr-defined]
        account = account.after(incident)
    assert account == account_of(BOOK, history)


@given(incidents, days)
def test_the_account_agrees_with_a_plain_sum_of_its_penalties(
    history: list[Incident], day: date
) -> None:
    account = account_of(BOOK, history)
    for track in BOOK.tracks.values():
        expected = points_on(day, account.penalties(), track)
        assert account.points(track.track_id, day) == expected
        assert Ledger(track, account.penalties()).points_on(day) == expected
        assert account.standing(track.track_id, day).points == expected


@given(incidents, days)
def test_the_explanation_ends_with_what_stands(history: list[Incident], day: date) -> None:
    account = account_of(BOOK, history)
    told = account.explain(day)
    for track_id in BOOK.tracks:
        totals = [
            step.total
            for step in told
            if step.track_id == track_id and step.kind in {"given", "lapsed", "annulled"}
        ]
        assert (totals[-1] if totals else 0) == account.points(track_id, day)


@given(incidents, st.sampled_from(sorted(BOOK.violations)), st.integers(0, 400))
def test_one_more_violation_never_helps(
    history: list[Incident], violation: str, later: int
) -> None:
    account = account_of(BOOK, history)
    day = (account.day or date(2026, 1, 1)) + timedelta(days=later)
    worse = account.after(Incident(day, violation))
    for track_id in BOOK.tracks:
        assert worse.points(track_id, day) >= account.points(track_id, day)
    assert {one.measure.kind for one in worse.in_force(day)} >= {
        one.measure.kind for one in account.in_force(day)
    }


@given(incidents, days)
def test_a_day_never_costs_more_than_its_most(history: list[Incident], day: date) -> None:
    account = account_of(BOOK, history)
    cost = [
        one.points
        for one in account.entries
        if one.row.list_id == "copies" and one.incident.day == day
    ]
    assert sum(cost, Fraction(0)) <= 6


@given(incidents, days)
def test_nothing_changes_until_the_next_change(history: list[Incident], day: date) -> None:
    account = account_of(BOOK, history)
    begun = max([day, *(one.day for one in history)])
    change = account.next_change(begun)
    eve = (change or date(2040, 1, 1)) - timedelta(days=1)
    for track_id in BOOK.tracks:
        assert account.points(track_id, begun) == account.points(track_id, eve)
    assert account.in_force(begun) == account.in_force(eve)
