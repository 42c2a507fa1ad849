"""Cards about two platforms that the learner mixes up: they come before they are due."""

from collections.abc import Container, Iterator
from contextlib import suppress

import msgspec

from trainer.cards.response import Chosen, from_text
from trainer.scheduling.confusion import Told, confused_pairs, tells_apart
from trainer.scheduling.queue import Waiting
from trainer.storage.waiting_cards import WaitingCards

MOST_A_DAY = 3  # so many cards come early; the rest of the day stays as it was planned

Comparisons = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""By card id: the platforms of its options in their order, and those that are right."""

_decoder = msgspec.json.Decoder(Comparisons)


def comparisons_as_kept(comparisons: Comparisons) -> str:
    """What the cache keeps of all cards that ask which platform."""
    return msgspec.json.encode(comparisons).decode("utf-8")


def mixed_up(cards: WaitingCards, now: int, touched: Container[str]) -> list[tuple[Waiting, bool]]:
    """Cards that tell apart what the learner mixes up, the worst pair first, and whether each has
    been met before. None of a note in `touched` (those asked today), and no two of one note."""
    kept = cards.comparisons()
    if not kept:
        return []
    known = _decoder.decode(kept)
    answers = cards.answers_to(list(known))
    if all(correct for _, _, correct in answers):
        return []
    told = [one for row in answers for one in _told(known, *row)]
    wanted: dict[str, None] = {}
    for pair in confused_pairs(told):
        wanted.update(
            (card_id, None) for card_id, card in known.items() if tells_apart(pair, *card)
        )
    found: list[tuple[Waiting, bool]] = []
    notes: set[str] = set()
    for card, met in cards.at_hand(list(wanted), now):
        if card.note_id not in touched and card.note_id not in notes:
            notes.add(card.note_id)
            found.append((card, met))
    return found[:MOST_A_DAY]


def _told(known: Comparisons, card_id: str, response: str, _correct: bool) -> Iterator[Told]:
    offered, right = known[card_id]
    with suppress(msgspec.MsgspecError):
        given = from_text(response)
        if isinstance(given, Chosen) and all(0 <= n < len(offered) for n in given.options):
            chosen = frozenset(offered[n] for n in given.options)
            yield Told(frozenset(offered), frozenset(right), chosen)
