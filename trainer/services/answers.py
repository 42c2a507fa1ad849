"""What an answer was when it was given, so that a change can be told and judged later."""

from typing import assert_never

import msgspec

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


class KeptAnswer(msgspec.Struct, frozen=True):
    """What stands in the table `answer_text`: for people, and for `decks.identity.judge_change`."""

    markdown: str
    key: str = ""

    def to_text(self) -> str:
        return msgspec.json.encode(self).decode("utf-8")


def kept_answer(text: str) -> KeptAnswer:
    """The reverse of `to_text`; anything else is taken for the Markdown itself."""
    try:
        return msgspec.json.decode(text, type=KeptAnswer)
    except msgspec.MsgspecError:
        return KeptAnswer(text)


def answer_markdown(card: Card) -> str:
    """The right answer of `card` as Markdown; for a cloze its text with the hidden part strong."""
    match card.body:
        case Recall(answer=answer):
            return answer
        case Term(hidden=hidden):
            return hidden
        case Cloze() as body:
            return _revealed(body)
        case Choice(options=options):
            right = [option.text for option in options if option.right]
            return right[0] if len(right) == 1 else "\n".join(f"- {text}" for text in right)
        case TrueFalse(truth=truth):
            return _truth(truth, card.language)
        case Number(value=value, unit=unit, tolerance=tolerance):
            number = _with_unit(value, unit)
            return number if tolerance == "0" else f"{number} (± {tolerance})"
        case Typed(accepted=accepted):
            return " / ".join(accepted)
        case Ordering(steps=steps):
            return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))
        case Matching(pairs=pairs):
            return "\n".join(f"- {left} — {right}" for left, right in pairs)
        case Parametric(answer=formula, unit=unit):
            return _with_unit(f"`{formula}`", unit)
        case Day(value=value):
            return value
        case Family() as family:
            return family_facts(family)
        case _:
            assert_never(card.body)


def _revealed(body: Cloze) -> str:
    part = next(part for part in body.parts if part.key == body.hidden)
    hidden = body.text[part.start : part.end]
    return f"{body.text[: part.start]}**{hidden}**{body.text[part.end :]}"


def _truth(truth: bool, language: str) -> str:
    # Part of the deck's own language, like the text around it, and not of the interface's.
    if language == "zh":
        return "对" if truth else "错"
    return "True" if truth else "False"


def _with_unit(number: str, unit: str) -> str:
    if not unit:
        return number
    return f"{number}{'' if unit == '°' else ' '}{unit}"
