"""A month in the shop, move by move: pure, seeded, and the same wherever it is played again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import assert_never

from msgspec.structs import replace

from trainer.foundation.errors import TrainerError
from trainer.penalties.account import Step
from trainer.penalties.charges import Bill
from trainer.penalties.rulebook import Fine, Rulebook
from trainer.penalties.shop import health, matters, trade
from trainer.penalties.shop.rules import Rules
from trainer.penalties.shop.state import (
    Brewing,
    Cause,
    DayBook,
    DayFigures,
    Decide,
    Delivery,
    Established,
    Gauge,
    Mood,
    Move,
    NextDay,
    Note,
    Restock,
    SetPrice,
    Setup,
    SetWay,
    State,
    whose,
)
from trainer.penalties.shop.world import AutomaticTrigger, Choice, Role, Trigger, World

# What a foreign currency is worth in US cents.
_CENTS = {"": 100, "USD": 100, "CNY": 14, "EUR": 110, "GBP": 127}
# Measures that a shop with a clean month has never met.
_GRAVE = frozenset({"frozen", "restricted", "hidden", "at-risk", "no-listing"})
INSOLVENT = "insolvent"
"""Why a shop is closed whose debts are more than everything it has."""
_TROUBLES: tuple[Trigger, ...] = ("lost", "late", "faulty")
_SELDOM = 8  # days


class MoveRefusedError(TrainerError):
    """A move that cannot be made now; the state is as it was.

    Codes: shop.refused-over, -no-matter, -no-choice, -no-time, -no-money, -price, -way, -restock,
    -no-listing.
    """


@dataclass(frozen=True, slots=True)
class Result:
    """What a month comes to. Ranked by `grade` first: rules before money."""

    grade: int  # 0 clean, 1 warned or with points, 2 restricted or a limit broken, 3 closed
    profit: int  # cents
    days: int  # that were played
    right: int
    wrong: int
    passed: int  # deadlines

    @property
    def rank(self) -> tuple[int, int]:
        """Less is better."""
        return self.grade, -self.profit


class Game:
    """One month: the rules it is played by. States are values that go in and come out."""

    def __init__(self, world: World, book: Rulebook, setup: Setup) -> None:
        """Raises KeyError when the world does not have the platform or the product."""
        self.rules = Rules(world, book, setup)

    @property
    def setup(self) -> Setup:
        return self.rules.setup

    @cached_property
    def _plan(self) -> dict[int, tuple[str, ...]]:
        return matters.plan(self.rules)

    def begin(self) -> State:
        """The first morning."""
        rules = self.rules
        state = State(
            day=1,
            minutes=trade.minutes_of_a_day(self.setup),
            cash=trade.first_cash(rules),
            stock=trade.first_stock(rules),
            price=1000,
            way=trade.first_way(rules),
        )
        state, _ = trade.take_orders(rules, state)
        return matters.bring(rules, state, self._plan.get(1, ()))

    def replay(self, moves: Iterable[Move]) -> State:
        """The state after `moves`. Raises MoveRefusedError when one of them cannot be made."""
        state = self.begin()
        for move in moves:
            state = self.after(state, move)
        return state

    def after(self, state: State, move: Move) -> State:
        """The state after one move. Raises MoveRefusedError."""
        if state.finished:
            raise MoveRefusedError("shop.refused-over")
        match move:
            case Decide(matter=number, choice=choice_id):
                return self._decided(state, number, choice_id)
            case SetPrice(price=price):
                return self._priced(state, price)
            case SetWay(way=way):
                return self._sent_by(state, way)
            case Restock(units=units):
                return self._restocked(state, units)
            case NextDay():
                return self._night(state)
            case _:
                assert_never(move)

    # Deciding

    def why_not(self, state: State, number: int, choice_id: str) -> str:
        """The code of why a decision cannot be taken now, "" when it can."""
        if state.finished:
            return "shop.refused-over"
        matter = state.matter(number)
        if matter is None:
            return "shop.refused-no-matter"
        event = self.rules.events[matter.event_id]
        choice = event.choice(choice_id)
        if choice is None:
            return "shop.refused-no-choice"
        if choice.effects.minutes > state.minutes[whose(event.role, self.setup.mode)]:
            return "shop.refused-no-time"
        if 0 < matters.cost(event, matter, choice.effects) > state.cash:
            return "shop.refused-no-money"
        return ""

    def _decided(self, state: State, number: int, choice_id: str) -> State:
        code = self.why_not(state, number, choice_id)
        matter = state.matter(number)
        if code or matter is None:
            raise MoveRefusedError(code or "shop.refused-no-matter")
        event = self.rules.events[matter.event_id]
        choice: Choice = next(one for one in event.choices if one.choice_id == choice_id)
        state = self._spent(state, event.role, choice.effects.minutes)
        return matters.decide(self.rules, state, matter, choice_id)

    def _spent(self, state: State, role: Role, minutes: int) -> State:
        name = whose(role, self.setup.mode)
        left = state.minutes[name] - minutes
        if left < 0:
            raise MoveRefusedError("shop.refused-no-time")
        return replace(state, minutes={**state.minutes, name: left})

    def _priced(self, state: State, price: int) -> State:
        fits = trade.LOWEST_PRICE <= price <= trade.HIGHEST_PRICE
        if not fits or price % trade.PRICE_STEP or price == state.price:
            raise MoveRefusedError("shop.refused-price")
        if health.is_under(self.rules, state, "frozen", "no-listing"):
            raise MoveRefusedError("shop.refused-no-listing")
        state = self._spent(state, "operations", trade.MINUTES_TO_PRICE)
        note = Note(state.day, "price", number=price)
        return replace(state, price=price, notes=(*state.notes, note))

    def _sent_by(self, state: State, way_id: str) -> State:
        way = self.rules.world.ways.get(way_id)
        if way is None or not way.takes(self.rules.product) or way_id == state.way:
            raise MoveRefusedError("shop.refused-way")
        state = self._spent(state, "logistics", trade.MINUTES_TO_SEND)
        return replace(state, way=way_id, notes=(*state.notes, Note(state.day, "way", way_id)))

    def _restocked(self, state: State, units: int) -> State:
        if units not in trade.restock_sizes(self.rules):
            raise MoveRefusedError("shop.refused-restock")
        cents = units * self.rules.product.cost
        if cents > state.cash:
            raise MoveRefusedError("shop.refused-no-money")
        state = self._spent(state, "product", trade.MINUTES_TO_RESTOCK)
        chance = self.rules.chance(f"supplier/{len(state.deliveries)}", state.day)
        delivery = Delivery(state.day + trade.LEAD_DAYS + chance.below(4), units)
        return replace(
            state,
            cash=state.cash - cents,
            deliveries=(*state.deliveries, delivery),
            notes=(*state.notes, Note(state.day, "restock", number=units)),
        )

    # The night

    def _night(self, state: State) -> State:
        rules = self.rules
        state = matters.pass_deadlines(rules, state)
        late_before = self._sum(state, "late")
        state = trade.pack(rules, state)
        late = self._sum(state, "late") - late_before
        state, unfilled = trade.close_old_orders(rules, state)
        state = self._automatic(state, "unfilled", unfilled)
        state = self._automatic(state, "late", late)
        state = self._automatic(state, "cancelled", state.cancelled_today)
        state = self._establish(state, state.day)
        state = self._measured(state)
        if state.closed_on:
            return replace(state, finished=True)
        if state.day >= self.setup.days:
            # The platform looks back: what it has not found yet it finds now.
            state = self._establish(state, 1 << 20)
            return replace(self._refigured(state), finished=True)
        return self._morning(state)

    def _sum(self, state: State, name: str) -> int:
        return sum(getattr(book, name) for book in state.books)

    def _automatic(self, state: State, trigger: AutomaticTrigger, count: int) -> State:
        if not count:
            return state
        cause = Cause(trigger=trigger, decided=state.day)
        brewing = [
            Brewing(state.day, one.breach.violation_id, one.breach.points, cause, count)
            for one in self.rules.world.automatics
            if one.platform_id == self.setup.platform and one.trigger == trigger
        ]
        return replace(state, brewing=(*state.brewing, *brewing))

    def _establish(self, state: State, until: int) -> State:
        """What brews up to `until` comes onto the record today, with its bills and measures."""
        due = [one for one in state.brewing if one.day <= until]
        if not due:
            return state
        rules, today = self.rules, self.rules.date_of(state.day)
        before = rules.account(state)
        value = rules.order_price(1000)
        new = tuple(
            Established(state.day, one.violation_id, one.points, one.cause, one.count, value)
            for one in due
        )
        notes = tuple(Note(state.day, "breach", one.violation_id) for one in due)
        state = replace(
            state,
            brewing=tuple(one for one in state.brewing if one.day > until),
            established=(*state.established, *new),
            notes=(*state.notes, *notes),
        )
        account = rules.account(state)
        owed = _cents(account.billed(today)) - _cents(before.billed(today))
        state = replace(state, cash=state.cash - owed)
        at_risk = any(
            one.measure.kind == "at-risk" and one.since < today for one in before.in_force(today)
        )
        state = self._unpriced(state, len(due))
        if account.closed_on() is not None:
            return self._closed(state, _closing_row(account.steps))
        return self._closed(state, due[-1].violation_id) if at_risk else state

    def _unpriced(self, state: State, new: int) -> State:
        """What the game makes of rows that name no figure: see World.unpriced."""
        without = [self._names_no_figure(one.violation_id) for one in state.established]
        before, now = sum(without[:-new]), sum(without)
        for one in self.rules.world.unpriced:
            if one.platform_id != self.setup.platform or not before < one.times <= now:
                continue
            state = replace(
                state, notes=(*state.notes, Note(state.day, "unpriced", number=one.times))
            )
            if one.demand:
                mood = Mood(one.demand, state.day + one.days)
                state = replace(state, moods=(*state.moods, mood))
            if one.closes:
                state = self._closed(state, state.established[-1].violation_id)
        return state

    def _names_no_figure(self, violation_id: str) -> bool:
        row = self.rules.book.row(violation_id)
        return isinstance(row, Fine) and not (row.charge or row.track_id or row.measures)

    def _closed(self, state: State, ref: str) -> State:
        if state.closed_on:
            return state
        note = Note(state.day, "closed", ref)
        return replace(state, closed_on=state.day, notes=(*state.notes, note))

    def _measured(self, state: State) -> State:
        """Metrics, level and figures of the day; what they change is noted."""
        rules = self.rules
        found = health.gauges(rules, state)
        known = {one.metric_id: one.broken for one in _last_gauges(state)}
        notes = [
            Note(state.day, "metric", one.metric_id, right=not one.broken)
            for one in found
            if one.broken != known.get(one.metric_id, False)
        ]
        level = health.level(rules, state, found)
        if level != state.level:
            notes.append(Note(state.day, "level", level))
        state = replace(state, level=level, notes=(*state.notes, *notes))
        broken = health.closing_metric(rules, found)
        if broken:
            state = self._closed(state, broken)
        if trade.worth(rules, state) < 0:
            state = self._closed(state, INSOLVENT)
        return replace(state, figures=(*state.figures, self._figures(state, found)))

    def _refigured(self, state: State) -> State:
        """The last day's figures once more, after what was established at the very end."""
        *before, last = state.figures
        return replace(state, figures=(*before, self._figures(state, last.gauges)))

    def _figures(self, state: State, found: tuple[Gauge, ...]) -> DayFigures:
        book = state.books[-1]
        kinds = {one.measure.kind for one in health.restrictions(self.rules, state)}
        return DayFigures(
            day=state.day,
            cash=state.cash,
            profit=trade.profit(self.rules, state),
            stock=state.stock,
            orders=book.orders,
            sent=sum(one.orders for one in state.parcels if one.sent == state.day),
            points=health.points_by_track(self.rules, state),
            gauges=found,
            restrictions=tuple(sorted(kinds)),
            level=state.level,
        )

    def _morning(self, state: State) -> State:
        rules = self.rules
        state = replace(
            state,
            day=state.day + 1,
            minutes=trade.minutes_of_a_day(self.setup),
            books=(*state.books, DayBook(price=state.price)),
            moods=tuple(one for one in state.moods if one.until > state.day),
            cancelled_today=0,
        )
        state, troubles = trade.receive(rules, state)
        state, sold_out = trade.take_orders(rules, state)
        for trigger in _TROUBLES:
            if troubles.get(trigger):
                state = matters.call(rules, state, trigger, troubles[trigger])
        if sold_out and not state.deliveries:
            state = self._call_seldom(state, "out-of-stock")
        if "frozen" in state.figures[-1].restrictions:
            state = self._call_seldom(state, "frozen")
        if any(one.days == 1 for one in state.figures[-1].gauges):
            state = self._call_seldom(state, "metric-broken")
        return matters.bring(rules, state, self._plan.get(state.day, ()))

    def _call_seldom(self, state: State, trigger: Trigger) -> State:
        """Call for an event, but not for one that came a few days ago."""
        recent = {
            note.ref
            for note in state.notes
            if note.kind == "came" and note.day > state.day - _SELDOM
        }
        for event_id in recent:
            event = self.rules.events.get(event_id)
            if event is not None and event.trigger == trigger:
                return state
        return matters.call(self.rules, state, trigger)

    # What came of it

    def result(self, state: State) -> Result:
        """What the month comes to, also before its end."""
        chosen = [note for note in state.notes if note.kind == "chose"]
        return Result(
            grade=grade_of(state),
            profit=trade.profit(self.rules, state),
            days=state.day,
            right=sum(note.right for note in chosen),
            wrong=sum(not note.right for note in chosen),
            passed=sum(note.kind == "passed" for note in state.notes),
        )

    def steps(self, state: State) -> Sequence[Step]:
        """Everything that stands on the record, each with its rule and the line of its table row:
        the engine's own explanation."""
        return self.rules.account(state).explain(self.rules.date_of(state.day))


def grade_of(state: State) -> int:
    """How the shop stands, as `Result.grade` says it."""
    if state.closed_on:
        return 3
    met = {kind for day in state.figures for kind in day.restrictions}
    if met & _GRAVE or any(one.broken for one in _last_gauges(state)):
        return 2
    return 1 if state.established else 0


def _closing_row(steps: Sequence[Step]) -> str:
    """The violation whose points or measure closed the account."""
    row_id = ""
    for step in steps:
        row_id = step.row_id or row_id
        if step.kind == "closed":
            break
    return row_id


def _last_gauges(state: State) -> tuple[Gauge, ...]:
    return state.figures[-1].gauges if state.figures else ()


def _cents(bills: Mapping[str, Bill]) -> int:
    """The bills in US cents; where a rule leaves the sum open, the most it names."""
    return sum(int(bill.high * _CENTS.get(bill.currency, 100)) for bill in bills.values())
