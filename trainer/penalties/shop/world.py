"""What a month in the shop is made of: platforms, goods, ways to send, and events.

All of it is read from `content/shop` (docs/shop-format.md). Money is in cents, time in minutes,
shares are per thousand where it is not said otherwise: whole numbers, so that a month played
again gives the same bytes everywhere.
"""

from collections.abc import Iterator
from typing import Literal, get_args

import msgspec

Role = Literal["operations", "customer-service", "logistics", "product"]
ROLES: tuple[Role, ...] = get_args(Role)
Sender = Literal["buyer", "supplier", "platform", "carrier", "competitor", "bank", "team"]
SENDERS: tuple[Sender, ...] = get_args(Sender)
# What in the running of the shop calls for an event, instead of the draw.
Trigger = Literal["lost", "late", "faulty", "out-of-stock", "frozen", "metric-broken"]
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
# What the running of the shop itself may break.
AutomaticTrigger = Literal["unfilled", "late", "cancelled"]
AUTOMATIC_TRIGGERS: tuple[AutomaticTrigger, ...] = get_args(AutomaticTrigger)
Figure = Literal["orders", "waiting", "stock", "cash", "points", "disputes", "late", "day"]
FIGURES: tuple[Figure, ...] = get_args(Figure)
Sign = Literal["<", "<=", ">", ">="]


class Plain(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of everything in the world and in a month's state."""


class Breach(Plain, frozen=True):
    """A row of the platform's tables; `points` where the row has a range or names no number."""

    violation_id: str
    points: str = ""


class Follow(Plain, frozen=True):
    """An event that comes `days` later, in `percent` of the cases."""

    event_id: str
    days: int
    percent: int = 100


class Effects(Plain, frozen=True):
    """What a decision does. Counts of a triggered event are for each piece it is about."""

    minutes: int = 0
    cents: int = 0
    stock: int = 0  # units
    refunds: int = 0  # orders paid back
    cancels: int = 0  # waiting orders that the seller cancels
    disputes: int = 0
    defects: int = 0
    unresolved: int = 0  # disputes that the platform had to decide against the seller
    demand: int = 0  # percent, for `demand_days`
    demand_days: int = 0
    hold: int = 0  # days on which no parcel leaves
    rating: int = 0  # hundredths of a star
    breaches: tuple[str, ...] = ()  # names of columns in the event's table of platforms
    found: int = 100  # percent of the cases in which the platform establishes the breach
    after: int = 0  # days until it does
    follows: tuple[Follow, ...] = ()


class Choice(Plain, frozen=True):
    choice_id: str  # unique in its event; "a", "b" … where none is written
    text: str
    right: bool
    reason: str
    effects: Effects
    line: int = 0


class Ignored(Plain, frozen=True):
    """What happens when the deadline passes."""

    text: str = ""
    effects: Effects = Effects()
    line: int = 0


class Need(Plain, frozen=True):
    """A condition on the shop: `stock < 20`."""

    figure: Figure
    sign: Sign
    limit: int

    def met(self, value: int) -> bool:
        match self.sign:
            case "<":
                return value < self.limit
            case "<=":
                return value <= self.limit
            case ">":
                return value > self.limit
            case ">=":
                return value >= self.limit


class OnPlatform(Plain, frozen=True):
    """How an event looks on one platform: what its breaches are called there, and the rule."""

    breaches: dict[str, tuple[Breach, ...]] = msgspec.field(default_factory=dict)
    rule_id: str = ""  # "<deck id>#<rule>"
    line: int = 0


class Event(Plain, frozen=True):
    """Something that lands on the desk. `text` is Markdown."""

    event_id: str
    title: str
    text: str
    role: Role
    sender: Sender
    choices: tuple[Choice, ...]
    platforms: dict[str, OnPlatform]
    first_day: int = 1
    last_day: int = 90
    weight: int = 1
    within: int = 2  # days to decide; 0: today only
    goods: tuple[str, ...] = ()  # traits or products, one of which is needed; () for all goods
    needs: tuple[Need, ...] = ()
    again: int = 0  # days after which it may come once more; 0: once a month
    trigger: Trigger | Literal[""] = ""
    follow_only: bool = False
    ignored: Ignored = Ignored()
    line: int = 0
    file: str = ""

    @property
    def drawn(self) -> bool:
        """Whether it comes by the draw, and not because something called for it."""
        return not self.trigger and not self.follow_only

    def choice(self, choice_id: str) -> Choice | None:
        return next((one for one in self.choices if one.choice_id == choice_id), None)

    def suits(self, product: "Product") -> bool:
        names = {product.product_id, *product.traits}
        return not self.goods or bool(names.intersection(self.goods))

    def effects(self) -> Iterator[Effects]:
        yield from (choice.effects for choice in self.choices)
        yield self.ignored.effects


class Platform(Plain, frozen=True):
    """How trade goes on a platform, for a shop of a beginner's size."""

    platform_id: str
    title: str
    first_day: str  # ISO date: the month begins when its rules held
    orders: int  # a day, thousandths
    units: int  # in an order
    fee: int  # per thousand of the price
    payout: int  # days from delivery to the money
    send_within: int  # days; a later parcel is late
    closed_after: int  # days; an order unsent for longer is closed and refunded
    arrive_within: int  # days from sending that the buyer was promised


class Product(Plain, frozen=True):
    product_id: str
    title: str
    traits: tuple[str, ...]
    cost: int  # cents a unit
    price: int  # cents a unit, before the seller changes it
    faults: int  # per thousand delivered orders
    demand: int  # per thousand of the platform's orders


class Way(Plain, frozen=True):
    """A way to send parcels."""

    way_id: str
    title: str
    cents: int  # an order
    fastest: int  # days
    slowest: int
    lost: int  # per thousand
    tracked: bool
    refuses: tuple[str, ...]  # traits

    def takes(self, product: Product) -> bool:
        return not set(self.refuses).intersection(product.traits)


class Counting(Plain, frozen=True):
    """How the shop's day books answer a metric of the platform, and what a broken limit does."""

    platform_id: str
    metric_id: str
    part: str
    whole: str
    demand: int = 0  # percent while it is broken
    closes: int = 0  # days in a row after which the platform closes the shop; 0: never


class Automatic(Plain, frozen=True):
    """A breach that the running of the shop itself commits, without any event."""

    platform_id: str
    trigger: AutomaticTrigger
    breach: Breach


class LevelEffect(Plain, frozen=True):
    """What a level of the platform's tiers does to trade."""

    platform_id: str
    stage_id: str
    demand: int = 0  # percent


class Unpriced(Plain, frozen=True):
    """What the game makes of breaches whose row names neither points, money nor a measure, when
    so many of them have been established in the month."""

    platform_id: str
    times: int
    demand: int = 0  # percent, for `days`
    days: int = 0
    closes: bool = False


class World(Plain, frozen=True):
    """Everything read from `content/shop`, in one language."""

    platforms: dict[str, Platform] = msgspec.field(default_factory=dict)
    products: dict[str, Product] = msgspec.field(default_factory=dict)
    ways: dict[str, Way] = msgspec.field(default_factory=dict)
    countings: tuple[Counting, ...] = ()
    automatics: tuple[Automatic, ...] = ()
    levels: tuple[LevelEffect, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    events: dict[str, Event] = msgspec.field(default_factory=dict)

    def events_for(self, platform_id: str, product: Product) -> list[Event]:
        """The events that can come there, by id."""
        return [
            event
            for _, event in sorted(self.events.items())
            if platform_id in event.platforms and event.suits(product)
        ]

    def ways_for(self, product: Product) -> list[Way]:
        return [way for way in self.ways.values() if way.takes(product)]
