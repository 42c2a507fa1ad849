"""Forms drawn from a pool: which questions, in which order, the same for the same seed for ever.

All draws come from `foundation.chance`, whose bits do not depend on the Python version, so any
paper can be rebuilt years later from its seed, the plan and the pool.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from trainer.exams.blueprint import Blueprint, PoolCard, fits, usable
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
    """A form for every name. Raises ExamError: exam.shortage (blanks number, missing),
    exam.always-unfit (blank card)."""
    cards = sorted(usable(pool, plan), key=lambda card: card.card_id)
    return {name: _Drawing(plan, cards).form(name, seed) for name in sorted(set(names))}


class _Drawing:
    """One form while it is drawn: which cells hold which cards, and no two siblings."""

    def __init__(self, plan: Blueprint, cards: Sequence[PoolCard]) -> None:
        self._plan = plan
        self._places = [
            (number, cell) for number, section in enumerate(plan.sections) for cell in section.cells
        ]
        self._fitting = [[card for card in cards if fits(card, cell)] for _, cell in self._places]
        self._taken: list[list[PoolCard]] = [[] for _ in self._places]
        self._used: set[str] = set()
        self._cards = {card.card_id: card for card in cards}
        self._fixed = frozenset(plan.always)

    def form(self, name: str, seed: str) -> Form:
        chance = Chance(f"{seed}/form/{name}")
        self._take_fixed()
        # The cells with the fewest cards draw first: a wide cell does not empty a narrow one.
        for at in sorted(range(len(self._places)), key=lambda at: (len(self._fitting[at]), at)):
            self._fill(at, chance)
        drawn = [
            [Drawn(card.card_id, cell.points, section) for card in self._taken[at]]
            for at, (section, cell) in enumerate(self._places)
        ]
        questions = []
        for number in range(len(self._plan.sections)):
            own = [one for cell in drawn for one in cell if one.section == number]
            questions += chance.shuffled(own) if self._plan.shuffle_questions else own
        return Form(name, tuple(questions))

    def _take_fixed(self) -> None:
        for card_id in self._plan.always:
            card = self._cards.get(card_id)
            if card is None or card.note_id in self._used or not self._place(card):
                raise ExamError("exam.always-unfit", card=card_id)

    def _place(self, card: PoolCard) -> bool:
        """Put a card of the plan into a cell it fits, moving others of the plan if need be."""
        self._used.add(card.note_id)
        waiting: list[tuple[PoolCard, tuple[tuple[PoolCard, int], ...]]] = [(card, ())]
        seen = set()
        while waiting:
            moving, before = waiting.pop(0)
            for at, (_, cell) in enumerate(self._places):
                if at in seen or not cell.count or not fits(moving, cell):
                    continue
                seen.add(at)
                way = (*before, (moving, at))
                if len(self._taken[at]) < cell.count:
                    for one, _ in way[1:]:
                        next(cards for cards in self._taken if one in cards).remove(one)
                    for one, place in way:
                        self._taken[place].append(one)
                    return True
                waiting += [(other, way) for other in self._taken[at]]
        return False

    def _fill(self, at: int, chance: Chance) -> None:
        count = self._places[at][1].count
        for card in chance.shuffled(self._fitting[at]):
            if len(self._taken[at]) >= count:
                break
            if card.note_id not in self._used:
                self._take(at, card)
        while len(self._taken[at]) < count:
            if not self._borrow(at, {at}):
                missing = count - len(self._taken[at])
                raise ExamError("exam.shortage", number=at + 1, missing=missing)

    def _take(self, at: int, card: PoolCard) -> None:
        self._taken[at].append(card)
        self._used.add(card.note_id)

    def _borrow(self, at: int, asked: set[int]) -> bool:
        """One card more for cell `at`: a free one, or one of a cell that finds another instead.

        Siblings stand for each other, but a card that the plan fixes moves as it is.
        """
        for card in self._fitting[at]:
            if card.note_id not in self._used:
                self._take(at, card)
                return True
        for other in range(len(self._places)):
            if other in asked:
                continue
            found = self._exchange(at, other)
            if found is None:
                continue
            asked.add(other)
            if self._borrow(other, asked):
                held, wanted = found
                self._taken[other].remove(held)
                self._taken[at].append(wanted)
                return True
        return False

    def _exchange(self, at: int, other: int) -> tuple[PoolCard, PoolCard] | None:
        """A card that cell `other` holds, and what cell `at` would make of it."""
        by_note = {card.note_id: card for card in reversed(self._fitting[at])}
        cell = self._places[at][1]
        for held in self._taken[other]:
            if fits(held, cell):
                return held, held
            if held.card_id not in self._fixed and held.note_id in by_note:
                return held, by_note[held.note_id]
        return None


def _letters(place: int) -> str:
    """A, B … Z, AA, AB …"""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
