"""The words of a card: all of them, or its answer alone, as one Markdown text."""

from typing import assert_never

from trainer.cards.family_facts import family_facts
from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Day,
    Family,
    Matching,
    Number,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)


def card_text(card: Card) -> str:
    """Everything a card says: question, answer, options with their reasons, explanation."""
    return "\n".join(part for part in (card.question, body_text(card), card.explanation) if part)


def card_pieces(card: Card) -> tuple[str, ...]:
    """What stands for the same in a card and its translation: all its words, and then each
    option, step or pair by itself. Reasons and explanations may part what they say otherwise."""
    match card.body:
        case Choice(options=options):
            parts = tuple(option.text for option in options)
        case Ordering(steps=steps):
            parts = steps
        case Matching(pairs=pairs):
            parts = tuple(f"{left}\n{right}" for left, right in pairs)
        case _:
            parts = ()
    return card_text(card), *parts


def body_text(card: Card) -> str:
    match card.body:
        case Recall(answer=answer):
            return answer
        case Term(shown=shown, hidden=hidden):
            return f"{shown}\n{hidden}"
        case Cloze(text=text):
            return text
        case Choice(options=options):
            return "\n".join(f"{option.text}\n{option.reason}".strip() for option in options)
        case Number() as body:
            return f"{body.value} {body.unit}".strip()
        case Typed(accepted=accepted):
            return "\n".join(accepted)
        case Ordering(steps=steps):
            return "\n".join(steps)
        case Matching() as body:
            pairs = (f"{left}\n{right}" for left, right in body.pairs)
            return "\n".join((body.left, body.right, *pairs))
        case Parametric() as body:
            return "\n".join(wrong.reason for wrong in body.wrong)
        case Family() as body:
            return family_facts(body)
        case TrueFalse() | Day():
            return ""
        case body:
            assert_never(body)
