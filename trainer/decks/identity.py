"""Who a card is from version to version of its deck, and whether its answer has changed."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from hashlib import blake2b
from typing import assert_never

from trainer.cards.family_facts import family_facts
from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Day,
    Family,
    Matching,
    Number,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.cards.numbers import same_unit
from trainer.decks.card_texts import card_text
from trainer.decks.likeness import likeness
from trainer.decks.numbers_in_text import differing_numbers
from trainer.decks.telling_words import telling_words

PROVISIONAL = "~"  # begins the id of a card that has none in its file; no written id can

_NOT_WORDS = re.compile(r"[\W_]+")
_THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_EMPHASIS = re.compile(r"\*+|`+|(?<!\w)_+|_+(?!\w)|~~")
_BEFORE_SIGN = re.compile(r"(?<=[0-9]) +(?=[%‰°])")

# Two texts less alike than this are two answers; two questions, two cards.
_SAME_ANSWER = 0.5
_SAME_QUESTION = 0.5
# Comparing everything with everything takes long where a whole deck was replaced.
_MOST_PAIRS = 40_000
_MOST_PARTS = 40  # of an answer that are paired with each other


class Change(StrEnum):
    """What an edit did to an answer."""

    SAME = "same"
    WORDING = "wording"  # says the same in other words: the schedule is left alone
    ANSWER = "answer"  # who learned the old one has to be told


# Ids of cards without one


def normalised(text: str) -> str:
    """`text` without what retyping changes: case, width, blanks, marks and emphasis."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def provisional_name(question: str) -> str:
    """The id of a card that has none yet: the same on every PC for the same question."""
    digest = blake2b(normalised(question).encode("utf-8"), digest_size=6).hexdigest()
    return PROVISIONAL + digest


def is_provisional(block_id: str) -> bool:
    """Whether a note, card or rule is named after its text because its file gives it no id."""
    return f"#{PROVISIONAL}" in block_id


# What counts as the answer


def question_digest(card: Card) -> str:
    """32 hexadecimal digits that change when the question or what it shows to choose from does."""
    return _digest("\n".join((card.question, *_shown(card))))


def answer_digest(card: Card) -> str:
    """32 hexadecimal digits that change when `answer_key` does."""
    return _digest(answer_key(card))


def answer_key(card: Card) -> str:
    """What counts as the answer, in a canonical form: the kind, then a line for each part.

    Emphasis, case, width, blanks and the way a number is written make no difference.
    """
    body = card.body
    match body:
        case Recall(answer=answer):
            parts: Iterable[str] = (answer,)
        case Term(hidden=hidden):
            parts = (hidden,)
        case Cloze(text=text):
            part = next(part for part in body.parts if part.key == body.hidden)
            parts = (text[part.start : part.end],)
        case Choice(options=options):
            # Wrong options are kept so that a right one that was swapped is recognised.
            right = sorted(f"+ {_canonical(option.text)}" for option in options if option.right)
            wrong = sorted(f"- {_canonical(option.text)}" for option in options if not option.right)
            return "\n".join(("choice", *right, *wrong))
        case TrueFalse(truth=truth):
            parts = ("true" if truth else "false",)
        case Number():
            parts = (_plain_number(body.value), body.unit, f"± {_plain_number(body.tolerance)}")
        case Typed(accepted=accepted):
            parts = accepted
        case Ordering(steps=steps):
            parts = steps
        case Matching(pairs=pairs):
            parts = sorted(f"{left} | {right}" for left, right in pairs)
        case Parametric():
            parts = _parametric_parts(body)
        case Day(value=value):
            parts = (value,)
        case Family():
            parts = family_facts(body).split("\n")
        case _:
            assert_never(body)
    kind = str(body.__struct_config__.tag)
    return "\n".join((kind, *(_canonical(part) for part in parts)))


def _shown(card: Card) -> Iterable[str]:
    match card.body:
        case Term(shown=shown):
            return (shown,)
        case Cloze(text=text, hidden=hidden):
            return (text, hidden)
        case Choice(options=options):
            return (option.text for option in options)
        case Matching(pairs=pairs):
            return (side for pair in pairs for side in pair)
        case _:
            return ()


def _parametric_parts(body: Parametric) -> Iterable[str]:
    yield body.answer
    yield body.unit
    yield "" if body.decimals is None else str(body.decimals)
    for condition in sorted(body.conditions):
        yield f"where {condition}"
    for one in sorted(body.parameters, key=lambda parameter: parameter.name):
        yield f"{one.name} {one.low} {one.high} {one.step} {' '.join(one.choices)}"


def _canonical(text: str) -> str:
    """`text` as it counts. Each step is looked for first: most texts need none."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = " ".join(text.casefold().split())
    if "*" in text or "`" in text or "_" in text or "~" in text:
        text = _EMPHASIS.sub("", text)
    if "," in text:
        text = _THOUSANDS.sub(lambda number: number[0].replace(",", ""), text)
    if "%" in text or "‰" in text or "°" in text:
        text = _BEFORE_SIGN.sub("", text)
    return text.strip()


def _plain_number(written: str) -> str:
    return written if written.isdecimal() and written[0] != "0" else str(Fraction(written))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# Whether an answer has changed


def judge_change(old_key: str, new_key: str) -> Change:
    """What an edit did to an answer, by the `answer_key` before and after.

    A typo or a rewording is WORDING. Another number or unit, another truth, a right option
    swapped, another order, a spelling that is accepted no more: ANSWER.
    """
    if old_key == new_key:
        return Change.SAME
    old_kind, *old = old_key.split("\n")
    new_kind, *new = new_key.split("\n")
    if old_kind != new_kind:
        return Change.ANSWER
    judge = _JUDGES.get(old_kind)
    same = judge(old, new) if judge else says_the_same("\n".join(old), "\n".join(new))
    return Change.WORDING if same else Change.ANSWER


def says_the_same(old: str, new: str) -> bool:
    """Whether two answers in running text say the same: the same numbers, the same telling words
    (not, before, closed …), and otherwise much alike."""
    old, new = _canonical(old), _canonical(new)
    if normalised(old) == normalised(new):
        return True
    if any(differing_numbers(old, new)):
        return False
    if telling_words(old) != telling_words(new):
        return False
    return likeness(normalised(old), normalised(new)) >= _SAME_ANSWER


def _same_truth(_old: Sequence[str], _new: Sequence[str]) -> bool:
    return False  # the keys differ, so the truths do


def _same_number(old: Sequence[str], new: Sequence[str]) -> bool:
    """A tolerance may be widened: the answer stays."""
    units = old[1], new[1]
    return old[0] == new[0] and (not all(units) or same_unit(*units))


def _same_choice(old: Sequence[str], new: Sequence[str]) -> bool:
    old_right, old_wrong = _options(old)
    new_right, new_wrong = _options(new)
    if old_right & new_wrong or old_wrong & new_right:
        return False
    return _pair_up(sorted(old_right - new_right), sorted(new_right - old_right))


def _options(lines: Sequence[str]) -> tuple[set[str], set[str]]:
    right = {line[2:] for line in lines if line[:1] == "+"}
    return right, {line[2:] for line in lines if line[:1] == "-"}


def _same_accepted(old: Sequence[str], new: Sequence[str]) -> bool:
    """One more spelling that counts changes nothing for those who know another."""
    gone = sorted(set(old) - set(new))
    return not gone or _pair_up(gone, sorted(set(new) - set(old)))


def _same_steps(old: Sequence[str], new: Sequence[str]) -> bool:
    if len(old) != len(new) or (sorted(old) == sorted(new)):
        return False
    return all(a == b or says_the_same(a, b) for a, b in zip(old, new, strict=True))


def _same_pairs(old: Sequence[str], new: Sequence[str]) -> bool:
    before = dict(_sides(line) for line in old)
    after = dict(_sides(line) for line in new)
    if len(before) != len(after):
        return False
    rights = set(before.values())
    for left, right in after.items():
        was = before.get(left, right)
        if was != right and (right in rights or not says_the_same(was, right)):
            return False
    gone = [f"{left} {before[left]}" for left in before if left not in after]
    return _pair_up(gone, [f"{left} {after[left]}" for left in after if left not in before])


def _sides(pair: str) -> tuple[str, str]:
    left, _, right = pair.partition(" | ")
    return left, right


def _same_formula(old: Sequence[str], new: Sequence[str]) -> bool:
    """Other ranges or rounding ask the same; another formula or unit does not."""
    return [part.replace(" ", "") for part in old[:2]] == [
        part.replace(" ", "") for part in new[:2]
    ]


def _pair_up(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the texts can be paired so that each pair says the same."""
    if len(old) != len(new) or len(old) > _MOST_PARTS:
        return False
    free = list(new)
    for text in old:
        match = next((other for other in free if says_the_same(text, other)), None)
        if match is None:
            return False
        free.remove(match)
    return True


_JUDGES: Mapping[str, Callable[[Sequence[str], Sequence[str]], bool]] = {
    "true-false": _same_truth,
    "number": _same_number,
    "choice": _same_choice,
    "typed": _same_accepted,
    "ordering": _same_steps,
    "matching": _same_pairs,
    "parametric": _same_formula,
}


# Following cards without ids from version to version


def follow(old: Sequence[Card], new: Sequence[Card]) -> dict[str, str]:
    """Which card is which after an edit: new card id to old card id, where they differ.

    Followed are cards without an id in their file, before or after the edit: first the same text,
    then the nearest in the same rule, then the nearest in the deck. A card that had an id and
    lost it is followed only by its whole text.
    """
    before = {card.note_id for card in old}
    after = {card.note_id for card in new}
    gone = _by_note(card for card in old if card.note_id not in after)
    come = _by_note(card for card in new if card.note_id not in before)
    pairs = _pair_same_text(gone, come)
    left = [name for name in gone if name not in pairs.values() and is_provisional(name)]
    free = [name for name in come if name not in pairs]
    if left and free:
        pairs.update(_pair_alike(left, free, gone, come))
    followed: dict[str, str] = {}
    for new_note, old_note in pairs.items():
        parts = {card.card_id.removeprefix(old_note) for card in gone[old_note]}
        for card in come[new_note]:
            part = card.card_id.removeprefix(new_note)
            if part in parts:
                followed[card.card_id] = old_note + part
    return followed


def _by_note(cards: Iterable[Card]) -> dict[str, list[Card]]:
    notes: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        notes[card.note_id].append(card)
    return notes


def _pair_same_text(
    gone: Mapping[str, Sequence[Card]], come: Mapping[str, Sequence[Card]]
) -> dict[str, str]:
    """New note to old note where they say the same and one of them has no id."""
    by_text: dict[str, list[str]] = defaultdict(list)
    for name, cards in gone.items():
        by_text[_note_text(cards[0])].append(name)
    pairs: dict[str, str] = {}
    for name, cards in come.items():
        waiting = by_text.get(_note_text(cards[0]), [])
        for place, other in enumerate(waiting):
            if is_provisional(name) or is_provisional(other):
                pairs[name] = waiting.pop(place)
                break
    return pairs


def _pair_alike(
    left: Sequence[str],
    free: Sequence[str],
    gone: Mapping[str, Sequence[Card]],
    come: Mapping[str, Sequence[Card]],
) -> dict[str, str]:
    texts = {name: _note_text(gone[name][0]) for name in left}
    new_texts = {name: _note_text(come[name][0]) for name in free}
    everywhere = len(left) * len(free) <= _MOST_PAIRS
    by_rule: dict[str, list[str]] = defaultdict(list)
    for name in free:
        by_rule[come[name][0].rule_id].append(name)
    found: list[tuple[bool, float, int, str, str]] = []
    budget = _MOST_PAIRS
    for place, name in enumerate(left):
        rule = gone[name][0].rule_id
        for other in free if everywhere else by_rule[rule]:
            budget -= 1
            if budget < 0:
                break
            alike = likeness(texts[name], new_texts[other])
            if alike >= _SAME_QUESTION:
                found.append((come[other][0].rule_id != rule, -alike, place, name, other))
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, _, name, other in sorted(found):
        if name not in taken and other not in pairs:
            pairs[other] = name
            taken.add(name)
    return pairs


def _note_text(card: Card) -> str:
    """The same for every card of a note."""
    match card.body:
        case Term(shown=shown, hidden=hidden, asks_for=asks_for):
            sides = (shown, hidden) if asks_for == "definition" else (hidden, shown)
            return normalised("\n".join((*sides, card.explanation)))
        case _:
            return normalised(card_text(card))
