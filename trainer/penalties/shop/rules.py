"""The fixed side of one month: the world, the platform's rulebook, and who sells what where."""

from datetime import date
from fractions import Fraction
from functools import cached_property

from trainer.foundation.chance import Chance
from trainer.penalties.account import Account, Incident, account_of
from trainer.penalties.rulebook import Rulebook
from trainer.penalties.shop.state import Established, Setup, State, calendar_day
from trainer.penalties.shop.world import Counting, Event, Platform, Product, World


class Rules:
    """What a month is played by. Everything is worked out from the arguments; nothing changes.

    Raises KeyError when the setup names a platform or product that the world does not have.
    """

    def __init__(self, world: World, book: Rulebook, setup: Setup) -> None:
        self.world = world
        self.book = book
        self.setup = setup
        self.platform: Platform = world.platforms[setup.platform]
        self.product: Product = world.products[setup.product]

    def chance(self, what: str, day: int) -> Chance:
        """Draws for one purpose on one day: what else was drawn does not move them."""
        return Chance(f"shop/{self.setup.seed}/{day}/{what}")

    def date_of(self, day: int) -> date:
        return calendar_day(self.platform.first_day, day)

    @cached_property
    def events(self) -> dict[str, Event]:
        """The events that can come in this month, by id."""
        suitable = self.world.events_for(self.setup.platform, self.product)
        return {event.event_id: event for event in suitable}

    @cached_property
    def countings(self) -> tuple[Counting, ...]:
        return tuple(
            one
            for one in self.world.countings
            if one.platform_id == self.setup.platform and one.metric_id in self.book.metrics
        )

    def order_price(self, price: int) -> int:
        """Cents that a buyer pays for an order while the price stands at `price` per thousand."""
        return self.product.price * self.platform.units * price // 1000

    def order_payout(self, price: int) -> int:
        return self.order_price(price) * (1000 - self.platform.fee) // 1000

    def account(self, state: State) -> Account:
        """The account's record. It is computed anew only when something new stands on it."""
        known = self._known
        if known is None or known[0] != state.established:
            incidents = [self._incident(one) for one in state.established]
            known = state.established, account_of(self.book, incidents)
            self._known = known
        return known[1]

    _known: tuple[tuple[Established, ...], Account] | None = None

    def _incident(self, one: Established) -> Incident:
        return Incident(
            self.date_of(one.day),
            one.violation_id,
            Fraction(one.points) if one.points else None,
            Fraction(one.value, 100),
            one.count,
        )
