"""What somebody who knows the decks would answer: worked out from the cards, not by marking."""

from fractions import Fraction
from typing import Any

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Matching,
    Number,
    Ordering,
    Parametric,
    TrueFalse,
    Typed,
)
from trainer.cards.parametric import as_decimal
from trainer.cards.showing import show
from trainer.decks.model import Step
from trainer.exams.marking import KeyedCase, KeyedItem


def right_answer(item: KeyedItem) -> dict[str, Any]:
    """What somebody who knows the deck would give, by the order of the paper."""
    if isinstance(item.keyed, KeyedCase):
        return {"road": right_road(item.keyed)}
    card = english(item)
    on_paper = {deck: paper for paper, deck in enumerate(item.keyed.order)}
    match card.body:
        case Choice(options=options):
            chosen = sorted(on_paper[at] for at, one in enumerate(options) if one.right)
            return {"response": {"type": "chosen", "options": chosen}}
        case TrueFalse(truth=truth):
            return {"response": {"type": "judged", "truth": truth}}
        case Ordering(steps=steps):
            order = [on_paper[at] for at in range(len(steps))]
            return {"response": {"type": "ordered", "steps": order}}
        case Matching(pairs=pairs):
            rights = [on_paper[at] for at in range(len(pairs))]
            return {"response": {"type": "matched", "rights": rights}}
        case Number(value=value, unit=unit):
            return typed(f"{value} {unit}")
        case Parametric():
            return typed(as_decimal(show(card, item.keyed.seed).answer or Fraction(0)))
        case Typed(accepted=accepted):
            return typed(accepted[0].upper())
        case Cloze(text=text, parts=parts, hidden=hidden):
            part = next(part for part in parts if part.key == hidden)
            return typed(text[part.start : part.end])
        case _:
            raise AssertionError(card.body)


def typed(text: str) -> dict[str, Any]:
    return {"response": {"type": "entered", "text": text}}


def english(item: KeyedItem) -> Card:
    assert not isinstance(item.keyed, KeyedCase)
    cards = (item.keyed.card, *item.keyed.others)
    return next(card for card in cards if card.language == "en")


def right_road(keyed: KeyedCase) -> list[int]:
    """The shortest road of right decisions, as the paper numbers them."""
    steps = {step.step_id: step for step in keyed.scenario.steps}
    waiting: list[tuple[Step, list[int]]] = [(keyed.scenario.steps[0], [])]
    while waiting:
        step, road = waiting.pop(0)
        if not step.choices:
            return road
        for place, at in enumerate(keyed.orders[step.step_id]):
            if step.choices[at].right:
                waiting.append((steps[step.choices[at].target], [*road, place]))
    raise AssertionError(keyed.scenario.scenario_id)
