"""Trade day by day: demand, orders, packing, parcels, and the money they bring."""

from collections import Counter

from msgspec.structs import replace

from trainer.penalties.shop.health import is_under, trade_left, with_book
from trainer.penalties.shop.rules import Rules
from trainer.penalties.shop.state import Batch, DayBook, Payout, Setup, State, Waiting, whose
from trainer.penalties.shop.world import ROLES

MINUTES_ALONE = 360
MINUTES_A_ROLE = 150
PACKED_AN_HOUR = 15
RUNNING_COSTS = 1500  # cents a day: rent, packing, subscriptions
LOWEST_PRICE, HIGHEST_PRICE, PRICE_STEP = 700, 1500, 50
MINUTES_TO_PRICE, MINUTES_TO_SEND, MINUTES_TO_RESTOCK = 30, 15, 30
RESTOCK_SIZES = (1, 5, 10, 20)  # days of usual demand
LEAD_DAYS = 4  # a supplier's fastest, and up to 3 more
_COMPLAINS_OF_DELAY = 250  # per thousand parcels that came too late
_RATED = 470
_DAYS_IN_STOCK = 12


def minutes_of_a_day(setup: Setup) -> dict[str, int]:
    if setup.mode == "team":
        return dict.fromkeys(ROLES, MINUTES_A_ROLE)
    return {"": MINUTES_ALONE}


def usual_units(rules: Rules) -> int:
    """Units that are usually sold in a day, at least one."""
    orders = rules.platform.orders * rules.product.demand // 1000
    return max(1, orders * rules.platform.units // 1000)


def first_stock(rules: Rules) -> int:
    return usual_units(rules) * _DAYS_IN_STOCK


def first_cash(rules: Rules) -> int:
    return 100_000 + first_stock(rules) * rules.product.cost * 3 // 2


def first_way(rules: Rules) -> str:
    """The first tracked way that takes the goods, as the table orders them."""
    ways = rules.world.ways_for(rules.product)
    return next((way.way_id for way in ways if way.tracked), ways[0].way_id if ways else "")


def restock_sizes(rules: Rules) -> tuple[int, ...]:
    """The quantities that the supplier sells, in units."""
    return tuple(usual_units(rules) * days for days in RESTOCK_SIZES)


def demand(rules: Rules, state: State) -> int:
    """Orders to be expected on the state's day, in thousandths."""
    left = rules.platform.orders * rules.product.demand // 1000
    # A tenth off the price brings a fifth more orders.
    left = left * min(1800, max(100, 3000 - 2 * state.price)) // 1000
    left = left * max(200, 1000 + 6 * (state.rating - _RATED)) // 1000
    for mood in state.moods:
        if state.day <= mood.until:
            left = left * max(0, 100 + mood.percent) // 100
    return left * trade_left(rules, state) // 1000


def take_orders(rules: Rules, state: State) -> tuple[State, bool]:
    """The orders of the day, and whether more would have come with more stock."""
    chance = rules.chance("orders", state.day)
    expected = demand(rules, state) * (700 + chance.below(601)) // 1000
    wanted = expected // 1000 + (chance.below(1000) < expected % 1000)
    units = rules.platform.units
    sellable = max(0, state.stock - state.orders_waiting * units) // units
    orders = min(wanted, sellable)
    books = [*state.books]
    books[state.day - 1] = replace(books[state.day - 1], orders=orders, price=state.price)
    waiting = state.waiting
    if orders:
        waiting = (*waiting, Waiting(state.day, orders))
    return replace(state, books=tuple(books), waiting=waiting), orders < wanted


def packable(rules: Rules, state: State) -> int:
    """How many orders can leave tonight with the time and the goods there are."""
    if state.day <= state.hold_until or state.way not in rules.world.ways:
        return 0
    minutes = state.minutes[whose("logistics", rules.setup.mode)]
    in_stock = state.stock // rules.platform.units
    return min(state.orders_waiting, in_stock, max(0, minutes) * PACKED_AN_HOUR // 60)


def pack(rules: Rules, state: State) -> State:
    """Send what can be sent, oldest orders first."""
    left = packable(rules, state)
    waiting: list[Waiting] = []
    for one in state.waiting:
        orders = min(one.orders, left)
        left -= orders
        if orders:
            state = _sent(rules, state, one.day, orders)
        if one.orders > orders:
            waiting.append(replace(one, orders=one.orders - orders))
    return replace(state, waiting=tuple(waiting))


def _sent(rules: Rules, state: State, ordered: int, orders: int) -> State:
    way = rules.world.ways[state.way]
    chance = rules.chance(f"parcels/{ordered}", state.day)
    arrivals: Counter[tuple[int, bool]] = Counter()
    for _ in range(orders):
        lost = chance.below(1000) < way.lost
        days = way.fastest + chance.below(max(1, way.slowest - way.fastest + 1))
        # A parcel that never comes is missed two days after it was promised.
        days = max(days, rules.platform.arrive_within + 2) if lost else days
        arrivals[state.day + days, lost] += 1
    batches = [
        Batch(ordered, state.day, arrives, count, way.way_id, lost)
        for (arrives, lost), count in sorted(arrivals.items())
    ]
    took = state.day - ordered
    state = _with_sent(state, ordered, took, orders)
    state = with_book(
        state,
        ordered,
        tracked=orders if way.tracked else 0,
        late=orders if took > rules.platform.send_within else 0,
    )
    units = rules.platform.units
    return replace(
        state,
        stock=state.stock - orders * units,
        cash=state.cash - orders * way.cents * units,
        parcels=(*state.parcels, *batches),
    )


def _with_sent(state: State, ordered: int, took: int, orders: int) -> State:
    books = [*state.books]
    book = books[ordered - 1]
    sent = [*book.sent, *[0] * (took + 1 - len(book.sent))]
    sent[took] += orders
    books[ordered - 1] = replace(book, sent=tuple(sent))
    return replace(state, books=tuple(books))


def close_old_orders(rules: Rules, state: State) -> tuple[State, int]:
    """Orders that waited too long are closed by the platform, and the buyers paid back."""
    limit = rules.platform.closed_after
    closed = 0
    waiting = []
    for one in state.waiting:
        if state.day - one.day < limit:
            waiting.append(one)
            continue
        closed += one.orders
        state = with_book(state, one.day, unfilled=one.orders, late=one.orders)
    return replace(state, waiting=tuple(waiting)), closed


def cancel(state: State, orders: int) -> State:
    """Cancel so many waiting orders, oldest first."""
    waiting, cancelled = [], 0
    for one in state.waiting:
        taken = min(one.orders, orders)
        orders -= taken
        cancelled += taken
        if taken:
            state = with_book(state, one.day, cancelled=taken)
        if one.orders > taken:
            waiting.append(replace(one, orders=one.orders - taken))
    return replace(state, waiting=tuple(waiting), cancelled_today=state.cancelled_today + cancelled)


def receive(rules: Rules, state: State) -> tuple[State, dict[str, int]]:
    """The morning's arrivals: goods, parcels, money. Also, how many parcels were lost, late enough
    to be complained of, and faulty."""
    troubles: Counter[str] = Counter()
    chance = rules.chance("arrivals", state.day)
    travelling = []
    for batch in state.parcels:
        if batch.arrives > state.day:
            travelling.append(batch)
        elif batch.lost:
            troubles["lost"] += batch.orders
            state = with_book(state, batch.ordered, lost=batch.orders)
        else:
            state = _arrived(rules, state, batch)
            late = batch.arrives - batch.sent > rules.platform.arrive_within
            for _ in range(batch.orders):
                if late and chance.below(1000) < _COMPLAINS_OF_DELAY:
                    troubles["late"] += 1
                if chance.below(1000) < rules.product.faults:
                    troubles["faulty"] += 1
    landed = [one for one in state.deliveries if one.day <= state.day]
    state = replace(
        state,
        parcels=tuple(travelling),
        stock=state.stock + sum(one.units for one in landed),
        deliveries=tuple(one for one in state.deliveries if one.day > state.day),
        cash=state.cash - RUNNING_COSTS,
    )
    return _paid_out(rules, state), dict(troubles)


def _arrived(rules: Rules, state: State, batch: Batch) -> State:
    on_time = batch.arrives - batch.sent <= rules.platform.arrive_within
    state = with_book(
        state, batch.ordered, delivered=batch.orders, on_time=batch.orders if on_time else 0
    )
    book: DayBook = state.books[batch.ordered - 1]
    cents = batch.orders * rules.order_payout(book.price)
    payout = Payout(state.day + rules.platform.payout, cents)
    return replace(state, payouts=(*state.payouts, payout))


def _paid_out(rules: Rules, state: State) -> State:
    if is_under(rules, state, "no-payout"):
        return state
    due = sum(one.cents for one in state.payouts if one.day <= state.day)
    later = tuple(one for one in state.payouts if one.day > state.day)
    return replace(state, cash=state.cash + due, payouts=later)


def worth(rules: Rules, state: State) -> int:
    """Cents that the shop is worth: cash, money under way, goods at cost.

    A closed shop's money is held, and its goods fetch half.
    """
    units = state.stock + sum(one.units for one in state.deliveries)
    goods = units * rules.product.cost
    if state.closed_on:
        return state.cash + goods // 2
    travelling = sum(
        one.orders * rules.order_payout(state.books[one.ordered - 1].price)
        for one in state.parcels
        if not one.lost
    )
    return state.cash + state.money_pending + travelling + goods


def profit(rules: Rules, state: State) -> int:
    """Cents gained since the first morning."""
    start = first_cash(rules) + first_stock(rules) * rules.product.cost
    return worth(rules, state) - start
