"""In which order waiting cards are asked. Values in, values out: the caller keeps the queue, so
taking an answer back is going back to the queue before it.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple


class Waiting(NamedTuple):
    """A card that waits. Cards of one note are siblings and are kept apart."""

    card_id: str
    note_id: str
    due: int = 0  # milliseconds UTC; 0 for a card never met


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a day may bring. `minutes_a_day` None: as long as there is something to do."""

    new_a_day: int = 20
    minutes_a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """The cards of one sitting that wait. `due_total` and `new_total` fix how densely new cards
    stand among the due ones: they count what the sitting began with. `behind` due cards wait in
    the file until the first ones are done."""

    due: tuple[Waiting, ...] = ()  # in review and due, most forgotten first
    new: tuple[Waiting, ...] = ()  # never met, no two of one note
    learning: tuple[Waiting, ...] = ()  # on a step of minutes, by due
    due_total: int = 0
    new_total: int = 0
    behind: int = 0
    last_note: str = ""
    soon: tuple[Waiting, ...] = ()  # wanted before all others, met or not

    def pick(self, now: int, *, only_learning: bool = False) -> Waiting | None:
        """The card to ask at `now` (milliseconds UTC), or None.

        Learning cards come when they are due, then new cards evenly among due ones. A card whose
        sibling was asked just now steps back as long as anything else can be asked.
        """
        ready = [card for card in self.learning if card.due <= now]
        others: tuple[tuple[Waiting, ...], ...] = ()
        if not only_learning:
            later = (self.new, self.due) if self._new_turn() else (self.due, self.new)
            others = (self.soon, *later)
        for line in (ready, *others):
            for card in line:
                if card.note_id != self.last_note:
                    return card
        return next((card for line in (ready, *others) for card in line), None)

    def _new_turn(self) -> bool:
        """Whether a larger share of the new cards than of the due ones is still to come."""
        if not self.new or not self.due:
            return bool(self.new)
        return len(self.new) * self.due_total > (len(self.due) + self.behind) * self.new_total

    def wakes_at(self) -> int | None:
        """When the first learning card is due, in milliseconds UTC."""
        return self.learning[0].due if self.learning else None

    def without(self, card_id: str, *, asked: bool = True) -> "Queue":
        """The queue once `card_id` has gone; `asked` says its siblings should now step back."""
        lines = (self.due, self.soon, self.new, self.learning)
        found = next((card for line in lines for card in line if card.card_id == card_id), None)
        if found is None:
            return self
        due, soon, new, learning = (_less(line, found) for line in lines)
        note = found.note_id if asked else self.last_note
        return replace(self, due=due, soon=soon, new=new, learning=learning, last_note=note)

    def with_learning(self, card: Waiting) -> "Queue":
        """The queue with a card that waits for its next step."""
        learning = sorted((*self.learning, card), key=lambda waiting: (waiting.due, waiting))
        return replace(self, learning=tuple(learning))

    def with_more(self, due: Iterable[Waiting]) -> "Queue":
        """The queue with the next cards from the file."""
        lines = (self.due, self.soon, self.learning)
        known = {card.card_id for line in lines for card in line}
        more = tuple(card for card in due if card.card_id not in known)
        return replace(self, due=self.due + more, behind=max(0, self.behind - len(more)))


def _less(line: tuple[Waiting, ...], gone: Waiting) -> tuple[Waiting, ...]:
    if gone not in line:
        return line
    at = line.index(gone)
    return line[:at] + line[at + 1 :]


def one_a_note(cards: Iterable[Waiting], touched: Container[str], room: int) -> list[Waiting]:
    """Up to `room` new cards, in order, no two of one note and none of a note in `touched`
    (the notes asked today): siblings are first met on different days."""
    chosen: list[Waiting] = []
    notes: set[str] = set()
    for card in cards:
        if len(chosen) >= room:
            break
        if card.note_id not in touched and card.note_id not in notes:
            notes.add(card.note_id)
            chosen.append(card)
    return chosen
