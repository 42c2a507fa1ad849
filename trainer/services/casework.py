"""Playing a branching case: decisions, what they cost the account, and what they taught.

The account beside the story is computed from the platform's own tables; the deck says only what
was broken, how many days passed, and what was spent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from trainer.cards.model import Language
from trainer.decks.choice_attributes import Moved, consequences_of
from trainer.decks.model import ChoiceLink, Deck, Scenario, Step
from trainer.decks.rulebooks import rulebook_of
from trainer.decks.shop_line import parse_shop
from trainer.foundation.chance import Chance
from trainer.penalties.account import Account as Record
from trainer.penalties.account import Entry, Incident, Reason, Restriction, account_with
from trainer.penalties.charges import Bill
from trainer.penalties.engine import Penalty, TrackStanding
from trainer.penalties.readings import Reading, read_counts
from trainer.penalties.rulebook import Fine, Rulebook, Threshold, Violation
from trainer.services.content_library import Library

MOST_SOON = 12
"""So many cards of broken rules join the queue: more would bury what waits there."""


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case in the list to choose from."""

    scenario_id: str
    deck_id: str
    title: str
    subject_kind: str
    subject: str
    steps: int


@dataclass(frozen=True, slots=True)
class Fall:
    """What one decision did to the account."""

    violation: Violation | Fine
    points: Fraction  # 0 where the table has no points
    crossed: tuple[Threshold, ...] = ()
    before: Fraction = Fraction(0)  # on the track, and after it
    after: Fraction = Fraction(0)
    reason: Reason = ""  # why other points were counted than the table names
    bill: Bill | None = None
    begun: tuple[Restriction, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """The account beside the story, on a day of it.

    `money` is None where the case does not speak of money. `metrics` are parts and wholes by
    metric id.
    """

    record: Record
    day: date
    began: date
    money: Fraction | None = None
    currency: str = ""
    metrics: tuple[Moved, ...] = ()

    @property
    def penalties(self) -> tuple[Penalty, ...]:
        return self.record.penalties()

    @property
    def fines(self) -> tuple[Fine, ...]:
        rows = (entry.row for entry in self.record.entries)
        return tuple(row for row in rows if isinstance(row, Fine))

    @property
    def fined(self) -> tuple[Entry, ...]:
        """The fines with what each came to; those that cost points stand on a record."""
        entries = self.record.entries
        return tuple(one for one in entries if isinstance(one.row, Fine) and not one.points)

    @property
    def in_force(self) -> tuple[Restriction, ...]:
        return self.record.in_force(self.day)

    def standing(self, book: Rulebook) -> Sequence[TrackStanding]:
        """The records on which something stands, as the rulebook orders them."""
        opening = self.record.opening
        touched = {e.row.track_id for e in self.record.entries if e.points or e in opening}
        standings = self.record.standings(self.day)
        return [standings[track_id] for track_id in book.tracks if track_id in touched]

    def readings(self, book: Rulebook) -> Sequence[Reading]:
        """What the metrics of the story read now."""
        return [
            read_counts(book.metrics[name], part, whole)
            for name, part, whole in self.metrics
            if name in book.metrics
        ]


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision on the road."""

    step: Step
    choice: ChoiceLink
    falls: tuple[Fall, ...]
    account: Account  # after it


@dataclass(frozen=True, slots=True)
class Debrief:
    """What is said at the end."""

    road: Sequence[Taken]
    right: int
    wrong: int
    broken_rules: tuple[str, ...]  # rule ids, in the order they were broken
    cards: tuple[str, ...]  # cards of the broken rules, or of the case's chapter's rules
    soon: tuple[str, ...] = ()  # of these, the ones that join the queue: of broken rules only
    met_rules: tuple[str, ...] = ()  # what the account met: thresholds that were reached, too


@dataclass(frozen=True, slots=True)
class Position:
    step: Step
    account: Account
    road: tuple[Taken, ...] = field(default=())


def cases_in(library: Library, language: Language) -> Sequence[CaseEntry]:
    """Every case of the library that can be played in `language`, in the library's order."""
    found = []
    for entry in library.decks(language):
        deck = library.deck(entry.deck_id, language)
        if deck is None:
            continue
        found += [
            CaseEntry(
                case.scenario_id,
                deck.deck_id,
                case.title,
                deck.subject_kind,
                deck.subject,
                len(case.steps),
            )
            for case in deck.scenarios
        ]
    return found


def open_case(
    library: Library, scenario_id: str, language: Language, today: date, seed: int = 0
) -> "CaseSession | None":
    """The case, at its first step; None when the library no longer has it."""
    deck_id = scenario_id.partition("#")[0]
    deck = library.deck(deck_id, language)
    if deck is None:
        return None
    case = next((one for one in deck.scenarios if one.scenario_id == scenario_id), None)
    if case is None or not case.steps:
        return None
    platform = parse_shop(case.shop).platform if case.shop else deck.subject
    decks = _decks_of(library, platform, language) or [deck]
    return CaseSession(case, deck, rulebook_of(platform, decks), decks, today, seed)


class CaseSession:
    """One case being played. Every decision can be taken back, one after the other."""

    def __init__(
        self,
        case: Scenario,
        deck: Deck,
        book: Rulebook,
        decks: Sequence[Deck],
        today: date,
        seed: int,
    ) -> None:
        self.case = case
        self.book = book
        self._deck = deck
        self._decks = decks
        self._seed = seed
        self._today = today
        self._steps: Mapping[str, Step] = {step.step_id: step for step in case.steps}
        self._position = Position(case.steps[0], _begun(case, book, today))

    @property
    def step(self) -> Step:
        return self._position.step

    @property
    def account(self) -> Account:
        return self._position.account

    @property
    def road(self) -> Sequence[Taken]:
        return self._position.road

    @property
    def ended(self) -> bool:
        return not self.step.choices

    @property
    def can_go_back(self) -> bool:
        return bool(self.road)

    @property
    def takes_days(self) -> bool:
        """Whether days pass anywhere in this case."""
        choices = (choice for step in self.case.steps for choice in step.choices)
        return any("days" in choice.attributes for choice in choices)

    @property
    def choices(self) -> Sequence[ChoiceLink]:
        """The decisions of this step, in an order the seed fixes."""
        key = f"{self.case.scenario_id}/{self.step.step_id}/{self._seed}"
        return Chance(key).shuffled(self.step.choices)

    def choose(self, choice: ChoiceLink) -> Taken:
        """Take a decision of the present step and go where it leads.

        Raises ValueError when it is not one of this step's, KeyError when its step is missing
        (the linter keeps such a case out of the library).
        """
        if choice not in self.step.choices:
            raise ValueError(choice.text)
        falls, account = self._suffered(choice)
        taken = Taken(self.step, choice, falls, account)
        self._position = Position(self._steps[choice.target], account, (*self.road, taken))
        return taken

    def go_back(self) -> None:
        """Stand before the last decision again, with the account as it was."""
        if not self.road:
            return
        *before, last = self.road
        account = before[-1].account if before else _begun(self.case, self.book, self._today)
        self._position = Position(last.step, account, tuple(before))

    def start_again(self) -> None:
        while self.can_go_back:
            self.go_back()

    def debrief(self) -> Debrief:
        """What the road so far has taught."""
        falls = [fall for taken in self.road for fall in taken.falls]
        rules = tuple(dict.fromkeys(fall.violation.rule_id for fall in falls))
        reached = (step.rule_id for fall in falls for step in fall.crossed)
        met = tuple(dict.fromkeys((*rules, *reached)))
        right = sum(taken.choice.right for taken in self.road)
        wrong = len(self.road) - right
        cards = self._cards(rules) if wrong else ()
        soon = self._cards_of(rules)[:MOST_SOON] if wrong else ()
        return Debrief(self.road, right, wrong, rules, cards, soon, met)

    def road_key(self) -> str:
        """The road so far as text, to be gone again by `go_along`: step, place and target."""
        return " ".join(
            f"{taken.step.step_id}:{taken.step.choices.index(taken.choice)}:{taken.choice.target}"
            for taken in self.road
        )

    def go_along(self, key: str) -> bool:
        """Go a road again from the beginning, as far as the case still has it; whether it has it
        whole. The case may have been changed, or be in another language."""
        self.start_again()
        for piece in key.split():
            step_id, place, target = (*piece.split(":"), "", "")[:3]
            choices = self.step.choices
            if step_id != self.step.step_id or not place.isdigit() or int(place) >= len(choices):
                return False
            if choices[int(place)].target != target:
                return False
            self.choose(choices[int(place)])
        return True

    def _cards(self, broken: Sequence[str]) -> tuple[str, ...]:
        """Cards of the broken rules; a wrong turn that broke none leads to the chapter's."""
        return self._cards_of(broken) or tuple(card.card_id for card in self._deck.cards)

    def _cards_of(self, broken: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            card.card_id for deck in self._decks for card in deck.cards if card.rule_id in broken
        )

    def _suffered(self, choice: ChoiceLink) -> tuple[tuple[Fall, ...], Account]:
        """Days pass, then what was broken is found, then money and metrics move."""
        said = consequences_of(choice.attributes)
        day = self.account.day + timedelta(days=said.days)
        record, money = self.account.record, self.account.money
        falls: list[Fall] = []
        for name in said.violations:
            if not self.book.knows(name):
                continue
            incident = Incident(day, name, said.points, said.value, said.count)
            outcome = record.what_if(incident)
            falls += (_fall(entry, record, outcome.account, day) for entry in outcome.entries)
            falls[-1] = replace(falls[-1], begun=outcome.restrictions)
            record = outcome.account
        if money is not None:
            bills = [fall.bill for fall in falls if fall.bill is not None]
            currency = self.account.currency
            due = (one.low for one in bills if one.currency in {"", currency})
            money += said.money - sum(due, Fraction(0))
        metrics = _moved(self.account.metrics, said.metrics)
        account = replace(self.account, record=record, day=day, money=money, metrics=metrics)
        return tuple(falls), account


def _fall(entry: Entry, before: Record, after: Record, day: date) -> Fall:
    """The least the table names where the case does not say more."""
    track = after.book.tracks.get(entry.row.track_id)
    if track is None:
        return Fall(entry.row, entry.points, reason=entry.reason, bill=entry.bill)
    was, now = before.points(track.track_id, day), after.points(track.track_id, day)
    crossed = track.crossed(was, now)
    return Fall(entry.row, entry.points, crossed, was, now, entry.reason, entry.bill)


def _moved(metrics: Sequence[Moved], more: Sequence[Moved]) -> tuple[Moved, ...]:
    counts = {name: (part, whole) for name, part, whole in metrics}
    for name, part, whole in more:
        was_part, was_whole = counts.get(name, (0, 0))
        counts[name] = was_part + part, was_whole + whole
    return tuple((name, *both) for name, both in counts.items())


def _begun(case: Scenario, book: Rulebook, today: date) -> Account:
    shop = parse_shop(case.shop)
    day = shop.day or today
    standing = {track_id: Fraction(points) for track_id, points in shop.standing}
    return Account(
        account_with(book, standing, day),
        day,
        day,
        None if shop.money is None else Fraction(shop.money),
        shop.currency,
        shop.metrics,
    )


def _decks_of(library: Library, platform: str, language: Language) -> list[Deck]:
    """The decks of a platform; of the other language where a chapter is not translated."""
    other: Language = "zh" if language == "en" else "en"
    found: dict[str, Deck] = {}
    for tried in (language, other):
        for entry in library.decks(tried):
            if entry.subject == platform and entry.deck_id not in found:
                deck = library.deck(entry.deck_id, tried)
                if deck is not None:
                    found[entry.deck_id] = deck
    return list(found.values())
