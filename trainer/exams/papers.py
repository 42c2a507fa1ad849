"""A card becomes a question on paper: what the candidate may see on one side, what counts as its
answer on the other.

Options, steps and right-hand entries are put into a paper order drawn for the sitting, the same in
every language, so that an index in a response says nothing about the deck.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import msgspec

from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Language,
    Matching,
    Number,
    Ordering,
    Parametric,
    TrueFalse,
    Typed,
    Value,
    kind_of,
)
from trainer.cards.showing import show
from trainer.decks.model import Scenario
from trainer.exams.blueprint import Blueprint
from trainer.exams.keys import ExamError
from trainer.exams.marking import KeyedCard, KeyedCase, KeyedItem
from trainer.exams.model import Item, PaperItem, PaperOption, PaperStep
from trainer.foundation.chance import Chance

GAP = "{{gap}}"


class Study(Value, frozen=True):
    """A case study in one language: a text that stays visible above its questions."""

    study_id: str  # that of the rule it is
    language: Language
    stem: str  # Markdown
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Both sides of one question. Only `item` goes into a package."""

    item: Item
    keyed: KeyedItem
    screen: tuple[int, ...]  # places of the paper order that stay last


def card_question(
    item_id: str, cards: Mapping[Language, Card], points: str, plan: Blueprint, seed: str
) -> Question:
    """A question from a card in all languages of the plan.

    Raises ExamError exam.card-differs when the languages do not ask the same, and
    exam.card-kind for a kind that no machine can mark.
    """
    chance = Chance(f"{seed}/paper/{item_id}")
    number = int.from_bytes(item_id.encode()[:6].ljust(6, b"\0"), "big")
    first, *others = cards.values()
    if not same_question(list(cards.values())):
        raise ExamError("exam.card-differs", card=first.card_id)
    count = _size(first)
    order = tuple(chance.shuffled(range(count))) if count else ()
    if isinstance(first.body, Choice):
        order = _last_ones_last(order, first.body)
        if not plan.shuffle_options:
            order = tuple(range(count))
    several = isinstance(first.body, Choice) and first.body.several
    scoring = plan.scoring if several else None
    papers = tuple(_paper(card, number, order) for card in cards.values())
    item = Item(item_id, kind_of(first.body), points, papers, scoring)
    keyed = KeyedCard(first, number, order, scoring, plan.ordering, tuple(others))
    last = tuple(place for place, option in enumerate(papers[0].options) if option.last)
    return Question(item, KeyedItem(item_id, points, keyed), last)


def case_question(
    item_id: str, cases: Mapping[Language, Scenario], points: str, seed: str
) -> Question:
    """A question from a branching case: its steps without reasons, marks or costs.

    Raises ExamError exam.card-differs when the languages do not have the same steps.
    """
    first, *rest = cases.values()
    others = tuple(rest)
    if not same_case(list(cases.values())):
        raise ExamError("exam.card-differs", card=first.scenario_id)
    chance = Chance(f"{seed}/paper/{item_id}")
    orders = {
        step.step_id: tuple(chance.shuffled(range(len(step.choices)))) for step in first.steps
    }
    # Names of steps would tell ("closed", "fined"): the paper numbers them.
    names = {step.step_id: f"s{place}" for place, step in enumerate(first.steps)}
    papers = []
    for language, case in cases.items():
        steps = []
        for step in case.steps:
            choices = tuple(
                (step.choices[at].text, names.get(step.choices[at].target, ""))
                for at in orders[step.step_id]
            )
            steps.append(PaperStep(names[step.step_id], step.title, step.text, choices))
        stem = f"**{case.title}**\n\n{case.text}".strip()
        papers.append(PaperItem(language, stem, steps=tuple(steps)))
    item = Item(item_id, "case", points, tuple(papers))
    return Question(item, KeyedItem(item_id, points, KeyedCase(first, orders, others)), ())


def screen_order(question: Question, plan: Blueprint, chance: Chance) -> tuple[int, ...]:
    """The order of one form: a shuffle of the paper order, with last options last; empty for
    kinds without one."""
    paper = question.item.papers[0]
    count = len(paper.rights or paper.options)
    if not count:
        return ()
    if question.item.kind.endswith(("choice", "response")) and not plan.shuffle_options:
        return tuple(range(count))
    moving = [place for place in range(count) if place not in question.screen]
    return (*chance.shuffled(moving), *question.screen)


def same_question(cards: Sequence[Card]) -> bool:
    """Whether the languages of a card ask the same: kind, number and place of what is right,
    numbers and formulas. Words may differ."""
    return len({_shape(card) for card in cards}) == 1


def same_study(studies: Sequence[Study]) -> bool:
    """Whether the languages of a case study ask the same questions."""
    names = {tuple(card.card_id for card in study.cards) for study in studies}
    if len(names) != 1:
        return False
    return all(same_question(cards) for cards in zip(*(s.cards for s in studies), strict=True))


def same_case(cases: Sequence[Scenario]) -> bool:
    """Whether the languages of a case have the same steps and decisions."""
    shapes = {
        tuple(
            (step.step_id, tuple((choice.target, choice.right) for choice in step.choices))
            for step in case.steps
        )
        for case in cases
    }
    return len(shapes) == 1


def change_texts(paper: PaperItem, change: Callable[[str], str]) -> PaperItem:
    """`paper` with `change` done to every Markdown text in it."""
    return msgspec.structs.replace(
        paper,
        stem=change(paper.stem),
        cloze=change(paper.cloze),
        options=tuple(PaperOption(change(one.text), one.last) for one in paper.options),
        lefts=tuple(map(change, paper.lefts)),
        rights=tuple(map(change, paper.rights)),
        steps=tuple(
            PaperStep(
                step.step_id,
                step.title,
                change(step.text),
                tuple((change(text), target) for text, target in step.choices),
            )
            for step in paper.steps
        ),
    )


def _paper(card: Card, seed: int, order: tuple[int, ...]) -> PaperItem:
    showing = show(card, seed)
    match card.body:
        case Choice(options=options):
            shown = tuple(PaperOption(options[at].text, options[at].last) for at in order)
            return PaperItem(card.language, showing.question, options=shown)
        case Ordering(steps=steps):
            shown = tuple(PaperOption(steps[at]) for at in order)
            return PaperItem(card.language, showing.question, options=shown)
        case Matching(left=left, right=right, pairs=pairs):
            return PaperItem(
                card.language,
                showing.question,
                lefts=tuple(entry for entry, _ in pairs),
                rights=tuple(pairs[at][1] for at in order),
                left_title=left,
                right_title=right,
            )
        case Cloze(text=text, parts=parts, hidden=hidden):
            part = next(part for part in parts if part.key == hidden)
            cloze = f"{text[: part.start]}{GAP}{text[part.end :]}"
            return PaperItem(card.language, showing.question, cloze=cloze)
        case Number(unit=unit) | Parametric(unit=unit):
            return PaperItem(card.language, showing.question, unit=unit)
        case TrueFalse() | Typed():
            return PaperItem(card.language, showing.question)
        case _:
            raise ExamError("exam.card-kind", card=card.card_id)


def _shape(card: Card) -> tuple[object, ...]:
    match card.body:
        case Choice(options=options):
            return ("choice", *((option.right, option.last) for option in options))
        case Ordering(steps=steps):
            return ("ordering", len(steps))
        case Matching(pairs=pairs):
            rights = [right for _, right in pairs]
            return ("matching", *(rights.index(right) for right in rights))
        case Number(value=value, tolerance=tolerance):
            return ("number", Fraction(value), Fraction(tolerance))
        case TrueFalse(truth=truth):
            return ("true-false", truth)
        case Parametric() as body:
            formulas = (body.answer, body.conditions, body.decimals, body.tolerance)
            return ("parametric", body.parameters, *formulas)
        case body:
            return (kind_of(body),)


def _size(card: Card) -> int:
    match card.body:
        case Choice(options=options):
            return len(options)
        case Ordering(steps=steps):
            return len(steps)
        case Matching(pairs=pairs):
            return len(pairs)
        case _:
            return 0


def _last_ones_last(order: tuple[int, ...], body: Choice) -> tuple[int, ...]:
    last = [at for at in order if body.options[at].last]
    return (*(at for at in order if not body.options[at].last), *sorted(last))
