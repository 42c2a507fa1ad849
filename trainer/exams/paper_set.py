"""All papers of a sitting: forms drawn, questions made, options put in order, pictures named.

Everything follows from plan, pool and seed, so that any paper can be made again years later.
"""

import posixpath
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import msgspec

from trainer.cards.model import Card, Language, Value
from trainer.decks.images import image_path, images_in
from trainer.decks.model import Scenario
from trainer.exams.assembly import Drawn, Form, draw_forms
from trainer.exams.blueprint import Blueprint, PoolCard
from trainer.exams.keys import ExamError
from trainer.exams.model import Item, Section
from trainer.exams.papers import (
    Question,
    Study,
    card_question,
    case_question,
    change_texts,
    same_study,
    screen_order,
)
from trainer.foundation.chance import Chance

Asked = Mapping[Language, Card] | Mapping[Language, Scenario] | Mapping[Language, Study]
Find = Callable[[str], Asked]  # what the pool calls by this id, in every language it has

_TYPES = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg"}


class Placed(Value, frozen=True):
    """A question in a form: its section and the order on the screen."""

    item_id: str
    section_id: str
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a question: the name it has in the package, and the deck it comes from with the
    path below that deck's content folder."""

    name: str
    deck_id: str
    path: str


@dataclass(frozen=True, slots=True)
class PaperSet:
    """`questions` by item id, in the order they were met; `forms` by name."""

    questions: Mapping[str, Question]
    forms: Mapping[str, tuple[Placed, ...]]
    pictures: tuple[Picture, ...] = ()
    studies: tuple[Study, ...] = ()  # that were drawn, in every language of the plan

    def form_items(self, name: str) -> list[Item]:
        return [self.questions[placed.item_id].item for placed in self.forms[name]]

    def written(self, name: str) -> bytes:
        """A whole form as bytes: what has to come out again when it is made from its seed."""
        return msgspec.json.encode((self.forms[name], self.form_items(name)))


def sections_of(plan: Blueprint) -> tuple[Section, ...]:
    return tuple(
        Section(f"s{place}", section.title, section.navigation, 60 * section.minutes)
        for place, section in enumerate(plan.sections, start=1)
    )


def make_papers(
    plan: Blueprint,
    pool: Collection[PoolCard],
    find: Find,
    names: Collection[str],
    seed: str,
) -> PaperSet:
    """The papers for the forms called `names`.

    Raises ExamError: exam.shortage, exam.always-unfit, exam.card-differs, exam.card-kind,
    exam.picture-kind, exam.picture-place.
    """
    forms = draw_forms(plan, pool, names, seed)
    made: dict[tuple[str, str], list[Question]] = {}  # by card id and points
    pictures: list[Picture] = []
    studies: dict[str, Study] = {}
    for drawn in (one for form in forms.values() for one in form.drawn):
        if (drawn.card_id, drawn.points) not in made:
            asked = find(drawn.card_id)
            texts = [asked[language] for language in plan.languages]
            named = [_with_pictures(one, drawn.card_id) for one in _asked(drawn, texts, plan, seed)]
            made[drawn.card_id, drawn.points] = [question for question, _ in named]
            for _, found in named:
                pictures += found
            for text in texts:
                if isinstance(text, Study):
                    studies[f"{text.study_id} {text.language}"] = text
    questions = {one.item.item_id: one for several in made.values() for one in several}
    placed = {name: _placed(form, made, plan, seed) for name, form in forms.items()}
    return PaperSet(questions, placed, tuple(pictures), tuple(studies.values()))


def item_name(seed: str, card_id: str, points: str) -> str:
    """16 hexadecimal digits that say nothing about the card to who does not know the seed."""
    text = f"{seed}\n{card_id}\n{points}"
    return blake2b(text.encode("utf-8"), digest_size=8, person=b"exam item").hexdigest()


def _asked(
    drawn: Drawn, texts: Sequence[Card | Scenario | Study], plan: Blueprint, seed: str
) -> list[Question]:
    """The questions that come of what was drawn: one, or all of a case study."""
    cards: dict[Language, Card] = {}
    cases: dict[Language, Scenario] = {}
    studies: dict[Language, Study] = {}
    for text in texts:
        match text:
            case Card():
                cards[text.language] = text
            case Scenario():
                cases[text.language] = text
            case Study():
                studies[text.language] = text
    item_id = item_name(seed, drawn.card_id, drawn.points)
    if cases:
        return [case_question(item_id, cases, drawn.points, seed)]
    if not studies:
        return [card_question(item_id, cards, drawn.points, plan, seed)]
    if not same_study(list(studies.values())):
        raise ExamError("exam.card-differs", card=drawn.card_id)
    stem = tuple((language, study.stem) for language, study in studies.items())
    questions = []
    for place, card in enumerate(next(iter(studies.values())).cards):
        own_id = item_name(seed, f"{drawn.card_id}/{card.card_id}", drawn.points)
        same = {language: study.cards[place] for language, study in studies.items()}
        question = card_question(own_id, same, drawn.points, plan, seed)
        item = msgspec.structs.replace(question.item, stem_id=item_id, stem=stem)
        questions.append(replace(question, item=item))
    return questions


def _placed(
    form: Form,
    made: Mapping[tuple[str, str], Sequence[Question]],
    plan: Blueprint,
    seed: str,
) -> tuple[Placed, ...]:
    placed = []
    for drawn in form.drawn:
        for question in made[drawn.card_id, drawn.points]:
            item_id = question.item.item_id
            chance = Chance(f"{seed}/screen/{form.form_id}/{item_id}")
            order = screen_order(question, plan, chance)
            placed.append(Placed(item_id, f"s{drawn.section + 1}", order))
    return tuple(placed)


def _with_pictures(question: Question, card_id: str) -> tuple[Question, Sequence[Picture]]:
    """The question with its pictures under the names they have in the package."""
    deck_id = card_id.partition("#")[0]
    folder = deck_id.rpartition("/")[0]
    names: dict[str, str] = {}  # path below the content folder -> name

    def named(text: str) -> str:
        for start, target in reversed(images_in(text)):
            path, trouble = image_path(target, folder)
            if trouble:
                raise ExamError("exam.picture-place", card=card_id, picture=target[:80])
            kind = _TYPES.get(posixpath.splitext(path)[1].lower())
            if kind is None:
                raise ExamError("exam.picture-kind", picture=path)
            name = names.setdefault(path, f"{question.item.item_id}.{len(names) + 1}.{kind}")
            text = f"{text[:start]}{name}{text[start + len(target) :]}"
        return text

    stem = tuple((language, named(text)) for language, text in question.item.stem)
    papers = []
    for paper in question.item.papers:
        changed = change_texts(paper, named)
        papers.append(msgspec.structs.replace(changed, media=tuple(names.values())))
    if not names:
        return question, ()
    item = msgspec.structs.replace(question.item, papers=tuple(papers), stem=stem)
    pictures = [Picture(name, deck_id, path) for path, name in names.items()]
    return replace(question, item=item), pictures
