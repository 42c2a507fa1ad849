"""What a platform does to an account: freezes, limits, closure, and how long they last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from trainer.penalties.windows import EVER, Window, parse_window

MeasureKind = Literal[
    "warned",
    "removed",
    "deposit",
    "no-marketing",
    "no-listing",
    "no-logistics",
    "no-payout",
    "no-new-stores",
    "hidden",
    "restricted",
    "frozen",
    "at-risk",
    "closed",
]
KINDS: tuple[MeasureKind, ...] = get_args(MeasureKind)
"""From the mildest to the end of the account. Decks name them so."""

MOMENTARY: frozenset[MeasureKind] = frozenset({"warned", "removed"})
"""Done once, and over: nothing is in force afterwards."""


WHILE_REACHED = "while reached"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is done. `window` is EVER where it does not end, or nobody says when.

    `standing`: it lasts as long as the points that brought it stand, and no longer.
    """

    kind: MeasureKind
    window: Window = EVER
    standing: bool = False

    @property
    def lasting(self) -> bool:
        return self.kind not in MOMENTARY

    def until(self, since: date) -> date | None:
        """The first day on which it is over: frozen on 10 March for 7 days, free on 17 March.

        None when it has no end that is known.
        """
        return self.window.end_of(since)


def measures_in(attributes: Mapping[str, str]) -> tuple[Measure, ...]:
    """The measures among the attributes of a row, mildest first.

    `frozen="7 days"` lasts that long; `at-risk="while reached"` as long as the points stand;
    `.closed` (an attribute without a value) for ever, or for a time nobody names. A length that
    cannot be read counts as none: the linter has said so.
    """
    return tuple(
        Measure(kind, parse_window(attributes[kind]) or EVER, attributes[kind] == WHILE_REACHED)
        for kind in KINDS
        if kind in attributes
    )
