"""One showing of a card: the order its options stand in and the numbers it asks with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import msgspec

from trainer.cards.model import Card, Choice, Family, Matching, Ordering, Parametric
from trainer.cards.parametric import as_decimal, draw, fill
from trainer.foundation.chance import Chance


@dataclass(frozen=True, slots=True)
class Showing:
    """What a learner sees. The same card and seed always give the same showing, in any language.

    `order` has, for the place on the screen, the index in the deck: of options, of steps to be
    ordered, or of the right-hand entries to be matched. Empty for other kinds. A family is shown as
    the ordinary question it was drawn into: `card` has that body.
    """

    card: Card
    question: str
    explanation: str
    order: tuple[int, ...] = ()
    values: Mapping[str, Fraction] = field(default_factory=dict)
    answer: Fraction | None = None  # of a parametric card; of a day its number, `date.toordinal`
    wrong: tuple[tuple[Fraction, str], ...] = ()  # results of its misconceptions, with reasons


def show(card: Card, seed: int) -> Showing:
    """The showing of `card` that `seed` stands for.

    Raises FormulaError for a parametric card that the parser would have refused, and
    families.UndrawableError for a family that `decks.families` would not have made.
    """
    key = f"{card.note_id}/{seed}"
    match card.body:
        case Choice(options=options):
            moving = [index for index, option in enumerate(options) if not option.last]
            staying = [index for index, option in enumerate(options) if option.last]
            order = (*Chance(key).shuffled(moving), *staying)
            return Showing(card, card.question, card.explanation, order)
        case Ordering(steps=steps):
            return Showing(card, card.question, card.explanation, _unsorted(len(steps), key))
        case Matching(pairs=pairs):
            return Showing(card, card.question, card.explanation, _unsorted(len(pairs), key))
        case Parametric() as body:
            drawn = draw(body, key)
            decimals = 6 if body.decimals is None else body.decimals
            shown = {**drawn.values, "answer": drawn.answer}
            return Showing(
                card,
                fill(card.question, drawn.values),
                fill(card.explanation, shown).replace(
                    "{answer}", as_decimal(drawn.answer, decimals)
                ),
                values=drawn.values,
                answer=drawn.answer,
                wrong=drawn.wrong,
            )
        case Family() as family:
            return _drawn(card, family, seed)
        case _:
            return Showing(card, card.question, card.explanation)


def _drawn(card: Card, family: Family, seed: int) -> Showing:
    # Its words and the engine are loaded with the first family that is asked.
    from trainer.cards.families import draw_family

    drawn = draw_family(family, card.language, f"{card.card_id}/{seed}")
    shown = msgspec.structs.replace(
        card, question=drawn.question, explanation=drawn.explanation, body=drawn.body
    )
    order = tuple(range(len(drawn.body.options))) if isinstance(drawn.body, Choice) else ()
    return Showing(
        shown,
        drawn.question,
        drawn.explanation,
        order,
        answer=drawn.answer,
        wrong=drawn.wrong,
    )


def _unsorted(count: int, key: str) -> tuple[int, ...]:
    """A shuffle that is never the right order already (when there are two or more)."""
    in_order = list(range(count))
    chance = Chance(key)
    order = chance.shuffled(in_order)
    while order == in_order and count > 1:
        order = chance.shuffled(in_order)
    return tuple(order)
