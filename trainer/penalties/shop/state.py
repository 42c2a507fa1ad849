"""A month in the shop as a value: everything that has happened, and everything that is pending.

Plain frozen structs, which `msgspec` turns into JSON and back; the same seed, setup and moves give
the same bytes.
"""

from datetime import date, timedelta
from typing import Literal

import msgspec

from trainer.penalties.shop.world import Plain, Role

Mode = Literal["alone", "team"]
LENGTHS = (7, 30, 90)


class Setup(Plain, frozen=True):
    """What is decided before the first day."""

    platform: str
    product: str
    days: int
    seed: str
    mode: Mode = "alone"


# Moves


class Decide(Plain, frozen=True, tag="decide"):
    matter: int
    choice: str


class SetPrice(Plain, frozen=True, tag="price"):
    """`price` is per thousand of the usual price."""

    price: int


class SetWay(Plain, frozen=True, tag="way"):
    way: str


class Restock(Plain, frozen=True, tag="restock"):
    units: int


class NextDay(Plain, frozen=True, tag="next-day"):
    pass


Move = Decide | SetPrice | SetWay | Restock | NextDay


# What is under way


class Matter(Plain, frozen=True):
    """An event on the desk. It can be decided up to and including the day `due`."""

    number: int
    event_id: str
    came: int
    due: int
    count: int = 1  # pieces it is about


class Waiting(Plain, frozen=True):
    """Orders of one day that have not been sent."""

    day: int
    orders: int


class Batch(Plain, frozen=True):
    """Parcels of one order day that arrive (or turn out to be lost) on the same day."""

    ordered: int
    sent: int
    arrives: int
    orders: int
    way: str
    lost: bool = False


class Payout(Plain, frozen=True):
    day: int
    cents: int


class Delivery(Plain, frozen=True):
    """Goods on their way from the supplier."""

    day: int
    units: int


class Scheduled(Plain, frozen=True):
    day: int
    event_id: str


class Mood(Plain, frozen=True):
    """Demand moved by `percent` up to and including the day `until`."""

    percent: int
    until: int


class Cause(Plain, frozen=True):
    """Where a breach comes from: a decision (`choice_id` "" when its deadline passed), or the
    running of the shop (`trigger`)."""

    event_id: str = ""
    choice_id: str = ""
    trigger: str = ""
    decided: int = 0  # day


class Brewing(Plain, frozen=True):
    """A breach that the platform will establish on `day`."""

    day: int
    violation_id: str
    points: str
    cause: Cause
    count: int = 1


class Established(Plain, frozen=True):
    """A breach on the account's record; `value` in cents is what an order was worth."""

    day: int
    violation_id: str
    points: str
    cause: Cause
    count: int = 1
    value: int = 0


# What has happened


class DayBook(Plain, frozen=True):
    """The orders that came in on one day, and what became of them.

    `sent` counts by the days it took: sent[0] on the day itself. What an event says about orders
    is written into the book of the day it is said.
    """

    orders: int = 0
    price: int = 1000  # per thousand of the usual price
    sent: tuple[int, ...] = ()
    late: int = 0
    cancelled: int = 0
    unfilled: int = 0
    tracked: int = 0
    delivered: int = 0
    on_time: int = 0
    lost: int = 0
    faulty: int = 0
    refunds: int = 0
    disputes: int = 0
    defects: int = 0
    unresolved: int = 0
    messages: int = 0
    answered: int = 0  # within 24 hours
    reply_hours: int = 0


class Gauge(Plain, frozen=True):
    """A metric at the end of a day."""

    metric_id: str
    part: int
    whole: int
    value: str  # a fraction in the metric's unit; "" without orders
    broken: bool = False
    days: int = 0  # broken so many days in a row


class DayFigures(Plain, frozen=True):
    """The shop at the end of a day, for charts."""

    day: int
    cash: int
    profit: int
    stock: int
    orders: int
    sent: int
    points: dict[str, str]  # by track, only those that are not clean
    gauges: tuple[Gauge, ...] = ()
    restrictions: tuple[str, ...] = ()  # kinds of measures in force
    level: str = ""


NoteKind = Literal[
    "came",
    "chose",
    "passed",
    "breach",
    "unpriced",
    "metric",
    "level",
    "price",
    "way",
    "restock",
    "closed",
]


class Note(Plain, frozen=True):
    """A line of the month's story. `ref` is an event, violation, metric, level or way id."""

    day: int
    kind: NoteKind
    ref: str = ""
    choice: str = ""
    right: bool = False
    number: int = 0


class State(Plain, frozen=True):
    """The shop in the middle of a day, or at its end (`finished`)."""

    day: int
    minutes: dict[str, int]  # left today, by role; by "" where one person does everything
    cash: int
    stock: int
    price: int
    way: str
    rating: int = 470  # hundredths of a star
    waiting: tuple[Waiting, ...] = ()
    parcels: tuple[Batch, ...] = ()
    payouts: tuple[Payout, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    scheduled: tuple[Scheduled, ...] = ()
    matters: tuple[Matter, ...] = ()
    next_matter: int = 1
    moods: tuple[Mood, ...] = ()
    cancelled_today: int = 0  # orders that the seller cancelled since the morning
    hold_until: int = 0  # no parcel leaves up to and including this day
    brewing: tuple[Brewing, ...] = ()
    established: tuple[Established, ...] = ()
    books: tuple[DayBook, ...] = (DayBook(),)  # books[0] is day 1
    figures: tuple[DayFigures, ...] = ()
    notes: tuple[Note, ...] = ()
    level: str = ""
    closed_on: int = 0
    finished: bool = False

    @property
    def orders_waiting(self) -> int:
        return sum(one.orders for one in self.waiting)

    @property
    def money_pending(self) -> int:
        return sum(one.cents for one in self.payouts)

    def matter(self, number: int) -> Matter | None:
        return next((one for one in self.matters if one.number == number), None)


_encoder = msgspec.json.Encoder(order="deterministic")
_state_decoder = msgspec.json.Decoder(State)
_move_decoder: msgspec.json.Decoder[Move] = msgspec.json.Decoder(Move)
_setup_decoder = msgspec.json.Decoder(Setup)


def encoded(value: object) -> bytes:
    """JSON, the same bytes for equal values."""
    return _encoder.encode(value)


def state_from(data: bytes) -> State:
    """Raises msgspec.ValidationError or msgspec.DecodeError when `data` is no state."""
    return _state_decoder.decode(data)


def move_from(data: bytes) -> Move:
    """Raises msgspec.ValidationError or msgspec.DecodeError when `data` is no move."""
    return _move_decoder.decode(data)


def setup_from(data: bytes) -> Setup:
    """Raises msgspec.ValidationError or msgspec.DecodeError when `data` is no setup."""
    return _setup_decoder.decode(data)


def calendar_day(first_day: str, day: int) -> date:
    """The date of a day of the month, the first of which is `first_day`."""
    return date.fromisoformat(first_day) + timedelta(days=day - 1)


def whose(role: Role, mode: Mode) -> str:
    """The name under which the minutes of `role` are kept."""
    return role if mode == "team" else ""
