"""Whether a card's answer has changed, and which card is which after an edit without ids."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import assert_never

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Matching,
    Number,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.decks.card_texts import card_text
from trainer.decks.identity import PROVISIONAL, normalised

# Below this likeness two texts are two questions.
_ALIKE = 0.6
# Comparing everything with everything would take minutes where a whole deck was replaced.
_MOST_PAIRS = 20_000


def question_digest(card: Card) -> str:
    return _digest(card.question, *_shown(card))


def answer_digest(card: Card) -> str:
    """The same for the same answer, however it is emphasised, spaced or capitalised."""
    return _digest(type(card.body).__name__, *_answer(card))


def _shown(card: Card) -> Iterable[str]:
    match card.body:
        case Term(shown=shown):
            return (shown,)
        case Cloze(text=text):
            return (text,)
        case Choice(options=options):
            return (option.text for option in options)
        case _:
            return ()


def _answer(card: Card) -> Iterable[str]:
    match card.body:
        case Recall(answer=answer):
            return (answer,)
        case Term(hidden=hidden):
            return (hidden,)
        case Cloze() as body:
            part = next(part for part in body.parts if part.key == body.hidden)
            return (body.text[part.start : part.end],)
        case Choice(options=options):
            return sorted(option.text for option in options if option.right)
        case TrueFalse(truth=truth):
            return (str(truth),)
        case Number() as body:
            return (body.value, body.unit, body.tolerance)
        case Typed(accepted=accepted):
            return sorted(accepted)
        case Ordering(steps=steps):
            return steps
        case Matching(pairs=pairs):
            return sorted(f"{left}\n{right}" for left, right in pairs)
        case Parametric() as body:
            drawn = (
                f"{one.name} {one.low} {one.high} {one.step} {one.choices}"
                for one in body.parameters
            )
            rounding = "" if body.decimals is None else str(body.decimals)
            return (body.answer, *body.conditions, rounding, body.unit, body.tolerance, *drawn)
        case _:
            assert_never(card.body)


def _digest(*texts: str) -> str:
    bare = _bare("\0".join(texts))
    return blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _bare(text: str) -> str:
    """`text` without emphasis, blanks, case and width; a sign such as < stays, it has a meaning."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return "".join(text.casefold().split()).replace("*", "").replace("`", "")


def has_no_id(note_id: str) -> bool:
    """Is the card named after its text because its file gives it no name?"""
    return f"#{PROVISIONAL}" in note_id


def followed(gone: Sequence[Card], come: Sequence[Card]) -> Mapping[str, str]:
    """Which card is which after an edit: old card id to new card id.

    `gone` are cards that had no id and are no longer there, `come` cards that were not there
    before. First the same text, then the nearest text in the same rule, then the nearest in the
    deck.
    """
    old, new = _notes(gone), _notes(come)
    new_ids = {card.card_id for card in come}
    names: dict[str, str] = {}
    for note_id, successor in _pairs(old, new).items():
        for card in old[note_id]:
            card_id = successor + card.card_id.removeprefix(note_id)
            if card_id in new_ids:
                names[card.card_id] = card_id
    return names


def _notes(cards: Iterable[Card]) -> dict[str, list[Card]]:
    notes: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        notes[card.note_id].append(card)
    return notes


def _pairs(gone: Mapping[str, list[Card]], come: Mapping[str, list[Card]]) -> dict[str, str]:
    """Old note to new note, each at most once."""
    from difflib import SequenceMatcher  # only where cards without ids were edited

    texts = {
        name: normalised(card_text(cards[0])) for name, cards in (*gone.items(), *come.items())
    }
    rules = {name: cards[0].rule_id for name, cards in (*gone.items(), *come.items())}
    by_text: dict[str, list[str]] = defaultdict(list)
    for name in come:
        by_text[texts[name]].append(name)
    pairs: dict[str, str] = {}
    for name in gone:
        if same := by_text.get(texts[name]):
            pairs[name] = same.pop(0)
    left = [name for name in gone if name not in pairs]
    free = [name for name in come if name not in pairs.values()]
    everywhere = len(left) * len(free) <= _MOST_PAIRS
    likeness = []
    for name in left:
        matcher = SequenceMatcher(b=texts[name], autojunk=False)
        for other in free:
            same_rule = rules[name] == rules[other]
            if not same_rule and not everywhere:
                continue
            matcher.set_seq1(texts[other])
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
                likeness.append((not same_rule, -matcher.ratio(), name, other))
    for _, ratio, name, other in sorted(likeness):
        if -ratio >= _ALIKE and name not in pairs and other not in pairs.values():
            pairs[name] = other
    return pairs
