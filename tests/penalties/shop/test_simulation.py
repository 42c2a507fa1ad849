"""The month itself: what decisions, nights and deadlines do, in a small world of the test's own."""

from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.penalties.shop.months import event, own_game
from tests.penalties.shop.robots import at_random, play
from trainer.penalties.shop import trade
from trainer.penalties.shop.simulation import INSOLVENT, Game, MoveRefusedError
from trainer.penalties.shop.state import (
    Batch,
    Decide,
    Move,
    NextDay,
    Restock,
    SetPrice,
    SetWay,
    State,
    encoded,
    move_from,
    state_from,
)

BAIT = event(
    "bait",
    "days=1-1 within=2",
    "- [x] No {time=0.5}",
    "- [ ] Yes {time=1 money=+50 demand=+50 for=3 violation=bad after=2}",
    ignored="rating=-0.10",
    breach="cheating",
)


def nights(game: Game, state: State, number: int) -> State:
    for _ in range(number):
        state = game.after(state, NextDay())
    return state


def refusal(game: Game, state: State, move: Move) -> str:
    before = encoded(state)
    with pytest.raises(MoveRefusedError) as refused:
        game.after(state, move)
    assert encoded(state) == before
    return refused.value.code


def test_a_decision_costs_time_and_money_and_leaves_the_desk() -> None:
    game = own_game(BAIT)
    morning = game.begin()
    state = game.after(morning, Decide(1, "b"))

    assert state.minutes[""] == morning.minutes[""] - 60
    assert state.cash == morning.cash + 5000
    assert state.matters == ()
    assert [(one.day, one.violation_id) for one in state.brewing] == [(3, "cheating")]


def test_a_breach_comes_onto_the_record_when_it_is_found_and_names_its_row() -> None:
    game = own_game(BAIT)
    state = nights(game, game.after(game.begin(), Decide(1, "b")), 2)
    assert game.steps(state) == ()

    state = nights(game, state, 1)

    (found,) = state.established
    assert (found.violation_id, found.cause.event_id, found.cause.choice_id) == (
        "cheating", "bait", "b",
    )  # fmt: skip
    kinds = [(step.kind, step.row_id) for step in game.steps(state)]
    assert kinds == [("given", "cheating"), ("reached", ""), ("begins", "")]
    assert all(step.rule_id and step.line for step in game.steps(state))
    assert state.figures[-1].points == {"record": "12"}
    assert "frozen" in state.figures[-1].restrictions


def test_a_frozen_shop_sells_nothing_until_it_thaws() -> None:
    game = own_game(BAIT)
    state = nights(game, game.after(game.begin(), Decide(1, "b")), 12)

    frozen = [book.orders for book in state.books[3:9]]
    assert frozen == [0] * 6
    assert sum(book.orders for book in state.books[10:]) > 0


def test_a_deadline_passes_when_nobody_decides() -> None:
    game = own_game(BAIT)
    state = nights(game, game.begin(), 2)
    assert state.matter(1) is not None

    state = nights(game, state, 1)

    assert state.matter(1) is None
    assert state.rating == 460
    assert [note.kind for note in state.notes] == ["came", "passed"]


def test_48_points_close_the_shop_and_end_the_month_with_the_money_held() -> None:
    game = own_game(
        event("liar", "days=1-1", "- [x] No", "- [ ] Lie {violation=bad}", breach="lying")
    )
    state = nights(game, game.after(game.begin(), Decide(1, "b")), 1)

    assert (state.finished, state.closed_on) == (True, 1)
    assert game.result(state).grade == 3
    assert refusal(game, state, NextDay()) == "shop.refused-over"


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (Decide(9, "a"), "shop.refused-no-matter"),
        (Decide(1, "z"), "shop.refused-no-choice"),
        (Decide(1, "b"), "shop.refused-no-time"),
        (Decide(1, "c"), "shop.refused-no-money"),
        (SetPrice(1000), "shop.refused-price"),
        (SetPrice(1025), "shop.refused-price"),
        (SetPrice(2000), "shop.refused-price"),
        (SetWay("line"), "shop.refused-way"),
        (SetWay("pigeon"), "shop.refused-way"),
        (Restock(7), "shop.refused-restock"),
    ],
)
def test_what_cannot_be_done_is_refused(move: Move, code: str) -> None:
    text = event("e", "days=1-1", "- [x] A", "- [ ] B {time=9}", "- [ ] C {money=-90000}")
    game = own_game(text)

    assert refusal(game, game.begin(), move) == code


def test_listings_stand_still_while_the_account_is_frozen() -> None:
    game = own_game(BAIT)
    state = nights(game, game.after(game.begin(), Decide(1, "b")), 3)

    assert refusal(game, state, SetPrice(900)) == "shop.refused-no-listing"


def test_goods_are_paid_at_once_and_come_later() -> None:
    game = own_game("")
    units = trade.restock_sizes(game.rules)[1]
    morning = game.begin()
    state = game.after(morning, Restock(units))

    assert state.cash == morning.cash - units * 500
    (delivery,) = state.deliveries
    assert trade.LEAD_DAYS < delivery.day <= 1 + trade.LEAD_DAYS + 3
    assert nights(game, state, delivery.day - 1).deliveries == ()


def test_orders_left_unsent_are_closed_and_stand_on_the_record() -> None:
    game = own_game(event("stop", "days=1-1", "- [x] Stop {hold=6}"))
    state = nights(game, game.after(game.begin(), Decide(1, "a")), 5)

    assert state.books[0].unfilled == state.books[0].orders > 0
    assert {one.violation_id for one in state.established} == {"not-sent"}
    assert {one.cause.trigger for one in state.established} == {"unfilled"}


def test_cancelled_orders_are_billed_each() -> None:
    game = own_game(event("stop", "days=1-1", "- [x] Cancel {cancel=3}"))
    morning = game.begin()
    state = nights(game, game.after(morning, Decide(1, "a")), 1)

    (found,) = state.established
    assert (found.violation_id, found.count) == ("cancelled-order", 3)
    posted = state.books[0].sent[0] * 300
    assert state.cash == morning.cash - posted - trade.RUNNING_COSTS - 3 * 200


def test_a_metric_broken_for_days_closes_the_shop_by_its_own_row() -> None:
    game = own_game(event("stop", "days=1-1", "- [x] Stop {hold=3}"))
    state = nights(game, game.after(game.begin(), Decide(1, "a")), 4)
    assert state.figures[-1].gauges[0].broken

    state = nights(game, state, 2)

    assert state.closed_on == 6
    assert state.notes[-1].ref == "late-rate"


def test_more_debts_than_goods_and_money_close_the_shop() -> None:
    game = own_game(event("debt", "days=1-1", "- [x] Refund {refund=500}"))
    state = nights(game, game.after(game.begin(), Decide(1, "a")), 1)

    assert (state.closed_on, state.notes[-1].ref) == (1, INSOLVENT)


def test_breaches_without_a_figure_count_up_to_what_the_game_says() -> None:
    rows = (
        "\n## Unpriced {#unpriced .unpriced}\n| P | Times | T |\n| - | - | - |\n"
        "| somewhere {demand=-50 for=5} | 1 | x |\n| somewhere {.closes} | 2 | y |\n"
    )
    rude = event("rude", "days=1-1 within=9", "- [x] A", "- [ ] B {violation=bad}", breach="rude")
    again = event("more", "days=2-2 within=9", "- [x] A", "- [ ] B {violation=bad}", breach="rude")
    game = own_game(rude + again, extra=rows)
    state = game.after(game.after(game.begin(), Decide(1, "b")), NextDay())
    assert state.moods[0].percent == -50

    state = game.after(game.after(state, Decide(2, "b")), NextDay())

    assert state.closed_on == 2


def test_follow_ups_come_after_their_days() -> None:
    text = event("first", "days=1-1", "- [x] A {then=second@3}") + event(
        "second", ".follow", "- [x] B"
    )
    game = own_game(text)
    state = nights(game, game.after(game.begin(), Decide(1, "a")), 2)
    assert state.matters == ()

    assert [one.event_id for one in nights(game, state, 1).matters] == ["second"]


def test_what_is_still_brewing_is_found_on_the_last_day() -> None:
    game = own_game(BAIT.replace("after=2", "after=60"), days=7)
    state = nights(game, game.after(game.begin(), Decide(1, "b")), 7)

    assert state.finished
    assert [one.day for one in state.established] == [7]
    assert state.figures[-1].points == {"record": "12"}


def test_pieces_multiply_what_a_triggered_event_does() -> None:
    text = event("gone", "trigger=lost within=9", "- [x] Pay {refund=1}")
    game = own_game(text)
    lost = Batch(ordered=1, sent=1, arrives=2, orders=3, way="line", lost=True)
    state = nights(game, replace(game.begin(), parcels=(lost,)), 1)
    (matter,) = state.matters
    after = game.after(state, Decide(matter.number, "a"))

    assert matter.count == 3
    assert state.cash - after.cash == 3 * 2000
    assert sum(book.refunds for book in after.books) == 3


def test_in_a_team_each_role_has_its_own_day() -> None:
    game = own_game(BAIT, mode="team")
    state = game.after(game.begin(), Decide(1, "b"))

    assert state.minutes["operations"] == trade.MINUTES_A_ROLE - 60
    assert state.minutes["logistics"] == trade.MINUTES_A_ROLE


def test_an_event_whose_condition_is_not_met_stays_away() -> None:
    poor = event("poor", 'days=1-1 needs="cash < 10"', "- [x] A")
    rich = event("rich", 'days=1-1 needs="cash >= 10, stock > 5"', "- [x] A")

    state = own_game(poor + rich).begin()

    assert [one.event_id for one in state.matters] == ["rich"]


def test_the_plan_of_a_seed_does_not_depend_on_decisions() -> None:
    events = "".join(event(f"e{n}", "days=1-30 within=0", "- [x] A", "- [ ] B") for n in range(30))
    game = own_game(events)
    met = []
    for choice in "ab":
        state = game.begin()
        while not state.finished:
            for matter in state.matters:
                state = game.after(state, Decide(matter.number, choice))
            state = game.after(state, NextDay())
        met.append([note.ref for note in state.notes if note.kind == "came"])

    assert met[0] == met[1]
    assert met[0] != [f"e{n}" for n in range(30)]


# Played again


def test_the_same_moves_give_the_same_bytes() -> None:
    game = own_game(BAIT)
    state, moves = play(game, at_random, "1")
    again = [move_from(encoded(move)) for move in moves]

    assert encoded(own_game(BAIT).replay(again)) == encoded(state)
    assert state_from(encoded(state)) == state


def test_a_month_is_the_same_on_every_python() -> None:
    """A change of the digest is a change of every contest's month."""
    state, _ = play(own_game(BAIT), at_random, "python")

    assert blake2b(encoded(state), digest_size=8).hexdigest() == DIGEST


DIGEST = "140807bb56870119"


@given(st.integers(0, 10**6), st.sampled_from(["alone", "team"]))
@settings(max_examples=30, deadline=None)
def test_nothing_ever_goes_below_zero_that_cannot(seed: int, mode: str) -> None:
    game = own_game(BAIT, seed=str(seed), days=7, mode="team" if mode == "team" else "alone")
    state, moves = play(game, at_random, str(seed))
    replayed = game.begin()
    for move in moves:
        replayed = game.after(replayed, move)
        assert min(replayed.minutes.values()) >= 0
        assert replayed.stock >= 0
        assert replayed.orders_waiting >= 0
    for number, book in enumerate(replayed.books, start=1):
        waiting = sum(one.orders for one in replayed.waiting if one.day == number)
        assert book.orders == sum(book.sent) + book.cancelled + book.unfilled + waiting
    assert replayed == state
