"""What the figures of an item analysis mean, as codes that become sentences.

The limits are those of the teaching books: Ebel and Frisbie, "Essentials of Educational
Measurement" (1991), for discrimination; Nunnally (1978) for reliability.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from trainer.exams.item_analysis import FIRM, ItemFigures, PaperFigures

Tone = Literal["good", "plain", "look", "mend"]

EASY, HARD = 0.9, 0.3
GOOD, WEAK = 0.3, 0.2
MANY = 0.1  # a share of candidates worth a word
ALPHA_GOOD, ALPHA_WEAK = 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence: its message code and blanks, and whether something is to be done."""

    code: str
    tone: Tone = "plain"
    blanks: Mapping[str, object] = field(default_factory=dict)


def read_item(figures: ItemFigures, right: Collection[int]) -> list[Reading]:
    """What to say about a question, the most urgent first. `right` are its right options.

    With few candidates the figures still stand, but only the caution is said: chance alone moves
    them that far.
    """
    if not figures.n:
        return [Reading("analysis.nobody")]
    found = [
        *_discrimination(figures),
        *_facility(figures, len(right)),
        *_distractors(figures, right),
        *_gaps(figures),
    ]
    if not figures.firm:
        urgent = [reading for reading in found if reading.tone == "mend"]
        return [Reading("analysis.few", blanks={"number": figures.n, "firm": FIRM}), *urgent]
    order: dict[Tone, int] = {"mend": 0, "look": 1, "plain": 2, "good": 3}
    return sorted(found, key=lambda reading: order[reading.tone])


def read_paper(figures: PaperFigures) -> list[Reading]:
    """What to say about the paper as a whole."""
    found = []
    if not figures.firm:
        found.append(Reading("analysis.few", blanks={"number": figures.n, "firm": FIRM}))
    if figures.alpha is None:
        code = "analysis.alpha-no-core" if len(figures.core) < 2 else "analysis.alpha-none"
        return [*found, Reading(code)]
    alpha = {"alpha": f"{figures.alpha:.2f}"}
    if figures.alpha < 0:
        return [*found, Reading("analysis.alpha-negative", "mend", alpha)]
    if figures.alpha >= ALPHA_GOOD:
        found.append(Reading("analysis.alpha-good", "good", alpha))
    elif figures.alpha >= ALPHA_WEAK:
        found.append(Reading("analysis.alpha-fair", "plain", alpha))
    else:
        found.append(Reading("analysis.alpha-weak", "look", alpha))
    if figures.sem is not None:
        found.append(Reading("analysis.sem", blanks={"points": f"{figures.sem:.1f}"}))
    return found


def _discrimination(figures: ItemFigures) -> list[Reading]:
    value = figures.discrimination
    if value is None:
        return [Reading("analysis.no-spread")]
    blanks = {"value": f"{value:.2f}"}
    if value < 0:
        return [Reading("analysis.negative", "mend", blanks)]
    if value < WEAK:
        return [Reading("analysis.weak", "look", blanks)]
    if value < GOOD:
        return [Reading("analysis.marginal", "plain", blanks)]
    return [Reading("analysis.good", "good", blanks)]


def _facility(figures: ItemFigures, right: int) -> list[Reading]:
    value = figures.facility
    if value is None:
        return []
    blanks = {"percent": f"{100 * value:.0f}"}
    if right == 1 and figures.options and value < 1 / len(figures.options):
        return [Reading("analysis.below-guessing", "mend", blanks)]
    if value > EASY:
        return [Reading("analysis.easy", "plain", blanks)]
    if value < HARD:
        return [Reading("analysis.hard", "look", blanks)]
    return []


def _distractors(figures: ItemFigures, right: Collection[int]) -> list[Reading]:
    found = []
    for count in figures.options:
        if count.option in right:
            continue
        option = {"option": chr(ord("A") + count.option)}
        if count.chosen == 0:
            found.append(Reading("analysis.idle", "look", option))
        elif count.upper > count.lower:
            found.append(Reading("analysis.draws-strong", "look", option))
    return found


def _gaps(figures: ItemFigures) -> list[Reading]:
    found = []
    everybody = figures.n + figures.not_reached
    if figures.not_reached > MANY * everybody:
        found.append(Reading("analysis.time", "look", {"number": figures.not_reached}))
    if figures.omitted > MANY * figures.n:
        found.append(Reading("analysis.omitted", "look", {"number": figures.omitted}))
    return found
