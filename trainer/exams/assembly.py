"""Forms drawn from a pool: which questions, in which order, the same for the same seed for ever.

All draws come from `foundation.chance`, whose bits do not depend on the Python version, so any
paper can be rebuilt years later from its seed, the plan and the pool.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from trainer.exams.blueprint import Blueprint, Cell, PoolCard, fits, usable
from trainer.exams.keys import ExamError
from trainer.foundation.chance import Chance


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question in a form: the card, its points, and the number of its section."""

    card_id: str
    points: str
    section: int


@dataclass(frozen=True, slots=True)
class Form:
    form_id: str
    drawn: tuple[Drawn, ...]


def form_names(plan: Blueprint, candidates: Sequence[str]) -> dict[str, str]:
    """Which form each candidate gets: their own, or A, B, C … in turn down the list."""
    if plan.forms == "each":
        return {number: number for number in candidates}
    names = [_letters(place) for place in range(max(1, plan.named))]
    return {number: names[place % len(names)] for place, number in enumerate(candidates)}


def draw_forms(
    plan: Blueprint, pool: Collection[PoolCard], names: Collection[str], seed: str
) -> Mapping[str, Form]:
    """A form for every name. Raises ExamError exam.shortage (blanks number, missing)."""
    cards = sorted(usable(pool, plan), key=lambda card: card.card_id)
    return {name: _draw(plan, cards, name, seed) for name in sorted(set(names))}


def _draw(plan: Blueprint, cards: Sequence[PoolCard], name: str, seed: str) -> Form:
    chance = Chance(f"{seed}/form/{name}")
    places = [
        (number, cell) for number, section in enumerate(plan.sections) for cell in section.cells
    ]
    taken: list[list[PoolCard]] = [[] for _ in places]
    used: set[str] = set()
    by_id = {card.card_id: card for card in cards}
    for card_id in plan.always:
        card = by_id.get(card_id)
        at = next(
            (
                at
                for at, (_, cell) in enumerate(places)
                if card is not None and fits(card, cell) and len(taken[at]) < cell.count
            ),
            None,
        )
        if card is None or at is None or card.note_id in used:
            raise ExamError("exam.always-unfit", card=card_id)
        taken[at].append(card)
        used.add(card.note_id)
    # The cells with the fewest cards draw first, so that a wide cell does not empty a narrow one.
    order = sorted(
        range(len(places)), key=lambda at: (sum(fits(card, places[at][1]) for card in cards), at)
    )
    for at in order:
        cell = places[at][1]
        for card in chance.shuffled([card for card in cards if fits(card, cell)]):
            if len(taken[at]) == cell.count:
                break
            if card.note_id not in used:
                taken[at].append(card)
                used.add(card.note_id)
        if len(taken[at]) < cell.count and not _borrow(at, places, taken, used, cards):
            missing = cell.count - len(taken[at])
            raise ExamError("exam.shortage", number=at + 1, missing=missing)
    drawn = [
        [Drawn(card.card_id, cell.points, section) for card in taken[at]]
        for at, (section, cell) in enumerate(places)
    ]
    questions = []
    for number in range(len(plan.sections)):
        own = [one for cell in drawn for one in cell if one.section == number]
        questions += chance.shuffled(own) if plan.shuffle_questions else own
    return Form(name, tuple(questions))


def _borrow(
    at: int,
    places: Sequence[tuple[int, Cell]],
    taken: list[list[PoolCard]],
    used: set[str],
    cards: Sequence[PoolCard],
) -> bool:
    """Fill a cell that is short by letting others change a card it needs for one it cannot use.

    True when the cell is full. Cards fixed by the plan may move to another cell they fit.
    """
    cell = places[at][1]
    while len(taken[at]) < cell.count:
        if not _move(at, places, taken, used, cards, {at}):
            return False
    return True


def _move(
    at: int,
    places: Sequence[tuple[int, Cell]],
    taken: list[list[PoolCard]],
    used: set[str],
    cards: Sequence[PoolCard],
    asked: set[int],
) -> bool:
    """Give cell `at` one card more: a free one, or another cell's that finds a card instead."""
    cell = places[at][1]
    free = next(
        (card for card in cards if card.note_id not in used and fits(card, cell)),
        None,
    )
    if free is not None:
        taken[at].append(free)
        used.add(free.note_id)
        return True
    for other in range(len(places)):
        if other in asked:
            continue
        wanted = next((card for card in taken[other] if fits(card, cell)), None)
        if wanted is not None and _move(other, places, taken, used, cards, asked | {other}):
            taken[other].remove(wanted)
            taken[at].append(wanted)
            return True
    return False


def _letters(place: int) -> str:
    """A, B … Z, AA, AB …"""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
