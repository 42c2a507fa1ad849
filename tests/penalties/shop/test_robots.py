"""Robots play the shipped months: nobody gets stuck, careful play pays, every consequence has its
row in the platform's tables."""

from fractions import Fraction

import pytest

from tests.penalties.books import PLATFORMS
from tests.penalties.shop.months import shipped_game, shipped_world
from tests.penalties.shop.robots import Player, at_random, careful, play, reckless
from trainer.penalties.rulebook import Violation
from trainer.penalties.shop.simulation import INSOLVENT, Game, Result
from trainer.penalties.shop.state import State, encoded, state_from

PLAYERS = {"random": at_random, "careful": careful, "reckless": reckless}


@pytest.mark.parametrize("player", PLAYERS.values(), ids=PLAYERS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_months_come_to_an_end_and_every_consequence_has_its_row(
    platform: str, player: Player
) -> None:
    for number in range(7):
        check_month(platform, player, number)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_thousand_months_each(platform: str) -> None:
    results: dict[str, list[Result]] = {name: [] for name in PLAYERS}
    for number in range(1000):
        for name, player in PLAYERS.items():
            results[name].append(check_month(platform, player, number))

    assert beats(results["careful"], results["reckless"])
    assert beats(results["careful"], results["random"])
    kept = sum(one.grade < 3 for one in results["careful"])
    assert kept >= 990


@pytest.mark.parametrize("platform", PLATFORMS)
def test_careful_beats_reckless(platform: str) -> None:
    of = {name: [check_month(platform, PLAYERS[name], n) for n in range(8)] for name in PLAYERS}

    assert beats(of["careful"], of["reckless"])
    assert all(one.grade < 3 for one in of["careful"])
    assert any(one.grade > 1 for one in of["reckless"])


def beats(some: list[Result], others: list[Result]) -> bool:
    grades = [sum(one.grade for one in each) / len(each) for each in (some, others)]
    profits = [sum(one.profit for one in each) / len(each) for each in (some, others)]
    return grades[0] < grades[1] and profits[0] > profits[1]


def check_month(platform: str, player: Player, number: int) -> Result:
    goods = sorted(shipped_world().products)
    days = (30, 7, 30, 30, 90)[number % 5] if number < 20 else 30
    mode = "team" if number % 3 == 0 else "alone"
    game = shipped_game(
        platform,
        goods[number % len(goods)],
        str(number),
        days,
        "team" if mode == "team" else "alone",
    )
    state, moves = play(game, player, str(number))
    check_end(game, state)
    check_consequences(game, state)
    if number < 3:
        assert encoded(game.replay(moves)) == encoded(state)
        assert state_from(encoded(state)) == state
    return game.result(state)


def check_end(game: Game, state: State) -> None:
    assert state.finished
    assert state.day == (state.closed_on or game.setup.days)
    assert len(state.figures) == len(state.books) == state.day
    assert min(state.minutes.values()) >= 0
    assert state.stock >= 0
    assert not state.brewing or state.closed_on


def check_consequences(game: Game, state: State) -> None:
    """Each breach has a row and a cause; points, freezes and closure come from the engine's steps,
    and those name a rule and a line."""
    book = game.rules.book
    for found in state.established:
        assert book.knows(found.violation_id)
        cause = found.cause
        event = game.rules.events.get(cause.event_id)
        assert cause.trigger or (event and (event.choice(cause.choice_id) or not cause.choice_id))
    for step in game.steps(state):
        assert step.rule_id
        assert step.line or step.kind == "lapsed"
    account = game.rules.account(state)
    for found_track, points in state.figures[-1].points.items():
        today = game.rules.date_of(state.day)
        assert account.points(found_track, today) == Fraction(points)
    for gauge in state.figures[-1].gauges:
        assert gauge.metric_id in book.metrics
    if state.closed_on:
        ref = next(note.ref for note in state.notes if note.kind == "closed")
        row = book.row(ref)
        known = row is not None or ref in book.metrics or ref == INSOLVENT
        assert known
        if isinstance(row, Violation) and account.closed_on() is not None:
            assert any(step.kind == "closed" for step in game.steps(state))
