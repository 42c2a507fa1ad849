"""Numbers of points as people say them."""

from fractions import Fraction

from trainer.foundation.messages import Messages


def amount(messages: Messages, points: Fraction, unit: str) -> str:
    """ "6 points", "1 strike"; a unit that we do not know is shown as the deck has it."""
    number = figure(points)
    code = f"cases.amount.{unit or 'points'}"
    if not messages.knows(code):
        return f"{number} {unit}"
    # Plurals are for whole numbers; what is none is many.
    return messages.count(code, 1 if points == 1 else 2, amount=number)


def figure(points: Fraction) -> str:
    """ "6", "0.5"."""
    return str(points.numerator) if points.denominator == 1 else f"{round(float(points), 2):g}"
