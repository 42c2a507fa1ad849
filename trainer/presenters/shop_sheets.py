"""What the shop shows: the sheets that its presenter hands to the screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Protocol

from trainer.cards.model import Language
from trainer.decks.model import Rule
from trainer.foundation.errors import TrainerError
from trainer.penalties.account import Restriction
from trainer.penalties.readings import Reading
from trainer.penalties.shop.state import DayFigures, Move, Setup
from trainer.penalties.shop.world import Platform, Product, Role, Sender
from trainer.presenters.cases import Meter
from trainer.services.shop import MonthDebrief, Told
from trainer.services.shop_records import MonthEntry


class ShopPhase(Enum):
    SETUP = auto()
    DESK = auto()
    DECIDING = auto()  # a matter or a move is open
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class SetupSheet:
    platforms: tuple[Platform, ...]
    products: tuple[Product, ...]
    setup: Setup
    code: str  # of the contest that the setup would be
    going: tuple[MonthEntry, ...]
    done: tuple[MonthEntry, ...]


@dataclass(frozen=True, slots=True)
class MatterLine:
    number: int
    title: str
    sender: Sender
    role: Role
    days_left: int
    mine: bool  # of the role whose turn it is


@dataclass(frozen=True, slots=True)
class NightLine:
    """One thing the night brought: a message code, its blanks, and how grave it is."""

    code: str
    blanks: Mapping[str, object]
    grave: bool = False


@dataclass(frozen=True, slots=True)
class HealthSheet:
    meters: tuple[Meter, ...]
    readings: tuple[Reading, ...]
    in_force: tuple[Restriction, ...]
    level: str = ""


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day that is over: how the shop stood in the evening, and what was decided."""

    figures: DayFigures
    decided: tuple[str, ...]  # titles of matters


@dataclass(frozen=True, slots=True)
class DeskSheet:
    setup: Setup
    platform: str
    product: str
    language: Language
    day: int
    today: date
    minutes: int  # left: of the role whose turn it is, or of the one person
    turn: Role | None  # None when one person does everything
    cash: int
    profit: int
    stock: int
    coming: int
    waiting: int
    packable: int
    orders: int  # of today
    travelling: int
    price: int
    way: str
    matters: tuple[MatterLine, ...]
    health: HealthSheet
    night: tuple[NightLine, ...]
    past: tuple[PastDay, ...]
    first_day: date
    can_take_back: bool
    contest: bool


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen. `why_not` is a message code, "" when it can."""

    text: str
    move: Move
    minutes: int
    cents: int  # paid (below zero) or earned
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class OptionsSheet:
    """A matter, or one of the moves that can be made on any day."""

    kind: str  # "matter", "price", "way", "goods"
    title: str
    text: str
    language: Language
    options: tuple[Option, ...]
    minutes: int
    sender: Sender | None = None
    role: Role | None = None
    days_left: int = 0


@dataclass(frozen=True, slots=True)
class MonthEndSheet:
    setup: Setup
    platform: str
    product: str
    language: Language
    debrief: MonthDebrief
    figures: tuple[DayFigures, ...]
    first_day: date
    chain: tuple[Told, ...]  # what closed the shop, step by step; () when it was not closed
    health: HealthSheet
    rules: tuple[Rule, ...]
    met: tuple[Rule, ...]
    code: str
    contest: bool


class ShopView(Protocol):
    """What the presenter needs of a screen."""

    def show_setup(self, sheet: SetupSheet) -> None: ...

    def show_desk(self, sheet: DeskSheet) -> None: ...

    def show_options(self, sheet: OptionsSheet) -> None: ...

    def show_month_end(self, sheet: MonthEndSheet) -> None: ...

    def say_refused(self, error: TrainerError) -> None: ...

    def say_changed(self) -> None:
        """The month goes on with other events than it was begun with."""
        ...
