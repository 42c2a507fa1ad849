"""What lands on the desk: the plan of the month, what calls for an event, and what decisions do."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from trainer.foundation.chance import Chance
from trainer.penalties.shop.health import total_points, with_book
from trainer.penalties.shop.rules import Rules
from trainer.penalties.shop.state import (
    Brewing,
    Cause,
    Matter,
    Mood,
    Note,
    Scheduled,
    State,
)
from trainer.penalties.shop.trade import cancel
from trainer.penalties.shop.world import Effects, Event, Figure, Trigger

# Matters a day: one for sure, and another so often, per thousand. A short month is a full one.
_SECOND_MATTER = {7: 900, 30: 400, 90: 150}
_FIRST_DAY = 2
FULL_DESK = 8
"""With so many matters open, nothing is added by the draw."""
_ANSWER_HOURS = 4
_SAME_DAY = 24


def plan(rules: Rules) -> dict[int, tuple[str, ...]]:
    """Which events are drawn for which day. The same for everybody who plays the seed: what a
    shop's own state forbids on the day is left out then, and nothing takes its place."""
    days = rules.setup.days
    chance = rules.chance("plan", 0)
    ready = {event.event_id: event.first_day for event in rules.events.values() if event.drawn}
    found: dict[int, tuple[str, ...]] = {}
    for day in range(1, days + 1):
        second = chance.below(1000) < _SECOND_MATTER.get(days, 400)
        number = _FIRST_DAY if day == 1 else 1 + second
        drawn = []
        for _ in range(number):
            event = _drawn(rules, ready, day, chance)
            if event is None:
                break
            drawn.append(event.event_id)
            if event.again:
                ready[event.event_id] = day + event.again
            else:
                del ready[event.event_id]
        if drawn:
            found[day] = tuple(drawn)
    return found


def _drawn(rules: Rules, ready: Mapping[str, int], day: int, chance: Chance) -> Event | None:
    events = [
        rules.events[event_id]
        for event_id, first in ready.items()
        if first <= day <= rules.events[event_id].last_day
    ]
    total = sum(event.weight for event in events)
    if not total:
        return None
    place = chance.below(total)
    for event in events:
        place -= event.weight
        if place < 0:
            return event
    return None


def figure(rules: Rules, state: State, name: Figure) -> int:
    """What an event's `needs` may ask about."""
    match name:
        case "orders":
            return sum(book.orders for book in state.books)
        case "waiting":
            return state.orders_waiting
        case "stock":
            return state.stock
        case "cash":
            return state.cash // 100
        case "points":
            return total_points(rules, state)
        case "disputes":
            return sum(book.disputes for book in state.books)
        case "late":
            return sum(book.late for book in state.books)
        case "day":
            return state.day


def bring(rules: Rules, state: State, planned: tuple[str, ...]) -> State:
    """The matters of the morning: what was scheduled, then what was drawn."""
    due = [one.event_id for one in state.scheduled if one.day <= state.day]
    later = tuple(one for one in state.scheduled if one.day > state.day)
    state = replace(state, scheduled=later)
    for event_id in due:
        event = rules.events.get(event_id)
        if event is not None:
            state = put(state, event)
    for event_id in planned:
        event = rules.events.get(event_id)
        if event is None or len(state.matters) >= FULL_DESK:
            continue
        if all(need.met(figure(rules, state, need.figure)) for need in event.needs):
            state = put(state, event)
    return state


def call(rules: Rules, state: State, trigger: Trigger, count: int = 1) -> State:
    """Let the running of the shop call for its event; several at once make one matter.

    Where the content has none for a trouble with parcels, the buyers go to the platform at once.
    """
    waiting = [event for event in rules.events.values() if event.trigger == trigger]
    if not waiting:
        if trigger in {"lost", "late", "faulty"}:
            state = with_book(state, state.day, disputes=count)
        return state
    event = rules.chance(f"call/{trigger}", state.day).choice(waiting)
    for matter in state.matters:
        if rules.events[matter.event_id].trigger == trigger:
            grown = replace(matter, count=matter.count + count)
            matters = tuple(grown if one is matter else one for one in state.matters)
            return replace(state, matters=matters)
    return put(state, event, count)


def put(state: State, event: Event, count: int = 1) -> State:
    """Put a matter on the desk."""
    matter = Matter(
        state.next_matter, event.event_id, state.day, state.day + event.within, max(1, count)
    )
    return replace(
        state,
        matters=(*state.matters, matter),
        next_matter=state.next_matter + 1,
        notes=(*state.notes, Note(state.day, "came", event.event_id, number=count)),
    )


def decide(rules: Rules, state: State, matter: Matter, choice_id: str) -> State:
    """Take a decision; whoever calls has seen to it that it can be paid for."""
    event = rules.events[matter.event_id]
    choice = event.choice(choice_id)
    if choice is None:
        raise KeyError(choice_id)
    hours = _ANSWER_HOURS + 24 * (state.day - matter.came)
    state = _answered(state, event, matter, hours)
    note = Note(state.day, "chose", event.event_id, choice_id, choice.right, matter.number)
    state = replace(
        state,
        matters=tuple(one for one in state.matters if one.number != matter.number),
        notes=(*state.notes, note),
    )
    cause = Cause(event.event_id, choice_id, decided=state.day)
    return _with_effects(rules, state, event, matter, choice.effects, cause)


def pass_deadlines(rules: Rules, state: State) -> State:
    """Matters that are due today and were left undone."""
    for matter in state.matters:
        if matter.due > state.day:
            continue
        event = rules.events[matter.event_id]
        state = _answered(state, event, matter, 24 * (state.day - matter.came + 1))
        note = Note(state.day, "passed", event.event_id, number=matter.number)
        state = replace(
            state,
            matters=tuple(one for one in state.matters if one.number != matter.number),
            notes=(*state.notes, note),
        )
        cause = Cause(event.event_id, decided=state.day)
        state = _with_effects(rules, state, event, matter, event.ignored.effects, cause)
    return state


def cost(event: Event, matter: Matter, effects: Effects) -> int:
    """Cents that a decision takes from the till (0 when it brings some)."""
    return max(0, -effects.cents * _pieces(event, matter))


def _pieces(event: Event, matter: Matter) -> int:
    return matter.count if event.trigger else 1


def _answered(state: State, event: Event, matter: Matter, hours: int) -> State:
    if event.sender != "buyer":
        return state
    return with_book(
        state,
        matter.came,
        messages=1,
        answered=1 if hours <= _SAME_DAY else 0,
        reply_hours=hours,
    )


def _with_effects(
    rules: Rules, state: State, event: Event, matter: Matter, effects: Effects, cause: Cause
) -> State:
    pieces = _pieces(event, matter)
    refunds = effects.refunds * pieces
    state = replace(
        state,
        cash=state.cash + effects.cents * pieces - refunds * rules.order_price(state.price),
        stock=max(0, state.stock + effects.stock * pieces * _units(rules, event)),
        rating=min(500, max(100, state.rating + effects.rating)),
        hold_until=max(state.hold_until, state.day + effects.hold - 1 if effects.hold else 0),
    )
    if effects.cancels:
        state = cancel(state, effects.cancels * pieces)
    state = with_book(
        state,
        state.day,
        refunds=refunds,
        disputes=effects.disputes * pieces,
        defects=effects.defects * pieces,
        unresolved=effects.unresolved * pieces,
    )
    if effects.demand:
        mood = Mood(effects.demand, state.day + effects.demand_days)
        state = replace(state, moods=(*state.moods, mood))
    chance = rules.chance(f"effects/{cause.event_id}/{cause.choice_id}", state.day)
    scheduled = [
        Scheduled(state.day + max(1, follow.days), follow.event_id)
        for follow in effects.follows
        if chance.below(100) < follow.percent
    ]
    found = chance.below(100) < effects.found
    brewing = list(_breaches(rules, state, event, effects, cause, pieces)) if found else []
    return replace(
        state,
        scheduled=(*state.scheduled, *scheduled),
        brewing=(*state.brewing, *brewing),
    )


def _units(rules: Rules, event: Event) -> int:
    """Triggered events speak of orders, the others of units."""
    return rules.platform.units if event.trigger else 1


def _breaches(
    rules: Rules, state: State, event: Event, effects: Effects, cause: Cause, pieces: int
) -> Iterator[Brewing]:
    on_platform = event.platforms[rules.setup.platform]
    for name in effects.breaches:
        for breach in on_platform.breaches.get(name, ()):
            yield Brewing(
                state.day + effects.after, breach.violation_id, breach.points, cause, pieces
            )
