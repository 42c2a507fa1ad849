"""What the braces of a decision in a case may say: what it breaks, costs, and how long it takes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from trainer.decks.table_attributes import Meaning, as_number, as_whole

_MONEY = re.compile(r"[-+−]?[0-9]{1,9}(?:\.[0-9]{1,2})?")
_METRIC = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*) ([0-9]{1,7})/([0-9]{1,7})")

Moved = tuple[str, int, int]  # metric id, and by how much its part and whole grow


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a decision does, as the deck says it. The tables say what the violations cost."""

    violations: tuple[str, ...] = ()
    points: Fraction | None = None  # where a table leaves a range
    value: Fraction | None = None
    count: int = 1
    days: int = 0  # that pass before what follows
    money: Fraction = Fraction(0)
    metrics: tuple[Moved, ...] = ()


def as_money(text: str) -> Fraction | None:
    """ "-120", "40.50": spent or earned."""
    return Fraction(text.replace("−", "-")) if _MONEY.fullmatch(text) else None


def as_moved(text: str) -> tuple[Moved, ...] | None:
    """ "odr 2/40, lsr-10 3/40": 40 more orders, 2 of them defective."""
    moved = []
    for piece in re.split("[,，;；]", text):
        found = _METRIC.fullmatch(piece.strip())
        if found is None:
            return None
        moved.append((found[1], int(found[2]), int(found[3])))
    return tuple(moved)


def names_in(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


CHOICE: Mapping[str, Meaning] = {
    "violation": Meaning(lambda text: names_in(text) or None, "late-parcel"),
    "points": Meaning(as_number, "12"),
    "value": Meaning(as_number, "12"),
    "count": Meaning(as_whole, "30"),
    "days": Meaning(as_whole, "3"),
    "money": Meaning(as_money, "-120"),
    "metric": Meaning(as_moved, "odr 2/40"),
}


def consequences_of(attributes: Mapping[str, str]) -> Consequences:
    """What the attributes of a decision say; a value that makes no sense counts as none."""
    return Consequences(
        names_in(attributes.get("violation", "")),
        as_number(attributes.get("points", "")),
        as_number(attributes.get("value", "")),
        as_whole(attributes.get("count", "")) or 1,
        as_whole(attributes.get("days", "")) or 0,
        as_money(attributes.get("money", "")) or Fraction(0),
        as_moved(attributes.get("metric", "")) or (),
    )
