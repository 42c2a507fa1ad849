"""How the preview behaves: the card, rule or case the cursor is on, as a student meets it."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from trainer.cards.grading import grade
from trainer.cards.model import Card, kind_of
from trainer.cards.response import Response
from trainer.cards.showing import show
from trainer.decks.model import Deck, Rule, Scenario
from trainer.presenters.answer_sheet import AnswerSheet, answer_sheet
from trainer.presenters.study import Asked, subject_of
from trainer.services.live_check import Under
from trainer.services.study import Question


class Shown(Struct, frozen=True):
    """Which of the cards of a block is shown."""

    place: int  # from 1
    of: int
    other_language: bool  # whether it can be flipped


class PreviewView(Protocol):
    def ask(self, asked: Asked, shown: Shown) -> None: ...

    def show_answer(self, asked: Asked, sheet: AnswerSheet) -> None: ...

    def show_rule(self, rule: Rule) -> None: ...

    def show_case(self, scenario: Scenario, step: int) -> None: ...

    def show_broken(self) -> None:
        """The cursor is on a card that has an error."""

    def show_nothing(self) -> None:
        """The cursor is on nothing that students see."""


class PreviewPresenter:
    """What is entered stays while the same card is shown; nothing is written down."""

    def __init__(self, view: PreviewView) -> None:
        self._view = view
        self._under = Under()
        self._other: Deck | None = None
        self._place = 0
        self._seed = 1
        self._flipped = False
        self.asked: Asked | None = None
        self.answered = False

    def show(self, under: Under, other: Deck | None) -> None:
        """The cursor is on `under`; `other` is the deck in the other language."""
        same_block = self._ids(under) == self._ids(self._under)
        if under == self._under and other is self._other:
            return
        before = self._card()
        self._under, self._other = under, other
        if not same_block:
            self._place, self._flipped, self._seed = 0, False, 1
        self._place = min(self._place, max(len(under.cards) - 1, 0))
        if same_block and under.cards and self._card() == before and self.asked is not None:
            return
        self._show()

    def next_card(self) -> None:
        """The next card of the same block: another hidden part, the other way of a term."""
        if self._under.cards:
            self._place = (self._place + 1) % len(self._under.cards)
            self._show()

    def again(self) -> None:
        """The same card with other numbers, in another order."""
        self._seed += 1
        self._show()

    def flip(self) -> None:
        if self._translated(self._under.cards[self._place : self._place + 1]):
            self._flipped = not self._flipped
            self._show()

    def check(self, response: Response) -> None:
        asked = self.asked
        if asked is None or self.answered:
            return
        self.answered = True
        graded = grade(asked.showing, response)
        sheet = answer_sheet(asked.showing, response, graded, asked.question.rule)
        self._view.show_answer(asked, sheet)

    def _show(self) -> None:
        under = self._under
        self.asked, self.answered = None, False
        card = self._card()
        if card is not None:
            self.asked = Asked(
                Question(
                    card=card,
                    rule=self._rule(card),
                    seed=self._seed,
                    is_new=False,
                    change=None,
                    flagged=False,
                    asks_teacher=False,
                ),
                show(card, self._seed),
                kind_of(card.body),
                card.language,
                subject_of(card.card_id),
            )
            flips = bool(self._translated([card])) or self._flipped
            shown = Shown(self._place + 1, len(under.cards), flips)
            self._view.ask(self.asked, shown)
        elif under.broken:
            self._view.show_broken()
        elif under.scenario is not None:
            self._view.show_case(under.scenario, under.step)
        elif under.rule is not None:
            self._view.show_rule(under.rule)
        else:
            self._view.show_nothing()

    def _card(self) -> Card | None:
        if not self._under.cards:
            return None
        card = self._under.cards[min(self._place, len(self._under.cards) - 1)]
        if self._flipped:
            there = self._translated([card])
            return there[0] if there else card
        return card

    def _translated(self, cards: Sequence[Card]) -> Sequence[Card]:
        if self._other is None or not cards:
            return ()
        wanted = cards[0].card_id
        return [one for one in self._other.cards if one.card_id == wanted]

    def _rule(self, card: Card) -> Rule | None:
        if self._flipped and self._other is not None and card.language == self._other.language:
            rules: Sequence[Rule] = self._other.rules
            return next((one for one in rules if one.rule_id == card.rule_id), None)
        return self._under.rule

    def _ids(self, under: Under) -> tuple[str, ...]:
        if under.cards:
            return tuple(one.note_id for one in under.cards[:1])
        if under.scenario is not None:
            return (under.scenario.scenario_id, str(under.step))
        return (under.rule.rule_id,) if under.rule is not None else (under.broken,)
