"""A month in the simulated shop as somebody plays it: begun, decided, taken back, looked back on.

The account is moved by the platform's own tables; every consequence is told with its table row and
the decision it came from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import msgspec

from trainer.cards.model import Language
from trainer.decks.addresses import SHOP_FOLDER, address_of
from trainer.decks.model import Deck
from trainer.decks.rulebooks import rulebook_of
from trainer.decks.shop_files import ShopFile, read_shop_file, world_of
from trainer.penalties.account import Step
from trainer.penalties.rulebook import Fine, Rulebook, Violation
from trainer.penalties.shop import trade
from trainer.penalties.shop.digest import digest_of
from trainer.penalties.shop.simulation import Game, Result
from trainer.penalties.shop.state import (
    Cause,
    Decide,
    Matter,
    Move,
    NextDay,
    Restock,
    SetPrice,
    Setup,
    SetWay,
    State,
)
from trainer.penalties.shop.world import Event, Platform, Product, Way, World
from trainer.services.casework import MOST_SOON
from trainer.services.content_library import Library


@dataclass(frozen=True, slots=True)
class Told:
    """Something on the record, and where it comes from."""

    day: int
    row: Violation | Fine
    points: Fraction
    total: Fraction  # on the track, after it
    track: str  # its title; "" where there is none
    unit: str
    cause: Cause
    steps: tuple[Step, ...]  # what it led to: thresholds reached, measures that began
    cents: int = 0  # that were billed


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision (or a deadline that passed) of the month, and what it came to."""

    day: int
    event: Event
    choice_id: str  # "" when the deadline passed
    right: bool
    told: tuple[Told, ...]

    @property
    def text(self) -> str:
        choice = self.event.choice(self.choice_id)
        return choice.text if choice else self.event.ignored.text

    @property
    def reason(self) -> str:
        choice = self.event.choice(self.choice_id)
        return choice.reason if choice else ""


@dataclass(frozen=True, slots=True)
class MonthDebrief:
    """What is said when the month is over."""

    result: Result
    closed_on: int  # 0 when it was not
    closed_by: str  # id of a violation or metric, or "insolvent"
    decisions: tuple[Decided, ...]
    by_itself: tuple[Told, ...]  # what the running of the shop brought onto the record
    met_rules: tuple[str, ...]
    broken_rules: tuple[str, ...]
    cards: tuple[str, ...]  # of the broken rules
    soon: tuple[str, ...]  # of these, the ones that join the queue


class ShopWorlds:
    """The world and the rulebooks in one language, read once from a library."""

    def __init__(self, library: Library, language: Language) -> None:
        """Reads every file of the shop. Raises TrainerError (disk.*) when the library cannot be
        used; a shop file that cannot be read is left out."""
        self._library = library
        self.language: Language = language
        self.world: World = world_of(_files_in(library), language)
        self._decks: dict[str, list[Deck]] = {}

    def platforms(self) -> Sequence[Platform]:
        """Those that can be played: with events and rules."""
        known = {entry.subject for entry in self._library.decks()}
        played = {name for event in self.world.events.values() for name in event.platforms}
        return [
            one for name, one in self.world.platforms.items() if name in known and name in played
        ]

    def products(self) -> Sequence[Product]:
        return [one for one in self.world.products.values() if self.world.ways_for(one)]

    def decks(self, platform: str) -> Sequence[Deck]:
        if platform not in self._decks:
            self._decks[platform] = _decks_of(self._library, platform, self.language)
        return self._decks[platform]

    def game(self, setup: Setup) -> Game:
        """Raises KeyError when the platform or the product is no longer there."""
        book: Rulebook = rulebook_of(setup.platform, self.decks(setup.platform))
        return Game(self.world, book, setup)

    def open(self, setup: Setup) -> "ShopSession":
        """A month on its first morning. Raises KeyError like `game`."""
        return ShopSession(self.game(setup), self.decks(setup.platform))


class ShopSession:
    """One month being played."""

    def __init__(
        self, game: Game, decks: Sequence[Deck] = (), state: State | None = None, contest: str = ""
    ) -> None:
        """`state`: go on from there. In a contest (its code) nothing can be taken back."""
        self.game = game
        self.contest = contest
        self._decks = decks
        self._states: list[State] = [state or game.begin()]
        self._moves: list[Move] = []
        self.digest = digest_of(game.rules)

    @property
    def setup(self) -> Setup:
        return self.game.setup

    @property
    def state(self) -> State:
        return self._states[-1]

    @property
    def moves(self) -> Sequence[Move]:
        """What was done since the month, or this part of it, began."""
        return self._moves

    @property
    def today(self) -> date:
        return self.game.rules.date_of(self.state.day)

    def move(self, move: Move) -> State:
        """Make a move. Raises MoveRefusedError; the month is then as it was."""
        state = self.game.after(self.state, move)
        self._states.append(state)
        self._moves.append(move)
        return state

    def decide(self, matter: int, choice: str) -> State:
        return self.move(Decide(matter, choice))

    def set_price(self, price: int) -> State:
        return self.move(SetPrice(price))

    def send_by(self, way: str) -> State:
        return self.move(SetWay(way))

    def restock(self, units: int) -> State:
        return self.move(Restock(units))

    def next_day(self) -> State:
        return self.move(NextDay())

    @property
    def can_take_back(self) -> bool:
        """Only what was done since the morning, and never in a contest."""
        return bool(self._moves) and not self.contest and self._moves[-1] != NextDay()

    def take_back(self) -> Move | None:
        """Undo the last move of the day; None when there is none to undo."""
        if not self.can_take_back:
            return None
        self._states.pop()
        return self._moves.pop()

    # The desk

    def event_of(self, matter: Matter) -> Event:
        return self.game.rules.events[matter.event_id]

    def why_not(self, matter: int, choice: str) -> str:
        """The code of why a decision cannot be taken now, "" when it can."""
        return self.game.why_not(self.state, matter, choice)

    def ways(self) -> Sequence[Way]:
        return self.game.rules.world.ways_for(self.game.rules.product)

    def restock_sizes(self) -> Sequence[int]:
        return trade.restock_sizes(self.game.rules)

    def packable(self) -> int:
        """How many parcels can leave tonight with what is left of the day."""
        return trade.packable(self.game.rules, self.state)

    def profit(self) -> int:
        """Cents gained since the first morning."""
        return trade.profit(self.game.rules, self.state)

    # Looking back

    def told(self) -> tuple[Told, ...]:
        """Everything on the record, in the order it was established, each with its cause."""
        rules, state = self.game.rules, self.state
        account = rules.account(state)
        causes: dict[tuple[date, str], list[Cause]] = {}
        for one in state.established:
            key = rules.date_of(one.day), one.violation_id
            causes.setdefault(key, []).append(one.cause)
        groups: list[list[Step]] = []
        for step in account.steps:
            if step.kind in {"given", "billed"}:
                groups.append([])
            if groups:
                groups[-1].append(step)
        found = []
        for entry, steps in zip(account.entries, groups, strict=False):
            key = entry.incident.day, entry.incident.violation_id
            waiting = causes.get(key) or [Cause()]
            cause = waiting[0] if len(waiting) == 1 else waiting.pop(0)
            track = rules.book.tracks.get(entry.row.track_id)
            found.append(
                Told(
                    day=(entry.incident.day - rules.date_of(1)).days + 1,
                    row=entry.row,
                    points=entry.points,
                    total=steps[0].total,
                    track=track.title if track else "",
                    unit=track.unit if track else "",
                    cause=cause,
                    steps=tuple(steps[1:]),
                    cents=int(entry.bill.high * 100) if entry.bill else 0,
                )
            )
        return tuple(found)

    def debrief(self) -> MonthDebrief:
        """What the month has taught so far."""
        state = self.state
        told = self.told()
        by_cause: dict[tuple[str, str, int], list[Told]] = {}
        for one in told:
            key = one.cause.event_id, one.cause.choice_id, one.cause.decided
            by_cause.setdefault(key, []).append(one)
        decisions = []
        for note in state.notes:
            event = self.game.rules.events.get(note.ref)
            if note.kind not in {"chose", "passed"} or event is None:
                continue
            of_it = tuple(by_cause.get((note.ref, note.choice, note.day), ()))
            right = note.right if note.kind == "chose" else not hurts(event)
            decisions.append(Decided(note.day, event, note.choice, right, of_it))
        broken = self._broken(decisions, told)
        cards = self._cards_of(broken)
        closing = next((note.ref for note in state.notes if note.kind == "closed"), "")
        return MonthDebrief(
            result=self.game.result(state),
            closed_on=state.closed_on,
            closed_by=closing,
            decisions=tuple(decisions),
            by_itself=tuple(one for one in told if one.cause.trigger),
            met_rules=_once(self._rule_of(one.event) for one in decisions),
            broken_rules=broken,
            cards=cards,
            soon=cards[:MOST_SOON],
        )

    def _rule_of(self, event: Event) -> str:
        return event.platforms[self.setup.platform].rule_id

    def _broken(self, decisions: Sequence[Decided], told: Sequence[Told]) -> tuple[str, ...]:
        """Rules whose row was established, and rules of decisions that were wrong."""
        rows = [one.row.rule_id for one in told]
        wrong = [self._rule_of(one.event) for one in decisions if not one.right]
        metrics = [
            self.game.rules.book.metrics[note.ref].rule_id
            for note in self.state.notes
            if note.kind == "metric" and not note.right
        ]
        return _once((*rows, *metrics, *wrong))

    def _cards_of(self, rules: Sequence[str]) -> tuple[str, ...]:
        """A card of each broken rule first, then the others, so that no rule is left out."""
        by_rule: dict[str, list[str]] = {rule: [] for rule in rules}
        for deck in self._decks:
            for card in deck.cards:
                if card.rule_id in by_rule:
                    by_rule[card.rule_id].append(card.card_id)
        longest = max((len(cards) for cards in by_rule.values()), default=0)
        return tuple(
            cards[place]
            for place in range(longest)
            for cards in by_rule.values()
            if place < len(cards)
        )


def known_matters(game: Game, state: State) -> State:
    """`state` without matters whose events the content no longer has."""
    matters = tuple(one for one in state.matters if one.event_id in game.rules.events)
    return msgspec.structs.replace(state, matters=matters)


def hurts(event: Event) -> bool:
    """Whether letting the deadline pass did any harm."""
    return event.ignored.effects != type(event.ignored.effects)()


def _once(rules: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule for rule in rules if rule))


def _files_in(library: Library) -> list[ShopFile]:
    """The files of the shop below every content folder; those of a later folder win."""
    files = []
    for folder in library.folders():
        for path in sorted((folder / SHOP_FOLDER).rglob("*.md")):
            address = address_of(path.relative_to(folder))
            if path.name == "README.md" or path.name[0] in "._" or address is None:
                continue
            try:
                files.append(read_shop_file(path.read_bytes(), path, address))
            except OSError:
                continue
    return files


def _decks_of(library: Library, platform: str, language: Language) -> list[Deck]:
    """The chapters of a platform; of the other language where one is not translated."""
    other: Language = "zh" if language == "en" else "en"
    found: dict[str, Deck] = {}
    for tried in (language, other):
        for entry in library.decks(tried):
            if entry.subject == platform and entry.deck_id not in found:
                deck = library.deck(entry.deck_id, tried)
                if deck is not None:
                    found[entry.deck_id] = deck
    return list(found.values())
