"""Playing a branching case: decisions, what they cost the account, and what they taught.

The account beside the story is computed from the platform's own tables; nothing is typed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from trainer.cards.model import Language
from trainer.decks.model import ChoiceLink, Deck, Scenario, Step
from trainer.decks.rulebooks import rulebook_of
from trainer.decks.shop_line import parse_shop
from trainer.foundation.chance import Chance
from trainer.penalties.engine import Penalty, TrackStanding, standing_of
from trainer.penalties.rulebook import Fine, Rulebook, Threshold, Violation
from trainer.services.content_library import Library


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


@dataclass(frozen=True, slots=True)
class Account:
    """The account beside the story. `day` stands still: a case is one stretch of days."""

    day: date
    penalties: tuple[Penalty, ...] = ()
    fines: tuple[Fine, ...] = ()

    def standing(self, book: Rulebook) -> Sequence[TrackStanding]:
        """The records on which something stands, as the rulebook orders them."""
        touched = {penalty.track_id for penalty in self.penalties}
        return [
            standing_of(track, self.penalties, self.day)
            for track_id, track in book.tracks.items()
            if track_id in touched
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
        account = before[-1].account if before else _begun(self.case, self.book, self.account.day)
        self._position = Position(last.step, account, tuple(before))

    def start_again(self) -> None:
        while self.can_go_back:
            self.go_back()

    def debrief(self) -> Debrief:
        """What the road so far has taught."""
        broken = [fall.violation.rule_id for taken in self.road for fall in taken.falls]
        rules = tuple(dict.fromkeys(broken))
        right = sum(taken.choice.right for taken in self.road)
        wrong = len(self.road) - right
        return Debrief(self.road, right, wrong, rules, self._cards(rules) if wrong else ())

    def _cards(self, broken: Sequence[str]) -> tuple[str, ...]:
        """Cards of the broken rules; a wrong turn that broke none leads to the chapter's."""
        found = tuple(
            card.card_id for deck in self._decks for card in deck.cards if card.rule_id in broken
        )
        return found or tuple(card.card_id for card in self._deck.cards)

    def _suffered(self, choice: ChoiceLink) -> tuple[tuple[Fall, ...], Account]:
        account, falls = self.account, []
        for name in choice.attributes.get("violation", "").replace(",", " ").split():
            if violation := self.book.violations.get(name):
                fall, account = _with_points(violation, account, self.book)
                falls.append(fall)
            elif fine := self.book.fines.get(name):
                falls.append(Fall(fine, Fraction(0)))
                account = replace(account, fines=(*account.fines, fine))
        return tuple(falls), account


def _with_points(violation: Violation, account: Account, book: Rulebook) -> tuple[Fall, Account]:
    """The least the table names: a case that means more says so in its words."""
    given = Penalty(account.day, violation.track_id, violation.low, violation.violation_id)
    after = replace(account, penalties=(*account.penalties, given))
    track = book.tracks.get(violation.track_id)
    if track is None:
        return Fall(violation, violation.low), after
    was = standing_of(track, account.penalties, account.day).points
    now = was + violation.low
    crossed = tuple(t for t in track.thresholds if was < t.at <= now)
    return Fall(violation, violation.low, crossed), after


def _begun(case: Scenario, book: Rulebook, today: date) -> Account:
    shop = parse_shop(case.shop)
    penalties = tuple(
        Penalty(today, track_id, Fraction(points))
        for track_id, points in shop.standing
        if track_id in book.tracks
    )
    return Account(today, penalties)


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
