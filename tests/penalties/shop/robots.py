"""Robot players: random, careful, reckless. Each plays a whole month and keeps its moves."""

from collections.abc import Callable, Sequence

from trainer.foundation.chance import Chance
from trainer.penalties.shop import trade
from trainer.penalties.shop.simulation import Game
from trainer.penalties.shop.state import Decide, Matter, Move, NextDay, Restock, SetWay, State
from trainer.penalties.shop.world import Choice

Player = Callable[[Game, State, Chance], Move]


def play(game: Game, player: Player, seed: str) -> tuple[State, list[Move]]:
    """A month from its first morning to its end, and the moves that were made."""
    chance = Chance(f"robot/{seed}")
    state, moves = game.begin(), []
    while not state.finished:
        move = player(game, state, chance)
        state = game.after(state, move)
        moves.append(move)
    return state, moves


def careful(game: Game, state: State, chance: Chance) -> Move:
    """Does what is right, oldest deadline first; keeps time to pack and goods on the shelf."""
    if (order := _needed_goods(game, state)) is not None:
        return order
    way = _way_in_time(game, state)
    if way != state.way and _minutes(game, state) >= trade.MINUTES_TO_SEND:
        return SetWay(way)
    packing = state.orders_waiting * 60 // trade.PACKED_AN_HOUR
    for matter in sorted(state.matters, key=lambda one: (one.due, one.number)):
        keeps = 0 if matter.due == state.day else packing
        options = [
            one
            for one in _possible(game, state, matter)
            if one.right and one.effects.minutes + keeps <= _left(game, state, matter)
        ]
        if options:
            best = min(options, key=lambda one: (one.effects.minutes, one.choice_id))
            return Decide(matter.number, best.choice_id)
    return NextDay()


def reckless(game: Game, state: State, chance: Chance) -> Move:
    """Takes every bait, and lets deadlines pass when there is none."""
    if (order := _needed_goods(game, state)) is not None:
        return order
    for matter in state.matters:
        options = [one for one in _possible(game, state, matter) if not one.right]
        if options:
            return Decide(matter.number, chance.choice(options).choice_id)
    return NextDay()


def at_random(game: Game, state: State, chance: Chance) -> Move:
    moves: list[Move] = [NextDay()]
    for matter in state.matters:
        moves += [Decide(matter.number, one.choice_id) for one in _possible(game, state, matter)]
    if (order := _needed_goods(game, state)) is not None and chance.below(2):
        return order
    return chance.choice(moves)


def _possible(game: Game, state: State, matter: Matter) -> Sequence[Choice]:
    event = game.rules.events[matter.event_id]
    return [one for one in event.choices if not game.why_not(state, matter.number, one.choice_id)]


def _needed_goods(game: Game, state: State) -> Restock | None:
    """An order of goods when less than nine days are left and none are on their way."""
    days_left = game.setup.days - state.day
    usual = trade.usual_units(game.rules)
    coming = sum(one.units for one in state.deliveries)
    enough = min(9, days_left) * usual
    units = usual * 10
    affordable = units * game.rules.product.cost <= state.cash
    minutes = min(state.minutes.values())
    if days_left < 5 or not affordable or minutes < trade.MINUTES_TO_RESTOCK:
        return None
    return Restock(units) if state.stock + coming < enough else None


def _way_in_time(game: Game, state: State) -> str:
    """The cheapest tracked way whose slowest parcel comes within the promise."""
    ways = [
        one
        for one in game.rules.world.ways_for(game.rules.product)
        if one.tracked and one.slowest <= game.rules.platform.arrive_within
    ]
    return min(ways, key=lambda one: (one.cents, one.way_id)).way_id if ways else state.way


def _minutes(game: Game, state: State) -> int:
    return state.minutes["logistics" if game.setup.mode == "team" else ""]


def _left(game: Game, state: State, matter: Matter) -> int:
    role = game.rules.events[matter.event_id].role
    return state.minutes[role if game.setup.mode == "team" else ""]
