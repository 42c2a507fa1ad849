"""What an answer is worth: the deck's own grading, the exam's points, and the teacher's decisions.

Nothing here is rounded: marks are exact fractions until they are shown. Marking again with other
decisions is the same computation, so old and new marks can stand side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import msgspec

from trainer.cards.grading import grade, same_text
from trainer.cards.model import Card, Choice, Ordering, Scoring, Value
from trainer.cards.response import Chosen, Entered, Matched, Ordered, Response, SelfGraded
from trainer.cards.showing import Showing, show
from trainer.decks.model import Scenario, Step
from trainer.exams.item_analysis import Outcome
from trainer.exams.model import Answered

OrderRule = Literal["pairs", "exact"]
VoidRule = Literal["drop", "credit"]


class KeyedCard(Value, frozen=True, tag="card"):
    """A card as it was when the paper was packed. `order` leads from paper order to the deck's.

    `others` are the card in the paper's other languages: what is typed may be in any of them.
    """

    card: Card
    seed: int = 0
    order: tuple[int, ...] = ()
    scoring: Scoring | None = None
    ordering: OrderRule = "pairs"
    others: tuple[Card, ...] = ()


class KeyedCase(Value, frozen=True, tag="case"):
    """A penalty case. `orders` lead, for each step, from paper order to the deck's."""

    scenario: Scenario
    orders: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    others: tuple[Scenario, ...] = ()  # in the paper's other languages


class KeyedItem(Value, frozen=True):
    """One question with what counts as its answer. `points` is a plain decimal."""

    item_id: str
    points: str
    keyed: KeyedCard | KeyedCase


class Void(Value, frozen=True, tag="void"):
    """The question does not count. `drop`: its points leave the total; `credit`: everybody who
    had it gets them."""

    item_id: str
    rule: VoidRule
    reason: str


class AlsoRight(Value, frozen=True, tag="also-right"):
    """One more answer that counts in full, in the paper's order as candidates gave it."""

    item_id: str
    response: Response
    reason: str


Decision = Void | AlsoRight


@dataclass(frozen=True, slots=True)
class Mark:
    """What one question brought. `share` of `points`; both 0 for a question that was dropped."""

    item_id: str
    share: Fraction
    points: Fraction
    outcome: Outcome
    chosen: tuple[int, ...] = ()  # options, as the deck numbers them
    decided: bool = False  # a decision of the teacher made it

    @property
    def score(self) -> Fraction:
        return self.share * self.points


@dataclass(frozen=True, slots=True)
class Attempted:
    """What a candidate left behind as of the deadline."""

    form: Sequence[str]  # item ids, in the order of the form
    answers: Mapping[str, Answered] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()


def mark_attempt(
    attempt: Attempted, key: Mapping[str, KeyedItem], decisions: Sequence[Decision] = ()
) -> list[Mark]:
    """The marks of one candidate, in the order of the form.

    A question without an answer is omitted when it, or a later one, was shown; after the last one
    shown they are not reached. Raises KeyError when the key has no such question.
    """
    met = [place for place, item_id in enumerate(attempt.form) if _met(attempt, item_id)]
    last = met[-1] if met else -1
    return [
        _mark(key[item_id], attempt.answers.get(item_id), place <= last, decisions)
        for place, item_id in enumerate(attempt.form)
    ]


def share_of(item: KeyedItem, answered: Answered) -> Fraction:
    """How right an answer is, 0 to 1; one that does not fit its question is wrong."""
    match item.keyed:
        case KeyedCard() as keyed:
            return _card_share(keyed, answered.response)
        case KeyedCase() as keyed:
            return _road_share(keyed, answered.road)


def chosen_options(item: KeyedItem, answered: Answered | None) -> tuple[int, ...]:
    """The options an answer chose, as the deck numbers them: what distractors are counted by."""
    if answered is None or answered.response is None or not isinstance(item.keyed, KeyedCard):
        return ()
    response = _in_deck_order(item.keyed, answered.response)
    return response.options if isinstance(response, Chosen) else ()


def total(marks: Sequence[Mark]) -> tuple[Fraction, Fraction]:
    """Points got, and points there were."""
    return (
        sum((mark.score for mark in marks), Fraction(0)),
        sum((mark.points for mark in marks), Fraction(0)),
    )


def _mark(
    item: KeyedItem, answered: Answered | None, reached: bool, decisions: Sequence[Decision]
) -> Mark:
    points = Fraction(item.points)
    given = answered is not None and (answered.response is not None or bool(answered.road))
    outcome: Outcome = "answered" if given else "omitted" if reached else "not-reached"
    chosen = chosen_options(item, answered)
    for decision in decisions:
        if decision.item_id != item.item_id:
            continue
        match decision:
            case Void(rule="drop"):
                return Mark(item.item_id, Fraction(0), Fraction(0), outcome, chosen, decided=True)
            case Void():
                return Mark(item.item_id, Fraction(1), points, outcome, chosen, decided=True)
            case AlsoRight(response=response):
                if answered is not None and _same(item, answered.response, response):
                    return Mark(item.item_id, Fraction(1), points, outcome, chosen, decided=True)
    if answered is None or not given:
        return Mark(item.item_id, Fraction(0), points, outcome)
    return Mark(item.item_id, share_of(item, answered), points, outcome, chosen)


def _met(attempt: Attempted, item_id: str) -> bool:
    return item_id in attempt.shown or item_id in attempt.answers


def _card_share(keyed: KeyedCard, response: Response | None) -> Fraction:
    if response is None or isinstance(response, SelfGraded):
        return Fraction(0)  # nobody marks their own exam
    if isinstance(response, Entered) and keyed.others:
        return max(
            _card_share(msgspec.structs.replace(keyed, card=card, others=()), response)
            for card in (keyed.card, *keyed.others)
        )
    showing = _showing(keyed)
    response = _in_deck_order(keyed, response)
    if isinstance(showing.card.body, Ordering) and keyed.ordering == "exact":
        steps = response.steps if isinstance(response, Ordered) else ()
        return Fraction(steps == tuple(range(len(showing.card.body.steps))))
    try:
        return grade(showing, response).share or Fraction(0)
    except TypeError:  # an answer to some other kind of question
        return Fraction(0)


def _showing(keyed: KeyedCard) -> Showing:
    card = keyed.card
    if keyed.scoring is not None and isinstance(card.body, Choice):
        body = msgspec.structs.replace(card.body, scoring=keyed.scoring)
        card = msgspec.structs.replace(card, body=body)
    return show(card, keyed.seed)


def _in_deck_order(keyed: KeyedCard, response: Response) -> Response:
    """The response with the deck's numbers in place of the paper's; numbers that are none of the
    paper's fall away, so that they can neither help nor harm."""
    order = keyed.order
    if not order:
        return response
    match response:
        case Chosen(options=options):
            return Chosen(tuple(sorted({order[i] for i in options if 0 <= i < len(order)})))
        case Ordered(steps=steps):
            return Ordered(tuple(order[i] for i in steps if 0 <= i < len(order)))
        case Matched(rights=rights):
            return Matched(tuple(order[i] if 0 <= i < len(order) else -1 for i in rights))
        case _:
            return response


def _same(item: KeyedItem, given: Response | None, wanted: Response) -> bool:
    if given is None or not isinstance(item.keyed, KeyedCard):
        return False
    if isinstance(given, Entered) and isinstance(wanted, Entered):
        return same_text(given.text, wanted.text)
    return _in_deck_order(item.keyed, given) == _in_deck_order(item.keyed, wanted)


def _road_share(keyed: KeyedCase, road: Sequence[int]) -> Fraction:
    """Right decisions over the decisions there were to take: those of the shortest road without a
    mistake, or of the road taken where that was longer."""
    steps = {step.step_id: step for step in keyed.scenario.steps}
    step: Step | None = keyed.scenario.steps[0]
    right = taken = 0
    for index in road:
        order = keyed.orders.get(step.step_id, ()) if step else ()
        place = order[index] if 0 <= index < len(order) else index
        if step is None or not 0 <= place < len(step.choices):
            break
        choice = step.choices[place]
        right += choice.right
        taken += 1
        step = steps.get(choice.target)
    length = max(taken, _shortest_right_road(steps, keyed.scenario.steps[0]))
    return Fraction(right, length) if length else Fraction(0)


def _shortest_right_road(steps: Mapping[str, Step], first: Step) -> int:
    """Decisions from `first` to an ending when each is right; 0 when there is no such road."""
    border, seen, length = [first], {first.step_id}, 0
    while border:
        if any(not step.choices for step in border):
            return length
        following = []
        for step in border:
            for choice in step.choices:
                after = steps.get(choice.target)
                if choice.right and after is not None and after.step_id not in seen:
                    seen.add(after.step_id)
                    following.append(after)
        border, length = following, length + 1
    return 0
