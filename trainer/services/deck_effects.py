"""What saving a deck does to those who learn it: which cards are reworded, re-asked, gone, new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from trainer.cards.model import Card, Language
from trainer.decks.card_texts import card_text
from trainer.decks.identity import (
    Change,
    answer_digest,
    answer_key,
    follow,
    judge_change,
)
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.foundation.errors import TrainerError
from trainer.services.answers import answer_markdown
from trainer.services.authoring import read_deck, read_decks


class Effect(StrEnum):
    """In the order of their weight."""

    ANSWER = "answer"  # who learned the old one is told and asked again
    REMOVED = "removed"  # no longer asked; its history is kept
    BROKEN = "broken"  # has an error now: not asked until it is mended
    NEW = "new"
    REWORDED = "reworded"  # progress is kept, nobody is told


_WEIGHTS = {effect: weight for weight, effect in enumerate(Effect)}


@dataclass(frozen=True, slots=True)
class CardEffect:
    """What happens to one card. `old` and `new` are its answers as Markdown, "" where there is
    none."""

    effect: Effect
    card_id: str
    language: Language
    question: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """One entry a card, the gravest of its languages. `stamped`: blocks that get an id."""

    cards: tuple[CardEffect, ...]
    stamped: int = 0

    def of(self, effect: Effect) -> Sequence[CardEffect]:
        return [one for one in self.cards if one.effect is effect]

    @property
    def only_wording(self) -> bool:
        return all(one.effect is Effect.REWORDED for one in self.cards)


def effects_of(
    changes: Iterable[tuple[Deck | None, Deck]], stamped: Iterable[Mapping[str, str]] = ()
) -> Effects:
    """What the step from each first deck (None: there was none) to its second does.

    The pairs are the languages of one deck. `stamped` are `Stamped.given` of the files: an id
    that a card gets now is no new card.
    """
    given = {new: old for each in stamped for new, old in each.items()}
    gravest: dict[str, CardEffect] = {}
    for old, new in changes:
        for one in _effects_on(old, new, given):
            before = gravest.get(one.card_id)
            if before is None or _WEIGHTS[one.effect] < _WEIGHTS[before.effect]:
                gravest[one.card_id] = one
    in_order = sorted(gravest.values(), key=lambda one: _WEIGHTS[one.effect])
    return Effects(tuple(in_order), len(given))


def _effects_on(old: Deck | None, new: Deck, given: Mapping[str, str]) -> Iterable[CardEffect]:
    before = {card.card_id: card for card in old.cards} if old is not None else {}
    same = follow(old.cards, new.cards) if old is not None else {}
    met: set[str] = set()
    for card in new.cards:
        was_id = card.card_id
        if was_id not in before:
            was_id = same.get(was_id) or _unstamped(card, given)
        was = before.get(was_id)
        if was is None:
            yield _effect(Effect.NEW, card, new=answer_markdown(card))
            continue
        met.add(was.card_id)
        if (was.question, was.body, was.explanation) == (
            card.question,
            card.body,
            card.explanation,
        ):
            continue
        if answer_digest(was) != answer_digest(card):
            change = judge_change(answer_key(was), answer_key(card))
            if change is Change.ANSWER:
                answers = answer_markdown(was), answer_markdown(card)
                yield _effect(Effect.ANSWER, card, *answers)
                continue
        yield _effect(Effect.REWORDED, card)
    broken = set(new.left_out)
    for card_id, card in before.items():
        if card_id not in met:
            effect = Effect.BROKEN if card.note_id in broken else Effect.REMOVED
            yield _effect(effect, card, old=answer_markdown(card))


def _unstamped(card: Card, given: Mapping[str, str]) -> str:
    """The id `card` was known by before this save gave it one."""
    deck_id, _, name = card.note_id.partition("#")
    before = given.get(name)
    part = card.card_id.removeprefix(card.note_id)
    return f"{deck_id}#{before}{part}" if before else ""


def _effect(effect: Effect, card: Card, old: str = "", new: str = "") -> CardEffect:
    question = card.question or card_text(card).partition("\n")[0]
    return CardEffect(effect, card.card_id, card.language, question, old, new)


def effects_between(old: Path, new: Path) -> Effects:
    """What the step from one deck file, or folder of decks, to another does.

    Files stand for the same deck whatever they are called; in folders the same path does. Raises
    TrainerError: author.no-such-path, author.cannot-read.
    """
    if old.is_file() and new.is_file():
        before, _ = read_deck(old)
        address = before.address
        changed = parse_deck(_bytes(new), new, address.deck_id, address.language)[0]
        return effects_of([(before.deck, changed)])
    known = {one.address: one.deck for one in read_decks([old])}
    came = {one.address: one.deck for one in read_decks([new])}
    pairs: list[tuple[Deck | None, Deck]] = []
    for address in sorted(known.keys() | came.keys()):
        gone = known.get(address)
        # A deck that is no longer there has lost all its cards.
        now = came.get(address) or (_emptied(gone) if gone else None)
        if now is not None:
            pairs.append((gone, now))
    return effects_of(pairs)


def _emptied(deck: Deck) -> Deck:
    return msgspec.structs.replace(deck, cards=(), rules=(), scenarios=(), left_out=())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise TrainerError("author.cannot-read", path=str(path), reason=reason) from error
